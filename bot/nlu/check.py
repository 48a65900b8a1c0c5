"""Finds mistakes in the gazetteers, before they are trained into a model.

What it says is for the staff who edit those files, so it says it in Chinese.
"""

from collections.abc import Iterable, Iterator, Mapping

from bot.nlu.gazetteer_files import PROJECT, Gazetteers
from bot.nlu.readers.gazetteer import Gazetteer

EXAMPLES = PROJECT / "data" / "nlu"


def ambiguous_aliases(phrases: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Say which aliases stand for two values of one entity, or both for something and for nothing (`not_these`)."""
    values: dict[tuple[str, str], str] = {}
    texts: dict[str, str] = {}
    for row in phrases:
        key = (row["entity"], row["text"])
        other = values.setdefault(key, row["value"])
        if other != row["value"]:
            yield f"词表：「{row['text']}」同时指「{other}」和「{row['value']}」，只能留一个。"
        if not row["entity"] and row["text"] in texts:
            yield f"词表：「{row['text']}」既在 not_these 里，又是「{texts[row['text']]}」的叫法。"
        if row["entity"]:
            texts.setdefault(row["text"], row["value"])


def lost_aliases(gazetteers: Gazetteers) -> Iterator[str]:
    """Say which aliases the finder does not find when they are all a resident says."""
    gazetteer = Gazetteer(gazetteers)
    for row in gazetteers["phrases"]:
        if not row["entity"]:
            continue
        found = {(one.entity, one.value) for one in gazetteer.find(row["text"])}
        if (row["entity"], row["value"]) not in found:
            yield f"词表：单独说「{row['text']}」时认不出「{row['value']}」，被别的词盖住了。"
