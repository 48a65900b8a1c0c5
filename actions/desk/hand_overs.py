"""`python -m bot hand-overs`: residents who wait for a human; a member of the staff takes one, and closes it."""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.table import Table

from actions.desk.opened import opened_ledger, when
from actions.ledger import HandOver
from actions.ledger.hand_overs import NotToBeMoved
from actions.settings import Settings
from serving.names import NAMES, derived_key, name_of

STATES = {"waiting": "等人接", "taken": "有人在办", "closed": "办完了"}


@click.group(invoke_without_command=True, help="List residents who wait for a human; 1 where somebody waits.")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Without a subcommand, print who waits and who is being seen to."""
    if ctx.invoked_subcommand is None:
        ctx.exit(show(Console()))


def show(console: Console) -> int:
    """Print what waits and what has been taken, the latest first. What was said is shown to who takes it.

    Args:
        console: where to.

    Returns:
        1 where somebody waits, else 0.
    """
    with opened_ledger() as ledger:
        open_ones = [one for one in ledger.hand_overs() if one.state != "closed"]
    if not open_ones:
        console.print("没有等人工的居民。")
        return 0
    table = Table("登记号", "城市", "从何时", "状态", "谁在办")
    for one in open_ones:
        since, state = when(one.created_at), STATES[one.state]
        table.add_row(one.number, one.city_code or "", since, state, one.taken_by or "")
    console.print(table)
    return int(any(one.state == "waiting" for one in open_ones))


@command.command(help="Take a hand-over: it is yours, and what was said is shown.")
@click.argument("number")
@click.option("--by", required=True, metavar="NAME", help="Who takes it.")
def take(number: str, by: str) -> None:
    """Of two who take it at once, one does."""
    taken = _move(number, "taken", by)
    click.echo(json.dumps(taken.conversation, ensure_ascii=False, indent=2))
    key = derived_key(Settings.from_env().token, NAMES)
    click.echo(f"日志里这段对话叫 {name_of(taken.conversation_id, key)}", err=True)


@command.command(help="Close a hand-over that has been seen to.")
@click.argument("number")
@click.option("--by", required=True, metavar="NAME", help="Who closes it.")
def close(number: str, by: str) -> None:
    """It is on no list any more."""
    _move(number, "closed", by)
    click.echo("已办结。")


def _move(number: str, target: str, by: str) -> HandOver:
    """Move the hand-over whose number a resident tells, or whose whole id is given."""
    with opened_ledger() as ledger:
        found = [one.hand_over_id for one in ledger.hand_overs() if number.strip() in (one.number, one.hand_over_id)]
        if len(found) > 1:
            raise click.ClickException(f"这个登记号不止一个，请用完整的：{'、'.join(found)}")
        try:
            return ledger.move_hand_over(found[0] if found else "", target, by)
        except NotToBeMoved:
            raise click.ClickException("没有这个登记号，或者别人已经接了、办完了。") from None
