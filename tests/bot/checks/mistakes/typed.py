"""Mistakes in how stories are typed."""

from tests.bot.checks.mistakes.mistake import Mistake

_RULES = "data/stories/common.yml"

TYPED = [
    Mistake(
        "a tab in a rule", _RULES, "      - intent: greet", "\t- intent: greet", ("Tab", "空格"), "\t- intent: greet"
    ),
    Mistake(
        "a full-width colon in a rule", _RULES, "intent: greet", "intent：greet", ("冒号是全角的",), "intent：greet"
    ),
    Mistake(
        "a full-width colon after an action",
        _RULES,
        "action: utter_thanks",
        "action：utter_thanks",
        ("冒号是全角的",),
        "action：",
    ),
    Mistake(
        "a rule's steps not under one another",
        _RULES,
        "      - action: action_greet",
        "     - action: action_greet",
        ("缩进", "对齐"),
        "     - action: action_greet",
    ),
    Mistake(
        "a step that stands deeper",
        _RULES,
        "      - action: utter_thanks",
        "        - action: utter_thanks",
        ("缩进", "对齐"),
        "        - action: utter_thanks",
    ),
    Mistake(
        "a rule's name written twice",
        _RULES,
        "rule: 道谢",
        "rule: 告别  # 又一条",
        ("规则「告别」", "已经有一条叫这个名字", "换一个名字"),
        "# 又一条",
    ),
]
