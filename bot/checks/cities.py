"""The files of cities and provinces are valid, and name only services and responses that there are."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import Project, told
from bot.dialogue.mistakes import nearest
from manifests import ManifestError
from manifests.places import REGISTRY, Places

OF_A_CITY = "city"
"""The telephone number that is no single service's."""

NAMING_SERVICES = ("services", "not_offered", "apis", "billers", "account_numbers", "hotlines")
"""The items of a file that go by the code of a city service."""


def validate(project: Project) -> list[Finding]:
    """Report files that cannot be used, unknown names in them, payments without a payee, and plates of two cities."""
    findings = [*_unusable(project), *_services(project)]
    for word in project.city_words:
        if word.name not in project.names["responses"]:
            what = f"没有叫 {word.name} 的回复{nearest(word.name, project.names['responses'])}"
            findings.append(Finding(word.file, word.line, "words", what))
    return [*findings, *_billers(project), *_plates(project)]


def _file(code: str) -> str:
    return f"data/cities/{code}.yml"


def _unusable(project: Project) -> Iterator[Finding]:
    try:
        places = Places(project.root / "data" / "cities")
    except ManifestError as error:
        yield told(f"data/cities/{REGISTRY}", str(error))
        return
    for file in project.files("data/cities/[0-9]*.yml"):
        try:
            places.own(file.removeprefix("data/cities/").removesuffix(".yml"))
        except ManifestError as error:
            yield from (told(file, line) for line in str(error).splitlines())


def _services(project: Project) -> Iterator[Finding]:
    """A code that several files write is a service that is still to come; one that a single file writes is a slip."""
    known = {code for service in project.services for code in service.city_services}
    written: dict[str, list[tuple[str, str]]] = {}
    for place, says in project.city_files.items():
        for item in NAMING_SERVICES:
            for code in getattr(says, item):
                if code not in known and not (item == "hotlines" and code == OF_A_CITY):
                    written.setdefault(code, []).append((place, item))
    to_come = {code for code, places in written.items() if len({place for place, _ in places}) > 1}
    for code in sorted(written.keys() - to_come):
        for place, item in written[code]:
            what = f"没有代码是 {code} 的城市服务{nearest(code, known | to_come)}"
            yield Finding(_file(place), _line(project, place, item, code), item, what)


def _payable(project: Project) -> set[str]:
    """The codes of the city services that are paid for."""
    codes: set[str] = set()
    for _, task, service in project.tasks():
        if task.pays:
            codes |= {task.city_service} if task.city_service else set(service.city_services)
    return codes


def _billers(project: Project) -> Iterator[Finding]:
    payable = _payable(project)
    for code in project.city_files:
        city = project.places.city(code) if project.places is not None and _is_readable(project, code) else None
        for service in city.says.services if city is not None else ():
            if service in payable and city is not None and city.biller(service) is None:
                yield Finding(
                    _file(code), None, "billers", f"{service} 能付款，没有写付给谁", f"加一项 {service}: 收款单位"
                )


def _is_readable(project: Project, code: str) -> bool:
    province = f"{code[:2]}0000"
    return project.places is not None and (not project.files(_file(province)) or province in project.city_files)


def _plates(project: Project) -> Iterator[Finding]:
    """Counties bear their prefecture's plates; of two prefectures of a province one is wrong."""
    seen: dict[str, str] = {}
    for code, place in project.city_files.items():
        if place.plate_prefix is not None and code.endswith("00"):
            other = seen.setdefault(place.plate_prefix, code)
            if other != code and other[:2] == code[:2]:
                what = f"{place.plate_prefix} 已经是 {other}.yml 的"
                yield Finding(_file(code), _line(project, code, "plate_prefix"), "plate_prefix", what, "核对一下")


def _line(project: Project, code: str, *where: str) -> int | None:
    located = next(project.located(_file(code)), None)
    return located.line(*where) if located is not None else None
