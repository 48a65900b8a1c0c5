"""The handler of traffic violations and fines, against a scripted city."""

from decimal import Decimal

import pytest

from actions.city.errors import Conflict, IdentityMismatch, Invalid, NotFound, Refused, TooManyTries, Unavailable
from actions.services.traffic import (
    AskDriver,
    AskOffenceConfirmation,
    AskProof,
    PayTrafficFine,
    QueryTrafficViolation,
    QueryViolationDetails,
)
from actions.services.traffic.proof import MOST_PLATES
from actions.services.traffic.wording import (
    fine,
    late_fees,
    points_to_come,
    spoken_points,
    violation_line,
    violation_lines,
)
from city_api.traffic import Decision, Driver, OpenViolations, Owed, Violation, Violations
from tests.actions.conversation.trackers import heard, said, slots_set
from tests.actions.services.scripted import made, run

PAY = PayTrafficFine.form()
EndPayment = made("action_pay_traffic_fine")
PLATE = "浙A12345"


def violation(number=1, **changes):
    """A camera's violation that nobody has confirmed yet."""
    return Violation(
        **{
            "violation_id": f"V{number}",
            "occurred_at": "2026-11-10T19:28:00+08:00",
            "place": "庆春路",
            "behaviour": "违反规定停放",
            "behaviour_code": "1039",
            "fine": "150.00",
            "late_fee": "0.00",
            "total": "150.00",
            "late_fee_per_day": "0.00",
            "points": 0,
            "camera": True,
            "status": "unconfirmed",
            **changes,
        }
    )


def found(*violations, owed=None):
    """A vehicle's violations."""
    driver = Driver(points_left=9, points_total=12, cycle_ends_on="2027-03-01")
    return Violations(
        plate_number=PLATE,
        vehicle_kind="小型汽车",
        driver=driver,
        owed=owed or Owed(count=len(violations), total="150.00", late_fees="0.00", added_tomorrow="0.00"),
        violations=list(violations),
        viewing_pass="pass-1",
        pass_until="2026-11-24T11:00:00+08:00",
    )


def counted(count=2, total="300.00", late_fees="0.00", late_from=None, added="0.00"):
    """What everybody is told of a vehicle."""
    how_much = {"total": total, "late_fees": late_fees, "late_from": late_from, "added_tomorrow": added}
    return OpenViolations(plate_number=PLATE, count=count, **how_much)


PROVED = {"plate_passes": {f"330100/{PLATE}": "pass-1"}}
"""The slots of a conversation in which something has been proved for the plate."""


def decision(**changes):
    """An unpaid penalty decision."""
    return Decision(
        **{
            "decision_number": "330100123456789",
            "plate_number_masked": "浙A***45",
            "occurred_at": "2026-11-10T19:28:00+08:00",
            "place": "庆春路",
            "behaviour": "违反规定停放",
            "fine": "150.00",
            "late_fee": "0.00",
            "total": "150.00",
            "points": 0,
            "status": "unpaid",
            "payee": "杭州市公安局交通警察支队",
            **changes,
        }
    )


def wants(*entities, **slots):
    """A message that starts the payment of a fine."""
    return heard("pay_traffic_fine", "交罚款", *entities, slots=slots, after=["action_leave_task"])


def queries(*entities, **slots):
    """A message that looks a plate up."""
    return heard("query_traffic_violation", "查违章", *entities, slots=slots, after=["action_leave_task"])


def wants_details(*entities, intent="query_violation_details", requested=None, **slots):
    """A message to the task that tells where and when."""
    form = QueryViolationDetails.form() if requested else None
    after = [] if requested else ["action_leave_task"]
    return heard(intent, "看时间地点", *entities, slots=slots, form=form, requested=requested, after=after)


async def test_an_unknown_plate_is_asked_for_again():
    no_vehicle = NotFound("vehicle_not_found")
    for tracker, slots in ((queries(("plate_number", PLATE)), {}), (queries(("plate_number", PLATE), **PROVED), {})):
        events, dispatcher, _ = await run(
            QueryTrafficViolation, tracker, open_violations=no_vehicle, violations=no_vehicle
        )
        assert said(dispatcher) == ["utter_vehicle_not_found"]
        assert slots_set(events)["requested_slot"] == "plate_number", slots


