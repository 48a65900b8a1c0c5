"""The file of a city, data/cities/<code>.yml: what it offers since when, whom to ask, and how it words things.

A province's file (its code ends in 0000) says what holds for all its cities; a city's own file wins, item by item.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from string import Formatter
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, StrictStr, constr, root_validator, validator

if TYPE_CHECKING:
    Code = str
else:
    Code = constr(regex=r"^\d{6}$")

NAMES = ("name", "full_name")
"""What a biller's name may have filled in."""

_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
_HOTLINE = re.compile(r"[0-9][0-9-]{1,14}")
_PLATE_PREFIX = re.compile(r"[\u4e00-\u9fa5][A-HJ-NP-Z]")


class _Strict(BaseModel):
    class Config:
        """A misspelt item is an error, and what was read does not change."""

        extra = "forbid"
        allow_mutation = False


class ApiManifest(_Strict):
    """Where a city's API answers, and who we are there: names of variables, since addresses differ by installation.

    What is absent, or names a variable that is not set, is as for all cities: BIANMIN_CITY_…
    """

    url_from: str | None = Field(default=None, description="the variable that holds the address")
    credentials_from: str | None = Field(
        default=None, description="X: the client id stands in X_CLIENT_ID, the secret in X_CLIENT_SECRET"
    )

    @validator("url_from", "credentials_from")
    def _names_a_variable(cls, name: str | None) -> str | None:
        if name is not None and not _VARIABLE.fullmatch(name):
            raise ValueError("要写环境变量的名字（大写字母、数字、下划线），不能直接写地址或密钥")
        return name


class AccountNumberManifest(_Strict):
    """The form of a biller's account numbers."""

    digits: tuple[int, int] = Field(description="fewest and most digits")
    stands_on: str = Field(default="缴费单或缴费短信", description="where residents find it")

    @root_validator(skip_on_failure=True)
    def _is_a_range(cls, values: dict[str, Any]) -> dict[str, Any]:
        fewest, most = values["digits"]
        if not 1 <= fewest <= most:
            raise ValueError("digits 要从小到大，如 [10, 12]")
        return values

    def spoken(self) -> str:
        """As residents read it: 10 位数字, 8 到 12 位数字."""
        fewest, most = self.digits
        return f"{fewest} 位数字" if fewest == most else f"{fewest} 到 {most} 位数字"


class PlaceManifest(_Strict):
    """What a file of data/cities may say, of a city or of a province."""

    services: dict[str, dt.date] = Field(
        default={}, description="code of a city service: the day since when it is offered"
    )
    not_offered: tuple[str, ...] = Field(default=(), description="what the province offers and this city does not")
    api: ApiManifest = Field(default=ApiManifest(), description="for all its services")
    apis: dict[str, ApiManifest] = Field(default={}, description="for single services, by code, where they differ")
    billers: dict[str, str] = Field(
        default={}, description="who is owed, by code of the city service; {name} and {full_name} are filled in"
    )
    plate_prefix: str | None = Field(
        default=None, description="of its vehicles: 浙A; where it has several, the one most of them bear"
    )
    hotlines: dict[str, StrictStr] = Field(
        default={}, description="telephone numbers: `city`, and by code of the city service"
    )
    account_numbers: dict[str, AccountNumberManifest] = Field(default={}, description="by code of the city service")
    words: dict[str, tuple[dict[str, Any], ...]] = Field(
        default={}, description="responses that differ here, written as in a domain file: utter_greet: [{text: …}]"
    )

    @validator("plate_prefix")
    def _is_of_a_plate(cls, prefix: str | None) -> str | None:
        if prefix is not None and not _PLATE_PREFIX.fullmatch(prefix):
            raise ValueError(f"{prefix} 不是车牌的开头：要写省份简称和一个大写字母，如 浙A")
        return prefix

    @validator("billers")
    def _fill_in(cls, billers: dict[str, str]) -> dict[str, str]:
        for code, named in billers.items():
            for blank in _blanks(named):
                if blank not in NAMES:
                    raise ValueError(f"{code}：不认识 {{{blank}}}，只能写 {{name}} 和 {{full_name}}")
        return billers

    @validator("hotlines")
    def _can_be_dialled(cls, hotlines: dict[str, str]) -> dict[str, str]:
        for code, number in hotlines.items():
            if not _HOTLINE.fullmatch(number):
                raise ValueError(f"{code}：{number} 不是电话号码，如 12345、0571-12345678")
        return hotlines

    @root_validator(skip_on_failure=True)
    def _offers_or_not(cls, values: dict[str, Any]) -> dict[str, Any]:
        both = [code for code in values["services"] if code in values["not_offered"]]
        if both:
            raise ValueError(f"{both[0]} 既写在 services 里，又写在 not_offered 里")
        return values

    @validator("words")
    def _speaks_of_responses(cls, words: dict[str, tuple[dict[str, Any], ...]]) -> dict[str, Any]:
        for name, variations in words.items():
            if not name.startswith("utter_"):
                raise ValueError(f"{name}：回复的名字以 utter_ 开头")
            if not variations:
                raise ValueError(f"{name}：至少要写一种说法")
            for variation in variations:
                if not isinstance(variation.get("text"), str) or not variation["text"].strip():
                    raise ValueError(f"{name}：每一种说法都要有 text")
                if "condition" in variation:
                    raise ValueError(f"{name}：不用写 condition，这里的话本来就只在本地说")
                for blank in _blanks(variation["text"]):
                    if not blank.isidentifier():
                        raise ValueError(f"{name}：{{{blank}}} 里要写名字，如 {{city}}")
        return words

    def over(self, province: PlaceManifest) -> PlaceManifest:
        """This city's file over its province's: item by item, and within an item name by name.

        What the city does not offer has no biller and no account numbers there either.
        """
        merged: dict[str, Any] = {}
        for item in self.__fields__:
            mine, theirs = getattr(self, item), getattr(province, item)
            if isinstance(mine, dict):
                merged[item] = {**theirs, **mine}
            else:
                merged[item] = mine if item in self.__fields_set__ else theirs
        for item in ("services", "billers", "account_numbers"):
            merged[item] = {code: said for code, said in merged[item].items() if code not in self.not_offered}
        return PlaceManifest(**merged)


class CityManifest(_Strict):
    """A city that is served, with its province's file taken in."""

    code: Code
    name: str = Field(description="its short name in the registry, the value of the entity `city`")
    full_name: str
    province: str
    says: PlaceManifest

    def offers(self, service: str, today: dt.date) -> bool:
        """Whether a city service is offered here by now.

        Args:
            service: its code.
            today: the day in the city.
        """
        since = self.says.services.get(service)
        return since is not None and since <= today

    def biller(self, service: str) -> str | None:
        """Who is owed for a city service; None where the file does not say."""
        named = self.says.billers.get(service)
        return None if named is None else named.format(name=self.name, full_name=self.full_name)

    def api(self, service: str) -> ApiManifest:
        """Where a city service is asked; what its own entry leaves out is as for the city's other services."""
        own, shared = self.says.apis.get(service, ApiManifest()), self.says.api
        return ApiManifest(
            url_from=own.url_from or shared.url_from, credentials_from=own.credentials_from or shared.credentials_from
        )


def _blanks(text: str) -> Iterator[str]:
    try:
        for _, blank, form, conversion in Formatter().parse(text):
            if blank is not None:
                yield blank + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
    except ValueError:
        raise ValueError(f"花括号要成对：{text}") from None
