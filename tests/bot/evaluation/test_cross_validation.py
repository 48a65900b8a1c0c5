"""The examples that cross-validation reads are those that training learns from."""

from pathlib import Path

from bot.evaluation.cross_validation import read_examples
from bot.evaluation.metrics import OUT_OF_SCOPE
from manifests import services


def test_what_a_service_has_taken_over_is_not_read_as_out_of_scope(tmp_path: Path) -> None:
    claimed = next(word for service in services() for word in service.claims)
    (tmp_path / "common.yml").write_text(
        f'version: "3.1"\nnlu:\n  - intent: {OUT_OF_SCOPE}\n    examples: |\n      - {claimed}\n      - 讲个笑话\n',
        encoding="utf-8",
    )
    assert [(one.text, one.intent) for one in read_examples(tmp_path)] == [("讲个笑话", OUT_OF_SCOPE)]
