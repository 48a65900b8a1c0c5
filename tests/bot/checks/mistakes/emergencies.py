"""Mistakes in what people in danger say."""

from tests.bot.checks.mistakes.mistake import Mistake

_FIRE, _GAS = "data/emergencies/fire.yml", "data/emergencies/gas.yml"

EMERGENCIES = [
    Mistake(
        "one sentence under two kinds of danger",
        _GAS,
        "examples: |\n",
        "examples: |\n  - 救火！\n",
        ("「救火！」", "fire 的 examples", "data/emergencies/fire.yml", "gas 的 examples", "只能留一处"),
        "- 救火！",
    ),
    Mistake(
        "an example of danger that is a near miss too",
        _FIRE,
        "not: |\n",
        "not: |\n  - 救火！！\n",
        ("「救火！！」", "fire 的 examples", "不是急事", "只能留一处"),
        "- 救火！！",
    ),
    Mistake(
        "a kind of danger that nobody answers",
        "data/emergencies/earthquake.yml",
        "",
        "examples: |\n" + "".join(f"  - 地震了，{floor} 楼在晃\n" for floor in range(1, 60)),
        ("earthquake", "utter_emergency_earthquake"),
        "examples: |",
    ),
    Mistake(
        "a misspelt part of a kind of danger",
        _FIRE,
        "examples: |\n",
        "example: |\n",
        ("example", "是不是 examples？"),
        "example: |",
    ),
    Mistake(
        "an example of danger without its dash",
        _FIRE,
        "examples: |\n",
        "examples: |\n  房子烧着了\n",
        ("这句没有收进去", "“- ”"),
        "房子烧着了",
    ),
]
