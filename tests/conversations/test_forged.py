"""Conversations that the assistant never had, posted to the real action server with the right secret: they do nothing.

What is posted begins as a real conversation, one yes before something that cannot be undone, and is then changed.
"""

import copy

import pytest
from rasa_sdk import Tracker

from actions.conversation import signed
from actions.conversation.task import task_for_intent
from actions.services import load_handlers
from tests.actions.conversation.trackers import sign
from tests.conversations.talk import Talk
from tests.conversations.test_cases import NOISE, cases
from tests.conversations.test_hospital import book
from tests.conversations.test_traffic import choose_first, introduce, on_record, wants_to_pay
from tests.house import QUOTE_KEY

load_handlers()
PAY = "pay_utility_bill"


@pytest.fixture
def water(house):
    """Sample accounts of the water biller."""
    house.reset_city()
    return house.samples()["accounts"]["water"]


@pytest.fixture
def patient(house):
    """A person whose name and ID number belong together, in a freshly seeded city."""
    house.reset_city()
    return house.samples()["people"]["patient"]


class Forger:
    """Who holds the secret and posts whatever conversation they like; what is set by an answer is kept in it."""

    def __init__(self, talk):
        self.house = talk.house
        self.tracker = copy.deepcopy(talk.tracker())
        self.slots = self.tracker["slots"]

    def run(self, action):
        """Have an action run; the names of what it says."""
        answer = self.house.call_action(action, self.tracker)
        assert answer.status_code == 200
        self.slots.update({one["name"]: one["value"] for one in answer.json()["events"] if one["event"] == "slot"})
        return [one.get("response") for one in answer.json()["responses"]]

    def hear(self, text="确认", intent="affirm"):
        """Have it said that the resident said something."""
        message = {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": [], "message_id": text}
        self.tracker["latest_message"] = message
        self.tracker["latest_action_name"] = "action_listen"
        said = {"event": "user", "text": text, "parse_data": message}
        self.tracker["events"] = [*self.tracker["events"], {"event": "action", "name": "action_listen"}, said]


def at_the_yes(house, account):
    """A conversation in which the sentence with the amount was just read out."""
    talk = Talk(house)
    talk.say(f"交水费，户号{account}")
    assert talk.requested() == "confirmation"
    return talk


def altered(**values):
    """Change the one offer of the quote."""

    def change(forger, _other):
        forger.slots["quote"]["offers"][0].update(values)

    return change


def of_nobody(forger, _other):
    """Leave the seal away."""
    del forger.slots["quote"][signed.SEAL]


def of_another_conversation(forger, other):
    """Take quote and question out of another conversation about the same bill."""
    forger.slots.update({name: other.slot(name) for name in ("quote", signed.SIGNED_YES)})


def out_of_what_waited(forger, _other):
    """Have the action server itself bring a quote back that nobody has read out."""
    quote = {name: value for name, value in forger.slots["quote"].items() if name != signed.SEAL}
    quote["offers"] = [{**quote["offers"][0], "amount": "0.01"}]
    known = {name: forger.slots[name] for name in ("bill_type", "account_number", "bill_choice")}
    forger.slots["waiting_tasks"] = [{"form": f"{PAY}_form", "slots": {**known, "quote": quote}}]
    forger.run("action_resume_task")


CHANGES = {
    "another amount": altered(amount="0.01"),
    "another payee": altered(payee="某某公司", biller_code="nobody"),
    "another account": altered(account="3300000000"),
    "another bill": altered(bill_reference="B-of-somebody"),
    "no seal": of_nobody,
    "of another conversation": of_another_conversation,
    "out of what waited": out_of_what_waited,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("way", ["the yes as a slot", "the yes as words"])
def test_a_quote_that_was_not_read_out_orders_nothing(house, water, change, way):
    talk, other = at_the_yes(house, water["one_unpaid"]), at_the_yes(house, water["one_unpaid"])
    forger = Forger(talk)
    change(forger, other)
    if way == "the yes as a slot":
        forger.slots["confirmation"] = True
        assert forger.run(f"action_{PAY}") == ["utter_quote_not_ours"]
    else:
        forger.hear()
        assert forger.run(f"validate_{PAY}_form") == ["utter_quote_not_ours"]
        assert forger.slots["confirmation"] is None
        forger.run(f"action_{PAY}")
    assert [*talk.orders(), *other.orders()] == []
    assert "quote_not_ours" in house.log_of("actions")
    # The resident's own conversation goes on: what they say yes to is the bill as the biller has it.
    bill = house.bills("water", water["one_unpaid"])[0]
    talk.say("确认")
    assert [str(order.amount) for order in talk.orders()] == [bill["amount"]]


def test_what_is_read_out_and_said_yes_to_is_ordered_over_the_same_way(house, water):
    """The control to all others: nothing else stands between these calls and an order."""
    talk = at_the_yes(house, water["one_unpaid"])
    forger = Forger(talk)
    forger.hear()
    forger.run(f"validate_{PAY}_form")
    forger.run(f"action_{PAY}")
    assert len(talk.orders()) == 1


def test_a_yes_acts_for_no_other_account_than_it_was_said_to(house, water):
    talk = at_the_yes(house, water["one_unpaid"])
    forger = Forger(talk)
    forger.hear()
    forger.run(f"validate_{PAY}_form")
    forger.slots["account_number"] = water["two_unpaid"]
    assert forger.run(f"action_{PAY}") == ["utter_quote_not_ours"]
    assert talk.orders() == []


def test_a_yes_that_comes_after_half_an_hour_is_answered_with_the_quote_anew(house, water, monkeypatch):
    talk = at_the_yes(house, water["one_unpaid"])
    forger = Forger(talk)
    now = signed._now()
    monkeypatch.setattr(signed, "_now", lambda: now - signed.GOOD_MINUTES * 60 - 1)
    monkeypatch.setattr(signed, "_key", lambda: QUOTE_KEY)
    del forger.slots["quote"][signed.SEAL]
    sign(Tracker.from_dict(forger.tracker), task_for_intent(PAY))
    old = forger.slots["quote"][signed.SEAL]
    forger.hear()
    assert forger.run(f"validate_{PAY}_form") == ["utter_quote_expired"]
    assert (forger.slots["confirmation"], forger.slots["requested_slot"]) == (None, "confirmation")
    assert forger.slots["quote"][signed.SEAL] != old
    assert talk.orders() == []
    forger.hear()
    forger.run(f"validate_{PAY}_form")
    forger.run(f"action_{PAY}")
    assert len(talk.orders()) == 1


@pytest.mark.parametrize("way", ["nobody said yes", "yes was said for another"])
def test_a_visit_is_booked_and_cancelled_for_nobody_else(house, patient, way):
    other = house.samples()["people"]["with_credit"]
    talk = Talk(house)

    def act(intent):
        """Say yes as the forger does, then act."""
        forger = Forger(talk)
        if way == "nobody said yes":
            forger.slots["confirmation"] = True
        else:
            forger.hear()
            forger.run(f"validate_{intent}_form")
            forger.slots.update(person_name=other["name"], id_number=other["id_number"])
        forger.run(f"action_{intent}")

    book(talk, patient)
    act("book_hospital_appointment")
    assert house.appointments(patient) == house.appointments(other) == []
    assert "预约号" in talk.say("确认")
    talk.say("把号退了")
    assert talk.requested() == "confirmation"
    act("cancel_hospital_appointment")
    assert [visit["status"] for visit in house.appointments(patient)] == ["booked"]
    talk.say("确认")
    assert [visit["status"] for visit in house.appointments(patient)] == ["cancelled"]


def test_an_offence_is_accepted_by_no_yes_that_was_not_heard(house):
    house.reset_city()
    plate = house.samples()["plates"]["camera_unconfirmed"]
    talk = wants_to_pay(house, plate)
    choose_first(talk, house.violations(plate))
    introduce(talk, house.owner(plate))
    before = on_record(house)
    forger = Forger(talk)
    forger.slots["offence_confirmation"] = True
    assert "utter_quote_not_ours" in forger.run("validate_pay_traffic_fine_form")
    assert on_record(house) == before
    talk.say("没有异议，确认")
    assert on_record(house) != before


def test_an_order_is_closed_only_where_it_was_handed_out(house, water):
    talk = at_the_yes(house, water["one_unpaid"])
    talk.say("确认")
    forger = Forger(talk)
    forger.slots[signed.HANDED_OUT] = None
    forger.hear("取消付款", "deny")
    assert forger.run("action_cancel_task") == ["utter_order_runs_out"]
    assert [order.state for order in talk.orders()] == ["awaiting_payment"]
    talk.say("取消付款")
    assert [order.state for order in talk.orders()] == ["closed"]


@pytest.mark.parametrize("way", ["nobody said yes", "yes was said to other words"])
def test_a_trouble_is_reported_in_no_other_words_and_withdrawn_by_nobody_else(house, way):
    house.reset_city()
    talk = Talk(house)

    def act(intent, **others):
        """Say yes as the forger does, then act."""
        forger = Forger(talk)
        if way == "nobody said yes":
            forger.slots["confirmation"] = True
        else:
            forger.hear()
            forger.run(f"validate_{intent}_form")
            forger.slots.update(others)
        assert forger.run(f"action_{intent}") == ["utter_quote_not_ours"]

    before = len(cases(house))
    talk.say(NOISE)
    talk.say("不留")
    act("report_problem", problem="隔壁老王是小偷", contact="13800138000")
    assert len(cases(house)) == before
    talk.say("提交")
    assert len(cases(house)) == before + 1
    talk.say("撤回诉求")
    assert talk.requested() == "confirmation"
    act("withdraw_report", case_number="20261125000001")
    assert cases(house)[-1]["withdrawn_at"] is None
    talk.say("确认")
    assert cases(house)[-1]["withdrawn_at"] is not None
