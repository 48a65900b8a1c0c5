"""Writes our data as a plain Rasa project: the same domain, the same rules, a sample of the examples, nothing of ours to import.

The pipeline is the one `rasa init` gives, with jieba for Chinese words. Of the policies MemoizationPolicy and RulePolicy stand,
TED and UnexpecTED do not: there are rules only, which need neither, and without them stock Rasa is the faster one.
"""

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bot.runtime import settings

if TYPE_CHECKING:
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.dialogue.importer import ServiceImporter

EXAMPLES = 40
"""Examples of each intent; with all of them DIET trains for hours."""

ACTIONS_URL = "STOCK_ACTIONS_URL"
"""The variable that says where the action server is."""

ACTIONS_SHOWN = "STOCK_ACTIONS_TOKEN"
"""The variable that holds what is shown to it."""

ENDPOINTS = {
    "action_endpoint": {"url": f"${{{ACTIONS_URL}}}", "headers": {"Authorization": f"Bearer ${{{ACTIONS_SHOWN}}}"}}
}

CONFIG: dict[str, Any] = {
    "recipe": "default.v1",
    "language": "zh",
    "assistant_id": "stock",
    "pipeline": [
        {"name": "JiebaTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True},
        {"name": "EntitySynonymMapper"},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ],
    "policies": [
        {"name": "MemoizationPolicy"},
        # Our rules are ranked by what they say, and some are more particular than others; Rasa would refuse the pairs.
        {"name": "RulePolicy", "check_for_contradictions": False},
    ],
}


def write(folder: Path, root: Path = settings.ROOT) -> str:
    """Write the project anew.

    Args:
        folder: of the project; what stood there goes.
        root: our project.

    Returns:
        A digest of all that was written: what is trained on.
    """
    from bot.dialogue.importer import ServiceImporter

    importer = ServiceImporter(
        str(root / settings.CONFIG_FILE), str(root / settings.DOMAIN_FILE), [str(root / settings.DATA_FOLDER)]
    )
    shutil.rmtree(folder, ignore_errors=True)
    texts = {
        "config.yml": _yaml(CONFIG),
        "domain.yml": importer.get_domain().as_yaml(),
        "endpoints.yml": _yaml(ENDPOINTS),
        "credentials.yml": _yaml({"rest": None}),
        "data/nlu.yml": sample(importer.get_nlu_data(), EXAMPLES).nlu_as_yaml(),
        **rules(importer, root),
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return hashlib.sha256(repr(sorted(texts.items())).encode()).hexdigest()


def sample(data: "TrainingData", most: int) -> "TrainingData":
    """Take examples of each intent, evenly from the first to the last, and of each only what was said.

    Args:
        data: all examples.
        most: how many of an intent.
    """
    from rasa.shared.nlu.constants import INTENT, TEXT
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    texts: dict[str, list[str]] = defaultdict(list)
    for example in data.intent_examples:
        texts[example.get(INTENT)].append(example.get(TEXT))
    return TrainingData(
        [
            Message.build(text, intent)
            for intent, said in texts.items()
            for text in spread(list(dict.fromkeys(said)), most)
        ]
    )


def spread(items: Sequence[str], most: int) -> list[str]:
    """Take at most so many of a row, evenly from its beginning to its end."""
    if len(items) <= most:
        return list(items)
    return [items[number * len(items) // most] for number in range(most)]


def rules(importer: "ServiceImporter", root: Path) -> dict[str, str]:
    """Give the files of rules and stories: those that are written, as they stand, and those that follow from manifests.

    Args:
        importer: of our project.
        root: our project.
    """
    from bot.dialogue.articles import rule_of
    from bot.dialogue.generated import rule_over, rules_of

    files = sorted((root / "data/stories").rglob("*.yml"))
    written = {f"data/stories/{path.name}": path.read_text(encoding="utf-8") for path in files}
    named = {rule.get("rule") for text in written.values() for rule in (yaml.safe_load(text) or {}).get("rules") or ()}
    titles = {service.name: service.title for service in importer.services()}
    generated = [*(rule for service in importer.services() for rule in rules_of(service)), rule_over()]
    generated += [rule_of(known.name, titles.get(known.name, known.name)) for known in importer.knowledge()]
    left = [rule for rule in generated if rule["rule"] not in named]
    return {**written, "data/stories/generated-from-manifests.yml": _yaml({"version": "3.1", "rules": left})}


def _yaml(content: Any) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
