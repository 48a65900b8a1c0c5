"""Which model belongs to the data as it stands now: a hash over everything that goes into training.

Rasa keeps a cache of trained components (`.rasa/cache`) and decides by the component's own class source whether an
entry still holds (`rasa.engine.training.fingerprinting`); an edit in a helper module or a data file that a component
reads by itself goes unnoticed. So the cache has a folder of its own for each state of our components.
"""

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.runtime import settings

KEPT_MODELS = 5
"""Models that stay in the folder; older ones of ours are deleted after a training."""

PREFIX = "bianmin-"
CACHE_PREFIX = "cache-"

COMPONENTS = (
    "bot/nlu",
    "bot/dialogue",
    "manifests",
    "data/gazetteers",
    "data/services",
    "data/cities/cities.yml",
    "requirements.lock",
)
"""What decides what a component does, besides its configuration and training data."""

TRAINED_ON = ("config.yml", "domain.yml", "data", *COMPONENTS)


def fingerprint(paths: Iterable[str] = TRAINED_ON, root: Path = settings.ROOT) -> str:
    """Hash the named files, and all files in the named folders, by path and content.

    Args:
        paths: relative to `root`; one that does not exist counts as absent.
        root: the project's folder.

    Returns:
        16 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for path in _files(root / name for name in paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def current_model(folder: Path = settings.ROOT / settings.MODELS_FOLDER) -> Path:
    """Give the path the model for today's data has, whether it is trained yet or not."""
    return folder / f"{PREFIX}{fingerprint()}.tar.gz"


def cache_folder(root: Path = settings.ROOT) -> Path:
    """Give the folder of Rasa's cache for today's components, and delete those of earlier ones."""
    folder = root / ".rasa" / f"{CACHE_PREFIX}{fingerprint(COMPONENTS, root)}"
    for other in folder.parent.glob(f"{CACHE_PREFIX}*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    return folder


def delete_old_models(folder: Path) -> None:
    """Delete our models but the newest KEPT_MODELS; models with other names are not ours to delete."""
    ours = sorted(folder.glob(f"{PREFIX}*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in ours[KEPT_MODELS:]:
        path.unlink(missing_ok=True)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        found = [path] if path.is_file() else path.rglob("*")
        yield from sorted(
            file
            for file in found
            if file.is_file() and "__pycache__" not in file.parts and not file.name.startswith(".")
        )
