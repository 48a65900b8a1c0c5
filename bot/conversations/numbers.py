"""Numbers of turns: each conversation counts from a random multiple of 2^20, its life.

A conversation that was erased and begun anew has another life, so whoever remembers the erased one takes no later turn for
the next of it, neither when reading nor when appending, and needs no column and no statement to find out.
"""

import secrets

TURNS_BITS = 20
LIFE_BITS = 42
"""Together less than the 63 bits of a BIGINT."""

_TURN = 2**TURNS_BITS - 1


def new_life() -> int:
    """Give the number before the first turn of a conversation that begins."""
    return (1 + secrets.randbelow(2**LIFE_BITS - 1)) << TURNS_BITS


def life(number: int) -> int:
    """Give the number before the first turn, from that of any turn; 0 for a conversation that counts from 1."""
    return number & ~_TURN


def is_begun(number: int) -> bool:
    """Tell whether a number is that of a turn, and not the one before the first."""
    return bool(number & _TURN)
