"""From sightings to results: once an address, outages excused, memory asked and told."""

from __future__ import annotations

import dataclasses
import re
import time
from collections.abc import Mapping, Sequence

import pytest
from engine_samples import QUICK, Asker, failed, ok, status

from podcat.check.asking import Ask, Subject, Verdict
from podcat.check.engine import Looked
from podcat.check.live import Choice, Live, Memory
from podcat.check.states import Place, Result, Sighting, State
from podcat.net.answer import Answer, Trouble

PLAYER = "https://www.npr.org/player/embed/{}/2"


def seen(url: str, line: int = 1, provider: str | None = None, **more: str) -> Sighting:
    return Sighting(url, "player", provider, None, Place("a.html", line), **more)


def judged(subject: Subject, answers: tuple[Answer, ...]) -> Verdict | Ask:
    if not answers:
        return Ask(subject.url)
    states = {200: State.OK, 404: State.GONE, None: State.UNREACHABLE}
    return Verdict(states[answers[-1].status], f"answers {answers[-1].status}", rule="status")


def live(sightings: Sequence[Sighting], asker: Asker, **more: object) -> list[Result]:
    return list(Live(sightings, asker, pace=QUICK, consider=judged, **more).results())  # type: ignore[arg-type]


def test_an_address_is_asked_once_however_many_places_name_it() -> None:
    asker = Asker()
    url = "https://example.org/x"
    (result,) = live([seen(url), seen(f"{url}#t=3", 2), seen(url, 2), seen(f"{url}#a", 9)], asker)
    assert len(asker.asked) == 1
    assert (result.url, result.status) == (url, 200)
    assert result.places == (Place("a.html", 1), Place("a.html", 2), Place("a.html", 9))


def test_a_fragment_that_names_the_recording_is_no_place_in_a_page() -> None:
    player = "https://www.wnyc.org/widgets/ondemand_player/wnyc/#file=/audio/json/{}/&share=1"
    sightings = [Sighting(player.format(n), "player", "wnyc", str(n), None) for n in (1, 2, 1)]
    found = live(sightings, Asker())
    assert [result.id for result in found] == ["1", "2"]


def test_what_no_document_has_is_marked() -> None:
    (result,) = live([Sighting("https://example.org/x", "page", None, None, None)], Asker())
    assert result.detail == "answers 200 (address built by rule)"


def test_one_https_page_is_enough() -> None:
    asked: list[Subject] = []

    def noted(subject: Subject, answers: tuple[Answer, ...]) -> Verdict | Ask:
        asked.append(subject)
        return Verdict(State.OK, "")

    given = [
        seen("http://a.example/", page_url=page)
        for page in ("http://b/", "https://c/", "http://d/")
    ]
    list(Live(given, Asker(), pace=QUICK, consider=noted).results())
    assert asked[0].page_url == "https://c/"


def test_some_are_left_out() -> None:
    asker = Asker()
    choice = Choice((re.compile("org"),), (re.compile("/b"),))
    urls = [f"https://{host}/{path}" for host in ("a.org", "a.com") for path in "ab"]
    results = {r.url: r for r in live([seen(url) for url in urls], asker, choice=choice)}
    assert [url for _, url in asker.asked] == ["https://a.org/a"]
    assert results["https://a.org/b"].detail == "excluded"
    assert (results["https://a.com/a"].state, results["https://a.com/a"].detail) == (
        State.UNCHECKED,
        "not included",
    )


# ---------------------------------------------------------------- outages


@pytest.mark.parametrize(
    ("good", "bad", "state"),
    [(4, 5, "unreachable"), (5, 5, "gone"), (0, 4, "gone"), (0, 5, "unreachable")],
)
def test_a_provider_of_which_more_than_half_fails_is_excused(
    good: int, bad: int, state: str
) -> None:
    asker = Asker(lambda url: (ok if int(url.split("/")[-2]) < good else status(404))(url))
    given = [seen(PLAYER.format(number), number, "npr") for number in range(good + bad)]
    given += [
        seen(f"https://example.org/{number}/2", provider="audio-file") for number in range(90, 92)
    ]
    results = live(given, asker)
    of_npr = [r for r in results if r.provider == "npr" and r.state is not State.OK]
    assert {r.state for r in of_npr} == {state}
    assert len(of_npr) == bad
    if state == "unreachable":
        assert of_npr[0].status == 404
        assert of_npr[0].detail == (
            f"{bad} of {good + bad} addresses of NPR failed in this run, which looks like an outage "
            "or a block of the provider and nobody's fault (answers 404)"
        )


