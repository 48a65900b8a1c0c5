"""Encrypts the conversation database anew with another key: one conversation a transaction, gone on with where it was cut off.

The digests under which conversations are found depend on the key as well, so each conversation moves to a new place. (The
rows are AES-GCM, bound to their place, and no Fernet tokens: MultiFernet could neither read them nor move them.)

The first thing written is the check of the new key, and the old key's beside it. From then on an assistant with the old
key is told by its next look at a conversation it does not find that the key has changed, and answers with a sentence
(`ConversationDatabase._refuse_changed_key`); none starts before the old key's check is gone, which is written last.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import delete, select, text, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import SQLAlchemyError

from bot.conversations.cipher import ConversationCipher
from bot.conversations.database import ADVISORY_LOCK, KEY, KEY_CHECK, OLD_KEY
from bot.conversations.engine import make_engine
from bot.conversations.errors import ConversationsUnreachable, ConversationUnreadable, WrongConversationsKey
from bot.conversations.tables import conversations, facts, snapshots, turns

AT_ONCE = 500
"""Conversations that are looked for together."""


@dataclass
class Rotated:
    """How far a rotation is.

    Attributes:
        moved: conversations encrypted anew.
        unreadable: conversations left as they are, for neither key reads them: they were altered before.
    """

    moved: int = 0
    unreadable: int = 0


class Rotation:
    """A change of the key.

    Args:
        url: the database.
        old: the cipher of the key it is written with.
        new: the cipher of the key it is to be written with.
    """

    def __init__(self, url: str, old: ConversationCipher, new: ConversationCipher) -> None:
        self._engine = make_engine(url)
        self._old, self._new = old, new

    def run(self, tell: Callable[[Rotated], None] = lambda so_far: None) -> Rotated:
        """Do what is left to do; where all is done already, nothing.

        Args:
            tell: called after every conversation.

        Raises:
            WrongConversationsKey: the database is written with neither key, or only the new one's half is known.
            ConversationsUnreachable: the database does not answer; what is done stays done.
        """
        done = Rotated()
        try:
            if self._begin():
                for row in self._rows():
                    self._move_if_old(row, done)
                    tell(done)
                with self._engine.begin() as connection:
                    connection.execute(delete(facts).where(facts.c.name == OLD_KEY))
        except SQLAlchemyError as error:
            raise ConversationsUnreachable(type(error).__name__) from error
        finally:
            self._engine.dispose()
        return done

    def _begin(self) -> bool:
        """Write both checks where that is not done yet; tells whether anything is left to do."""
        with self._engine.begin() as connection:
            if connection.dialect.name != "sqlite":
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ADVISORY_LOCK})
            known = dict(connection.execute(select(facts.c.name, facts.c.value)).all())
            if _fits(self._new, known[KEY]):
                if OLD_KEY in known and not _fits(self._old, known[OLD_KEY]):
                    raise WrongConversationsKey(
                        "上次换密钥没有做完，这不是当时的旧密钥 / the rotation that was begun had another old key"
                    )
                return OLD_KEY in known
            if not _fits(self._old, known[KEY]) or OLD_KEY in known:
                raise WrongConversationsKey(
                    "对话库不是用现在这把密钥写的，什么都没有改 / the conversation database was written with another key"
                )
            connection.execute(facts.insert().values(name=OLD_KEY, value=known[KEY]))
            check = self._new.encrypt(KEY_CHECK, KEY)
            connection.execute(update(facts).where(facts.c.name == KEY).values(value=check))
            return True

    def _rows(self) -> Iterator[Row]:
        # What has moved may be met again at its new place, and is known by its id.
        last = ""
        query = select(conversations.c.conversation, conversations.c.conversation_id)
        while True:
            with self._engine.begin() as connection:
                page = query.where(conversations.c.conversation > last).order_by(conversations.c.conversation)
                rows = connection.execute(page.limit(AT_ONCE)).all()
            yield from rows
            if len(rows) < AT_ONCE:
                return
            last = rows[-1].conversation

    def _move_if_old(self, row: Row, done: Rotated) -> None:
        if _reads(self._new, row):
            return
        try:
            conversation_id = self._old.decrypt(row.conversation_id, f"id:{row.conversation}")
            with self._engine.begin() as connection:
                self._move(connection, row.conversation, conversation_id)
        except ConversationUnreadable:
            done.unreadable += 1
        else:
            done.moved += 1

    def _move(self, connection: Connection, there: str, conversation_id: str) -> None:
        here = self._new.index(conversation_id)
        # Locked: an assistant that appends to it now is waited for, or waits and then does not find it.
        row = connection.execute(
            select(conversations).where(conversations.c.conversation == there).with_for_update()
        ).first()
        if row is None:
            return
        kept = {"length": row.length, "touched_at": row.touched_at}
        id_kept = self._new.encrypt(conversation_id, f"id:{here}")
        connection.execute(conversations.insert().values(conversation=here, conversation_id=id_kept, **kept))
        for table, kind in ((turns, "turn"), (snapshots, "snapshot")):
            rows = [
                dict(old) for old in connection.execute(select(table).where(table.c.conversation == there)).mappings()
            ]
            for moved in rows:
                said = self._old.decrypt(moved["events"], f"{kind}:{there}:{moved['sequence']}")
                events = self._new.encrypt(said, f"{kind}:{here}:{moved['sequence']}")
                moved.update(conversation=here, events=events)
            if rows:
                connection.execute(table.insert(), rows)
        connection.execute(delete(conversations).where(conversations.c.conversation == there))


def _fits(cipher: ConversationCipher, check: bytes) -> bool:
    try:
        cipher.decrypt(check, KEY)
    except ConversationUnreadable:
        return False
    return True


def _reads(cipher: ConversationCipher, row: Row) -> bool:
    try:
        cipher.decrypt(row.conversation_id, f"id:{row.conversation}")
    except ConversationUnreadable:
        return False
    return True
