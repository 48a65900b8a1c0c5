"""Card numbers, passwords and codes are hidden; what the city needs is not."""

import pytest
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from stdnum import luhn

from bot.nlu.secrets import HIDDEN, SecretListener, hide


def card(beginning: str, length: int) -> str:
    """A number of a card's form."""
    body = (beginning + "123456789012345678")[: length - 1]
    return body + luhn.calc_check_digit(body)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("我银行卡号6222021202041234567 密码123456", f"我银行卡号{HIDDEN} 密码{HIDDEN}"),
        ("验证码123456", f"验证码{HIDDEN}"),
        ("密码是12345678", f"密码是{HIDDEN}"),
        ("cvv 123", f"cvv {HIDDEN}"),
        ("短信验证码：６６８８９９", f"短信验证码：{HIDDEN}"),
        ("密码abc123", f"密码{HIDDEN}"),
        ("支付密码一二三四五六", f"支付密码{HIDDEN}"),
        ("123456是验证码", f"{HIDDEN}是验证码"),
        (f"卡号{card('621700', 19)}", f"卡号{HIDDEN}"),
        (card("622848", 19), HIDDEN),
        (card("4367", 16), HIDDEN),
        ("建设银行6217 0012 3456 7890 123", f"建设银行{HIDDEN}"),
    ],
)
def test_secrets_are_hidden(text, hidden):
    assert hide(text) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "交水费3301234567",
        "户号3301 2345 67",
        "身份证110101199003077475",
        "110101199003077475",
        "13800138000",
        card("3104", 19),
        f"公交卡{card('3104', 19)}",
        "处罚决定书编号330100004052581",
        "验证码没收到",
        "忘记密码怎么办",
        "密码错了3次",
        "验证码收不到，户号3301234567",
        "手机13800138000收不到验证码",
        "邮编310000",
        "生日19900101",
        "",
    ],
)
def test_what_the_city_needs_is_left_alone(text):
    assert hide(text) == text


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        (f"验证码{HIDDEN}", "inform", "told_secret"),
        (f"被骗了，验证码{HIDDEN}", "emergency", "emergency"),
        ("验证码", "inform", "inform"),
    ],
)
def test_a_told_secret_is_heard_and_danger_before_it(text, before, after):
    message = Message({TEXT: text, INTENT: {"name": before, "confidence": 1.0}})
    SecretListener().process([message])
    assert message.get(INTENT)["name"] == after
