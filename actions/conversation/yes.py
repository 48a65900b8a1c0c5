"""When a yes is a yes: to a sentence with an amount only a plain one counts, and what is unsure is asked again."""

from __future__ import annotations

import re

from actions.conversation.turn import Turn

LEAST_SURE = 0.85
"""The classifier's confidence below which a yes is asked again: misheard denials ("捕行") lie under it, real yeses over it."""

LONGEST = 24
"""Characters of a plain yes; longer messages say something besides."""

_NOT_PLAIN = re.compile(
    r"不(?!错|用改|用换|变)|没(?!问题|有?错|有?异议|毛病|事)|别|算了|取消|等等|再说|拉倒|[?？]|多少|怎么|什么|哪|谁|吗"
)


def is_plain_yes(turn: Turn) -> bool:
    """Whether the latest message is a yes and nothing else; a button's always is."""
    if turn.intent != "affirm":
        return False
    if turn.is_button:
        return True
    return turn.confidence >= LEAST_SURE and len(turn.text) <= LONGEST and not _NOT_PLAIN.search(turn.text)
