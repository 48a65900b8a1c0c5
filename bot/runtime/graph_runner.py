"""Runs a model's graph node by node, in an order worked out once.

Rasa hands its graph to dask (`rasa.engine.runner.dask.DaskGraphRunner`), which builds, orders and schedules it anew for
each of the four or five runs of a turn. The nodes and the order never change while a model is loaded.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage

Plan = tuple[tuple[str, tuple[str, ...]], ...]
"""Each node with the nodes whose output it takes, those first."""


class DirectGraphRunner(GraphRunner):
    """Rasa's graph runner, without a scheduler: what a node raises comes out as it is.

    Args:
        schema: the graph.
        nodes: its nodes, ready to be called.
    """

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._plans: dict[tuple[str, ...], Plan] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> DirectGraphRunner:
        """Make a runner and its nodes."""
        nodes = {
            name: GraphNode.from_schema_node(name, node, model_storage, execution_context, hooks)
            for name, node in graph_schema.nodes.items()
        }
        return cls(graph_schema, nodes)

    @classmethod
    def like(cls, runner: GraphRunner) -> GraphRunner:
        """Take over the loaded nodes of the runner that Rasa made; one of another kind is given back as it is.

        `MessageProcessor._load_model` names the class it creates, so there is no way to hand it another one.

        Args:
            runner: the runner to replace; the caller no longer uses it.
        """
        if not isinstance(runner, DaskGraphRunner):
            return runner
        return cls(runner._graph_schema, runner._instantiated_nodes)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Run what the targets need.

        Args:
            inputs: values for placeholders and, by its name, in the place of a node's output.
            targets: the nodes whose output is wanted; by default those of the schema.

        Raises:
            GraphRunError: a node needs something that is neither a node nor among the inputs.
        """
        wanted = tuple(targets or self._schema.target_names)
        plan = self._plans.get(wanted)
        if plan is None:
            plan = self._plans[wanted] = self._planned(wanted)
        known = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in plan:
            if name not in known:
                # What is missing is handed on by its name, and the node says so.
                known[name] = self._nodes[name](*(known.get(need, need) for need in needs))
        try:
            return dict(known[name] for name in wanted)
        except KeyError as error:
            raise GraphRunError(f"There is no node {error}.") from error

    def _planned(self, targets: tuple[str, ...]) -> Plan:
        ordered: dict[str, tuple[str, ...]] = {}
        open_: set[str] = set()

        def visit(name: str) -> None:
            if name in ordered or name not in self._schema.nodes:
                return
            if name in open_:
                raise GraphRunError(f"The node {name} needs its own output.")
            open_.add(name)
            needs = tuple(self._schema.nodes[name].needs.values())
            for need in needs:
                visit(need)
            ordered[name] = needs

        for target in targets:
            visit(target)
        return tuple(ordered.items())
