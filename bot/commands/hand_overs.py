"""`python -m bot hand-overs`: residents who wait for a human; who takes one, and closes it."""

from bot.runtime.desk import at_the_desk

command = at_the_desk("hand-overs", "List residents who wait for a human; take one, close one.")
