"""Rules and stories go together, as the policies that learn them find in training."""

from __future__ import annotations

import os
import re
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import Project
from bot.dialogue.importer import ServiceImporter
from bot.dialogue.mistakes import DataError

_TELLS = (
    (
        re.compile(
            r"- the prediction of the action '(?P<action>[^']*)' in (?P<kind>rule|story) '(?P<name>[^']*)' is "
            r"contradicting with rule\(s\) '(?P<others>.*?)'(?: which predicted action '(?P<instead>[^']*)')?\."
        ),
        "这里接着做 {action}，可是规则「{others}」已经定了{instead}",
        "二选一：改这里，改那条规则，或者给规则加条件",
    ),
    (
        re.compile(
            r"- the form '(?P<action>[^']*)' in rule '(?P<name>[^']*)' does not set the 'active_loop', that it sets in "
            r"other rules: '(?P<others>[^']*)'.*"
        ),
        "表单 {action} 后面少一行 active_loop（别的规则里是 {others}）",
        "补上 active_loop；是最后一步就补 wait_for_user_input: false",
    ),
    (
        re.compile(
            r"- the action '(?P<action>[^']*)' in rule '(?P<name>[^']*)' does not set some of the slots that it sets in "
            r"other rules\. Slots not set in rule '[^']*': '(?P<others>[^']*)'.*"
        ),
        "动作 {action} 后面少了 slot_was_set：{others}（别的规则里有）",
        "补上；是最后一步就补 wait_for_user_input: false",
    ),
    (
        re.compile(r"Found rules '(?P<name>[^']*)' that contain more than (?P<others>\d+) user message.*"),
        "规则里居民只能说 {others} 句",
        "要说好几句的，写成故事",
    ),
)
"""Rasa's sentences, and ours."""


def validate(project: Project) -> list[Finding]:
    """Report what the policies of config.yml refuse to learn; nothing where files or names are broken, which others say."""
    config, domain, data = (str(project.root / name) for name in ("config.yml", "domain.yml", "data"))
    if not Path(config).is_file() or not Path(domain).is_file():
        return []
    with _quiet():
        try:
            importer = ServiceImporter(config, domain, data)
            problems = list(_refused(importer))
        except DataError as error:
            return [_unusable(str(error))]
    return [finding for problem in problems for finding in _told(project, problem)]


def _refused(importer: ServiceImporter) -> Iterator[str]:
    """What Rasa's rule policy, and policies of this house, say when they learn the rules and stories for a trial."""
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.shared.core.generator import TrainingDataGenerator
    from rasa.shared.exceptions import RasaException
    from rasa.shared.utils.common import class_from_module_path

    domain = importer.get_domain()
    trackers = TrainingDataGenerator(importer.get_stories(), domain, augmentation_factor=0).generate()
    for entry in importer.get_config().get("policies") or ():
        name = str(entry["name"])
        policy: Any = class_from_module_path(name) if "." in name else {"RulePolicy": RulePolicy}.get(name)
        if policy is None:
            continue
        settings = {**policy.get_default_config(), **{key: value for key, value in entry.items() if key != "name"}}
        with tempfile.TemporaryDirectory() as folder:
            storage = LocalModelStorage.create(Path(folder))
            learner = policy.create(settings, storage, Resource(name), ExecutionContext(GraphSchema({})))
            try:
                learner.train(trackers, domain)
            except RasaException as error:
                yield str(error)


def _told(project: Project, problem: str) -> Iterator[Finding]:
    found = False
    for line in problem.splitlines():
        for pattern, what, to_do in _TELLS:
            match = pattern.match(line.strip())
            if match is not None:
                found = True
                said = match.groupdict()
                said["instead"] = f" {said['instead']}" if said.get("instead") else "别的动作"
                yield _at(project, said["name"], what.format_map(said), to_do)
    if not found:
        yield Finding("data/stories", None, "", problem.strip())


def _at(project: Project, name: str, what: str, to_do: str) -> Finding:
    story = next((story for story in project.stories if story.name == name), None)
    if story is not None:
        return Finding(story.file, story.line, f"{'规则' if story.is_rule else '故事'}「{name}」", what, to_do)
    file = project.generated_rules.get(name, "data/stories")
    return Finding(file, None, f"规则「{name}」", what, to_do)


def _unusable(message: str) -> Finding:
    file, _, what = message.partition("：")
    return Finding(file, None, "", what) if what else Finding("data", None, "", message)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Rasa's progress bars and warnings to itself; what matters of them is said by other checks."""
    before = os.environ.get("LOG_LEVEL")
    os.environ["LOG_LEVEL"] = "ERROR"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if before is None:
            del os.environ["LOG_LEVEL"]
        else:
            os.environ["LOG_LEVEL"] = before
