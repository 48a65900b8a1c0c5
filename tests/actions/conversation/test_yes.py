"""To a sentence with an amount only a plain yes is a yes."""

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.turn import Turn
from actions.conversation.yes import is_plain_yes
from tests.actions.conversation.trackers import heard


@pytest.mark.parametrize(
    ("intent", "text", "confidence"),
    [
        ("deny", "不了", 1.0),
        ("inform", "确认", 1.0),
        ("nlu_fallback", "确认", 0.4),
        ("affirm", "捕行", 0.48),
        ("affirm", "布是的", 0.79),
        ("affirm", "可以吗", 0.99),
        ("affirm", "好，多少钱来着", 0.99),
        ("affirm", "对，不过先别交", 0.99),
        ("affirm", "是不是付给水务集团", 0.99),
        ("affirm", "好的，等等", 0.99),
        ("affirm", "行是行，" * 7, 0.99),
    ],
)
def test_what_is_no_plain_yes(intent, text, confidence):
    assert not is_plain_yes(Turn(CollectingDispatcher(), heard(intent, text, confidence=confidence)))


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("确认", 1.0),
        ("没问题", 1.0),
        ("没有异议，确认", 0.95),
        ("不用改了，交吧", 0.9),
        ("没错", 0.99),
        ("/affirm", 1.0),
    ],
)
def test_what_is_a_plain_yes(text, confidence):
    assert is_plain_yes(Turn(CollectingDispatcher(), heard("affirm", text, confidence=confidence)))
