"""Every service has its files, a handler for each task, a settler for each payment, and a city that offers it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import SERVICES, Project
from bot.dialogue.mistakes import nearest
from manifests import ServiceManifest

FILES = (
    ("data/nlu/{}.yml", "居民怎么说"),
    ("data/domain/{}.yml", "便民说什么"),
    ("actions/services/{}.py", "怎么办"),
    ("city_api/{}.py", "城市接口的回答"),
    ("sandbox/services/{}.py", "沙盒城市这一边"),
    ("tests/conversations/test_{}.py", "办一遍的对话"),
)
"""What bears a service's name, and what it is for; a module may be a package."""


def validate(project: Project) -> list[Finding]:
    """Report files, handlers and settlers that are missing, and services that no city offers."""
    findings = [Finding(file, line, "", "不是 Python") for file, line in project.code.broken]
    findings += _removed(project)
    for service in project.services:
        findings += [*_files(project, service), *_handlers(project, service), *_offered(project, service)]
    return findings


def _files(project: Project, service: ServiceManifest) -> Iterator[Finding]:
    for pattern, purpose in FILES:
        file = pattern.format(service.name)
        if not project.files(file) and not project.files(file.removesuffix(".py") + "/__init__.py"):
            other = next((one.name for one in project.services if one.name != service.name), service.name)
            manifest = f"data/services/{service.name}.yml"
            yield Finding(
                manifest, None, "", f"没有 {file} 这个文件（{purpose}）", f"照着 {pattern.format(other)} 写一个"
            )


def _handlers(project: Project, service: ServiceManifest) -> Iterator[Finding]:
    module, manifest = f"actions/services/{service.name}", f"data/services/{service.name}.yml"
    for intent, task in service.tasks.items():
        if not _stands_in(project.code.intents.get(intent, set()), module):
            what = f"{module}.py 里没有办这件事的类{nearest(intent, project.code.intents)}"
            to_do = f'名字写错了就改，新的请开发人员写一个 class …(Task, intent="{intent}")'
            yield Finding(manifest, None, f"tasks.{intent}", what, to_do)
        if task.pays and not _stands_in(project.code.settlers.get(task.pays, set()), module):
            what = f"付了款没有人销账：{module}.py 里没有 {task.pays} 的销账函数"
            to_do = f'请开发人员在那里写 settled_at("{task.pays}", …)'
            yield Finding(manifest, None, f"tasks.{intent}.pays", what, to_do)


def _removed(project: Project) -> Iterator[Finding]:
    """What a handler does and no manifest says any more."""
    known = {intent for intent, _, _ in project.tasks()} | project.spelt_in_broken(SERVICES)
    for intent, files in sorted(project.code.intents.items()):
        names = {Path(file).stem for file in files} | {Path(file).parent.name for file in files}
        manifest = next(
            (f"data/services/{service.name}.yml" for service in project.services if service.name in names), ""
        )
        if intent not in known and manifest:
            what = f"tasks 里没有 {intent}，程序里有办它的类{nearest(intent, known)}"
            yield Finding(manifest, None, "tasks", what, "删掉了就放回去；真不办了，请开发人员把类也删掉")


def _stands_in(files: set[str], module: str) -> bool:
    return any(file == f"{module}.py" or file.startswith(f"{module}/") for file in files)


def _offered(project: Project, service: ServiceManifest) -> Iterator[Finding]:
    if not project.is_whole("data/cities/[0-9]*.yml"):
        return
    offered = {code for place in project.city_files.values() for code in place.services}
    for code in service.city_services:
        if code not in offered:
            file = f"data/services/{service.name}.yml"
            yield Finding(
                file,
                None,
                f"city_services.{code}",
                "没有一个城市开通",
                "在 data/cities/<代码>.yml 的 services 里写上开通日期",
            )
