"""Log lines of the assistant: one JSON object a line, with the conversation's name, without residents' words or numbers.

Rasa, Sanic and our own code log through `logging` and structlog; both end in one handler here. What a line holds of
a resident's message is dropped by key (Rasa names those keys itself, in `rasa.utils.log_utils._anonymizer`), and the
finished line goes through `mask`, which catches what came another way, such as a stack trace or a warning.
"""

import importlib
import logging
import sys
import warnings
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.runtime.masking import mask
from serving.names import without_id

WITHHELD = "(withheld)"

RESIDENTS_WORDS = frozenset(
    {
        "text", "response_text", "user_text", "slot_values", "parse_data_text", "parse_data_entities",
        "prediction_events", "tracker_latest_message", "prefilled_slots", "message", "response", "slot_candidates",
        "rasa_event", "rasa_events", "tracker_states", "current_states", "old_states", "successes", "current_entity",
        "next_entity", "states", "entity", "token_text", "user_message", "json_message",
    }
)  # fmt: skip
"""Keys of Rasa's structlog lines under which it puts what a resident said or what was understood of it."""

TALKATIVE = ("apscheduler", "asyncio", "sanic.access", "urllib3", "jieba")
"""Loggers that say nothing an operator needs, at every level below a warning."""


class MaskingFormatter(structlog.stdlib.ProcessorFormatter):
    """Renders a record as JSON, then masks the whole line, the conversation's id first."""

    def format(self, record: logging.LogRecord) -> str:
        """Render one line."""
        return mask(without_id(super().format(record)))


def withhold_words(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Structlog processor: replace what a resident said by a mark that it was there."""
    return {key: WITHHELD if key in RESIDENTS_WORDS else value for key, value in event.items()}


def configure(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send every log line of this process to one stream.

    Args:
        level: the lowest level written.
        stream: where to; standard output where none is given (the supervisor writes that to a file).
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True),
        withhold_words,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.processors.UnicodeDecoder(),
    ]
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False, default=repr)
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        MaskingFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Their own level, since importing `numpy.distutils`, which scikit-learn does, raises the root logger's.
    for name in ("rasa", "bot", "connectors"):
        logging.getLogger(name).setLevel(level)
    logging.getLogger("rasa.core.actions.action").addFilter(is_no_rejection)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def is_no_rejection(record: logging.LogRecord) -> bool:
    """Filter out what is no error: a form that leaves a message to the rules answers "rejected" (Rasa's own protocol)."""
    return record.getMessage() != "rejected"


def settle(level: int = logging.INFO) -> None:
    """Undo what libraries did to the log after `configure`; call it once everything is imported and loaded.

    Sanic and jieba give their loggers handlers of their own when first used.
    """
    logging.getLogger().setLevel(level)
    for name in ("sanic.root", "sanic.error", *TALKATIVE):
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = True
        logger.setLevel(logging.WARNING if name in TALKATIVE else level)


def quiet_deprecations() -> None:
    """Hide what Rasa's libraries warn each other about; nobody who runs or trains an assistant can mend it."""
    # Sanic switches these warnings on when it is imported; so ours comes after it, and before Rasa is imported.
    importlib.import_module("sanic")
    warnings.filterwarnings("ignore", category=DeprecationWarning)
