"""What of an incoming text reaches Rasa: cleaned, cut, without passwords and card numbers, and a payload only where it is one of ours.

Rasa takes any text that starts with `/` for a command that sets an intent and slots (`rasa.core.channels.channel`,
`rasa.core.processor.parse_message`), whoever typed it. Here such a text passes only in the form our buttons send:
`/intent` or `/intent{"entity": "value"}` (or a list of values), with names of the domain. Anything else is a resident's plain words.
"""

import json
import unicodedata
from dataclasses import dataclass
from typing import Any

from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.core.domain import Domain

from bot.nlu.secrets import hide

MAX_LENGTH = 1000
"""Characters of a message that are read; the rest is cut off."""

MAX_VALUE_LENGTH = 64
"""Characters of one entity value in a payload."""

MAX_VALUES = 20
"""Values that a payload may have for one entity."""

_DROPPED = frozenset({"Cc", "Cs"})
"""Unicode categories no message needs: control characters and lone surrogates."""

_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@dataclass(frozen=True)
class Vocabulary:
    """The names a payload may use."""

    intents: frozenset[str]
    entities: frozenset[str]

    @classmethod
    def of(cls, domain: Domain | None) -> "Vocabulary":
        """Take the intents and entities that the project's domain declares; Rasa's own (`/restart`) are left out."""
        declared: list[Any] = domain.as_dict().get("intents", []) if domain else []
        names = (name for intent in declared for name in ([intent] if isinstance(intent, str) else intent))
        return cls(frozenset(names), frozenset(domain.entities) if domain else frozenset())


def guard(text: str, vocabulary: Vocabulary) -> str:
    """Give the text Rasa may see.

    Args:
        text: what came in, any length, any characters.
        vocabulary: the names a payload may use.

    Returns:
        A payload in its canonical form, or plain words that do not start with `/`; empty where nothing readable came.
    """
    cleaned = clean(text)
    if not cleaned.startswith(INTENT_MESSAGE_PREFIX):
        return hide(cleaned)
    return canonical_payload(cleaned, vocabulary) or hide(_without_prefix(cleaned))


def clean(text: str) -> str:
    """Cut the text to MAX_LENGTH characters, drop what is no readable character, and strip blanks at both ends."""
    readable = (
        " " if character.isspace() else character
        for character in text[: MAX_LENGTH * 2]
        if character.isspace() or not _is_dropped(character)
    )
    return "".join(readable).strip()[:MAX_LENGTH].rstrip()


def canonical_payload(text: str, vocabulary: Vocabulary) -> str | None:
    """Read a cleaned text as a payload and write it anew; None where it is not one of ours."""
    intent, brace, rest = text.removeprefix(INTENT_MESSAGE_PREFIX).partition("{")
    intent = intent.strip()
    if intent not in vocabulary.intents:
        return None
    if not brace:
        return f"{INTENT_MESSAGE_PREFIX}{intent}"
    try:
        entities = json.loads(brace + rest)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entities, dict) or not all(_fits(*item, vocabulary) for item in entities.items()):
        return None
    written = json.dumps(entities, ensure_ascii=False) if entities else ""
    return f"{INTENT_MESSAGE_PREFIX}{intent}{written}"


def _fits(name: str, value: Any, vocabulary: Vocabulary) -> bool:
    if name not in vocabulary.entities:
        return False
    if isinstance(value, list):
        return 0 < len(value) <= MAX_VALUES and all(isinstance(one, str) and _is_value(one) for one in value)
    return isinstance(value, str) and _is_value(value)


def _is_value(value: str) -> bool:
    return 0 < len(value) <= MAX_VALUE_LENGTH and clean(value) == value


def _without_prefix(text: str) -> str:
    while text.startswith(INTENT_MESSAGE_PREFIX):
        text = text.removeprefix(INTENT_MESSAGE_PREFIX).lstrip()
    return text


def _is_dropped(character: str) -> bool:
    return character in _DIRECTION_MARKS or unicodedata.category(character) in _DROPPED
