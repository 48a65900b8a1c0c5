"""Stores an evaluation: JSON for programs, and one HTML page that needs nothing beside it."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.evaluation.evaluation import Evaluation
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
    for name, evaluation in evaluations.items():
        store_json(folder / f"{name}.json", {"about": dict(about), **asdict(evaluation)})
    page = folder / "report.html"
    page.write_text(render(evaluations, about), encoding="utf-8")
    return page


def store_json(path: Path, content: object) -> None:
    """Write JSON that a person can read too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def render(evaluations: Mapping[str, Evaluation], about: Mapping[str, str]) -> str:
    """Render the page.

    Args:
        evaluations: name → figures.
        about: what was measured.
    """
    environment = Environment(
        loader=PackageLoader("bot.evaluation", "templates"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("report.html").render(evaluations=evaluations, about=about, summary=summary)
