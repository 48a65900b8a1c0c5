"""Every test here sees the tasks of all services, whichever module of tests runs alone."""

from actions.services import load_handlers

load_handlers()
