"""The check of ID numbers."""

from __future__ import annotations

import re
from datetime import date

from stdnum import numdb
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from sandbox.errors import CityError

_ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")


def is_id_number(text: str, today: date) -> bool:
    """Whether a text is a citizen's number by GB 11643, or a foreign permanent resident's: a province, a birthday not after today, the check digit.

    `ric.is_valid` is not used as a whole: it holds the county's code against the year of birth, and so refuses
    whoever was born before the code was given out, which the standard does not.
    """
    if not _ID_NUMBER.fullmatch(text) or text[-1] != ric.calc_check_digit(text):
        return False
    try:
        born = ric.get_birth_date(text)
    except ValidationError:
        return False
    # The card of foreign permanent residents (2023): a 9, the province, the nationality, then as on a citizen's.
    regions = numdb.get("cn/loc").info(f"{text[1:3]}0000" if text[0] == "9" else text[:6])
    return bool(born <= today and "province" in regions[0][1])


def require_id_number(text: str, today: date) -> str:
    """The ID number, its check letter in upper case.

    Raises:
        CityError: 422 invalid_id_number.
    """
    number = text.upper()
    if not is_id_number(number, today):
        raise CityError(422, "invalid_id_number", "身份证号码不正确")
    return number
