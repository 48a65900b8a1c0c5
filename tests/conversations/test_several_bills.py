"""All owed bills of an account with one payment: one total read out, one yes, one link, a receipt for each bill."""

import re
from decimal import Decimal

import httpx
import pytest
from sqlalchemy import create_engine, text

from tests.conversations.talk import Talk

CITY = "330100"
BILLS = f"/cities/{CITY}/utilities/bills"
WITH_THREE = (
    "SELECT account_number FROM accounts JOIN bills ON bills.account_id = accounts.id WHERE city_code = :city AND "
    "bill_type = :kind AND receipt_number IS NULL GROUP BY accounts.id HAVING COUNT(*) = 3 ORDER BY accounts.id LIMIT 1"
)


class Owed:
    """An account that owes three water bills, and the bills, the oldest first."""

    def __init__(self, house):
        self.house = house
        house.samples()  # a city grows when it is first asked something
        self.account = house.sandbox_rows(WITH_THREE, city=CITY, kind="water")[0]["account_number"]
        self.bills = house.bills("water", self.account)[::-1]
        assert len(self.bills) == 3
        self.total = sum(Decimal(bill["amount"]) for bill in self.bills)

    def receipts(self):
        """The city's receipt of each bill, or None."""
        found = [self.house.bill("water", self.account, bill["bill_id"]) for bill in self.bills]
        return [bill.get("receipt_number") for bill in found]

    def pay_at_the_counter(self, place):
        """Somebody pays one of the bills at the biller's counter."""
        bill = self.bills[place]
        answer = self.house.call(
            "POST",
            f"{BILLS}/{bill['bill_id']}/payments",
            json={"trade_number": "at-the-counter", "amount": bill["amount"]},
            headers={"Idempotency-Key": f"counter-{bill['bill_id']}"},
        )
        assert answer.status_code == 200, answer.text


@pytest.fixture
def owed(house):
    """Three bills of a freshly seeded city."""
    house.reset_city()
    return Owed(house)


@pytest.fixture
def read_out(house, owed):
    """A conversation in which the three bills and their total have just been read out."""
    talk = Talk(house)
    talk.say(f"把水费都交了，户号{owed.account}")
    assert_read_out(talk, owed.account, owed.bills)
    return talk


@pytest.fixture
def link_out(house, owed, read_out):
    """The same, after the yes."""
    read_out.say("确认")
    assert states(read_out) == ["awaiting_payment"] * 3
    return read_out


def assert_read_out(talk, account, bills):
    """One sentence asks for a yes to all of `bills` and their total, and nothing has been ordered for it."""
    sentence = talk.replies[-1]["text"]
    total = sum(Decimal(bill["amount"]) for bill in bills)
    assert f"合计 {total:.2f} 元" in sentence
    assert account in sentence
    assert [bill["amount"] for bill in bills if bill["amount"] not in sentence] == []
    assert f"{len(bills)} 笔" in sentence
    assert talk.requested() == "confirmation"
    assert "/cashier/" not in talk.said


def states(talk):
    """The states of the conversation's orders, as they were read out."""
    return [order.state.value for order in talk.orders()]


def trades(house, talk):
    """What the provider has of the conversation's payments."""
    numbers = {order.payment_number for order in talk.orders()}
    return [row for row in house.sandbox_rows("SELECT * FROM trades") if row["trade_number"] in numbers]


def refunds(house):
    """The provider's refunds."""
    return house.sandbox_rows("SELECT * FROM refunds")


