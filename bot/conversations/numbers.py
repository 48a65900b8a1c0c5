"""Numbers of turns: each conversation counts from a random multiple of 2^20, its life.

A conversation that was erased and begun anew has another life, so whoever remembers the erased one takes no later turn for
the next of it, neither when reading nor when appending, and needs no column and no statement to find out.
"""

import secrets

TURNS = 1 << 20
LIVES = 1 << 42
"""Their product stays below the 63 bits of a BIGINT."""


def new_life() -> int:
    """Give the number before the first turn of a conversation that begins."""
    return (1 + secrets.randbelow(LIVES - 1)) * TURNS


def life(number: int) -> int:
    """Give the number before the first turn, from that of any turn; 0 for a conversation that counts from 1."""
    return number - number % TURNS


def is_begun(number: int) -> bool:
    """Tell whether a number is that of a turn, and not the one before the first."""
    return number % TURNS != 0
