"""The manifest of a service, data/services/<service>.yml: what its tasks are, what they ask and hear, what they pay.

From it follow intents, forms, slots, actions, the start and end rules, the menu, titles, the choices that are offered,
payment kinds and the paths of the city's API. It is the only place that names them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field, constr, root_validator, validator

if TYPE_CHECKING:
    Name = str
    Kind = str
else:
    Kind = constr(regex=r"^[a-z][a-z0-9_]{1,19}$")  # the ledger's column has twenty places
    Name = constr(regex=r"^[a-z][a-z0-9_]{1,39}$")
"""A name in code: small letters, digits and underscores."""

PERSON = ("person_name", "id_number", "phone")
"""Who somebody is: common to all services, so declared in domain.yml and not in a manifest."""

CONFIRMATION = "confirmation"
CHOICE_SUFFIX = "_choice"


class _Strict(BaseModel):
    class Config:
        """A misspelt item is an error, and what was read does not change."""

        extra = "forbid"
        allow_mutation = False


class CityServiceManifest(_Strict):
    """What the city's API calls a service, or a part of one: water, electricity and gas are parts of utility_bills."""

    title: str = Field(description="as residents read it: 水费")
    path: str = Field(
        regex=r"^[a-z0-9-]+(/[a-z0-9-]+)*$", description="under /cities/<code>/ of the city's API: utilities/water"
    )


