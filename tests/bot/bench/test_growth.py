"""A late turn against an early one, out of what the turns took."""

import pytest

from bot.bench.growth import around, growth
from bot.bench.residents import SENTENCES

COSTS = [1.0 + number for number in range(len(SENTENCES))]


def conversation(length: int, factor: float = 1.0, first: float | None = None) -> list[float]:
    """Turns whose cost depends on the sentence, and from turn 51 on times a factor."""
    turns = [COSTS[number % len(COSTS)] * (factor if number >= 50 else 1.0) for number in range(length)]
    return [turns[0] if first is None else first, *turns[1:]]


@pytest.mark.parametrize("factor", [1.0, 1.5, 10.0])
@pytest.mark.parametrize("late", [115, 400, 403])
def test_growth_is_of_the_turn_and_not_of_the_sentence(factor: float, late: int) -> None:
    assert growth([conversation(415, factor)], late) == pytest.approx(factor)


def test_a_session_that_begins_slowly_does_not_flatter() -> None:
    assert growth([conversation(130, 2.0, first=1000.0)], 115) == pytest.approx(2.0)


def test_one_slow_turn_does_not_count_among_three_conversations() -> None:
    disturbed = conversation(130)
    disturbed[115] = 500.0
    assert growth([conversation(130), disturbed, conversation(130)], 115) == pytest.approx(1.0)


def test_each_sentence_counts_once() -> None:
    assert around([conversation(130)], 5) == pytest.approx(sum(COSTS))


def test_a_conversation_that_is_too_short_is_no_figure() -> None:
    with pytest.raises(IndexError):
        growth([conversation(110)], 115)
