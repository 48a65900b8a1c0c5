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

_NAMED = re.compile(r"(?:规则|故事)「([^」]*)」")
"""How a policy of this house names what it does not accept (bot/dialogue/conflicts.py)."""


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
    return [_told(project, problem) for problem in problems]


def _refused(importer: ServiceImporter) -> Iterator[str]:
    """What Rasa's rule policy, and policies of this house, say when they learn the rules and stories for a trial.

    Ours say one sentence a mistake, in Chinese; Rasa's one text with all.
    """
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
                yield from getattr(error, "mistakes", [str(error).strip()])


def _told(project: Project, problem: str) -> Finding:
    """The first rule or story that a sentence names is where it is put right."""
    names, problem = _NAMED.findall(problem), problem.replace(f"{project.root}/", "")
    story = next((story for name in names for story in project.stories if story.name == name), None)
    if story is not None:
        return Finding(story.file, story.line, "", problem)
    generated = (project.generated_rules[name] for name in names if name in project.generated_rules)
    return Finding(next(generated, "data/stories"), None, "", problem)


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
