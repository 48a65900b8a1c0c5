"""The more particular has the word; what is equally particular and different is refused, with both places named."""

from pathlib import Path
from typing import Any

import pytest
from rasa.core.policies.rule_policy import InvalidRule
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import InvalidDomain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)

from bot.dialogue.conflicts import StoryConflictError
from bot.dialogue.lookback import PATIENCE
from bot.dialogue.policy import StoryPolicy
from tests.bot.dialogue.assistant import DOMAIN, OPEN_FORM, RULES, conversation, next_action, policy, rejected
from tests.bot.dialogue.pair import trackers_of

GREETING_GIVES_MENU = "\n- {story: 问好就给菜单, steps: [{intent: greet}, {action: utter_menu}]}"
THANKS_AND_MORE = "\n- {story: 道谢再问, steps: [{intent: thanks}, {action: utter_thanks}, {action: utter_more}]}"
YES_AFTER_GREETING = """
- story: 问好之后说好
  steps: [{intent: greet}, {action: utter_greet}, {intent: affirm}, {action: utter_menu}]
"""


@pytest.mark.parametrize(
    ("more", "both", "wanted"),
    [
        # Two stories that go the same way and then do not.
        (
            {"stories": THANKS_AND_MORE + "\n- {story: 道谢, steps: [{intent: thanks}, {action: utter_menu}]}"},
            ["故事「道谢再问」（data/stories/common.yml）", "故事「道谢」"],
            ["utter_thanks", "utter_menu"],
        ),
        # Two rules of the same condition.
        (
            {"more_rules": "- {rule: 问好, steps: [{intent: greet}, {action: utter_menu}]}"},
            ["规则「打招呼」（data/stories/common.yml）", "规则「问好」"],
            ["utter_greet", "utter_menu"],
        ),
        # A rule that goes on where another waits.
        (
            {
                "more_rules": "- {rule: 道谢再问, steps: [{intent: thanks}, {action: utter_thanks}, {action: utter_more}]}"
            },
            ["规则「道谢」", "规则「道谢再问」"],
            ["等居民说话", "utter_more"],
        ),
        # A slot of type `any` tells no two situations apart.
        (
            {
                "more_rules": "- {rule: 宁波问好, condition: [{slot_was_set: [{anything: 宁波}]}], "
                "steps: [{intent: greet}, {action: utter_menu}]}"
            },
            ["规则「打招呼」", "规则「宁波问好」"],
            ["utter_greet", "utter_menu"],
        ),
        # One condition each, and both may hold.
        (
            {
                "more_rules": "- {rule: 宁波, condition: [{slot_was_set: [{city: 宁波}]}], "
                "steps: [{intent: greet}, {action: utter_menu}]}\n"
                "- {rule: 老人, condition: [{slot_was_set: [{elder: true}]}], "
                "steps: [{intent: greet}, {action: utter_more}]}"
            },
            ["规则「宁波」", "规则「老人」"],
            ["utter_menu", "utter_more"],
        ),
        # A story that does something else while a form is open and has just asked.
        (
            {
                "stories": "\n- {story: 乱来, steps: [{intent: pay}, {action: pay_form}, {active_loop: pay_form}, "
                "{action: utter_menu}]}"
            },
            ["故事「乱来」", "表单 pay_form"],
            ["utter_menu", "等居民说话"],
        ),
        # A rule of two messages.
        (
            {
                "more_rules": "- {rule: 两句, steps: [{intent: help}, {action: utter_menu}, {intent: help}, {action: utter_menu}]}"
            },
            ["规则「两句」"],
            [],
        ),
        # A rule that does not say that the form is open afterwards.
        (
            {"more_rules": "- {rule: 少一行, steps: [{intent: help}, {action: pay_form}]}"},
            ["规则「少一行」", "active_loop"],
            ["pay_form"],
        ),
    ],
)
def test_equally_particular_and_different_is_refused(more: dict[str, str], both: list[str], wanted: list[str]) -> None:
    with pytest.raises(StoryConflictError) as refused:
        policy(**more)
    assert isinstance(refused.value, InvalidRule)
    for words in [*both, *wanted]:
        assert words in str(refused.value)


def test_all_conflicts_are_told_at_once() -> None:
    with pytest.raises(StoryConflictError) as refused:
        policy(
            more_rules="- {rule: 问好, steps: [{intent: greet}, {action: utter_menu}]}\n"
            "- {rule: 谢, steps: [{intent: thanks}, {action: utter_menu}]}"
        )
    assert len(refused.value.mistakes) == 2


