"""Several of what was read out with one payment: which are meant, what their total is, and when all is a yes."""

from decimal import Decimal
from types import SimpleNamespace
from unittest.mock import AsyncMock, MagicMock, patch

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions import context
from actions.city.errors import Unavailable
from actions.context import Services
from actions.conversation.checkout import pay_if_confirmed
from actions.conversation.several import (
    ALL,
    all_but,
    as_of,
    can_be_paid_together,
    chosen,
    is_several,
    left_out,
    together,
)
from actions.conversation.turn import Turn
from actions.conversation.yes import is_bare_request_for_all, is_plain_yes, is_yes_to_all
from actions.services import load_handlers
from actions.services.traffic import PayTrafficFine
from actions.services.utility_bills import PayUtilityBill
from tests.actions.conversation.trackers import heard, said

VERBS = "交|缴|付|充|缴费|支付|付款"


def offer(month, amount, payee="杭州市水务集团", account="3301234567"):
    """A bill that is owed."""
    return {
        "payee": payee,
        "account": account,
        "holder": "王*",
        "bill_reference": f"B{month}",
        "amount": amount,
        "subject": f"2026年{month}月水费",
        "line": f"2026年{month}月：{amount} 元",
        "keys": [f"{month}月", amount],
    }


THREE = [offer(8, "45.60"), offer(9, "0.10"), offer(10, "51.20")]


@pytest.mark.parametrize(
    ("choice", "places"),
    [
        (None, []), ("1", [0]), ("3", [2]), ("-1", [2]), ("4", []), ("0", []), ("-4", []), (ALL, [0, 1, 2]), ("all-2", [0, 2]),
        ("all-1-3", [1]), ("every", []), ("all-", []), ("", []),
    ],
)  # fmt: skip
def test_what_a_choice_means(choice, places):
    assert chosen(choice, THREE) == [THREE[place] for place in places]


def test_all_but_some():
    assert all_but([]) == ALL
    assert chosen(all_but([1, 2]), THREE) == [THREE[2]]
    assert [is_several(choice) for choice in (None, "1", ALL, "all-2", "all-x")] == [False, False, True, True, False]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("除了9月的都交", [2]), ("9月的先不交", [2]), ("不要8月和9月的", [1, 2]), ("9月的", []), ("都交了吧", []), ("先不交", []),
        ("8月9月10月的都先不交", []),
    ],
)  # fmt: skip
def test_what_is_left_out(text, places):
    assert left_out(text, THREE) == places


def test_the_total_is_exact_and_the_parts_are_read_out():
    quote = together(THREE)
    assert Decimal(quote["amount"]) == Decimal("96.90")
    assert (quote["count"], quote["payee"], quote["account"], quote["holder"]) == (
        3,
        "杭州市水务集团",
        "3301234567",
        "王*",
    )
    assert quote["parts"] == THREE
    assert quote["lines"].splitlines() == [f"{place}. {part['line']}" for place, part in enumerate(THREE, start=1)]


def test_of_several_payees_all_are_named_and_no_account_is_said_of_all():
    quote = together([offer(8, "1.00"), offer(9, "2.00", payee="国网杭州供电公司", account="3309999999")])
    assert quote["payee"] == "杭州市水务集团、国网杭州供电公司"
    assert "account" not in quote


@pytest.mark.parametrize("offers", [[], THREE[:1], [{"line": "违章"}, {"line": "违章"}], [*THREE, {"line": "违章"}]])
def test_what_cannot_be_paid_together(offers):
    assert not can_be_paid_together(offers)


def turn(text, intent="pay_utility_bill"):
    return Turn(CollectingDispatcher(), heard(intent, text))


@pytest.mark.parametrize(
    "text",
    [
        "都交了吧",
        "都交了",
        "三笔一起交",
        "全部交清",
        "全交",
        "一起付",
        "把欠的都交了",
        "一次付清",
        "都给我交了",
        "3笔都交",
    ],
)
def test_after_the_total_all_is_a_yes_and_never_a_plain_one(text):
    assert is_yes_to_all(turn(text), VERBS, 3)
    assert not is_plain_yes(turn(text), VERBS)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("两笔都交", "pay_utility_bill"), ("都交了吗", "check_payment"), ("我都交了", "check_payment"), ("都交了？", "pay_utility_bill"),
        ("一起", "pay_utility_bill"), ("全部", "pay_utility_bill"), ("交", "affirm"), ("除了9月的都交", "pay_utility_bill"),
        ("都先不交", "deny"), ("都是谁家的", "out_of_scope"), ("一起交多少钱", "query_utility_bill"), ("电费也一起交", "pay_utility_bill"),
        ("都交过了", "check_payment"), ("都不交", "deny"), ("/affirm", "affirm"),
    ],
)  # fmt: skip
def test_what_is_no_yes_to_all(text, intent):
    assert not is_yes_to_all(turn(text, intent), VERBS, 3)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("都交了", True), ("全交了", True), ("都付了吧", True), ("三笔都交了", True), ("都给我交了", True), ("我都交了", False),
        ("都交了吗", False), ("都交过了", False), ("都已经交了", False), ("交了", False), ("水费都交了", False),
    ],
)  # fmt: skip
def test_what_sounds_like_the_past_and_may_be_a_request(text, is_one):
    assert is_bare_request_for_all(text, VERBS) is is_one


