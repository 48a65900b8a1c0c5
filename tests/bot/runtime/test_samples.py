"""Three things to say, whatever the sandbox answers."""

import pytest

from bot.runtime.samples import things_to_say

SAY = {"a": "交水费，户号 3301000001", "b": None, "c": "浙A12345 有没有违章", "d": "查信用分", "e": "挂号"}


@pytest.mark.parametrize("samples", [None, [], "x", 3, {}, {"say": None}, {"say": ["x"]}, {"say": {"a": 3}}])
def test_of_nothing_nothing_is_said(samples: object) -> None:
    assert things_to_say(samples) == []


def test_what_is_missing_is_passed_over() -> None:
    assert things_to_say({"say": SAY}, 3) == ["交水费，户号 3301000001", "浙A12345 有没有违章", "查信用分"]
