"""A small assistant that greets and takes payments: its rules, and conversations with it."""

from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, ActiveLoop, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.policy import StoryPolicy
from tests.bot.dialogue.pair import make, trackers_of

DOMAIN = Domain.from_yaml(
    """
    intents: [greet, thanks, affirm, help, pay]
    slots:
      city: {type: categorical, values: [杭州, 宁波], mappings: [{type: custom}]}
      elder: {type: bool, influence_conversation: true, mappings: [{type: custom}]}
      anything: {type: any, mappings: [{type: custom}]}
      account: {type: text, influence_conversation: false, mappings: [{type: from_text}]}
    forms: {pay_form: {required_slots: [account]}}
    actions: [action_follow_yes, action_pay]
    responses:
      utter_greet: [{text: 您好}]
      utter_thanks: [{text: 不客气}]
      utter_more: [{text: 还有要办的吗}]
      utter_menu: [{text: 菜单}]
    """
)
RULES = """
- {rule: 打招呼, steps: [{intent: greet}, {action: utter_greet}]}
- {rule: 道谢, steps: [{intent: thanks}, {action: utter_thanks}]}
- {rule: 说好, steps: [{intent: affirm}, {action: action_follow_yes}]}
- {rule: 交费开始, steps: [{intent: pay}, {action: pay_form}, {active_loop: pay_form}]}
- rule: 交费办完
  condition: [{active_loop: pay_form}]
  steps: [{action: pay_form}, {active_loop: null}, {action: action_pay}]
"""


def policy(stories: str = "", rules: str = RULES, more_rules: str = "", **config: Any) -> StoryPolicy:
    data = f"version: '3.1'\nrules:{rules}{more_rules}\nstories:{stories or ' []'}\n"
    trained: StoryPolicy = make(StoryPolicy, trackers_of(data, DOMAIN, "data/stories/common.yml"), DOMAIN, **config)
    return trained


def conversation(*happened: Any) -> DialogueStateTracker:
    """Words are intents, names of actions are actions, the rest are events; the bot listens before each intent."""
    tracker = DialogueStateTracker("test", DOMAIN.slots)
    for what in happened:
        if not isinstance(what, str):
            tracker.update(what)
        elif what in DOMAIN.intents:
            if tracker.latest_action_name != "action_listen":
                tracker.update(ActionExecuted("action_listen"))
            tracker.update(UserUttered("…", {"name": what, "confidence": 0.9}))
        else:
            tracker.update(ActionExecuted(what))
    return tracker


def next_action(policy: StoryPolicy, *happened: Any) -> str:
    prediction = policy.predict_action_probabilities(conversation(*happened), DOMAIN)
    return str(DOMAIN.action_names_or_texts[prediction.max_confidence_index])


OPEN_FORM = ["pay", "pay_form", ActiveLoop("pay_form")]


def rejected(intent: str, *then: Any) -> list[Any]:
    return [*OPEN_FORM, intent, ActionExecutionRejected("pay_form"), *then]