async def test_who_has_only_the_plate_is_told_how_many_and_how_much():
    events, dispatcher, services = await run(
        QueryTrafficViolation,
        queries(("plate_number", PLATE)),
        open_violations=counted(2, "358.50", "58.50", "2026-11-12", "4.50"),
    )
    assert said(dispatcher) == ["utter_violations_counted"]
    told = dispatcher.messages[0]
    assert (told["count"], told["total"]) == (2, "358.50")
    assert all(part in told["late"] for part in ("58.50", "2026年11月12日", "4.50"))
    assert {"lines", "points_left"}.isdisjoint(told)
    assert [button["payload"].partition("{")[0] for button in told["buttons"]] == ["/query_violation_details"]
    follow_up = slots_set(events)["follow_up"]
    assert (follow_up["intent"], set(follow_up["awaits"])) == (
        "query_violation_details",
        {"engine_number", "person_name", "id_number"},
    )
    assert slots_set(events)["requested_slot"] is None


async def test_a_plate_that_owes_nothing_asks_for_no_proof():
    nothing = counted(0, "0.00")
    for task, tracker, response in (
        (QueryTrafficViolation, queries(("plate_number", PLATE)), "utter_no_open_violations"),
        (PayTrafficFine, wants(("plate_number", PLATE)), "utter_no_fines"),
    ):
        events, dispatcher, _ = await run(task, tracker, open_violations=nothing)
        assert said(dispatcher) == [response]
        assert slots_set(events)["outcome"] == "nothing_owed"


@pytest.mark.parametrize(
    ("entities", "slots", "proof"),
    [
        ([("engine_number", "123456")], {}, {"engine_number": "123456"}),
        ([("engine_number", "LJ4A123456")], {}, {"engine_number": "123456"}),
        ([("engine_number", "123456")], PROVED, {"engine_number": "123456"}),
        ([], PROVED, {"viewing_pass": "pass-1"}),
        ([("person_name", "王小明"), ("id_number", "110101199003077475")], {}, "owner"),
        ([], {"person_name": "王小明", "id_number": "110101199003077475"}, "owner"),
    ],
)
@pytest.mark.parametrize("task", [QueryTrafficViolation, QueryViolationDetails])
async def test_who_proves_is_told_all_and_only_the_pass_is_kept(task, entities, slots, proof):
    message = queries if task is QueryTrafficViolation else wants_details
    tracker = message(("plate_number", PLATE), *entities, **slots)
    events, dispatcher, services = await run(task, tracker, violations=found(violation(points=6)))
    sent = services.city.violations.await_args.kwargs
    if proof == "owner":
        proof = {"name": "王小明", "id_number": "110101199003077475"}
    assert sent == {"status": "all", **proof}
    assert said(dispatcher) == ["utter_violations_found"]
    assert slots_set(events)["plate_passes"] == PROVED["plate_passes"]
    assert slots_set(events).get("engine_number") is None
    assert slots_set(events)["follow_up"] == {"intent": "pay_traffic_fine", "slots": {"plate_number": PLATE}}


async def test_a_pass_is_for_its_own_plate():
    tracker = wants_details(("plate_number", "浙A99999"), **PROVED)
    events, _, _ = await run(QueryViolationDetails, tracker, violations=found())
    assert slots_set(events)["requested_slot"] == "engine_number"


async def test_a_pass_is_for_its_own_city():
    tracker = wants_details(("plate_number", PLATE), city="嘉兴", city_code="330400", **PROVED)
    events, _, _ = await run(QueryViolationDetails, tracker, violations=found())
    assert slots_set(events)["requested_slot"] == "engine_number"


async def test_a_few_plates_are_remembered():
    passes = {f"330100/浙A{number}": "p" for number in range(10000, 10000 + MOST_PLATES)}
    tracker = wants_details(("plate_number", PLATE), ("engine_number", "123456"), plate_passes=passes)
    events, _, _ = await run(QueryViolationDetails, tracker, violations=found())
    kept = slots_set(events)["plate_passes"]
    assert (len(kept), list(kept)[-1]) == (MOST_PLATES, f"330100/{PLATE}")


