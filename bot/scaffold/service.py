"""A new service: its manifest, examples, words, handler, city answers, sandbox and first conversation."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

from bot.scaffold.templates import ScaffoldError, camel, rendered, write
from manifests import Services
from manifests.services import read_services

Kind = Literal["look-up", "pay"]
Asks = Literal["person", "plate", "number"]

_NAME = re.compile(r"[a-z][a-z0-9_]{1,19}")
_TITLE = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{2,12}")
STEP = 10
"""Between the places of two services, so that one may come between."""


def make(root: Path, name: str, title: str, kind: Kind, asks: Asks) -> list[str]:
    """Write the files of a service; what they are, in order.

    Args:
        root: the project's folder.
        name: small letters, digits and underscores; the files bear it.
        title: as residents read it: 图书馆.
        kind: whether something is looked up only, or paid too.
        asks: whose it is: a person, a plate, or a number of the service's own.

    Raises:
        ScaffoldError: a name is of another form, or the service is there.
        ManifestError: a manifest that is there cannot be used.
    """
    if not _NAME.fullmatch(name):
        raise ScaffoldError(f"{name}：名字要 2 到 20 个小写字母、数字或下划线，字母开头，如 library")
    if not _TITLE.fullmatch(title):
        raise ScaffoldError(f"{title}：名称要 2 到 12 个汉字、字母或数字，如 图书馆")
    services = read_services(root / "data" / "services")
    _refuse_taken(services, name, title)
    files = rendered("service", "NAME", name, values(services, name, title, kind, asks))
    write(root, files)
    return list(files)


def values(services: Services, name: str, title: str, kind: Kind, asks: Asks) -> dict[str, Any]:
    """What the templates use.

    Args:
        services: those that are there.
        name: the new service's.
        title: as residents read it.
        kind: whether something is paid.
        asks: whose it is.
    """
    plates = [entity for entity, declared in services.entities().items() if declared.reader == "plate"]
    slots = {"person": ["person_name", "id_number"], "plate": plates[:1], "number": [f"{name}_number"]}[asks]
    pays = kind == "pay"
    return {
        "name": name,
        "title": title,
        "camel": camel(name),
        "answer": f"{camel(name)}Fees" if pays else camel(name),
        "path": name.replace("_", "-"),
        "place": max((one.place for one in services), default=0) + STEP,
        "menu": max((task.menu or 0 for _, task, _ in services.tasks()), default=0) + STEP,
        "pays": pays,
        "asks": asks,
        "slots": slots,
        "key": {"person": "resident_id"}.get(asks, slots[0]),
        "tasks": [f"query_{name}", f"pay_{name}"] if pays else [f"query_{name}"],
    }


def _refuse_taken(services: Services, name: str, title: str) -> None:
    for one in services:
        taken = {one.name, *one.city_services, *one.topics, *(task.pays for task in one.tasks.values() if task.pays)}
        if name in taken or {f"query_{name}", f"pay_{name}"} & set(one.tasks):
            raise ScaffoldError(f"{name}：{one.name}.yml 已经用了这个名字")
        if title == one.title or {f"查{title}", f"交{title}"} & {task.title for task in one.tasks.values()}:
            raise ScaffoldError(f"{title}：{one.name}.yml 已经用了这个名称")
