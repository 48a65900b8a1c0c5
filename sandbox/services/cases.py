"""Cases (诉求): the city takes them, moves on with them as time passes, answers, and lets them be added to and withdrawn."""

from __future__ import annotations

import datetime as dt
from typing import Any

import chinese_calendar
from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Text, select
from sqlalchemy.orm import Session

from city_api.cases import Case, CaseKind, CaseKinds, CaseState, CaseStep
from sandbox.clock import local_date
from sandbox.column_types import UtcMoment
from sandbox.errors import CityError
from sandbox.here import Here, InCity
from sandbox.idempotency import Once
from sandbox.numbers import unused
from sandbox.seeding.growth import Growth
from sandbox.services import SandboxService
from sandbox.tables import Base

KINDS = (
    CaseKind(code="paid_twice", title="重复缴费", working_days=3),
    CaseKind(code="wrong_account", title="交错户号", working_days=3),
    CaseKind(code="not_posted", title="缴费没到账", working_days=3),
    CaseKind(code="refund", title="申请退款", working_days=5),
    CaseKind(code="bill_dispute", title="对账单或读数有疑问", working_days=5),
    CaseKind(code="fine_dispute", title="对罚款有异议", working_days=5),
    CaseKind(code="noise", title="噪音扰民", working_days=5),
    CaseKind(code="street", title="道路和路灯", working_days=5),
    CaseKind(code="rubbish", title="垃圾和环境", working_days=5),
    CaseKind(code="call_back", title="请工作人员回电", working_days=1),
    CaseKind(code="other", title="其他诉求", working_days=5),
)
BY_CODE = {kind.code: kind for kind in KINDS}
TAKEN_UP_AFTER = dt.timedelta(hours=1)
ANSWERED_AFTER = dt.timedelta(days=1)
"""A sandbox does not wait for its own promises."""

ANSWER = "已经核实并处理，结果由承办单位电话告知；没有留电话的，可以拨打 12345 报编号询问"
MOST_WORDS = 1000


class CaseRecord(Base):
    """A case. `withdrawn_at` ends it."""

    __tablename__ = "cases"
    case_number = Column(String(14), primary_key=True)
    city_code = Column(String(6), nullable=False)
    kind = Column(String(20), nullable=False)
    words = Column(Text, nullable=False)
    contact = Column(String(20))
    trades = Column(JSON, nullable=False)
    opened_at = Column(UtcMoment, nullable=False)
    withdrawn_at = Column(UtcMoment)


class CaseAddition(Base):
    """What was said to a case afterwards."""

    __tablename__ = "case_additions"
    id = Column(Integer, primary_key=True)
    case_number = Column(ForeignKey("cases.case_number"), nullable=False, index=True)
    words = Column(Text, nullable=False)
    added_at = Column(UtcMoment, nullable=False)


class CaseIn(BaseModel):
    """A new case: its kind, what happened, how to reach the resident, and the payments it is about."""

    kind: str
    words: str = Field(min_length=1, max_length=MOST_WORDS)
    contact: str | None = Field(None, regex=r"^\+?[0-9-]{5,20}$")
    trades: list[str] = Field([], max_items=20)


class WordsIn(BaseModel):
    """What is added to a case."""

    words: str = Field(min_length=1, max_length=MOST_WORDS)


def seed(growth: Growth) -> None:
    """Nothing: a city has the cases that are reported to it."""


def samples(session: Session, city: str) -> dict[str, Any]:
    """A sentence to try."""
    return {"say": {"cases": "我要投诉，楼下烧烤店半夜一两点还在放音乐，吵得睡不着"}}


router = APIRouter()


@router.get("/kinds", response_model=CaseKinds)
def kinds(here: InCity) -> CaseKinds:
    """The kinds of case that the city takes.

    Raises:
        CityError: 404 service_not_connected.
    """
    return CaseKinds(kinds=list(KINDS))


@router.post("", response_model=Case)
def report(body: CaseIn, here: InCity, once: Once) -> Response:
    """Take a case.

    Raises:
        CityError: 404 service_not_connected; 422 invalid_request, unknown_case_kind.
    """

    def take(session: Session) -> Case:
        if body.kind not in BY_CODE:
            raise CityError(422, "unknown_case_kind", "没有这一类诉求")
        case = CaseRecord(
            case_number=unused(session, CaseRecord.case_number, here.code, 8),
            city_code=here.code,
            kind=body.kind,
            words=body.words,
            contact=body.contact,
            trades=body.trades,
            opened_at=here.now(),
        )
        session.add(case)
        return shown(session, here, case)

    return once.run(body, take)


