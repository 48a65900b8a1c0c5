"""Who had the word is told with those who did not get it, and with the reason."""

from typing import Any

import pytest
from rasa.shared.core.events import ActiveLoop, SlotSet

from bot.dialogue.explain import Kind, explain
from tests.bot.dialogue.assistant import DOMAIN, OPEN_FORM, conversation, policy, rejected

STORIES = """
- {story: 问好就给菜单, steps: [{intent: greet}, {action: utter_menu}]}
- {story: 求助, steps: [{intent: help}, {action: utter_menu}]}
- {story: 道谢, steps: [{intent: thanks}, {action: utter_thanks}, {intent: affirm}, {action: utter_more}]}
"""
NINGBO = """
- {rule: 宁波问好, condition: [{slot_was_set: [{city: 宁波}]}], steps: [{intent: affirm}, {action: utter_more}]}
- {rule: 交费时道谢, condition: [{active_loop: pay_form}], steps: [{intent: thanks}, {action: utter_more}]}
"""


@pytest.mark.parametrize(
    ("happened", "action", "kind", "names", "before", "why"),
    [
        (["pay", "utter_menu"], "action_default_fallback", Kind.FALLBACK, [], [], "没有哪个故事或规则对得上"),
        (OPEN_FORM, "action_listen", Kind.FORM, [], ["交费开始"], "等居民回答"),
        ([*OPEN_FORM, "thanks"], "pay_form", Kind.FORM, [], ["道谢", "交费时道谢", "道谢"], "先由它听"),
        (["help"], "utter_menu", Kind.STORY, ["求助"], [], "没有规则"),
        (["greet"], "utter_menu", Kind.STORY, ["问好就给菜单"], ["打招呼"], "先听故事"),
        (rejected("greet", "utter_menu"), "pay_form", Kind.STORY, ["问好就给菜单"], [], "所以再问一遍"),
        (["pay"], "pay_form", Kind.RULE, ["交费开始"], [], "只有这条规则"),
        (["affirm"], "action_follow_yes", Kind.RULE, ["说好"], [], "只有这条规则"),
        ([SlotSet("city", "宁波"), "affirm"], "utter_more", Kind.RULE, ["宁波问好"], ["说好"], "3 项，另外的最多 2 项"),
        (rejected("thanks"), "utter_more", Kind.RULE, ["交费时道谢"], ["道谢", "道谢"], "所以先听规则"),
        (rejected("thanks", "utter_more"), "action_listen", Kind.RULE, ["交费时道谢"], [], "只有这条规则"),
        (
            [*OPEN_FORM, "affirm", "pay_form", ActiveLoop(None)],
            "action_pay",
            Kind.RULE,
            ["交费办完"],
            [],
            "只有这条规则",
        ),
    ],
)
def test_who_spoke(happened: list[Any], action: str, kind: Kind, names: list[str], before: list[str], why: str) -> None:
    explanation = explain(policy(STORIES, more_rules=NINGBO), conversation(*happened), DOMAIN)
    assert (explanation.action, explanation.spoke.kind) == (action, kind)
    assert [name for name, _ in explanation.spoke.places] == names
    assert [speaker.places[0][0] for speaker in explanation.before] == before
    assert why in explanation.why


def test_restart_is_rasas_own() -> None:
    tracker = conversation("greet")
    assert tracker.latest_message
    tracker.latest_message.intent["name"] = "restart"
    explanation = explain(policy(), tracker, DOMAIN)
    assert (explanation.action, explanation.spoke.kind) == ("action_restart", Kind.DEFAULT)
