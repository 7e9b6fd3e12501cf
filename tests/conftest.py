"""Fixtures and habits of all tests. podcat is whatever is installed, never a path."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis
import pytest

Podcat = Callable[..., subprocess.CompletedProcess[str]]
Lent = Callable[..., AbstractContextManager[str]]


# Machines are shared: a slow example says nothing of the code.
hypothesis.settings.register_profile("podcat", deadline=None)
hypothesis.settings.load_profile("podcat")


# A shell that starts the tests in the background has them, and what they start, ignore Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite the expected files, for review with git diff"
    )


# ---------------------------------------------------------------- in several processes

# Modules whose tests share what is dear to make: each of them stays in one process of `pytest -n`.
# (`--dist loadgroup` is meant for that, and does nothing in pytest 9 with pytest-xdist 3.8.)
WHOLE = (
    "test_clients.py", "test_catalogue_same.py", "test_world.py", "test_publish.py",
    "test_resolve.py", "test_seeds_to_sound.py", "test_work_cluster.py",
)  # fmt: skip


# Modules that take long and need no file of the package that shorter ones do not: what only shows
# whether a wheel is whole may leave them out by `-m "not long"`.
LONG = (
    "test_bench.py", "test_bench_text_extracts.py", "test_catalogue_at_once.py",
    "test_catalogue_order.py", "test_catalogue_reading.py", "test_catalogue_same.py",
    "test_false_claims.py", "test_fuzz.py", "test_regexes.py", "test_resolve.py",
    "test_seeds_to_sound.py", "test_work_cluster.py", "test_worker.py", "test_world.py",
)  # fmt: skip


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marks the tests of those modules."""
    if item.path.name in LONG:
        item.add_marker("long")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """What `pytest -n auto` means: every core that it may use, to a limit; each has a PostgreSQL."""
    able = getattr(os, "sched_getaffinity", None)
    return min(len(able(0)) if able else os.cpu_count() or 1, 8)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Gives tests to processes one by one, and the modules in WHOLE, which come first, as such."""
    if config.getoption("dist") != "load":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            module = nodeid.partition("::")[0]
            whole = module.endswith(WHOLE) or "/browser/" in module
            return module if whole else nodeid

    return Scheduling(config, log)


# ---------------------------------------------------------------- in CI a skip is a failure


def _forbid_skip(report: Any) -> None:
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped, which counts as failed where CI=true: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    report = yield
    _forbid_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    report = yield
    _forbid_skip(report)
    return report


# ---------------------------------------------------------------- fixtures


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, bytes], None]:
    """Compares bytes with an expected file; `pytest --update` rewrites the file instead."""

    def compare(path: Path, data: bytes) -> None:
        if request.config.getoption("--update"):
            path.write_bytes(data)
        assert path.exists(), f"{path} is missing: pytest --update makes it"
        assert data == path.read_bytes(), f"{path.name} differs; pytest --update takes it over"

    return compare


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment for a process of podcat: nothing of the tester's own settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PODCAT_", "SOURCE_DATE"))}
    return kept | {"HOME": str(tmp_path), "PYTHONWARNINGS": "error"}


@pytest.fixture
def podcat(tmp_path: Path, environment: dict[str, str]) -> Podcat:
    """Runs `podcat ARGUMENTS` as people do, in an empty folder of its own."""

    def run(
        *arguments: str | Path,
        text: str = "",
        env: dict[str, str] | None = None,
        **settings: Any,
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "podcat", *map(str, arguments)],
            cwd=settings.pop("cwd", tmp_path),
            env=environment | (env or {}),
            input=text,
            capture_output=True,
            encoding="utf-8",
            timeout=180,
            check=False,
            **settings,
        )

    return run


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> float:
    """Seconds that this process waits for others that write: so long that no busy machine is."""
    from podcat.catalogue import open_catalogue

    monkeypatch.setitem(open_catalogue.__kwdefaults__, "wait", 120.0)
    return 120.0


DATABASES = ("sqlite", "postgres")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server; see postgres_server.Server."""
    try:
        import postgres_server

        server = postgres_server.running()
        opened = server.__enter__()
    except Exception as error:  # whatever keeps it from running here
        pytest.skip(f"no PostgreSQL server: {error}")
    yield opened
    server.__exit__(None, None, None)


@contextmanager
def _sqlite_file(*, empty: bool = False) -> Iterator[str]:  # a file begins without tables anyway
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield f"sqlite:///{folder}/catalogue.db"


@pytest.fixture(scope="module", params=DATABASES)
def lent(request: pytest.FixtureRequest) -> Lent:
    """Lends addresses of empty catalogues (`empty=True`: without tables), on each kind of database in turn."""
    if request.param == "sqlite":
        return _sqlite_file
    found: Lent = request.getfixturevalue("postgres").lent
    return found


@pytest.fixture
def kind(request: pytest.FixtureRequest, lent: Lent) -> str:
    """Which kind of database `lent` lends: sqlite or postgres."""
    found: str = request.node.callspec.params["lent"]
    return found


@pytest.fixture
def database(lent: Lent) -> Iterator[str]:
    """The address of a catalogue of the test's own, on each kind of database in turn."""
    with lent() as url:
        yield url


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Any]:
    """An empty catalogue of its own."""
    from podcat.catalogue import open_catalogue

    with open_catalogue(f"sqlite:///{tmp_path / 'catalogue.db'}") as opened:
        yield opened
