"""The files of cities and provinces are valid, and name only services and responses that there are."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import SERVICES, Project, told
from bot.dialogue.mistakes import nearest
from manifests import CityManifest, ManifestError
from manifests.places import REGISTRY

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
    if project.registry_refused:
        yield told(f"data/cities/{REGISTRY}", project.registry_refused)
    if project.places is None:
        return
    for file in project.files("data/cities/[0-9]*.yml"):
        code = file.removeprefix("data/cities/").removesuffix(".yml")
        try:
            if code not in project.city_files:
                project.places.own(code)
            # A city's own file over its province's: a plate of another province shows only then.
            project.places.city(code)
        except ManifestError as error:
            yield from (told(file, line) for line in str(error).splitlines())


def _services(project: Project) -> Iterator[Finding]:
    """Every code is one that a manifest declares."""
    if not project.is_whole(SERVICES):
        return  # of a manifest that cannot be used the codes are not known
    known = {code for service in project.services for code in service.city_services}
    for place, says in project.city_files.items():
        for item in NAMING_SERVICES:
            for code in getattr(says, item):
                if code not in known and not (item == "hotlines" and code == OF_A_CITY):
                    what = f"没有代码是 {code} 的城市服务{nearest(code, known)}"
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
        city = _usable(project, code)
        for service in city.says.services if city is not None else ():
            if service in payable and city is not None and city.biller(service) is None:
                line = _line(project, code, "billers") or _line(project, code, "services")
                what, to_do = f"{service} 能付款，没有写付给谁", f"加一项 {service}: 收款单位"
                yield Finding(_file(code), line, "billers", what, to_do)


def _usable(project: Project, code: str) -> CityManifest | None:
    try:
        return project.places.city(code) if project.places is not None else None
    except ManifestError:
        return None


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
