"""A turn's number tells which life of its conversation it belongs to, and fits the column it stands in."""

from hypothesis import given
from hypothesis import strategies as st

from bot.conversations.numbers import LIVES, TURNS, is_begun, life, new_life

BEFORE = st.integers(0, LIVES - 1).map(lambda number: number * TURNS)


@given(BEFORE, st.integers(1, TURNS - 1))
def test_every_turn_knows_its_life(before: int, turn: int) -> None:
    assert life(before + turn) == before
    assert is_begun(before + turn)
    assert not is_begun(before)
    assert before + turn < 2**63


def test_no_two_lives_are_the_same() -> None:
    lives = {new_life() for _ in range(1000)}
    assert len(lives) == 1000
    assert all(one > 0 and life(one) == one < 2**63 for one in lives)
