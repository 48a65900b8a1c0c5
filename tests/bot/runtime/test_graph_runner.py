"""The runner gives what Rasa's own gives, for the graph of a real model and for odd ones."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.trackers import DialogueStateTracker

from bot.runtime.graph_runner import DirectGraphRunner


class Sum(GraphComponent):
    """Adds what it is given to a number of its own, and counts how often it ran."""

    ran: list[str] = []

    def __init__(self, name: str | None, number: int) -> None:
        self.name, self.number = name, number

    @classmethod
    def create(cls, config: dict[str, Any], *_: Any, execution_context: ExecutionContext, **__: Any) -> Sum:
        return cls(execution_context.node_name, config["number"])

    def add(self, **numbers: int) -> int:
        Sum.ran.append(str(self.name))
        return self.number + sum(numbers.values())


def node(number: int, *needs: str, target: bool = False) -> SchemaNode:
    return SchemaNode({need: need for need in needs}, Sum, "create", "add", {"number": number}, True, target)


def runners(nodes: dict[str, SchemaNode]) -> list[GraphRunner]:
    schema = GraphSchema(nodes)
    context = ExecutionContext(schema)
    return [kind.create(schema, None, context) for kind in (DaskGraphRunner, DirectGraphRunner)]


DIAMOND = {
    "last": node(1000, "left", "right", target=True),
    "left": node(100, "first"),
    "right": node(10, "first", "input"),
    "first": node(1),
    "other": node(5, target=True),
}


@pytest.mark.parametrize(
    ("inputs", "targets"),
    [
        ({"input": 0}, None),
        ({"input": 7}, ["last"]),
        ({"input": 7, "first": 3}, ["last", "left"]),
        (None, ["left"]),
        (None, ["other"]),
    ],
)
def test_it_gives_what_rasas_gives(inputs: dict[str, Any] | None, targets: list[str] | None) -> None:
    rasas, ours = runners(DIAMOND)
    assert ours.run(inputs, targets) == rasas.run(inputs, targets)


def test_a_node_runs_once_and_only_where_it_is_needed() -> None:
    ours = runners(DIAMOND)[1]
    for _ in range(2):
        Sum.ran.clear()
        ours.run({"input": 0}, ["last"])
        assert sorted(Sum.ran) == ["first", "last", "left", "right"]


def test_what_is_missing_is_said_by_the_node_that_needs_it() -> None:
    for runner in runners(DIAMOND):
        with pytest.raises(GraphRunError, match="right"):
            runner.run(targets=["last"])


def test_a_circle_and_an_unknown_target_are_refused() -> None:
    ours = runners({"a": node(1, "b"), "b": node(1, "a")})[1]
    with pytest.raises(GraphRunError, match="own output"):
        ours.run(targets=["a"])
    with pytest.raises(GraphRunError, match="nobody"):
        ours.run(targets=["nobody"])


def test_it_runs_a_trained_model_as_rasas_does(trained_model: Path, tmp_path: Path) -> None:
    metadata, rasas = load_predict_graph_runner(tmp_path, trained_model, LocalModelStorage, DaskGraphRunner)
    ours = DirectGraphRunner.like(rasas)
    assert isinstance(ours, DirectGraphRunner)
    for text in ("你好", "交水费", '/inform{"city": "杭州"}'):
        inputs = {"__message__": [UserMessage(text)], "__tracker__": DialogueStateTracker("a", metadata.domain.slots)}
        found = [runner.run(inputs, [metadata.nlu_target])[metadata.nlu_target][0] for runner in (rasas, ours)]
        assert found[0].as_dict(True) == found[1].as_dict(True)
        wanted = [runner.run(inputs, [metadata.core_target])[metadata.core_target] for runner in (rasas, ours)]
        assert wanted[0].probabilities == wanted[1].probabilities


def test_a_runner_of_another_kind_is_left_alone() -> None:
    ours = runners(DIAMOND)[1]
    assert DirectGraphRunner.like(ours) is ours


def test_rasa_still_makes_its_own_runner() -> None:
    """Once Rasa can be told which, or keeps its nodes elsewhere, this class has to follow."""
    assert "DaskGraphRunner," in inspect.getsource(MessageProcessor._load_model)
    assert "dask.get(run_graph, run_targets)" in inspect.getsource(DaskGraphRunner.run)