@pytest.mark.parametrize(
    ("error", "response"),
    [
        (Refused("wrong_engine_number"), "utter_wrong_engine_number"),
        (Refused("not_the_owner"), "utter_not_the_owner"),
        (IdentityMismatch(), "utter_identity_mismatch"),
        (Invalid("invalid_id_number"), "utter_identity_mismatch"),
        (Refused("pass_expired"), None),
    ],
)
async def test_what_is_no_proof_is_said_and_asked_for_again(error, response):
    told = [("engine_number", "123456")]
    if response in ("utter_not_the_owner", "utter_identity_mismatch"):
        told = [("person_name", "王小明"), ("id_number", "110101199003077475")]
    tracker = wants_details(*([] if response is None else told), plate_number=PLATE, **({} if response else PROVED))
    events, dispatcher, _ = await run(QueryViolationDetails, tracker, violations=error)
    assert said(dispatcher) == ([response] if response else [])
    assert slots_set(events)["requested_slot"] == "engine_number"
    assert slots_set(events).get("engine_number") is None
    assert not any((slots_set(events).get("plate_passes") or {}).values())


async def test_who_is_not_the_owner_is_not_tried_twice():
    who = {"person_name": "王小明", "id_number": "110101199003077475"}
    refused = {"plate_passes": {f"330100/{PLATE}": ""}}
    tracker = wants_details(plate_number=PLATE, **who, **refused)
    events, _, services = await run(QueryViolationDetails, tracker, violations=found())
    services.city.violations.assert_not_awaited()
    assert slots_set(events)["requested_slot"] == "engine_number"
    another = [("person_name", "王小明"), ("id_number", "110101199003077475")]
    tracker = wants_details(*another, plate_number=PLATE, **refused)
    _, dispatcher, _ = await run(QueryViolationDetails, tracker, violations=found())
    assert said(dispatcher) == ["utter_no_violations"]


async def test_who_is_known_from_before_is_not_told_that_a_friends_car_is_not_theirs():
    who = {"person_name": "王小明", "id_number": "110101199003077475"}
    tracker = queries(("plate_number", PLATE), **who)
    refused = Refused("not_the_owner")
    events, dispatcher, _ = await run(QueryTrafficViolation, tracker, violations=refused, open_violations=counted())
    assert said(dispatcher) == ["utter_violations_counted"]
    assert slots_set(events).get("person_name", "王小明") == "王小明"


@pytest.mark.parametrize("task", [QueryTrafficViolation, QueryViolationDetails, PayTrafficFine])
async def test_too_many_tries_are_no_outage_and_end_the_task(task):
    message = {QueryTrafficViolation: queries, QueryViolationDetails: wants_details, PayTrafficFine: wants}[task]
    tracker = message(("plate_number", PLATE), ("engine_number", "123456"))
    events, dispatcher, _ = await run(task, tracker, violations=TooManyTries("too_many_wrong_proofs", 721))
    assert said(dispatcher) == ["utter_too_many_wrong_proofs"]
    assert dispatcher.messages[0]["wait"] == "13 分钟"
    assert slots_set(events)["requested_slot"] is None
    assert slots_set(events)["outcome"] == "failed"


async def test_half_a_person_is_asked_for_the_other_half():
    for half, asked in ((("person_name", "王小明"), "id_number"), (("id_number", "110101199003077475"), "person_name")):
        tracker = wants_details(half, intent="inform", requested="engine_number", plate_number=PLATE)
        events, _, _ = await run(QueryViolationDetails, tracker)
        assert slots_set(events)["requested_slot"] == asked


async def test_an_engine_number_stands_in_no_button_and_is_not_remembered():
    tracker = wants_details(("plate_number", PLATE), ("engine_number", "B67890"))
    events, dispatcher, _ = await run(QueryViolationDetails, tracker, violations=Unavailable())
    assert said(dispatcher) == ["utter_city_unavailable"]
    assert "B67890" not in str(dispatcher.messages)
    assert slots_set(events)["engine_number"] is None


async def test_what_there_is_to_pay_is_read_out_after_a_proof():
    tracker = wants(("plate_number", PLATE))
    events, _, services = await run(PayTrafficFine, tracker, open_violations=counted())
    assert slots_set(events)["requested_slot"] == "engine_number"
    assert slots_set(events)["quote"]["owed"] == {"count": 2, "total": "300.00", "late": ""}
    for quote, response in (
        ({"owed": {"count": 2, "total": "300.00", "late": ""}}, "utter_ask_proof_to_pay"),
        ({}, "utter_ask_proof"),
    ):
        tracker = heard("inform", slots={"plate_number": PLATE, "quote": quote}, form=PAY, requested="engine_number")
        _, dispatcher, _ = await run(AskProof, tracker)
        assert said(dispatcher) == [response]


