"""A new connector comes with a test that passes and an open channel, and is made once."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.scaffold import connector
from bot.scaffold.templates import ScaffoldError


def test_a_connector_passes_its_own_test(copy: Path) -> None:
    made = connector.make(copy, "ding_talk", "钉钉")
    assert made == ["connectors/ding_talk.py", "tests/connectors/test_ding_talk.py", "credentials.yml"]
    credentials = yaml.safe_load((copy / "credentials.yml").read_text(encoding="utf-8"))
    assert credentials["connectors.ding_talk.DingTalkChannel"] == {"secret_from": "BIANMIN_DING_TALK_SECRET"}
    assert "connectors.rest.RestChannel" in credentials
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", made[1]],
        cwd=copy,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-3000:]
    with pytest.raises(ScaffoldError, match=r"credentials\.yml 里已经有 connectors\.ding_talk"):
        connector.make(copy, "ding_talk", "钉钉")


@pytest.mark.parametrize(
    ("name", "words"), [("rest", "已经有 connectors.rest"), ("Ding", "小写字母"), ("a-b", "小写字母")]
)
def test_a_name_that_cannot_be(original: Path, name: str, words: str) -> None:
    with pytest.raises(ScaffoldError, match=words):
        connector.make(original, name, name)
