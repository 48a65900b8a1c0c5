"""How the actions talk: a turn, a task, leaving and resuming, courtesies, and the checkout that all payments share."""
