"""One turn of a conversation: what the resident just said, what is known, what we answer and remember."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ACTION_LISTEN_NAME

from actions.conversation import signed
from actions.conversation.normal_forms import fits
from manifests import services
from manifests.service import PERSON

# Actions that run between a resident's message and the form it is for; any other action in between means
# that the message has had its answer already, and the form is only being returned to.
_PREAMBLE = frozenset({ACTION_LISTEN_NAME, "action_extract_slots", "action_leave_task"})

_PLACEHOLDER = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
PASSING = "passing"
"""The role of a city or a day that is named but not meant: 我在北京出差，帮家里交水费; 挂内科，我孙子昨天来电话了."""
DOUBTED = "doubted"
"""The role of a day that the weekday beside it contradicts."""
DATE = "date"


@dataclass
class Turn:
    """What a handler works with: the tracker to read, the dispatcher to speak through, the events to return.

    Attributes:
        task: the intent of the task that is gone on with; a quote is its own, and no other task's.
        refused_yes: why the yes that was heard does not count (`actions.conversation.signed`).
    """

    dispatcher: CollectingDispatcher
    tracker: Tracker
    events: list[EventType] = field(default_factory=list)
    responses: Mapping[str, Any] = field(default_factory=dict)
    task: str = ""
    refused_yes: str | None = None
    _quote: tuple[Any, str, signed.Reading] | None = None
    _news: dict[str, str] = field(default_factory=dict)

    def slot(self, name: str) -> Any:
        """What is known under `name`, or None; of a quote what this server has signed, and nothing else."""
        if name == signed.QUOTE:
            read = self.quote_read
            return read.quote if read is not None else None
        return self.tracker.slots.get(name)

    @property
    def quote_read(self) -> signed.Reading | None:
        """The quote in the slot, and whether a yes to it counts; None where there is none."""
        kept = self.tracker.slots.get(signed.QUOTE)
        if kept is None:
            return None
        if self._quote is None or self._quote[0] is not kept or self._quote[1] != self.city_code:
            self._quote = (kept, self.city_code, signed.read(self, kept))
        return self._quote[2]

    def set(self, name: str, value: Any) -> None:
        """Remember `value` under `name`, at once and for the turns to come; None forgets it.

        A quote is signed here, so nothing that the conversation itself says may be set as one: see `put_back`.
        """
        self.put_back(name, signed.sealed(self, value) if name == signed.QUOTE and value is not None else value)

    def put_back(self, name: str, value: Any) -> None:
        """Remember what the conversation had kept, as it was kept: a quote with the seal it had then, or none."""
        self.tracker.slots[name] = value
        self.events.append(SlotSet(name, value))
        # Rasa words an answer before it takes the slots over, so what is new goes along with it; who somebody is does not.
        self._news.pop(name, None)
        if isinstance(value, str) and name not in PERSON and name not in services().secrets():
            self._news[name] = value

    def forget(self, *names: str) -> None:
        """Forget each of `names` that is known."""
        for name in names:
            if self.tracker.slots.get(name) is not None:
                self.set(name, None)

    def placeholders(self, response: str) -> frozenset[str]:
        """The names in braces of all wordings of a response; none where the domain's words are not at hand."""
        wordings = self.responses.get(response) or []
        return frozenset(name for wording in wordings for name in _PLACEHOLDER.findall(str(wording.get("text") or "")))

    def as_if(self, slots: Mapping[str, Any]) -> Turn:
        """The same turn with other slots, to ask the city with; what is set there is not remembered."""
        tracker = copy.copy(self.tracker)
        tracker.slots = {**self.tracker.slots, **slots}
        return Turn(self.dispatcher, tracker, responses=self.responses, task=self.task)

    def say(self, response: str, **values: Any) -> None:
        """Speak the response `response` of the domain, its placeholders filled from `values` and the slots."""
        self.dispatcher.utter_message(response=response, **{**self._news, **values})

    def offer(self, response: str, choices: list[tuple[str, str]], **values: Any) -> None:
        """Speak `response` with a button for each (title, payload) of `choices`."""
        buttons = [{"title": title, "payload": payload} for title, payload in choices]
        self.dispatcher.utter_message(response=response, buttons=buttons, **{**self._news, **values})

    @property
    def conversation_id(self) -> str:
        """The conversation this turn belongs to."""
        return str(self.tracker.sender_id)

    @property
    def city_code(self) -> str:
        """The GB/T 2260 code of the city that is being talked about; empty while nobody has said which."""
        return str(self.slot("city_code") or "")

    @property
    def intent(self) -> str:
        """The intent of the latest message."""
        return str((self.tracker.latest_message.get("intent") or {}).get("name") or "")

    @property
    def text(self) -> str:
        """The text of the latest message."""
        return str(self.tracker.latest_message.get("text") or "")

    @property
    def is_button(self) -> bool:
        """Whether the latest message is a button's payload and no words."""
        return self.text.startswith("/")

    @property
    def entities(self) -> list[dict[str, Any]]:
        """The entities of the latest message, in the order they were said."""
        return list(self.tracker.latest_message.get("entities") or [])

    @property
    def requested(self) -> str | None:
        """The slot the latest question asked for."""
        return str(self.slot("requested_slot")) if self.slot("requested_slot") else None

    def values(self, entity: str) -> list[str]:
        """All values of `entity` in the latest message that are in its normal form, each once, in the order said.

        A plate or a day that can be read two ways is none of them until the resident has said which, and neither is a day
        that is told of something else.
        """
        unsettled = self.readings(entity)
        said = (str(found["value"]) for found in self._said_of(entity))
        said = (value for value in said if value not in unsettled)
        return [value for value in dict.fromkeys(said) if fits(entity, value)]

    def value(self, entity: str) -> str | None:
        """The last value of `entity` in the latest message: of two, the later one corrects the earlier."""
        values = self.values(entity)
        return values[-1] if values else None

    def readings(self, entity: str) -> list[str]:
        """What the latest message may mean where it can be read in several ways: the plate 浙AH3390 1, the day 周三还是周四.

        Of a city or a name that is read in two ways its own code asks, or takes the likeliest. Of several plates each is one.
        """
        declared = services().entities().get(entity)
        is_plate = declared is not None and declared.reader == "plate"
        if not is_plate and entity != DATE:
            return []
        several = [found.get("candidates") or [] for found in self._said_of(entity)]
        if entity == DATE:
            further = self.further_requests()
            days = [one for one in self._said_of(DATE) if not any(_inside(one, request) for request in further)]
            several = [[value for one in days for value in (one["value"], *(one.get("candidates") or []))]]
        values = [str(value) for candidates in several if len(set(candidates)) > 1 for value in candidates]
        return [value for value in dict.fromkeys(values) if fits(entity, value)]

    def is_contradicted(self, entity: str) -> bool:
        """Whether something in the latest message contradicts the value that it gives: 12月5号周日, where that is a Saturday."""
        return any(found.get("role") == DOUBTED for found in self._said_of(entity))

    def _said_of(self, entity: str) -> list[dict[str, Any]]:
        """What the latest message says of an entity; a day or a part of it that is told in passing is left out."""
        passing = PASSING if entity in (DATE, "period") else None
        return [found for found in self.entities if found["entity"] == entity and (found.get("role") or "") != passing]

    def cities_meant(self) -> list[dict[str, Any]]:
        """The city entities that the first request of the message is about, in the order said.

        A city said in passing is none of them. A name that is read two ways carries both, as `candidates`.
        """
        further = self.further_requests()
        return self._cities(lambda found: not any(_inside(found, request) for request in further))

    def cities_of(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        """The city entities that a further request of the message is about.

        Args:
            request: one of `further_requests`.
        """
        return self._cities(lambda found: _inside(found, request))

    def further_requests(self) -> list[dict[str, Any]]:
        """The second request of the message and those after it, as entities: `value` its intent, with the span it takes."""
        return [found for found in self.entities if found["entity"] == "second_intent"]

    @staticmethod
    def is_inside(found: dict[str, Any], request: dict[str, Any]) -> bool:
        """Whether an entity stands in a further request of the message."""
        return _inside(found, request)

    def _cities(self, wanted: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
        said = [found for found in self.entities if found["entity"] == "city" and fits("city", str(found["value"]))]
        meant = [found for found in said if found.get("role") != PASSING and wanted(found)]
        return list({str(found["value"]): found for found in meant}.values())

    def told(self, slots: Iterable[str]) -> dict[str, str]:
        """Those of `slots` that the latest message gives a value for, by an entity of the same name."""
        values = {slot: self.value(slot) for slot in slots}
        return {slot: value for slot, value in values.items() if value is not None}

    def told_in(self, request: dict[str, Any], slots: Iterable[str]) -> dict[str, str]:
        """Those of `slots` that a further request of the message gives a value for, the last one where it gives several.

        Args:
            request: one of `further_requests`.
            slots: the names.
        """
        names = set(slots)
        inside = [found for found in self.entities if found["entity"] in names and _inside(found, request)]
        said = {str(found["entity"]): str(found["value"]) for found in inside}
        return {slot: value for slot, value in said.items() if value in self.values(slot)}

    def covered(self) -> float:
        """How much of the latest message its entities make up, from 0 to 1."""
        said = "".join(self.text.split())
        spans = [(found.get("start"), found.get("end")) for found in self.entities]
        length = sum(end - start for start, end in spans if start is not None and end is not None)
        return min(1.0, length / len(said)) if said else 0.0

    def was_just_offered(self, slot: str) -> bool:
        """Whether `slot` was filled in answer to the message before this one: only then does a bare yes mean it."""
        # By time and not by place: of earlier turns only the slots' last values are sent, before the messages.
        at = [float(event.get("timestamp") or place) for place, event in enumerate(self.tracker.events)]
        said = [moment for moment, event in zip(at, self.tracker.events, strict=True) if event.get("event") == "user"]
        filled = [
            (moment, event.get("value"))
            for moment, event in zip(at, self.tracker.events, strict=True)
            if event.get("event") == "slot" and event.get("name") == slot and said and moment < said[-1]
        ]
        before = said[-2] if len(said) > 1 else 0.0
        return bool(filled) and filled[-1][1] is not None and filled[-1][0] >= before

    def buttons_offered(self) -> list[dict[str, Any]]:
        """The buttons of our latest answer: what was shown between the latest message and the one before it."""
        shown: list[dict[str, Any]] = []
        heard = False
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                if heard:
                    break
                heard = True
            elif event.get("event") == "bot" and heard:
                shown = [*((event.get("data") or {}).get("buttons") or []), *shown]
        return shown

    def follow_up_payload(self) -> str:
        """The button that starts the task which was offered last."""
        offered = self.slot("follow_up")
        return payload(offered["intent"], **offered["slots"])

    def just_heard(self, form: str) -> bool:
        """Whether the latest message still waits for an answer, `form` being the first to look at it."""
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                return True
            if event.get("event") == "action" and event.get("name") not in _PREAMBLE | {form}:
                return False
        return False

    def slots_before(self) -> dict[str, Any]:
        """The slots as they stood before the latest message was heard."""
        before: dict[str, Any] = {}
        seen: dict[str, Any] = {}
        for event in self.tracker.events:
            if event.get("event") == "user":
                before = dict(seen)
            elif event.get("event") == "slot":
                seen[event["name"]] = event.get("value")
        return before


def _inside(found: dict[str, Any], request: dict[str, Any]) -> bool:
    start, begin, end = found.get("start"), request.get("start"), request.get("end")
    return start is not None and begin is not None and end is not None and begin <= start < end


def payload(intent: str, **entities: str | list[str]) -> str:
    """A button's payload in Rasa's form: `/intent{"entity": "value"}`, or a list of values."""
    return f"/{intent}{json.dumps(entities, ensure_ascii=False)}" if entities else f"/{intent}"
