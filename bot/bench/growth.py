"""Whether a turn costs more the longer its conversation is: a late turn against an early one.

One turn says little, and its sentence matters. So a turn stands for the ten about it, in which each sentence is said once;
the first turn of all, which begins the session, is in none of them.
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bot.bench.client import Conversation
from bot.bench.house import House
from bot.bench.residents import SENTENCES, conversations, talk
from bot.bench.rows import Values

EARLY = 5
STOCK_LATE, LATE = 115, 400
"""Stock Rasa is measured up to the first only: there it takes so long already that the second would take minutes."""

CONVERSATIONS = 3


def measure(house: House, folder: Path, latest: int = LATE) -> Values:
    """Start a house and hold long conversations, one at a time.

    Args:
        house: starts the assistant.
        folder: for databases and logs.
        latest: the latest turn that is looked at.
    """
    length = latest + len(SENTENCES)
    said = [SENTENCES[number % len(SENTENCES)] for number in range(length)]
    with house(folder) as running:
        talk(running.url, conversations("warm", 2))
        taken = talk(running.url, [Conversation(f"long-{number}", said) for number in range(CONVERSATIONS)])
    return {f"growth_{late}": growth(taken.turns, late) for late in (STOCK_LATE, LATE) if late <= latest}


def growth(conversations: Sequence[Sequence[float]], late: int, early: int = EARLY) -> float:
    """Give how many times as long a late turn takes as an early one.

    Args:
        conversations: seconds of each turn.
        late, early: turns, counted from 1.
    """
    return around(conversations, late) / around(conversations, early)


def around(conversations: Sequence[Sequence[float]], turn: int) -> float:
    """Give what the turns about one take, in seconds: of each sentence the median over the conversations, summed.

    Args:
        conversations: seconds of each turn.
        turn: counted from 1; from 3 before it to 6 after it.
    """
    first = turn - 4
    by_sentence: dict[int, list[float]] = {}
    for taken in conversations:
        for number in range(first, first + len(SENTENCES)):
            by_sentence.setdefault(number % len(SENTENCES), []).append(taken[number])
    return sum(median(values) for values in by_sentence.values())
