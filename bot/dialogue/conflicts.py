"""What is said to who wrote stories and rules that cannot all hold."""

from __future__ import annotations

from collections.abc import Iterable

from rasa.core.policies.rule_policy import InvalidRule
from rasa.shared.core.constants import ACTION_LISTEN_NAME

from bot.dialogue.rulebook import Place, Rule
from bot.dialogue.storybook import Word

NAMED = 3
"""Rules or stories named in one sentence."""


class StoryConflictError(InvalidRule):
    """Stories or rules contradict each other; the message names both and what each wants."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = list(dict.fromkeys(mistakes))
        super().__init__("故事和规则里有矛盾，没有训练：\n" + "\n".join(f"- {mistake}" for mistake in self.mistakes))

    def __str__(self) -> str:
        return str(self.message)


def named(kind: str, places: Iterable[Place]) -> str:
    """Name rules or stories with their files."""
    distinct = list(dict.fromkeys(places))
    names = "、".join(f"{kind}「{name}」" + (f"（{file}）" if file else "") for name, file in distinct[:NAMED])
    return names + (f"等 {len(distinct)} 处" if len(distinct) > NAMED else "")


def _by_file(places: Iterable[Place]) -> list[tuple[str, str]]:
    """Give the order in which two are named: Rasa gives rules and stories in any."""
    return sorted((file, name) for name, file in places)


def action(name: str) -> str:
    """Name an action; waiting for the resident in words."""
    return "等居民说话" if name == ACTION_LISTEN_NAME else name


def equal_rules(one: Rule, other: Rule) -> str:
    """Say that two rules are equally particular, can hold at once, and want different things."""
    one, other = sorted((one, other), key=lambda rule: _by_file(rule.places))
    if one.key == other.key:
        remedy = "条件完全一样，只能留一条，或给其中一条加上条件。"
    else:
        remedy = "两条同时适用时分不出哪条更具体：给其中一条加上条件，或另写一条把两边条件都写上的规则。"
    return (
        f"{named('规则', one.places)}接下来要 {action(one.wants)}，"
        f"{named('规则', other.places)}在同样的情形下接下来要 {action(other.wants)}；{remedy}"
    )


def equal_stories(one: Word, other: Word) -> str:
    """Say that two stories go the same way up to a step, may hold at once, and want different things there."""
    one, other = sorted((one, other), key=lambda word: _by_file(word.places))
    if one.named == other.named:
        same, remedy = "到这一步完全一样", "只能留一个，或让两个故事在这之前就不同。"
    else:
        same = "到这一步走的一样，写的情况可能同时成立"
        remedy = "分不出哪个更具体：给其中一个多写一项情况，或另写一个把两边情况都写上的故事。"
    return (
        f"{named('故事', one.places)}第 {one.depth} 步接下来要 {action(one.wants)}，"
        f"{named('故事', other.places)}{same}，却要 {action(other.wants)}；{remedy}"
    )


def against_form(place: Place, is_rule: bool, step: int, wants: str, loop: str, goes_on: str) -> str:
    """Say that a story or rule does something that the open form does not let it."""
    return (
        f"{named('规则' if is_rule else '故事', [place])}第 {step} 步接下来要 {action(wants)}，"
        f"可是表单 {loop} 还开着，接下来一定是 {action(goes_on)}；先写 active_loop: null 把表单关上，或者改这一步。"
    )


def against_default(place: Place, is_rule: bool, step: int, wants: str, default: str) -> str:
    """Say that a story or rule answers an intent that Rasa itself answers."""
    return (
        f"{named('规则' if is_rule else '故事', [place])}第 {step} 步接下来要 {action(wants)}，"
        f"可是这个意图由 Rasa 自己处理，一定是 {default}；换一个意图。"
    )


def too_long(place: Place) -> str:
    """Say that a rule holds more than one message."""
    return f"{named('规则', [place])}里居民说了不止一句；规则只能有一句，多句的对话请写成故事（stories）。"


def loop_left_out(form: str, loops: Iterable[str], rule: str) -> str:
    """Say that a rule does not tell whether the form stays open."""
    return (
        f"别的规则写明 {form} 之后 active_loop 是 {'、'.join(sorted(loops))}，{named('规则', [(rule, '')])}里没有写；"
        "补上 active_loop，如果这是最后一步，也可以在它后面写 wait_for_user_input: false。"
    )
