"""Which hospital a name means in which city, and which days can be booked."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.services import hospital as handler
from actions.services.hospital import DAYS_AHEAD, AskDate, BookHospitalAppointment, hospital_called, spoken_day
from city_api.hospital import FreeDay, Hospital, Slot
from tests.actions.conversation.trackers import heard, said, slots_set
from tests.actions.services.scripted import run

BOOK = BookHospitalAppointment.form()
TODAY = dt.date(2026, 11, 24)


def hospital(name, *aliases):
    """A hospital of a city."""
    return Hospital(code=name, name=name, aliases=list(aliases), level="三甲", address="路1号", departments=["口腔科"])


HANGZHOU = [
    hospital("市第一人民医院", "市一医院", "市一院", "一医院"),
    hospital("浙江大学附属第一医院", "浙一医院", "浙一"),
    hospital("杭州市第三人民医院", "市三医院"),
]
JIAXING = [
    hospital("嘉兴市第一医院", "市一院", "嘉兴市第一人民医院"),
    hospital("嘉兴市第二医院", "市二院", "嘉兴市一院旁"),
]


class TestCalled:
    @pytest.mark.parametrize(
        ("text", "city", "known", "name"),
        [
            ("市第一人民医院", "杭州", HANGZHOU, "市第一人民医院"),
            ("杭州市第一人民医院", "杭州", HANGZHOU, "市第一人民医院"),
            ("市一医院", "杭州", HANGZHOU, "市第一人民医院"),
            ("杭州市一医院", "杭州", HANGZHOU, "市第一人民医院"),
            ("浙一医院", "杭州", HANGZHOU, "浙江大学附属第一医院"),
            ("省人民医院", "杭州", HANGZHOU, None),
            ("第一人民医院分院", "杭州", HANGZHOU, None),
            ("市第三人民医院", "杭州", HANGZHOU, "杭州市第三人民医院"),
            ("第三人民医院", "杭州", HANGZHOU, "杭州市第三人民医院"),
            ("浙一医院", "杭州", HANGZHOU[:1], None),
            ("市一院", "嘉兴", JIAXING, "嘉兴市第一医院"),
            ("市第一人民医院", "嘉兴", JIAXING, "嘉兴市第一医院"),
            ("嘉兴市一院", "嘉兴", JIAXING, "嘉兴市第一医院"),
            ("第一医院", "嘉兴", JIAXING, "嘉兴市第一医院"),
            ("杭州市第一人民医院", "嘉兴", JIAXING, None),
            ("市一院", "嘉兴", [], None),
            ("", "嘉兴", JIAXING, None),
        ],
    )
    def test_the_whole_name_counts(self, text, city, known, name):
        found = hospital_called(text, city, known)
        assert (found.name if found is not None else None) == name

    def test_a_name_goes_before_anothers_alias(self):
        known = [hospital("市儿童医院", "儿保"), hospital("儿保")]
        assert hospital_called("儿保", "杭州", known) is known[1]

    @given(st.sampled_from(["浙江", "嘉兴", "新", "省", "小"]), st.sampled_from(HANGZHOU))
    def test_another_word_before_it_is_another_hospital(self, before, one):
        assert hospital_called(before + one.name, "杭州", HANGZHOU) is None

    @given(st.text("省新小东甲", max_size=3), st.sampled_from(HANGZHOU), st.text("东院区部", max_size=3))
    def test_a_name_within_other_words_is_none(self, before, one, after):
        for name in (one.name, *one.aliases):
            found = hospital_called(before + name + after, "杭州", [one])
            assert found is (None if before or after else one)


def wants(*entities, **slots):
    """A message that starts a booking."""
    return heard("book_hospital_appointment", "挂号", *entities, slots=slots, after=["action_leave_task"])


class TestNamed:
    async def test_the_city_says_what_it_is_called(self):
        tracker = wants(("hospital", "市第一人民医院"), city="嘉兴", city_code="330400")
        events, dispatcher, _ = await run(BookHospitalAppointment, tracker, hospitals=JIAXING)
        assert slots_set(events)["hospital"] == "嘉兴市第一医院"
        assert (slots_set(events)["requested_slot"], dispatcher.messages) == ("department", [])

    async def test_one_that_is_not_here_is_said_with_those_that_are(self):
        events, dispatcher, _ = await run(
            BookHospitalAppointment, wants(("hospital", "省人民医院")), hospitals=HANGZHOU
        )
        (message,) = dispatcher.messages
        assert (message["response"], message["asked_hospital"]) == ("utter_hospital_unknown", "省人民医院")
        assert message["hospitals"] == "市第一人民医院、浙江大学附属第一医院、杭州市第三人民医院"
        assert slots_set(events)["hospital"] is None
        assert slots_set(events)["requested_slot"] == "department"

    async def test_none_named_none_asked_for(self):
        _, _, services = await run(BookHospitalAppointment, wants(), hospitals=HANGZHOU)
        services.city.hospitals.assert_not_awaited()


@pytest.fixture
def _today(monkeypatch):
    """It is the 24th of November in the city: at half past midnight, when Greenwich has the 23rd."""

    class Now(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return dt.datetime(2026, 11, 23, 16, 30, tzinfo=dt.timezone.utc).astimezone(tz)

    monkeypatch.setattr(handler, "datetime", Now)


def place(day):
    """A free place on a day."""
    return Slot(
        slot_id="S1",
        hospital="市第一人民医院",
        department="口腔科",
        doctor="何子涵",
        title="主任医师",
        date=day,
        period="morning",
        starts_at=f"{day}T08:00:00+08:00",
        fee="50.00",
        remaining=1,
    )


@pytest.mark.usefixtures("_today")
class TestDays:
    @pytest.mark.parametrize(
        ("days", "response"),
        [
            (-400, "utter_date_over"),
            (-1, "utter_date_over"),
            (0, None),
            (1, None),
            (DAYS_AHEAD - 1, None),
            (DAYS_AHEAD, "utter_date_too_far"),
            (400, "utter_date_too_far"),
        ],
    )
    async def test_only_the_next_two_weeks_can_be_booked(self, days, response):
        day = (TODAY + dt.timedelta(days=days)).isoformat()
        tracker = wants(("department", "口腔科"), ("date", day))
        events, dispatcher, services = await run(BookHospitalAppointment, tracker, slots=[place(day)])
        slots = slots_set(events)
        if response is None:
            assert (dispatcher.messages, slots["requested_slot"]) == ([], "slot_choice")
            assert services.city.slots.await_args.kwargs["date"] == day
            return
        (message,) = dispatcher.messages
        assert (message["response"], message["asked_day"]) == (response, spoken_day(day))
        assert (slots["date"], slots["requested_slot"]) == (None, "date")
        services.city.slots.assert_not_awaited()

    async def test_a_full_day_costs_one_call_for_the_days_that_are_not(self):
        free = [FreeDay(date=TODAY + dt.timedelta(days=n), periods=["morning"]) for n in range(2, 9)]
        tracker = wants(("department", "口腔科"), ("date", "2026-11-25"))
        events, dispatcher, services = await run(BookHospitalAppointment, tracker, slots=[], free_days=free)
        (message,) = dispatcher.messages
        assert message["response"] == "utter_no_free_slots"
        assert message["days"] == "、".join(spoken_day(f"2026-11-{day}") for day in (26, 27, 28, 29))
        assert (services.city.free_days.await_count, services.city.slots.await_count) == (1, 1)
        assert slots_set(events)["requested_slot"] == "date"

    async def test_the_days_that_are_offered_have_places(self):
        free = [FreeDay(date=TODAY + dt.timedelta(days=n), periods=["morning"]) for n in (2, 5)]
        _, dispatcher, services = await run(
            AskDate, heard("inform", slots={"department": "口腔科"}), free_days=free, slots=[]
        )
        (message,) = dispatcher.messages
        assert [button["payload"] for button in message["buttons"]] == [
            '/inform{"date": "2026-11-26"}',
            '/inform{"date": "2026-11-29"}',
        ]
        services.city.free_days.assert_awaited_once_with("hospitals", "free-days", department="口腔科")
        services.city.slots.assert_not_awaited()

    async def test_a_hospital_without_places_gives_way_to_others_that_day(self):
        async def slots(*_parts, **asked):
            return [] if asked["hospital"] else [place("2026-11-25")]

        tracker = wants(("department", "口腔科"), ("date", "2026-11-25"), ("hospital", "市第一人民医院"))
        events, dispatcher, _ = await run(BookHospitalAppointment, tracker, slots=slots, hospitals=HANGZHOU)
        assert said(dispatcher) == ["utter_hospital_has_none"]
        assert (slots_set(events)["hospital"], slots_set(events)["requested_slot"]) == (None, "slot_choice")
        assert slots_set(events)["quote"]["basis"] == ["330100", "口腔科", None, "2026-11-25", None]


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_a_day_is_read_out_with_its_weekday(day):
    spoken = spoken_day(day.isoformat())
    assert spoken == f"{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）"
