"""The commands for those who see to money and to residents who wait: what they list, and what they let happen."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.fernet import Fernet

from actions.desk import ledger as desk_of_the_ledger
from actions.desk.__main__ import desk
from actions.desk.orders import ADVICE, DIFFERENCES
from actions.ledger import Difference, Ledger, OrderMovedOn, OrderState, RefundState, Stuck, refund_numbers
from actions.settings import Settings
from serving.names import NAMES, derived_key, name_of
from tests.actions.ledger.orders import order_in, payment_in

KEY = Fernet.generate_key().decode()


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("BIANMIN_LEDGER_KEY", KEY)
    monkeypatch.setattr(desk_of_the_ledger, "ROOT", tmp_path)
    ledger = Ledger(url, KEY)
    ledger.upgrade()
    return ledger


def run(*arguments: str, say: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(desk, list(arguments), input=say)
    return result.exit_code, result.output


def test_every_reason_has_its_advice() -> None:
    assert set(ADVICE) == {why.value for why in Stuck}
    assert set(DIFFERENCES) == {kind.value for kind in Difference}


def test_nothing_stuck(ledger: Ledger) -> None:
    order_in(ledger, OrderState.SETTLED)
    assert run("orders") == (0, "没有卡住的订单。\n")


def test_a_failed_refund_is_listed_and_asked_for_anew(ledger: Ledger) -> None:
    order = ledger.move_refund(order_in(ledger, OrderState.REFUNDING, "TAAAA"), RefundState.FAILED)
    code, shown = run("orders")
    assert code == 1
    assert "TAAAA" in shown.replace("\n", "")
    assert order.account not in shown
    code, shown = run("orders", "retry", "TAAAA")
    assert code == 0, shown
    again = ledger.order("TAAAA")
    assert (again.refund_state, again.refund_number) == (RefundState.REQUESTED, "TAAAAR2")
    assert run("orders", "retry", "TAAAA")[0] == 1


def test_a_number_is_never_cut_off_in_a_narrow_terminal(ledger: Ledger) -> None:
    number = "T" + "ABCDE" * 5
    ledger.move_refund(order_in(ledger, OrderState.REFUNDING, number), RefundState.FAILED)
    columns = [line.split("│") for line in run("orders")[1].splitlines() if line.startswith("│")]
    assert "".join(cells[1].strip() for cells in columns) == number


def test_a_part_of_a_payment_is_listed_with_the_number_that_the_provider_knows(ledger: Ledger) -> None:
    order = ledger.move(payment_in(ledger, OrderState.PAID).orders[1], OrderState.REFUNDING, "test")
    ledger.move_refund(order, RefundState.FAILED)
    columns = [line.split("│") for line in run("orders")[1].splitlines() if line.startswith("│")]
    assert "".join(cells[1].strip() for cells in columns).replace(" ", "") == "TB合付TP"
    # Which part is meant is never guessed where money is noted as given back.
    assert run("orders", "refunded", "TP", say="y\n")[0] == 1
    assert run("orders", "refunded", "TB", say="y\n")[0] == 0
    assert [one.state.value for one in ledger.payment("TP").orders] == ["paid", "refunded", "paid"]


def test_of_two_with_one_number_the_whole_is_asked_for(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = iter(f"12345678-{rest}" for rest in ("a", "b"))
    monkeypatch.setattr("actions.ledger.hand_overs.uuid.uuid4", lambda: next(ids))
    for _ in range(2):
        ledger.open_hand_over("conversation-a", "330100", {"said": "x"})
    code, shown = run("hand-overs", "take", "12345678", "--by", "王芳")
    assert (code, "12345678-a" in shown, "12345678-b" in shown) == (1, True, True)
    assert run("hand-overs", "take", "12345678-b", "--by", "王芳")[0] == 0


def test_money_given_back_by_hand_needs_a_yes(ledger: Ledger) -> None:
    ledger.move_refund(order_in(ledger, OrderState.MISPAID), RefundState.ABNORMAL)
    assert run("orders", "refunded", "TA", say="n\n")[0] == 1
    assert ledger.order("TA").state is OrderState.MISPAID
    assert run("orders", "refunded", "TA", say="y\n")[0] == 0
    assert ledger.order("TA").state is OrderState.REFUNDED


@pytest.mark.parametrize("order", ["retry", "refunded", "close"])
def test_a_trade_that_is_none(ledger: Ledger, order: str) -> None:
    code, shown = run("orders", order, "TX", say="y\n")
    assert code == 1
    assert "没有这个交易号" in shown


@pytest.mark.parametrize(("number", "following"), [("TR", "TR2"), ("TR2", "TR3"), ("TRRR9", "TRRR10")])
def test_the_number_after(number: str, following: str) -> None:
    assert refund_numbers.following(number) == following


def test_a_hand_over_is_listed_taken_and_closed(ledger: Ledger) -> None:
    one = ledger.open_hand_over("conversation-a", "330100", {"said": "我要找人"})
    code, shown = run("hand-overs")
    assert (code, "我要找人" in shown, one.number in shown) == (1, False, True)
    code, shown = run("hand-overs", "take", one.number, "--by", "王芳")
    assert (code, "我要找人" in shown) == (0, True)
    # Where the logs speak of it.
    assert name_of("conversation-a", derived_key(Settings.from_env().token, NAMES)) in shown
    assert run("hand-overs", "take", one.hand_over_id, "--by", "李明")[0] == 1
    assert run("hand-overs")[0] == 0
    assert run("hand-overs", "close", one.hand_over_id, "--by", "王芳")[0] == 0
    assert run("hand-overs")[1] == "没有等人工的居民。\n"


def test_the_key_is_changed_and_kept(ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    order = order_in(ledger, OrderState.PAID)
    code, shown = run("ledger", "rotate-key", say="y\n")
    assert code == 0, shown
    kept = tmp_path / "var" / "ledger.key.new"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.read_text() not in shown
    other = Ledger(str(ledger.engine.url), kept.read_text())
    other.upgrade()
    assert other.order("TA") == order
    assert run("orders")[0] == 1
    assert "不是写这本账的密钥" in run("orders")[1]


def test_an_order_that_moved_on_meanwhile_is_said_so(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    order = ledger.move_refund(order_in(ledger, OrderState.REFUNDING), RefundState.FAILED)

    def faster(*_: object, **__: object) -> None:
        raise OrderMovedOn(order)

    monkeypatch.setattr(Ledger, "move_refund", faster)
    for command, say in (("retry", ""), ("refunded", "y\n")):
        code, shown = run("orders", command, "TA", say=say)
        assert (code, "刚刚变了" in shown) == (1, True)


def test_a_change_that_was_cut_off_loses_no_key_and_is_finished(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    order = order_in(ledger, OrderState.PAID)
    var = tmp_path / "var"
    var.mkdir()
    (var / "ledger.key").write_text(KEY)
    monkeypatch.delenv("BIANMIN_LEDGER_KEY")
    monkeypatch.setattr("actions.settings.ROOT", tmp_path)
    monkeypatch.setattr(desk_of_the_ledger.Settings, "from_env", lambda: settings_of(ledger, var))

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as once:
        once.setattr(Path, "replace", cut_off)
        assert run("ledger", "rotate-key", say="y\n")[0] == 1
    new = (var / "ledger.key.new").read_text()
    assert (var / "ledger.key").read_text() == KEY != new
    assert run("ledger", "rotate-key", "--new-key", Fernet.generate_key().decode(), say="y\n")[0] == 1
    code, shown = run("ledger", "rotate-key", say="y\n")
    assert code == 0, shown
    assert ((var / "ledger.key").read_text(), (var / "ledger.key.old").read_text()) == (new, KEY)
    other = Ledger(str(ledger.engine.url), new)
    other.upgrade()
    assert other.order("TA") == order


def settings_of(ledger: Ledger, var: Path) -> Settings:
    return Settings(database_url=str(ledger.engine.url), ledger_key=(var / "ledger.key").read_text())


def test_a_key_that_is_none_changes_nothing(ledger: Ledger) -> None:
    order = order_in(ledger, OrderState.PAID)
    assert run("ledger", "rotate-key", "--new-key", "短", say="y\n")[0] == 1
    assert ledger.order("TA") == order
