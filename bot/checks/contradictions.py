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
from bot.checks.reading.project import DOMAIN, KNOWLEDGE, SERVICES, STORIES, Project
from bot.dialogue.importer import ServiceImporter
from bot.dialogue.mistakes import DataError

_NAMED = re.compile(r"(?:规则|故事)「([^」]*)」")
_WITH_FILE = re.compile(r"(?:规则|故事)「([^」]*)」（([^）]*)）")
"""How a policy of this house names what it does not accept (bot/dialogue/conflicts.py)."""


def validate(project: Project) -> list[Finding]:
    """Report what the policies of config.yml refuse to learn; nothing where a file is broken or a name wrong, which others say."""
    if not project.is_whole("config.yml", *DOMAIN, SERVICES, STORIES, KNOWLEDGE) or project.places is None:
        return []
    inputs = ("config.yml", *DOMAIN, SERVICES, STORIES, KNOWLEDGE, "data/cities/*.yml")
    problems = project.kept.of(("contradictions", project.digest(*inputs)), lambda: _problems(project))
    return [_told(project, problem) if story else _unusable(project, problem) for problem, story in problems]


def _problems(project: Project) -> list[tuple[str, bool]]:
    """What is said, and whether of stories (else of a file that cannot be used)."""
    config, domain = (str(project.root / name) for name in ("config.yml", "domain.yml"))
    if not Path(config).is_file() or not Path(domain).is_file():
        return []
    with _quiet():
        try:
            importer = ServiceImporter(config, domain, [str(project.path(file)) for file in project.files(STORIES)])
            return [(problem.replace(f"{project.root}/", ""), True) for problem in _refused(importer)]
        except DataError as error:
            return [(str(error).replace(f"{project.root}/", ""), False)]


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
    """Say where each rule and story stands that a sentence names; the first of them is where it is put right."""
    places = {story.name: (story.file, story.line) for story in reversed(project.stories)}
    generated = {name: (file, None) for name, (file, _) in project.generated_rules.items()}

    def with_line(match: re.Match[str]) -> str:
        file, line = places.get(match[1], (match[2], None))
        return f"{match[0].partition('（')[0]}（{file}:{line}）" if line else match[0]

    names = _NAMED.findall(problem)
    file, line = next((known[name] for known in (places, generated) for name in names if name in known), ("data", None))
    return Finding(file, line, "", _WITH_FILE.sub(with_line, problem))


def _unusable(project: Project, message: str) -> Finding:
    """A reader that stopped names the file without its folder."""
    name, _, what = message.partition("：")
    files = (file for pattern in (STORIES, *DOMAIN, SERVICES, KNOWLEDGE) for file in project.files(pattern))
    file = next((file for file in files if Path(file).name == name), None)
    return Finding(file or "domain.yml", None, "", what if file else message, is_last_resort=True)


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
