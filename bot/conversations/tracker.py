"""A tracker that knows what of it is stored, and is copied without being replayed."""

import copy
import dataclasses
from functools import lru_cache
from typing import Any

from rasa.shared.constants import ASSISTANT_ID_KEY
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import METADATA_MODEL_ID


class KeptTracker(DialogueStateTracker):
    """Rasa's tracker, as the conversation store hands it out and takes it back.

    Attributes:
        sequence: the number of the last turn in the database that this tracker has seen (`bot.conversations.numbers`).
        stored: how many of its events, from the first on, are in the database.
        since_snapshot: turns in the database that are later than the last snapshot.
        erased: whether the conversation was erased in this turn, of which nothing is kept then.
    """

    sequence: int = 0
    stored: int = 0
    since_snapshot: int = 0
    erased: bool = False

    def copy(self) -> "KeptTracker":
        """Make an independent tracker in the same state.

        Rasa's own `copy` applies every event anew, for each action of each turn. Events are shared, as there; slots are
        shared until they are set.
        """
        made = KeptTracker.__new__(KeptTracker)
        made.__dict__.update(self.__dict__)
        made.events = self.events.copy()
        made.slots = copy.copy(self.slots)
        if self.active_loop is not None:
            made.active_loop = dataclasses.replace(self.active_loop)
        return made

    def update(self, event: Event, domain: Domain | None = None) -> None:
        """Add an event. Those that have no other metadata share what says which model they come from."""
        if not event.metadata and (self.model_id or self.assistant_id):
            event.metadata = _origin(self.model_id, self.assistant_id)
        super().update(event, domain)

    def _set_slot(self, key: str, value: Any) -> None:
        """Set one slot, here and in no copy."""
        if key in self.slots:
            self.slots[key] = copy.copy(self.slots[key])
        super()._set_slot(key, value)

    def _reset_slots(self) -> None:
        """Set all slots to what they are initially, here and in no copy."""
        for name, slot in self.slots.items():
            self.slots[name] = copy.copy(slot)
        super()._reset_slots()


@lru_cache(maxsize=4)
def _origin(model_id: str | None, assistant_id: str | None) -> dict[str, str]:
    """Give what Rasa's `update` writes into an event's metadata; Rasa makes a new dictionary wherever it adds to one."""
    names = {METADATA_MODEL_ID: model_id, ASSISTANT_ID_KEY: assistant_id}
    return {name: value for name, value in names.items() if value}
