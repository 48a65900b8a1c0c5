"""`explain` writes who answers each message; an open form is shown taking it and rejecting it."""

from typing import Any

import click
import pytest
from rich.console import Console

from bot.commands.explain import Conversation, Model, read_facts
from tests.bot.dialogue.assistant import DOMAIN, policy


class Understanding:
    """Takes a message's words for the intent."""

    async def parse_message(self, message: str) -> dict[str, Any]:
        return {"intent": {"name": message, "confidence": 0.9}, "entities": []}


def explained(*messages: str, form: str = "takes", more_rules: str = "", **facts: Any) -> str:
    console = Console(record=True, width=60)
    model = Model(policy(more_rules=more_rules), DOMAIN, Understanding())
    conversation = Conversation(model, console, form, facts)
    for message in messages:
        conversation.hear(message)
    return console.export_text()


def test_a_message_nobody_answers_is_over() -> None:
    text = explained("help", "greet")
    assert "action_default_fallback  没有谁" in text
    assert text.count("→") == 3


@pytest.mark.parametrize(
    ("form", "after"), [("takes", "等居民说话  表单"), ("rejects", "pay_form  规则「道谢」（data/stories/common.yml）")]
)
def test_an_open_form_is_shown_both_ways(form: str, after: str) -> None:
    text = explained("pay", "thanks", form=form)
    assert "→ pay_form  规则「交费开始」（data/stories/common.yml）" in text
    _, of_thanks = text.split("居民  thanks")
    assert "→ pay_form  表单\n     表单还开着，先由它听" in of_thanks
    assert "→ utter_thanks  规则「道谢」" in of_thanks
    assert f"→ {after}" in of_thanks


def test_a_form_ends_with_a_message() -> None:
    _, of_yes = explained("pay", "affirm", form="ends").split("居民  affirm")
    assert "→ action_pay  规则「交费办完」（data/stories/common.yml）" in of_yes


NINGBO = "- {rule: 宁波, condition: [{slot_was_set: [{city: 宁波}]}], steps: [{intent: greet}, {action: utter_menu}]}"


def test_what_is_told_as_a_fact_is_one() -> None:
    assert "→ utter_greet  规则「打招呼」" in explained("greet", more_rules=NINGBO)
    told = explained("greet", more_rules=NINGBO, city="宁波")
    assert "→ utter_menu  规则「宁波」（data/stories/common.yml）" in told
    assert "它要的情况：city 是 宁波。" in told
    assert "先于规则「打招呼」" in told


def test_facts_as_they_are_written() -> None:
    assert read_facts(("city=宁波", "elder=true"), DOMAIN) == {"city": "宁波", "elder": True}
    with pytest.raises(click.BadParameter, match="没有叫 account 的情况，能用的有 city、elder"):
        read_facts(("account=1",), DOMAIN)
