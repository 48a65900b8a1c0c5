"""Tells how much of a development set stands in the training data too, word for word or nearly so."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import CountVectorizer

from bot.nlu.normalise import normalise

NEAR = 0.5
"""Two texts are near copies where so large a part of their pairs of neighbouring characters is the same."""

_DROP = re.compile(r"[^0-9a-z\u4e00-\u9fff]")


def bare(text: str) -> str:
    """Return a text without blanks, punctuation, and differences of script, width and case."""
    return _DROP.sub("", normalise(text))


def copied(texts: Sequence[str], examples: Sequence[str]) -> list[bool]:
    """Tell for each text whether it stands among the examples, but for blanks, punctuation, script, width and case."""
    known = {bare(example) for example in examples}
    return [bare(text) in known for text in texts]


def nearest(texts: Sequence[str], others: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return for each text the similarity of the most similar of the others: pairs of characters in both over in any.

    Args:
        texts: at least one.
        others: at least one.
    """
    counter = CountVectorizer(analyzer=_pairs, binary=True, dtype=np.float64)
    counter.fit([*texts, *others])
    left, right = counter.transform(texts), counter.transform(others)
    sizes = np.asarray(right.sum(axis=1)).ravel()
    found = np.zeros(len(texts))
    for index in range(len(texts)):
        shared = np.asarray((left[index] @ right.T).todense()).ravel()
        found[index] = (shared / (left[index].sum() + sizes - shared)).max()
    return found


def _pairs(text: str) -> list[str]:
    marked = f"^{bare(text)}$"
    return [marked[place : place + 2] for place in range(len(marked) - 1)]
