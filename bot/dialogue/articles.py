"""What follows from data/knowledge for Rasa: retrieval intents with their examples, the answers, and the rules that say them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.words import CITY_SLOT
from manifests import Places, Services
from manifests.knowledge import ASK, HANDOFF, UTTER, Article, Knowledge, LocalAnswer, more_of

ASK_AGAIN = "action_ask_again"
TELL_MORE = "tell_more"
ARTICLE = "article"
"""The entity by which a button names an article."""

HUMAN_TITLE, MORE_TITLE = "转人工", "再说细一点"
PROVINCE = "0000"


def examples_of(files: Iterable[Knowledge]) -> TrainingData:
    """How residents ask what the articles answer, each example under its retrieval intent."""
    return TrainingData(
        [
            Message({TEXT: text, INTENT: known.intent, INTENT_RESPONSE_KEY: known.intent_of(name)})
            for known in files
            for name, article in known.articles.items()
            for text in dict.fromkeys((*article.asked(), *_as_asked(article.question)))
        ]
    )


def _as_asked(question: str) -> tuple[str, ...]:
    return () if question.startswith("（") else (question,)


def domain_of(files: Iterable[Knowledge], services: Services, places: Places | None) -> dict[str, Any]:
    """The intents, actions and responses of the articles, as a domain file would say them.

    Args:
        files: of data/knowledge.
        services: whose tasks can be done next.
        places: the registry and the files of cities; None where there are none: then no answer differs.
    """
    known = list(files)
    return {
        "intents": [{one.intent: {"use_entities": []}} for one in known],
        "actions": [f"{UTTER}{one.intent}" for one in known],
        "responses": {
            name: variations
            for one in known
            for article in one.articles
            for name, variations in _responses(one, article, services, places)
        },
    }


def _responses(
    known: Knowledge, name: str, services: Services, places: Places | None
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    article, intent = known.articles[name], known.intent_of(name)
    tasks = _buttons(article, services)
    served = places.served() if places is not None and article.cities else ()
    local = {code: said for code in served if (said := _local(article, code)) is not None}
    answers = [_said(said.answer, _more(intent, said.more), tasks, code) for code, said in local.items()]
    yield known.response_of(name), [_said(article.answer, _more(intent, article.more), tasks), *answers]
    told = [_said(said.more, [], tasks, code) for code, said in local.items() if said.more]
    if article.more or told:
        yield more_of(intent), [_said(article.more or article.answer, [], tasks), *told]


def _said(
    text: str | None, more: list[dict[str, str]], tasks: list[dict[str, str]], city: str | None = None
) -> dict[str, Any]:
    said: dict[str, Any] = {"text": text}
    if more or tasks:
        said["buttons"] = [*more, *tasks]
    if city is not None:
        said["condition"] = [{"type": "slot", "name": CITY_SLOT, "value": city}]
    return said


def _buttons(article: Article, services: Services) -> list[dict[str, str]]:
    return [
        {"title": HUMAN_TITLE if intent == HANDOFF else services.task(intent).title, "payload": f"/{intent}"}
        for intent in article.next
        if intent == HANDOFF or services.of_intent(intent) is not None
    ]


def _more(intent: str, more: str | None) -> list[dict[str, str]]:
    return [{"title": MORE_TITLE, "payload": f'/{TELL_MORE}{{{{"{ARTICLE}": "{intent}"}}}}'}] if more else []


def _local(article: Article, code: str) -> LocalAnswer | None:
    return article.cities.get(code) or article.cities.get(f"{code[:2]}{PROVINCE}")


def rule_of(name: str, title: str) -> dict[str, Any]:
    """The rule that answers the questions of a file, and puts an open question again, as a file of data/stories would say it.

    Args:
        name: the file's.
        title: what it is about: its service's title; of a file for all services its name.
    """
    intent = f"{ASK}{name}"
    return {
        "rule": f"{title}：有问就答",
        "steps": [{"intent": intent}, {"action": f"{UTTER}{intent}"}, {"action": ASK_AGAIN}],
    }
