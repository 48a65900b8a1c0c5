"""Tells an assistant on SQLite that another process has erased conversations: they may no longer be at hand.

With PostgreSQL an assistant asks the database at each turn how far a conversation is. With SQLite it believes itself, which
saves a tenth of a turn; so who erases beside it adds a byte to a file, and it looks at the file's size.
"""

import os
from pathlib import Path

from sqlalchemy.engine import make_url

SUFFIX = ".erased"


class Erasures:
    """How often other processes have erased.

    Args:
        url: of the conversation database; for PostgreSQL there is nothing to see.
    """

    def __init__(self, url: str) -> None:
        address = make_url(url)
        is_file = address.get_backend_name() == "sqlite" and address.database
        self._path = Path(str(address.database) + SUFFIX) if is_file else None
        self._seen = self._count()

    def tell(self) -> None:
        """Tell other processes that a conversation is erased; call it when it is."""
        if self._path is not None:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            os.write(descriptor, b".")
            os.close(descriptor)

    def happened(self) -> bool:
        """Tell whether somebody has told since this was last asked."""
        count = self._count()
        seen, self._seen = self._seen, count
        return count != seen

    def _count(self) -> int:
        if self._path is None:
            return 0
        try:
            return os.stat(self._path).st_size
        except FileNotFoundError:
            return 0
