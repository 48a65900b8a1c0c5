"""Danger comes first: whom to call and what to do at once; whatever was being done is left as it stands."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ACTION_LISTEN_NAME
from rasa_sdk.types import DomainDict

from actions.conversation.turn import Turn
from manifests import places, services

KIND = "emergency_kind"
EMERGENCY = "emergency"
ANSWER = "action_answer_emergency"
WARNED = "warned_of_danger"

TAKES_UP = frozenset(
    {"affirm", "check_payment", "cashier_trouble", "deny", "thanks", "greet", "help", "inform", "nlu_fallback", ""}
)
"""Intents of a message after an emergency that start nothing else: 好的, 不用了, 打过了 (which sounds like 付过了), 继续."""


class AnswerEmergency(Action):
    """Somebody is in danger."""

    def name(self) -> str:
        """The action's name in the rules."""
        return ANSWER

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Say whom to call; an open task stays open and does not ask again until the next message."""
        turn = Turn(dispatcher, tracker)
        warn(turn, domain)
        form = str((tracker.active_loop or {}).get("name") or "")
        service = services().of_intent(form.removesuffix("_form"))
        if service is None:
            return turn.events
        turn.set(WARNED, True)
        turn.say("utter_emergency_kept", task=service.tasks[form.removesuffix("_form")].title)
        # The form has refused the message; opened anew it is the first to hear the next one.
        return [*turn.events, ActiveLoop(form), FollowupAction(ACTION_LISTEN_NAME)]


def warn(turn: Turn, domain: DomainDict) -> bool:
    """Say whom to call, where the latest message speaks of danger; whether it does.

    Args:
        turn: what was said.
        domain: with the responses; a kind without words of its own gets those for all.
    """
    kind = danger_in(turn)
    if kind is None:
        return False
    response = f"utter_emergency_{kind}"
    turn.say(response if response in domain.get("responses", {}) else "utter_emergency")
    city = places().city(turn.city_code) if turn.city_code else None
    payee, line = (city.biller(kind), city.says.hotlines.get(kind)) if city is not None else (None, None)
    if payee and line:  # whoever is owed for it has to mend it: the kind and the city's service bear one name
        turn.say("utter_emergency_line", payee=payee, line=line)
    return True


def danger_in(turn: Turn) -> str | None:
    """The kind of danger of which the latest message speaks; None where it speaks of none."""
    found = next((one["value"] for one in turn.entities if one["entity"] == KIND), None)
    if turn.intent == EMERGENCY:
        return str(found or "")
    return str(found) if found else None


def was_danger_before(turn: Turn) -> bool:
    """Whether the message before this one was an emergency: nothing was asked after it, so nothing is answered now."""
    return turn.was_just_offered(WARNED)


def go_on_after(turn: Turn, title: str) -> None:
    """Say with what it goes on, in the first message after an emergency.

    Args:
        turn: with that message.
        title: the open task's.
    """
    if was_danger_before(turn):
        turn.set(WARNED, None)  # Rasa takes a form that sets nothing for one that did not listen
        turn.say("utter_emergency_go_on", task=title)