class TestReadingOut:
    """All, together, at once: never the yes to one bill, and the yes to nothing before the total has been read out."""

    @pytest.mark.parametrize("words", ["三笔一起交", "都交了", "全部交清", "把欠的都交了"])
    def test_at_the_choice(self, house, owed, words):
        talk = Talk(house)
        talk.say(f"交水费，户号{owed.account}")
        assert talk.requested() == "bill_choice"
        talk.say(words)
        assert_read_out(talk, owed.account, owed.bills)
        assert talk.orders() == []

    def test_by_its_button(self, house, owed):
        talk = Talk(house)
        talk.say(f"交水费，户号{owed.account}")
        talk.press("一起交")
        assert_read_out(talk, owed.account, owed.bills)
        talk.press("确认")
        assert len(talk.orders()) == 3

    @pytest.mark.parametrize("words", ["都交了", "三笔一起交"])
    def test_at_the_yes_to_one(self, house, owed, words):
        talk = Talk(house)
        talk.say(f"交水费，户号{owed.account}")
        talk.say("第一个")
        assert talk.requested() == "confirmation"
        talk.say(words)
        assert_read_out(talk, owed.account, owed.bills)
        assert talk.orders() == []

    @pytest.mark.parametrize("words", ["都交了", "三笔一起交", "全部交清"])
    def test_after_a_list_of_bills(self, house, owed, words):
        talk = Talk(house)
        talk.say(f"户号{owed.account}，水费欠多少")
        talk.say(words)
        assert_read_out(talk, owed.account, owed.bills)
        assert talk.orders() == []

    def test_before_the_account_is_known(self, house, owed):
        talk = Talk(house)
        talk.say("把水费都交了")
        assert talk.requested() == "account_number"
        talk.say(owed.account)
        assert_read_out(talk, owed.account, owed.bills)

    def test_where_one_alone_is_owed_it_is_read_out_by_itself(self, house, owed):
        account = house.samples()["accounts"]["water"]["one_unpaid"]
        talk = Talk(house)
        talk.say(f"把水费都交了，户号{account}")
        assert talk.requested() == "confirmation"
        assert "合计" not in talk.said
        talk.say("确认")
        assert states(talk) == ["awaiting_payment"]

    @pytest.mark.parametrize("words", ["都交了吧", "三笔一起交", "确认"])
    def test_after_the_total_it_is_a_yes(self, house, owed, read_out, words):
        read_out.say(words)
        (trade,) = trades(house, read_out)
        assert Decimal(trade["amount"]) / 100 == owed.total
        assert len({order.cashier_url for order in read_out.orders()}) == 1
        assert [order.bill_reference for order in read_out.orders()] == [bill["bill_id"] for bill in owed.bills]
        assert read_out.said.count("/cashier/") == 1
        assert f"{owed.total:.2f}" in read_out.said

    @pytest.mark.parametrize("words", ["两笔都交", "都交了吗", "我都交过了", "全部"])
    def test_what_is_no_yes_to_the_total(self, read_out, words):
        read_out.say(words)
        assert read_out.orders() == []
        assert read_out.slot("confirmation") is None

    def test_what_was_paid_already_is_looked_up_and_not_paid(self, house, owed):
        talk = Talk(house)
        talk.say(f"户号{owed.account}，水费欠多少")
        assert "合计" not in talk.say("我都交过了")
        assert talk.requested() != "confirmation"
        assert talk.orders() == []

    def test_a_no_pays_nothing(self, read_out):
        assert "没有扣款" in read_out.say("不交了")
        assert read_out.orders() == []
        assert read_out.active_form() is None

    def test_one_of_them_is_chosen_after_all(self, owed, read_out):
        read_out.say("只交第一个")
        assert read_out.orders() == []
        assert "合计" not in read_out.said
        read_out.say("确认")
        assert [order.bill_reference for order in read_out.orders()] == [owed.bills[0]["bill_id"]]

    def test_one_of_them_is_left_out(self, owed, read_out):
        month = int(owed.bills[0]["period"][-2:])
        read_out.say(f"{month}月的先不交")
        assert_read_out(read_out, owed.account, owed.bills[1:])
        assert read_out.orders() == []
        read_out.say("确认")
        assert [order.bill_reference for order in read_out.orders()] == [bill["bill_id"] for bill in owed.bills[1:]]

    def test_another_account_beside_the_yes_is_read_out_anew(self, house, owed, read_out):
        other = house.samples()["accounts"]["water"]["two_unpaid"]
        read_out.say(f"好的，不过户号是{other}")
        assert read_out.orders() == []
        assert_read_out(read_out, other, house.bills("water", other))


