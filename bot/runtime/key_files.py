"""Secrets kept in files of var/ that only their owner reads, made where there are none yet."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet


def key_in_file(path: Path) -> str:
    """Give the secret in a file: 32 random bytes in URL-safe base64, as a Fernet key is; made where there is no file yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written whole under another name (mode 0600) and linked into place: two processes that start at once agree.
        descriptor, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(Fernet.generate_key().decode("ascii"))
        with suppress(FileExistsError):
            os.link(name, path)
        os.unlink(name)
    return path.read_text(encoding="ascii", errors="replace").strip()
