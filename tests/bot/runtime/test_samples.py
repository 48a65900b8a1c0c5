"""Three things to say, whatever the sandbox answers."""

import pytest

from bot.runtime.samples import things_to_say

SAMPLES = {
    "accounts": {
        "water": {"none_unpaid": "1", "one_unpaid": "3301000001"},
        "electricity": {"two_unpaid": "3301000002"},
    },
    "plates": {"camera_unconfirmed": "浙A12345", "clean": None},
    "people": {"with_credit": {"name": "张三", "id_number": "330103198810030015"}},
    "decision_numbers": {"unpaid": "330106202611001"},
}


@pytest.mark.parametrize("samples", [None, [], "x", 3, {}, {"accounts": None}, {"accounts": {"water": ["x"]}}])
def test_of_nothing_nothing_is_said(samples: object) -> None:
    assert things_to_say(samples) == []


def test_three_sentences() -> None:
    assert things_to_say(SAMPLES) == [
        "交水费，户号 3301000001",
        "浙A12345 有没有违章",
        "查信用分，我叫张三，身份证号 330103198810030015",
    ]


def test_what_is_missing_is_passed_over() -> None:
    samples = {**SAMPLES, "accounts": {"water": {"one_unpaid": None}}, "people": {"with_credit": "x"}}
    assert things_to_say(samples) == ["浙A12345 有没有违章", "交罚款，决定书编号 330106202611001"]
