"""Who sends, guesses or looks up too much is told when to go on; nothing that was open is lost, and others notice nothing."""

import random

import pytest

from tests.conversations.talk import Talk
from tests.conversations.town import Town
from tests.house import start_house, stop_house

MESSAGES = 30


@pytest.fixture(scope="module")
def limited(trained_model, tmp_path_factory):
    """A house with limits."""
    running = start_house(
        tmp_path_factory.mktemp("house"),
        trained_model,
        BIANMIN_LIMITS="on",
        BIANMIN_MESSAGES_PER_SESSION=f"{MESSAGES} per 10 seconds",
        BIANMIN_REDIS_URL="",
        LOG_LEVEL="DEBUG",
    )
    yield Town(running)
    stop_house(running)


@pytest.fixture
def samples(limited):
    limited.reset_city()
    return limited.samples()


def heard(talk):
    return [event for event in talk.tracker()["events"] if event["event"] == "user"]


def test_a_message_too_many_costs_no_turn_and_loses_nothing(limited, samples):
    talk = Talk(limited)
    for _ in range(MESSAGES - 1):
        talk.say("你好")
    talk.say("查违章")
    plate = samples["plates"]["camera_unconfirmed"]
    before = heard(talk)
    answer = talk.say(plate)
    assert "请过" in answer
    assert "110" in answer
    assert heard(talk) == before
    assert talk.requested() == "plate_number"
    assert "请过" not in Talk(limited).say("你好")
    limited.wait_for(lambda: "请过" not in talk.press("再发"))
    assert plate in talk.said
    assert talk.slot("plate_number") == plate


def test_who_guesses_at_a_person_is_to_wait(limited, samples):
    people = samples["people"]
    talk = Talk(limited)
    talk.say("查信用分")
    for _ in range(5):
        talk.say(f"我叫{people['patient']['name']}")
        assert "对不上" in talk.say(people["with_credit"]["id_number"])
    person = people["with_credit"]
    talk.say(f"我叫{person['name']}")
    answer = talk.say(person["id_number"])
    assert "分钟" in answer
    assert "等级" not in answer
    # Nor does another conversation find out more of that number; another's number is nobody's business here.
    other = Talk(limited)
    other.say("查信用分")
    other.say(f"我叫{person['name']}")
    assert "分钟" in other.say(person["id_number"])
    third = Talk(limited)
    third.say("查信用分")
    third.say(f"我叫{people['without_credit']['name']}")
    assert "还没有" in third.say(people["without_credit"]["id_number"])


def test_who_looks_up_one_plate_after_the_other_is_to_wait(limited, samples):
    talk = Talk(limited)
    plate = samples["plates"]["camera_unconfirmed"]
    known = talk.say(f"查一下{plate}的违章")
    assert plate in known
    digits = random.sample(range(10_000, 99_999), 20)
    answers = [talk.say(f"查一下浙B{number}的违章") for number in digits]
    assert ["停一停" in answer for answer in answers] == [False] * 19 + [True]
    assert talk.slot("plate_number") is None
    assert talk.say(f"查一下{plate}的违章") == known  # looked up before
    # The same limit for whatever asks by plate.
    assert "停一停" in talk.say(f"浙B{digits[-1]}的停车费")
    assert Talk(limited).say(f"查一下{plate}的违章") == known


def test_no_log_of_any_process_holds_the_id_of_a_conversation(limited, samples):
    # At the level at which libraries tell everything, with an address that leads nowhere, a fault and a payment.
    talk = Talk(limited)
    talk.say(f"查水费 户号{samples['accounts']['water']['one_unpaid']}")
    talk.say("交")
    talk.say("确认")
    talk.say("付好了")
    limited.fault(kind="error_500", path_prefix="/cities", times=3)
    talk.say(f"查电费 户号{samples['accounts']['electricity']['one_unpaid']}")
    limited.clear_faults()
    talk.say("转人工")
    for process in ("assistant", "actions"):
        limited.wait_for(lambda process=process: talk.log_name in limited.log_of(process))
    log = limited.log_text()
    assert '"level": "debug"' in log
    assert talk.conversation_id not in log
