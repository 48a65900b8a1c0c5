"""The mistakes that staff make: what is edited, where the check has to point, and the words that have to be said there.

One cannot be made any more: a story that says other than a rule is more particular, and has the word.
"""

from tests.bot.checks.mistakes.emergencies import EMERGENCIES
from tests.bot.checks.mistakes.examples import EXAMPLES
from tests.bot.checks.mistakes.knowledge import KNOWLEDGE
from tests.bot.checks.mistakes.mistake import Mistake
from tests.bot.checks.mistakes.names import NAMES
from tests.bot.checks.mistakes.stories import STORIES
from tests.bot.checks.mistakes.typed import TYPED
from tests.bot.checks.mistakes.words import WORDS

ALL = [*STORIES, *EXAMPLES, *EMERGENCIES, *KNOWLEDGE, *WORDS, *TYPED, *NAMES]

__all__ = ["ALL", "Mistake"]
