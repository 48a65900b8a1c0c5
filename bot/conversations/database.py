"""The database of conversations: turns appended, read back, erased. Synchronous; the store calls it from its threads."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import Table

from bot.conversations.cipher import ConversationCipher
from bot.conversations.engine import make_engine
from bot.conversations.errors import (
    ConversationErased,
    ConversationSettingError,
    ConversationsUnreachable,
    ConversationUnreadable,
    WrongConversationsKey,
)
from bot.conversations.numbers import is_begun, life
from bot.conversations.tables import SCHEMA_VERSION, conversations, facts, metadata, snapshots, turns

KEY_CHECK = "written with this key"
KEY, OLD_KEY = "key", "old key"
"""Facts: a text encrypted with the key in use, and with the one before while `bot.conversations.rotation` is under way."""

ADVISORY_LOCK = 3_601_021  # of PostgreSQL: one process makes the tables, others wait

# What each turn asks is put together once: SQLAlchemy takes longer over that than SQLite over the answer.
_THIS = conversations.c.conversation == bindparam("this")
_LENGTH = select(conversations.c.length).where(_THIS)
_LONGER = (
    update(conversations)
    .where(_THIS, conversations.c.length == bindparam("known"))
    .values(length=bindparam("longer"), touched_at=bindparam("now"))
)
_LONGER_ANYHOW = (
    update(conversations).where(_THIS).values(length=conversations.c.length + 1, touched_at=bindparam("now"))
)
_ADD_TURN = turns.insert()


@dataclass(frozen=True)
class NewTurn:
    """What one turn adds to a conversation.

    Attributes:
        conversation: its digest.
        conversation_id: its id.
        after: the number of the latest turn that the writer has seen (`bot.conversations.numbers`).
        events: the turn's events as text.
        snapshot: a text that stands for the whole conversation, this turn included; None where none is due.
    """

    conversation: str
    conversation_id: str
    after: int
    events: str
    snapshot: str | None = None


@dataclass(frozen=True)
class Kept:
    """What the database knows of a conversation.

    Attributes:
        sequence: the number of its latest turn.
        snapshot: a text that stands for its beginning; None where there is none yet.
        turns: the turns after the snapshot, as texts.
    """

    sequence: int
    snapshot: str | None
    turns: Sequence[str]


class ConversationDatabase:
    """Conversations in SQLite or PostgreSQL, encrypted.

    Args:
        url: the database.
        cipher: encrypts what it holds.

    Every method raises `ConversationsUnreachable` where the database does not answer.
    """

    def __init__(self, url: str, cipher: ConversationCipher) -> None:
        self._engine = make_engine(url)
        self._reading = self._engine.execution_options(bianmin_reads=True)
        self._cipher = cipher
        self._key_check = b""
        self.is_sqlite = self._engine.dialect.name == "sqlite"

    def open(self) -> None:
        """Make the tables where there are none, and see that the key fits.

        Raises:
            WrongConversationsKey: the database was written with another key.
            ConversationSettingError: its tables are of another version.
        """
        with self._writing() as connection:
            if not self.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ADVISORY_LOCK})
            metadata.create_all(connection)
            # A key alone cannot be read out of this, and a wrong one is found without touching a conversation.
            check = self._cipher.encrypt(KEY_CHECK, KEY)
            connection.execute(self._new(facts).values(name=KEY, value=check).on_conflict_do_nothing())
            version = SCHEMA_VERSION.encode()
            connection.execute(self._new(facts).values(name="version", value=version).on_conflict_do_nothing())
            known = dict(connection.execute(select(facts.c.name, facts.c.value)).all())
        self._refuse_wrong_key(known)
        self._key_check = bytes(known[KEY])
        if bytes(known["version"]) != version:
            raise ConversationSettingError(
                f"对话库的表是版本 {bytes(known['version']).decode('ascii', 'replace')}，程序要版本 {SCHEMA_VERSION} / "
                "the conversation database has tables of another version"
            )

    def _refuse_wrong_key(self, known: dict[str, bytes]) -> None:
        if OLD_KEY in known:
            raise WrongConversationsKey(
                "换密钥还没有做完：请再运行一次 python -m bot conversations rotate-key / the change of the key is not finished"
            )
        try:
            self._cipher.decrypt(known[KEY], KEY)
        except ConversationUnreadable:
            raise WrongConversationsKey(
                "对话库是用另一把密钥写的：请把 BIANMIN_CONVERSATIONS_KEY（或 var/conversations.key）换回原来的密钥；"
                "密钥已丢失时，移走原库另建 / the conversation database was written with another key"
            ) from None

    def append(self, turn: NewTurn) -> bool:
        """Add a turn at the conversation's end, whoever has written there meanwhile.

        Returns:
            Whether the end was where the writer thought; where not, the writer's picture of the conversation is old.

        Raises:
            ConversationErased: the conversation that the writer knows is no more.
        """
        with self._writing() as connection:
            sequence = self._next_place(connection, turn)
            up_to_date = sequence == turn.after + 1
            place = f"turn:{turn.conversation}:{sequence}"
            row = {"conversation": turn.conversation, "sequence": sequence, "at": time.time()}
            connection.execute(_ADD_TURN, {**row, "events": self._cipher.encrypt(turn.events, place)})
            if turn.snapshot is not None and up_to_date:
                self._put_snapshot(connection, turn.conversation, sequence, turn.snapshot)
        return up_to_date

    def _next_place(self, connection: Connection, turn: NewTurn) -> int:
        """Count the conversation's length up, which locks its row until the end of the transaction."""
        this = {"this": turn.conversation, "now": time.time()}
        if is_begun(turn.after):
            known = {"known": turn.after, "longer": turn.after + 1}
            if connection.execute(_LONGER, {**this, **known}).rowcount:
                return turn.after + 1
            return self._place_after_others(connection, this, turn.after)
        while True:
            self._refuse_changed_key(connection, holding=True)
            first = self._new(conversations).values(
                conversation=turn.conversation,
                conversation_id=self._cipher.encrypt(turn.conversation_id, f"id:{turn.conversation}"),
                length=turn.after + 1,
                touched_at=this["now"],
            )
            if connection.execute(first.on_conflict_do_nothing()).rowcount:
                return turn.after + 1
            with suppress(ConversationErased):  # between the two statements: then it can begin
                return self._place_after_others(connection, this, None)

    def _place_after_others(self, connection: Connection, this: dict[str, Any], known: int | None) -> int:
        """Go behind what others have written; not into another life of the conversation than the known one."""
        if not connection.execute(_LONGER_ANYHOW, this).rowcount:
            self._refuse_changed_key(connection)
            raise ConversationErased("erased meanwhile")
        place = int(connection.execute(_LENGTH, {"this": this["this"]}).scalar_one())
        if known is not None and life(place) != life(known):
            raise ConversationErased("erased and begun anew meanwhile")
        return place

    def _put_snapshot(self, connection: Connection, conversation: str, sequence: int, snapshot: str) -> None:
        kept = {"sequence": sequence, "events": self._cipher.encrypt(snapshot, f"snapshot:{conversation}:{sequence}")}
        statement = self._new(snapshots).values(conversation=conversation, **kept)
        connection.execute(statement.on_conflict_do_update(index_elements=["conversation"], set_=kept))

    def length(self, conversation: str) -> int:
        """Give the number of a conversation's latest turn; 0 where it does not exist."""
        with self._reads() as connection:
            return int(connection.execute(_LENGTH, {"this": conversation}).scalar() or 0)

    def read(self, conversation: str, whole: bool = False) -> Kept | None:
        """Read a conversation back.

        Args:
            conversation: its digest.
            whole: all turns that are kept, and no snapshot.

        Raises:
            ConversationUnreadable: what is there was altered, or turns are missing.
        """
        with self._reads() as connection:
            query = select(snapshots.c.sequence, snapshots.c.events).where(snapshots.c.conversation == conversation)
            snapshot = None if whole else connection.execute(query).first()
            since = snapshot.sequence if snapshot else 0
            later = select(turns.c.sequence, turns.c.events).order_by(turns.c.sequence)
            rows = connection.execute(later.where(turns.c.conversation == conversation, turns.c.sequence > since)).all()
            if snapshot is None and not rows:
                self._refuse_changed_key(connection)
                return None
        before = since if snapshot else life(rows[0].sequence)
        if not whole and [row.sequence for row in rows] != list(range(before + 1, before + 1 + len(rows))):
            raise ConversationUnreadable("turns are missing")
        return Kept(
            sequence=rows[-1].sequence if rows else since,
            snapshot=self._cipher.decrypt(snapshot.events, f"snapshot:{conversation}:{since}") if snapshot else None,
            turns=[self._cipher.decrypt(row.events, f"turn:{conversation}:{row.sequence}") for row in rows],
        )

    def ids(self) -> list[str]:
        """Give the ids of all conversations."""
        with self._reads() as connection:
            rows = connection.execute(select(conversations.c.conversation, conversations.c.conversation_id)).all()
        return [self._cipher.decrypt(row.conversation_id, f"id:{row.conversation}") for row in rows]

    def erase(self, conversation: str) -> bool:
        """Delete a conversation, its turns and its snapshot; tells whether there was one."""
        with self._writing() as connection:
            row = conversations.c.conversation == conversation
            return bool(connection.execute(delete(conversations).where(row)).rowcount)

    def erase_untouched(self, since: float, most: int) -> list[str]:
        """Delete conversations in which nothing was said since a moment, the oldest first, `most` of them at most."""
        old = conversations.c.touched_at < since
        with self._writing() as connection:
            query = select(conversations.c.conversation).where(old).order_by(conversations.c.touched_at).limit(most)
            found = connection.execute(query).scalars().all()
            # Asked again in the statement: somebody may have said something between the two.
            return [
                one
                for one in found
                if connection.execute(delete(conversations).where(conversations.c.conversation == one, old)).rowcount
            ]

    def erase_old_turns(self, before: float, most: int) -> int:
        """Delete turns older than a moment for which a snapshot stands, `most` of them at most."""
        with self._writing() as connection:
            covered = turns.join(snapshots, turns.c.conversation == snapshots.c.conversation)
            query = (
                select(turns.c.conversation, turns.c.sequence)
                .select_from(covered)
                .where(turns.c.at < before, turns.c.sequence <= snapshots.c.sequence)
                .limit(most)
            )
            found = connection.execute(query).all()
            for one in found:
                row = (turns.c.conversation == one.conversation) & (turns.c.sequence == one.sequence)
                connection.execute(delete(turns).where(row))
            return len(found)

    def ask(self) -> None:
        """Ask the database for nothing, to see whether it answers and is still written with our key."""
        with self._reads() as connection:
            self._refuse_changed_key(connection)

    def _refuse_changed_key(self, connection: Connection, holding: bool = False) -> None:
        """Refuse to take a conversation for one that has not begun where it may have moved under another key.

        Args:
            connection: in a transaction.
            holding: the key does not change until the transaction's end.
        """
        query = select(facts.c.value).where(facts.c.name == KEY)
        if (
            bytes(connection.execute(query.with_for_update(read=True) if holding else query).scalar_one())
            != self._key_check
        ):
            raise ConversationsUnreachable("the key has changed; restart with the new one")

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _new(self, table: Table) -> Any:
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise ConversationsUnreachable(type(error).__name__) from error

    @contextmanager
    def _reads(self) -> Iterator[Connection]:
        try:
            with self._reading.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise ConversationsUnreachable(type(error).__name__) from error
