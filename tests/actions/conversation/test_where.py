"""In which city a task is done: asked for before anything else, changed by what is meant, kept where it is in passing."""

import pytest

from actions.city.errors import InMaintenance, NotConnected
from actions.conversation.courtesy import AskCity, SwitchCity
from actions.conversation.task import all_tasks
from actions.conversation.turn import PASSING
from actions.services import load_handlers
from actions.services.credit import QueryCreditScore
from actions.services.hospital import BookHospitalAppointment
from actions.services.traffic import QueryTrafficViolation
from actions.services.utility_bills import PayUtilityBill, QueryUtilityBill
from manifests import services
from tests.actions.conversation.trackers import NOWHERE, city, heard, said, slots_set
from tests.actions.services.scripted import run

load_handlers()
WATER = ("bill_type", "water")
ACCOUNT = ("account_number", "3301234567")


def starts(task, *entities, text="", **slots):
    """A message that starts `task`."""
    return heard(task.intent, text, *entities, slots=slots, after=["action_leave_task"])


def answers(task, *entities, text="", intent="inform", requested="city", **slots):
    """A message that answers what `task` asked, in a city that is not known yet."""
    return heard(intent, text, *entities, slots={**NOWHERE, **slots}, form=task.form(), requested=requested)


class TestUnknown:
    @pytest.mark.parametrize("task", all_tasks(), ids=lambda task: task.intent)
    async def test_it_is_asked_first_and_nothing_else(self, task):
        events, dispatcher, services_ = await run(task, starts(task, **NOWHERE), offered=NotConnected())
        assert slots_set(events)["requested_slot"] == "city"
        assert dispatcher.messages == []
        services_.city.offered.assert_not_awaited()

    async def test_what_was_said_is_kept_while_it_is_asked(self):
        events, _, _ = await run(PayUtilityBill, starts(PayUtilityBill, WATER, ACCOUNT, **NOWHERE))
        assert slots_set(events) == {"bill_type": "water", "account_number": "3301234567", "requested_slot": "city"}

    async def test_the_answer_goes_on_with_the_task(self):
        tracker = answers(PayUtilityBill, city("嘉兴"), text="嘉兴", bill_type="water")
        events, dispatcher, _ = await run(PayUtilityBill, tracker)
        slots = slots_set(events)
        assert (slots["city"], slots["city_code"], slots["requested_slot"]) == ("嘉兴", "330400", "account_number")
        assert said(dispatcher) == ["utter_city_chosen"]

    async def test_asked_for_even_a_city_in_passing_is_meant(self):
        tracker = answers(PayUtilityBill, city("嘉兴", role=PASSING), text="我在嘉兴")
        events, _, _ = await run(PayUtilityBill, tracker)
        assert slots_set(events)["city"] == "嘉兴"

    async def test_of_two_the_last_in_passing_is_meant(self):
        told = (city("上海", role=PASSING), city("嘉兴", role=PASSING))
        events, _, _ = await run(PayUtilityBill, answers(PayUtilityBill, *told, text="上海嘉兴"))
        assert slots_set(events)["city"] == "嘉兴"

    async def test_one_that_is_not_served_is_said_and_asked_again(self):
        tracker = answers(PayUtilityBill, city("拉萨"), text="拉萨", bill_type="water")
        events, dispatcher, _ = await run(PayUtilityBill, tracker)
        assert said(dispatcher) == ["utter_city_not_served_choose"]
        assert slots_set(events)["requested_slot"] == "city"
        assert "task_finished" not in slots_set(events)

    async def test_something_else_that_is_heard_does_not_replace_the_city(self):
        events, _, _ = await run(PayUtilityBill, answers(PayUtilityBill, WATER, text="water"))
        assert slots_set(events)["requested_slot"] == "city"
        assert slots_set(events)["bill_type"] == "water"

    async def test_with_the_request_it_is_not_asked(self):
        tracker = starts(QueryUtilityBill, city("嘉兴"), WATER, text="查嘉兴的水费", **NOWHERE)
        events, dispatcher, _ = await run(QueryUtilityBill, tracker)
        assert slots_set(events)["requested_slot"] == "account_number"
        assert said(dispatcher) == ["utter_city_chosen"]

    async def test_the_likely_ones_are_buttons(self):
        tracker = heard("inform", slots=NOWHERE)
        _, dispatcher, _ = await run(AskCity, tracker, likely_cities=("330100", "330400"))
        (message,) = dispatcher.messages
        assert message["response"] == "utter_ask_first_city"
        assert [button["payload"] for button in message["buttons"]] == [
            '/switch_city{"city": "杭州"}',
            '/switch_city{"city": "嘉兴"}',
        ]

    async def test_one_that_is_known_is_said_and_no_button(self):
        _, dispatcher, _ = await run(AskCity, heard("inform"), likely_cities=("330100", "330400"))
        (message,) = dispatcher.messages
        assert message["response"] == "utter_ask_city"
        assert [button["title"] for button in message["buttons"]] == ["嘉兴"]