class TestBetweenTheYesAndTheLink:
    """The city is asked once more for each part."""

    def test_one_was_paid_meanwhile(self, house, owed, read_out):
        owed.pay_at_the_counter(1)
        read_out.say("确认")
        assert "已经缴清" in read_out.said
        assert read_out.orders() == []
        left = [owed.bills[0], owed.bills[2]]
        assert_read_out(read_out, owed.account, left)
        assert "at-the-counter" not in read_out.said
        read_out.say("确认")
        assert [order.bill_reference for order in read_out.orders()] == [bill["bill_id"] for bill in left]

    def test_all_but_one_were_paid_meanwhile(self, house, owed, read_out):
        owed.pay_at_the_counter(0)
        owed.pay_at_the_counter(1)
        read_out.say("确认")
        assert "合计" not in read_out.replies[-1]["text"]
        assert owed.bills[2]["amount"] in read_out.replies[-1]["text"]
        assert (read_out.orders(), read_out.requested()) == ([], "confirmation")
        read_out.say("确认")
        assert [order.bill_reference for order in read_out.orders()] == [owed.bills[2]["bill_id"]]

    def test_all_were_paid_meanwhile(self, owed, read_out):
        for place in range(3):
            owed.pay_at_the_counter(place)
        assert read_out.say("确认").count("已经缴清") == 3
        assert (read_out.orders(), read_out.active_form()) == ([], None)

    def test_one_costs_another_sum(self, house, owed, read_out):
        change(house, "UPDATE bills SET amount = 9995 WHERE bill_id = :id", id=owed.bills[1]["bill_id"])
        read_out.say("确认")
        assert read_out.orders() == []
        assert_read_out(read_out, owed.account, [owed.bills[0], {"amount": "99.95"}, owed.bills[2]])
        read_out.say("确认")
        assert [order.amount for order in read_out.orders()][1] == Decimal("99.95")

    def test_the_city_does_not_say(self, house, owed, read_out):
        house.fault(kind="error_500", path_prefix=f"/cities/{CITY}/utilities")
        assert "没有下单" in read_out.say("确认")
        assert read_out.orders() == []
        house.clear_faults()
        house.rest_circuits()
        read_out.say("确认")
        assert states(read_out) == ["awaiting_payment"] * 3


class TestPaying:
    """One payment; each bill has its own receipt, or its own money back."""

    def test_each_bill_has_its_receipt_and_each_is_said(self, house, owed, link_out):
        link_out.press_pay()
        said = link_out.wait_until_settled()
        assert states(link_out) == ["settled"] * 3
        receipts = owed.receipts()
        assert [order.receipt_number for order in link_out.orders()] == receipts
        assert len(set(receipts)) == 3
        assert [number for number in receipts if number not in said] == []
        (trade,) = trades(house, link_out)
        assert trade["paid_at"] is not None
        assert refunds(house) == []

    def test_not_paid_yet_nothing_is_said_to_be(self, link_out):
        answer = link_out.say("我付好了")
        assert not re.search(r"收据号|缴清", answer)
        assert answer.count("/cashier/") == 1
        assert states(link_out) == ["awaiting_payment"] * 3

    def test_one_is_refused_by_the_city_and_goes_back_alone(self, house, owed, link_out):
        owed.pay_at_the_counter(1)
        link_out.press_pay()
        house.wait_for(lambda: (link_out.say("我付好了"), states(link_out) == ["settled", "refunded", "settled"])[1])
        said = link_out.say("我付好了")
        refused = link_out.orders()[1]
        (refund,) = refunds(house)
        assert Decimal(refund["amount"]) / 100 == refused.amount
        assert refund["trade_number"] == refused.payment_number
        receipts = owed.receipts()
        assert [receipts[0] in said, receipts[1] in said, receipts[2] in said] == [True, False, True]
        assert "退款" in said

    def test_the_notice_twice(self, house, owed, link_out):
        house.fault(kind="notice_twice", path_prefix="/cashier", times=1)
        link_out.press_pay()
        link_out.wait_until_settled()
        assert states(link_out) == ["settled"] * 3
        for order in link_out.orders():
            assert [house.moves(order).count(state) for state in ("paid", "settled")] == [1, 1]

    def test_the_notice_never(self, house, owed, link_out):
        house.fault(kind="notice_never", path_prefix="/cashier", times=1)
        link_out.press_pay()
        assert states(link_out) == ["awaiting_payment"] * 3
        link_out.say("我付好了")
        assert states(link_out) == ["settled"] * 3
        assert None not in owed.receipts()

    def test_killed_between_the_first_and_the_second(self, house, owed, link_out):
        house.fault(kind="unavailable", path_prefix=f"{BILLS}/{owed.bills[1]['bill_id']}")
        link_out.press_pay()
        house.wait_for(lambda: states(link_out) == ["settled", "paid", "settled"])
        house.kill_actions()
        house.clear_faults()
        assert states(link_out)[1] == "paid"
        house.restart_actions()
        house.wait_for(lambda: states(link_out) == ["settled"] * 3)
        assert [house.moves(order).count("settled") for order in link_out.orders()] == [1, 1, 1]
        assert refunds(house) == []

    def test_another_sum_goes_back_whole(self, house, owed, link_out):
        number = link_out.orders()[0].payment_number
        change(house, "UPDATE trades SET amount = 100 WHERE trade_number = :number", number=number)
        link_out.press_pay()
        house.wait_for(lambda: (link_out.say("我付好了"), states(link_out)[0] == "refunded")[1])
        assert states(link_out) == ["refunded", "closed", "closed"]
        (refund,) = refunds(house)
        assert Decimal(refund["amount"]) == 100
        assert owed.receipts() == [None] * 3

    def test_after_one_of_several_the_next_is_offered_by_a_button(self, house, owed):
        talk = Talk(house)
        talk.say(f"交水费，户号{owed.account}")
        talk.say("第一个")
        talk.say("确认")
        talk.press_pay()
        talk.wait_until_settled()
        assert talk.active_form() is None
        talk.press("接着交下一笔")
        assert talk.requested() == "bill_choice"
        assert owed.bills[0]["amount"] not in talk.said
        assert owed.bills[1]["amount"] in talk.said

    def test_after_all_no_next_one_is_offered(self, link_out):
        link_out.press_pay()
        link_out.wait_until_settled()
        assert "接着交" not in str(link_out.replies)


