"""Lays an evaluation out as tables for the terminal."""

from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.evaluation.evaluation import Evaluation, Mistake
from bot.evaluation.metrics import Score
from bot.evaluation.utterances import Pair


def show(console: Console, title: str, evaluation: Evaluation, errors: bool = False) -> None:
    """Print an evaluation.

    Args:
        console: where to.
        title: what was evaluated.
        evaluation: the figures.
        errors: also every utterance that was understood wrongly.
    """
    console.print(summary_table(title, evaluation))
    console.print(_score_table("意图 / intent", evaluation.intents.by_intent, None))
    if evaluation.entities is not None:
        console.print(_score_table("实体 / entity", evaluation.entities.by_entity, evaluation.entities.micro))
    console.print(calibration_table(evaluation))
    if errors:
        console.print(mistakes_table(evaluation.mistakes))


def summary_table(title: str, evaluation: Evaluation) -> Table:
    """Lay out the figures that count."""
    table = Table("", "", title=f"{title}: {evaluation.utterances} 句 / utterances", show_header=False)
    for name, value in summary(evaluation):
        table.add_row(name, value)
    return table


def summary(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """Yield what the summary says, as (name, figure)."""
    yield "意图准确率 / intent accuracy", f"{evaluation.intents.accuracy:.4f}"
    yield "意图宏平均 F1 / intent macro F1", f"{evaluation.intents.macro_f1:.4f}"
    if evaluation.entities is not None:
        micro = evaluation.entities.micro
        yield "实体精确率 / entity precision", f"{micro.precision:.4f}"
        yield "实体召回率 / entity recall", f"{micro.recall:.4f}"
        yield "实体 F1 / entity F1", f"{micro.f1:.4f}"
    starts = evaluation.false_starts
    yield "误启动 / false starts on out-of-scope", f"{starts.count} / {starts.total} = {starts.rate:.4f}"
    yield "校准误差 / expected calibration error", f"{evaluation.calibration.error:.4f}"
    if evaluation.parse_time is not None:
        times = evaluation.parse_time
        yield "解析时间 / parse time p50, p95", f"{times.p50:.2f} ms, {times.p95:.2f} ms"


def _score_table(name: str, scores: dict[str, Score], total: Score | None) -> Table:
    table = Table(name, "precision", "recall", "F1", "n")
    for label, score in scores.items():
        table.add_row(label, *_figures(score))
    if total is not None:
        table.add_section()
        table.add_row("合计 / micro", *_figures(total))
    return table


def _figures(score: Score) -> tuple[str, str, str, str]:
    return f"{score.precision:.3f}", f"{score.recall:.3f}", f"{score.f1:.3f}", str(score.support)


def calibration_table(evaluation: Evaluation) -> Table:
    """Lay out how sure the model was beside how often it was right."""
    table = Table("置信度 / confidence", "n", "平均 / mean", "正确率 / accuracy")
    for one in evaluation.calibration.bins:
        table.add_row(f"{one.low:.1f}–{one.high:.1f}", str(one.count), f"{one.confidence:.3f}", f"{one.accuracy:.3f}")
    return table


def mistakes_table(mistakes: list[Mistake]) -> Table:
    """Lay out every wrong utterance with what was expected and what was got."""
    table = Table("句子 / utterance", "应为 / expected", "得到 / got", "置信度", "漏掉 / missed", "多出 / invented")
    for one in mistakes:
        got = f"[red]{one.got}[/]" if one.intent_is_wrong else one.got
        table.add_row(
            escape(one.text), one.expected, got, f"{one.confidence:.2f}", listed(one.missed), listed(one.invented)
        )
    return table


def listed(pairs: list[Pair]) -> str:
    """Write entity values in one line."""
    return " ".join(f"{name}={escape(value)}" for name, value in pairs)
