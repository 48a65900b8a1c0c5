"""`explain` writes who answers each message; an open form is shown taking it and rejecting it."""

from typing import Any

import pytest
from rich.console import Console

from bot.commands.explain import Conversation, Model
from tests.bot.dialogue.assistant import DOMAIN, policy


class Understanding:
    """Takes a message's words for the intent."""

    async def parse_message(self, message: str) -> dict[str, Any]:
        return {"intent": {"name": message, "confidence": 0.9}, "entities": []}


def explained(*messages: str, form_takes: bool = True) -> str:
    console = Console(record=True, width=60)
    conversation = Conversation(Model(policy(), DOMAIN, Understanding()), console, form_takes)
    for message in messages:
        conversation.hear(message)
    return console.export_text()


def test_a_message_nobody_answers_is_over() -> None:
    text = explained("help", "greet")
    assert "action_default_fallback  没有谁" in text
    assert text.count("→") == 3


@pytest.mark.parametrize(
    ("form_takes", "after"), [(True, "等居民说话  表单"), (False, "pay_form  规则「道谢」（data/stories/common.yml）")]
)
def test_an_open_form_is_shown_both_ways(form_takes: bool, after: str) -> None:
    text = explained("pay", "thanks", form_takes=form_takes)
    assert "→ pay_form  规则「交费开始」（data/stories/common.yml）" in text
    _, of_thanks = text.split("居民  thanks")
    assert "→ pay_form  表单\n     表单还开着，先由它听" in of_thanks
    assert "→ utter_thanks  规则「道谢」" in of_thanks
    assert f"→ {after}" in of_thanks
