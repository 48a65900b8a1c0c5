"""Processes come up, are said to be missing, come back after a death, and never outlive the supervisor."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from bot.runtime import settings, supervisor
from bot.runtime.processes import Child, Service, services_of
from bot.runtime.settings import Ports
from bot.runtime.supervisor import StartError, Supervisor, free_ports, is_taken

FAKE = Service("sandbox", "tests.bot.runtime.fake_service", "/health", "/health")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def house(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    made = Supervisor(ports=free_ports(), log_folder=tmp_path / "log", say=said.append, services=(FAKE,))
    yield made
    made.stop()


def wait_for(happened: Callable[[], bool], seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def test_a_taken_port_is_said_with_the_variable_that_changes_it(house: Supervisor) -> None:
    with socket.create_server(("127.0.0.1", house.ports.sandbox)):
        with pytest.raises(StartError, match=f"{house.ports.sandbox}.*BIANMIN_SANDBOX_PORT"):
            house.start()
        assert is_taken(house.ports.sandbox)
    assert house.children == {}
    assert not is_taken(house.ports.sandbox)


def test_a_process_that_ends_at_the_start_is_said_with_its_last_line(house: Supervisor) -> None:
    house.environment = {**house.environment, "FAKE": "ends"}
    house.start()
    with pytest.raises(StartError, match=r"sandbox .*no such table: bills.*sandbox\.log"):
        house.wait_until_ready(20)


def test_a_process_that_never_answers_is_said(house: Supervisor) -> None:
    house.start()
    house.ports = free_ports()
    with pytest.raises(StartError, match="sandbox .*没有就绪"):
        house.wait_until_ready(0.3)


def test_a_process_that_falls_silent_is_killed_and_started_again(
    house: Supervisor, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"LOOK_SECONDS": 0.0, "LOOK_ANSWER_SECONDS": 0.2, "FIRST_PAUSE": 0.01}.items():
        monkeypatch.setattr(supervisor, name, value)
    house.start()
    house.wait_until_ready(20)
    house.tend()
    first = house.children["sandbox"].process
    os.kill(first.pid, signal.SIGSTOP)
    wait_for(lambda: (house.tend(), house.children["sandbox"].process.pid != first.pid)[1])
    assert first.returncode == -signal.SIGKILL
    assert ["强制结束" in line for line in said] == [True, False, False]
    house.wait_until_ready(20)
    house.tend()
    assert house.children["sandbox"].answered
    assert house.children["sandbox"].misses == 0


def test_a_process_that_is_starting_is_not_taken_for_silent(house: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LOOK_SECONDS", 0.0)
    house.start()
    house.ports = free_ports()  # nobody answers there
    for _ in range(supervisor.MOST_MISSES + 1):
        house.tend()
    assert house.children["sandbox"].process.poll() is None
    monkeypatch.setattr(supervisor, "START_SECONDS", 0.0)
    for _ in range(supervisor.MOST_MISSES):
        house.tend()
    assert house.children["sandbox"].process.poll() == -signal.SIGKILL


def test_one_look_that_finds_it_ends_the_count(house: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LOOK_SECONDS", 0.0)
    house.start()
    house.wait_until_ready(20)
    house.children["sandbox"].misses = supervisor.MOST_MISSES - 1
    house.tend()
    assert house.children["sandbox"].misses == 0


def test_it_starts_and_stops(house: Supervisor) -> None:
    ready: list[str] = []
    house.start()
    house.wait_until_ready(20, on_ready=ready.append)
    assert ready == ["sandbox"]
    process = house.children["sandbox"].process
    house.stop()
    assert process.poll() == -signal.SIGTERM
    assert not is_taken(house.ports.sandbox)
    house.stop()  # once more does no harm


def test_who_calls_others_is_stopped_before_them(house: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    ports = free_ports(assistants=2)
    house.services = services_of(ports)
    for service in house.services:
        sleeping = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
        house.children[service.name] = Child(service, sleeping)
    ended: list[list[str]] = []
    signalled = supervisor._signal_group

    def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
        ended.append([name for name, child in house.children.items() if child.process.poll() is not None])
        signalled(process, number)

    monkeypatch.setattr(supervisor, "_signal_group", signal_group)
    house.stop()
    assistants = {"assistant", "assistant-2"}
    assert [set(names) - assistants for names in ended] == [set(), set(), set(), {"actions"}]
    assert [assistants <= set(names) for names in ended[2:]] == [True, True]


def test_a_stubborn_process_is_killed(house: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.3)
    house.environment = {**house.environment, "FAKE": "stubborn"}
    house.start()
    house.wait_until_ready(20)
    house.stop()
    assert house.children["sandbox"].process.poll() == -signal.SIGKILL


def test_what_dies_is_started_again_after_a_growing_pause(
    house: Supervisor, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.01)
    house.start()
    house.wait_until_ready(20)
    pauses = []
    for _ in range(2):
        first = house.children["sandbox"].process.pid
        house.kill("sandbox")
        house.tend()
        assert "意外退出" in said[-1]
        restart_at = house.children["sandbox"].restart_at
        assert restart_at is not None
        pauses.append(restart_at - time.monotonic())
        wait_for(lambda: (house.tend(), house.children["sandbox"].restart_at is None)[1])
        assert "已重启" in said[-1]
        assert house.children["sandbox"].process.pid != first
        house.wait_until_ready(20)
    assert house.children["sandbox"].deaths == 2


def test_a_pause_does_not_grow_without_end(house: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    house.environment = {**house.environment, "FAKE": "ends"}
    house.start()
    child = house.children["sandbox"]
    child.process.wait()
    child.deaths = 20
    house.tend()
    assert child.restart_at is not None
    assert child.restart_at - time.monotonic() <= supervisor.LONGEST_PAUSE


def test_a_restart_by_hand(house: Supervisor) -> None:
    house.start()
    house.wait_until_ready(20)
    first = house.children["sandbox"].process
    house.restart("sandbox")
    house.wait_until_ready(20)
    assert first.poll() is not None
    assert house.children["sandbox"].process.pid != first.pid


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent")
def test_no_child_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    ports = free_ports()
    code = (
        "import sys; from pathlib import Path; from bot.runtime.settings import Ports;"
        "from bot.runtime.processes import Service; from bot.runtime.supervisor import Supervisor;"
        f"s = Supervisor(Ports(sandbox={ports.sandbox}), log_folder=Path({str(tmp_path)!r}),"
        f" services=(Service('sandbox', {FAKE.module!r}, '/health', '/health'),));"
        "s.start(); s.wait_until_ready(30); print(s.children['sandbox'].process.pid, flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code], cwd=settings.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    wait_for(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_what_the_processes_see() -> None:
    given = {"PYTHONDONTWRITEBYTECODE": "1", "DATABASE_URL": "sqlite:///x.db"}
    seen = Supervisor(Ports(assistant=1, actions=2, sandbox=3), given).child_environment()
    assert "PYTHONDONTWRITEBYTECODE" not in seen
    assert seen["DATABASE_URL"] == "sqlite:///x.db"
    assert (seen["BIANMIN_ASSISTANT_PORT"], seen["BIANMIN_ACTIONS_PORT"], seen["BIANMIN_SANDBOX_PORT"]) == (
        "1",
        "2",
        "3",
    )
    assert seen["BIANMIN_CITY_API_URL"] == "http://127.0.0.1:3"


def test_each_assistant_sees_its_own_port_and_one_action_server() -> None:
    house = Supervisor(Ports(assistant=1, actions=2, sandbox=3, further=(7, 9)), {})
    assert [service.name for service in house.services] == [
        "sandbox",
        "actions",
        "assistant",
        "assistant-2",
        "assistant-3",
    ]
    seen = [house.child_environment(service.name) for service in house.services]
    assert [one["BIANMIN_ASSISTANT_PORT"] for one in seen] == ["1", "1", "1", "7", "9"]
    assert {one["BIANMIN_ACTIONS_PORT"] for one in seen} == {"2"}


def test_a_secret_that_cannot_be_used_is_said_and_nothing_is_started(tmp_path: Path) -> None:
    house = Supervisor(free_ports(), {"BIANMIN_ACTIONS_TOKEN": "too-short"}, log_folder=tmp_path)
    with pytest.raises(StartError, match="BIANMIN_ACTIONS_TOKEN") as raised:
        house.start()
    assert "too-short" not in str(raised.value)
    assert house.children == {}


def test_a_taken_port_of_a_further_assistant_is_said() -> None:
    ports = free_ports(assistants=2)
    said = f"{ports.further[0]}.*assistant-2.*BIANMIN_ASSISTANT_PORT"
    with socket.create_server(("127.0.0.1", ports.further[0])), pytest.raises(StartError, match=said):
        Supervisor(ports, {}).refuse_taken_ports()


def test_a_city_that_was_named_is_not_replaced_by_the_sandbox() -> None:
    seen = Supervisor(Ports(), {"BIANMIN_CITY_API_URL": "https://city.example"}).child_environment()
    assert seen["BIANMIN_CITY_API_URL"] == "https://city.example"


def test_logs_stay_small_while_they_are_written_and_are_for_their_owner_only(house: Supervisor) -> None:
    house.largest_log = 2000
    house.start()
    house.wait_until_ready(20)
    log, url = house.log_path("sandbox"), house.ports.url("sandbox") + "/health"
    kept = log.with_name("sandbox.log.1")
    written = 0
    # Every request is a line of some 60 bytes.
    with httpx.Client(trust_env=False) as client:
        while written < 20_000:
            before = log.stat().st_size
            for _ in range(20):
                client.get(url)
            written += log.stat().st_size - before
            house.tend()
            assert log.stat().st_size <= 2000
    assert 0 < kept.stat().st_size < 6000
    assert "GET /health" in kept.read_text(encoding="utf-8")
    # Emptied, not begun again past a hole.
    assert b"\0" not in log.read_bytes() + kept.read_bytes()
    assert {stat.S_IMODE(path.stat().st_mode) for path in (log, kept)} == {0o600}


def test_a_process_whose_parent_is_gone_already_ends_at_once() -> None:
    command = [sys.executable, "-m", "bot.runtime.tied", "1" if os.getpid() != 1 else "2", "http.server"]
    done = subprocess.run(command, cwd=settings.ROOT, capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode == 1
    assert "is gone" in done.stderr
