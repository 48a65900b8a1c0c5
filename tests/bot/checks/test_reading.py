"""What the checks read: lines of YAML, and names in Python."""

from pathlib import Path

import pytest

from bot.checks.reading.code import read_code
from bot.checks.reading.kept import GENERATIONS, Kept
from bot.checks.reading.located import read_located


def test_each_item_of_a_yaml_file_has_its_line() -> None:
    located = read_located(b"a:\n  - b: 1\n    c: {d: 2}\n  - e\nf: |\n  g\n", "a.yml")
    lines = {where: located.line(*where) for where in [("a",), ("a", 0), ("a", 0, "c", "d"), ("a", 1), ("f",)]}
    assert list(lines.values()) == [1, 2, 3, 4, 5]
    assert located.line("a", 0, "nothing") == 2
    assert located.repeated == []


def test_what_is_kept_is_made_once_and_forgotten_when_nobody_asks() -> None:
    kept, made = Kept(), []

    def make() -> int:
        made.append(1)
        return len(made)

    assert [kept.of("a", make), kept.of("a", make)] == [1, 1]
    for _ in range(GENERATIONS):
        kept.forget()
        assert kept.of("a", make) == 1
    for _ in range(GENERATIONS + 1):
        kept.forget()
    assert kept.of("a", make) == 2


def test_a_name_written_twice_is_noticed() -> None:
    assert read_located(b"a:\n  b: 1\n  b: 2\n", "a.yml").repeated == [("b", 3, 2)]


@pytest.mark.parametrize(
    "source",
    [
        'class X(Task, intent="pay"): ...',
        'class X(Task):\n    intent = "pay"',
        'class X(Task):\n    intent: ClassVar[str] = "pay"',
    ],
)
def test_the_task_of_a_class_is_seen(tmp_path: Path, source: str) -> None:
    (tmp_path / "a.py").write_text(source, encoding="utf-8")
    assert read_code(tmp_path, tmp_path).intents == {"pay": {"a.py"}}


def test_what_is_spoken_filled_and_settled_is_seen(tmp_path: Path) -> None:
    source = """
@settles("fine")
async def settle(order): ...

@payments.settles("bill")
def other(order): ...

def say(turn, slot):
    turn.say("utter_paid", amount=1)
    turn.say(f"utter_unclear_{slot}", **{"payee": 2})

class Greet(Action):
    def name(self):
        return "action_greet"
"""
    (tmp_path / "a.py").write_text(source, encoding="utf-8")
    (tmp_path / "b.py").write_text("def (", encoding="utf-8")
    code = read_code(tmp_path, tmp_path)
    assert set(code.settlers) == {"fine", "bill"}
    assert "utter_paid" in code.strings
    assert code.openings == {"utter_unclear_"}
    assert code.filled == {"amount", "payee"}
    assert set(code.actions) == {"action_greet"}
    assert code.broken == [("b.py", 1)]
