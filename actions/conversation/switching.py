"""Leaving one task for another, being brought back by name, and giving one up."""

from __future__ import annotations

import json
import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from actions.city.errors import CityError
from actions.conversation import signed
from actions.conversation.beginning import all_of_what_was_read_out, start_again
from actions.conversation.checkout import report_payment
from actions.conversation.cities import which
from actions.conversation.doubt import SAID_PAID
from actions.conversation.listing import have_wait
from actions.conversation.named import of_other, only_asks
from actions.conversation.outcomes import Outcome, came_of, came_of_order, under_way
from actions.conversation.several import ALL, GATHERED
from actions.conversation.subjects import Subject, city_names, several
from actions.conversation.task import (
    REQUESTED_SLOT,
    Task,
    forget_person_in_between,
    next_to_gather,
    switch_unless_there,
    task_for_form,
    task_for_intent,
)
from actions.conversation.turn import Turn
from actions.conversation.waiting import put_aside, title_of
from actions.conversation.which_order import (
    ask_which,
    declines_an_offer,
    meant,
    say_it_is_one,
    say_it_waits,
    wants_closed,
)
from actions.conversation.whose import about, keep_apart
from manifests import services

UNPAID = "awaiting_payment"
_ALL = re.compile(r"都|全部|所有|一个也")


def leave(turn: Turn, open_task: type[Task], whom: str | None) -> None:
    """Put the open task aside, as it stood before the latest message.

    Args:
        turn: in which it is left.
        open_task: the task.
        whom: whose thing it was, as `things_of` had it.
    """
    before = turn.slots_before()
    known = {slot: before[slot] for slot in open_task.slots() if before.get(slot) is not None}
    # An account of one city is nobody's, or a stranger's, in another.
    city = [before["city"]] if before.get("city") else None
    put_aside(turn, open_task, known, city=city, whom=whom)
    turn.forget(*open_task.own_slots())
    turn.events += [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]


class LeaveTask(Action):
    """Before a task starts: put the open one aside, and note the second of two requests in one message."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_leave_task"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Move the open task, as it stood before this message, to the waiting ones."""
        turn = Turn(dispatcher, tracker)
        open_task = task_for_form(_active_form(tracker))
        coming = task_for_intent(turn.intent)
        pays = open_task is None and coming is not None and bool(coming.manifest.pays)
        read_out = all_of_what_was_read_out(turn) if pays else None
        if read_out is not None:
            return [*start_again(turn, *read_out), FollowupAction(read_out[0].form())]
        was_of = turn.slot("things_of")
        keep_apart(turn)
        if open_task is not None and open_task is not coming:
            leave(turn, open_task, was_of)
        if coming is not None and open_task is not coming:
            # What an earlier session or a failed turn may have left behind is no quote and no yes of today.
            turn.forget(*coming.own_slots(), "follow_up")
            if not turn.was_just_offered(SAID_PAID):
                turn.forget(SAID_PAID)
            _no_longer_waiting(turn, coming)
            under_way(turn)
        put_further_aside(turn, coming)
        return turn.events


class ResumeTask(Action):
    """After a task has ended: go back to the one that was left last, and say so by name."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_resume_task"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Bring the latest waiting task back with what it knew; with none waiting, do nothing."""
        turn = Turn(dispatcher, tracker)
        _no_longer_gathered(turn)
        waiting = list(turn.slot("waiting_tasks") or [])
        while waiting:
            entry = waiting.pop()
            task = task_for_form(entry["form"])
            if task is None:
                continue
            turn.set("waiting_tasks", waiting or None)
            names = entry.get("city") or []
            if len(names) > 1:
                known = {name: str(value) for name, value in entry["slots"].items() if name in task.hears}
                turn.offer("utter_which_city", which(names, task.intent, **known))
                return turn.events
            if names and not await switch_unless_there(turn, names[0]):
                # It is said that nobody serves it there; done here it would be for another city than was meant.
                continue
            if entry.get("called"):
                turn.say("utter_next_of_several", task=task.title, called=entry["called"])
            else:
                turn.say("utter_next_task" if entry.get("first_time") else "utter_resume_task", task=task.title)
            about(turn, entry.get("whom"))
            for slot, value in entry["slots"].items():
                turn.put_back(slot, value)
            under_way(turn)
            return [*turn.events, FollowupAction(task.form())]
        return turn.events