def test_what_is_known_without_a_request_is_no_outage() -> None:
    def closed(subject: Subject, answers: tuple[Answer, ...]) -> Verdict:
        return Verdict(State.GONE, "closed")

    given = [seen(PLAYER.format(number), number, "npr") for number in range(9)]
    results = list(Live(given, Asker(), pace=QUICK, consider=closed).results())
    assert {r.state for r in results} == {State.GONE}


def test_a_host_without_an_answer_counts_as_an_outage() -> None:
    asker = Asker(failed(Trouble.TIMEOUT, "silence"))
    results = live([seen(PLAYER.format(n), n, "npr") for n in range(40)], asker)
    assert all("40 of 40 addresses of NPR failed" in r.detail for r in results)


# ---------------------------------------------------------------- memory


class Book(Memory):
    """Remembers in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, Result] = {}
        self.looked: list[Looked] = []

    def recall(self, urls: Sequence[str], since: int) -> Mapping[str, Result]:  # noqa: ARG002
        return {url: self.kept[url] for url in urls if url in self.kept}

    def keep(self, batch: Sequence[tuple[Looked, Result]]) -> None:
        self.looked += [looked for looked, _ in batch]
        self.kept |= {result.url: result for _, result in batch}


def test_what_is_known_is_not_asked_again_and_stands_where_it_stands_now() -> None:
    book, asker = Book(), Asker()
    url = "https://example.org/x"
    (first,) = live([seen(url)], asker, memory=book, since=0)
    (again,) = live([seen(url, 7)], asker, memory=book, since=0)
    assert len(asker.asked) == 1
    assert again.places == (Place("a.html", 7),)
    assert (again.state, again.status, again.checked_at) == (first.state, 200, first.checked_at)
    assert len(book.looked) == 1


def test_what_was_a_page_is_looked_at_as_the_player_that_it_is_now() -> None:
    """A page may forbid frames, and is well."""
    book, asker = Book(), Asker()
    url = "https://example.org/x"
    live([dataclasses.replace(seen(url), kind="page")], asker, memory=book, since=0)
    (again,) = live([seen(url)], asker, memory=book, since=0)
    assert (len(asker.asked), again.kind) == (2, "player")


def test_without_an_age_everything_is_asked_and_kept() -> None:
    book, asker = Book(), Asker()
    for _ in range(2):
        live([seen("https://example.org/x")], asker, memory=book)
    assert (len(asker.asked), len(book.looked)) == (2, 2)


def test_what_is_done_is_kept_when_somebody_leaves() -> None:
    book = Book()
    given = [seen(f"https://example.org/{n}", n) for n in range(50)]
    given += [seen(PLAYER.format(n), n, "npr") for n in range(3)]
    asker = Asker(lambda url: (status(404) if "npr" in url else ok)(url))
    results = Live(given, asker, pace=QUICK, consider=judged, memory=book).results()
    taken = [next(results) for _ in range(20)]
    results.close()  # type: ignore[attr-defined]
    assert {r.url for r in taken} <= set(book.kept)
    assert all(not answer.body for looked in book.looked for answer in looked.answers)


def test_failures_that_were_held_are_kept_once_when_somebody_leaves_amid_them() -> None:
    book = Book()
    given = [seen(PLAYER.format(n), n, "npr") for n in range(4)]
    asker = Asker(status(404))
    results = Live(given, asker, pace=QUICK, consider=judged, memory=book).results()
    for _ in range(2):
        next(results)
    results.close()  # type: ignore[attr-defined]
    assert sorted(looked.subject.url for looked in book.looked) == sorted(one.url for one in given)


def test_failures_that_were_held_are_told_when_the_run_is_stopped() -> None:
    given = [seen(PLAYER.format(n), n, "npr") for n in range(3)]
    given += [seen("https://example.org/x")]
    done = 0
    told: list[str] = []

    def stop() -> None:
        nonlocal done
        done += 1
        if done == len(given):
            raise KeyboardInterrupt

    def answers(url: str) -> Answer:
        if "npr" in url:
            return status(404)(url)
        time.sleep(0.3)
        return ok(url)

    asker = Asker(answers)
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012
        for result in Live(given, asker, pace=QUICK, consider=judged).results(stop):
            told.append(result.url)  # noqa: PERF401
    assert {url for url in told if "npr" in url} == {one.url for one in given[:3]}
