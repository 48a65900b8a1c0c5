from collections.abc import Sequence

import pytest

from bot.nlu.clauses import MOST_CLASSIFIED, requests_in
from bot.nlu.declared import Declared
from bot.nlu.features import LONGEST
from bot.nlu.readers.found import Found

INTENTS = {
    "查": "query_utility_bill", "交": "pay_utility_bill", "违章": "query_traffic_violation", "信用": "query_credit_score",
    "退号": "cancel_hospital_appointment", "挂": "book_hospital_appointment", "你好": "greet",
}  # fmt: skip
SERVICES = {"水费": "utility_bills", "违章": "traffic", "信用": "credit", "号": "hospital"}


def ranking(text: str, found: Sequence[Found]) -> list[tuple[str, float]]:
    """The last of the known words in a clause decides."""
    known = [(text.rfind(word), intent) for word, intent in INTENTS.items() if word in text]
    return [(max(known)[1], 0.9)] if known else [("out_of_scope", 0.9)]


def speaks_of(text: str, found: Sequence[Found]) -> set[str]:
    return {service for word, service in SERVICES.items() if word in text}


@pytest.mark.parametrize(
    "said", ["", "水费", "查水费", "你好,查水费", "查水费,谢谢", "查水费,有就交", "查水费和水费", ",,,,", "查,违章"]
)
def test_one_request(declared: Declared, said: str) -> None:
    assert requests_in(said, [], ranking, speaks_of, 0.6, declared) == []


@pytest.mark.parametrize(
    ("said", "first", "second", "clause"),
    [
        ("查水费,顺便看看违章", "query_utility_bill", "query_traffic_violation", "看看违章"),
        ("查水费顺便看看违章", "query_utility_bill", "query_traffic_violation", "看看违章"),
        ("查水费和违章", "query_utility_bill", "query_traffic_violation", "违章"),
        ("看违章然后交水费", "query_traffic_violation", "pay_utility_bill", "交水费"),
        ("交水费还想看信用", "pay_utility_bill", "query_credit_score", "看信用"),
        ("先退号,再挂明天的号", "cancel_hospital_appointment", "book_hospital_appointment", "挂明天的号"),
    ],
)
def test_two_requests(declared: Declared, said: str, first: str, second: str, clause: str) -> None:
    both = requests_in(said, [], ranking, speaks_of, 0.6, declared)
    assert [one.intent for one in both] == [first, second]
    assert said[both[1].start : both[1].end] == clause


@pytest.mark.parametrize(
    ("said", "clauses"),
    [
        ("查违章、交水费、再看看信用分", ["查违章", "交水费", "看看信用分"]),
        ("交水费,查违章,看信用,再挂个号", ["交水费", "查违章", "看信用", "挂个号"]),
        ("查水费,户号3301234567,再查违章,最后看信用", ["查水费,户号3301234567", "查违章", "看信用"]),
        ("先退号,查违章,再挂明天的号", ["先退号", "查违章", "挂明天的号"]),
        ("查水费,查违章,有水费就交", ["查水费", "查违章"]),
        ("你好,查水费,查违章,查信用", ["你好,查水费", "查违章", "查信用"]),
    ],
)
def test_three_or_more(declared: Declared, said: str, clauses: list[str]) -> None:
    assert [said[one.start : one.end] for one in requests_in(said, [], ranking, speaks_of, 0.6, declared)] == clauses


def test_unsure_clauses_are_no_requests(declared: Declared) -> None:
    assert requests_in("查水费,顺便看看违章", [], ranking, speaks_of, 0.95, declared) == []


def test_entities_go_with_their_clause(declared: Declared) -> None:
    seen: list[list[Found]] = []

    def remember(text: str, found: Sequence[Found]) -> list[tuple[str, float]]:
        seen.append(list(found))
        return ranking(text, found)

    requests_in("查水费,看违章", [Found(1, 3, "bill_type", "water")], remember, speaks_of, 0.6, declared)
    bill = [Found(1, 3, "bill_type", "water")]
    assert seen == [bill, []]


def test_a_cut_that_is_no_better_is_not_classified(declared: Declared) -> None:
    classified: list[str] = []

    def remember(text: str, found: Sequence[Found]) -> list[tuple[str, float]]:
        classified.append(text)
        return ranking(text, found)

    requests = requests_in("查水费,看违章,看信用", [], remember, speaks_of, 0.6, declared)
    assert [one.intent for one in requests] == ["query_utility_bill", "query_traffic_violation", "query_credit_score"]
    assert classified == ["查水费", "看违章", "看信用"]


def test_unsure_clauses_are_classified_only_so_far(declared: Declared) -> None:
    classified: list[str] = []

    def unsure(text: str, found: Sequence[Found]) -> list[tuple[str, float]]:
        classified.append(text)
        return [("query_utility_bill", 0.9 if len(classified) == 1 else 0.5)]

    said = ",".join(["水费和违章的事情我想了又想还是没有弄明白" * 5] * 9)
    assert requests_in(said, [], unsure, speaks_of, 0.6, declared) == []
    assert sum(min(len(text), LONGEST) for text in classified) <= MOST_CLASSIFIED + LONGEST
