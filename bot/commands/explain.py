"""`python -m bot explain "…" "…"`: who answers a conversation's messages, a story or a rule, before whom, and why."""

import asyncio
import logging
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape

from bot.commands.train import ensure_model
from bot.runtime import logs

if TYPE_CHECKING:
    from rasa.shared.core.domain import Domain

    from bot.dialogue.explain import Explanation, Speaker
    from bot.dialogue.policy import StoryPolicy

LONGEST_TURN = 10

HELP = """Say who answers each message: which story or rule, before which others, and why.

The messages are one conversation with the current model, in this process. They are understood as in the running
assistant, but nothing is done: actions say and set nothing, a form that is reached stays open until a message ends it
(--form ends). Where a form is open both are shown: that it takes the message, and what comes where it does not.
What actions would set is told by --fact, from the beginning on: --fact outcome=paid --fact city=嘉兴 (docs/stories.md).
`/intent{"entity": "value"}` stands for a message, as in Rasa.
"""


@dataclass(frozen=True)
class Model:
    """What of a model is asked.

    Attributes:
        policy: decides.
        domain: its domain.
        agent: understands; Rasa's agent.
    """

    policy: "StoryPolicy"
    domain: "Domain"
    agent: Any


@click.command(help=HELP)
@click.argument("messages", nargs=-1, required=True)
@click.option(
    "--form",
    type=click.Choice(["takes", "rejects", "ends"]),
    default="takes",
    show_default=True,
    help="How an open form is taken to receive the messages, for what comes after.",
)
@click.option("--fact", "facts", metavar="NAME=VALUE", multiple=True, help="What a slot is; as often as needed.")
def command(messages: tuple[str, ...], form: str, facts: tuple[str, ...]) -> None:
    """Load the model, and explain message by message."""
    console = Console()
    path = ensure_model(console)
    with tempfile.TemporaryDirectory() as folder:
        model = load(path, Path(folder))
        conversation = Conversation(model, console, form, read_facts(facts, model.domain))
        for message in messages:
            conversation.hear(message)


def read_facts(written: tuple[str, ...], domain: "Domain") -> dict[str, Any]:
    """Read facts as they are written on the command line.

    Args:
        written: `name=value` each.
        domain: which declares them.

    Raises:
        click.BadParameter: there is no such slot, or rules and stories see nothing of it.
    """
    known = sorted(slot.name for slot in domain.slots if slot.influence_conversation and slot.has_features())
    facts: dict[str, Any] = {}
    for one in written:
        name, _, value = one.partition("=")
        if name not in known:
            raise click.BadParameter(f"没有叫 {name} 的情况，能用的有 {'、'.join(known)}")
        facts[name] = {"true": True, "false": False, "null": None}.get(value, value)
    return facts


def load(path: Path, folder: Path) -> Model:
    """Load policy, domain and understanding from a model.

    Args:
        path: the model.
        folder: an empty folder to unpack it in.

    Raises:
        click.ClickException: the model has another policy than ours.
    """
    logs.configure(logging.WARNING)
    logs.quiet_deprecations()
    from rasa.core.agent import Agent
    from rasa.engine.graph import ExecutionContext
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    from bot.dialogue.policy import StoryPolicy

    storage, metadata = LocalModelStorage.from_model_archive(folder, path)
    schema = metadata.predict_schema
    node = next((node for node in schema.nodes.values() if node.uses is StoryPolicy), None)
    if node is None or node.resource is None:
        raise click.ClickException(f"这个模型不是用我们的策略训练的 / not our policy: {path}")
    config = {**StoryPolicy.get_default_config(), **node.config}
    policy = StoryPolicy.load(config, storage, node.resource, ExecutionContext(schema))
    agent = Agent()
    agent.load_model(path)
    return Model(policy, metadata.domain, agent)


