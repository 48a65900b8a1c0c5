"""The rows of the result: what is measured, in which unit, and what is wanted of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

QUIET_LOAD = 0.3
"""The load average of the last minute up to which a machine counts as quiet."""


@dataclass(frozen=True)
class Row:
    """One row.

    Args:
        key: what the measuring modules call it.
        kind: which of them fills it, as `--only` names it.
        name: what stands in the table.
        unit: of its values.
        wanted: the bound; None where nothing is wanted.
        quiet: the bound on a quiet machine, where it is another.
        times_stock: so many times better than stock Rasa in the same run is as good as the bound.
        more_is_better: the bound is the least, not the most.
    """

    key: str
    kind: str
    name: str
    unit: str
    wanted: float | None = None
    quiet: float | None = None
    times_stock: float | None = None
    more_is_better: bool = False

    @property
    def target(self) -> str:
        """What is wanted, in words."""
        if self.wanted is None:
            return ""
        sign = "≥" if self.more_is_better else "≤"
        parts = [f"{sign} {self.wanted:g} {self.unit}"]
        if self.times_stock is not None:
            parts.append(f"or {self.times_stock:g}x stock")
        if self.quiet is not None:
            parts.append(f"({sign} {self.quiet:g} quiet)")
        return " ".join(parts)


ROWS = (
    Row("turns_a_second", "turns", "turns a second, 8 clients", "1/s", 118, times_stock=10, more_is_better=True),
    Row("turn_p50", "turns", "turn, 1 client, p50", "ms", 9, quiet=5, times_stock=10),
    Row("turn_p95", "turns", "turn, 1 client, p95", "ms"),
    Row("growth_115", "growth", "turn 115 against turn 5", "x", 1.2),
    Row("growth_400", "growth", "turn 400 against turn 5", "x", 1.2),
    Row("start", "memory", "start to ready", "s", 4),
    Row("resident", "memory", "assistant's memory, ready", "MB", 250),
    Row("resident_many", "memory", "after 1,000 conversations of 10 turns", "MB", 250),
    Row("resident_long", "memory", "after one conversation of 1,000 turns", "MB", 250),
    Row("train_whole", "training", "whole training, command, CPU", "s", 15),
    Row("train_response", "training", "after a changed response, command, CPU", "s", 7),
    Row("train_example", "training", "after a changed example, command, CPU", "s", 7),
    Row("train_story", "training", "after a changed story, command, CPU", "s", 7),
    Row("warm_response", "training", "after a changed response, warm, CPU", "s", 3),
    Row("warm_example", "training", "after a changed example, warm, CPU", "s", 3),
    Row("warm_story", "training", "after a changed story, warm, CPU", "s", 3),
    Row("check_command", "check", "check, command, CPU", "s", 6),
    Row("check_warm", "check", "check after an edit, warm, CPU", "s", 2),
)

KINDS = tuple(dict.fromkeys(row.kind for row in ROWS))

Values = dict[str, float]
"""What one run gives: a value by each row's key."""


@dataclass(frozen=True)
class Figure:
    """A row with what was measured.

    Args:
        row: which.
        ours: a value a run.
        stock: the same of stock Rasa; empty where it was not measured.
    """

    row: Row
    ours: tuple[float, ...]
    stock: tuple[float, ...] = ()

    @property
    def value(self) -> float:
        """The median over the runs."""
        return median(self.ours)

    @property
    def stock_value(self) -> float | None:
        """Stock Rasa's median."""
        return median(self.stock) if self.stock else None

    @property
    def times_better(self) -> float | None:
        """How many times better than stock Rasa: the median over the runs of each run's own ratio."""
        if not self.stock:
            return None
        pairs = zip(self.ours, self.stock, strict=True)
        return median(ours / stock if self.row.more_is_better else stock / ours for ours, stock in pairs)

    def is_met(self, quiet: bool) -> bool | None:
        """Tell whether what is wanted was reached; None where nothing is.

        Args:
            quiet: the machine had nothing else to do.
        """
        row = self.row
        if row.wanted is None:
            return None
        bound = row.quiet if quiet and row.quiet is not None else row.wanted
        within = self.value >= bound if row.more_is_better else self.value <= bound
        better = self.times_better
        return within or (row.times_stock is not None and better is not None and better >= row.times_stock)


def figures(ours: Sequence[Values], stock: Sequence[Values]) -> list[Figure]:
    """Put the runs' values together by row; rows that were not measured are left out.

    Args:
        ours: a run each.
        stock: the same of stock Rasa, run by run; empty where it did not run.
    """
    found = []
    for row in ROWS:
        values = tuple(run[row.key] for run in ours if row.key in run)
        beside = tuple(run[row.key] for run in stock if row.key in run)
        if values:
            found.append(Figure(row, values, beside))
    return found
