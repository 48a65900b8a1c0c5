"""What happens around the tasks: notes taken before a task is named, choices offered, a person called, the city changed."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict
from sqlalchemy.exc import SQLAlchemyError

from actions import context
from actions.city.cities import CITY_TIME
from actions.conversation import signed
from actions.conversation.answers_in_words import form_said
from actions.conversation.beginning import all_of, start_again
from actions.conversation.cities import likely, switch, which
from actions.conversation.erasure import answered
from actions.conversation.menu import is_offered, menu_buttons, remedy_buttons
from actions.conversation.no_person import asked_for
from actions.conversation.number_check import say_what_it_is
from actions.conversation.outcomes import handed_over
from actions.conversation.questions import NO_QUESTION, questions_meant
from actions.conversation.subjects import told_all
from actions.conversation.task import Task, all_tasks, task_for_form, task_for_intent, task_of
from actions.conversation.turn import Turn, payload
from actions.conversation.whose import keep_apart
from actions.ledger.hand_overs import WAITING
from manifests import places, services

log = structlog.get_logger(__name__)

# A choice is offered only where the classifier saw at least this much in it.
LEAST_CONFIDENCE = 0.12
MOST_CHOICES = 3
# Who somebody is does not yet say what they want done.
ABOUT_A_PERSON = frozenset({"person_name", "id_number", "phone"})
MESSAGES_HANDED_OVER = 30
CORRECTS = re.compile(r"不对|不是|错了|说错|应该是|换成|改成")
AGAIN = re.compile(r"再(?:查|来|试|看|办)一?(?:次|遍|下)")
# A number that no entity was made of was meant for the open question.
NUMBER = re.compile(r"\d{4,}")


class TakeNote(Action):
    """Something was told that no task took: outside a task it is noted, with what can be done with it; inside one it is
    said what the question was for."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_take_note"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Offer the tasks that hear what was told, each button carrying it along."""
        turn = Turn(dispatcher, tracker)
        if turn.requested is not None:
            say_unclear(turn, domain)
            return turn.events
        keep_apart(turn)
        taken = taken_as_offered(turn)
        if taken is not None:
            return taken
        noted = told_all(turn, [one["entity"] for one in turn.entities if one["entity"] not in services().secrets()])
        again = said_again(turn, noted)
        if again is not None:
            return again
        turn.forget("follow_up")
        offers: list[tuple[int, str, str]] = []
        for task in all_tasks():
            heard = {entity: value for entity, value in noted.items() if entity in task.hears}
            if set(heard) - ABOUT_A_PERSON and here(turn, task):
                offers.append((-len(heard), task.title, payload(task.intent, **heard)))
        if noted:
            turn.set("noted", {**(turn.slot("noted") or {}), **noted})
        if offers:
            turn.offer("utter_what_to_do_with_it", [(title, sent) for _, title, sent in sorted(offers)[:MOST_CHOICES]])
        else:
            turn.offer("utter_ask_task", menu_buttons(turn))
        return turn.events


def here(turn: Turn, task: type[Task]) -> bool:
    """Whether the resident's city offers a task, so that it may be offered to them."""
    return is_offered(services()[task.service], places().city(turn.city_code), datetime.now(CITY_TIME).date())


def said_again(turn: Turn, noted: dict[str, Any]) -> list[EventType] | None:
    """The events that do the last task once more, when the message asks for that or corrects it; else None."""
    last = turn.slot("last_task") or {}
    task = task_for_intent(last.get("intent", ""))
    if task is None:
        return None
    corrected = {slot: noted[slot] for slot in task.hears if slot in noted}
    if not (corrected and CORRECTS.search(turn.text)) and not AGAIN.search(turn.text):
        return None
    slots = {**last["slots"], **corrected}
    for entity, declared in services().entities().items():
        # Another bill has another account; the old one does not go with it.
        if declared.belongs_to in corrected and entity not in corrected:
            slots.pop(entity, None)
    return [*start_again(turn, task, slots), FollowupAction(task.form())]


class AnswerOutOfScope(Action):
    """What is not ours: said plainly; in the middle of a task without the menu."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_answer_out_of_scope"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Say that it cannot be done here."""
        turn = Turn(dispatcher, tracker)
        taken = taken_as_offered(turn)
        if taken is not None:
            return taken
        task = task_for_form((tracker.active_loop or {}).get("name"))
        if task is not None and turn.requested in task.yes_no:
            turn.say("utter_read_again")
        elif turn.requested is not None:
            if NUMBER.search(turn.text):
                say_unclear(turn, domain)
            else:
                turn.say("utter_not_answered")
        else:
            turn.say("utter_out_of_scope")
        return turn.events


class FollowYes(Action):
    """A yes to no question of a form: it follows up what was just read out (the bills: pay them), if something was."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_follow_yes"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Start the task that was offered, with what it needs; with none offered say that nothing waits for a yes.

        Never 好的: it would be read as done.
        """
        turn = Turn(dispatcher, tracker)
        if turn.requested is None and signed.asked_to_erase(turn):
            return await answered(turn)
        follow_up = turn.slot("follow_up") if turn.was_just_offered("follow_up") else None
        task = task_for_intent(follow_up["intent"]) if follow_up and turn.requested is None else None
        if turn.requested is not None:
            # 嗯？ and 我有异议 are like a yes and are none; a 好的 would sound as if something was agreed.
            say_unclear(turn, domain)
            return turn.events
        if task is None or follow_up is None:
            pressed = only_task_offered(turn)
            if pressed is None:
                turn.say("utter_nothing_to_confirm")
                return turn.events
            task, slots = pressed
            return [*start_again(turn, task, slots), FollowupAction(task.form())]
        return [*start_again(turn, task, follow_up["slots"] | all_of(turn, task)), FollowupAction(task.form())]


