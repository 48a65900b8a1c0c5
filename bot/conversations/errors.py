"""What can go wrong with a kept conversation, each with the sentence the resident is told."""


class ConversationError(Exception):
    """A turn cannot be done, or not be kept.

    Attributes:
        code: to look for in a log.
        sentence: what the resident is told.
    """

    code = "conversation_failed"
    sentence = "抱歉，系统暂时出了故障，这句话没有处理成。如果您刚付过款，请不要再付一次。请过几分钟再说一次，急事可拨打城市热线 12345。"


class ConversationsUnreachable(ConversationError):
    """The database of conversations does not answer; a turn that began now would have forgotten what was said before."""

    code = "conversations_unreachable"
    sentence = (
        "抱歉，系统暂时读不到我们之前的对话，怕办错，这句话先没有处理。请过几分钟再说一次，急事可拨打城市热线 12345。"
    )


class TurnNotKept(ConversationError):
    """The turn was answered, but the database did not take it; the next turn goes on from before it."""

    code = "turn_not_kept"
    sentence = "抱歉，系统刚才出了故障，上面这一步可能没有记下来。请过几分钟再说一次；已经付过的款不用再付，急事可拨打城市热线 12345。"


class ConversationErased(TurnNotKept):
    """The conversation was erased while its turn was answered; nothing of the turn is kept, for it may repeat what was erased."""

    code = "conversation_erased"
    sentence = "我们之前的对话记录刚刚删除了，上面这一步没有记下来。要办的事请再说一次；已经付过的款不用再付，急事可拨打城市热线 12345。"


class ConversationNotErased(ConversationError):
    """A resident wanted the conversation erased, and the database did not do it; it stands as before that message."""

    code = "conversation_not_erased"
    sentence = "抱歉，刚才没有删成，对话还在。请过几分钟再说一次“删除我的信息”，也可拨打城市热线 12345。"


class ConversationUnreadable(ConversationError):
    """A row cannot be decrypted or read: it was altered, or moved from another place."""

    code = "conversation_unreadable"


class ConversationBusy(ConversationError):
    """Too many messages of one resident are waiting, or the lock's own server does not answer."""

    code = "conversation_busy"
    sentence = "抱歉，系统忙，这句话还没有处理。请稍等片刻再说一次，急事可拨打城市热线 12345。"


class ConversationSettingError(ValueError):
    """The assistant cannot start with these settings; the message says which and what, never a secret's value."""


class WrongConversationsKey(ConversationSettingError):
    """The database was written with another key."""
