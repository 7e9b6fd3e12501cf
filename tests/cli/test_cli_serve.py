"""`podcat serve` as a real process: it answers, it stops, it leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

Podcat = Callable[..., subprocess.CompletedProcess[str]]

GRACE = 20
# `python -m podcat`, but workers are killed only after such a time that they are given to end: who
# ends in half of it was not, however busy the machine is.
MAIN = f"import sys; from podcat.cli import main, serve; serve._GRACE = {GRACE}; sys.exit(main())"
PATIENT = ("-c", MAIN)


@contextmanager
def served(
    tmp_path: Path,
    environment: dict[str, str],
    *arguments: str,
    podcat: Sequence[str] = ("-m", "podcat"),
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server on a free port with the address it prints; killed at the end, whatever happens."""
    with subprocess.Popen(
        [sys.executable, *podcat, "serve", "--port", "0", *arguments],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,  # a group of its own, as a terminal makes one
    ) as process:
        try:
            yield process, _address(process)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr
    for line in process.stderr:
        if line.startswith("podcat: http://"):
            return line.removeprefix("podcat: ").strip()
    pytest.fail("the server did not say where it is")


def get(url: str) -> str:
    with urlopen(url, timeout=60) as answer:
        assert answer.status == 200
        text: str = answer.read().decode()
        return text


def rest(process: subprocess.Popen[str], within: float = GRACE / 2) -> tuple[str, str]:
    """What is left on stdout and stderr when the process ends, before workers are killed."""
    return process.communicate(timeout=within)


def all_up(process: subprocess.Popen[str], workers: int) -> None:
    """Waits until so many workers would notice the signal that ends them."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not children.exists():
        time.sleep(1)
        return
    while sum(map(_notices, children.read_text().split())) < workers:
        assert process.poll() is None
        time.sleep(0.02)


def _notices(pid: str) -> bool:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


def alone(group: int) -> bool:
    """Whether no process of the group is left; they may take a moment."""
    for _ in range(400):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("workers", ["1", "2"])
def test_sources_are_added_and_served_until_sigterm(
    tmp_path: Path, environment: dict[str, str], folder: Path, workers: str
) -> None:
    arguments = ("--workers", workers, folder.name)
    with served(tmp_path, environment, *arguments, podcat=PATIENT) as (process, url):
        assert get(f"{url}healthz").strip() == "ok"
        assert "A report from Almaty" in get(f"{url}episodes") or "764153179" in get(
            f"{url}episodes"
        )
        process.send_signal(signal.SIGTERM)
        assert rest(process) == ("", "")
        assert process.returncode == 0
        assert alone(process.pid)
    assert [path.name for path in tmp_path.glob("podcat.db*")] == ["podcat.db"], "all is in it"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_whole_group_ends_it_well(
    tmp_path: Path, environment: dict[str, str], number: signal.Signals
) -> None:
    """Ctrl-C in a terminal, and a service manager: workers hear it from two sides."""
    with served(tmp_path, environment, "--workers", "2", podcat=PATIENT) as (process, url):
        get(f"{url}healthz")
        all_up(process, 2)
        os.killpg(process.pid, number)
        assert rest(process) == ("", "")
        assert process.returncode == 0
        assert alone(process.pid)


def test_a_server_can_be_stopped_while_it_starts(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    with served(tmp_path, environment, "--workers", "2") as (process, _):
        process.send_signal(signal.SIGTERM)
        # A worker that is being born may miss the signal; then it is killed after its grace.
        assert rest(process, within=60) == ("", "")
        assert process.returncode == 0


def test_what_is_served_is_what_was_set(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "podcat.toml").write_text('title = "Our recordings"', encoding="utf-8")
    with served(tmp_path, environment, "--workers", "1") as (_, url):
        assert "Our recordings" in get(url)


def test_a_folder_that_is_called_like_a_package_is_no_obstacle(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "__init__.py").write_text("", encoding="utf-8")
    with served(tmp_path, environment, "--workers", "1") as (_, url):
        get(f"{url}healthz")


def test_what_is_added_by_another_process_is_seen(
    tmp_path: Path, environment: dict[str, str], podcat: Podcat, page: Path
) -> None:
    with served(tmp_path, environment, "--workers", "1") as (_, url):
        with pytest.raises(HTTPError):
            get(f"{url}episodes/1")
        assert podcat("add", page.name).returncode == 0
        assert "764153179/768167031" in get(f"{url}episodes/1")


def test_a_worker_that_dies_is_replaced(tmp_path: Path, environment: dict[str, str]) -> None:
    with served(tmp_path, environment, "--workers", "1") as (process, url):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        if not children.exists():
            pytest.skip("needs Linux's /proc to find the worker")
        os.kill(int(children.read_text().split()[-1]), signal.SIGKILL)
        assert _eventually(f"{url}healthz")


def _eventually(url: str) -> bool:
    for _ in range(100):
        time.sleep(0.1)
        try:
            get(url)
        except OSError:
            continue
        return True
    return False


def test_a_port_that_is_taken_is_one_line(podcat: Podcat, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = podcat("serve", "--port", str(port))
    assert done.returncode == 2
    assert done.stderr == (
        f"podcat: port {port} of 127.0.0.1: Address already in use; choose another with --port\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_host_that_is_not_ours_is_one_line(podcat: Podcat) -> None:
    done = podcat("serve", "--host", "192.0.2.1")
    assert done.returncode == 2
    assert done.stderr.startswith("podcat: port 8000 of 192.0.2.1: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_feed_that_is_declared_wrongly_is_said_at_once(podcat: Podcat, tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds/x.toml").write_text('titel = "X"', encoding="utf-8")
    done = podcat("serve", "--port", "0")
    assert done.returncode == 2
    assert done.stderr.startswith("podcat: feeds/x.toml: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_source_that_cannot_be_read_does_not_keep_the_server_from_starting(
    tmp_path: Path, environment: dict[str, str], page: Path
) -> None:
    (tmp_path / "bad.html").write_bytes(b"\x89PNG\r\n\x1a\n")
    arguments = ("--workers", "1", "bad.html", page.name)
    with served(tmp_path, environment, *arguments) as (_, url):
        assert "764153179/768167031" in get(f"{url}episodes/1")