def taken_as_offered(turn: Turn) -> list[EventType] | None:
    """The events that start the task which was just offered, where the message tells what the offer asked to be told.

    An offer that asks for something names the slots in `awaits`: 要看详情，请告诉我…… None where nothing of it was said.
    """
    offered = (turn.slot("follow_up") or {}) if turn.was_just_offered("follow_up") else {}
    task, awaits = task_for_intent(offered.get("intent", "")), offered.get("awaits") or []
    said = turn.told(awaits) or {slot: value for slot in awaits if (value := form_said(turn, slot))}
    if task is None or turn.requested is not None or not said:
        return None
    return [*start_again(turn, task, {**offered["slots"], **said}), FollowupAction(task.form())]


def only_task_offered(turn: Turn) -> tuple[type[Task], dict[str, Any]] | None:
    """The task that a yes begins, with what its button carries, where our latest answer had that one button."""
    offered = turn.buttons_offered()
    return task_of(str(offered[0].get("payload"))) if len(offered) == 1 else None


def say_unclear(turn: Turn, domain: DomainDict) -> None:
    """Say what the open question needs, in the words the domain has for its slot."""
    task = task_for_form((turn.tracker.active_loop or {}).get("name"))
    if task is not None and say_what_it_is(turn, task):
        return
    response = f"utter_unclear_{turn.requested}"
    turn.say(response if response in domain.get("responses", {}) else "utter_unclear")


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
        if in_words and not turn.is_button:
            turn.say(explanation)
        else:
            turn.offer("utter_help" if turn.city_code else "utter_help_without_city", menu_buttons(turn))
        return turn.events


class Greet(Action):
    """A greeting is returned, with what can be done in the resident's city."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_greet"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Greet; where the city is not known yet, all services are named, and the city is asked when it is needed."""
        turn = Turn(dispatcher, tracker)
        turn.offer("utter_greet", menu_buttons(turn))
        return turn.events


class OfferChoices(Action):
    """The message was half understood: offer the likeliest tasks in plain words; not understood: say so."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_offer_choices"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Offer up to three tasks from the classifier's ranking, the resident's entities carried along; of what surely is a
        question, the questions that are likeliest to be meant."""
        turn = Turn(dispatcher, tracker)
        questions = questions_meant(turn)
        if questions:
            turn.offer("utter_which_question", [*questions, *([] if turn.requested else [NO_QUESTION])])
            return turn.events
        if turn.requested is not None:
            say_unclear(turn, domain)
            return turn.events
        taken = taken_as_offered(turn)
        if taken is not None:
            return taken
        choices: list[tuple[str, str]] = []
        for ranked in tracker.latest_message.get("intent_ranking") or []:
            task = task_for_intent(str(ranked.get("name")))
            if task is not None and here(turn, task) and float(ranked.get("confidence") or 0) >= LEAST_CONFIDENCE:
                choices.append((task.title, payload(task.intent, **told_all(turn, task.hears))))
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
        handed_over(turn)
        record = {
            "city_code": turn.city_code,
            "task": (tracker.active_loop or {}).get("name"),
            "asked_for": turn.requested,
            "waiting_tasks": [entry["form"] for entry in turn.slot("waiting_tasks") or []],
            "messages": _messages(tracker),
        }
        ledger = context.current().ledger
        try:
            waiting = asked_for(await asyncio.to_thread(ledger.hand_overs, turn.conversation_id, WAITING))
            # One record a conversation waits for a person; asking again does not queue twice.
            hand_over = (
                waiting[0]
                if waiting
                else await asyncio.to_thread(ledger.open_hand_over, turn.conversation_id, turn.city_code, record)
            )
        except SQLAlchemyError:
            log.exception("hand_over_not_written")
            turn.say("utter_hotline")
        else:
            turn.offer("utter_hand_over", remedy_buttons(turn), hand_over_number=hand_over.number)
        return turn.events


class SwitchCity(Action):
    """The resident wants to be served in another city."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_switch_city"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Change the city where it is one we serve; else say that we do not serve it yet and stay."""
        turn = Turn(dispatcher, tracker)
        said = turn.cities_meant() or [found for found in turn.entities if found["entity"] == "city"]
        if not said or turn.value("city") is None:
            ask_city(turn)
            return turn.events
        candidates = said[-1].get("candidates") or []
        if len(candidates) > 1:
            turn.offer("utter_which_city", which(candidates, "switch_city"))
        else:
            await switch(turn, str(said[-1]["value"]))
        return turn.events


class AskCity(Action):
    """A task needs to know in which city: asked once, the likely ones as buttons."""

    def name(self) -> str:
        """The action's name, as every form looks for it when the slot `city` is asked for."""
        return "action_ask_city"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Put the question."""
        turn = Turn(dispatcher, tracker)
        ask_city(turn)
        return turn.events


def ask_city(turn: Turn) -> None:
    """Ask for the city; where one is known it is said, so that nobody thinks it is lost."""
    buttons = [
        (city.name, payload("switch_city", city=city.name)) for city in likely(turn) if city.code != turn.city_code
    ]
    turn.offer("utter_ask_city" if turn.city_code else "utter_ask_first_city", buttons)


def _messages(tracker: Tracker) -> list[dict[str, Any]]:
    """The latest messages of both sides, oldest first."""
    said = [event for event in tracker.events if event.get("event") in ("user", "bot") and event.get("text")]
    return [
        {"from": event["event"], "text": event["text"], "at": event.get("timestamp")}
        for event in said[-MESSAGES_HANDED_OVER:]
    ]
