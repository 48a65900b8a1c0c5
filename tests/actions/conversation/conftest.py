"""Every test here sees the tasks of all services, whichever module of tests runs alone."""

from actions.services import load_handlers
from tests.actions.conversation.trackers import quote_key

__all__ = ["quote_key"]

load_handlers()
