"""The assistants' domains, sent once: an action call then only says which one it means.

A domain is 120 KB of JSON that is the same at every call; reading it took most of an action's time. An assistant that knows
of this (`bot.runtime.action_endpoint`) sends it with a name of its content, `domain_digest`, and leaves it out once the
answer has said `domain_kept`. Where it is not known (this server was restarted), the call is refused with status
UNKNOWN_DOMAIN before anything is run, and comes again with the whole. A call of a stock Rasa has its domain in it always.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

UNKNOWN_DOMAIN = 449
"""The status with which later versions of Rasa's action server ask for the domain."""

MOST_KEPT = 4
"""Domains that are kept: more than one while assistants with an older and a newer model run side by side."""


class DomainUnknown(LookupError):
    """A call leaves out a domain that is not kept here."""


class Domains:
    """The domains that have been sent, by the names their senders gave them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def complete(self, payload: dict[str, Any]) -> str | None:
        """Put the domain into a call that leaves it out, and keep the one of a call that has it.

        Args:
            payload: the call; changed.

        Returns:
            The name under which the domain is kept; None where it has none.

        Raises:
            DomainUnknown: it is left out, and not kept here.
        """
        name = payload.pop("domain_digest", None)
        if not isinstance(name, str):
            return None
        domain = payload.get("domain")
        if domain is None:
            domain = self._kept.get(name)
            if domain is None:
                raise DomainUnknown(name)
            payload["domain"] = domain
        self._kept[name] = domain
        self._kept.move_to_end(name)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return name
