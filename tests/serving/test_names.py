"""A conversation's name in the log: the same with the same key, letters only, and nobody finds the id from it."""

from __future__ import annotations

import pytest

from actions.logs import mask as mask_of_actions
from bot.runtime.masking import mask
from serving.names import derived_key, name_of

KEY = derived_key("a-secret-of-the-house", "names")


@pytest.mark.parametrize("conversation_id", ["page-0123456789abcdef", "13812345678", "张三", "", "\ud800", "a" * 500])
def test_the_same_id_has_the_same_name_and_no_mask_changes_it(conversation_id: str) -> None:
    name = name_of(conversation_id, KEY)
    assert name == name_of(conversation_id, derived_key("a-secret-of-the-house", "names"))
    assert len(name) == 16
    assert name.isascii()
    assert name.isalpha()
    assert (mask(name), mask_of_actions(name)) == (name, name)


def test_another_id_and_another_key_give_another_name() -> None:
    other = derived_key("another-secret-of-a-house", "names")
    names = {
        name_of("a", KEY),
        name_of("b", KEY),
        name_of("a", other),
        name_of("a", derived_key("a-secret-of-the-house", "x")),
    }
    assert len(names) == 4
