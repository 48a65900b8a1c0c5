"""A task: one thing a resident can get done, as one Rasa form that asks, listens, asks the city and confirms."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection
from rasa_sdk.types import DomainDict

from actions import context
from actions.city.connection import CityConnection
from actions.city.errors import CityError, InMaintenance, NotConnected, TooOften
from actions.conversation import signed
from actions.conversation.answers_in_words import form_said, name_said, number_said, place_said
from actions.conversation.choosing import chosen_in_words, means_all, refuses_all
from actions.conversation.cities import switch, which
from actions.conversation.doubt import do_not_pay_again, is_doubted
from actions.conversation.emergencies import EMERGENCY, TAKES_UP, go_on_after, warn, was_danger_before
from actions.conversation.errors import explain
from actions.conversation.listing import begin, give_up, share_bill
from actions.conversation.outcomes import Outcome, came_of, not_known, of_error
from actions.conversation.privacy import ID_NUMBER, say_why
from actions.conversation.quote_questions import answer_about
from actions.conversation.several import (
    ALL,
    GATHERED,
    all_but,
    as_of,
    can_be_gathered,
    can_be_paid_together,
    chosen,
    is_kept,
    is_several,
    left_out,
    together,
)
from actions.conversation.subjects import CORRECTS, told_to, wanted
from actions.conversation.turn import Turn, payload
from actions.conversation.waiting import told_together
from actions.conversation.whose import about, is_somebody_elses, keep_apart, nobody_in_particular, spoken_whom
from actions.conversation.yes import is_bare_request_for_all, is_plain_yes, is_yes_to_all
from manifests import TaskManifest, services
from manifests.service import PERSON

REQUESTED_SLOT = "requested_slot"
CITY = "city"
"""What every task needs first: asked for once, then known for all."""
CONFIRMATION = "confirmation"
_ONLY = re.compile(r"只|单独|光[交缴付]")
_REFUSES = re.compile(r"算了|不了|不用|不要了|先不|别|不交|不付|不挂|不退")
# How much of a message its entities must make up, for it to be a bare answer.
HALF, MOSTLY = 0.5, 0.8


class Task(Action, ABC):
    """The form behind one task. A service's module subclasses it once for each thing its residents can do.

        class PayParkingFee(Task, intent="pay_parking_fee"):
            async def advance(self, turn): ...

    What it is called, asks, hears and keeps is read from the service's manifest (`manifests.service.TaskManifest`, which
    explains each of the attributes below).
    """

    intent: ClassVar[str] = ""
    service: ClassVar[str] = ""
    manifest: ClassVar[TaskManifest]
    title: ClassVar[str] = ""
    hears: ClassVar[tuple[str, ...]] = ()
    yes_no: ClassVar[tuple[str, ...]] = ()
    choices: ClassVar[tuple[str, ...]] = ()
    keeps: ClassVar[tuple[str, ...]] = ()
    private: ClassVar[tuple[str, ...]] = (signed.QUOTE, signed.SIGNED_YES)
    """Slots that are the task's own though nobody says them."""

    def __init_subclass__(cls, intent: str = "", **options: Any) -> None:
        """Take over what the manifest says of the task that `intent` starts.

        Raises:
            KeyError: no manifest has such a task.
        """
        super().__init_subclass__(**options)
        if not intent:
            return
        service = services().of_intent(intent)
        if service is None:
            raise KeyError(f"no manifest in data/services has a task {intent}")
        cls.intent, cls.service, cls.manifest = intent, service.name, service.tasks[intent]
        cls.title, cls.hears, cls.keeps = cls.manifest.title, cls.manifest.hears, cls.manifest.keeps
        cls.yes_no, cls.choices = cls.manifest.yes_no or (), cls.manifest.choices or ()

    def name(self) -> str:
        """The validation action's name, as Rasa looks for it."""
        return f"validate_{self.intent}_form"

    @classmethod
    def form(cls) -> str:
        """The name of the task's form."""
        return f"{cls.intent}_form"

    @classmethod
    def slots(cls) -> tuple[str, ...]:
        """Every slot the task may fill."""
        return tuple(dict.fromkeys(cls.hears + cls.yes_no + cls.choices + cls.private))

    @classmethod
    def own_slots(cls) -> tuple[str, ...]:
        """The slots to forget when the task ends or is left."""
        return tuple(slot for slot in cls.slots() if slot not in cls.keeps)

    @abstractmethod
    async def advance(self, turn: Turn) -> None:
        """Do what can be done with what is known: ask the city, fill what follows, end early with `finish`.

        Raises:
            CityError: the city's answer is an error; the resident is told in plain words and the task ends.
        """

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Listen to the latest message if it is for this task, go as far as possible, and say what to ask next.

        Raises:
            ActionExecutionRejection: the message is not for this task; Rasa's rules answer it and return here.
        """
        turn = Turn(dispatcher, tracker, task=self.intent)
        fresh = turn.just_heard(self.form())
        answered = fresh and self.answered_from_quote(turn)
        if fresh and not answered and not self.concerns(turn):
            raise ActionExecutionRejection(self.form())
        if fresh and not warn(turn, domain):
            go_on_after(turn, self.title)
        if answered or (fresh and give_up(turn, type(self))):
            # Rasa takes a form that sets nothing for one that did not listen.
            turn.put_back(signed.QUOTE, tracker.slots.get(signed.QUOTE))
        elif not self.refused(turn):
            if fresh:
                self.listen(turn)
            elsewhere = [offer for offer in offers_of(turn) if is_kept(offer)]
            if signed.read_anew(turn, type(self)) and elsewhere:
                # What is looked up anew here is still to be paid with what was looked up elsewhere.
                gather(turn, elsewhere)
            await self.go_on(turn, fresh)
        if turn.slot("task_finished"):
            if is_doubted(turn) and self.manifest.ends == "look_up":
                do_not_pay_again(turn)
            turn.set("task_finished", None)
            turn.events.append(SlotSet(REQUESTED_SLOT, None))
        else:
            # Which city comes before everything else: what it does not offer, nobody need be asked for.
            asked = self.next_slot(turn, list(self.manifest.asks)) if turn.city_code else CITY
            turn.events.append(SlotSet(REQUESTED_SLOT, asked))
            if asked == ID_NUMBER:
                say_why(turn, services()[self.service].why_id_number)
            if asked in self.yes_no:
                signed.ask(turn, type(self), asked)
        return turn.events

    def answered_from_quote(self, turn: Turn) -> bool:
        """Answer what is asked about the sentence before the yes, such as whose bill it is; False where that is not asked."""
        quote = self.quoted(turn) if turn.requested == CONFIRMATION else None
        return quote is not None and answer_about(turn, quote)

    async def go_on(self, turn: Turn, fresh: bool) -> None:
        """Do what can be done in the resident's city, and explain what the city cannot."""
        try:
            if (not fresh or await self.in_the_city_said(turn)) and await self.offered_here(turn):
                await self.not_too_often(turn)
                known = self.number_known(turn)
                await self.advance(turn)
                if known and not self.number_known(turn) and told_together(turn, type(self)):
                    # It was said to be nobody's; of several, the others are done all the same.
                    self.finish(turn, Outcome.NOT_FOUND)
        except CityError as error:
            explain(turn, error, again=self.payload(turn))
            self.finish(turn, of_error(error))

    async def not_too_often(self, turn: Turn) -> None:
        """See that what the task is done with is not one too many of different ones, where the manifests limit them.

        Raises:
            TooOften: it is, and forgotten.
        """
        how_often = context.current().how_often
        for entity, declared in services().entities().items():
            value = turn.slot(entity) if declared.at_most and entity in self.hears else None
            if value is None or how_often is None:
                continue
            try:
                await how_often.look_up(declared.at_most, entity, declared.title, str(value))
            except TooOften:
                turn.forget(entity)
                raise

    def refused(self, turn: Turn) -> bool:
        """Whether the task is done for nobody but oneself, and another's is asked for; that is said, and the task ends.

        What is known of somebody else is forgotten before. The button of such a task means one's own.
        """
        if self.manifest.whom == "self" and turn.is_button and turn.intent == self.intent:
            about(turn, None)
        if self.manifest.whom == "conversation":
            nobody_in_particular(turn)
            return False
        keep_apart(turn)
        if self.manifest.whom != "self" or not is_somebody_elses(turn):
            return False
        own = [("查我自己的", payload(self.intent))]
        turn.offer("utter_only_for_oneself", own, service=services()[self.service].title, whom=spoken_whom(turn))
        self.finish(turn, Outcome.FAILED)
        return True

    async def in_the_city_said(self, turn: Turn) -> bool:
        """Go to the city that the message means; False where that cannot be done, or must be asked first.

        Asked for where they are, residents mean any city they name. Of several, the first comes first; the others wait as
        requests of their own.
        """
        meant = turn.cities_meant()
        if turn.requested == CITY and not meant and turn.value("city") is not None:
            meant = [found for found in turn.entities if found["entity"] == "city"][-1:]
        if not meant:
            return True
        candidates = meant[0].get("candidates") or []
        if len(candidates) > 1:
            # Who somebody is stands in no button; it is kept for when the task starts again.
            known = {slot: value for slot, value in self.known(turn).items() if slot not in PERSON}
            turn.offer("utter_which_city", which(candidates, self.intent, **known))
            self.finish(turn, None)
            return False
        if not await switch_unless_there(turn, str(meant[0]["value"])):
            if turn.requested != CITY:
                self.finish(turn, Outcome.NOT_OFFERED)
            return False
        return True

    async def offered_here(self, turn: Turn) -> bool:
        """Whether the city offers the task by now and is not in maintenance; if not, it is said and the task ends.

        Nothing is asked of a resident before that: an ID number that serves nothing must not be told. False, and nothing
        said, while the city is not known.
        """
        if not turn.city_code:
            return False
        code = self.city_service(turn)
        # Which part of the service is meant may not be known yet; then one that is offered is enough.
        parts = [code] if code is not None else list(services()[self.service].city_services)
        refusals: list[CityError] = []
        for part in parts:
            try:
                await context.current().cities.offered(turn.city_code, part)
            except (NotConnected, InMaintenance) as refusal:
                refusals.append(refusal)
        if len(refusals) < len(parts):
            return True
        reason = next((one for one in refusals if isinstance(one, InMaintenance)), refusals[0])
        explain(turn, reason)
        self.finish(turn, of_error(reason))
        return False

    @classmethod
    def city(cls, turn: Turn) -> CityConnection:
        """The city's service that the task calls, in the resident's city.

        Raises:
            CityError: it is not known yet which part of the service is meant.
        """
        code = cls.city_service(turn)
        if code is None or not turn.city_code:
            raise NotConnected()
        return context.current().cities.at(turn.city_code, code)

    @classmethod
    def city_service(cls, turn: Turn) -> str | None:
        """The code of the city's service that the task calls; None while it is not known which part is meant."""
        return services()[cls.service].city_service(cls.intent, turn.tracker.slots)

    @classmethod
    def quoted(cls, turn: Turn) -> dict[str, Any] | None:
        """What was read out before the yes: the offer that was chosen, or the quote itself where there is no choice."""
        if cls.choices:
            return picked(turn, cls.choices[0])
        return turn.slot("quote") or None

    @classmethod
    def quote_anew(cls, turn: Turn, now: list[dict[str, Any]]) -> None:
        """Have these stand where what was read out stood, to be read out anew: see `quoted`.

        Args:
            turn: whose resident has said yes to what has changed since.
            now: the quotes that are left of it, one or more.
        """
        before = turn.slot("quote") or {}
        if not cls.choices:
            turn.set("quote", {**before, **now[0]})
            return
        read_out = chosen(turn.slot(cls.choices[0]), offers_of(turn))
        if len(now) == len(read_out):
            news = iter(now)
            now = [next(news) if offer in read_out else offer for offer in offers_of(turn)]
        else:
            turn.set(cls.choices[0], "1" if len(now) == 1 else ALL)
        turn.set("quote", {**before, "offers": now})

    @classmethod
    async def read_again(cls, turn: Turn, quote: dict[str, Any]) -> dict[str, Any] | None:
        """The quote as the city has it now, after a yes to it; None where nothing is to be paid for it any more.

        A task that pays what the city asks for reads it there; a sum that the resident has chosen stays what it is.

        Raises:
            CityError: the city does not say; nothing may be ordered then.
        """
        return quote

    @classmethod
    async def read_all_again(cls, turn: Turn, quotes: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
        """Each of several quotes as `read_again` has it. A task whose city tells all with one answer asks once."""
        return [await cls.read_again(turn, quote) for quote in quotes]

    def payload(self, turn: Turn) -> str:
        """The button that does this task again with what is known."""
        return payload(self.intent, **self.known(turn))

    @classmethod
    def known(cls, turn: Turn) -> dict[str, str]:
        """Those of the slots the task hears that are filled, with their values; what is secret stays behind."""
        hears = (slot for slot in cls.hears if slot not in services().secrets())
        return {slot: str(turn.slot(slot)) for slot in hears if turn.slot(slot) is not None}

    def next_slot(self, turn: Turn, required: list[str]) -> str | None:
        """The first slot of `required` that is not filled; None ends the form."""
        return next((slot for slot in required if turn.slot(slot) is None), None)

    def finish(self, turn: Turn, outcome: Outcome | None = Outcome.TOLD) -> None:
        """End the task after this turn, whatever is still open.

        Args:
            turn: in which it ends.
            outcome: what came of it; None where it is only put off.
        """
        turn.set("task_finished", True)
        came_of(turn, self, outcome)

    def heard(self, turn: Turn) -> dict[str, Any]:
        """The slots that the latest message fills, with their values."""
        found: dict[str, Any] = dict(told_to(turn, self.intent))
        noted = turn.slot("noted") or {}
        if turn.intent == self.intent and turn.requested is None:
            found = {**{slot: noted[slot] for slot in self.hears if slot in noted}, **found}
            found |= self.number_meant(turn, found)
        subjects = wanted(turn, type(self))
        if subjects:
            numbers = services().numbers(self.intent)
            found = {slot: value for slot, value in found.items() if slot not in numbers} | subjects[0].slots
        # What can be read in several ways is asked for, also where it was known before: 改约周三还是周四.
        found.update({slot: None for slot in self.hears if slot not in found and turn.readings(slot)})
        found.update(self.answered(turn, found))
        if self.begins_with_all(turn):
            found[self.choices[0]] = ALL
        return found

    def number_known(self, turn: Turn) -> bool:
        """Whether a number is known that the task is done for."""
        return any(turn.slot(slot) is not None for slot in services().numbers(self.intent))

    def number_meant(self, turn: Turn, found: dict[str, Any]) -> dict[str, Any]:
        """The task's own number, where the message that starts it has one that was taken for another service's.

        Many numbers look alike; what it is said for decides.
        """
        numbers = [name for name, entity in services().entities().items() if entity.reader == "number"]
        own = [name for name in self.hears if name in numbers]
        further = turn.further_requests()
        said = [one for one in turn.entities if not any(turn.is_inside(one, request) for request in further)]
        if len(own) != 1 or own[0] in found or not any(one["entity"] in numbers for one in said):
            return {}
        digits = number_said(turn, own[0])
        return {own[0]: digits} if digits else {}

    def answered(self, turn: Turn, found: dict[str, Any]) -> dict[str, Any]:
        """What the latest message says to the question that was just asked, where its entities alone do not tell."""
        requested = turn.requested
        if requested is None or requested in found:
            return {}
        if requested in self.yes_no and was_danger_before(turn):
            return {}  # 好的 is said to the emergency; the question is put once more
        if self.wants_all(turn):
            return self.answered_all(turn, requested)
        if requested in self.yes_no:
            return self.answered_yes_or_no(turn, requested)
        if requested in self.choices:
            place = place_said(turn) or chosen_in_words(turn.text, offers_of(turn))
            return {requested: place} if place is not None else {}
        if requested in self.hears and not found:
            digits = number_said(turn, requested) or form_said(turn, requested)
            if digits:
                return {requested: digits}
        if requested == "person_name" and turn.intent in ("inform", "out_of_scope", "nlu_fallback"):
            name = name_said(turn)
            return {requested: name} if name else {}
        return {}

    def wants_all(self, turn: Turn) -> bool:
        """Whether all that was found is to be paid at once, in answer to the choice or to the yes that one of it needs."""
        asked = turn.requested in (*self.choices[:1], *self.yes_no)
        if not (self.manifest.pays and asked and offers_of(turn)) or turn.is_button:
            return False
        return self.means_all(turn)

    @classmethod
    def means_all(cls, turn: Turn) -> bool:
        """Whether the latest message wants all paid; what sounds like the past (我都交了) is looked up, not paid."""
        if turn.intent == "check_payment":
            return is_bare_request_for_all(turn.text, "|".join(cls.manifest.yes_verbs))
        return means_all(turn.text)

    def pays_together(self, turn: Turn) -> bool:
        """Whether what was found can be paid with one payment."""
        return bool(self.manifest.confirms_all) and can_be_paid_together(offers_of(turn))

    def begins_with_all(self, turn: Turn) -> bool:
        """Whether a message wants all paid before it is known what that is: 把水费都交了. The total is read out first."""
        return bool(
            self.manifest.confirms_all
            and self.choices
            and not offers_of(turn)
            and not turn.is_button
            and (turn.intent == self.intent or turn.requested in self.hears)
            and self.means_all(turn)
        )

    def answered_all(self, turn: Turn, requested: str) -> dict[str, Any]:
        """All at once, or all but some that are named; a yes only to the very total that has just been read out."""
        choice = self.choices[0]
        if not self.pays_together(turn):
            # It begins with the first; one that was chosen stays chosen.
            return {choice: turn.slot(choice) or "1"}
        wanted = choice_without(left_out(turn.text, offers_of(turn)), offers_of(turn))
        is_read_out = requested in self.yes_no and turn.slot(choice) == wanted
        count = len(chosen(wanted, offers_of(turn)))
        if is_read_out and is_yes_to_all(turn, "|".join(self.manifest.yes_verbs), count):
            return {requested: True}
        return {choice: wanted}

    def choice_made(self, turn: Turn) -> str | None:
        """What was chosen of what was found, if anything was."""
        return turn.slot(self.choices[0]) if self.choices else None

    def forget_quote(self, turn: Turn) -> None:
        """Forget what was read out, and the yes; that all is to be paid stays wanted, whatever that is then.

        What was looked up elsewhere, to be paid with it, is kept.
        """
        kept = self.choice_made(turn) if self.manifest.confirms_all else None
        elsewhere = [offer for offer in offers_of(turn) if is_kept(offer)]
        if elsewhere:
            gather(turn, elsewhere)
        turn.forget(*self.yes_no, "quote", *(slot for slot in self.choices if kept != ALL))

    def settle_choice(self, turn: Turn) -> None:
        """Once it is known what can be paid: gather it, where all of several look-ups is wanted; choose the only one; what is
        no choice is said and forgotten."""
        offers, choice = offers_of(turn), self.choices[0]
        if offers and turn.slot(choice) == ALL and can_be_gathered(offers):
            before = gathered(turn)
            offers = [*before, *offers]
            if next_to_gather(turn) == self.form():
                gather(turn, [offer if is_kept(offer) else as_of(turn, type(self), offer) for offer in offers])
                self.finish(turn, None)
                return
            if before:
                turn.forget(GATHERED)
                turn.set("quote", {**turn.slot("quote"), "offers": offers})
        if len(offers) == 1 and turn.slot(choice) in (None, ALL):
            turn.set(choice, "1")
        if offers and turn.slot(choice) is not None and picked(turn, choice) is None:
            turn.say("utter_no_such_choice")
            turn.forget(choice)

    def want_all_of_each(self, turn: Turn) -> None:
        """Of several things said together, have all of each wanted: what waits is gathered, and paid with one payment."""
        mine = told_together(turn, type(self))
        waiting = [
            {**entry, "slots": {**entry["slots"], self.choices[0]: ALL}} if entry in mine else entry
            for entry in turn.slot("waiting_tasks") or []
        ]
        turn.set("waiting_tasks", waiting)

    def say_one_by_one(self, turn: Turn) -> None:
        """Say how many there are, and that one is paid after the other; or that there is one alone."""
        if len(offers_of(turn)) < 2:
            turn.say("utter_only_one")
        else:
            turn.say("utter_one_at_a_time", count=len(offers_of(turn)))

    def answered_yes_or_no(self, turn: Turn, requested: str) -> dict[str, Any]:
        """A plain yes, a no, another choice from the list that was read out before, or a value said to be wrong."""
        without = left_out(turn.text, offers_of(turn)) if is_several(self.choice_made(turn)) else []
        if without:
            return {self.choices[0]: choice_without(without, offers_of(turn))}
        if self.choices and len(offers_of(turn)) > 1:
            choice = turn.value("ordinal") or chosen_in_words(turn.text, offers_of(turn))
            if choice is not None and choice != turn.slot(self.choices[0]):
                return {self.choices[0]: choice}
        if is_plain_yes(turn, "|".join(self.manifest.yes_verbs) if requested == CONFIRMATION else ""):
            return {requested: True}
        if turn.intent == "deny":
            if self.refuses_something_else(turn):
                return {}
            # 不对，户号错了 is no refusal: the wrong value is asked for again.
            doubts = self.manifest.doubts.items()
            doubted = [slot for slot, words in doubts if any(word in turn.text for word in words)]
            return dict.fromkeys(doubted) if doubted else {requested: False}
        return {requested: False} if _REFUSES.match(turn.text) and not self.refuses_something_else(turn) else {}

    @classmethod
    def refuses_something_else(cls, turn: Turn) -> bool:
        """Whether a message with a no in it is no no to this task: a question, or about another service."""
        from actions.conversation.named import of_other, only_asks  # it knows the tasks

        return only_asks(turn) or of_other(turn, cls) is not None

    @classmethod
    def names_another_service(cls, turn: Turn) -> bool:
        """Whether a message speaks of a service, and not of this one."""
        from actions.conversation.named import named  # it knows the tasks

        about = named(turn)
        return bool(about) and cls.service not in about

    def concerns(self, turn: Turn) -> bool:
        """Whether the latest message is for this task, as the answer to its question or to correct what it knows."""
        if turn.intent == EMERGENCY:
            return False
        heard = self.heard(turn)
        if turn.intent == self.intent or (self.wants_all(turn) and not self.names_another_service(turn)):
            return True
        if turn.intent == "deny" and refuses_all(turn.text) and told_together(turn, type(self)):
            return False
        if turn.requested is None and self.choice_made(turn) == ALL and self.means_all(turn):
            return True  # it has just been begun by this message (`courtesy.all_of_what_was_read_out`)
        if was_danger_before(turn) and turn.intent in TAKES_UP:
            return True
        if turn.requested == CITY and turn.value("city") is not None and turn.covered() >= HALF:
            return True
        if turn.requested in self.yes_no and heard.get(turn.requested) is True:
            # 好的谢谢 is thanks to the classifier, 交 a request; after the sentence that asks for a yes it is one.
            return True
        chooses = turn.requested in self.yes_no and bool(heard.keys() & set(self.choices))
        if chooses and (turn.intent == "nlu_fallback" or (turn.intent == "out_of_scope" and _ONLY.search(turn.text))):
            # 不是这笔，是9月的 is half a no and half a choice; the choice is heard. So is 只交第一个.
            return True
        other = task_for_intent(turn.intent)
        if other is not None:
            # A bare noun ("电费") that answers our question, or corrects what we know, reads like a request of its own;
            # inside the same service it is ours.
            means_ours = turn.requested in heard or turn.covered() >= MOSTLY or CORRECTS.search(turn.text)
            return other.service == self.service and bool(heard) and bool(means_ours)
        if turn.intent in ("inform", "affirm", "deny"):
            return bool(heard)
        if turn.intent in ("out_of_scope", "nlu_fallback", ""):
            return turn.requested in heard and (
                turn.covered() >= HALF or turn.requested not in self.hears or not turn.entities
            )
        return False

    def listen(self, turn: Turn) -> None:
        """Remember what the latest message says to this task: only values in normal form; what the city knows, `advance` asks."""
        before = dict(turn.tracker.slots)
        heard, subjects = self.heard(turn), wanted(turn, type(self))
        if self.wants_all(turn) and not self.pays_together(turn):
            self.say_one_by_one(turn)
        if turn.requested == CITY and not heard:
            # Rasa takes a form that sets nothing for one that did not listen.
            turn.set("city", turn.slot("city"))
        noted = {slot: value for slot, value in (turn.slot("noted") or {}).items() if slot not in self.hears}
        if noted != (turn.slot("noted") or {}):
            turn.set("noted", noted or None)
        if subjects:
            begin(turn, type(self), subjects)
            if self.choices and heard.get(self.choices[0]) == ALL:
                self.want_all_of_each(turn)
        for slot, value in heard.items():
            # What is said again is remembered again: Rasa takes a form that sets nothing for one that did not listen.
            turn.set(slot, value)
        share_bill(turn, type(self))
        news = {slot for slot, value in heard.items() if before.get(slot) != value}
        if news & {*self.hears, *self.choices}:
            # A yes beside a correction is no yes to the sentence that was read out.
            turn.forget(*self.yes_no)
        for slot in self.yes_no:
            if heard.get(slot) is True and turn.slot(slot) is True:
                signed.hear(turn, type(self), slot)
        for told, other in (("person_name", "id_number"), ("id_number", "person_name")):
            # A name and an ID number belong to one person: a new one alone does not go with the old other.
            if told in news and before.get(told) is not None and other not in heard:
                turn.forget(other)
        if news & {"person_name", "id_number"}:
            not_known(turn)


def forget_person_in_between(turn: Turn) -> None:
    """When a task is over: forget whom it was done for, if it was somebody else, or if only half of them is known."""
    if is_somebody_elses(turn) or turn.slot("id_number") is None:
        turn.forget("person_name", "id_number", "phone")


def offers_of(turn: Turn) -> list[dict[str, Any]]:
    """What the quote offers to choose from, in the order it was read out."""
    return (turn.slot("quote") or {}).get("offers") or []


def picked(turn: Turn, choice: str) -> dict[str, Any] | None:
    """What the slot `choice` means of the quote's offers: one of them, or the quote of several; None where there is none."""
    found = chosen(turn.slot(choice), offers_of(turn))
    if len(found) > 1:
        return together(found) if can_be_paid_together(found) else None
    return found[0] if found else None


def gather(turn: Turn, offers: list[dict[str, Any]]) -> None:
    """Keep offers, as `several.as_of` has them, to be paid with those of the next look-up; signed, as a quote is."""
    turn.put_back(GATHERED, signed.sealed(turn, {"offers": offers}))


def gathered(turn: Turn) -> list[dict[str, Any]]:
    """What was gathered for the task that is gone on with; none where it is not ours."""
    kept = turn.slot(GATHERED)
    quote = signed.read(turn, kept).quote if kept is not None else None
    return quote["offers"] if quote else []


def next_to_gather(turn: Turn) -> str | None:
    """The form that waits next, where everything it finds is to be paid together with what was found before; else None.

    So it is where several things were named together and all of them wanted: 水费电费都交了.
    """
    waiting = turn.slot("waiting_tasks") or []
    if not waiting or not waiting[-1].get("first_time") or waiting[-1].get("city") not in (None, [turn.slot("city")]):
        return None
    entry = waiting[-1]
    task = task_for_form(entry["form"])
    choices = task.choices if task is not None else ()
    return entry["form"] if any(entry["slots"].get(choice) == ALL for choice in choices) else None


def choice_without(places: list[int], offers: list[dict[str, Any]]) -> str:
    """The choice of all offers but those at some places; where one alone is left, that one."""
    left = [place for place in range(1, len(offers) + 1) if place not in places]
    return str(left[0]) if len(left) == 1 else all_but(places)


async def switch_unless_there(turn: Turn, city: str) -> bool:
    """Go to a city that was named; True without a word where the resident is served there already."""
    return city == turn.slot("city") or await switch(turn, city)


def all_tasks() -> list[type[Task]]:
    """Every task of every service, in the order of their names."""
    found: set[type[Task]] = set()
    waiting = list(Task.__subclasses__())
    while waiting:
        task = waiting.pop()
        waiting += task.__subclasses__()
        if task.intent:
            found.add(task)
    return sorted(found, key=lambda task: task.intent)


def task_for_intent(intent: str) -> type[Task] | None:
    """The task that `intent` starts, or None where it starts none."""
    return next((task for task in all_tasks() if task.intent == intent), None)


def task_for_form(form: str | None) -> type[Task] | None:
    """The task behind `form`, or None where there is none."""
    return next((task for task in all_tasks() if task.form() == form), None)


def task_of(sent: str) -> tuple[type[Task], dict[str, Any]] | None:
    """The task that a button starts, and what it says to it; None where it starts none.

    Args:
        sent: the button's payload, as `turn.payload` writes it.
    """
    intent, brace, rest = sent.removeprefix("/").partition("{")
    task = task_for_intent(intent.strip())
    if task is None:
        return None
    try:
        said = json.loads(brace + rest) if brace else {}
    except ValueError:
        return None
    return task, {slot: value for slot, value in said.items() if slot in task.hears}