class TestOneLiveOrderABill:
    """A bill that is being paid, alone or with others, is not paid a second time."""

    def test_another_resident_had_opened_one_of_them(self, house, owed, read_out):
        other = Talk(house)
        other.say(f"交水费，户号{owed.account}")
        other.say("第二个")
        other.say("确认")
        assert states(other) == ["awaiting_payment"]
        read_out.say("确认")
        assert read_out.orders() == []
        left = [owed.bills[0], owed.bills[2]]
        assert_read_out(read_out, owed.account, left)
        read_out.say("确认")
        assert [order.bill_reference for order in read_out.orders()] == [bill["bill_id"] for bill in left]
        assert states(other) == ["awaiting_payment"]

    def test_another_resident_wants_one_of_them_alone(self, house, owed, link_out):
        other = Talk(house)
        other.say(f"交水费，户号{owed.account}")
        other.say("第二个")
        answer = other.say("确认")
        assert "/cashier/" not in answer
        assert other.orders() == []
        assert states(link_out) == ["awaiting_payment"] * 3
        assert len(trades(house, link_out)) == 1

    def test_another_resident_wants_all_and_has_the_same_link(self, house, owed, link_out):
        other = Talk(house)
        other.say(f"把水费都交了，户号{owed.account}")
        other.say("确认")
        assert other.cashier_url() == link_out.orders()[0].cashier_url
        assert len(trades(house, link_out)) == 1

    def test_the_own_link_to_one_gives_way_to_that_to_all(self, house, owed):
        talk = Talk(house)
        talk.say(f"交水费，户号{owed.account}")
        talk.say("第二个")
        talk.say("确认")
        talk.say(f"把水费都交了，户号{owed.account}")
        talk.say("确认")
        assert states(talk) == ["closed"] + ["awaiting_payment"] * 3
        old = talk.orders()[0]
        page = httpx.post(f"{old.cashier_url}/confirmation", timeout=10, follow_redirects=True)
        assert page.status_code == 410


class TestClosing:
    """A payment is closed whole or not at all."""

    @pytest.mark.parametrize("words", ["取消付款", "不付了", "水费取消付款"])
    def test_a_clear_no_closes_all_of_it(self, owed, link_out, words):
        link_out.say(words)
        assert states(link_out) == ["closed"] * 3
        page = httpx.post(f"{link_out.orders()[0].cashier_url}/confirmation", timeout=10, follow_redirects=True)
        assert page.status_code == 410
        assert owed.receipts() == [None] * 3

    def test_a_no_to_a_part_closes_nothing_and_says_that_it_is_one(self, owed, link_out):
        month = int(owed.bills[1]["period"][-2:])
        answer = link_out.say(f"{month}月的取消付款")
        assert states(link_out) == ["awaiting_payment"] * 3
        assert "整笔" in answer
        link_out.press("整笔都取消")
        assert states(link_out) == ["closed"] * 3

    @pytest.mark.parametrize("words", ["还没付", "先不付了", "能取消付款吗"])
    def test_later_is_no_cancel(self, link_out, words):
        assert re.search(r"\d\d:\d\d 前有效", link_out.say(words))
        assert states(link_out) == ["awaiting_payment"] * 3

    def test_closed_and_paid_all_the_same_everything_goes_back(self, house, owed, link_out):
        link_out.say("取消付款")
        number = link_out.orders()[0].payment_number
        change(house, "UPDATE trades SET closed_at = NULL WHERE trade_number = :number", number=number)
        link_out.press_pay()
        house.wait_for(lambda: states(link_out) == ["refunded"] * 3)
        assert sum(Decimal(refund["amount"]) for refund in refunds(house)) / 100 == owed.total
        assert owed.receipts() == [None] * 3


