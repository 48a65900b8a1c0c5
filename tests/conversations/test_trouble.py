"""The city slow or down, odd messages, and what must not stand in a log line."""

import random
import re
import threading
import time

import pytest

from tests.conversations.odd_messages import odd_messages
from tests.conversations.talk import Talk

NUMBERS = re.compile(r"(?<![0-9A-Za-z.-])\d{10,18}[Xx]?(?![0-9A-Za-z])")
PLATES = re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][A-Z0-9]{5,6}(?![A-Z0-9])")
ANSWER_WITHIN = 3.0  # seconds: what a hanging city may cost a resident, a promise and not a speed


@pytest.fixture
def samples(house):
    """Samples of a freshly seeded city."""
    house.reset_city()
    return house.samples()


def test_a_city_that_hangs_is_answered_within_three_seconds_and_holds_nobody_else_up(house, samples):
    house.fault(kind="slow", seconds=5, path_prefix="/cities")
    waiting = Talk(house)
    taken = {}

    def ask():
        started = time.monotonic()
        taken["answer"] = waiting.say(f"查水费 户号{samples['accounts']['water']['one_unpaid']}")
        taken["seconds"] = time.monotonic() - started

    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(0.3)
    Talk(house).say("你好")
    assert thread.is_alive(), "another conversation waited for the hanging city"
    thread.join(15)
    assert "没有回应" in taken["answer"]
    assert taken["seconds"] < ANSWER_WITHIN


def test_with_the_action_server_down_a_plain_sentence_is_said(house, samples):
    house.kill_actions()
    try:
        talk = Talk(house)
        assert "Traceback" not in talk.say("我要交水费")
    finally:
        house.restart_actions()
    talk.say("我要交水费")
    assert talk.active_form() == "pay_utility_bill_form"


def test_a_thousand_odd_messages_do_no_harm(house, samples):
    chance = random.Random(20260101)
    talk = Talk(house)
    for text in odd_messages(chance, 1000):
        status, body = house.post_message(talk.conversation_id, text)
        assert status < 500, text[:80]
        assert "Traceback" not in body
        assert "rasa" not in body.lower()
        if chance.random() < 0.1:
            talk = Talk(house)
    assert Talk(house).say("你好")
    talk.say("算了")
    talk.say("我要交水费")
    assert talk.slot("bill_type") == "water"


def test_no_personal_data_in_any_log_line(house, samples):
    person, plate = samples["people"]["with_credit"], samples["plates"]["camera_unconfirmed"]
    account, decision = samples["accounts"]["water"]["one_unpaid"], samples["decision_numbers"]["unpaid"]
    talk = Talk(house)
    for words in (
        f"查水费 户号{account}",
        f"查违章 {plate}",
        f"交罚款 决定书编号{decision}",
        "算了",
        f"我叫{person['name']} 身份证{person['id_number']} 手机13812345678 查信用分",
        f'/query_utility_bill{{"bill_type": "water", "account_number": "{account}"}}',
        f'/query_utility_bill{{"bill_type": "water", "account_number": "{account}"',
        "转人工",
    ):
        talk.say(words)
    log = house.log_text()
    assert talk.log_name in log
    assert talk.conversation_id not in log
    for secret in (account, plate, decision, person["id_number"], "13812345678"):
        assert secret not in log
    # Everything that any conversation of this run has left in the three logs, whoever said it.
    assert NUMBERS.findall(log) == []
    assert PLATES.findall(log) == []


def test_both_processes_log_the_conversation_by_the_same_name(house, samples):
    talk = Talk(house)
    talk.say(f"查水费 户号{samples['accounts']['water']['one_unpaid']}")
    for process in ("assistant", "actions"):
        # The line is written after the answer has gone out.
        house.wait_for(lambda process=process: talk.log_name in house.log_of(process))
