"""Tells who had the word at one moment of a conversation, before whom, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from rasa.core.policies.rule_policy import DEFAULT_RULES
from rasa.shared.core.constants import ACTION_LISTEN_NAME, SLOTS
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.past import Past
from bot.dialogue.policy import Decision, StoryPolicy
from bot.dialogue.rulebook import Place, Rule
from bot.dialogue.storybook import Word
from bot.dialogue.values import spoken


class Kind(Enum):
    """Who can have the word; the value is what staff read."""

    STORY = "故事"
    RULE = "规则"
    FORM = "表单"
    DEFAULT = "Rasa 自带"
    FALLBACK = "没有谁"


@dataclass(frozen=True)
class Speaker:
    """One who wanted the word.

    Attributes:
        kind: who.
        wants: the action it wants.
        places: the stories or rules, each with its file; for a form its name.
        steps: how many steps of the conversation it covers.
        says: how many facts a rule names, or how much a story names of slots.
    """

    kind: Kind
    wants: str
    places: tuple[Place, ...] = ()
    steps: int = 0
    says: int = 0


@dataclass(frozen=True)
class Explanation:
    """Who had the word.

    Attributes:
        action: what happens next.
        spoke: who has it so.
        before: who else would have spoken, in the order in which they would have been heard.
        why: one sentence for staff.
    """

    action: str
    spoke: Speaker
    before: tuple[Speaker, ...]
    why: str


def explain(policy: StoryPolicy, tracker: DialogueStateTracker, domain: Domain) -> Explanation:
    """Explain the next decision.

    Args:
        policy: the trained policy.
        tracker: the conversation up to the decision.
        domain: the assistant's domain.
    """
    decision = policy.decide(tracker, domain)
    past = Past(tracker, domain)
    rules = list(policy.rules.book.fitting(past, domain, by_text=decision.verdict.by_text))
    stories = list(policy.stories_that_fit(tracker, domain, past))
    wanting = [*map(_story, stories), *map(_rule, rules)]
    spoke = _spoke(policy, decision)
    before = tuple(speaker for speaker in wanting if speaker != spoke)
    action = decision.wants or spoke.wants
    return Explanation(action, spoke, before, _why(decision, action, rules, stories) + _named(decision, domain))


def _story(word: Word) -> Speaker:
    return Speaker(Kind.STORY, word.wants, tuple(word.places), word.depth - 1, len(word.named))


def _rule(rule: Rule) -> Speaker:
    return Speaker(Kind.RULE, rule.wants, tuple(dict.fromkeys(rule.places)), len(rule.steps), rule.says)


def _spoke(policy: StoryPolicy, decision: Decision) -> Speaker:
    verdict = decision.verdict
    if decision.story is not None:
        return _story(decision.story)
    if verdict.wants is None:
        return Speaker(Kind.FALLBACK, str(policy.config["core_fallback_action_name"]))
    if verdict.rule is not None:
        return _rule(verdict.rule)
    if verdict.source.startswith(DEFAULT_RULES):
        return Speaker(Kind.DEFAULT, verdict.wants)
    return Speaker(Kind.FORM, verdict.wants)


def _why(decision: Decision, action: str, rules: list[Rule], stories: list[Word]) -> str:
    verdict = decision.verdict
    if decision.story is not None:
        why = "没有规则说接下来做什么，这个故事的每一步都和这段对话对得上。"
        if verdict.wants is not None:
            why = "故事的每一步都和这段对话对得上，规则也对得上这个故事：故事说得更具体，先听故事。"
        return why if action == decision.story.wants else why + "故事讲完了，表单还开着，所以再问一遍。"
    if verdict.wants is None:
        return "没有哪个故事或规则对得上这段对话。"
    if verdict.rule is None:
        if verdict.source.startswith(DEFAULT_RULES):
            return "这个意图由 Rasa 自己处理，先于一切。"
        if verdict.wants == ACTION_LISTEN_NAME:
            return "表单刚刚运行过，等居民回答。"
        return "表单还开着，先由它听；它不认这句话，才轮到故事和规则。"
    reasons = []
    others = [rule for rule in rules if rule is not verdict.rule and rule.wants != verdict.rule.wants]
    if others:
        reasons.append(f"这条规则写明了 {verdict.rule.says} 项，另外的最多 {max(rule.says for rule in others)} 项。")
    elif len(rules) == 1:
        reasons.append("只有这条规则对得上。")
    if any(word.wants != verdict.wants for word in stories):
        reasons.append("故事里没有写规则的这些条件，所以先听规则。")
    elif stories:
        reasons.append("故事说的也一样。")
    if action != verdict.rule.wants:
        reasons.append("规则讲完了，表单还开着，所以再问一遍。")
    return "".join(reasons) or "对得上的规则说的都一样。"


def _named(decision: Decision, domain: Domain) -> str:
    """Tell which slots whoever spoke names, and what they had to be."""
    rule = decision.verdict.rule
    if decision.story is not None:
        named = {(name, value) for _, name, value in decision.story.named}
    else:
        facts = [fact for step in (rule.steps if rule is not None else ()) for fact in step.facts]
        named = {(name, value) for kind, name, value in facts if kind == SLOTS}
    said = "，".join(f"{name} 是 {spoken(domain, name, value)}" for name, value in sorted(named, key=str))
    return f"它要的情况：{said}。" if said else ""
