"""A card number, a password, a code: nobody keeps them, and the resident is warned."""

import json

import pytest

from tests.conversations.talk import Talk


@pytest.mark.parametrize(
    ("words", "secrets"),
    [
        ("我银行卡号6222021202041234567 密码842913", ("6222021202041234567", "842913")),
        ("验证码842913", ("842913",)),
        ("密码是84291356", ("84291356",)),
    ],
)
def test_a_secret_is_kept_nowhere_and_warned_of(house, words, secrets):
    talk = Talk(house)
    answer = talk.say(words)
    assert "96110" in answer
    assert "记下了" not in answer
    kept = json.dumps(talk.tracker(), ensure_ascii=False)
    assert [secret for secret in secrets if secret in kept] == []


def test_inside_a_form_a_secret_is_no_answer(house):
    talk = Talk(house)
    talk.say("交水费")
    assert "96110" in talk.say("验证码842913")
    assert (talk.slot("account_number"), talk.requested()) == (None, "account_number")


@pytest.mark.parametrize("words", ["邮编310000", "生日19900101"])
def test_other_numbers_are_no_account(house, words):
    talk = Talk(house)
    talk.say(words)
    assert not (talk.slot("noted") or {}).get("account_number")
