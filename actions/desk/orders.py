"""`python -m bot orders`: payment orders that are stuck, since when, why, and what to do; and the few things to be done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import click
from rich.console import Console
from rich.table import Column, Table

from actions.city import CityError
from actions.desk.opened import opened_ledger, when
from actions.ledger import Ledger, Order, RefundState, Statements, StuckOrder, UnknownTrade, WorkList
from actions.ledger.refund_numbers import following
from actions.payments import PaymentService
from actions.server import start_services
from actions.services import load_handlers
from actions.settings import Settings

ADVICE = {
    "not_opened": (
        "收银台没有开出交易",
        "不用处理：居民没有拿到链接，钱没有动；对账会关掉它。一直不关，看支付机构是否可用",
    ),
    "not_answered_for": (
        "链接过期了，支付机构没有答复付没付",
        "在支付机构后台按交易号查：付了的，等接口恢复会自动入账；没付的 orders close",
    ),
    "not_settled": (
        "钱已付，城市没有给收据",
        "联系收费单位查这个交易号；他们恢复后会自动入账。确认不能入账的，转人工退款",
    ),
    "refund_not_accepted": ("退款申请没有被受理", "看最后答复：余额不足先充值，会自动再申请；其他联系支付机构"),
    "refund_slow": ("退款受理后三天没有完成", "在支付机构后台按退款号查进度"),
    "refund_failed": ("退款失败", "查明原因后 orders retry 重新申请；已另行退给居民的 orders refunded"),
    "refund_abnormal": ("退款异常（如银行卡已注销）", "在支付机构后台改退到别的账户，完成后 orders refunded"),
    "still_watched": ("订单关了，支付机构没有答复有没有人付过", "在支付机构后台按交易号查：付了的会自动退款"),
    "unreadable": ("这一行用别的密钥写成，读不出来", "找回当时的 BIANMIN_LEDGER_KEY；别的订单不受影响"),
}
"""For each reason why, and what a person does about it."""


DIFFERENCES = {
    "unknown_trade": (
        "支付机构收了钱，账里没有这笔",
        "查清是哪个系统的交易；确属居民误付的，在支付机构后台退款，再 orders resolved",
    ),
    "paid_only_there": ("对账单上已付，账里没付，问支付机构也说没付", "请支付机构核对，再 orders resolved"),
    "paid_only_here": ("账里已付，当天对账单上没有", "请支付机构核对；钱确实没到的，通知收费单位，再 orders resolved"),
    "amount_differs": ("两边金额不一样", "按支付机构的凭证核对，多退少补，再 orders resolved"),
    "unknown_refund": ("对账单上有一笔退款，不是这里申请的", "查是谁在支付机构后台退的，再 orders resolved"),
    "refunded_only_here": ("账里已退款，支付机构不认", "请支付机构核对，没退成的在后台补退，再 orders resolved"),
}
"""For each difference between a statement and the ledger what it is, and what a person does about it."""


@click.group(invoke_without_command=True, help="List orders that are stuck, and what to do about each.")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Without a subcommand, print the list; 1 where something is on it."""
    if ctx.invoked_subcommand is None:
        ctx.exit(show(Console()))


def show(console: Console) -> int:
    """Print every stuck order, the longest first.

    Args:
        console: where to.

    Returns:
        1 where there is one, else 0.
    """
    with opened_ledger() as ledger:
        stuck, differences = WorkList(ledger).orders(), Statements(ledger).open()
    if not stuck and not differences:
        console.print("没有卡住的订单。")
        return 0
    if stuck:
        _show_stuck(console, stuck)
    if differences:
        table = _table("编号", "对账日", "交易号", "退款号", "金额", "差在哪里", "怎么办")
        for one in differences:
            why, advice = DIFFERENCES[one.kind.value]
            amount = f"{one.amount:.2f}"
            table.add_row(str(one.id), one.day.isoformat(), one.trade_number, one.refund_number, amount, why, advice)
        console.print(table)
    return 1


