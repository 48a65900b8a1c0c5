"""Stores an evaluation: JSON for programs, a confusion matrix as PNG, and one HTML page that needs nothing beside it."""

import base64
import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.evaluation.evaluation import Confusion, Evaluation
from bot.evaluation.report import summary
from bot.runtime import settings

RESULTS = settings.ROOT / "results" / "nlu"


def store(evaluations: Mapping[str, Evaluation], about: Mapping[str, str], folder: Path = RESULTS) -> Path:
    """Write evaluations into a folder.

    Args:
        evaluations: name (a word, it becomes part of file names) → figures.
        about: what was measured: the model, the machine.
        folder: made where it is not there.

    Returns:
        The page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pictures: dict[str, str] = {}
    for name, evaluation in evaluations.items():
        picture = draw(evaluation.confusion)
        (folder / f"{name}_confusion.png").write_bytes(picture)
        pictures[name] = base64.b64encode(picture).decode("ascii")
        store_json(folder / f"{name}.json", {"about": dict(about), **asdict(evaluation)})
    page = folder / "report.html"
    page.write_text(render(evaluations, about, pictures), encoding="utf-8")
    return page


def store_json(path: Path, content: object) -> None:
    """Write JSON that a person can read too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def render(evaluations: Mapping[str, Evaluation], about: Mapping[str, str], pictures: Mapping[str, str]) -> str:
    """Render the page.

    Args:
        evaluations: name → figures.
        about: what was measured.
        pictures: name → PNG in base64.
    """
    environment = Environment(
        loader=PackageLoader("bot.evaluation", "templates"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("report.html").render(
        evaluations=evaluations, about=about, pictures=pictures, summary=summary
    )


def draw(confusion: Confusion) -> bytes:
    """Draw a confusion matrix as PNG: rows are expected, columns got, colour is the part of the row.

    Nothing but intent names and figures is written in it: they need no Chinese font, which a server may not have.
    """
    size = max(4.0, 0.45 * len(confusion.labels) + 2.5)
    figure = Figure(figsize=(size, size), dpi=110)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    totals = [sum(row) or 1 for row in confusion.counts]
    shares = [[count / total for count in row] for row, total in zip(confusion.counts, totals, strict=True)]
    axes.imshow(shares, cmap="Blues", vmin=0.0, vmax=1.0)
    places = range(len(confusion.labels))
    axes.set_xticks(places)
    axes.set_yticks(places)
    axes.set_xticklabels(confusion.labels, rotation=90)
    axes.set_yticklabels(confusion.labels)
    axes.set_xlabel("got")
    axes.set_ylabel("expected")
    for row in places:
        for column in places:
            if count := confusion.counts[row][column]:
                colour = "white" if shares[row][column] > 0.5 else "black"
                axes.text(column, row, str(count), ha="center", va="center", fontsize=7, color=colour)
    figure.tight_layout()
    content = io.BytesIO()
    figure.savefig(content, format="png")
    return content.getvalue()
