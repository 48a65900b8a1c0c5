"""Log lines: each carries its conversation by a name (serving/names.py), and none an ID number, phone, plate, account or name.

Every line of the process goes through here, structlog's and the standard library's alike, and is masked last of all,
so that a library's message or an error's text is no way round.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

from serving.names import without_id

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
NAMES_END = "津京北西古宁林江海苏徽建东南川州庆藏肃夏疆省市区"
"""How the provinces' whole names end, with which people begin a plate too: 浙江A12345, 广东省B12345."""
HIDDEN = "***"
NAME_KEYS = frozenset({"name", "person_name", "patient_name", "holder_name", "patient", "姓名"})
# Numbers that name one process, request or moment and nobody: masking them would only make lines useless.
PLAIN_KEYS = frozenset({"timestamp", "level", "logger", "seconds", "port"})

# Digits in any script, with single blanks or hyphens between them as people write them; the X of an ID number too.
_DIGITS = r"\d(?:[ \u00a0\u3000\-]?\d){5,}[Xx]?"
_MOMENT = r"(?<!\d)20\d\d-[01]\d-[0-3]\d(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?)?(?![\d-])"
_PROVINCE = rf"(?:[{PROVINCES}{NAMES_END}]|\\u[0-9a-fA-F]{{4}}|(?:%[0-9a-fA-F]{{2}}){{3}}|(?:\\x[0-9a-fA-F]{{2}}){{3}})"
_PLATE = rf"{_PROVINCE}[ ]?[A-Za-zＡ-Ｚａ-ｚ](?:[ .·•\-,，点]|%20)?[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]{{4,6}}[挂学警港澳领使]?"
_NAMED = (
    r"(?P<key>[\"']?(?:person_name|patient_name|holder_name|\bname|姓名)[\"']?\s*[:=：]\s*[\"']?)[\u4e00-\u9fff·]{2,}"
)
# Six letters and digits that stand alone, three digits among them: the end of an engine number proves whose a car is.
_MIXED = r"(?<![0-9A-Za-z])(?=\d{0,5}[A-Za-z])(?=[0-9A-Za-z]{6}(?![0-9A-Za-z]))(?=(?:[A-Za-z]{0,3}\d){3})[0-9A-Za-z]{6}"
_PERSONAL = re.compile(
    f"(?P<moment>{_MOMENT})|(?P<plate>{_PLATE})|(?P<digits>{_DIGITS})|(?P<mixed>{_MIXED})|(?P<named>{_NAMED})"
)


def mask(text: str) -> str:
    """The text without what belongs to a person.

    Hidden are runs of six digits and more (ID numbers, phones, accounts, decisions), plates, the end of an engine number,
    and names that stand after a key that says so. ISO dates and times stay.

    Args:
        text: anything about to be logged.
    """
    return _PERSONAL.sub(_hide, text)


def _hide(found: re.Match[str]) -> str:
    if found["moment"]:
        return found["moment"]
    if found["named"]:
        return f"{found['key']}{HIDDEN}"
    return HIDDEN


def mask_event(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """The last processor before the line is written: masks every key and value of the event."""
    return {mask(str(key)): _mask_value(str(key), value) for key, value in event.items()}


def _mask_value(key: str, value: Any) -> Any:
    if key in PLAIN_KEYS or value is None or isinstance(value, bool):
        return value
    if key in NAME_KEYS:
        return HIDDEN
    if isinstance(value, (int, float)):
        text = str(value)
        return value if mask(text) == text else HIDDEN
    if isinstance(value, Mapping):
        return {mask(str(inner)): _mask_value(str(inner), part) for inner, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_mask_value("", part) for part in value]
    return mask(str(value))


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Renders a record that has been masked, without the conversation's id."""

    def format(self, record: logging.LogRecord) -> str:
        """Render one line."""
        return without_id(super().format(record))


def configure(log_format: str = "", stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send every log line of the process through the masking, to one stream.

    Args:
        log_format: `json`, `console`, or empty to choose by whether a terminal is watching.
        stream: standard error by default.
        level: of the root logger.
    """
    out = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        _add_timestamp,
        structlog.stdlib.ExtraAdder(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        _Formatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.StackInfoRenderer(),
                structlog.processors.format_exc_info,
                mask_event,
                _renderer(log_format, out),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
    # A line that cannot be formatted would otherwise be printed with its raw arguments.
    logging.raiseExceptions = False
    for noisy in ("httpx", "httpcore", "sanic.access", "alembic", "filelock", "rasa_sdk.executor", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _add_timestamp(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """UTC to the millisecond: six digits in a row would look like what we hide."""
    event["timestamp"] = dt.datetime.now(dt.timezone.utc).isoformat(timespec="milliseconds")
    return event


def _renderer(log_format: str, out: TextIO) -> Processor:
    if (log_format or ("console" if out.isatty() else "json")) == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback)
