"""What is remembered when the conversation is about somebody else's thing, and when it comes back."""

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.turn import Turn
from actions.conversation.whose import about, is_somebody_elses, keep_apart
from tests.actions.conversation.trackers import heard

OWN = {"known_accounts": {"330100/water": "3301000001"}, "plate_number": "浙A12345"}


def turn(**slots):
    """A turn with these slots known."""
    return Turn(CollectingDispatcher(), heard("inform", "", slots=slots))


def test_while_it_is_the_residents_own_nothing_is_forgotten():
    now = turn(whose="self", account_number="3301000001", **OWN)
    keep_apart(now)
    assert now.events == []


@pytest.mark.parametrize("group", ["family", "acquaintance", "named", "other"])
def test_nothing_of_ones_own_goes_along_to_somebody_else(group):
    now = turn(
        whose=group,
        whose_who="某人",
        account_number="3301000001",
        person_name="王小明",
        id_number="330102199609260474",
        confirmation=True,
        quote={"offers": []},
        follow_up={"intent": "x", "slots": {}},
        noted={"account_number": "3301000001", "bill_type": "water"},
        bill_type="water",
        known_resident=True,
        engine_number="A12345",
        plate_passes={"330100/浙A12345": "p"},
        **OWN,
    )
    keep_apart(now)
    gone = (
        "engine_number",
        "plate_passes",
        "account_number",
        "person_name",
        "id_number",
        "confirmation",
        "quote",
        "follow_up",
        *OWN,
    )
    assert [now.slot(slot) for slot in gone] == [None] * len(gone)
    assert now.slot("noted") == {"bill_type": "water"}
    assert now.slot("bill_type") == "water"
    assert now.slot("known_resident") is False
    assert now.slot("own_things") == OWN
    assert is_somebody_elses(now)


def test_coming_back_to_oneself_brings_ones_own_things_back():
    now = turn(
        whose="self", things_of="family/爸爸", own_things=OWN, account_number="3301000009", plate_number="浙A99999"
    )
    keep_apart(now)
    assert now.slot("account_number") is None
    assert now.slot("plate_number") == "浙A12345"
    assert now.slot("own_things") is None
    assert now.slot("things_of") is None


def test_from_one_other_to_the_next_ones_own_things_stay_aside():
    now = turn(whose="family", whose_who="妈妈", things_of="family/爸爸", own_things=OWN, plate_number="浙A99999")
    keep_apart(now)
    assert now.slot("plate_number") is None
    assert now.slot("own_things") == OWN
    assert now.slot("things_of") == "family/妈妈"


def test_a_new_person_finds_nothing_at_all():
    told = ["utter_why_id_number"]
    now = turn(
        whose="next",
        person_name="王小明",
        told_why_id_number=told,
        own_things=OWN,
        department="内科",
        waiting_tasks=[{}],
        **OWN,
    )
    keep_apart(now)
    gone = ("person_name", "told_why_id_number", "own_things", "department", "waiting_tasks", *OWN)
    assert [now.slot(slot) for slot in gone] == [None] * len(gone)
    assert now.slot("whose") == "self"


def test_what_waited_is_gone_on_with_as_whose_it_was():
    now = turn(whose="self", **OWN)
    about(now, "family/爸爸")
    assert (now.slot("whose"), now.slot("whose_who"), now.slot("things_of")) == ("family", "爸爸", "family/爸爸")
    about(now, None)
    assert (now.slot("whose"), now.slot("things_of")) == ("self", None)
    assert now.slot("plate_number") == "浙A12345"
