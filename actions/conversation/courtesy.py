"""What happens around the tasks: notes taken before a task is named, choices offered, a person called, the city changed."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict
from sqlalchemy.exc import SQLAlchemyError

from actions import context
from actions.city.errors import CityError, NotConnected, NotFound
from actions.conversation.cities import code_of
from actions.conversation.errors import explain
from actions.conversation.task import all_tasks, task_for_intent
from actions.conversation.turn import Turn, payload

log = structlog.get_logger(__name__)

# A choice is offered only where the classifier saw at least this much in it.
LEAST_CONFIDENCE = 0.12
MOST_CHOICES = 3
# Who somebody is does not yet say what they want done.
ABOUT_A_PERSON = frozenset({"person_name", "id_number", "phone"})
MESSAGES_HANDED_OVER = 30


class TakeNote(Action):
    """Something was told and no task is open: offer what can be done with it, so that it is not asked again."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_take_note"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Offer the tasks that hear what was told, each button carrying it along."""
        turn = Turn(dispatcher, tracker)
        offers: list[tuple[int, str, str]] = []
        for task in all_tasks():
            told = {entity: turn.value(entity) or "" for entity in task.hears if turn.value(entity)}
            if set(told) - ABOUT_A_PERSON:
                offers.append((-len(told), task.title, payload(task.intent, **told)))
        if offers:
            turn.offer("utter_what_to_do_with_it", [(title, sent) for _, title, sent in sorted(offers)[:MOST_CHOICES]])
        else:
            turn.say("utter_ask_task")
        return turn.events


class Help(Action):
    """Help is asked for: in the middle of a task with its question, else with what can be done here."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_help"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Explain what was just asked for, where the domain has words for it; a button always means the menu."""
        turn = Turn(dispatcher, tracker)
        explanation = f"utter_explain_{turn.requested}"
        in_words = explanation in domain.get("responses", {})
        turn.say(explanation if in_words and not turn.is_button else "utter_help")
        return turn.events


class OfferChoices(Action):
    """The message was half understood: offer the likeliest tasks in plain words; not understood: say so."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_offer_choices"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Offer up to three tasks from the classifier's ranking, the resident's entities carried along."""
        turn = Turn(dispatcher, tracker)
        choices: list[tuple[str, str]] = []
        for ranked in tracker.latest_message.get("intent_ranking") or []:
            task = task_for_intent(str(ranked.get("name")))
            if task is not None and float(ranked.get("confidence") or 0) >= LEAST_CONFIDENCE:
                told = {entity: turn.value(entity) or "" for entity in task.hears if turn.value(entity)}
                choices.append((task.title, payload(task.intent, **told)))
        if choices:
            turn.offer("utter_did_you_mean", choices[:MOST_CHOICES])
        else:
            turn.say("utter_not_understood")
        return turn.events


class HandOver(Action):
    """A person is asked for: leave a record with the conversation's context and say the hotline and its hours."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_hand_over"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Write the hand-over record; the hotline is said even where the record cannot be written."""
        turn = Turn(dispatcher, tracker)
        record = {
            "city_code": turn.city_code,
            "task": (tracker.active_loop or {}).get("name"),
            "asked_for": turn.requested,
            "waiting_tasks": [entry["form"] for entry in turn.slot("waiting_tasks") or []],
            "messages": _messages(tracker),
        }
        ledger = context.current().ledger
        try:
            hand_over = await asyncio.to_thread(ledger.open_hand_over, turn.conversation_id, turn.city_code, record)
        except SQLAlchemyError:
            log.exception("hand_over_not_written")
            turn.say("utter_hotline")
        else:
            turn.say("utter_hand_over", hand_over_number=hand_over.hand_over_id[:8])
        return turn.events


class SwitchCity(Action):
    """The resident wants to be served in another city."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_switch_city"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Change the city where it is one we serve; else say that we do not serve it yet and stay."""
        turn = Turn(dispatcher, tracker)
        city = turn.value("city")
        if city is None:
            turn.say("utter_ask_city")
            return turn.events
        code = code_of(city)
        try:
            services = await context.current().city.services(code) if code else []
        except (NotConnected, NotFound):
            services = []
        except CityError as error:
            explain(turn, error)
            return turn.events
        if not services:
            turn.say("utter_city_not_served", asked_city=city)
            return turn.events
        turn.set("city", city)
        turn.set("city_code", code)
        turn.say("utter_city_switched", city=city)
        return turn.events


def _messages(tracker: Tracker) -> list[dict[str, Any]]:
    """The latest messages of both sides, oldest first."""
    said = [event for event in tracker.events if event.get("event") in ("user", "bot") and event.get("text")]
    return [
        {"from": event["event"], "text": event["text"], "at": event.get("timestamp")}
        for event in said[-MESSAGES_HANDED_OVER:]
    ]
