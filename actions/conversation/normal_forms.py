"""The normal forms of entity values. Words are brought into them by the extractor; a button's payload can hold anything."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from stdnum.cn import ric

from manifests import services

_COMMON = {
    "period": r"morning|afternoon|evening",
    "ordinal": r"-?[1-9]\d{0,2}|all",  # all: by a button
    "phone": r"1\d{10}",
    "person_name": r"[\u4e00-\u9fa5]{2,10}(?:·[\u4e00-\u9fa5]{1,10})*",
    "city": r"[\u4e00-\u9fa5]{2,12}|\d{6}",  # a code where two places share a name
    "second_intent": r"[a-z_]{1,64}",
}
"""Of the entities that no service owns; the others' stand in the manifests."""


def fits(entity: str, value: str) -> bool:
    """Whether `value` is in the normal form of `entity`; entities without one fit never."""
    if entity == "date":
        return _is_date(value)
    if entity == "id_number":
        return is_id_number(value)
    if entity == "amount":
        return re.fullmatch(r"\d{1,9}\.\d{2}", value) is not None
    form = _forms().get(entity)
    return form is not None and form.fullmatch(value) is not None


def is_id_number(value: str) -> bool:
    """Whether `value` has the form of a resident ID number (GB 11643) and its check digit.

    The check digit alone: the library's table of regions and their years refuses people born before some were drawn.
    """
    return re.fullmatch(r"\d{17}[\dX]", value) is not None and ric.calc_check_digit(value) == value[-1]


@lru_cache(maxsize=1)
def _forms() -> dict[str, re.Pattern[str]]:
    declared = {name: entity.form for name, entity in services().entities().items()}
    return {name: re.compile(form) for name, form in {**_COMMON, **declared}.items()}


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