class CancelTask(Action):
    """The resident does not want to go on: forget the open task; what waits behind it is resumed by the rule."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_cancel_task"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """End the open task and say which; with none open, say that nothing was going on."""
        turn = Turn(dispatcher, tracker)
        open_task = task_for_form(_active_form(tracker))
        if open_task is None and signed.asked_to_erase(turn):
            turn.say("utter_erasure_declined")
            return turn.events
        if open_task is None:
            await self.close_unpaid(turn)
            return turn.events
        form = open_task.form()
        if only_asks(turn):
            turn.say("utter_not_answered")
            return [*turn.events, FollowupAction(form)]
        other = of_other(turn, open_task)
        if other is not None:
            turn.say("utter_not_begun")
            left = [
                entry
                for entry in turn.slot("waiting_tasks") or []
                if (task := task_for_form(entry["form"])) and task.service != other
            ]
            turn.set("waiting_tasks", left or None)
            return [*turn.events, FollowupAction(form)]
        turn.say("utter_task_cancelled", task=open_task.title)
        if _ALL.search(turn.text) and turn.slot("waiting_tasks"):
            turn.say("utter_waiting_cancelled", tasks="、".join(reversed([*map(title_of, turn.slot("waiting_tasks"))])))
            turn.forget("waiting_tasks")
        if _ALL.search(turn.text):
            turn.forget(GATHERED)
        came_of(turn, open_task, Outcome.LEFT)
        turn.forget(*open_task.own_slots())
        forget_person_in_between(turn)
        return [*turn.events, ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]

    @staticmethod
    async def close_unpaid(turn: Turn) -> None:
        """With no task open, close the payment that is clearly meant to be; any other no is told that it waits.

        A payment of several orders is closed whole or not at all: a no to a part of it is told so.
        """
        payments = context.current().payments
        orders = await payments.open_orders(turn.conversation_id)
        waiting = [order for order in orders if order.state == UNPAID]
        if not waiting:
            turn.say("utter_nothing_to_cancel")
            return
        declined = declines_an_offer(turn)
        wanted = [] if declined else meant(turn, waiting)
        pressed = any(order.trade_number in turn.text for order in wanted)
        numbers = dict.fromkeys(order.payment_number for order in wanted or waiting)
        meant_payments = [await payments.payment(number) for number in numbers]
        if declined:
            turn.say("utter_offer_declined")
        if not wanted or not (pressed or wants_closed(turn.text)):
            for payment in meant_payments:
                say_it_waits(turn, payment)
            return
        numbers_wanted = {order.trade_number for order in wanted}
        in_part = [one for one in meant_payments if {order.trade_number for order in one.orders} - numbers_wanted]
        if in_part and not pressed:
            for payment in in_part:
                say_it_is_one(turn, payment)
            return
        if len(meant_payments) > 1 and not _ALL.search(turn.text):
            ask_which(turn, meant_payments)
            return
        for payment in meant_payments:
            if not signed.was_handed_out(turn, payment.number):
                turn.say("utter_order_runs_out", subject=payment.subject)
                continue
            try:
                after = await payments.give_up_payment(payment.number, turn.conversation_id)
            except CityError:
                turn.say("utter_payment_not_closed", subject=payment.subject)
                continue
            if after.state == UNPAID:
                turn.say("utter_payment_left", subject=after.subject)
                came_of_order(turn, after.first)
            else:
                report_payment(turn, after)


def put_further_aside(turn: Turn, coming: type[Task] | None) -> None:
    """Have everything the message asks for besides its first request wait, each in the city it is for.

    Args:
        turn: what was said.
        coming: the task that its first request starts.
    """
    for request in reversed(turn.further_requests()):
        further = task_for_intent(str(request["value"]))
        if further is not None and further is not coming:
            only_theirs = [slot for slot in further.hears if coming is None or slot not in coming.hears]
            told = {**turn.told(only_theirs), **turn.told_in(request, further.hears)}
            said = several(turn, further.intent, request)
            one = [Subject(told, city_names(turn.cities_of(request)[:1]))]
            have_wait(turn, further, said or one)
    if coming is None:
        return
    # 杭州和嘉兴的水费: the first city now, each other one as a request of its own. A number is one biller's, and stays here.
    numbers = {name for name, entity in services().entities().items() if entity.reader == "number"}
    slots = turn.told(slot for slot in coming.hears if slot not in numbers)
    with_numbers = [subject.city for subject in several(turn, coming.intent)]
    for other in reversed(turn.cities_meant()[1:]):
        if city_names([other]) not in with_numbers:
            put_aside(turn, coming, slots, first_time=True, city=city_names([other]))


def _no_longer_gathered(turn: Turn) -> None:
    """Have what was looked up to be paid with the next look-up wait again, where that has come to nothing.

    The other bill is not known, owes nothing, or is not wanted any more: what was found before is read out by itself then.
    """
    kept = (turn.slot(GATHERED) or {}).get("offers") or []
    if not kept or next_to_gather(turn) is not None:
        return
    turn.forget(GATHERED)
    accounts = {json.dumps(offer["slots"], sort_keys=True): offer for offer in kept}
    for offer in reversed(accounts.values()):
        task = task_for_intent(offer["intent"])
        if task is not None:
            put_aside(turn, task, {**offer["slots"], task.choices[0]: ALL}, first_time=len(accounts) > 1)


def _no_longer_waiting(turn: Turn, coming: type[Task]) -> None:
    """Take out of the waiting tasks the one that starts anew with the same words."""
    said = turn.told(coming.hears)
    waiting = list(turn.slot("waiting_tasks") or [])
    left = [entry for entry in waiting if entry["form"] != coming.form() or not _same(said, entry["slots"])]
    if left != waiting:
        turn.set("waiting_tasks", left or None)


def _same(said: dict[str, Any], known: dict[str, Any]) -> bool:
    return bool(said) and all(known.get(slot) == value for slot, value in said.items())


def _active_form(tracker: Tracker) -> str | None:
    return (tracker.active_loop or {}).get("name")
