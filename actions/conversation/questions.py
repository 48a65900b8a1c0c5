"""After a question has been answered: what is being asked for is put once more, briefly; and more is told where it is wanted.

The answers are Rasa's own, `utter_ask_<service>` from data/knowledge; a question starts, cancels and confirms nothing.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ACTION_LISTEN_NAME
from rasa_sdk.types import DomainDict

from actions.conversation import signed
from actions.conversation.task import CONFIRMATION, Task, task_for_form
from actions.conversation.turn import Turn, payload
from manifests.knowledge import UTTER, more_of, questions

ARTICLE = "article"
"""The entity by which a button names an article: ask_traffic/points."""

NO_QUESTION = ("都不是，转人工", payload("handoff_human"))
MOST_OFFERED = 3
LEAST_OFFERED = 0.1
"""The probability from which an article is offered, where none is sure."""

PAID_FOR = ("subject", "amount", "payee", "account")
"""What the brief question before a payment says again."""


class AskAgain(Action):
    """The open question is put again after an answer: in a few words where its own would read a list or a bill again."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_ask_again"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Put it, and wait; without words for it the form puts its own question, as after any aside."""
        form = str((tracker.active_loop or {}).get("name") or "")
        task = task_for_form(form)
        turn = Turn(dispatcher, tracker, task=task.intent if task is not None else "")
        if task is None or turn.requested is None:
            return turn.events
        response, values = brief_question(turn, task)
        if response not in domain.get("responses", {}):
            return turn.events
        turn.say(response, **values)
        if turn.requested in task.yes_no:
            signed.ask(turn, task, turn.requested)
        # The form has refused the message; opened anew it is the first to hear the next one.
        return [*turn.events, ActiveLoop(form), FollowupAction(ACTION_LISTEN_NAME)]


def brief_question(turn: Turn, task: type[Task]) -> tuple[str, dict[str, Any]]:
    """The response that puts the open question in a few words, with what is filled into it.

    A choice and a yes are all that needs one; every other question is a sentence by itself.

    Args:
        turn: with the question.
        task: the open one.
    """
    requested = str(turn.requested)
    if requested in task.choices:
        return "utter_again_choice", {}
    if requested == CONFIRMATION and task.manifest.pays:
        # Several bills, or a quote that is not ours any more: read out as a whole.
        quote = task.quoted(turn) or {}
        is_one = all(quote.get(name) for name in PAID_FOR)
        return ("utter_again_payment", {name: quote[name] for name in PAID_FOR}) if is_one else ("", {})
    return f"utter_again_{requested}", {}


class TellMore(Action):
    """More of an article is wanted, or an article that a button offers."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_tell_more"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Tell it; of an article that is no longer there, that nothing is known."""
        turn = Turn(dispatcher, tracker)
        article = next((str(found["value"]) for found in turn.entities if found["entity"] == ARTICLE), "")
        response = more_of(article) if turn.intent == "tell_more" else f"{UTTER}{article}"
        turn.say(response if response in domain.get("responses", {}) else "utter_not_answered")
        return turn.events


def questions_meant(turn: Turn) -> list[tuple[str, str]]:
    """Title and payload of each question that the latest message may ask, where it asks something and none is sure.

    Args:
        turn: with the message, in which the articles stand as Rasa's selectors put them.
    """
    selected = (turn.tracker.latest_message.get("response_selector") or {}).get("default") or {}
    known = questions()
    ranked = [
        str(one["intent_response_key"])
        for one in selected.get("ranking") or ()
        if float(one.get("confidence") or 0) >= LEAST_OFFERED
    ]
    return [
        (known[article], payload("tell_article", **{ARTICLE: article})) for article in ranked if known.get(article)
    ][:MOST_OFFERED]