async def test_the_owner_who_has_proved_by_name_is_not_asked_who_drove():
    who = [("person_name", "王小明"), ("id_number", "110101199003077475")]
    tracker = heard("inform", "我是王小明", *who, slots={"plate_number": PLATE}, form=PAY, requested="engine_number")
    events, _, _ = await run(PayTrafficFine, tracker, violations=found(violation()), verify_identity=True)
    assert slots_set(events)["requested_slot"] == "offence_confirmation"


async def asked_for_the_plate(text, *entities):
    """The response that asks for a plate, and the payloads of its buttons, after `text` has started the look-up."""
    tracker = heard("query_traffic_violation", text, *entities, form=QueryTrafficViolation.form())
    _, dispatcher, _ = await run(made("action_ask_query_traffic_violation_form_plate_number"), tracker)
    return said(dispatcher), [button["payload"] for button in dispatcher.messages[0]["buttons"]]


async def test_a_plate_that_can_be_read_two_ways_is_asked_about_and_not_looked_up():
    tracker = heard("query_traffic_violation", "查浙AH3390 1", after=["action_leave_task"])
    readings = {"entity": "plate_number", "value": "浙AH3390", "candidates": ["浙AH3390", "浙AH33901"]}
    tracker.latest_message["entities"] = [readings]
    events, _, _ = await run(QueryTrafficViolation, tracker)
    assert slots_set(events)["requested_slot"] == "plate_number"
    _, dispatcher, _ = await run(made("action_ask_query_traffic_violation_form_plate_number"), tracker)
    assert said(dispatcher) == ["utter_which_plate_number"]
    payloads = [button["payload"] for button in dispatcher.messages[0]["buttons"]]
    assert payloads == ['/inform{"plate_number": "浙AH3390"}', '/inform{"plate_number": "浙AH33901"}']


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("查违章", "utter_ask_query_traffic_violation_form_plate_number"),
        ("查浙ABCDEF的违章", "utter_unclear_plate_number"),
        ("查浙I12345的违章", "utter_unclear_plate_number"),
    ],
)
async def test_what_was_meant_for_a_plate_is_told_how_one_looks(text, response):
    assert await asked_for_the_plate(text) == ([response], [])


WHO = {"person_name": "王小明", "id_number": "110101199003077475"}


def accepting(yes="affirm", requested="offence_confirmation", entities=(), **slots):
    """A message in the form while the one undecided camera offence is at hand."""
    offers = [{"violation_id": "V1", "decision_number": None, "camera": True, "points": "记 3 分", "line": "…"}]
    quote = {"basis": ["330100", PLATE], "offers": offers, "key": "k"}
    slots = {"plate_number": PLATE, "violation_choice": "1", "quote": quote, **WHO, **slots}
    return heard(yes, "不了" if yes == "deny" else "确认", *entities, slots=slots, form=PAY, requested=requested)


async def test_a_camera_offence_asks_who_drove_before_anything_is_confirmed():
    answers = {"violations": found(violation()), "confirm_violation": decision(), "verify_identity": True}
    events, _, services = await run(PayTrafficFine, wants(("plate_number", PLATE), **PROVED), **answers)
    assert slots_set(events)["requested_slot"] == "person_name"
    services.city.verify_identity.assert_not_awaited()
    tracker = wants(("plate_number", PLATE), **WHO, **PROVED)
    events, _, services = await run(PayTrafficFine, tracker, **answers)
    assert slots_set(events)["requested_slot"] == "offence_confirmation"
    services.city.confirm_violation.assert_not_awaited()


async def test_a_driver_whose_number_is_another_persons_is_asked_for_again():
    tracker = accepting("inform", "id_number", [("id_number", WHO["id_number"])], id_number=None)
    events, dispatcher, _ = await run(PayTrafficFine, tracker, verify_identity=False)
    assert said(dispatcher) == ["utter_identity_mismatch"]
    assert slots_set(events)["requested_slot"] == "person_name"