class Conversation:
    """One conversation that is explained as it goes.

    Args:
        model: what decides.
        console: where to write.
        form: whether an open form `takes` what is said, `rejects` it, or `ends` with it.
        facts: slots that are set from the beginning on, by name.
    """

    def __init__(
        self, model: Model, console: Console, form: str = "takes", facts: Mapping[str, Any] | None = None
    ) -> None:
        from rasa.shared.core.events import ActionExecuted, SlotSet
        from rasa.shared.core.trackers import DialogueStateTracker

        self._model = model
        self._console = console
        self._form = form
        self._facts = dict(facts or {})
        self.tracker: DialogueStateTracker = DialogueStateTracker("explain", model.domain.slots)
        for name, value in self._facts.items():
            self.tracker.update(SlotSet(name, value))
        self.tracker.update(ActionExecuted("action_listen"))

    def hear(self, message: str) -> None:
        """Take one message, and write who answers until the resident is to speak again."""
        from rasa.core.channels.channel import UserMessage
        from rasa.shared.core.events import UserUttered

        from bot.runtime.arrival import noted_on_arrival

        heard = asyncio.run(self._model.agent.parse_message(message))
        intent, entities = heard["intent"], heard["entities"]
        for event in noted_on_arrival(UserMessage(message), heard, self.tracker):
            if event.key not in self._facts:
                self.tracker.update(event)
        self.tracker.update(UserUttered(message, intent, entities))
        for event in self._model.domain.slots_for_entities(entities):
            self.tracker.update(event)
        found = "".join(f" {entity['entity']}={entity['value']}" for entity in entities)
        self._console.print(
            f"[bold]居民  {escape(message)}[/]  {intent['name']} {intent.get('confidence', 1):.2f}{escape(found)}",
            highlight=False,
            soft_wrap=True,
        )
        for _ in range(LONGEST_TURN):
            if self._next() == "action_listen":
                break

    def _next(self) -> str:
        """Explain one decision and take it; gives the action."""
        from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, ActiveLoop, UserUtteranceReverted

        from bot.dialogue.explain import Kind, explain

        explanation = explain(self._model.policy, self.tracker, self._model.domain)
        answered = self._asked_first()
        action = explanation.action
        if explanation.spoke.kind is Kind.FORM and action != "action_listen" and self._asked_first():
            self._write(explanation, alone=True)
            self._console.print("     它不认这句话的话：", highlight=False, soft_wrap=True)
            if self._form == "rejects":
                self.tracker.update(ActionExecutionRejected(action))
                return action
            refused = self.tracker.copy()
            refused.update(ActionExecutionRejected(action))
            self._write(explain(self._model.policy, refused, self._model.domain), indent=5)
        else:
            self._write(explanation, indent=0)
        if explanation.spoke.kind is Kind.FALLBACK:
            self.tracker.update(UserUtteranceReverted())  # as Rasa's fallback does, and then it listens again
            self.tracker.update(ActionExecuted("action_listen"))
            return "action_listen"
        prediction = self._model.policy.predict_action_probabilities(self.tracker, self._model.domain)
        self.tracker.update(ActionExecuted(action, hide_rule_turn=prediction.hide_rule_turn))
        if action in self._model.domain.form_names:
            was_open = self.tracker.active_loop_name == action
            if not was_open:
                self.tracker.update(ActiveLoop(action))
            elif self._form == "ends" and answered:
                self.tracker.update(ActiveLoop(None))
        return action

    def _asked_first(self) -> bool:
        return bool(self.tracker.latest_action_name == "action_listen")

    def _write(self, explanation: "Explanation", indent: int = 0, alone: bool = False) -> None:
        from bot.dialogue.conflicts import action as name

        margin = " " * indent
        self._console.print(
            f"{margin}  → [green]{escape(name(explanation.action))}[/]  {escape(_who(explanation.spoke))}",
            highlight=False,
            soft_wrap=True,
        )
        self._console.print(f"{margin}     {escape(explanation.why)}", highlight=False, soft_wrap=True)
        others = [speaker for speaker in explanation.before if speaker.wants != explanation.action]
        for speaker in [] if alone else others:
            self._console.print(
                f"{margin}     先于{escape(_who(speaker))}：{escape(name(speaker.wants))}",
                highlight=False,
                soft_wrap=True,
            )


def _who(speaker: "Speaker") -> str:
    from bot.dialogue.conflicts import named

    return named(speaker.kind.value, speaker.places) if speaker.places else speaker.kind.value
