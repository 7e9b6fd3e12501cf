"""A run: kept as it goes, stopped and gone on with, and patient with what fails."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from known_hosts import MP3, npr_model

from podcat.catalogue import Attempt, Catalogue, open_catalogue
from podcat.extract import extract
from podcat.model import Document, Selection
from podcat.net.answer import Answer, Trouble
from podcat.net.pace import Pace
from podcat.resolve import Outcome, resolve
from podcat.resolve.once import Once
from podcat.resolve.run import DAY, HOUR, LONGEST, pause
from podcat.resolve.ways import Refused

NOW = 1_700_000_000
PACE = Pace(threads=4, interval=0.0, retries=0)
EVERYTHING = Selection()


class Hosts:
    """Answers as NPR does, to whoever asks."""

    def __init__(self, *failing: int) -> None:
        self.failing, self.asked = failing, list[str]()

    def look(self, url: str, *, limit: int, media: bool = False) -> Answer:
        self.asked.append(url)
        if media:
            kind = {"content-range": (f"bytes 0-2047/{len(MP3)}",), "content-type": ("audio/mpeg",)}
            return Answer(url, url, status=206, headers=kind, body=MP3[:limit])
        number = int(url.rpartition("/")[2])
        if number in self.failing:
            return Answer(url, url, trouble=Trouble.TIMEOUT, whole=False, detail="is late")
        script = json.dumps(npr_model(f"https://media.example/{number}.mp3", title=None))
        body = f"<html><script>audioModel = {script}</script></html>".encode()
        return Answer(url, url, status=200, headers={"content-type": ("text/html",)}, body=body)

    def cut(self) -> None:
        """Nothing waits."""


@pytest.fixture(name="stocked")
def _stocked(database: str) -> Iterator[Catalogue]:
    frames = "".join(
        f'<iframe src="https://www.npr.org/player/embed/1{n:04}/{n}"></iframe>' for n in range(120)
    )
    page = Document("page", f"<html><body>{frames}</body></html>".encode(), "https://blog.example/")
    with open_catalogue(database) as catalogue:
        catalogue.store(page, extract(page), now=NOW)
        yield catalogue


def run(catalogue: Catalogue, hosts: Hosts, now: int = NOW, **which: Any) -> Iterator[Outcome]:
    due = catalogue.unresolved(EVERYTHING, now, **which)
    return resolve(catalogue, due, hosts, PACE, now=now)


def playable(catalogue: Catalogue) -> int:
    return catalogue.count(Selection(playable=True))


def test_a_run_that_is_stopped_keeps_what_was_done_and_goes_on(stocked: Catalogue) -> None:
    first = Hosts()
    outcomes = run(stocked, first)
    for _ in range(60):
        next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    done = playable(stocked)
    assert 60 <= done < 120
    second = Hosts()
    assert len(list(run(stocked, second))) == 120 - done
    assert playable(stocked) == 120
    assert len(second.asked) == 2 * (120 - done)
    assert list(run(stocked, Hosts())) == []


def test_what_is_learned_is_stored_while_the_run_goes_on(stocked: Catalogue) -> None:
    seen = [playable(stocked) for _ in run(stocked, Hosts())]
    assert seen[0] >= 50
    assert seen[-1] == 120
    assert seen == sorted(seen)


def test_what_fails_is_tried_again_with_growing_pauses(stocked: Catalogue) -> None:
    hosts = Hosts(7)
    left = [one for one in run(stocked, hosts) if one.end.why]
    assert [(one.end.why, one.next_at) for one in left] == [("its player is late", NOW + HOUR)]
    number = left[0].episode
    assert stocked.attempt(number) == Attempt(NOW, 1, "its player is late", NOW + HOUR)
    assert list(run(stocked, hosts, NOW + HOUR - 1)) == []
    (again,) = run(stocked, hosts, NOW + HOUR)
    assert again.next_at == NOW + HOUR + 2 * HOUR
    (forced,) = run(stocked, hosts, NOW + HOUR + 1, again=True)
    assert forced.next_at == NOW + HOUR + 1 + 4 * HOUR
    hosts.failing = ()
    (well,) = run(stocked, hosts, NOW + DAY)
    assert well.end.file == "https://media.example/7.mp3"
    assert stocked.attempt(number) is None


def test_pauses_end_somewhere() -> None:
    for how in Refused:
        grown = [pause(how, tries) for tries in range(1, 200)]
        assert grown == sorted(grown)
        assert grown[-1] == LONGEST


def test_a_slip_of_ours_costs_one_episode(
    stocked: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    from podcat.resolve import reading

    known = reading.on_page

    def stumbling(answer: Answer, *rest: Any) -> Any:
        assert not answer.url.endswith("/7"), "oh"
        return known(answer, *rest)

    monkeypatch.setattr(reading, "on_page", stumbling)
    left = [one for one in run(stocked, Hosts()) if one.end.why]
    assert len(left) == 1
    assert "podcat has a bug" in (left[0].end.why or "")


# ---------------------------------------------------------------- one request an address


class Slow:
    """Lets all come who want to, before it answers the first."""

    def __init__(self) -> None:
        self.asked = list[str]()
        self.gate = threading.Event()
        self.failing = False

    def look(self, url: str, *, limit: int, media: bool = False) -> Answer:
        self.asked.append(f"{url} {media}")
        self.gate.wait(5)
        trouble = Trouble.TIMEOUT if self.failing else None
        return Answer(url, url, status=None if trouble else 200, body=b"x" * limit, trouble=trouble)

    def cut(self) -> None:
        self.gate.set()


def _together(once: Once, *urls: str) -> list[Answer]:
    found: list[Answer] = []
    threads = [
        threading.Thread(target=lambda u=url: found.append(once.look(u, limit=10))) for url in urls
    ]
    for thread in threads:
        thread.start()
    once.cut()
    for thread in threads:
        thread.join()
    return found


def test_many_who_ask_at_once_cost_one_request() -> None:
    slow = Slow()
    once = Once(slow)
    found = _together(once, *["https://a.example/feed", "https://a.example/feed#1"] * 8)
    assert len(found) == 16
    assert slow.asked == [slow.asked[0]]
    once.look("https://a.example/feed", limit=10)
    once.look("https://a.example/feed", limit=10, media=True)  # another question
    assert len(slow.asked) == 2


def test_what_may_pass_is_asked_for_again() -> None:
    slow = Slow()
    slow.gate.set()
    slow.failing, once = True, Once(slow)
    assert once.look("https://a.example/", limit=1).trouble
    slow.failing = False
    assert once.look("https://a.example/", limit=1).status == 200


def test_no_more_is_kept_than_there_is_room_for() -> None:
    slow = Slow()
    slow.gate.set()
    once = Once(slow, kept=5000)
    for number in range(100):
        once.look(f"https://a.example/{number}", limit=1000)
    once.look("https://a.example/99", limit=1000)
    assert len(slow.asked) == 100
    once.look("https://a.example/1", limit=1000)
    assert len(slow.asked) == 101


# ---------------------------------------------------------------- any bytes

HOSTILE = (
    b"", b"\x00" * 9999, b"<" * 9999, b"{" * 99_999, b"[" * 99_999, b"<rss>" * 999,
    b'<html><script>audioModel = {"audioSrc": 7, "duration": {}, "title": []}</script></html>',
    b'<html><script>audioModel = {"audioSrc": "http://[::1", "duration": -5}</script></html>',
    b'<rss><channel><item><guid>x</guid><enclosure url="http://[" type="audio/mpeg"/></item>',
    b'{"title": 7, "duration": true, "thumbnail_url": ["x"]}', b"\xff\xfe" + b"\x3c\x00" * 999,
)  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_hosts_answer_ends_in_words(catalogue: Catalogue, body: bytes) -> None:
    players = (
        "https://www.npr.org/player/embed/1/2", "https://omny.fm/shows/a/b/embed",
        "https://play.prx.org/e?uf=https%3A%2F%2Ff.example%2Fx&ge=x",
        "https://www.rferl.org/embed/player/0/31663999.html?type=audio",
        "https://www.buzzsprout.com/1735722/8166676",
        "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/367477112",
    )  # fmt: skip
    frames = "".join(f'<iframe src="{url}"></iframe>' for url in players)
    page = Document("page", f"<html><body>{frames}</body></html>".encode(), "https://blog.example/")
    catalogue.store(page, extract(page), now=NOW)

    class Hostile:
        def look(self, url: str, *, limit: int, media: bool = False) -> Answer:
            del media
            kind = {"content-type": ("text/html",)}
            return Answer(url, url, status=200, headers=kind, body=body[:limit])

        def cut(self) -> None:
            """Nothing waits."""

    due = catalogue.unresolved(EVERYTHING, NOW)
    found = list(resolve(catalogue, due, Hostile(), PACE, now=NOW))
    assert len(found) == len(players)
    for outcome in found:
        assert outcome.end.file is None
        assert "bug" not in (outcome.end.why or "")
        assert outcome.next_at