async def test_the_read_back_says_whose_licence_loses_how_many_points():
    for action, requested in ((AskDriver, "person_name"), (AskOffenceConfirmation, "offence_confirmation")):
        _, dispatcher, _ = await run(action, accepting(requested=requested))
        assert dispatcher.messages[0]["points"] == "记 3 分"
    assert dispatcher.messages[0]["driver"] == "王**"
    assert WHO["id_number"] not in str(dispatcher.messages)


async def test_a_decided_fine_asks_nobody_who_they_are():
    decided = violation(status="decided", decision_number="330100123456789")
    tracker = wants(("plate_number", PLATE), **PROVED)
    events, _, _ = await run(PayTrafficFine, tracker, violations=found(decided), decision=decision())
    assert slots_set(events)["requested_slot"] == "confirmation"


@pytest.mark.parametrize(
    ("error", "response", "asked"),
    [
        (Refused("no_driving_licence"), "utter_no_driving_licence", None),
        (Refused("not_the_drivers_vehicle"), "utter_not_the_drivers_vehicle", None),
        (Refused("licence_suspended"), "utter_city_refused", None),
        (IdentityMismatch(), "utter_identity_mismatch", "person_name"),
        (Invalid("invalid_id_number"), "utter_identity_mismatch", "person_name"),
        (Conflict("violation_already_decided"), "utter_offence_changed", None),
        (Unavailable(), "utter_city_unavailable", None),
    ],
)
async def test_an_acceptance_that_is_not_taken_is_said_and_nothing_is_paid(error, response, asked):
    events, dispatcher, _ = await run(PayTrafficFine, accepting(), confirm_violation=error)
    assert said(dispatcher) == [response]
    assert slots_set(events)["requested_slot"] == asked
    if asked:
        assert slots_set(events)["quote"]["key"] != "k"


async def test_an_offence_no_camera_saw_goes_to_the_counter():
    tracker = wants(("plate_number", PLATE), **PROVED)
    _, dispatcher, _ = await run(PayTrafficFine, tracker, violations=found(violation(camera=False)))
    assert said(dispatcher) == ["utter_not_a_camera_offence"]


@pytest.mark.parametrize(("yes", "confirmed"), [("affirm", True), ("deny", False)])
async def test_only_a_yes_confirms_the_offence(yes, confirmed):
    tracker = accepting(yes)
    events, dispatcher, services = await run(PayTrafficFine, tracker, confirm_violation=decision(), decision=decision())
    assert services.city.confirm_violation.await_count == int(confirmed)
    assert slots_set(events)["requested_slot"] == ("confirmation" if confirmed else None)
    assert said(dispatcher) == ["utter_offence_confirmed" if confirmed else "utter_offence_not_confirmed"]
    if confirmed:
        sent = services.city.confirm_violation.await_args.kwargs
        assert (sent["name"], sent["id_number"]) == (WHO["person_name"], WHO["id_number"])


async def test_a_decision_by_its_number_needs_only_the_yes():
    events, _, _ = await run(PayTrafficFine, wants(("decision_number", "330100123456789")), decision=decision())
    assert slots_set(events)["requested_slot"] == "confirmation"
    assert slots_set(events)["quote"]["fine"]["amount"] == "150.00"


async def test_a_decision_that_is_paid_ends_the_task():
    tracker = wants(("decision_number", "330100123456789"))
    events, dispatcher, _ = await run(PayTrafficFine, tracker, decision=decision(status="paid", receipt_number="R1"))
    assert said(dispatcher) == ["utter_decision_paid"]
    assert slots_set(events)["requested_slot"] is None


async def test_the_city_down_is_said():
    _, dispatcher, _ = await run(PayTrafficFine, wants(("plate_number", PLATE)), open_violations=Unavailable())
    assert said(dispatcher) == ["utter_city_unavailable"]


@pytest.mark.parametrize(("answer", "paid"), [(True, 1), (False, 0), (None, 0)])
async def test_only_a_yes_pays(answer, paid):
    slots = {"quote": {"fine": fine(decision())}, "confirmation": answer}
    tracker = heard("affirm", "确认", slots=slots)
    _, _, services = await run(EndPayment, tracker, decision=decision(), open_payment=Unavailable())
    assert services.payments.open_payment.await_count == paid
    if paid:
        assert services.payments.open_payment.await_args.args[0].total == Decimal("150.00")


