"""A resident in a conversation test: speaks over the REST channel and looks into the databases afterwards."""

import random
import re
import string

import httpx

from serving.names import NAMES, derived_key, name_of
from tests.house import ACTIONS_TOKEN

RECEIPT = re.compile(r"收据号 ?R\d{14}")


class Talk:
    """One conversation with the house, as a resident has it."""

    def __init__(self, house, conversation_id=None):
        self.house = house
        # Letters only: twelve digits by chance would be masked in the log as somebody's number.
        self.conversation_id = conversation_id or "test-" + "".join(random.choices(string.ascii_lowercase, k=12))
        self.said = ""

    @property
    def log_name(self):
        """How the conversation is called in the logs."""
        return name_of(self.conversation_id, derived_key(ACTIONS_TOKEN, NAMES))

    def say(self, text):
        """Say `text`; the answers' texts, joined. Every answer must be words: an empty one fails at once."""
        replies = self.house.say(self.conversation_id, text)
        self.replies = replies
        self.said = "\n".join(reply.get("text", "") for reply in replies)
        assert self.said, f"no answer to {text!r}"
        return self.said

    def press(self, title):
        """Press the button of the last answer whose title contains `title`."""
        buttons = [button for reply in self.replies for button in reply.get("buttons", [])]
        payload = next(button["payload"] for button in buttons if title in button["title"])
        return self.say(payload)

    def tracker(self):
        """The conversation's tracker, as the assistant has it."""
        return self.house.tracker(self.conversation_id)

    def slot(self, name):
        """A slot's value."""
        return self.tracker()["slots"].get(name)

    def requested(self):
        """The slot the latest question asked for."""
        return self.slot("requested_slot")

    def active_form(self):
        """The form that is open, or None."""
        return (self.tracker().get("active_loop") or {}).get("name")

    def orders(self):
        """The payment orders of this conversation, oldest first."""
        return self.house.orders(self.conversation_id)

    def moves(self):
        """The states that the latest order moved to, in order."""
        return self.house.moves(self.orders()[-1])

    def cashier_url(self):
        """The cashier's link in the latest answers."""
        return re.search(r"https?://\S+/cashier/[\w.-]+", self.said).group()

    def press_pay(self):
        """Open the cashier's page of the latest order and press its button, as a browser would."""
        answer = httpx.post(f"{self.orders()[-1].cashier_url}/confirmation", timeout=10, follow_redirects=True)
        assert answer.status_code == 200, answer.status_code

    def wait_until_settled(self):
        """Ask until the latest order is settled; what is said then."""
        self.house.wait_for(lambda: (self.say("我付好了"), self.orders()[-1].state == "settled")[1])
        return self.say("我付好了")
