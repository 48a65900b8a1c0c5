"""Mistakes in what the stories say."""

from tests.bot.checks.mistakes.mistake import Mistake

_RULES = "data/stories/common.yml"
_MINE = "data/stories/mine.yml"


def _stories(text: str) -> str:
    return f'version: "3.1"\n{text}'


STORIES = [
    Mistake(
        "a story against an open form",  # a story against a rule is none any more: it is more particular, and has the word
        _MINE,
        "",
        _stories(
            "stories:\n  - story: 表单开着就道谢\n    steps:\n      - intent: query_credit_score\n      - action: action_leave_task\n"
            "      - action: query_credit_score_form\n      - active_loop: query_credit_score_form\n      - action: utter_thanks\n"
        ),
        ("故事「表单开着就道谢」", "表单 query_credit_score_form 还开着", "active_loop: null"),
        "story: 表单开着就道谢",
    ),
    Mistake(
        "a rule against a rule",
        _MINE,
        "",
        _stories("rules:\n  - rule: 又一个招呼\n    steps:\n      - intent: greet\n      - action: utter_goodbye\n"),
        (
            "规则「又一个招呼」（data/stories/mine.yml:3）",
            "utter_goodbye",
            "规则「打招呼」（data/stories/common.yml:5）",
            "action_greet",
            "只能留一条",
        ),
        "rule: 打招呼",
        place=_RULES,
    ),
    Mistake(
        "a rule that does not say that the form stays open",
        _MINE,
        "",
        _stories(
            "rules:\n  - rule: 问信用分\n    condition:\n      - slot_was_set:\n          - city: 嘉兴\n    steps:\n      - intent: query_credit_score\n      - action: query_credit_score_form\n"
        ),
        ("规则「问信用分」", "query_credit_score_form", "补上 active_loop"),
        "rule: 问信用分",
    ),
    Mistake(
        "an action's name misspelt in a story",
        _MINE,
        "",
        _stories("stories:\n  - story: 招呼以后\n    steps:\n      - intent: greet\n      - action: acton_greet\n"),
        ("故事「招呼以后」", "没有叫 acton_greet 的动作", "是不是 action_greet？"),
        "acton_greet",
    ),
    Mistake(
        "a slot that nobody declares, in a story",
        _MINE,
        "",
        _stories(
            "stories:\n  - story: 招呼以后\n    steps:\n      - intent: greet\n      - slot_was_set:\n          - citi: 嘉兴\n      - action: action_greet\n"
        ),
        ("故事「招呼以后」", "没有叫 citi 的", "是不是 city？"),
        "citi: 嘉兴",
    ),
    Mistake(
        "a story against a story",
        _MINE,
        "",
        _stories(
            "stories:\n"
            + "".join(
                f"  - story: {name}\n    steps:\n      - intent: greet\n      - action: action_greet\n      - intent: affirm\n      - action: {action}\n"
                for name, action in (("甲", "utter_goodbye"), ("乙", "utter_thanks"))
            )
        ),
        (
            "故事「甲」（data/stories/mine.yml:3）",
            "utter_goodbye",
            "故事「乙」",
            "utter_thanks",
            "第 4 步",
            "只能留一个",
        ),
        "story: 乙",
    ),
    Mistake(
        "an action's name misspelt in a rule",
        _RULES,
        "action_hand_over",
        "action_hand_ove",
        ("规则「转人工」", "没有叫 action_hand_ove 的动作", "是不是 action_hand_over？"),
        "action_hand_ove",
    ),
    Mistake(
        "a response that a story names is not there",
        _MINE,
        "",
        _stories(
            "stories:\n  - story: 道谢以后\n    steps:\n      - intent: thanks\n      - action: utter_thank_you\n"
        ),
        ("故事「道谢以后」", "没有叫 utter_thank_you 的", "utter_thanks"),
        "utter_thank_you",
    ),
    Mistake(
        "an unknown intent in a story",
        _MINE,
        "",
        _stories("stories:\n  - story: 招呼\n    steps:\n      - intent: great\n      - action: action_greet\n"),
        ("故事「招呼」", "没有叫 great 的", "是不是 greet？"),
        "intent: great",
    ),
    Mistake(
        "an unknown intent in a rule",
        _RULES,
        "intent: thanks",
        "intent: thank",
        ("规则「道谢」", "没有叫 thank 的", "是不是 thanks？"),
        "intent: thank",
    ),
    Mistake(
        "a response that a rule names is not there",
        _RULES,
        "      - action: utter_holiday_notice",
        "      - action: utter_holiday",
        ("规则「放假时打招呼」", "没有叫 utter_holiday 的", "是不是 utter_holiday_notice？"),
        "action: utter_holiday",
    ),
    Mistake(
        "a slot misspelt in a rule",
        _RULES,
        "- office_hours: holiday",
        "- office_hour: holiday",
        ("规则「放假时打招呼」", "没有叫 office_hour 的", "是不是 office_hours？"),
        "office_hour: holiday",
    ),
    Mistake(
        "a rule of the end of a task that ends nothing",  # the rule itself follows from the manifest and cannot be removed
        _MINE,
        "",
        _stories(
            "rules:\n  - rule: 查信用分：办完\n    condition:\n      - active_loop: query_credit_score_form\n    steps:\n"
            "      - action: query_credit_score_form\n      - active_loop: null\n      - action: utter_thanks\n"
        ),
        ("规则「查信用分：办完」", "action_query_credit_score"),
        "rule: 查信用分：办完",
    ),
    Mistake(
        "the rule that hands over is removed",
        _RULES,
        "  - rule: 转人工\n    steps:\n      - intent: handoff_human\n      - action: action_hand_over\n",
        "",
        ("handoff_human", "没有一条不带条件的规则接", "刚删掉的放回去"),
        "handoff_human",
        place="domain.yml",
    ),
]
