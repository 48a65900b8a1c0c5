"""The steps that are made for what the manifests name, and what is said where a handler lacks one."""

import gc
from types import SimpleNamespace

import pytest
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.conversation import parts
from actions.conversation.steps import AskSlot, EndTask
from actions.conversation.task import all_tasks
from actions.services import load_handlers
from actions.services.traffic import PayTrafficFine
from actions.services.utility_bills import PayUtilityBill
from manifests import ManifestError, ServiceManifest, services
from manifests.services import Services
from tests.actions.conversation.trackers import heard, sign

load_handlers()


def names():
    """The actions of the action server."""
    executor = ActionExecutor()
    executor.register_package("actions")
    return set(executor.actions)


@pytest.mark.parametrize("task", all_tasks(), ids=lambda task: task.intent)
def test_each_task_has_all_its_actions(task):
    wanted = {
        f"validate_{task.intent}_form",
        f"action_{task.intent}",
        *(f"action_ask_{task.form()}_{slot}" for slot in (*task.yes_no, *task.choices, *task.manifest.composed)),
    }
    assert wanted <= names()


def test_each_task_of_the_manifests_has_its_handler():
    assert {task.intent for task in all_tasks()} == {intent for intent, _, _ in services().tasks()}


def test_every_action_has_one_class():
    made = [action().name() for action in concrete(Action)]
    assert sorted(made) == sorted(set(made))


def concrete(base):
    """Every class below `base` that a task's step is."""
    found = []
    for one in base.__subclasses__():
        found += concrete(one)
        if issubclass(one, AskSlot | EndTask) and hasattr(one, "task") and not one.__abstractmethods__:
            found.append(one)
    return found


def test_what_a_handler_has_of_its_own_is_not_made():
    assert "action_ask_pay_traffic_fine_form_offence_confirmation" not in parts._MADE
    assert "action_book_hospital_appointment" not in parts._MADE


def test_what_was_made_belongs_to_its_task():
    for name, made in parts._MADE.items():
        assert made().name() == name
        assert made.__module__ == made.task.__module__
        assert made.__doc__


def test_made_twice_they_are_the_same():
    before = dict(parts._MADE)
    parts.make_parts()
    assert before == parts._MADE


# ---- what a handler lacks


def service(**task):
    """A service of one task."""
    return ServiceManifest(
        name="ferry",
        title="船票",
        place=90,
        city_services={"ferry": {"title": "船票", "path": "ferry"}},
        tasks={"buy_ferry_ticket": {"title": "买船票", "asks": ["plate_number"], **task}},
    )


def handler(manifest):
    """A task class of that service, as far as the making of parts looks at it."""
    task = manifest.tasks["buy_ferry_ticket"]
    return SimpleNamespace(
        intent="buy_ferry_ticket",
        service="ferry",
        manifest=task,
        yes_no=task.yes_no,
        choices=task.choices,
        form=lambda: "buy_ferry_ticket_form",
        __name__="BuyFerryTicket",
        __module__="actions.services.ferry",
    )


@pytest.fixture
def make(monkeypatch):
    """Makes the parts of one service more, its handler given or not; nothing of it stays."""

    def make(manifest, *handlers):
        known = Services([*services(), manifest])
        monkeypatch.setattr(parts, "services", lambda: known)
        monkeypatch.setattr(parts, "all_tasks", lambda: [*all_tasks(), *handlers])
        monkeypatch.setattr(parts, "_MADE", dict(parts._MADE))
        parts.make_parts()
        return parts._MADE

    gc.collect()
    yield make
    monkeypatch.undo()
    # Python finds a base's classes until they are collected, and so would the next test.
    gc.collect()


def test_a_task_without_a_handler_names_the_file_to_write_it_in(make):
    with pytest.raises(ManifestError, match=r"buy_ferry_ticket 没有处理类.*actions/services/ferry\.py"):
        make(service(ends="look_up"))


@pytest.mark.parametrize(
    ("task", "action"),
    [
        ({"ends": "own"}, "action_buy_ferry_ticket"),
        (
            {"ends": "look_up", "asks": ["department"], "composed": ["department"]},
            "action_ask_buy_ferry_ticket_form_department",
        ),
        (
            {"ends": "look_up", "asks": ["plate_number", "confirmation"]},
            "action_ask_buy_ferry_ticket_form_confirmation",
        ),
    ],
)
def test_an_action_that_only_a_handler_can_have_is_named_with_its_manifest(make, task, action):
    manifest = service(**task)
    with pytest.raises(ManifestError, match=rf"ferry\.yml 的任务 buy_ferry_ticket 要有动作 {action}"):
        make(manifest, handler(manifest))


def test_a_payment_needs_nothing_but_its_task(make):
    manifest = service(ends="payment", pays="ferry_ticket", asks=["plate_number", "ferry_choice", "confirmation"])
    made = make(manifest, handler(manifest))
    assert issubclass(made["action_buy_ferry_ticket"], parts.EndPayment)
    assert issubclass(made["action_ask_buy_ferry_ticket_form_ferry_choice"], parts.AskChoice)
    assert issubclass(made["action_ask_buy_ferry_ticket_form_confirmation"], parts.AskToPay)


def test_a_service_without_a_module_names_the_file_to_write(monkeypatch):
    monkeypatch.setattr("actions.services.services", lambda: [SimpleNamespace(name="tolls")])
    with pytest.raises(ManifestError, match=r"服务 tolls 没有处理模块.*actions/services/tolls\.py"):
        load_handlers()


# ---- what the parts say


async def ask(task, slot, **slots):
    """What the part that asks for `slot` says, with these slots known."""
    dispatcher = CollectingDispatcher()
    action = parts._MADE[f"action_ask_{task.form()}_{slot}"]()
    assert await action.run(dispatcher, sign(heard("inform", slots=slots), task), {}) == []
    return dispatcher.messages


async def test_offers_are_numbered_each_with_a_button():
    offers = [
        {"title": "交10月水费", "line": "10月 45.60 元"},
        {"line": "9月 40.00 元"},
        {"line": "…", "counter": "条"},
    ]
    (message,) = await ask(PayUtilityBill, "bill_choice", quote={"offers": offers})
    assert (message["response"], message["count"]) == ("utter_ask_bill_choice", 3)
    assert message["lines"].split("\n") == ["1. 10月 45.60 元", "2. 9月 40.00 元", "3. …"]
    assert [button["title"] for button in message["buttons"]] == ["交10月水费", "第2个", "第3条"]
    assert [button["payload"] for button in message["buttons"]][2] == '/inform{"ordinal": "3"}'


QUOTE = {"payee": "水务", "account": "3301234567", "amount": "45.60"}


@pytest.mark.parametrize(
    ("task", "slots", "response"),
    [
        (PayUtilityBill, {"quote": {"offers": [{}, QUOTE]}, "bill_choice": "2"}, "utter_confirm_payment"),
        (PayTrafficFine, {"quote": {"offers": [{}], "fine": QUOTE}, "violation_choice": "1"}, "utter_confirm_fine"),
    ],
)
async def test_what_a_yes_will_be_a_yes_to_is_read_out(task, slots, response):
    (message,) = await ask(task, "confirmation", **slots)
    assert message["response"] == response
    assert QUOTE.items() <= message.items()


@pytest.mark.parametrize("slots", [{}, {"quote": {"offers": [QUOTE]}}, {"quote": {"offers": []}, "bill_choice": "1"}])
async def test_with_nothing_chosen_nothing_is_read_out(slots):
    assert await ask(PayUtilityBill, "confirmation", **slots) == []