@router.get("/{case_number}", response_model=Case)
def show(case_number: str, here: InCity) -> Case:
    """How far a case is.

    Raises:
        CityError: 404 service_not_connected, case_not_found.
    """
    with here.read() as session:
        return shown(session, here, case_of(session, here, case_number))


@router.post("/{case_number}/additions", response_model=Case)
def add(case_number: str, body: WordsIn, here: InCity, once: Once) -> Response:
    """Add to a case that is not over.

    Raises:
        CityError: 404 service_not_connected, case_not_found; 409 case_over.
    """

    def note(session: Session) -> Case:
        case = open_case(session, here, case_number)
        session.add(CaseAddition(case_number=case_number, words=body.words, added_at=here.now()))
        session.flush()
        return shown(session, here, case)

    return once.run(body, note)


@router.post("/{case_number}/withdrawal", response_model=Case)
def withdraw(case_number: str, here: InCity, once: Once) -> Response:
    """Take a case back, before it has been answered.

    Raises:
        CityError: 404 service_not_connected, case_not_found; 409 case_over.
    """

    def take_back(session: Session) -> Case:
        case = open_case(session, here, case_number)
        case.withdrawn_at = here.now()
        return shown(session, here, case)

    return once.run(None, take_back)


def case_of(session: Session, here: Here, case_number: str) -> Any:
    """A case of the city, locked where the session writes.

    Raises:
        CityError: 404 case_not_found.
    """
    wanted = select(CaseRecord).where(CaseRecord.case_number == case_number, CaseRecord.city_code == here.code)
    case = session.execute(wanted.with_for_update()).scalar_one_or_none()
    if case is None:
        raise CityError(404, "case_not_found", "没有找到这件诉求")
    return case


def open_case(session: Session, here: Here, case_number: str) -> Any:
    """A case that is neither answered nor withdrawn.

    Raises:
        CityError: 404 case_not_found; 409 case_over.
    """
    case = case_of(session, here, case_number)
    if state_of(case, here.now()) in ("answered", "withdrawn"):
        raise CityError(409, "case_over", "这件诉求已经办结或撤回")
    return case


def state_of(case: Any, now: dt.datetime) -> CaseState:
    """How far a case is at a moment."""
    if case.withdrawn_at is not None:
        return "withdrawn"
    age = now - case.opened_at
    if age >= ANSWERED_AFTER:
        return "answered"
    return "processing" if age >= TAKEN_UP_AFTER else "accepted"


def promised(opened_at: dt.datetime, working_days: int) -> dt.date:
    """The day by which a case is answered: so many working days after the one on which it was taken.

    Years whose holidays are not announced yet have weekends alone.
    """
    day = local_date(opened_at)
    while working_days:
        day += dt.timedelta(days=1)
        working_days -= _is_workday(day)
    return day


def _is_workday(day: dt.date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # what the library raises for a year whose calendar is not published yet
        return day.weekday() < 5


def shown(session: Session, here: Here, case: Any) -> Case:
    """A case as whoever has its number may see it."""
    kind, state = BY_CODE[case.kind], state_of(case, here.now())
    history = [CaseStep(at=case.opened_at, text="已受理")]
    added = select(CaseAddition).where(CaseAddition.case_number == case.case_number).order_by(CaseAddition.id)
    history += [CaseStep(at=one.added_at, text="收到补充") for one in session.execute(added).scalars()]
    if case.withdrawn_at is not None:
        history.append(CaseStep(at=case.withdrawn_at, text="已撤回"))
    elif state != "accepted":
        history.append(CaseStep(at=case.opened_at + TAKEN_UP_AFTER, text="已转承办单位"))
    if state == "answered":
        history.append(CaseStep(at=case.opened_at + ANSWERED_AFTER, text="已答复"))
    return Case(
        case_number=case.case_number,
        kind=case.kind,
        title=kind.title,
        state=state,
        opened_at=case.opened_at,
        promised_on=promised(case.opened_at, kind.working_days),
        answer=ANSWER if state == "answered" else None,
        history=sorted(history, key=lambda step: step.at),
    )


service = SandboxService(router, seed, samples)
