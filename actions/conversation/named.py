"""Which services a message speaks of, by the names and words that their manifests declare."""

from __future__ import annotations

import re

from actions.conversation.task import Task, task_for_intent
from actions.conversation.turn import Turn
from manifests import services

# 缴费 is what every payment is called.
_PAYING = frozenset("交缴付充支费款钱")
_ASKS = re.compile(r"[?？]|吗|行不行|能不能|可不可以|可以不|好不好|怎么|如何|多少|哪里|什么时候|会不会")
_GIVES_UP = re.compile(r"算了|取消|不要了|不[交缴付充办弄查挂约]了|别[交缴付充办弄]|不了|退出")


def named(turn: Turn) -> set[str]:
    """The services whose words or values the latest message holds."""
    said = {str(found["entity"]) for found in turn.entities}
    return {
        service.name
        for service in services()
        if said & set(service.entities)
        or any(word in turn.text for words in service.topics.values() for word in words if _tells(word))
    }


def of_other(turn: Turn, task: type[Task]) -> str | None:
    """The other service that a refusal is about, where it is not about `task`: 别给我挂号 is no no to a water bill.

    Words alone are no judge of that (这个账单不是我的): the task that the message is most like must be of that service too.
    """
    ranking = turn.tracker.latest_message.get("intent_ranking") or []
    likest = next((found for one in ranking if (found := task_for_intent(str(one.get("name"))))), None)
    about = named(turn)
    if likest is None or task.service in about or likest.service not in about:
        return None
    return likest.service


def only_asks(turn: Turn) -> bool:
    """Whether a message with a no in it is a question all the same: 先交一百行不行, 我没有手机银行的能不能去营业厅交."""
    return bool(_ASKS.search(turn.text)) and not _GIVES_UP.search(turn.text)


def _tells(word: str) -> bool:
    return len(word) > 1 and not set(word) <= _PAYING
