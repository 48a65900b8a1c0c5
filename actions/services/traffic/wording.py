"""How violations and fines are read out, and what of them stands in a quote."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from actions.conversation.speech import spoken_date, spoken_time, yuan
from city_api.traffic import Decision, Owed, Violation

STATUS_NAMES = {"unconfirmed": "未处理", "decided": "已处理、未缴款", "paid": "已缴款"}
MOST_VIOLATIONS_READ_OUT = 6


def offer(violation: Violation) -> dict[str, Any]:
    """What the form keeps of a violation until one is chosen."""
    return {
        "counter": "条",
        "violation_id": violation.violation_id,
        "decision_number": violation.decision_number,
        "camera": violation.camera,
        "points": spoken_points(violation.points),
        "line": violation_line(violation),
        "keys": [violation.place, violation.behaviour, *_sums(violation)],
        "price": yuan(violation.total),
        "time": violation.occurred_at.isoformat(),
    }


def _sums(violation: Violation) -> list[str]:
    """The sums by which residents may name it: its fine, and what it costs today."""
    return [said for sum_ in (violation.fine, violation.total) for said in (yuan(sum_), f"{sum_.normalize():f}块")]


def fine(decision: Decision) -> dict[str, Any]:
    """What is read out of a decision and, after a yes, paid: exactly this."""
    late = f"（含加处罚款 {yuan(decision.late_fee)} 元）" if decision.late_fee else ""
    return {
        "biller_code": "traffic-police",
        "payee": decision.payee,
        "account": decision.decision_number,
        "bill_reference": decision.decision_number,
        "amount": yuan(decision.total),
        "subject": "交通罚款",
        "plate": decision.plate_number_masked,
        "line": f"{decision.plate_number_masked}，{decision.behaviour}{late}",
    }


def fits_masked(plate: str, masked: str) -> bool:
    """Whether a plate may be the one that the city shows masked.

    Args:
        plate: as GA 36 has it.
        masked: the same with some characters as `*`.
    """
    return len(plate) == len(masked) and all(shown in ("*", said) for said, shown in zip(plate, masked, strict=True))


def violation_lines(violations: list[Violation]) -> str:
    """Violations as residents read them, numbered, the latest first, at most six."""
    shown = violations[:MOST_VIOLATIONS_READ_OUT]
    lines = [f"{number}. {violation_line(violation)}" for number, violation in enumerate(shown, start=1)]
    if len(violations) > len(shown):
        lines.append(f"……另有 {len(violations) - len(shown)} 条")
    return "\n".join(lines)


def violation_line(violation: Violation) -> str:
    """One violation: time, place, behaviour, fine, points, and whether it is handled."""
    return (
        f"{spoken_time(violation.occurred_at)} {violation.place}，{violation.behaviour}，"
        f"罚款 {yuan(violation.fine)} 元，{spoken_points(violation.points)}（{STATUS_NAMES[violation.status]}）"
        f"{late_fee(violation)}"
    )


def points_to_come(violations: list[Violation]) -> str:
    """How many points those that are not decided yet will take: ，其中 1 条处理后记 6 分; nothing where they take none."""
    taking = [violation for violation in violations if violation.status == "unconfirmed" and violation.points]
    if not taking:
        return ""
    in_all = "共" if len(taking) > 1 else ""
    return f"，其中 {len(taking)} 条处理后{in_all}记 {sum(one.points for one in taking)} 分"


def late_fees(owed: Owed) -> str:
    """What of a sum is late fees, since when, and by how much it will be more tomorrow; nothing where there are none."""
    if not owed.late_fees:
        return ""
    since = f"，从{spoken_date(owed.late_from)}起算" if owed.late_from else ""
    grows = f"明天再加 {yuan(owed.added_tomorrow)} 元" if owed.added_tomorrow else "已到上限，不再增加"
    return f"（含加处罚款 {yuan(owed.late_fees)} 元{since}，{grows}）"


def late_fee(violation: Violation) -> str:
    """What a decided violation costs more than its fine by now, and how that grows; nothing of any other."""
    if violation.status != "decided" or violation.late_from is None:
        return ""
    day = yuan(violation.late_fee_per_day)
    if not violation.late_fee:
        last = spoken_date(violation.late_from - timedelta(days=1))
        return f"；最晚{last}缴，过了这天每天加处罚款 {day} 元"
    grows = f"每天再加 {day} 元" if violation.late_fee_per_day else "已到上限，不再增加"
    since = f"{spoken_date(violation.late_from)}起加处罚款"
    return f"；{since}，到今天 {yuan(violation.late_fee)} 元，一共要缴 {yuan(violation.total)} 元，{grows}"


def spoken_points(points: int) -> str:
    """Points as residents read them: 记 6 分, or 不记分."""
    return f"记 {points} 分" if points else "不记分"
