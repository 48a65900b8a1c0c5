"""Settings and the start from the command line."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from sandbox.settings import PROJECT_ROOT, Settings


def test_defaults():
    settings = Settings.from_environment({})
    assert settings.database_url == f"sqlite:///{PROJECT_ROOT}/var/sandbox.db"
    assert (settings.host, settings.port, settings.seed) == ("127.0.0.1", 8600, 20260101)
    assert (settings.client_id, settings.client_secret) == ("bianmin", "sandbox-secret")
    assert settings.cashier_base == "http://127.0.0.1:8600"
    assert "sandbox-secret" not in repr(settings)


def test_from_the_environment(tmp_path):
    settings = Settings.from_environment(
        {
            "BIANMIN_SANDBOX_DATABASE_URL": f"sqlite:///{tmp_path}/deep/city.db",
            "BIANMIN_SANDBOX_PORT": "9000",
            "BIANMIN_SANDBOX_SEED": "7",
            "BIANMIN_CITY_CLIENT_ID": "c",
            "BIANMIN_CITY_CLIENT_SECRET": "s",
            "BIANMIN_SANDBOX_PUBLIC_URL": "https://pay.example/",
        }
    )
    assert settings.database_url == f"sqlite:///{tmp_path}/deep/city.db"
    assert (tmp_path / "deep").is_dir()
    assert (settings.port, settings.seed, settings.client_id, settings.client_secret) == (9000, 7, "c", "s")
    assert settings.cashier_base == "https://pay.example"


@pytest.mark.parametrize("url", ["postgresql://u@127.0.0.1/city", "sqlite://", "sqlite:///:memory:"])
def test_other_addresses_pass(url):
    assert Settings.from_environment({"BIANMIN_SANDBOX_DATABASE_URL": url}).database_url == url


@pytest.mark.parametrize("name", ["BIANMIN_SANDBOX_PORT", "BIANMIN_SANDBOX_SEED"])
def test_not_a_number(name):
    with pytest.raises(ValueError, match="invalid literal"):
        Settings.from_environment({name: "eight"})


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def run(tmp_path, free_port):
    """Starts `python -m sandbox` with an environment of its own."""
    running = []

    def run(**changes):
        environ = {
            **os.environ,
            "BIANMIN_SANDBOX_PORT": str(free_port),
            "BIANMIN_SANDBOX_DATABASE_URL": f"sqlite:///{tmp_path}/city.db",
            **changes,
        }
        command = [sys.executable, "-m", "sandbox"]
        process = subprocess.Popen(
            command, cwd=Path(PROJECT_ROOT), env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        running.append(process)
        return process

    yield run
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_runs_and_stops(run, free_port):
    process = run()
    base, healthy = f"http://127.0.0.1:{free_port}", False
    give_up = time.monotonic() + 60
    with httpx.Client(trust_env=False) as client:
        while not healthy and process.poll() is None and time.monotonic() < give_up:
            try:
                healthy = client.get(f"{base}/health").json() == {"status": "ok"}
            except httpx.HTTPError:
                time.sleep(0.1)
        assert healthy
        number = client.get(f"{base}/admin/samples").json()["accounts"]["water"]["one_unpaid"]
        client.get(f"{base}/cities/330100/utilities/water/accounts/{number}/bills")
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert process.returncode in (0, -signal.SIGTERM)
    assert "/cities/{city}/utilities/{bill_type}/accounts/{account_number}/bills 401" in output
    assert number not in output


def test_a_port_in_use_is_said_in_one_line(run, free_port):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", free_port))
        taken.listen()
        process = run()
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert output.strip() == f"沙盒城市：端口 {free_port} 已被占用，请设置 BIANMIN_SANDBOX_PORT"


def test_a_wrong_setting_is_said_in_one_line(run):
    process = run(BIANMIN_SANDBOX_SEED="eight")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert output.startswith("沙盒城市：环境变量有误")
    assert "Traceback" not in output
