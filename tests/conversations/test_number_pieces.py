"""What cannot be an account number is told what it is, before the city is asked; pieces are put together. Over HTTP."""

import pytest

from tests.conversations.talk import Talk


@pytest.fixture
def town(house):
    """Samples of a freshly seeded city."""
    house.reset_city()
    return house.samples()


@pytest.fixture
def account(town):
    """A water account with one unpaid bill."""
    return town["accounts"]["water"]["one_unpaid"]


@pytest.mark.parametrize("text", ["13655999964", "用手机号查行不行 13655999964", "手机号是13655999964"])
def test_a_telephone_is_no_account(house, town, text):
    talk = Talk(house)
    talk.say("交水费")
    assert "不是手机号" in talk.say(text)
    assert "没有查到" not in talk.said
    assert talk.requested() == "account_number"
    assert talk.slot("number_so_far") is None


def test_an_id_number_is_no_account(house, town):
    talk = Talk(house)
    talk.say("交水费")
    number = town["people"]["with_credit"]["id_number"]
    assert "不是身份证号" in talk.say(number)
    assert number not in talk.said
    assert talk.requested() == "account_number"


@pytest.mark.parametrize("digits", [9, 11, 12])
def test_another_length_is_said_with_how_many_came(house, account, digits):
    said = f"{account}00"[:digits]
    talk = Talk(house)
    assert f"{digits} 位" in talk.say(f"查水费，户号{said}")
    assert "10 位" in talk.said
    assert "没有查到" not in talk.said
    assert talk.requested() == "account_number"
    assert f"户号 {account}" in talk.say(account)


def test_a_piece_that_does_not_fit_leads_to_no_other_account(house, account):
    talk = Talk(house)
    talk.say("查水费")
    talk.say(account[:8])
    assert "12 位" in talk.say(f"户号{account}00")
    assert f"户号 {account}" in talk.say(account)


def test_what_was_said_of_another_task_is_no_piece(house, account):
    talk = Talk(house)
    talk.say("查水费")
    talk.say(account[:4])
    talk.say("算了")
    talk.say("查电费")
    talk.say(account[4:])
    assert talk.requested() == "account_number"


def test_what_was_begun_for_oneself_is_no_piece_of_anothers(house, account):
    talk = Talk(house)
    talk.say("查水费")
    talk.say(account[:4])
    talk.say("不，帮我妈查水费")
    assert talk.slot("number_so_far") is None
    talk.say(account[4:])
    assert talk.slot("account_number") is None


def test_a_piece_of_a_list_is_told_and_the_others_go_on(house, account):
    talk = Talk(house)
    talk.say(f"查水费{account[:9]}和{account}")
    assert "9 位" in talk.said
    assert f"户号 {account}" in talk.said
    assert talk.active_form() is None


@pytest.mark.parametrize("blank", [" ", "-", "  "])
def test_pieces_of_one_message(house, account, blank):
    talk = Talk(house)
    talk.say("查水费")
    assert f"户号 {account}" in talk.say(f"{account[:8]}{blank}{account[8:]}")


def test_pieces_with_the_request(house, account):
    assert f"户号 {account}" in Talk(house).say(f"查水费{account[:8]} {account[8:]}")


@pytest.mark.parametrize("places", [[4], [8], [4, 7], [2, 4, 6, 8]])
def test_pieces_of_several_messages(house, account, places):
    talk = Talk(house)
    talk.say("交水费")
    ends = [*places, len(account)]
    for begin, end in zip([0, *places], ends, strict=True):
        assert talk.requested() == "account_number"
        talk.say(account[begin:end])
    assert talk.slot("account_number") == account
    assert talk.slot("number_so_far") is None
    assert talk.requested() == "confirmation"
    talk.say("确认")
    assert [order.account for order in talk.orders()] == [account]
