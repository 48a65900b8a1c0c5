"""Only our buttons' payloads pass as payloads; everything else is plain words, cleaned and cut."""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.training_data.message import Message

from bot.runtime.message_guard import MAX_LENGTH, MAX_VALUES, Vocabulary, clean, guard

DOMAIN = Domain.from_dict(
    {
        "intents": ["greet", {"pay_utility_bill": {"use_entities": ["bill_type"]}}, "inform"],
        "entities": ["bill_type", "account_number"],
    }
)
VOCABULARY = Vocabulary.of(DOMAIN)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", ""),
        ("   ", ""),
        ("\x00\x01\x1f\x7f", ""),
        ("/", ""),
        ("///", ""),
        ("/ / /", ""),
        ("\u3000/unknown_intent", "unknown_intent"),
        ("/unknown_intent", "unknown_intent"),
        ("/restart", "restart"),
        ("/session_start", "session_start"),
        ("//greet", "greet"),
        ("/greet@0.5", "greet@0.5"),
        ("/greet@1.0{}", "greet@1.0{}"),
        ("/greet{", "greet{"),
        ("/greet{}}", "greet{}}"),
        ("/greet{} rest", "greet{} rest"),
        ('/greet{"bill_type"}', 'greet{"bill_type"}'),
        ('/greet["bill_type"]', 'greet["bill_type"]'),
        ('/greet{"no_such_entity": "x"}', 'greet{"no_such_entity": "x"}'),
        ('/greet{"bill_type": 1}', 'greet{"bill_type": 1}'),
        ('/greet{"bill_type": null}', 'greet{"bill_type": null}'),
        ('/greet{"bill_type": ""}', 'greet{"bill_type": ""}'),
        ('/greet{"bill_type": {"a": "b"}}', 'greet{"bill_type": {"a": "b"}}'),
        ('/greet{"bill_type": []}', 'greet{"bill_type": []}'),
        ('/greet{"bill_type": ["water", 1]}', 'greet{"bill_type": ["water", 1]}'),
        ('/greet{"bill_type": [["water"]]}', 'greet{"bill_type": [["water"]]}'),
        ('/greet{"bill_type": ["water", ""]}', 'greet{"bill_type": ["water", ""]}'),
        ('/greet{"bill_type": "a\\u0000b"}', 'greet{"bill_type": "a\\u0000b"}'),
        ('/greet{"bill_type": "' + "x" * 65 + '"}', 'greet{"bill_type": "' + "x" * 65 + '"}'),
        ("/我要交水费", "我要交水费"),
        ("我要\x00交\x1b水费\ud800", "我要交水费"),
        ("我要\n交\t水费\r\n", "我要 交 水费"),
        ("\u202e费水交要我", "费水交要我"),
        ("👨\u200d👩\u200d👧 你好", "👨\u200d👩\u200d👧 你好"),
        ("'; DROP TABLE bills; --", "'; DROP TABLE bills; --"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("/greet", "/greet"),
        ("  /greet  ", "/greet"),
        ("/greet{}", "/greet"),
        ('/inform{"account_number":["1","2"]}', '/inform{"account_number": ["1", "2"]}'),
        ('/pay_utility_bill{"bill_type": "water"}', '/pay_utility_bill{"bill_type": "water"}'),
        ('/pay_utility_bill {"bill_type":"water"}', '/pay_utility_bill{"bill_type": "water"}'),
        ('/inform{"account_number":"1","bill_type":"gas"}', '/inform{"account_number": "1", "bill_type": "gas"}'),
    ],
)
def test_what_rasa_sees(text: str, seen: str) -> None:
    assert guard(text, VOCABULARY) == seen


def test_a_deep_payload_is_no_recursion_error() -> None:
    assert guard('/greet{"bill_type":' + "[" * 900, VOCABULARY).startswith("greet{")


def test_a_long_message_is_cut() -> None:
    assert len(guard("水费" * 5000, VOCABULARY)) == MAX_LENGTH
    assert guard("\x00" * 5000 + "水费", VOCABULARY) == ""


def test_without_a_domain_no_payload_passes() -> None:
    assert guard("/greet", Vocabulary.of(None)) == "greet"


@given(st.text(max_size=1200))
def test_what_starts_with_the_prefix_is_a_payload_rasa_reads_as_we_do(text: str) -> None:
    for candidate in (text, "/" + text, "/greet" + text):
        seen = guard(candidate, VOCABULARY)
        assert seen == clean(seen)
        if not seen.startswith("/"):
            continue
        read = YAMLStoryReader.unpack_regex_message(Message.build(seen), DOMAIN)
        assert read.get("intent")["name"] in VOCABULARY.intents


def test_rasa_reads_a_passed_payload_with_its_entities() -> None:
    seen = guard('/pay_utility_bill{"bill_type": "water"}', VOCABULARY)
    read = YAMLStoryReader.unpack_regex_message(Message.build(seen), DOMAIN)
    assert read.get("intent")["name"] == "pay_utility_bill"
    assert [(e["entity"], e["value"]) for e in read.get("entities")] == [("bill_type", "water")]


def test_rasa_still_takes_a_typed_slash_for_a_command() -> None:
    """Once Rasa does not, the guard can go."""
    assert YAMLStoryReader.unpack_regex_message(Message.build("/greet"), DOMAIN).get("intent")["name"] == "greet"
    assert UserMessage("\u3000/greet").text == "/greet"


def test_rasa_still_uses_the_parse_data_a_message_brings() -> None:
    """This is how a blank message gets its intent without being parsed."""
    assert "if message.parse_data:" in inspect.getsource(MessageProcessor._handle_message_with_tracker)


def test_a_payload_has_no_more_than_so_many_values() -> None:
    """What is longer is a resident's words, and no command."""
    one = '/inform{"account_number": [%s]}'
    most = ", ".join(['"1"'] * MAX_VALUES)
    assert guard(one % most, VOCABULARY) == one % most
    assert not guard(one % f'{most}, "1"', VOCABULARY).startswith("/")