@pytest.mark.parametrize(
    ("now", "response", "stays"),
    [
        (decision(status="paid", receipt_number="R1"), "utter_paid_meanwhile", None),
        (decision(late_fee="4.50", total="154.50"), "utter_quote_changed", "154.50"),
        (Unavailable(), "utter_quote_not_checked", "150.00"),
    ],
)
async def test_after_the_yes_the_fine_is_read_again(now, response, stays):
    slots = {"quote": {"offers": [], "fine": fine(decision())}, "confirmation": True}
    events, dispatcher, services = await run(EndPayment, heard("affirm", "确认", slots=slots), decision=now)
    assert said(dispatcher) == [response]
    services.payments.open_payment.assert_not_awaited()
    kept = slots_set(events).get("quote", slots["quote"])
    assert (kept["fine"]["amount"] if kept else None) == stays
    assert slots_set(events)["confirmation"] is None


LATE = {"status": "decided", "decision_number": "1", "late_from": "2026-11-12"}


@pytest.mark.parametrize(
    ("changes", "told", "not_told"),
    [
        ({}, [], ["加处"]),
        ({**LATE, "status": "paid", "late_fee": "58.50", "total": "208.50"}, [], ["加处"]),
        ({**LATE, "late_fee_per_day": "4.50"}, ["2026年11月11日", "4.50"], ["一共要缴"]),
        (
            {**LATE, "late_fee": "58.50", "total": "208.50", "late_fee_per_day": "4.50"},
            ["2026年11月12日", "58.50", "208.50", "每天再加 4.50"],
            ["上限"],
        ),
        ({**LATE, "late_fee": "150.00", "total": "300.00"}, ["150.00", "300.00", "上限"], ["每天再加"]),
    ],
)
def test_a_violation_says_what_is_owed_by_today_and_how_it_grows(changes, told, not_told):
    line = violation_line(violation(**changes))
    assert all(part in line for part in told)
    assert not any(part in line for part in not_told)


@pytest.mark.parametrize(
    ("late_fees_", "added", "told"),
    [("0.00", "0.00", None), ("0.00", "4.50", None), ("58.50", "4.50", "明天再加 4.50"), ("150.00", "0.00", "上限")],
)
def test_a_sum_says_what_of_it_is_late_fees_and_how_it_grows(late_fees_, added, told):
    said_ = late_fees(counted(late_fees=late_fees_, late_from="2026-11-12", added=added))
    assert (told in said_ and "2026年11月12日" in said_) if told else said_ == ""


async def test_the_sum_told_is_the_citys():
    how_much = Owed(count=1, total="208.50", late_fees="58.50", late_from="2026-11-12", added_tomorrow="4.50")
    late = violation(**LATE, late_fee="58.50", total="208.50", late_fee_per_day="4.50")
    tracker = wants_details(("plate_number", PLATE), **PROVED)
    _, dispatcher, _ = await run(QueryViolationDetails, tracker, violations=found(late, owed=how_much))
    assert dispatcher.messages[0]["total"] == "208.50"
    assert "58.50" in dispatcher.messages[0]["late"]


def test_a_late_fee_is_said():
    assert "30.00" in fine(decision(late_fee="30.00", total="180.00"))["line"]
    assert fine(decision(late_fee="30.00", total="180.00"))["amount"] == "180.00"


def test_many_violations_are_not_all_read_out():
    assert violation_lines([violation(number) for number in range(8)]).splitlines()[-1] == "……另有 2 条"


def test_points_as_residents_read_them():
    assert (spoken_points(0), spoken_points(6)) == ("不记分", "记 6 分")


@pytest.mark.parametrize(
    ("violations", "told"),
    [
        ([violation(points=6)], "，其中 1 条处理后记 6 分"),
        ([violation(points=6), violation(points=3), violation(points=0)], "，其中 2 条处理后共记 9 分"),
        ([violation(points=0)], ""),
        ([violation(points=6, status="decided", decision_number="1")], ""),
    ],
)
def test_points_to_come_are_those_of_what_is_not_decided(violations, told):
    assert points_to_come(violations) == told
