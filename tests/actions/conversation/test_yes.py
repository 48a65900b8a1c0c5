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
        ("pay_utility_bill", "交"),
        ("pay_utility_bill", "缴费"),
        ("pay_utility_bill", "我要交"),
        ("affirm", "帮我"),
        ("affirm", "就是" * 400 + "吗"),
        ("deny", "/deny"),
        ("affirm", "都交了吧"),
        ("pay_utility_bill", "都帮我交了吧"),
        ("greet", "你好"),
        ("greet", "您好呀"),
        ("affirm", "你好"),
        ("greet", "好的你好"),
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


@pytest.mark.parametrize(
    "text",
    [
        "確認",
        "對",
        "對的",
        "沒問題",
        "沒錯",
        "可以，謝謝",
        "好的谢谢",
        "好的，谢谢你",
        "行，多谢",
        "嗯嗯",
        "嗯嗯嗯",
        "ok",
        "OK，谢谢",
        "Okay",
        "y",
        "Y",
        "yes",
        "yeah",
        "确认🙏",
        "好的😊",
        "👌🏻",
        "👍",
        "是的是的",
        "对对对",
        "没错就交这个",
        "同意",
        "确定",
        "好，付吧",
        "交吧",
        "付吧",
        "现在付",
        "那就交吧",
        "马上交",
        "好的请交",
        "行吧",
        "成",
        "中",
        "妥了",
        "要得",
        "是的，麻烦你了",
        "可以可以",
        "没毛病",
        "确认付",
        "确认缴",
        "我确认",
        "确认无误",
        "核对过了，没问题",
        "看过了没错",
        "好嘞",
        "好哒",
        "好滴",
        "对，没错",
        "是我的，交吧",
        "恩",
        "得嘞",
        "认可",
        "都对",
        "立即支付",
        "對，交吧",
        "確定",
        "馬上付",
        "現在交",
        "好的好的",
        "可以了",
        "就这样吧",
        "没意见",
        "当然",
        "必须的",
    ],
)
def test_a_yes_of_any_hand_is_one(text):
    assert is_plain_yes(Turn(CollectingDispatcher(), heard("affirm", text)), "交|缴|付|支付|付款|缴费")


@pytest.mark.parametrize("text", ["交", "付款", "缴", "支付"])
def test_a_bare_verb_is_a_yes_where_it_is_understood_as_one(text):
    assert is_plain_yes(Turn(CollectingDispatcher(), heard("affirm", text)), "交|缴|付|支付|付款|缴费")
    assert not is_plain_yes(Turn(CollectingDispatcher(), heard("pay_utility_bill", text)), "交|缴|付|支付|付款|缴费")


@pytest.mark.parametrize(
    "text",
    [
        "确认一下金额",
        "先确认一下户号",
        "再核对一下信息",
        "确认?",
        "确认？",
        "嗯？",
        "什么确认",
        "确认什么",
        "可以吗",
        "行吗",
        "好吗",
        "对吧？",
        "是吗",
        "要确认吗",
        "怎么确认",
        "确认了会怎样",
        "确认以后能退吗",
        "确认的话扣多少",
        "好像不对",
        "好贵啊",
        "不好",
        "不行",
        "不对",
        "不确认",
        "还没确认",
        "没法确认",
        "我再确认一下金额",
        "等我确认一下",
        "让我看看再说",
        "好，但是先等等",
        "好的，我想想",
        "可以少交点吗",
        "行不行啊",
        "能确认一下是谁家的吗",
        "帮我确认一下金额",
        "我确认不了",
        "确认不是我的",
        "不是我家",
        "我有异议",
        "有问题",
        "有意见",
        "不同意",
        "没同意",
        "谁同意了",
        "我没说好",
        "别交",
        "先别付",
        "不交",
        "算了",
        "取消",
        "都交了没",
        "交过了",
        "付过了",
        "已经确认过了",
        "刚才付了",
        "交多少",
        "付给谁",
        "对方是谁",
        "这是哪个月的",
        "好奇怪",
        "对不起",
        "可能吧",
        "也许吧",
        "随便",
    ],
)
def test_what_only_sounds_like_a_yes_is_none(text):
    assert not is_plain_yes(Turn(CollectingDispatcher(), heard("affirm", text)), "交|缴|付|支付|付款|缴费")
