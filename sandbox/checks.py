"""Checks of what callers send: ID numbers, plates, cities and their services."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum import numdb
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from sandbox.errors import CityError
from sandbox.tables import City, CityService, Resident

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# Letters I and O are not used in serial numbers. GA 36-2018: five places with at most two letters on ordinary plates;
# on new-energy plates six places, a type letter first (small) or last (large).
_ORDINARY = re.compile(rf"[{PROVINCES}][A-HJ-Z](?!(?:.*[A-Z]){{3}})[A-HJ-NP-Z0-9]{{5}}")
_NEW_ENERGY = re.compile(
    rf"[{PROVINCES}][A-HJ-Z](?:[A-HJK][A-HJ-NP-Z0-9][0-9]{{4}}|[0-9]{{5}}[A-HJK])",
)
_ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_SPECIAL = re.compile(rf"[{PROVINCES}][A-HJ-Z][A-HJ-NP-Z0-9]{{4}}[学警港澳挂]")


def is_plate_number(text: str) -> bool:
    """Whether a text is a plate in the normal form of GA 36: upper case, no dot, no blank."""
    return any(form.fullmatch(text) for form in (_ORDINARY, _NEW_ENERGY, _SPECIAL))


def is_id_number(text: str, today: date) -> bool:
    """Whether a text is a citizen's number by GB 11643: a province, a birthday not after today, the check digit.

    `ric.is_valid` is not used as a whole: it holds the county's code against the year of birth, and so refuses
    whoever was born before the code was given out, which the standard does not.
    """
    if not _ID_NUMBER.fullmatch(text) or text[-1] != ric.calc_check_digit(text):
        return False
    try:
        born = ric.get_birth_date(text)
    except ValidationError:
        return False
    regions = numdb.get("cn/loc").info(text[:6])
    return bool(born <= today and "province" in regions[0][1])


def require_plate_number(text: str) -> str:
    """The plate, if it is one.

    Raises:
        CityError: 422 invalid_plate_number.
    """
    if not is_plate_number(text):
        raise CityError(422, "invalid_plate_number", "车牌号格式不正确")
    return text


def require_id_number(text: str, today: date) -> str:
    """The ID number, its check letter in upper case.

    Raises:
        CityError: 422 invalid_id_number.
    """
    number = text.upper()
    if not is_id_number(number, today):
        raise CityError(422, "invalid_id_number", "身份证号码不正确")
    return number


def require_city(session: Session, city: str) -> City:
    """The city of a code.

    Raises:
        CityError: 404 service_not_connected.
    """
    found: City | None = session.get(City, city)
    if found is None:
        raise _not_connected()
    return found


def require_service(session: Session, city: str, service: str) -> None:
    """See that a city has connected a service.

    Args:
        session: a session.
        city: GB/T 2260 code.
        service: water, electricity, gas, traffic, hospital or credit.

    Raises:
        CityError: 404 service_not_connected.
    """
    if session.get(CityService, (city, service)) is None:
        raise _not_connected()


def find_resident(session: Session, name: str, id_number: str) -> Resident | None:
    """The registered resident of an ID number; None when the register does not know the number.

    Raises:
        CityError: 422 identity_mismatch: the number is another person's.
    """
    query = select(Resident).where(Resident.id_number == id_number)
    resident: Resident | None = session.execute(query).scalar_one_or_none()
    if resident is not None and resident.name != name.strip():
        raise CityError(422, "identity_mismatch", "姓名与身份证号码不一致")
    return resident


def _not_connected() -> CityError:
    return CityError(404, "service_not_connected", "该城市尚未开通此项服务")
