"""Killed in the middle of a conversation, the assistant goes on with the next message, quote and all."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.house import READY_SECONDS, House, start_house, stop_house


@pytest.fixture(scope="module")
def own_house(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose assistant may be killed."""
    running = start_house(tmp_path_factory.mktemp("own-house"), trained_model)
    yield running
    stop_house(running)


def test_a_quote_outlives_the_assistant(own_house: House) -> None:
    account = own_house.sandbox.get("/admin/samples").json()["accounts"]["water"]["one_unpaid"]
    own_house.say("quote", "交水费")
    assert "确认缴费吗" in own_house.hear("quote", account)
    own_house.supervisor.kill("assistant")
    own_house.supervisor.restart("assistant")
    own_house.supervisor.wait_until_ready(READY_SECONDS)
    answer = own_house.hear("quote", "确认")
    assert "请点链接到收银台付款" in answer
    own_house.press_cashier(answer)
    assert "收据号" in own_house.hear("quote", "我付好了")
    health = httpx.get(own_house.ports.url("assistant") + "/health", trust_env=False)
    assert health.json() == {"status": "ok", "model": True, "conversations": True, "locks": True}


def test_messages_in_a_row_wait_for_each_other_and_no_longer(own_house: House) -> None:
    """Rasa's own lock looks once a second: of six at once the last would take more than five."""
    started = time.perf_counter()
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda text: own_house.hear("row", text), ["查一下违章"] * 6))
    assert all(answers)
    assert time.perf_counter() - started < 4