def test_a_fallback_action_nobody_declared_is_refused() -> None:
    with pytest.raises(InvalidDomain):
        policy(core_fallback_action_name="action_nobody_wrote")


@pytest.mark.parametrize(
    ("stories", "happened", "action"),
    [
        ("", ["greet"], "utter_greet"),
        ("", ["help"], "action_default_fallback"),
        (GREETING_GIVES_MENU, ["greet"], "utter_menu"),
        (GREETING_GIVES_MENU, ["greet", "utter_menu"], "action_listen"),
        (GREETING_GIVES_MENU, ["thanks", "utter_thanks", "greet"], "utter_menu"),
        (THANKS_AND_MORE, ["thanks", "utter_thanks"], "utter_more"),
        (THANKS_AND_MORE, ["greet", "utter_greet", "thanks", "utter_thanks"], "utter_more"),
        (THANKS_AND_MORE, ["thanks", "utter_thanks", "utter_more"], "action_listen"),
        # A story speaks only where all its steps fit.
        (YES_AFTER_GREETING, ["affirm"], "action_follow_yes"),
        (YES_AFTER_GREETING, ["greet", "utter_greet", "affirm"], "utter_menu"),
        (YES_AFTER_GREETING, ["thanks", "utter_thanks", "greet", "utter_greet", "affirm"], "utter_menu"),
        (YES_AFTER_GREETING, ["greet", "utter_greet", "thanks", "utter_thanks", "affirm"], "action_follow_yes"),
        # What was taken back or belongs to an earlier session does not count.
        (YES_AFTER_GREETING, ["greet", "utter_greet", "affirm", UserUtteranceReverted(), "affirm"], "utter_menu"),
        (YES_AFTER_GREETING, ["greet", "utter_greet", SessionStarted(), "affirm"], "action_follow_yes"),
        (YES_AFTER_GREETING, ["greet", "utter_greet", Restarted(), "affirm"], "action_follow_yes"),
    ],
)
def test_a_fitting_story_speaks_before_a_rule(stories: str, happened: list[Any], action: str) -> None:
    assert next_action(policy(stories), *happened) == action


AFTER_THE_MENU = "\n- {story: 菜单之后说好, steps: [{action: utter_menu}, {intent: affirm}, {action: utter_more}]}"
HELP_GIVES_MENU = "- {rule: 求助, steps: [{intent: help}, {action: action_pay}, {action: utter_menu}]}"


def test_a_story_may_begin_with_what_a_rule_does() -> None:
    trained = policy(AFTER_THE_MENU, more_rules=HELP_GIVES_MENU)
    assert says(trained, "help", "affirm") == ["action_pay", "utter_menu", "utter_more"]
    assert says(trained, "greet", "affirm") == ["utter_greet", "action_follow_yes"]
    assert says(trained, "help", "thanks", "affirm")[-1] == "utter_more"  # it waits, over turns it does not see


def says(trained: StoryPolicy, *intents: str) -> list[str]:
    """What is done in a conversation, each turn hidden from stories or not as the policy has it."""
    tracker = conversation()
    done = []
    tracker.update(ActionExecuted("action_listen"))
    for intent in intents:
        tracker.update(UserUttered("…", {"name": intent, "confidence": 0.9}))
        while True:
            prediction = trained.predict_action_probabilities(tracker, DOMAIN)
            action = str(DOMAIN.action_names_or_texts[prediction.max_confidence_index])
            tracker.update(ActionExecuted(action, hide_rule_turn=prediction.hide_rule_turn))
            if action == "action_listen":
                break
            done.append(action)
    return done


PAID_AND_MORE = """
- story: 交完费再问
  steps:
    - intent: pay
    - action: pay_form
    - active_loop: pay_form
    - intent: affirm
    - action: pay_form
    - active_loop: null
    - action: utter_more
"""


@pytest.mark.parametrize(
    ("stories", "happened", "action"),
    [
        (GREETING_GIVES_MENU, [*OPEN_FORM, "greet"], "pay_form"),  # the open form is asked first
        (GREETING_GIVES_MENU, rejected("greet"), "utter_menu"),
        (GREETING_GIVES_MENU, rejected("greet", "utter_menu"), "pay_form"),  # and asks again, as after a rule
        (THANKS_AND_MORE, rejected("thanks", "utter_thanks"), "utter_more"),
        (THANKS_AND_MORE, rejected("thanks", "utter_thanks", "utter_more"), "pay_form"),
        ("", rejected("greet", "utter_greet"), "pay_form"),
        # The turns of a form that goes on as it should may be written out, and there may be more of them, or none.
        (PAID_AND_MORE, [*OPEN_FORM, "affirm", "pay_form", "affirm", "pay_form", ActiveLoop(None)], "utter_more"),
        (PAID_AND_MORE, ["pay", "pay_form", ActiveLoop("pay_form"), ActiveLoop(None)], "utter_more"),
        ("", [*OPEN_FORM, "greet", "pay_form", ActiveLoop(None)], "action_pay"),
    ],
)
def test_stories_and_open_forms(stories: str, happened: list[Any], action: str) -> None:
    assert next_action(policy(stories), *happened) == action


