"""How violations and fines are read out, and what of them stands in a quote."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from actions.conversation.speech import spoken_time, yuan
from city_api.traffic import Decision, Violation

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
        "keys": [violation.place, violation.behaviour, f"{yuan(violation.fine)}", f"{violation.fine.normalize():f}块"],
        "price": yuan(violation.fine),
        "time": violation.occurred_at.isoformat(),
    }


def fine(decision: Decision) -> dict[str, Any]:
    """What is read out of a decision and, after a yes, paid: exactly this."""
    return {
        "biller_code": "traffic-police",
        "payee": decision.payee,
        "account": decision.decision_number,
        "bill_reference": decision.decision_number,
        "amount": yuan(decision.total),
        "subject": "交通罚款",
        "line": f"{decision.plate_number_masked}，{decision.behaviour}{late_fees(decision.late_fee)}",
    }


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
    )


def points_to_come(violations: list[Violation]) -> str:
    """How many points those that are not decided yet will take: ，其中 1 条处理后记 6 分; nothing where they take none."""
    taking = [violation for violation in violations if violation.status == "unconfirmed" and violation.points]
    if not taking:
        return ""
    in_all = "共" if len(taking) > 1 else ""
    return f"，其中 {len(taking)} 条处理后{in_all}记 {sum(one.points for one in taking)} 分"


def late_fees(amount: Decimal) -> str:
    """What of a sum is a late fee: （含加处罚款 58.50 元）; nothing where there is none."""
    return f"（含加处罚款 {yuan(amount)} 元）" if amount else ""


def spoken_points(points: int) -> str:
    """Points as residents read them: 记 6 分, or 不记分."""
    return f"记 {points} 分" if points else "不记分"
