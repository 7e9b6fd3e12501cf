"""What `Live` is told of earlier looks, and what is stored of new ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from podcat.catalogue import Catalogue, Check
from podcat.check.asking import Subject, Verdict
from podcat.check.engine import Looked
from podcat.check.history import DAY, standing
from podcat.check.memory import Memory
from podcat.check.states import Result, State
from podcat.errors import DatabaseError
from podcat.net.answer import Answer, Hop, Trouble

NOW = 1_794_000_000
URL = "https://a.example/x"


def result(state: str, checked_at: str = "2026-11-22T10:00:00Z", url: str = URL) -> Result:
    return Result(url, "page", None, None, State(state), 200, "said; warned", None, (), checked_at)


def looked(state: str, *answers: Answer, rule: str = "r") -> Looked:
    verdict = Verdict(State(state), "said", rule=rule, warnings=("warned",))
    return Looked(Subject(URL, "page"), verdict, answers)


def look(catalogue: Catalogue, state: str, at: int, url: str = URL, status: int = 200) -> None:
    catalogue.record_checks([Check(url, "page", state, at, status=status)], standing)


def test_what_is_kept(catalogue: Catalogue) -> None:
    hop = Hop(URL, 301, "https://b.example/")
    answer = Answer(
        URL, "https://b.example/", (hop,), 200, {"content-type": ("text/html",)}, seconds=0.12345
    )
    other = Answer(URL, URL, trouble=Trouble.TIMEOUT, detail="took too long")
    Memory(catalogue, NOW).keep([(looked("ok", answer, other), result("ok"))])
    (kept,) = catalogue.evidence(URL)
    assert (kept.state, kept.rule, kept.detail, kept.checked_at) == ("ok", "r", "said", 1795341600)
    assert kept.evidence == {
        "answers": [
            {"url": URL, "hops": [{"status": 301, "to": "https://b.example/"}], "status": 200,
             "type": "text/html", "seconds": 0.123, "tries": 1},
            {"url": URL, "trouble": "timeout", "detail": "took too long", "seconds": 0.0, "tries": 1},
        ],
        "warnings": ["warned"],
    }  # fmt: skip


def test_what_was_not_looked_at_is_no_look(catalogue: Catalogue) -> None:
    Memory(catalogue, NOW).keep([(looked("unchecked"), result("unchecked"))])
    assert catalogue.evidence(URL) == ()


@pytest.mark.parametrize("state", list(State))
def test_failures_are_never_the_last_word(catalogue: Catalogue, state: State) -> None:
    look(catalogue, str(state), NOW - 10)
    memory = Memory(catalogue, NOW)
    good = state in (State.OK, State.MOVED, State.UNFRAMEABLE)
    assert set(memory.recall([URL], NOW - 60)) == ({URL} if good else set())
    assert memory.recall([URL], NOW - 5) == {}
    assert memory.recalled == good


def test_what_is_not_due_rests_and_dead_links_too(catalogue: Catalogue) -> None:
    dead, failing, alive = (f"https://a.example/{word}" for word in ("dead", "failing", "alive"))
    look(catalogue, "gone", NOW - 2 * DAY, dead, 404)
    look(catalogue, "gone", NOW - DAY, dead, 404)
    look(catalogue, "gone", NOW - 60, failing, 404)
    look(catalogue, "ok", NOW - 60, alive)
    urls = [dead, failing, alive]
    found = Memory(catalogue, NOW, due=True).recall(urls, 0)
    assert {url: str(r.state) for url, r in found.items()} == {dead: "gone", alive: "ok"}
    assert Memory(catalogue, NOW + 9 * DAY, due=True).recall(urls, 0).keys() == {dead}
    assert Memory(catalogue, NOW + 40 * DAY, due=True).recall(urls, 0) == {}


def test_what_changed_is_told(catalogue: Catalogue) -> None:
    look(catalogue, "ok", NOW)
    memory = Memory(catalogue, NOW)
    memory.keep([(looked("hollow"), result("hollow", "2026-11-22T10:00:00Z"))])
    assert memory.told == "since the last check: 1 began to fail"
    memory.keep([(looked("ok"), result("ok", "2026-11-23T10:00:00Z"))])
    assert memory.told == "since the last check: 1 came back, 1 began to fail"
    assert Memory(catalogue, NOW).told == ""


class Broken:
    def record_checks(self, *_: Sequence[Any]) -> None:
        raise DatabaseError("x", "is locked")


def test_a_catalogue_that_cannot_be_written_is_told_once() -> None:
    problems: list[Exception] = []
    memory = Memory(Broken(), NOW, on_problem=problems.append)  # type: ignore[arg-type]
    for _ in range(3):
        memory.keep([(looked("ok"), result("ok"))])
    assert [str(problem) for problem in problems] == ["x: is locked"]
