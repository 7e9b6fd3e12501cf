"""`podcat links`: what is dead, failing or back again, and where an old copy is."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from podcat.catalogue import Check, open_catalogue
from podcat.check.history import DAY, standing

Podcat = Callable[..., subprocess.CompletedProcess[str]]
BASE = "https://www.npr.org/player/embed/1/"
PAGE = '<iframe src="{0}2"></iframe><iframe src="{0}3"></iframe><iframe src="{0}4"></iframe>'


@pytest.fixture
def checked(podcat: Podcat, tmp_path: Path) -> int:
    """A catalogue with a dead link, a failing one and one that came back; the time of the first look."""
    start = int(time.time()) - 40 * DAY
    (tmp_path / "page.html").write_text(PAGE.format(BASE))
    podcat("add", "page.html")
    looks = {"2": ("ok", "gone", "gone"), "3": ("ok", "ok", "hollow"), "4": ("ok", "hollow", "ok")}
    with open_catalogue(f"sqlite:///{tmp_path}/podcat.db") as catalogue:
        catalogue.gather_links(start)
        for number, states in looks.items():
            catalogue.record_checks(
                [
                    Check(BASE + number, "player", state, start + n * DAY, "npr", f"1/{number}",
                          404 if state == "gone" else 200, f"is {state}")
                    for n, state in enumerate(states)
                ],
                standing,
            )  # fmt: skip
    return start


def objects(podcat: Podcat, *arguments: str) -> list[dict[str, object]]:
    done = podcat("links", "--format", "jsonl", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def stamp(moment: int, form: str = "%Y-%m-%dT%H:%M:%SZ") -> str:
    return time.strftime(form, time.gmtime(moment))


def test_the_dead_and_the_failing(podcat: Podcat, checked: int) -> None:
    failing, dead = objects(podcat)
    assert dead == {
        "url": BASE + "2", "kind": "player", "provider": "npr", "id": "1/2", "health": "dead",
        "state": "gone", "status": 404, "detail": "is gone", "failures": 2,
        "since": stamp(checked + DAY), "failing_since": stamp(checked + DAY),
        "dead_since": stamp(checked + 2 * DAY), "recovered_at": None,
        "last_ok": stamp(checked), "last_checked": stamp(checked + 2 * DAY),
        "due_at": stamp(checked + 32 * DAY), "suggestion": None,
        "archive": f"https://web.archive.org/web/{stamp(checked, '%Y%m%d%H%M%S')}/{BASE}2",
        "episodes": [3],
    }  # fmt: skip
    assert (failing["health"], failing["url"]) == ("failing", BASE + "3")


def test_by_health_state_and_age(podcat: Podcat, checked: int) -> None:
    assert [o["url"] for o in objects(podcat, "--dead")] == [BASE + "2"]
    assert [o["url"] for o in objects(podcat, "--recovered")] == [BASE + "4"]
    assert [o["url"] for o in objects(podcat, "--state", "hollow")] == [BASE + "3"]
    assert [o["url"] for o in objects(podcat, "--older-than", "38d")] == [BASE + "3", BASE + "2"]
    assert [o["url"] for o in objects(podcat, "--older-than", "924h")] == [BASE + "2"]
    assert len(objects(podcat, "--limit", "1")) == 1


def test_the_table(podcat: Podcat, checked: int) -> None:
    lines = podcat("links", "--dead").stdout.splitlines()
    assert lines[0].split() == [
        "health",
        "state",
        "since",
        "times",
        "episodes",
        "address",
        "instead",
    ]
    day = stamp(checked + DAY, "%Y-%m-%d")
    assert lines[1].split()[:6] == ["dead", "gone", day, "2", "3", BASE + "2"]
    assert lines[1].split()[6].startswith("https://web.archive.org/web/")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--state", "bad"), "podcat: --state bad: no such state; use ok, moved"),
        (("--older-than", "soon"), "soon is no age; write 30m, 12h, 7d or 2w"),
        ((), "podcat.db: does not exist"),
    ],
)
def test_what_cannot_be_listed(podcat: Podcat, arguments: tuple[str, ...], said: str) -> None:
    done = podcat("links", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
