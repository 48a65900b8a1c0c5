"""The stories of a model as one tree: what has been said and done leads down it, and what comes next stands at the node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.constants import PREVIOUS_ACTION, USER
from rasa.shared.core.domain import State
from rasa.shared.nlu.constants import INTENT

from bot.dialogue.rulebook import Place

Frozen = tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]
"""A state as a dictionary key."""


Named = frozenset[tuple[int, str, Any]]
"""What stories name of slots on the way to a node: at which step, which slot, and what policies see of its value."""


@dataclass
class Story:
    """One story as a sequence of states, each with the action that follows it.

    Attributes:
        place: its name and file.
        states: Rasa's states, from the start of the story.
        wants: the action after each state; None where it is given and not to be predicted.
        named: what must hold of slots at each state besides, where the states leave slots out; else empty.
        beats: state → keys of the rules whose word it takes there.
        took_over: states in whose turn it has taken a rule's word.
    """

    place: Place
    states: list[State]
    wants: list[str | None]
    named: list[dict[str, Any]] = field(default_factory=list)
    beats: dict[int, set[str]] = field(default_factory=dict)
    took_over: set[int] = field(default_factory=set)

    def named_until(self, index: int) -> Named:
        """Give all that it names of slots up to a state."""
        steps = enumerate(self.named[: index + 1])
        return frozenset((step, name, value) for step, names in steps for name, value in names.items())


@dataclass
class Word:
    """What stories say at a node when all holds that they name of slots on the way.

    Attributes:
        wants: the next action.
        depth: how many states lead there.
        named: what must have held.
        places: the stories that say it.
        beats: keys of the rules they take the word from.
        took_over: one of them has taken a rule's word since the last message.
    """

    wants: str
    depth: int
    named: Named = frozenset()
    places: list[Place] = field(default_factory=list)
    beats: set[str] = field(default_factory=set)
    took_over: bool = False

    def goes_with(self, other: Word) -> bool:
        """Tell whether both may hold at once."""
        theirs = {(step, name): value for step, name, value in other.named}
        return all(theirs.get((step, name), value) == value for step, name, value in self.named)


class Node:
    """What the stories say after one sequence of states.

    Attributes:
        depth: how many states lead here.
        words: what is said here, that which names more of slots first.
        children: what may follow.
    """

    __slots__ = ("children", "depth", "words")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.words: list[Word] = []
        self.children: dict[Frozen, Node] = {}

    def word(self, wants: str, named: Named) -> Word:
        """Give what says this here; made where there is none yet."""
        word = next((word for word in self.words if (word.wants, word.named) == (wants, named)), None)
        if word is None:
            word = Word(wants, self.depth, named)
            self.words = sorted([*self.words, word], key=lambda word: -len(word.named))
        return word


class StoryBook:
    """All stories.

    Args:
        stories: in any order; where two want different things after the same states, the first one's stands.
    """

    def __init__(self, stories: list[Story]) -> None:
        self.root = Node(0)
        self.longest = 0
        self.first_actions: set[str] = set()
        """What a story begins with; nearly always `action_listen`."""
        self.first_intents: set[str | None] = set()
        """The intents at the first step of a story."""
        self.beaten: set[str] = set()
        """Keys of the rules that lose their word to a story somewhere."""
        for story in stories:
            self._add(story)

    def _add(self, story: Story) -> None:
        for index, node in enumerate(self.path(story.states, grow=True)):
            if index == 1:
                state = story.states[1]
                self.first_actions.update(str(name) for name in state.get(PREVIOUS_ACTION, {}).values())
                self.first_intents.add(state.get(USER, {}).get(INTENT))
            wants = story.wants[index]
            if wants is None:
                continue
            word = node.word(wants, story.named_until(index))
            if story.place not in word.places:
                word.places.append(story.place)
            word.beats |= story.beats.get(index, set())
            word.took_over |= index in story.took_over
            self.beaten |= word.beats
            self.longest = max(self.longest, node.depth)

    def path(self, states: list[State], grow: bool = False) -> Iterator[Node]:
        """Go down the tree.

        Args:
            states: where to go.
            grow: make what is not there.

        Yields:
            The node after each state, as far as the tree goes.
        """
        node = self.root
        for state in states:
            key = freeze(state)
            if key not in node.children:
                if not grow:
                    return
                node.children[key] = Node(node.depth + 1)
            node = node.children[key]
            yield node

    def nodes(self) -> Iterator[Node]:
        """Give every node, those nearer to the beginning first."""
        waiting = [self.root]
        for node in waiting:
            yield node
            waiting += node.children.values()


def freeze(state: State) -> Frozen:
    """Make a state a dictionary key; lists, as JSON has them, and tuples are the same."""
    return tuple(
        sorted(
            (
                kind,
                tuple(
                    sorted((name, tuple(value) if isinstance(value, list) else value) for name, value in items.items())
                ),
            )
            for kind, items in state.items()
        )
    )
