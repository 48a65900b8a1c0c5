"""The credit score."""

import pytest

from sandbox.services.credit import BASE, grade_of

SCORE = "/cities/330100/credit/score"


def test_no_score(city, person):
    people = city.samples()["people"]
    cases = [
        (SCORE, people["without_credit"], 404, "credit_record_not_found"),
        (SCORE, person(), 404, "credit_record_not_found"),
        (SCORE, {**people["with_credit"], "name": "李四"}, 422, "identity_mismatch"),
        (SCORE, {**people["with_credit"], "id_number": "110101199003074518"}, 422, "invalid_id_number"),
        (SCORE, {"name": "李四"}, 422, "invalid_request"),
        ("/cities/330400/credit/score", people["with_credit"], 404, "service_not_connected"),
    ]
    for path, body, status, code in cases:
        answer = city.ask(path, **body)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_score(city):
    answer = city.ask(SCORE, **city.samples()["people"]["with_credit"]).json()
    assert answer["score"] == BASE + sum(factor["effect"] for factor in answer["factors"])
    assert (answer["grade"], answer["grade_name"]) == grade_of(answer["score"])
    assert answer["as_of"] == "2026-11-01"
    effects = [abs(factor["effect"]) for factor in answer["factors"]]
    assert effects == sorted(effects, reverse=True)
    assert all(factor["name"] and factor["reason"] for factor in answer["factors"])


@pytest.mark.parametrize(
    ("score", "grade"),
    [(0, "C"), (549, "C"), (550, "B"), (600, "A"), (649, "A"), (650, "AA"), (700, "AAA"), (999, "AAA")],
)
def test_grades(score, grade):
    assert grade_of(score)[0] == grade
