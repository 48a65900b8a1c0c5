"""A tracker that knows what of it is stored, and is copied without being replayed."""

import copy
import dataclasses

from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker


class KeptTracker(DialogueStateTracker):
    """Rasa's tracker, as the conversation store hands it out and takes it back.

    Attributes:
        sequence: the number of the last turn in the database that this tracker has seen (`bot.conversations.numbers`).
        stored: how many of its events, from the first on, are in the database.
        since_snapshot: turns in the database that are later than the last snapshot.
    """

    sequence: int = 0
    stored: int = 0
    since_snapshot: int = 0

    def copy(self) -> "KeptTracker":
        """Make an independent tracker in the same state.

        Rasa's own `copy` applies every event anew, for each action of each turn. Events are shared, as there.
        """
        made = KeptTracker.__new__(KeptTracker)
        made.__dict__.update(self.__dict__)
        made.events = self.events.copy()
        made.slots = copy.copy(self.slots)
        for name, slot in self.slots.items():
            made.slots[name] = _like(slot)
        if self.active_loop is not None:
            made.active_loop = dataclasses.replace(self.active_loop)
        return made


def _like(slot: Slot) -> Slot:
    # What `copy.copy` does, without asking the class how: there are a hundred slots, and two copies a turn.
    made = slot.__class__.__new__(slot.__class__)
    made.__dict__.update(slot.__dict__)
    return made
