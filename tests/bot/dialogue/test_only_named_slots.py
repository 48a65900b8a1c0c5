"""With `only_named_slots` a story looks at a slot where it names it, at that step, and nowhere else."""

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.events import ActionExecuted, SlotSet

from bot.dialogue import stored
from bot.dialogue.conflicts import StoryConflictError
from bot.dialogue.explain import explain
from tests.bot.dialogue.assistant import DOMAIN, conversation, next_action, policy

NINGBO, HANGZHOU, OLD = SlotSet("city", "宁波"), SlotSet("city", "杭州"), SlotSet("elder", True)
IN_NINGBO = """
- story: 宁波问好之后道谢
  steps:
    - slot_was_set: [{city: 宁波}]
    - intent: greet
    - action: utter_greet
    - intent: thanks
    - action: utter_more
"""
ANYWHERE = """
- story: 问好之后道谢
  steps: [{intent: greet}, {action: utter_greet}, {intent: thanks}, {action: utter_menu}]
"""
SET_BY_AN_ACTION = """
- story: 说好之后在宁波
  steps:
    - intent: affirm
    - action: action_follow_yes
    - slot_was_set: [{city: 宁波}]
    - action: utter_more
    - intent: thanks
    - action: utter_menu
"""
GREETED = ["greet", "utter_greet", "thanks"]


@pytest.mark.parametrize(
    ("stories", "happened", "action"),
    [
        (IN_NINGBO, GREETED, "utter_thanks"),
        (IN_NINGBO, [HANGZHOU, *GREETED], "utter_thanks"),
        (IN_NINGBO, [NINGBO, *GREETED], "utter_more"),
        # However long it has been known, and whatever else is known.
        (IN_NINGBO, [NINGBO, OLD, "help", "utter_menu", *GREETED], "utter_more"),
        # It names the city at its beginning: what comes of it later does not matter.
        (IN_NINGBO, [NINGBO, "greet", "utter_greet", HANGZHOU, "thanks"], "utter_more"),
        (IN_NINGBO, ["greet", "utter_greet", NINGBO, "thanks"], "utter_thanks"),
        # Of two stories that go the same way, the one that names more.
        (IN_NINGBO + ANYWHERE, [NINGBO, *GREETED], "utter_more"),
        (IN_NINGBO + ANYWHERE, GREETED, "utter_menu"),
        # A story that names no slot goes on whatever an action sets.
        (ANYWHERE + SET_BY_AN_ACTION, ["greet", "utter_greet", NINGBO, OLD, "thanks"], "utter_menu"),
        (SET_BY_AN_ACTION, ["affirm", "action_follow_yes", NINGBO], "utter_more"),
        (SET_BY_AN_ACTION, [NINGBO, "affirm", "action_follow_yes"], "utter_more"),
        (SET_BY_AN_ACTION, ["affirm", "action_follow_yes"], "action_listen"),
        (SET_BY_AN_ACTION, ["affirm", "action_follow_yes", NINGBO, "utter_more", HANGZHOU, "thanks"], "utter_menu"),
    ],
)
def test_a_story_looks_where_it_names(stories: str, happened: list[Any], action: str) -> None:
    assert next_action(policy(stories, only_named_slots=True), *happened) == action


def test_as_rasa_has_it_a_story_that_names_no_slot_is_lost_when_another_does() -> None:
    assert next_action(policy(ANYWHERE + SET_BY_AN_ACTION), "greet", "utter_greet", OLD, NINGBO, "thanks") == (
        "utter_thanks"
    )


def test_a_slot_that_must_be_unset() -> None:
    story = "\n- {story: 不知道在哪, steps: [{slot_was_set: [{city: null}]}, {intent: greet}, {action: utter_menu}]}"
    trained = policy(story, only_named_slots=True)
    assert next_action(trained, "greet") == "utter_menu"
    assert next_action(trained, NINGBO, "greet") == "utter_greet"


OF_THE_OLD = IN_NINGBO.replace("宁波问好", "老人问好").replace("city: 宁波", "elder: true").replace("more", "menu")
OF_BOTH = (
    OF_THE_OLD.replace("老人", "宁波老人").replace("elder: true", "elder: true}, {city: 宁波").replace("menu", "help")
)


def test_two_stories_that_name_as_much_and_may_both_hold_are_refused() -> None:
    with pytest.raises(StoryConflictError) as refused:
        policy(IN_NINGBO + OF_THE_OLD, only_named_slots=True)
    for words in (
        "故事「宁波问好之后道谢」（data/stories/common.yml）",
        "故事「老人问好之后道谢」",
        "utter_more",
        "utter_menu",
    ):
        assert words in str(refused.value)


def test_a_third_that_names_what_both_name_settles_it() -> None:
    trained = policy(IN_NINGBO + OF_THE_OLD + OF_BOTH.replace("utter_help", "utter_thanks"), only_named_slots=True)
    assert next_action(trained, NINGBO, *GREETED) == "utter_more"
    assert next_action(trained, OLD, *GREETED) == "utter_menu"
    assert next_action(trained, OLD, NINGBO, *GREETED) == "utter_thanks"


def test_stories_of_two_cities_go_beside_each_other() -> None:
    other = IN_NINGBO.replace("宁波", "杭州").replace("utter_more", "utter_menu")
    trained = policy(IN_NINGBO + other, only_named_slots=True)
    assert next_action(trained, NINGBO, *GREETED) == "utter_more"
    assert next_action(trained, HANGZHOU, *GREETED) == "utter_menu"


def test_it_waits_over_turns_that_stories_do_not_see() -> None:
    hidden = [ActionExecuted(name, hide_rule_turn=True) for name in ("utter_thanks", "action_listen")]
    trained = policy(IN_NINGBO, only_named_slots=True)
    begun = [NINGBO, "greet", "utter_greet", "action_listen", "thanks", *hidden]
    assert next_action(trained, *begun, HANGZHOU, "thanks") == "utter_more"


def test_what_it_names_is_explained() -> None:
    happened = conversation(NINGBO, *GREETED)
    assert "它要的情况：city 是 宁波。" in explain(policy(IN_NINGBO, only_named_slots=True), happened, DOMAIN).why
    rule = (
        "- {rule: 老人, condition: [{slot_was_set: [{elder: true}]}], steps: [{intent: greet}, {action: utter_more}]}"
    )
    assert "它要的情况：elder 是 true。" in explain(policy(more_rules=rule), conversation(OLD, "greet"), DOMAIN).why


TELLS_A_SLOT = """
- rule: 说好之后在宁波
  steps:
    - intent: affirm
    - action: action_follow_yes
    - slot_was_set: [{city: 宁波}]
    - action: utter_more
"""


def test_a_rule_may_tell_what_an_action_sets_and_another_need_not() -> None:
    trained = policy(more_rules=TELLS_A_SLOT)
    assert next_action(trained, "affirm", "action_follow_yes", NINGBO) == "utter_more"
    assert next_action(trained, "affirm", "action_follow_yes") == "action_listen"


def test_what_is_loaded_decides_as_what_was_trained() -> None:
    trained = policy(IN_NINGBO, only_named_slots=True)
    folder = Path(trained._model_storage._storage_path, trained._resource.name)
    trained.learn_by_heart(stored.load(folder))
    assert next_action(trained, NINGBO, *GREETED) == "utter_more"
    assert next_action(trained, HANGZHOU, *GREETED) == "utter_thanks"
