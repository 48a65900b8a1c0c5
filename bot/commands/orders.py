"""`python -m bot orders`: payment orders that are stuck, since when and why, and what to do."""

from bot.runtime.desk import at_the_desk

command = at_the_desk("orders", "List orders that are stuck, and what to do about each.")