def _table(*columns: str) -> Table:
    # Folded, not cut off: numbers are typed or copied from here.
    return Table(*(Column(name, overflow="fold") for name in columns), show_lines=True)


def _show_stuck(console: Console, stuck: list[StuckOrder]) -> None:
    table = _table("交易号", "城市", "种类", "金额", "从何时", "为什么", "怎么办")
    for order in stuck:
        why, advice = ADVICE[order.why.value]
        said = f"{why}（最后答复 {order.code}）" if order.code else why
        amount = f"{order.amount:.2f}"
        number = order.trade_number
        if order.payment_number != number:
            number = f"{number} 合付 {order.payment_number}"
        table.add_row(number, order.city_code, order.kind, amount, when(order.since), said, advice)
    console.print(table)


@command.command(help="Ask for a failed refund anew, under a new number.")
@click.argument("trade_number")
def retry(trade_number: str) -> None:
    """The running action server asks for it with its next pass."""
    with opened_ledger() as ledger:
        order = _order(ledger, trade_number)
        if order.refund_state is not RefundState.FAILED:
            raise click.ClickException(f"只有失败的退款可以重新申请，这笔是：{_refund_words(order)}")
        again = ledger.move_refund(order, RefundState.REQUESTED, refund_number=following(order.refund_number or ""))
        click.echo(f"已重新申请退款，退款号 {again.refund_number}。")


@command.command(help="Note that the resident has the money back, by another way than ours.")
@click.argument("trade_number")
@click.confirmation_option(prompt="居民确实已经收到退款了吗？记下以后不会再退")
def refunded(trade_number: str) -> None:
    """A failed or abnormal refund is done."""
    with opened_ledger() as ledger:
        order = _order(ledger, trade_number)
        if order.refund_state not in (RefundState.FAILED, RefundState.ABNORMAL):
            raise click.ClickException(f"只有失败或异常的退款要这样记，这笔是：{_refund_words(order)}")
        ledger.move_refund(order, RefundState.DONE)
        click.echo("已记为退款完成。")


@command.command(help="Note that a difference with a statement has been seen to.")
@click.argument("number", type=int)
def resolved(number: int) -> None:
    """It is on the list no longer."""
    with opened_ledger() as ledger:
        if not Statements(ledger).resolve(number):
            raise click.ClickException("列表里没有这个编号。")
        click.echo("已记为处理完。")


@command.command(
    help="Close an unpaid order, and all that are paid with it, at the provider and here, for all who asked."
)
@click.argument("trade_number")
def close(trade_number: str) -> None:
    """One that was paid meanwhile is settled instead. A payment of several is closed by its own number as well."""

    async def give_up(payments: PaymentService, ledger: Ledger) -> Order:
        try:
            payment = ledger.payment(trade_number.strip())
        except UnknownTrade:
            payment = ledger.payment(_order(ledger, trade_number).payment_number)
        return (await payments.give_up_payment(payment.number, payment.conversation_id)).first

    try:
        after = asyncio.run(_with_payments(give_up))
    except CityError as error:
        raise click.ClickException(f"支付机构没有确认（{error.code}），订单没有关。稍后再试") from error
    words = {"closed": "已关闭。", "settled": "其实已经付了，已入账。"}
    click.echo(words.get(after.state.value, f"没有关：这笔现在的状态是 {after.state.value}。"))


async def _with_payments(work: Callable[[PaymentService, Ledger], Awaitable[Order]]) -> Order:
    load_handlers()
    services, provider = await start_services(Settings.from_env())
    try:
        return await work(services.payments, services.ledger)
    finally:
        await provider.close()
        await services.cities.close()
        services.ledger.close()


def _order(ledger: Ledger, trade_number: str) -> Order:
    try:
        return ledger.order(trade_number.strip())
    except UnknownTrade:
        raise click.ClickException("没有这个交易号的订单。") from None


def _refund_words(order: Order) -> str:
    words = {"requested": "已申请", "processing": "退款中", "done": "已退款", "failed": "失败", "abnormal": "异常"}
    return words[order.refund_state.value] if order.refund_state else "没有退款"
