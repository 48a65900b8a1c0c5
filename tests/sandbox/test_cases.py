"""Cases at the city: taken once, moved on by time, added to, withdrawn, and over when they are over."""

import datetime as dt

import pytest

from sandbox.services.cases import promised

CASES = "/cities/330100/cases"
NOISE = {"kind": "noise", "words": "楼下烧烤店半夜放音乐", "contact": "13800138000"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({**NOISE, "kind": "ghost"}, "unknown_case_kind"),
        ({**NOISE, "words": ""}, "invalid_request"),
        ({**NOISE, "words": "长" * 1001}, "invalid_request"),
        ({**NOISE, "contact": "回头再说"}, "invalid_request"),
        ({"kind": "noise"}, "invalid_request"),
    ],
    ids=["kind", "no_words", "too_long", "contact", "nothing"],
)
def test_what_is_not_taken(city, body, code):
    answer = city.write(CASES, **body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_taken_once_however_often_it_is_sent(city):
    first = city.write(CASES, key="a", **NOISE).json()
    assert city.write(CASES, key="a", **NOISE).json() == first
    assert city.write(CASES, key="b", **NOISE).json()["case_number"] != first["case_number"]
    assert first["state"] == "accepted"
    assert NOISE["words"] not in str(first)
    assert NOISE["contact"] not in str(first)


def test_it_moves_on_with_time(city):
    number = city.write(CASES, **NOISE).json()["case_number"]
    states = []
    for hours in (0, 1, 23):
        city.clock.move(hours=hours)
        city.authorize()
        states.append(city.get(f"{CASES}/{number}").json()["state"])
    assert states == ["accepted", "processing", "answered"]
    told = city.get(f"{CASES}/{number}").json()
    assert told["answer"]
    assert [step["at"] for step in told["history"]] == sorted(step["at"] for step in told["history"])


def test_what_is_over_is_neither_added_to_nor_withdrawn(city):
    withdrawn = city.write(CASES, **NOISE).json()["case_number"]
    answered = city.write(CASES, **NOISE).json()["case_number"]
    assert city.write(f"{CASES}/{withdrawn}/additions", words="还有狗叫").json()["history"][-1]["text"] == "收到补充"
    assert city.write(f"{CASES}/{withdrawn}/withdrawal").json()["state"] == "withdrawn"
    city.clock.move(days=2)
    city.authorize()
    for number in (withdrawn, answered):
        for path, body in (("additions", {"words": "再补一句"}), ("withdrawal", {})):
            answer = city.write(f"{CASES}/{number}/{path}", **body)
            assert (answer.status_code, answer.json()["code"]) == (409, "case_over")


def test_a_case_of_another_city_is_not_found(city):
    number = city.write(CASES, **NOISE).json()["case_number"]
    for path in (f"{CASES}/33010000000000", f"/cities/330200/cases/{number}"):
        answer = city.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "case_not_found")


@pytest.mark.parametrize(
    ("opened", "days", "on"),
    [
        ("2026-11-25", 3, "2026-11-30"),
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2040-01-06", 1, "2040-01-09"),
    ],
    ids=["over_a_weekend", "friday", "national_day", "a_year_without_calendar"],
)
def test_the_promise_counts_working_days(opened, days, on):
    noon = dt.datetime.fromisoformat(f"{opened}T12:00:00+08:00")
    assert promised(noon, days) == dt.date.fromisoformat(on)
