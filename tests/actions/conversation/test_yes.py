"""To a sentence with an amount only a plain yes is a yes."""

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.turn import Turn
from actions.conversation.yes import is_plain_yes
from tests.actions.conversation.trackers import heard


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("deny", "不了"),
        ("deny", "行不行"),
        ("affirm", "捕行"),
        ("affirm", "布是的"),
        ("affirm", "可以吗"),
        ("affirm", "好，多少钱来着"),
        ("affirm", "对，不过先别交"),
        ("affirm", "是不是付给水务集团"),
        ("affirm", "好的，等等"),
        ("affirm", "好贵"),
        ("affirm", "好麻烦"),
        ("affirm", "好慢"),
        ("affirm", "对不起"),
        ("affirm", "嗯？"),
        ("affirm", "对吗"),
        ("affirm", "没错吗"),
        ("affirm", "可以分期"),
        ("affirm", "确认交100元"),
        ("affirm", "再交一次吧"),
        ("affirm", "退"),
        ("affirm", "交"),
        ("pay_utility_bill", "缴费"),
        ("pay_utility_bill", "我要交"),
        ("affirm", "帮我"),
        ("affirm", "就是" * 400 + "吗"),
        ("deny", "/deny"),
        ("affirm", "都交了吧"),
        ("pay_utility_bill", "都帮我交了吧"),
    ],
)
def test_what_is_no_plain_yes(intent, text):
    assert not is_plain_yes(Turn(CollectingDispatcher(), heard(intent, text)), "交|缴|付|支付")


@pytest.mark.parametrize(
    "text",
    [
        "确认",
        "没问题",
        "没有异议，确认",
        "不用改了，交吧",
        "没错",
        "立即支付",
        "好的，麻烦帮我交一下，谢谢",
        "嗯嗯就这个",
        "得嘞",
        "还是交吧",
        "就交了",
        "都对，交吧",
        "都可以",
        "/affirm",
    ],
)
def test_what_is_a_plain_yes(text):
    assert is_plain_yes(Turn(CollectingDispatcher(), heard("affirm", text)), "交|缴|付|支付")


def test_a_yes_may_repeat_what_is_known_and_nothing_else():
    tracker = heard("affirm", "水费，对", slots={"bill_type": "water"})
    tracker.latest_message["entities"] = [{"entity": "bill_type", "value": "water", "start": 0, "end": 2}]
    assert is_plain_yes(Turn(CollectingDispatcher(), tracker))
    tracker.latest_message["entities"][0]["value"] = "gas"
    assert not is_plain_yes(Turn(CollectingDispatcher(), tracker))


def test_the_request_said_again_is_no_yes():
    tracker = heard("pay_utility_bill", "我要交电费吧，户号3301234567", slots={"account_number": "3301234567"})
    tracker.latest_message["entities"] = [{"entity": "account_number", "value": "3301234567", "start": 9, "end": 19}]
    assert not is_plain_yes(Turn(CollectingDispatcher(), tracker), "交|电费|缴|付")
