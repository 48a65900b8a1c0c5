"""All actions of one turn share one deadline."""

from __future__ import annotations

import pytest

from actions.city.deadline import TurnClock, deadline_of_call, turn, turn_deadline


def test_actions_of_one_turn_share_their_deadline() -> None:
    now = [100.0]
    clock = TurnClock(2.5, lambda: now[0])
    first = clock.deadline("a", "message-1")
    now[0] = 102.0
    assert (first, clock.deadline("a", "message-1")) == (102.5, 102.5)


@pytest.mark.parametrize(("conversation", "message"), [("a", "message-2"), ("b", "message-1"), ("a", None), ("a", "")])
def test_another_turn_has_its_own(conversation: str, message: str | None) -> None:
    now = [100.0]
    clock = TurnClock(2.5, lambda: now[0])
    clock.deadline("a", "message-1")
    now[0] = 102.0
    assert clock.deadline(conversation, message) == 104.5


def test_old_turns_are_forgotten() -> None:
    now = [100.0]
    clock = TurnClock(2.5, lambda: now[0], remembered=2)
    for message in ("1", "2", "3"):
        clock.deadline("a", message)
    now[0] = 101.0
    assert [clock.deadline("a", message) for message in ("3", "1")] == [102.5, 103.5]


def test_outside_a_turn_a_call_has_its_own_budget() -> None:
    assert turn_deadline.get() is None
    assert deadline_of_call(2.5, lambda: 10.0) == 12.5
    with turn(11.0):
        assert deadline_of_call(2.5, lambda: 10.0) == 11.0
        with turn(None):
            assert deadline_of_call(2.5, lambda: 10.0) == 12.5
    assert turn_deadline.get() is None
