"""Takes bank card numbers, passwords and codes out of what residents write, before anything else sees it; and hears that some were told.

What is hidden here stands in no conversation, log, entity or action: `bot.runtime.message_guard` calls `hide` on each incoming text.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from stdnum import luhn

from bot.nlu.component import put_first
from bot.nlu.emergencies import EMERGENCY
from bot.nlu.normalise import normalise
from bot.nlu.readers.number_forms import is_id_number, looks_like_id_number

TOLD = "told_secret"
"""The intent of a message that had a secret in it, unless it speaks of danger."""

HIDDEN = "〔已隐去〕"
"""Stands where a secret stood."""

_CARD = re.compile(r"(?<![\da-z])\d(?:[ -]?\d){11,18}(?![\da-z])")
_OF_A_BANK = re.compile(r"银行|信用卡|储蓄卡|借记卡")
_OF_A_CARD = re.compile(r"卡")
_OF_NO_BANK = re.compile(
    r"(?:公交|交通|社保|医保|保障|市民|校园|学生|水|电|气|户|饭|门禁|会员|电话|手机|身份证?)卡|决定书|罚单|户号"
)
_ISSUER = re.compile(r"6[02]|4|5[1-5]|3[457]")
"""With what the card numbers of ISO/IEC 7812 begin that are used here; the cards of buses (JT/T 978) begin with 31."""
_BESIDE = 12

_WORD = r"(?:密码|口令|验证码|校验码|动态码|短信码|确认码|安全码|pin码?|cvv2?|cvc2?)"
_BETWEEN = r"(?:[ :=,，。是为就叫的了我这那个\"']|输入|改成|设成){0,5}"
_SPOKEN = "零〇一二三四五六七八九幺两"
_CODE = rf"(?:\d(?:[ -]?\d){{2,11}}(?!\d)|(?=[a-z0-9@#$%&*!_.]*\d)[a-z0-9@#$%&*!_.]{{4,20}}|[{_SPOKEN}]{{4,12}})"
_TOLD = re.compile(rf"{_WORD}{_BETWEEN}(?P<code>{_CODE})")
_TOLD_FIRST = re.compile(
    rf"(?<![\da-z])(?P<code>\d{{3,8}}|[{_SPOKEN}]{{4,8}})[ ,，]?(?:这?就?是)?(?:我的|银行卡的?|短信的?|手机的?|收到的){{0,2}}{_WORD}(?!不|没|错|怎|什|是)"
)


def hide(text: str) -> str:
    """Put `HIDDEN` in the place of each secret.

    Args:
        text: what a resident wrote, cleaned.

    Returns:
        The text; unchanged where there is none in it.
    """
    normal = normalise(text)
    spans = [match.span("code") for pattern in (_TOLD, _TOLD_FIRST) for match in pattern.finditer(normal)]
    spans += [match.span() for match in _CARD.finditer(normal) if _is_of_a_bank(normal, *match.span())]
    for start, end in sorted(_apart(spans), reverse=True):
        text = text[:start] + HIDDEN + text[end:]
    return text


def _is_of_a_bank(text: str, start: int, end: int) -> bool:
    """Whether a number is a bank card's: said to be one, or of its form near the word for a card, or alone."""
    digits = re.sub(r"\D", "", text[start:end])
    if is_id_number(digits) or looks_like_id_number(digits):
        return False
    beside = text[max(0, start - _BESIDE) : start] + text[end : end + _BESIDE]
    if _OF_A_BANK.search(beside):
        return True
    if _OF_NO_BANK.search(beside) or len(digits) < 15 or not luhn.is_valid(digits):
        return False
    alone = (
        len(digits) in (16, 19)
        and bool(_ISSUER.match(digits))
        and not re.search(r"[^\W\d_]", text[:start] + text[end:])
    )
    return alone or bool(_OF_A_CARD.search(beside))


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans that overlap."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class SecretListener(IntentClassifier, GraphComponent):
    """Gives a message in which a secret was hidden the intent `told_secret`; danger has the word before it."""

    @classmethod
    def required_components(cls) -> list[type]:
        """None."""
        return []

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SecretListener:
        """Create it; there is nothing to set."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent where `HIDDEN` stands in the text."""
        for message in messages:
            if HIDDEN in (message.get(TEXT) or "") and (message.get(INTENT) or {}).get("name") != EMERGENCY:
                put_first(message, {"name": TOLD, "confidence": 1.0})
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the examples alone."""
        return training_data
