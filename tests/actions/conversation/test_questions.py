"""After an answer: the open question once more, in a few words where its own would be long; and questions offered where none is sure."""

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.courtesy import OfferChoices
from actions.conversation.questions import AskAgain, TellMore, questions_meant
from actions.conversation.task import task_for_form
from actions.conversation.turn import Turn
from actions.conversation.whose import belongings
from tests.actions.conversation.trackers import heard, said, slots_set

FORM = "pay_utility_bill_form"
OFFER = {"subject": "2026年10月水费", "amount": "67.60", "payee": "杭州市水务集团", "account": "3301257647"}
DOMAIN = {
    "responses": dict.fromkeys(
        ["utter_again_choice", "utter_again_payment", "utter_again_confirmation", "utter_ask_traffic/points"], []
    )
}


async def run(action, tracker, domain=DOMAIN):
    dispatcher = CollectingDispatcher()
    return await action().run(dispatcher, tracker, domain), dispatcher


async def test_with_no_open_question_nothing_is_said():
    events, dispatcher = await run(AskAgain, heard("ask_utility_bills"))
    assert (events, said(dispatcher)) == ([], [])


@pytest.mark.parametrize(
    ("requested", "slots", "response"),
    [
        ("bill_choice", {"quote": {"offers": [OFFER, OFFER]}}, "utter_again_choice"),
    ],
)
async def test_a_choice_and_a_quote_are_put_again_briefly_and_the_form_waits(requested, slots, response):
    tracker = heard("ask_utility_bills", slots=slots, form=FORM, requested=requested)
    events, dispatcher = await run(AskAgain, tracker)
    assert said(dispatcher) == [response]
    assert slots_set(events) == {}
    assert [event.get("name") for event in events] == [FORM, "action_listen"]


@pytest.mark.parametrize(
    ("requested", "slots"),
    [
        ("account_number", {}),
        # A quote that was not signed by us is none: it is read out anew, and no yes is asked for here.
        ("confirmation", {"quote": {"offers": [OFFER]}, "bill_choice": "1"}),
    ],
)
async def test_any_other_question_is_left_to_the_form(requested, slots):
    tracker = heard("ask_utility_bills", slots=slots, form=FORM, requested=requested)
    events, dispatcher = await run(AskAgain, tracker)
    assert (events, said(dispatcher)) == ([], [])


@pytest.mark.parametrize(
    ("text", "entities", "requested", "slots"),
    [
        ("户号3301234567的水费能开发票吗", [("account_number", "3301234567")], "account_number", {}),
        ("确认", [], "confirmation", {"quote": {"offers": [OFFER]}, "bill_choice": "1"}),
        ("水费能分期吗", [("bill_type", "water")], "bill_type", {}),
    ],
)
def test_a_question_is_for_no_form(text, entities, requested, slots):
    tracker = heard("ask_utility_bills", text, *entities, slots=slots, form=FORM, requested=requested)
    assert not task_for_form(FORM)().concerns(Turn(CollectingDispatcher(), tracker))


def test_a_question_is_among_nobodys_belongings():
    assert "article" not in belongings()


@pytest.mark.parametrize(
    ("intent", "article", "response"),
    [
        ("tell_article", "ask_traffic/points", "utter_ask_traffic/points"),
        ("tell_article", "ask_traffic/removed", "utter_not_answered"),
        ("tell_more", "ask_traffic/points", "utter_not_answered"),
    ],
)
async def test_an_article_is_told_by_its_button(intent, article, response):
    _, dispatcher = await run(TellMore, heard(intent, f"/{intent}", ("article", article)))
    assert said(dispatcher) == [response]


def unsure(*articles, requested=None):
    tracker = heard("nlu_fallback", "那个要多久", form=FORM if requested else None, requested=requested)
    ranking = [{"intent_response_key": article, "confidence": sure} for article, sure in articles]
    tracker.latest_message["response_selector"] = {"default": {"ranking": ranking}}
    return tracker


async def test_of_what_is_a_question_the_likeliest_are_offered():
    tracker = unsure(
        ("ask_utility_bills/late_fee", 0.3), ("ask_common/praise", 0.2), ("ask_utility_bills/invoice", 0.05)
    )
    _, dispatcher = await run(OfferChoices, tracker)
    assert said(dispatcher) == ["utter_which_question"]
    payloads = [button["payload"] for button in dispatcher.messages[0]["buttons"]]
    assert payloads == ['/tell_article{"article": "ask_utility_bills/late_fee"}', "/handoff_human"]


def test_without_a_selectors_word_none_is_offered():
    assert questions_meant(Turn(CollectingDispatcher(), heard("nlu_fallback", "嗯"))) == []
    assert questions_meant(Turn(CollectingDispatcher(), unsure(("ask_utility_bills/nothing", 0.9)))) == []
