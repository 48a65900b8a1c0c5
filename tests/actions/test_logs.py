"""No line of this process shows whose affair it was about, and each shows which conversation."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import warnings
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import example, given
from hypothesis import strategies as st

from actions import logs
from actions.logs import mask
from serving.names import in_conversation, name_of

PERSONAL = [
    "3301234567",
    "3301 2345 67",
    "3301-2345-67",
    "３３０１２３４５６７",
    "110101199003077475",
    "11010119900307747X",
    "13800138000",
    "138 0013 8000",
    "330100443641619",
    "浙A12345",
    "浙江A12345",
    "浙江省A·12345",
    "内蒙古A12345",
    "浙A点12345",
    "浙A，12345",
    "粤b·12345",
    "粤B D12345",
    "浙AD12345",
    "沪A1234学",
    "%E6%B5%99A12345",
    "\\u6d59A12345",
    "浙Ａ１２３４５",
]
AROUND = [
    "{}",
    "户号{}",
    "[SQL: x = '{}']",
    "GET /cities/330100/{}/bills?status=all",
    '{{"x": "{}"}}',
    "a{}b",
    "T{}，{}。",
]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("personal", PERSONAL)
def test_hidden(personal: str, around: str) -> None:
    assert personal not in mask(around.format(personal, personal))


@pytest.mark.parametrize(
    "text",
    ['{"name": "张三丰"}', "person_name=张三丰", "姓名：张三丰", "{'patient_name': '张三丰'}", "holder_name: 张三丰"],
)
def test_name_after_its_key(text: str) -> None:
    assert "张" not in mask(text)


@pytest.mark.parametrize("text", ["engine_number=A12345", "{'engine_number': '1b23C4'}", "后六位8A1234。"])
def test_the_end_of_an_engine_number(text: str) -> None:
    assert not re.search("A12345|1b23C4|8A1234", mask(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "order_moved",
        "HTTP11 utf8 base64 7 A1",
        "2026-11-24",
        "2026-11-24T18:30:00.123+08:00",
        "listening on http://127.0.0.1:5055",
        "city 33010",
        "TJXYHQFMPIMHBRXRIFDKORAXJT",
        "45.60 yuan, 12 points",
        "口腔科 明天下午",
        "filename: 张三",
    ],
)
def test_left_alone(text: str) -> None:
    assert mask(text) == text


_DIGITS = st.text("0123456789", min_size=6, max_size=18)
_PLATE = st.from_regex(rf"[{logs.PROVINCES}][A-HJ-Z][A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳]", fullmatch=True)


@given(before=st.text(max_size=20), personal=st.one_of(_DIGITS, _PLATE), after=st.text(max_size=20))
@example(before="2026-11-24 ", personal="3301234567", after="")
@example(before="2026-11-24 10:00:00.", personal="3301234567", after="")
@example(before="20", personal="260101", after="-01-01")
@example(before="1", personal="浙A12345", after="6")
@example(before="新", personal="浙A12345", after="")
@example(before="\\u6d59 ", personal="浙A12345", after="")
def test_hidden_wherever_it_stands(before: str, personal: str, after: str) -> None:
    assert personal not in mask(before + personal + after)


@given(st.text(alphabet=st.sampled_from("0123456789 -:T浙Ax张")))
def test_no_long_run_of_digits_is_left(text: str) -> None:
    assert not re.search(r"\d{6}", mask(text))


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the process writes, everything else about logging put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    logging.captureWarnings(False)  # another module's test may have left it on, and then it is not switched on again
    logs.configure("json", stream)
    yield stream
    logging.captureWarnings(False)
    logging.raiseExceptions = True
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def _read(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_every_kind_of_line_is_masked(lines: io.StringIO) -> None:
    log, plain = structlog.stdlib.get_logger("a"), logging.getLogger("b")
    log.info("asked 3301234567", account="3301234567", number=3301234567, person={"name": "张三", "id": ["浙A12345"]})
    plain.warning("asked %s", "3301234567", extra={"plate": "浙A12345"})
    plain.warning({"3301234567": "浙A12345"})
    plain.error("wrong %d", "3301234567")
    for write in (log.exception, plain.exception):
        try:
            raise ValueError("no such account: 3301234567 of 浙A12345")
        except ValueError:
            write("failed")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("3301234567", stacklevel=1)
    written = lines.getvalue()
    for personal in ("3301234567", "浙A12345", "张三"):
        assert personal not in written
    assert written.count("ValueError: no such account: ***") == 2
    assert len(_read(lines)) == 6


def test_console_lines_are_masked_too(capsys: pytest.CaptureFixture[str], lines: io.StringIO) -> None:
    stream = io.StringIO()
    logs.configure("console", stream)
    try:
        raise ValueError("3301234567")
    except ValueError:
        structlog.stdlib.get_logger("a").exception("failed", plate="浙A12345")
    assert "ValueError: ***" in stream.getvalue()
    assert "浙A12345" not in stream.getvalue()


async def test_every_line_carries_its_conversation_by_name_and_none_its_id(lines: io.StringIO) -> None:
    key = b"a key of names"

    async def one(conversation_id: str) -> None:
        with in_conversation(conversation_id, key):
            await asyncio.sleep(0)
            structlog.stdlib.get_logger("a").info(f"about {conversation_id}", also=conversation_id)
            await asyncio.to_thread(logging.getLogger("b").info, "about %s", conversation_id)

    ids = [
        "page-3f2a1234567890ab",
        "wechat:13800138000",
        "13800138000",
        "110101199003077475",
        '某人的"手机"',
        "张三的微信号",
    ]
    await asyncio.gather(*(one(conversation_id) for conversation_id in ids))
    logging.getLogger("b").info("outside")
    written = _read(lines)
    assert sorted(line["conversation"] for line in written[:-1]) == sorted([name_of(one, key) for one in ids] * 2)
    assert "conversation" not in written[-1]
    assert [one for one in ids if any(one in str(value) for line in written for value in line.values())] == []


def test_httpx_does_not_log_addresses(lines: io.StringIO) -> None:
    logging.getLogger("httpx").info('HTTP Request: GET http://city/vehicles/x "HTTP/1.1 200 OK"')
    assert lines.getvalue() == ""
