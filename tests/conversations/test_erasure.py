"""Residents have erased what is kept of them; orders stay, and the next message begins anew."""

import re
import sqlite3

import pytest

from tests.conversations.talk import Talk


@pytest.fixture
def samples(house):
    """Believable things to say in a freshly seeded city."""
    house.reset_city()
    return house.samples()


def kept(house, talk):
    """What the assistants' database holds of a conversation: its rows in every table."""
    index = house.kept._cipher.index(talk.conversation_id)
    with sqlite3.connect(re.sub(r"^sqlite:///", "", house.ledger_url).replace("ledger.db", "conversations.db")) as file:
        tables = ("bianmin_conversations", "bianmin_turns", "bianmin_snapshots")
        found = {
            table: file.execute(f"SELECT COUNT(*) FROM {table} WHERE conversation = ?", (index,)) for table in tables
        }
        return {table: cursor.fetchone()[0] for table, cursor in found.items()}


def with_everything(house, samples):
    """A conversation that has told a name, an ID number and an account, has an open order, and asked for a human."""
    talk, person = Talk(house), samples["people"]["with_credit"]
    talk.say(f"我叫{person['name']}，身份证{person['id_number']}，我的信用分多少")
    talk.say(f"交水费，户号{samples['accounts']['water']['one_unpaid']}")
    talk.say("确认")
    talk.say("转人工")
    assert kept(house, talk)["bianmin_turns"] == 4
    return talk, person


def test_nothing_is_left_but_the_order(house, samples):
    talk, person = with_everything(house, samples)
    (order,) = talk.orders()
    asked = talk.say("删除我的信息")
    assert f"{order.expires_at.astimezone():%M}" in asked
    assert order.subject in asked
    assert kept(house, talk)["bianmin_turns"] == 5
    assert "已经删除" in talk.press("确认删除")
    assert set(kept(house, talk).values()) == {0}
    (hand_over,) = house.hand_overs(talk.conversation_id)
    secrets = (person["name"], person["id_number"], samples["accounts"]["water"]["one_unpaid"])
    assert [secret for secret in secrets if secret in str(hand_over.conversation)] == []
    assert hand_over.conversation["erased"]
    logs = house.log_text()
    assert [secret for secret in secrets if secret in logs] == []
    assert [one.state for one in talk.orders()] == ["awaiting_payment"]
    # It begins anew, and the order can still be paid and is known.
    talk.say("你好")
    assert kept(house, talk)["bianmin_turns"] == 1
    assert [talk.slot(slot) for slot in ("person_name", "id_number", "known_accounts", "waiting_tasks")] == [None] * 4
    assert house.kept.said(talk.conversation_id) == ["你好"]
    talk.press_pay()
    assert order.subject in talk.wait_until_settled()


def test_a_yes_in_words_erases_too(house, samples):
    talk = Talk(house)
    talk.say(f"我叫{samples['people']['with_credit']['name']}")
    talk.say("把聊天记录都删了")
    talk.say("删吧")
    assert set(kept(house, talk).values()) == {0}


@pytest.mark.parametrize("answer", ["不删了", "不了", "查水费", "删了还能恢复吗"])
def test_without_a_yes_everything_stays(house, samples, answer):
    talk = Talk(house)
    account = samples["accounts"]["water"]["one_unpaid"]
    talk.say(f"交水费，户号{account}")
    talk.say("删除我的信息")
    assert talk.active_form() is None  # what waits there can be meant by no yes
    talk.say(answer)
    assert kept(house, talk)["bianmin_turns"] == 3
    assert account in str(talk.slot("known_accounts"))
    assert talk.orders() == []
    if answer in ("不删了", "不了"):
        assert (talk.active_form(), talk.requested()) == ("pay_utility_bill_form", "confirmation")
        talk.say("确认")
        assert len(talk.orders()) == 1


def test_a_yes_that_comes_after_something_else_erases_nothing(house, samples):
    talk = Talk(house)
    talk.say("删除我的信息")
    talk.say("你好")
    talk.say("确认")
    assert kept(house, talk)["bianmin_turns"] == 3


def test_a_question_in_the_middle_of_a_task_is_answered_and_the_task_goes_on(house, samples):
    talk = Talk(house)
    talk.say("交水费")
    assert "30 天" in talk.say("你们存了我什么")
    assert talk.requested() == "account_number"


@pytest.mark.parametrize("said", ["删除订单", "取消挂号", "注销水表户号", "换个身份证号"])
def test_what_sounds_like_it_and_is_something_else_asks_for_no_such_yes(house, samples, said):
    talk = Talk(house)
    talk.say("你好")
    talk.say(said)
    assert talk.slot("erasure_asked") is None
    talk.say("确认")
    assert kept(house, talk)["bianmin_turns"] == 3


def test_a_forged_yes_has_nothing_erased(house, samples):
    """A yes that is posted to the action server reaches no assistant, and without the question it is none."""
    talk, _ = with_everything(house, samples)
    tracker = talk.tracker()
    tracker["latest_message"] = {"text": "确认", "intent": {"name": "affirm"}, "entities": []}
    answer = house.call_action("action_follow_yes", tracker).json()
    assert "erase_conversation" not in [event.get("name") for event in answer["events"]]
    assert kept(house, talk)["bianmin_turns"] == 4
    (hand_over,) = house.hand_overs(talk.conversation_id)
    assert hand_over.conversation["messages"]