def test_of_what_each_needs_a_step_of_its_own_the_first_is_begun_with():
    """Each violation needs its driver: the offers are no quotes."""
    load_handlers()
    asked = heard("pay_utility_bill", "都交了吧", form=PayTrafficFine.form(), requested="violation_choice")
    asked = Turn(CollectingDispatcher(), asked, task=PayTrafficFine.intent)
    asked.set("quote", {"offers": [{"line": "一"}, {"line": "二"}]})
    PayTrafficFine().listen(asked)
    assert asked.slot("violation_choice") == "1"
    assert said(asked.dispatcher) == ["utter_one_at_a_time"]


class TestOfSeveralAccounts:
    """Quotes of several look-ups, kept as they were looked up, are read again and ordered each where it belongs."""

    WATER = {**offer(8, "45.60"), "biller_code": "330100-water"}
    POWER = {
        **offer(9, "10.00", payee="国网杭州供电公司", account="3309999999"),
        "biller_code": "330100-electricity",
        "subject": "2026年9月电费",
    }

    @pytest.fixture
    def quoted(self):
        """The turn of a yes to two bills of two kinds, and the sentence that was read out."""
        load_handlers()
        kept = []
        for kind, one in (("water", self.WATER), ("electricity", self.POWER)):
            slots = {"bill_type": kind, "account_number": one["account"], "city_code": "330100"}
            kept.append(as_of(Turn(CollectingDispatcher(), heard("inform", "x", slots=slots)), PayUtilityBill, one))
        slots = {"bill_type": "water", "account_number": "3301234567", "bill_choice": ALL, "city_code": "330100"}
        turn = Turn(CollectingDispatcher(), heard("affirm", "确认", slots=slots), task=PayUtilityBill.intent)
        turn.set("quote", {"offers": kept})
        turn.set("confirmation", True)
        return turn

    @staticmethod
    async def pay(turn, left):
        """The yes; `left` are the amounts the city asks for now, by account. What was ordered, and the accounts asked."""
        asked = []

        async def read_all_again(there, quotes):
            asked.append((there.slot("bill_type"), there.slot("account_number"), len(quotes)))
            amount = left.get(there.slot("account_number"))
            return [{**offer(0, "0"), **quote, "amount": amount} if amount else None for quote in quotes]

        payments = SimpleNamespace(open_payment=AsyncMock(side_effect=Unavailable("timeout")))
        services = Services(cities=MagicMock(), payments=payments, ledger=MagicMock(), settings=MagicMock())
        with context.use(services), patch.object(PayUtilityBill, "read_all_again", read_all_again):
            over = await pay_if_confirmed(turn, PayUtilityBill, PayUtilityBill.quoted(turn))
        return over, [call.args[0] for call in payments.open_payment.await_args_list], asked

    async def test_each_part_is_read_again_and_ordered_where_it_belongs(self, quoted):
        over, ordered, asked = await self.pay(quoted, {"3301234567": "45.60", "3309999999": "10.00"})
        assert asked == [("water", "3301234567", 1), ("electricity", "3309999999", 1)]
        (new,) = ordered
        assert over
        assert (new.total, new.payee) == (Decimal("55.60"), "杭州市水务集团、国网杭州供电公司")
        assert [(order.city_service, order.account, order.kind) for order in new.orders] == [
            ("water", "3301234567", "utility_bill"),
            ("electricity", "3309999999", "utility_bill"),
        ]
        assert quoted.slot("bill_type") == "water"

    async def test_one_was_paid_meanwhile_and_the_other_is_read_out_alone(self, quoted):
        over, ordered, _ = await self.pay(quoted, {"3309999999": "10.00"})
        assert (over, ordered) == (False, [])
        assert said(quoted.dispatcher) == ["utter_paid_meanwhile"]
        assert PayUtilityBill.quoted(quoted)["account"] == "3309999999"
        assert quoted.slot("confirmation") is None

    async def test_another_sum_needs_another_yes(self, quoted):
        over, ordered, _ = await self.pay(quoted, {"3301234567": "45.60", "3309999999": "11.00"})
        assert (over, ordered) == (False, [])
        assert PayUtilityBill.quoted(quoted)["amount"] == "56.60"
        # Kept as it was: a second yes reads it again in the same place.
        _, (new,), asked = await self.pay_again(quoted)
        assert [account for _, account, _ in asked] == ["3301234567", "3309999999"]
        assert new.total == Decimal("56.60")

    async def test_of_many_payees_the_cashiers_page_names_the_first(self, quoted):
        quoted.set("quote", {"offers": [{**one, "payee": one["payee"] * 6} for one in quoted.slot("quote")["offers"]]})
        _, (new,), _ = await self.pay(quoted, {"3301234567": "45.60", "3309999999": "10.00"})
        assert (len(new.payee) <= 60, new.payee.endswith("等 2 家")) == (True, True)

    async def pay_again(self, turn):
        turn.set("confirmation", True)
        return await self.pay(turn, {"3301234567": "45.60", "3309999999": "11.00"})
