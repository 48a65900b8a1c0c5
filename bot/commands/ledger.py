"""`python -m bot ledger`: what is done with the ledger as a whole."""

from bot.runtime.desk import at_the_desk

command = at_the_desk("ledger", "Change the key of the ledger.")
