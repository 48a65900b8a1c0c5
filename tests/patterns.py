"""All regular expressions of the house, and the texts that would make a careless one run for hours."""

from __future__ import annotations

import functools
import gc
import importlib
import itertools
import pkgutil
import random
import re
import sre_constants
import sre_parse
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

LENGTH = 1000
"""Characters of a message that are read."""

BOUND = 0.020
"""Seconds of CPU that any pattern may take for such a message."""

SHORTER = [int(16 * 1.25**step) for step in range(18)]
"""Lengths that are tried before."""

TAILS = ("\x01", "。x", "9")
"""What fits nowhere, and so makes a pattern try all other ways."""

MOST_UNITS, MOST_PAIRS, MOST_ATTACKS = 30, 30, 120
_QUIET = 0.005
_RUNS, _HOPELESS = 8, 10


def modules_of(*packages: str) -> Iterator[ModuleType]:
    """Import every module of some packages."""
    for package in packages:
        root = importlib.import_module(package)
        yield root
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def patterns_in(value: Any, seen: dict[int, Any] | None = None) -> Iterator[re.Pattern[str]]:
    """Yield the text patterns in a module or an object: in its attributes, in tuples, lists, sets and mappings within."""
    seen = {} if seen is None else seen
    if id(value) in seen:
        return
    seen[id(value)] = value  # kept, so that no other object gets its id
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif isinstance(value, Mapping):
        for one in [*value.keys(), *value.values()]:
            yield from patterns_in(one, seen)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for one in value:
            yield from patterns_in(one, seen)
    elif isinstance(value, ModuleType):
        for one in list(vars(value).values()):
            if not isinstance(one, ModuleType):
                yield from patterns_in(one, seen)
    elif type(value).__module__.startswith(("bot.", "actions.")):
        yield from patterns_in([getattr(value, name, None) for name in _attributes(value)], seen)


def _attributes(value: Any) -> list[str]:
    return [*getattr(value, "__dict__", ()), *getattr(type(value), "__slots__", ())]


@dataclass(frozen=True)
class Attack:
    """A text that a pattern reads over and over: what leads into one of its repetitions, and what is repeated there."""

    lead: str
    unit: str

    def texts(self, length: int = LENGTH) -> Iterator[str]:
        """As long as a message can be, with tails that fit nowhere."""
        for tail in TAILS:
            room = max(length - len(self.lead) - len(tail), len(self.unit))
            yield self.lead + (self.unit * (room // len(self.unit) + 1))[:room] + tail


def attacks_on(pattern: re.Pattern[str]) -> list[Attack]:
    """Texts made of a pattern's own literals: what each repetition repeats, and pairs of those, after what leads there."""
    chance = random.Random(pattern.pattern)  # noqa: S311 – not for secrets
    tree = sre_parse.parse(pattern.pattern, pattern.flags)
    attacks: list[Attack] = []
    for lead, bodies in [("", _options(tree, MOST_UNITS)), *_repeated(tree, "")]:
        pairs = ["".join(pair) for pair in itertools.permutations(bodies, 2)]
        pairs = pairs if len(pairs) <= MOST_PAIRS else chance.sample(pairs, MOST_PAIRS)
        attacks += [Attack(lead, unit) for unit in dict.fromkeys([*bodies, *pairs]) if unit]
    attacks = list(dict.fromkeys(attacks))
    return attacks if len(attacks) <= MOST_ATTACKS else chance.sample(attacks, MOST_ATTACKS)


def _repeated(tree: Any, lead: str) -> Iterator[tuple[str, list[str]]]:
    """Each repetition in a parsed pattern: an example of what stands before it, and examples of what it repeats."""
    for operator, argument in tree:
        if operator in (sre_constants.MAX_REPEAT, sre_constants.MIN_REPEAT):
            if argument[1] > 1:
                yield lead, _options(argument[2], MOST_UNITS)
            yield from _repeated(argument[2], lead)
        elif operator in (sre_constants.ASSERT, sre_constants.ASSERT_NOT, sre_constants.SUBPATTERN):
            yield from _repeated(argument[-1], lead)
        elif operator is sre_constants.BRANCH:
            for branch in argument[1]:
                yield from _repeated(branch, lead)
        lead += _options([(operator, argument)], 1)[0]


def _options(tree: Any, most: int) -> list[str]:
    """Examples of what a parsed pattern matches, at most so many, with and without what may be left out."""
    found = [""]
    for operator, argument in tree:
        each = list(dict.fromkeys(_examples(operator, argument, most)))[:most] or [""]
        found = [one + other for other in each for one in found][:most]
    return found


def _examples(operator: Any, argument: Any, most: int) -> Iterator[str]:
    if operator is sre_constants.LITERAL:
        yield chr(argument)
    elif operator is sre_constants.IN:
        yield from itertools.islice(_members(argument), min(most, 5))
    elif operator in (sre_constants.MAX_REPEAT, sre_constants.MIN_REPEAT):
        once = _options(argument[2], most)
        yield from (one * max(argument[0], 1) for one in once) if argument[0] else ("", *once)
    elif operator is sre_constants.SUBPATTERN:
        yield from _options(argument[-1], most)
    elif operator is sre_constants.BRANCH:
        for branch in argument[1]:
            yield from _options(branch, max(1, most // 8))
    elif operator in (sre_constants.ANY, sre_constants.NOT_LITERAL):
        yield "水"


def _members(members: list[tuple[Any, Any]]) -> Iterator[str]:
    for operator, argument in members:
        if operator is sre_constants.LITERAL:
            yield chr(argument)
        elif operator is sre_constants.RANGE:
            yield chr(argument[0])
        elif operator is sre_constants.CATEGORY:
            yield {sre_constants.CATEGORY_DIGIT: "1", sre_constants.CATEGORY_SPACE: " "}.get(argument, "水")
        elif operator is sre_constants.NEGATE:
            yield "水"
            return


def slowness() -> float:
    """How many times slower this machine is at the moment than the one that the bound is given for, when that is quiet."""
    counted = min(_spent(lambda: sum(place * place for place in range(100_000))) for _ in range(3))
    return max(1.0, counted / _QUIET)


def _spent(call: Callable[[], object]) -> float:
    """CPU seconds of this thread alone, without the rubbish of other tests that happens to be collected meanwhile."""
    collects = gc.isenabled()
    gc.disable()
    try:
        started = time.thread_time()
        call()
        return time.thread_time() - started
    finally:
        if collects:
            gc.enable()


def seconds(call: Callable[[], object], bound: float = BOUND) -> float:
    """CPU seconds of a call on a quiet machine: one run where it is within the bound, else the least of some.

    The first run may load what is loaded once; only a second one far beyond the bound is not worth another.
    """
    least = _spent(call)
    for _ in range(_RUNS):
        if least < bound:
            break
        least = min(least, _spent(call) / slowness())
        if least > _HOPELESS * bound:
            break
    return least


def slow_use(pattern: re.Pattern[str]) -> str | None:
    """Say on which text a pattern takes longer than it may; None where on none."""
    for attack in attacks_on(pattern):
        # Shorter texts first: on a long one a pattern that is read in too many ways would never end.
        for length in SHORTER:
            if seconds(functools.partial(pattern.search, next(attack.texts(length)))) >= BOUND:
                return f"{attack} × {length}: {pattern.pattern[:60]}"
        for use in (pattern.search, pattern.fullmatch, functools.partial(pattern.sub, "")):
            for text in attack.texts():
                spent = seconds(functools.partial(use, text))
                if spent >= BOUND:
                    return f"{attack}: {spent * 1000:.0f} ms: {pattern.pattern[:60]}"
    return None
