"""Remembers the features of examples from one training to the next, so that a new example costs what one example costs.

Kept as plain arrays in the folder that `bot.nlu.kept` names.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, vstack

from bot.nlu.kept import write
from bot.nlu.linear import Row, Rows

FILES = "example-features-*.npz"


def rows_of(texts: Sequence[str], make: Callable[[str], Row], key: str, folder: Path | None) -> Rows:
    """Give the features of texts, one row each.

    Args:
        texts: the examples.
        make: finds the features of one.
        key: stands for all that `make` depends on, besides the text; another key's features are forgotten.
        folder: where to remember; None: nowhere.
    """
    file = folder / FILES.replace("*", key) if folder else None
    known, rows = _read(file) if file else ([], Rows.of([]))
    places = {text: place for place, text in enumerate(known)}
    new = [text for text in dict.fromkeys(texts) if text not in places]
    places.update((text, place) for place, text in enumerate(new, len(known)))
    added = Rows.of([make(text) for text in new], rows.names)
    wide = csr_matrix((rows.matrix.data, rows.matrix.indices, rows.matrix.indptr), (len(known), len(added.names)))
    whole = vstack([wide, added.matrix], format="csr") if new else wide
    if file and (new or len(places) > len(set(texts))):
        for older in file.parent.glob(FILES):
            older.unlink(missing_ok=True)
        kept = list(dict.fromkeys(texts))
        _write(file, kept, Rows(added.names, whole[[places[text] for text in kept]]))
    return Rows(added.names, whole[[places[text] for text in texts]])


def _read(file: Path) -> tuple[list[str], Rows]:
    try:
        with np.load(file, allow_pickle=False) as kept:
            texts, names = json.loads(bytes(kept["texts"])), json.loads(bytes(kept["names"]))
            shape = (len(texts), len(names))
            return texts, Rows(names, csr_matrix((kept["data"], kept["indices"], kept["indptr"]), shape))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return [], Rows.of([])


def _write(file: Path, texts: list[str], rows: Rows) -> None:
    def put(partial: Path) -> None:
        np.savez(
            partial,
            texts=np.frombuffer(json.dumps(texts).encode(), np.uint8),
            names=np.frombuffer(json.dumps(rows.names).encode(), np.uint8),
            data=rows.matrix.data,
            indices=rows.matrix.indices,
            indptr=rows.matrix.indptr,
        )

    write(file, put)