class TestNotOffered:
    """What a city does not offer is said before anything is asked of a resident."""

    @pytest.mark.parametrize(
        ("refusal", "response"),
        [(NotConnected(), "utter_service_not_connected"), (InMaintenance(), "utter_city_maintenance")],
    )
    @pytest.mark.parametrize("task", all_tasks(), ids=lambda task: task.intent)
    async def test_it_is_said_and_the_task_ends(self, task, refusal, response):
        events, dispatcher, services_ = await run(task, starts(task), offered=refusal)
        assert said(dispatcher) == [response]
        assert slots_set(events)["requested_slot"] is None
        assert services_.city.offered.await_args.args[0] == "330100"

    @pytest.mark.parametrize("task", [QueryCreditScore, BookHospitalAppointment])
    async def test_no_id_number_is_asked_for_or_sent(self, task):
        who = [("person_name", "王小明"), ("id_number", "330102199003071230")]
        for told in ([], who[:1], who):
            events, _, services_ = await run(
                task, starts(task, *told), offered=NotConnected(), credit_score=None, verify_identity=True
            )
            assert slots_set(events)["requested_slot"] is None
            services_.city.credit_score.assert_not_awaited()
            services_.city.verify_identity.assert_not_awaited()

    async def test_one_part_of_a_service_is_enough_until_it_is_said_which(self):
        async def only_water(_city, code):
            if code != "water":
                raise NotConnected

        events, dispatcher, _ = await run(PayUtilityBill, starts(PayUtilityBill), offered=only_water)
        assert (slots_set(events)["requested_slot"], dispatcher.messages) == ("bill_type", [])
        tracker = heard("inform", "gas", ("bill_type", "gas"), form=PayUtilityBill.form(), requested="bill_type")
        events, dispatcher, _ = await run(PayUtilityBill, tracker, offered=only_water)
        assert (slots_set(events)["requested_slot"], said(dispatcher)) == (None, ["utter_service_not_connected"])

    async def test_all_parts_are_asked_and_maintenance_is_the_better_news(self):
        async def offered(_city, code):
            raise InMaintenance if code == "gas" else NotConnected

        _, dispatcher, services_ = await run(PayUtilityBill, starts(PayUtilityBill), offered=offered)
        asked = [call.args[1] for call in services_.city.offered.await_args_list]
        assert asked == list(services()["utility_bills"].city_services)
        assert said(dispatcher) == ["utter_city_maintenance"]

    async def test_the_city_that_is_meant_is_the_one_that_is_asked(self):
        tracker = starts(QueryUtilityBill, city("嘉兴"), WATER, text="查嘉兴的水费")
        _, dispatcher, services_ = await run(QueryUtilityBill, tracker, offered=NotConnected())
        services_.city.offered.assert_awaited_once_with("330400", "water")
        assert said(dispatcher) == ["utter_city_switched", "utter_service_not_connected"]


