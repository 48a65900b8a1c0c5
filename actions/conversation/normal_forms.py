"""The normal forms of entity values. Words are brought into them by the extractor; a button's payload can hold anything."""

from __future__ import annotations

import re
from datetime import date

from stdnum.cn import ric

_PATTERNS = {
    "bill_type": r"water|electricity|gas",
    "account_number": r"\d{6,13}",
    "plate_number": r"[\u4e00-\u9fa5][A-Z][A-Z0-9]{4,6}[A-Z0-9\u4e00-\u9fa5]?",
    "decision_number": r"\d{15,16}",
    "period": r"morning|afternoon|evening",
    "ordinal": r"-?[1-9]\d{0,2}",
    "phone": r"1\d{10}",
    "person_name": r"[\u4e00-\u9fa5]{2,10}(?:·[\u4e00-\u9fa5]{1,10})*",
    "hospital": r"[\u4e00-\u9fa5A-Za-z0-9（）()]{2,40}",
    "department": r"[\u4e00-\u9fa5A-Za-z0-9（）()]{2,20}",
    "city": r"[\u4e00-\u9fa5]{2,12}",
    "second_intent": r"[a-z_]{1,64}",
}


def fits(entity: str, value: str) -> bool:
    """Whether `value` is in the normal form of `entity`; entities without one fit never."""
    if entity == "date":
        return _is_date(value)
    if entity == "id_number":
        # The check digit alone: the library's table of regions and their years refuses people born before some were drawn.
        return re.fullmatch(r"\d{17}[\dX]", value) is not None and ric.calc_check_digit(value) == value[-1]
    if entity == "amount":
        return re.fullmatch(r"\d{1,9}\.\d{2}", value) is not None
    return entity in _PATTERNS and re.fullmatch(_PATTERNS[entity], value) is not None


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
