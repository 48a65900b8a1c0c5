"""Made-up assistants: random rules and stories over a small domain that has everything Rasa's policies look at."""

from collections.abc import Callable
from typing import Any

from rasa.shared.core.domain import Domain

DOMAIN = """
intents: [a, b, c, {{d: {{use_entities: [e1]}}}}]
entities: [e1, e2]
slots:
  cat: {{type: categorical, values: [x, y], mappings: [{{type: custom}}]}}
  flag: {{type: bool, influence_conversation: true, {initial} mappings: [{{type: custom}}]}}
  txt: {{type: text, influence_conversation: true, mappings: [{{type: from_entity, entity: e2}}]}}
  free: {{type: any, mappings: [{{type: custom}}]}}
  one: {{type: text, influence_conversation: false, mappings: [{{type: from_text}}]}}
  two: {{type: text, influence_conversation: false, mappings: [{{type: from_text}}]}}
  {requested}
actions: [action_p, action_q]
forms: {{f_form: {{required_slots: [one, two]}}, g_form: {{required_slots: [one]}}}}
responses: {{utter_x: [{{text: x}}], utter_y: [{{text: y}}], utter_z: [{{text: z}}]}}
"""
REQUESTED = (
    "",
    "requested_slot: {type: text, influence_conversation: true, mappings: [{type: custom}]}",
    "requested_slot: {type: categorical, values: [one, two], mappings: [{type: custom}]}",
)
VALUES: dict[str, list[Any]] = {
    "cat": ["x", "y", None],
    "flag": [True, False, None],
    "txt": ["t", None],
    "free": ["1", None],
}
INTENTS = ["a", "b", "c", "d"] * 3 + ["restart", "back"]
ACTIONS = ["utter_x", "utter_y", "utter_z", "action_p", "action_q"]
FORMS = ["f_form", "g_form"]

Steps = list[dict[str, Any]]


class MadeUp:
    """One made-up assistant.

    Args:
        choose: picks one of several; all that is random comes from it.
    """

    def __init__(self, choose: Callable[[list[Any]], Any]) -> None:
        self.choose = choose
        self.domain = Domain.from_yaml(
            DOMAIN.format(initial=choose(["", "initial_value: true,"]), requested=choose(list(REQUESTED)))
        )
        self.rules = [self._rule(number) for number in range(choose([0, 1, 2, 3, 4, 5]))]
        self.stories = [self._story(number) for number in range(choose([0, 1, 2, 3]))]

    @property
    def content(self) -> dict[str, Any]:
        """Rules and stories as Rasa's YAML has them."""
        return {"version": "3.1", "rules": self.rules, "stories": self.stories}

    def sometimes(self, percent: int) -> bool:
        return bool(self.choose(range(100)) < percent)  # type: ignore[arg-type]

    def _user(self) -> dict[str, Any]:
        step: dict[str, Any] = {"intent": self.choose(["a", "b", "c", "d"])}
        if self.sometimes(25):
            step["entities"] = [{self.choose(["e1", "e2"]): "1"}]
        return step

    def _slot(self) -> dict[str, Any]:
        name = self.choose(sorted(VALUES))
        return {"slot_was_set": [{name: self.choose(VALUES[name])}]}

    def _actions(self) -> Steps:
        steps: Steps = []
        for _ in range(self.choose([1, 1, 2])):
            steps.append({"action": self.choose(ACTIONS)})
            if self.sometimes(15):
                steps.append(self._slot())
        return steps

    def _rule(self, number: int) -> dict[str, Any]:
        form = self.choose(FORMS)
        opened, closed = [{"action": form}, {"active_loop": form}], [{"action": form}, {"active_loop": None}]
        kind = self.choose(["plain", "plain", "starts", "ends", "inside", "slot", "unasked"])
        rule: dict[str, Any] = {"rule": f"rule {number}"}
        if kind == "starts":
            steps = [self._user(), *([{"action": "action_p"}] if self.sometimes(40) else []), *opened]
        elif kind == "ends":
            steps = [*closed, *([{"slot_was_set": [{"requested_slot": None}]}] if self.sometimes(50) else [])]
            steps += self._actions()
        elif kind == "inside":
            steps = [self._user(), *self._actions(), *(opened if self.sometimes(40) else [])]
        elif kind == "unasked":
            steps = self._actions()
        else:
            steps = [self._user(), *self._actions()]
        if kind in ("ends", "inside"):
            rule["condition"] = [{"active_loop": form}]
        elif kind == "slot" or (kind == "unasked" and self.sometimes(50)):
            rule["condition"] = [self._slot()]
        elif kind == "plain" and self.sometimes(10):
            rule["conversation_start"] = True
        if self.sometimes(5):
            rule["wait_for_user_input"] = False
        return {**rule, "steps": steps}

    def _story(self, number: int) -> dict[str, Any]:
        steps: Steps = [self._slot()] if self.sometimes(10) else []
        form = None
        for _ in range(self.choose([1, 2, 2, 3])):
            rule = self.choose(self.rules) if self.rules and self.sometimes(75) else None
            if rule and any("intent" in step for step in rule["steps"]):
                steps += [dict(step) for step in rule["steps"]]
                form = next((step["active_loop"] for step in steps[::-1] if "active_loop" in step), None)
                if form and self.sometimes(50):
                    steps += [self._user(), {"action": form}, {"active_loop": None}, *self._actions()]
                    form = None
            elif form:
                steps.append(self._user())
                going_on = self.choose(["answer", "aside", "end"])
                if going_on == "end":
                    steps += [{"action": form}, {"active_loop": None}, *self._actions()]
                    form = None
                else:
                    steps += self._actions() if going_on == "aside" else []
                    steps += [{"action": form}, {"active_loop": form}]
            else:
                steps.append({"or": [{"intent": "a"}, {"intent": "b"}]} if self.sometimes(10) else self._user())
                steps += self._actions()
                if self.sometimes(20):
                    form = self.choose(FORMS)
                    steps += [{"action": form}, {"active_loop": form}]
        return {"story": f"story {number}", "steps": steps}
