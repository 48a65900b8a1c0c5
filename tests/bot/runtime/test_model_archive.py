"""A lightly packed model is an archive like any other."""

import inspect
import tarfile
from pathlib import Path

import pytest
from rasa.engine.storage import local_model_storage
from rasa.engine.storage.local_model_storage import LocalModelStorage
from tarsafe import TarSafe

from bot.runtime import model_archive
from bot.runtime.model_archive import LightlyPacked


def packed(kind: type[tarfile.TarFile], folder: Path) -> Path:
    archive = folder / f"{kind.__name__}.tar.gz"
    with kind.open(archive, "w:gz") as tar:
        tar.add(__file__, arcname="here.py")
    return archive


def test_rasa_reads_what_was_packed_lightly(tmp_path: Path) -> None:
    light, full = packed(LightlyPacked, tmp_path), packed(TarSafe, tmp_path)
    assert light.stat().st_size > full.stat().st_size
    for kind in (TarSafe, LightlyPacked):
        with kind.open(light, "r:gz") as tar:
            tar.extractall(tmp_path / kind.__name__)  # noqa: S202 – our own
        assert (tmp_path / kind.__name__ / "here.py").read_bytes() == Path(__file__).read_bytes()


def test_installed_it_is_what_rasa_packs_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_model_storage, "TarSafe", TarSafe)
    model_archive.install()
    assert local_model_storage.TarSafe is LightlyPacked


def test_rasa_still_packs_with_the_highest_level() -> None:
    """Once Rasa can be told the level, this module can go; where it packs otherwise, it has to follow."""
    assert 'TarSafe.open(model_archive_path, "w:gz")' in inspect.getsource(LocalModelStorage.create_model_package)
    assert inspect.signature(TarSafe.gzopen).parameters["compresslevel"].default == 9
