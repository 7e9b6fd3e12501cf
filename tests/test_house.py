"""The house: imports go one way, the top level holds what was agreed, nothing leaks in."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import podcat

PACKAGE = Path(podcat.__file__).parent
ROOT = Path(__file__).parents[1]

# A room imports only from rooms in rows above its own.
ROWS = (
    {"errors", "config"},
    {"model", "urls", "text"},
    {"providers"},
    {"documents", "extract", "net", "catalogue", "feed"},
    {"ingest", "resolve", "check"},
    {"work"},
    {"web"},
    {"publish"},
    {"cli"},
)
TOP = {"pyproject.toml", "README.md", "podcat", "seeds", "tests", "feeds"}


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def row_of(room: str) -> int:
    return next(number for number, row in enumerate(ROWS) if room in row)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        yield from names


MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p.parent != PACKAGE or p.stem[0] != "_")


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_one_way(path: Path) -> None:
    room = room_of(path)
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "podcat" and len(parts) > 1 and parts[1] not in (room, "__version__"):
            same_row_may = row_of(room) in (0, 1)
            other = row_of(parts[1])
            assert other < row_of(room) or (same_row_may and other == row_of(room)), name


def test_web_opens_no_connections() -> None:
    code = (
        "import sys, podcat.web; sys.exit('podcat.net' in sys.modules or 'requests' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


NETWORK = {
    "aiohttp", "asyncio", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "ssl",
    "subprocess", "urllib.request", "urllib3", "xmlrpc",
}  # fmt: skip


def test_nothing_that_the_web_may_ever_import_opens_connections() -> None:
    """Imports within functions, too, and those of what is imported: what a request may lead to."""
    names = {module_of(path): path for path in PACKAGE.rglob("*.py")}
    reached: set[str] = set()
    waiting = [name for name in names if name.split(".")[:2] == ["podcat", "web"]]
    while waiting:
        name = waiting.pop()
        if name in names and name not in reached:
            reached.add(name)
            waiting += [part for each in imported(names[name]) for part in heads(each)]
            foreign = {part for each in imported(names[name]) for part in heads(each)} & NETWORK
            assert not foreign, f"{name} imports {foreign}"
    assert {"podcat.web.adding.reading", "podcat.ingest", "podcat.documents"} <= reached
    assert not [name for name in reached if name.split(".")[1:2] == ["net"]]


def module_of(path: Path) -> str:
    """Its dotted name."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def heads(name: str) -> list[str]:
    """A dotted name, and those of the packages around it."""
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]


@pytest.mark.parametrize(
    ("library", "only"),
    [
        ("feedgen", "feed/rss.py"),
        ("requests", "net/"),
        ("sqlite3", "catalogue/"),
        ("psycopg", "catalogue/"),
        ("procrastinate", "work/cluster.py"),
        ("protego", "net/robots.py"),
        ("warcio", ("documents/", "net/replaying.py")),
    ],
)
def test_a_library_stays_in_its_room(library: str, only: str | tuple[str, ...]) -> None:
    users = {
        str(path.relative_to(PACKAGE))
        for path in MODULES
        for name in imported(path)
        if name.split(".")[0] == library
    }
    assert users
    assert all(user.startswith(only) for user in users)


def test_the_top_level_holds_what_was_agreed() -> None:
    if not (ROOT / ".git").exists():
        entries = {p.name for p in ROOT.iterdir()}
    else:
        listed = subprocess.run(
            ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        entries = {line.split("/")[0] for line in listed.stdout.splitlines()}
    assert {e for e in entries if not e.startswith(".")} <= TOP