MORE_PARTICULAR = """
- {rule: 宁波, condition: [{slot_was_set: [{city: 宁波}]}], steps: [{intent: greet}, {action: utter_menu}]}
- {rule: 老人, condition: [{slot_was_set: [{elder: true}]}], steps: [{intent: greet}, {action: utter_more}]}
- rule: 宁波的老人
  condition: [{slot_was_set: [{city: 宁波}, {elder: true}]}]
  steps: [{intent: greet}, {action: utter_thanks}]
- {rule: 没在交费, condition: [{active_loop: null}], steps: [{intent: thanks}, {action: utter_menu}]}
"""


@pytest.mark.parametrize(
    ("happened", "action"),
    [
        (["greet"], "utter_greet"),
        ([SlotSet("city", "宁波"), "greet"], "utter_menu"),
        ([SlotSet("city", "杭州"), "greet"], "utter_greet"),
        ([SlotSet("elder", True), "greet"], "utter_more"),
        ([SlotSet("elder", True), SlotSet("city", "宁波"), "greet"], "utter_thanks"),
        (
            ["thanks"],
            "utter_menu",
        ),  # Rasa refuses a rule that says a form must not be open beside one that does not say
        (rejected("thanks"), "utter_thanks"),
    ],
)
def test_of_two_rules_the_one_that_says_more(happened: list[Any], action: str) -> None:
    assert next_action(policy(more_rules=MORE_PARTICULAR), "thanks", "utter_thanks", *happened) == action


def test_a_story_waits_so_long_and_no_longer() -> None:
    trained = policy(
        "\n- {story: 说好, steps: [{intent: help}, {action: utter_menu}, {intent: affirm}, {action: utter_more}]}"
    )
    aside = [
        "thanks",
        ActionExecuted("utter_thanks", hide_rule_turn=True),
        ActionExecuted("action_listen", hide_rule_turn=True),
    ]
    begun = ["help", "utter_menu", "action_listen"]
    assert next_action(trained, *begun, "affirm") == "utter_more"
    assert next_action(trained, *begun, *aside * PATIENCE, "affirm") == "utter_more"
    assert next_action(trained, *begun, *aside * (2 * PATIENCE), "affirm") == "action_follow_yes"


def test_what_is_loaded_decides_as_what_was_trained(tmp_path: Path) -> None:
    data = f"version: '3.1'\nrules:{RULES}{MORE_PARTICULAR}\nstories:{THANKS_AND_MORE}{YES_AFTER_GREETING}"
    arguments = (LocalModelStorage(tmp_path), Resource("policy"), ExecutionContext(GraphSchema({})))
    trained = StoryPolicy(StoryPolicy.get_default_config(), *arguments)
    trained.train(trackers_of(data, DOMAIN), DOMAIN)
    loaded = StoryPolicy.load(StoryPolicy.get_default_config(), *arguments)
    for happened in (
        ["greet"],
        ["thanks", "utter_thanks"],
        ["greet", "utter_greet", "affirm"],
        rejected("thanks", "utter_thanks", "utter_more"),
        [SlotSet("elder", True), SlotSet("city", "宁波"), "greet"],
        [*OPEN_FORM, "affirm"],
    ):
        tracker = conversation(*happened)
        before, after = (kind.predict_action_probabilities(tracker, DOMAIN) for kind in (trained, loaded))
        assert after == before, happened


def test_a_decision_reads_the_end_of_a_conversation_only() -> None:
    trained = policy(YES_AFTER_GREETING)
    turn = ["greet", "utter_greet", "thanks", "utter_thanks"]

    def events_read(turns: int) -> int:
        tracker = conversation(*turn * turns, "affirm")
        read = 0

        class Counted(list[Any]):
            def __reversed__(self) -> Any:
                nonlocal read
                for event in super().__reversed__():
                    read += 1
                    yield event

        tracker.events = Counted(tracker.events)
        trained.predict_action_probabilities(tracker, DOMAIN)
        return read

    assert events_read(10) == events_read(500) < 40
