"""The mistakes that staff make: what is edited, where the check has to point, and the words that have to be said there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mistake:
    """One mistake, made in a copy of the data.

    Attributes:
        name: what it is, as a test's name.
        file: the file that is edited; made where it is not there.
        old: what stands there; nothing for a file that is made or written anew as a whole.
        new: what is put there.
        says: words of the finding, all of one.
        at: a piece of the line, in the edited file, that the finding points to.
        place: the file that the finding points to, where it is another.
        encoding: how the file is saved.
    """

    name: str
    file: str
    old: str
    new: str
    says: tuple[str, ...]
    at: str
    place: str = ""
    encoding: str = "utf-8"

    def make(self, root: Path) -> None:
        """Make it in a copy of the project.

        Args:
            root: the copy.
        """
        path = root / self.file
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        assert self.old in text, "the mistake is about something that is not there any more"
        path.write_bytes(text.replace(self.old, self.new, 1).encode(self.encoding))

    def line(self, root: Path) -> int:
        """The line that a finding has to name, from 1."""
        lines = (root / (self.place or self.file)).read_bytes().decode(self.encoding if not self.place else "utf-8")
        return next(number for number, line in enumerate(lines.splitlines(), 1) if self.at in line)


def _stories(text: str) -> str:
    return f'version: "3.1"\n{text}'


_NLU, _WORDS, _RULES = "data/nlu/credit.yml", "data/domain/credit.yml", "data/stories/common.yml"
_MINE = "data/stories/mine.yml"

# ---- what the stories say
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
        ("规则「又一个招呼」（data/stories/mine.yml:3）", "utter_goodbye", "规则「打招呼」（data/stories/common.yml:5）", "action_greet", "只能留一条"),
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
                for name, action in (("甲", "utter_affirm"), ("乙", "utter_thanks"))
            )
        ),
        ("故事「甲」（data/stories/mine.yml:3）", "utter_affirm", "故事「乙」", "utter_thanks", "第 4 步", "只能留一个"),
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
        _stories("stories:\n  - story: 道谢以后\n    steps:\n      - intent: thanks\n      - action: utter_thank_you\n"),
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

# ---- what residents say
EXAMPLES = [
    Mistake(
        "an unknown intent in the examples",
        _NLU,
        "intent: query_credit_score",
        "intent: query_credit_scores",
        ("query_credit_scores", "是不是 query_credit_score？"),
        "intent: query_credit_scores",
    ),
    Mistake(
        "one example under two intents",
        _NLU,
        "      - 信用分\n",
        "      - 信用分\n      - 我要交费\n",
        ("「我要交费」", "query_credit_score", "pay_utility_bill", "data/nlu/credit.yml:7", "只能留一处"),
        "- 我要交费",
        place="data/nlu/utility_bills.yml",
    ),
    Mistake(
        "one example under two intents, told apart by a comma",
        _NLU,
        "      - 信用分\n",
        "      - 信用分\n      - 我要，交费\n",
        ("「我要，交费」", "pay_utility_bill", "data/nlu/credit.yml:7", "只差标点"),
        "- 我要交费",
        place="data/nlu/utility_bills.yml",
    ),
    Mistake(
        "examples under the wrong intent",
        _NLU,
        "      - 信用分\n",
        "      - 信用分\n" + "".join(f"      - {said}\n" for said in ("我家的水费要交了", "麻烦给我把电费缴一下", "帮忙交这个月燃气费")),
        ("「我家的水费要交了」", "「查信用分」（query_credit_score）", "“水费”", "「水电燃气费」的事"),
        "- 我家的水费要交了",
    ),
    Mistake(
        "an example of paying under asking",  # one that stands under paying already; what is new and wrong within a service shows in `bot test nlu`
        "data/nlu/utility_bills.yml",
        "  - intent: query_utility_bill\n    examples: |\n",
        "  - intent: query_utility_bill\n    examples: |\n      - 我要交水费！\n",
        ("「我要交水费！」", "已经在 pay_utility_bill 下面", "又写在 query_utility_bill 下面", "只能留一处"),
        "- 我要交水费！",
    ),
    Mistake(
        "an example without its dash",
        _NLU,
        "      - 查信用分\n",
        "      查信用分\n",
        ("「查信用分」", "没有收进去", "“- ”"),
        "      查信用分",
    ),
    Mistake(
        "an example with a full-width dash",
        _NLU,
        "      - 查信用分\n",
        "      － 查信用分\n",
        ("「－ 查信用分」", "没有收进去", "“- ”"),
        "－ 查信用分",
    ),
    Mistake(
        "an example that stands deeper",
        _NLU,
        "      - 查信用分\n",
        "        - 查信用分\n",
        ("「- 查信用分」", "没有收进去", "对齐"),
        "        - 查信用分",
    ),
    Mistake(
        "an example whose dash has no blank",
        _NLU,
        "      - 查信用分\n",
        "      -查信用分\n",
        ("「-查信用分」", "没有收进去", "“- ”"),
        "-查信用分",
    ),
    Mistake(
        "an example with an entity marked in it",
        "data/nlu/utility_bills.yml",
        "      - 我要交费\n",
        "      - 我要交[水费](bil_type)\n",
        ("「我要交[水费](bil_type)」", "不用标", "去掉方括号和圆括号"),
        "(bil_type)",
    ),
    Mistake("a tab in the examples", _NLU, "      - 查信用分\n", "\t- 查信用分\n", ("Tab", "空格"), "\t- 查信用分"),
    Mistake(
        "a full-width colon after intent",
        _NLU,
        "intent: query_credit_score",
        "intent：query_credit_score",
        ("冒号是全角的", "半角"),
        "intent：",
    ),
    Mistake("a full-width colon after examples", _NLU, "examples: |", "examples：|", ("冒号是全角的",), "examples：|"),
    Mistake(
        "an intent's lines not under one another",
        _NLU,
        "    examples: |",
        "   examples: |",
        ("缩进", "对齐"),
        "   examples: |",
    ),
    Mistake(
        "an example that stands too far left",
        _NLU,
        "      - 我的信用分\n",
        "  - 我的信用分\n",
        ("「我的信用分」", "缩进"),
        "  - 我的信用分",
    ),
    Mistake(
        "examples saved as GBK",
        _NLU,
        "      - 查信用分\n",
        "      - 查信用分\n",
        ("不是 UTF-8", "另存为 UTF-8"),
        "信用分",
        encoding="gbk",
    ),
]

# ---- what we say
WORDS = [
    Mistake(
        "a placeholder misspelt",
        "domain.yml",
        "{subject} {amount} 元已缴清",
        "{subject} {amout} 元已缴清",
        ("utter_payment_settled", "{amout}", "是不是 {amount}？", "整句"),
        "{amout}",
    ),
    Mistake(
        "another placeholder misspelt",
        _WORDS,
        "{grade}",
        "{grad}",
        ("utter_credit_score", "{grad}", "是不是 {grade}？", "整句"),
        "{grad}",
    ),
    Mistake(
        "a response deleted that the code speaks",
        _WORDS,
        '  utter_no_credit_record:\n    - text: "还没有您的信用记录，满 18 岁、在本市生活一段时间后会生成。"\n',
        "",
        ("utter_no_credit_record", "程序要说这句", "data/domain"),
        "utter_no_credit_record",
        place="actions/services/credit.py",
    ),
    Mistake(
        "a response's name misspelt",
        _WORDS,
        "utter_credit_score",
        "utter_credit_scor",
        ("utter_credit_scor", "没有人说这句", "是不是 utter_credit_score？"),
        "utter_credit_scor",
    ),
    Mistake(
        "a response that is asked for misspelt",
        "data/domain/utility_bills.yml",
        "  utter_ask_account_number:",
        "  utter_ask_acount_number:",
        ("utter_ask_acount_number", "没有人说这句", "是不是 utter_ask_account_number？"),
        "utter_ask_acount_number",
    ),
    Mistake(
        "a button's intent misspelt",
        "domain.yml",
        "payload: /help",
        "payload: /hlep",
        ("utter_out_of_scope", "看看能办什么", "hlep", "是不是 help？"),
        "/hlep",
    ),
    Mistake(
        "a button's entity misspelt",
        "data/domain/utility_bills.yml",
        '{{"bill_type": "gas"}}',
        '{{"bil_type": "gas"}}',
        ("utter_ask_bill_type", "燃气费", "bil_type", "是不是 bill_type？"),
        "bil_type",
    ),
    Mistake(
        "Chinese quotes for YAML's",
        _WORDS,
        '"还没有您的信用记录，满 18 岁、在本市生活一段时间后会生成。"',
        "“还没有您的信用记录，满 18 岁、在本市生活一段时间后会生成。”",
        ("引号", "“", "半角"),
        "“还没有您的信用记录",
    ),
    Mistake(
        "a full-width colon after text",
        _WORDS,
        '- text: "还没有',
        '- text："还没有',
        ("冒号是全角的",),
        'text："还没有',
    ),
    Mistake(
        "a full-width colon after a response's name",
        _WORDS,
        "  utter_no_credit_record:",
        "  utter_no_credit_record：",
        ("冒号是全角的",),
        "utter_no_credit_record：",
    ),
    Mistake(
        "a quote within quotes",
        _WORDS,
        "还没有您的信用记录，",
        '还没有您的"信用记录"，',
        ("引号", "“ ”"),
        '您的"信用记录"',
    ),
    Mistake(
        "a quote that is not closed",
        _WORDS,
        '信用分只告诉本人。请告诉我您的姓名。"',
        "信用分只告诉本人。请告诉我您的姓名。",
        ("引号", "没有"),
        "信用分只告诉本人",
    ),
    Mistake(
        "a response written twice",
        "domain.yml",
        "  utter_affirm:\n",
        "  utter_thanks:  # 又一次\n",
        ("utter_thanks", "已经写过", "留一处"),
        "# 又一次",
    ),
    Mistake(
        "the payee taken out of the sentence before a payment",
        "data/domain/traffic.yml",
        "向{payee}缴纳",
        "缴纳",
        ("utter_confirm_fine", "{payee}", "付款前"),
        "请核对：缴纳决定书",
    ),
    Mistake(
        "words saved as GBK",
        _WORDS,
        "信用分只告诉本人",
        "信用分只告诉本人",
        ("不是 UTF-8", "另存为 UTF-8"),
        "信用分只告诉本人",
        encoding="gbk",
    ),
]

# ---- how stories are typed
TYPED = [
    Mistake("a tab in a rule", _RULES, "      - intent: greet", "\t- intent: greet", ("Tab", "空格"), "\t- intent: greet"),
    Mistake("a full-width colon in a rule", _RULES, "intent: greet", "intent：greet", ("冒号是全角的",), "intent：greet"),
    Mistake(
        "a full-width colon after an action", _RULES, "action: utter_thanks", "action：utter_thanks", ("冒号是全角的",), "action："
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

# ---- names in gazetteers and manifests
NAMES = [
    Mistake(
        "a slot misspelt in what a task asks",
        "data/services/credit.yml",
        "asks: [person_name, id_number]",
        "asks: [person_name, id_nunber]",
        ("query_credit_score", "asks 里要有 person_name 和 id_number"),
        "query_credit_score",
    ),
    Mistake(
        "another slot misspelt in what a task asks",
        "data/services/utility_bills.yml",
        "asks: [bill_type, account_number]",
        "asks: [bill_type, acount_number]",
        ("acount_number", "没有问它的话", "account_number？"),
        "acount_number",
    ),
    Mistake(
        "a value that nobody knows",
        "data/gazetteers/bill_types.yml",
        "value: water",
        "value: watr",
        ("watr", "bill_type", "是不是 water？"),
        "value: watr",
    ),
    Mistake(
        "a full-width comma between aliases",
        "data/gazetteers/hospitals.yml",
        "aliases: [妇幼保健院, 妇幼保健医院,",
        "aliases: [妇幼保健院，妇幼保健医院,",
        ("「妇幼保健院，妇幼保健医院」", "逗号是全角的", "半角"),
        "妇幼保健院，妇幼保健医院",
    ),
    Mistake(
        "a task removed whose handler stands",
        "data/services/credit.yml",
        "  query_credit_score:",
        "  query_credit:",
        ("query_credit_score", "程序里有办它的类", "是不是 query_credit？"),
        "tasks:",
    ),
]

ALL = [*STORIES, *EXAMPLES, *WORDS, *TYPED, *NAMES]
