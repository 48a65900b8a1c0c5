"""`python -m actions.desk orders | hand-overs | ledger`: the desk's commands."""

import click

from actions.desk import hand_overs, ledger, orders


@click.group(help="What waits for people, and what they do about it.")
def desk() -> None:
    """A group of commands."""


desk.add_command(orders.command, "orders")
desk.add_command(hand_overs.command, "hand-overs")
desk.add_command(ledger.command, "ledger")

if __name__ == "__main__":
    desk(prog_name="python -m bot")
