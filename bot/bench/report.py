"""The result as a table in the terminal, as the table of docs/performance.md, and as JSON."""

import json
from collections.abc import Sequence

from rich.table import Table

from bot.bench.machine import Machine
from bot.bench.rows import Figure

MET, MISSED = "✓", "✗"


def number(value: float) -> str:
    """Write a figure as precisely as it is worth: 1.04, 18.3, 118."""
    return f"{value:.2f}" if value < 3 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def lines(figures: Sequence[Figure], quiet: bool) -> list[list[str]]:
    """Give the table's header and rows; the columns for runs and for stock Rasa only where there are such.

    Args:
        figures: what was measured.
        quiet: the machine had nothing else to do.
    """
    several = any(len(figure.ours) > 1 for figure in figures)
    beside = any(figure.stock for figure in figures)
    header = ["measured", "wanted", "median" if several else "figure", ""]
    header += ["runs"] * several + ["stock Rasa", "times better"] * beside
    table = [header]
    for figure in figures:
        unit, met = figure.row.unit, figure.is_met(quiet)
        line = [figure.row.name, figure.row.target, f"{number(figure.value)} {unit}"]
        line.append("" if met is None else MET if met else MISSED)
        if several:
            line.append(" · ".join(map(number, figure.ours)))
        if beside:
            stock, times = figure.stock_value, figure.times_better
            line += ["", ""] if stock is None or times is None else [f"{number(stock)} {unit}", number(times)]
        table.append(line)
    return table


def as_table(figures: Sequence[Figure], quiet: bool) -> Table:
    """Lay it out for the terminal."""
    header, *rows = lines(figures, quiet)
    table = Table(*header)
    for row in rows:
        table.add_row(*row)
    return table


def as_markdown(figures: Sequence[Figure], machine: Machine, command: str) -> str:
    """Write what docs/performance.md has under “Result”: the table, and under it command, machine, date and load.

    Args:
        figures: what was measured.
        machine: where.
        command: how to do it again.
    """
    header, *rows = lines(figures, machine.is_quiet)
    table = [header, ["---"] * len(header), *rows]
    written = ["| " + " | ".join(row) + " |" for row in table]
    return "\n".join([*written, "", f"`{command}` on {machine}."])


def as_json(figures: Sequence[Figure], machine: Machine) -> str:
    """Write all of it for a program: every run's value, the median, what is wanted, whether it was reached."""
    rows = [
        {
            "key": figure.row.key,
            "name": figure.row.name,
            "unit": figure.row.unit,
            "wanted": figure.row.target,
            "runs": figure.ours,
            "median": figure.value,
            "met": figure.is_met(machine.is_quiet),
            "stock_runs": figure.stock,
            "stock_median": figure.stock_value,
            "times_better": figure.times_better,
        }
        for figure in figures
    ]
    return json.dumps({"machine": machine.as_dict(), "rows": rows}, ensure_ascii=False, indent=1)