class TestSeveralBillers:
    """Water and electricity in one sentence: one payment, the payees named, each order settled at its own biller."""

    @pytest.fixture
    def accounts(self, house):
        """Sample accounts of a freshly seeded city."""
        house.reset_city()
        return house.samples()["accounts"]

    @staticmethod
    def ask(talk, water, power):
        """Ask for both, with their accounts."""
        return talk.say(f"水费电费都交了，水费户号{water}，电费户号{power}")

    def test_both_are_read_out_with_one_total_and_paid_with_one_link(self, house, accounts):
        water, power = accounts["water"]["two_unpaid"], accounts["electricity"]["one_unpaid"]
        bills = [*house.bills("water", water)[::-1], *house.bills("electricity", power)]
        talk = Talk(house)
        self.ask(talk, water, power)
        assert_read_out(talk, water, bills)
        assert power in talk.replies[-1]["text"]
        assert talk.orders() == []
        talk.say("确认")
        assert [order.bill_reference for order in talk.orders()] == [bill["bill_id"] for bill in bills]
        assert [order.city_service for order in talk.orders()] == ["water", "water", "electricity"]
        assert len(trades(house, talk)) == 1
        assert len({order.payee for order in talk.orders()}) == 2
        assert all(order.payee in talk.said for order in talk.orders())
        talk.press_pay()
        said = talk.wait_until_settled()
        assert states(talk) == ["settled"] * 3
        assert [order.receipt_number for order in talk.orders() if order.receipt_number not in said] == []
        assert house.bills("electricity", power) == house.bills("water", water) == []

    def test_one_of_them_was_paid_meanwhile(self, house, accounts):
        water, power = accounts["water"]["one_unpaid"], accounts["electricity"]["one_unpaid"]
        (gone,), (left,) = house.bills("water", water), house.bills("electricity", power)
        talk = Talk(house)
        self.ask(talk, water, power)
        body = {"trade_number": "at-the-counter", "amount": gone["amount"]}
        path = f"{BILLS}/{gone['bill_id']}/payments"
        house.call("POST", path, json=body, headers={"Idempotency-Key": "counter"}).raise_for_status()
        talk.say("确认")
        assert talk.orders() == []
        assert left["amount"] in talk.replies[-1]["text"]
        talk.say("确认")
        (order,) = talk.orders()
        assert (order.city_service, order.account, order.bill_reference) == ("electricity", power, left["bill_id"])

    def test_the_second_owes_nothing(self, house, accounts):
        water = accounts["water"]["one_unpaid"]
        (bill,) = house.bills("water", water)
        talk = Talk(house)
        self.ask(talk, water, accounts["electricity"]["none_unpaid"])
        assert "没有欠费" in talk.said
        assert bill["amount"] in talk.replies[-1]["text"]
        assert talk.requested() == "confirmation"
        talk.say("确认")
        assert [order.bill_reference for order in talk.orders()] == [bill["bill_id"]]

    def test_the_second_is_not_wanted_any_more(self, house, accounts):
        water = accounts["water"]["one_unpaid"]
        (bill,) = house.bills("water", water)
        talk = Talk(house)
        talk.say(f"户号{water}，水费欠多少")
        talk.say("把水费电费都交了")
        assert talk.requested() == "account_number"
        talk.say("算了")
        assert talk.requested() == "confirmation"
        assert bill["amount"] in talk.replies[-1]["text"]
        assert talk.orders() == []

    def test_the_account_of_the_second_is_corrected_and_the_first_stays(self, house, accounts):
        water, power = accounts["water"]["one_unpaid"], accounts["electricity"]["one_unpaid"]
        talk = Talk(house)
        self.ask(talk, water, accounts["electricity"]["two_unpaid"])
        talk.say(f"不对，电费户号是{power}")
        assert_read_out(talk, water, [*house.bills("water", water), *house.bills("electricity", power)])
        assert talk.orders() == []


def change(house, statement, **values):
    """Change what the city or the provider has, as their own people would."""
    engine = create_engine(house.sandbox_url)
    with engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount == 1
    engine.dispose()