class TestNamed:
    async def test_a_city_that_is_meant_is_gone_to(self):
        tracker = starts(QueryUtilityBill, city("嘉兴"), WATER, text="查嘉兴的水费")
        events, dispatcher, _ = await run(QueryUtilityBill, tracker)
        assert (slots_set(events)["city_code"], said(dispatcher)) == ("330400", ["utter_city_switched"])

    async def test_where_one_is_already_nothing_is_said(self):
        tracker = starts(QueryUtilityBill, city("杭州"), WATER, text="查杭州的水费")
        events, dispatcher, _ = await run(QueryUtilityBill, tracker)
        assert dispatcher.messages == []
        assert "city" not in slots_set(events)

    @pytest.mark.parametrize("name", ["北京", "嘉兴", "拉萨"])
    async def test_a_city_in_passing_changes_nothing_and_loses_nothing(self, name):
        tracker = starts(PayUtilityBill, city(name, role=PASSING), WATER, text=f"我在{name}出差，帮家里交水费")
        events, dispatcher, _ = await run(PayUtilityBill, tracker)
        assert dispatcher.messages == []
        assert slots_set(events)["requested_slot"] == "account_number"
        assert not {"city", "city_code"} & set(slots_set(events))

    async def test_one_that_is_meant_beside_one_in_passing(self):
        told = (city("北京", role=PASSING), city("嘉兴"), WATER)
        events, _, _ = await run(QueryUtilityBill, starts(QueryUtilityBill, *told, text="我在北京，查嘉兴水费"))
        assert slots_set(events)["city"] == "嘉兴"

    async def test_one_that_is_not_served_ends_the_task_and_the_old_one_stays(self):
        tracker = starts(QueryUtilityBill, city("拉萨"), WATER, text="查拉萨的水费")
        events, dispatcher, services_ = await run(QueryUtilityBill, tracker, bills=None)
        assert said(dispatcher) == ["utter_city_not_served"]
        assert slots_set(events)["requested_slot"] is None
        assert "city_code" not in slots_set(events)
        services_.city.bills.assert_not_awaited()

    async def test_a_name_that_is_read_two_ways_is_asked_about_with_all_that_was_said(self):
        tracker = starts(PayUtilityBill, city("苏州", candidates=["苏州", "宿州"]), WATER, ACCOUNT, text="交sz水费")
        events, dispatcher, _ = await run(PayUtilityBill, tracker)
        (message,) = dispatcher.messages
        assert message["response"] == "utter_which_city"
        assert [button["title"] for button in message["buttons"]] == ["苏州", "宿州"]
        known = '"bill_type": "water", "account_number": "3301234567"'
        assert message["buttons"][1]["payload"] == f'/pay_utility_bill{{"city": "宿州", {known}}}'
        assert slots_set(events)["requested_slot"] is None
        assert "city_code" not in slots_set(events)

    async def test_a_single_candidate_is_no_doubt(self):
        tracker = starts(QueryUtilityBill, city("嘉兴", candidates=["嘉兴"]), WATER, text="查嘉兴的水费")
        events, _, _ = await run(QueryUtilityBill, tracker)
        assert slots_set(events)["city"] == "嘉兴"

    @pytest.mark.parametrize(("name", "code"), [("义乌", "330782"), ("晋州", "130100")])
    async def test_a_county_is_served_by_itself_or_else_by_its_prefecture(self, name, code):
        tracker = starts(QueryTrafficViolation, city(name), text=f"查{name}的违章")
        events, _, _ = await run(QueryTrafficViolation, tracker)
        assert slots_set(events)["city_code"] == code

    async def test_a_turn_that_only_returns_to_the_task_goes_nowhere(self):
        tracker = heard("greet", "", city("嘉兴"), form=PayUtilityBill.form(), after=["utter_greet"])
        events, _, _ = await run(PayUtilityBill, tracker)
        assert "city" not in slots_set(events)


class TestSwitched:
    @pytest.mark.parametrize(
        ("told", "responses", "code"),
        [
            ((), ["utter_ask_city"], None),
            ((city("嘉兴"),), ["utter_city_switched"], "330400"),
            ((city("嘉兴", role=PASSING),), ["utter_city_switched"], "330400"),
            ((city("杭州"), city("嘉兴")), ["utter_city_switched"], "330400"),
            ((city("杭州"),), ["utter_city_as_before"], None),
            ((city("拉萨"),), ["utter_city_not_served"], None),
            ((city("苏州", candidates=["苏州", "宿州"]),), ["utter_which_city"], None),
            ((city("<b>"),), ["utter_ask_city"], None),
        ],
    )
    async def test_asked_to(self, told, responses, code):
        events, dispatcher, _ = await run(SwitchCity, heard("switch_city", "换城市", *told))
        assert said(dispatcher) == responses
        assert slots_set(events).get("city_code") == code
