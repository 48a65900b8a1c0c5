"""What policies see of a slot, told again as the value that was written."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.constants import DEFAULT_CATEGORICAL_SLOT_VALUE, SHOULD_NOT_BE_SET
from rasa.shared.core.domain import Domain
from rasa.shared.core.slots import BooleanSlot, CategoricalSlot

UNSET, ANOTHER, SET = "没有", "别的", "有"


def spoken(domain: Domain, slot_name: str, feature: Any) -> str:
    """Give the value as it stands in a rule or story.

    Args:
        domain: which declares the slot.
        slot_name: the slot's.
        feature: what policies see of it: numbers, `should_not_be_set`, or None.
    """
    slot = next((slot for slot in domain.slots if slot.name == slot_name), None)
    if feature is None or feature == SHOULD_NOT_BE_SET or not any(feature):
        return UNSET
    if isinstance(slot, BooleanSlot):
        return str(bool(feature[-1])).lower()
    if isinstance(slot, CategoricalSlot):
        value = slot.values[list(feature).index(1.0)]
        return ANOTHER if value == DEFAULT_CATEGORICAL_SLOT_VALUE else str(value)
    return SET
