"""Mistakes in the articles that answer residents' questions."""

from tests.bot.checks.mistakes.mistake import Mistake

_BILLS = "data/knowledge/utility_bills.yml"
_TWICE = """  another:
    question: 还有一问？
    examples: |
      - 电费滞纳金，怎么算
      - 甲乙
      - 丙丁
      - 戊己
      - 庚辛
      - 壬癸
      - 子丑
      - 寅卯
    answer: 好。
    source: 无
"""

KNOWLEDGE = [
    Mistake(
        "an article past its review",
        _BILLS,
        "    question: 交晚了，违约金怎么算？\n",
        "    question: 交晚了，违约金怎么算？\n    review_by: 2020-01-31\n",
        ("late_fee", "复核日期 2020-01-31 已经过了"),
        "review_by: 2020-01-31",
    ),
    Mistake(
        "an article without a source",
        _BILLS,
        "    source: 《电力供应与使用条例》第三十九条、《供电营业规则》\n",
        "",
        ("articles.late_fee", "source", "缺了这一项"),
        "  late_fee:",
    ),
    Mistake(
        "an answer that is too long",
        _BILLS,
        "    answer: 会有违约金。",
        f"    answer: {'会有违约金。' * 20}",
        ("late_fee", "最多 120 个", "more"),
        "会有违约金。会有违约金。",
    ),
    Mistake(
        "an example in two articles",
        _BILLS,
        "  charging_pile:\n",
        f"{_TWICE}  charging_pile:\n",
        ("「电费滞纳金，怎么算」", "ask_utility_bills/another", "ask_utility_bills/late_fee", "只能留一处"),
        "- 电费滞纳金，怎么算",
    ),
    Mistake(
        "an example that is a request in data/nlu",
        _BILLS,
        "      - 电费滞纳金怎么算\n",
        "      - 电费滞纳金怎么算\n      - 怎么缴纳自来水费\n",
        ("「怎么缴纳自来水费」", "pay_utility_bill", "ask_utility_bills/late_fee"),
        "- 怎么缴纳自来水费",
    ),
    Mistake(
        "too few ways of asking",
        _BILLS,
        "articles:\n",
        "articles:\n  tiny:\n    question: 一问？\n    examples: |\n      - 子丑寅卯\n    answer: 好。\n    source: 无\n",
        ("tiny", "只有 1 种问法", "至少 8 种"),
        "examples: |",
    ),
    Mistake(
        "a question without its dash",
        _BILLS,
        "      - 电费滞纳金怎么算\n",
        "      电费滞纳金怎么算\n",
        ("「电费滞纳金怎么算」", "这句没有收进去", "“- ”"),
        "电费滞纳金怎么算",
    ),
    Mistake(
        "a placeholder that nothing fills in an answer",
        _BILLS,
        "{whom_water}；{whom_electricity}；{whom_gas}。",
        "{whom_watr}；{whom_electricity}；{whom_gas}。",
        ("{whom_watr}", "{whom_water}"),
        "{whom_watr}",
    ),
    Mistake(
        "a task that is none under an answer",
        _BILLS,
        "next: [pay_utility_bill]",
        "next: [pay_utility_bil]",
        ("pay_utility_bil", "是不是 pay_utility_bill？"),
        "next: [pay_utility_bil]",
    ),
    Mistake(
        "an answer for a city that there is not",
        _BILLS,
        "    question: 交晚了，违约金怎么算？\n",
        '    question: 交晚了，违约金怎么算？\n    cities:\n      "999900": {answer: 好。}\n',
        ("late_fee", "data/cities/999900.yml"),
        "999900",
    ),
]