class EntityManifest(_Strict):
    """A value that residents say to the service, and how it is found in what they say."""

    title: str = Field(description="as residents call it: 车牌号")
    form: str = Field(description="a regular expression of the whole value in normal form; nothing else is believed")
    reader: Literal["plate", "number", "gazetteer", "pattern"] = Field(
        description="plate: GA 36. number: digits, told apart by length and by the words beside. "
        "gazetteer: a list of names with what people call them, data/gazetteers/<file>.yml. "
        "pattern: `form` itself, with no letter, digit or Hanzi of the same kind beside it."
    )
    said_beside: tuple[str, ...] = Field(
        default=(),
        description="number: words beside the digits that tell it is this one. pattern: found only with one of these "
        "words near it; without any, anywhere",
    )
    digits: tuple[int, int] | None = Field(
        default=None, description="number: fewest and most digits beside such a word"
    )
    bare_digits: tuple[int, int] | None = Field(
        default=None,
        description="number: fewest and most digits that are taken for it with no word beside; none if absent",
    )
    file: str | None = Field(
        default=None, description="gazetteer: the file's name without .yml; its list bears the same name"
    )
    at_most: str | None = Field(
        default=None,
        regex=r"^[1-9]\d{0,4} per ([1-9]\d? )?(second|minute|hour|day)s?$",
        description="how many different ones a conversation may have looked up: 20 per hour; none if absent",
    )
    secret: bool = Field(
        default=False,
        description="only who may know a thing knows it: it stands in no button and no note, and is gone with the task",
    )
    belongs_to: str | None = Field(
        default=None,
        description="another entity of this service that it goes with: another bill brings another account",
    )

    @root_validator
    def _fits_its_reader(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values.get("reader") == "gazetteer" and not values.get("file"):
            raise ValueError("reader 是 gazetteer 时要写 file")
        if values.get("reader") == "number" and not (values.get("said_beside") and values.get("digits")):
            raise ValueError("reader 是 number 时要写 said_beside 和 digits")
        return values


class SlotManifest(_Strict):
    """A slot that no entity fills and no question asks for: what a handler remembers."""

    why: str = Field(description="what it holds, for whoever reads the domain")
    of_a_person: bool = Field(
        default=False, description="whether it is forgotten when the conversation goes on about somebody else"
    )


class TaskManifest(_Strict):
    """One thing a resident can get done: one intent, one form."""

    title: str = Field(description="as residents hear it when they are brought back to it: 交罚款")
    asks: tuple[Name, ...] = Field(description="the slots it needs, in the order they are asked for")
    hears: tuple[Name, ...] = Field(default=(), description="the entities it uses when they are said, asked for or not")
    yes_no: tuple[Name, ...] | None = Field(
        None, description="the slots only a yes or no fills, when just asked; `confirmation` where it is asked"
    )
    choices: tuple[Name, ...] | None = Field(
        None, description="the slots a place in a list fills, when just asked; those that end in _choice"
    )
    composed: tuple[Name, ...] = Field(
        (), description="slots besides yes_no and choices whose question the handler composes (buttons, what is free)"
    )
    keeps: tuple[Name, ...] = Field(PERSON, description="the slots that outlive the task because the next may use them")
    yes_verbs: tuple[str, ...] = Field(default=(), description="words that name what is confirmed: 交 makes 交吧 a yes")
    doubts: dict[Name, tuple[str, ...]] = Field(
        {}, description="slot: words by which residents say that its value is wrong"
    )
    city_service: str | None = Field(
        default=None, description="which of `city_services` it calls; the only one where there is one"
    )
    ends: Literal["look_up", "payment", "own"] = Field(
        description="what is done when its form has ended. look_up: nothing more. payment: the quote is paid after "
        "a yes. own: the handler's EndTask."
    )
    pays: Kind | None = Field(
        default=None, description="the payment kind; the handler has the settler of the same name"
    )
    confirms: str = Field(default="utter_confirm_payment", description="payment: the response that reads the quote out")
    confirms_all: str | None = Field(
        default=None,
        description="payment: the response that reads out several with their total; they are paid with one payment. "
        "Absent: one after the other",
    )
    identity: Literal[0, 1, 2] = Field(
        default=0,
        description="who may have it done. 0: anybody. 1: a user the app knows. 2: name and ID number, checked",
    )
    whom: Literal["anybody", "self", "conversation"] = Field(
        default="anybody",
        alias="for",
        description="whose it may be done for. self: the resident's own only; of anybody else's it is refused kindly. "
        "conversation: whoever is spoken of (my neighbour's music) is what it is about, not whose it is",
    )
    menu: int | None = Field(
        default=None, description="its place in menu and greeting, small first; absent: in neither"
    )
    remedy: bool = Field(
        default=False,
        description="sees to troubles: offered beside a person, to who asks for one or says that a payment went wrong",
    )
    then: tuple[Name, ...] = Field(
        (), description="tasks of this service that are a second request in one message: 退号，再挂明天的"
    )

    @root_validator
    def _complete(cls, values: dict[str, Any]) -> dict[str, Any]:
        asks = values.get("asks") or ()
        if values.get("yes_no") is None:
            values["yes_no"] = tuple(slot for slot in asks if slot == CONFIRMATION)
        if values.get("choices") is None:
            values["choices"] = tuple(slot for slot in asks if slot.endswith(CHOICE_SUFFIX))
        if (values.get("ends") == "payment") != bool(values.get("pays")):
            raise ValueError("ends 是 payment 的要写 pays，写了 pays 的 ends 要是 payment")
        if values.get("pays") and CONFIRMATION not in asks:
            raise ValueError("要付款的任务，asks 里要有 confirmation：没有确认不能付款")
        if values.get("identity") == 2 and not {"person_name", "id_number"} <= set(asks):
            raise ValueError("identity 是 2 的任务，asks 里要有 person_name 和 id_number")
        return values

    @property
    def confirming(self) -> tuple[str, ...]:
        """The responses by which it asks for a yes to a payment."""
        if not self.pays:
            return ()
        return (self.confirms,) if self.confirms_all is None else (self.confirms, self.confirms_all)


class ServiceManifest(_Strict):
    """A service: the tasks that share examples, words, a handler and a part of the city's API."""

    name: str = Field(description="the file's name; not written in the file")
    title: str = Field(description="as residents read it: 交通违法")
    place: int = Field(description="its place among the services, small first")
    city_services: dict[Name, CityServiceManifest] = Field(description="what it calls at the city, by the city's code")
    city_service_by: str | None = Field(
        default=None, description="the slot whose value is the code of the city service, where there are several"
    )
    tasks: dict[Name, TaskManifest] = Field(description="its tasks by their intent")
    entities: dict[Name, EntityManifest] = Field(
        default={}, description="values that only this service's residents say"
    )
    slots: dict[Name, SlotManifest] = Field(default={}, description="what its handler remembers besides")
    cues: tuple[Name, ...] = Field(default=(), description="entities of no service that speak of this one: amount")
    claims: tuple[str, ...] = Field(
        default=(),
        description="words that say what residents were told is not done here, before this service was: examples of "
        "out_of_scope that hold one of them are no longer learnt",
    )
    claims_whole: tuple[str, ...] = Field(
        default=(),
        description="as `claims`, for examples that are this and nothing else: 医保, which stands in many more",
    )
    why_id_number: str = Field(
        default="utter_why_id_number",
        description="the response said before an ID number is first asked for in a conversation: what it is for, where it "
        "goes, how long it is kept ({days})",
    )
    remembers: tuple[Name, ...] = Field(default=(), description="slots that outlive a session")
    topics: dict[Name, tuple[str, ...]] = Field(
        {}, description="words that tell a message is about this service, by topic"
    )

    @validator("tasks")
    def _has_tasks(cls, tasks: dict[str, TaskManifest]) -> dict[str, TaskManifest]:
        if not tasks:
            raise ValueError("至少要有一个任务")
        return tasks

    @root_validator(skip_on_failure=True)
    def _hangs_together(cls, values: dict[str, Any]) -> dict[str, Any]:
        codes, tasks, entities = values["city_services"], values["tasks"], values["entities"]
        if len(codes) != 1 and not values["city_service_by"]:
            unclear = [intent for intent, task in tasks.items() if task.city_service is None]
            if unclear:
                raise ValueError(
                    f"city_services 不止一个，要写 city_service_by，或在任务里写 city_service：{unclear[0]}"
                )
        for intent, task in tasks.items():
            if task.city_service is not None and task.city_service not in codes:
                raise ValueError(f"{intent}：city_service {task.city_service} 不在 city_services 里")
            for other in task.then:
                if other not in tasks:
                    raise ValueError(f"{intent}：then 里的 {other} 不是这项服务的任务")
            for slot in (*(task.yes_no or ()), *(task.choices or ()), *task.composed):
                if slot not in task.asks:
                    raise ValueError(f"{intent}：{slot} 不在 asks 里，没有人问它")
        for entity, declared in entities.items():
            if declared.belongs_to is not None and declared.belongs_to not in entities:
                raise ValueError(f"{entity}：belongs_to {declared.belongs_to} 不是这项服务的实体")
        return values

    def claims_text(self, text: str) -> bool:
        """Whether the service claims an example of out_of_scope."""
        return text in self.claims_whole or any(word in text for word in self.claims)

    def city_service(self, intent: str, slots: dict[str, Any]) -> str | None:
        """The code of the city service that a task calls, or None while it is not known which.

        Args:
            intent: the task's.
            slots: what is known.
        """
        named = self.tasks[intent].city_service
        if named is not None:
            return named
        if self.city_service_by is not None:
            said = slots.get(self.city_service_by)
            return str(said) if said in self.city_services else None
        return next(iter(self.city_services))
