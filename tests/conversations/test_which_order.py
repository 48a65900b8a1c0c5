"""Several payments in one conversation: which is closed, which is reported, and never all with one yes."""

import re

import httpx
import pytest

from tests.conversations.talk import Talk


@pytest.fixture
def samples(house):
    """Samples of a freshly seeded city."""
    house.reset_city()
    return house.samples()


@pytest.fixture
def two_open(house, samples):
    """A conversation in which a water and a gas bill wait for their payment."""
    talk = Talk(house)
    for kind, name in (("water", "水费"), ("gas", "燃气费")):

        def open_it(kind=kind, name=name):
            talk.say(f"交{name}，户号{samples['accounts'][kind]['one_unpaid']}")
            talk.say("确认")
            # On a busy machine the provider may not answer in time; then nothing was opened, and it is asked once more.
            return states(talk).get(kind) == "awaiting_payment"

        house.wait_for(open_it)
    return talk


def press_pay(order):
    """Press the button of an order's cashier page, as a browser would."""
    httpx.post(f"{order.cashier_url}/confirmation", timeout=10, follow_redirects=True).raise_for_status()


def states(talk):
    """The state of each order, by what it pays."""
    return {order.city_service: order.state.value for order in talk.orders()}


class TestClosing:
    """Only a clear cancel closes an order, and only the one it names."""

    @pytest.mark.parametrize("words", ["还没付", "等下付", "晚点再付", "先不付了", "别取消", "能取消付款吗"])
    def test_later_is_no_cancel_and_the_link_stays_good(self, house, samples, words):
        talk = Talk(house)
        talk.say(f"交水费，户号{samples['accounts']['water']['one_unpaid']}")
        talk.say("确认")
        answer = talk.say(words)
        (order,) = talk.orders()
        assert order.state == "awaiting_payment"
        assert re.search(r"\d\d:\d\d 前有效", answer)
        talk.press_pay()
        talk.wait_until_settled()

    @pytest.mark.parametrize(("words", "closed"), [("燃气费取消付款", "gas"), ("水费那笔不要了", "water")])
    def test_the_named_one_is_closed_and_said(self, two_open, words, closed):
        answer = two_open.say(words)
        kept = {"gas": "water", "water": "gas"}[closed]
        assert states(two_open) == {closed: "closed", kept: "awaiting_payment"}
        assert {"gas": "燃气费", "water": "水费"}[closed] in answer
        assert two_open.active_form() is None

    def test_without_a_name_it_is_asked_which(self, two_open):
        two_open.say("取消付款")
        assert set(states(two_open).values()) == {"awaiting_payment"}
        two_open.press("燃气费")
        assert states(two_open) == {"water": "awaiting_payment", "gas": "closed"}

    def test_another_is_named_and_none_is_closed(self, two_open):
        two_open.say("取消电费的付款")
        assert set(states(two_open).values()) == {"awaiting_payment"}

    def test_all_are_closed_where_all_are_meant(self, two_open):
        two_open.say("都取消付款")
        assert set(states(two_open).values()) == {"closed"}

    def test_what_was_closed_is_begun_again_in_one_sentence(self, house, samples, two_open):
        two_open.say("燃气费取消付款")
        two_open.say("交燃气费")
        two_open.say("确认")
        assert [order.state for order in two_open.orders()] == ["awaiting_payment", "closed", "awaiting_payment"]


class TestReporting:
    """I have paid is answered for each recent payment by itself."""

    def pay(self, talk, *services):
        """Open the cashier's page of these orders and press its button; wait until each is settled."""
        for order in talk.orders():
            if order.city_service in services:
                press_pay(order)
        talk.house.wait_for(lambda: all(states(talk)[service] == "settled" for service in services))

    def test_each_has_its_receipt_also_when_asked_again(self, two_open):
        self.pay(two_open, "water", "gas")
        receipts = {order.receipt_number for order in two_open.orders()}
        for words in ("付好了", "都付好了吗"):
            answer = two_open.say(words)
            assert {number for number in receipts if number in answer} == receipts
        assert len(receipts) == 2

    def test_one_is_paid_and_the_other_still_waits(self, two_open):
        self.pay(two_open, "gas")
        two_open.say("付好了")
        water, gas = two_open.orders()
        texts = [reply["text"] for reply in two_open.replies]
        assert [gas.receipt_number in text for text in texts] == [gas.subject in text for text in texts]
        assert [text for text in texts if water.subject in text and "还没有收到" in text]
        assert states(two_open) == {"water": "awaiting_payment", "gas": "settled"}

    def test_one_that_cannot_be_asked_after_hides_no_other(self, house, two_open):
        self.pay(two_open, "water")
        house.fault(kind="error_500", path_prefix="/payments/trades")
        answer = two_open.say("付好了")
        water, gas = two_open.orders()
        assert water.receipt_number in answer
        assert f"{gas.subject}：暂时查不到" in answer
        house.clear_faults()

    def test_what_was_cancelled_is_not_among_them(self, two_open):
        two_open.say("燃气费取消付款")
        assert "燃气费" not in two_open.say("付好了")


class TestYesToNothing:
    """确认 with nothing open must not sound as if something was done."""

    @pytest.mark.parametrize("words", ["确认", "好的", "/affirm"])
    def test_nothing_waits_for_a_yes(self, house, samples, words):
        talk = Talk(house)
        answer = talk.say(words)
        assert "没有等您确认" in answer
        assert "好的" not in answer
        assert talk.orders() == []

    def test_nor_after_the_link_is_anything_done_twice(self, two_open):
        answer = two_open.say("确认")
        assert "没有等您确认" in answer
        assert len(two_open.orders()) == 2


class TestAllAtOnce:
    """All of them is never the yes to one; how all are paid is in test_several_bills.py."""

    def test_nor_where_one_alone_is_owed(self, house, samples):
        talk = Talk(house)
        talk.say(f"交水费，户号{samples['accounts']['water']['one_unpaid']}")
        assert "只有" in talk.say("都交了吧")
        assert talk.orders() == []
        talk.say("都可以")
        assert len(talk.orders()) == 1
