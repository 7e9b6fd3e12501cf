"""`podcat resolve` over hosts that speak as the known ones do: what is found, and what is not."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import known_hosts
import pytest
from known_hosts import Case, run, world
from known_variations import ALSO, BUSY, VARIATIONS

from podcat.catalogue import Attempt, open_catalogue
from podcat.model import Episode

CASES = (*known_hosts.CASES, *VARIATIONS)
REPLIES = known_hosts.replies(CASES) | {url: [reply] for url, reply in ALSO.items()}
QUICKLY = ("--timeout", "4", "--retries", "1", "--interval", "0", "--per-host", "32")


@dataclass
class Told:
    """What one run of the command made of all cases."""

    folder: Path
    said: dict[int, dict[str, Any]]
    """By the number of the case."""
    episodes: dict[int, Episode]
    before: dict[int, Episode]
    attempts: dict[int, Attempt | None]
    words: dict[int, str | None]
    asked: Counter[str]
    again: str
    """What a second run at once said."""
    asked_again: int


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("resolve")
    (folder / "pages").mkdir()
    for number, case in enumerate(CASES):
        page = known_hosts.page_of(case, number)
        (folder / "pages" / f"{number}.html").write_text(page, encoding="utf-8")
    assert run(folder, "add", "pages").stderr == ""
    before = _by_case(folder)
    with world.serving({url: list(said) for url, said in REPLIES.items()}) as (hosts, remaps):
        options = [part for pair in remaps for part in ("--remap", *pair)]
        ask = ["resolve", "--format", "jsonl", *QUICKLY, *options]
        lines = [json.loads(line) for line in run(folder, *ask).stdout.splitlines()]
        asked = Counter(hosts.asked)
        again = run(folder, *ask)
        asked_again = len(hosts.asked) - asked.total()
    after = _by_case(folder)
    of_episode = {episode.id: number for number, episode in after.items()}
    with open_catalogue(f"sqlite:///{folder}/podcat.db") as catalogue:
        return Told(
            folder,
            {of_episode[line["id"]]: line for line in lines},
            after,
            before,
            {n: catalogue.attempt(episode.id) for n, episode in after.items()},
            {n: catalogue.transcript(episode.id) for n, episode in after.items()},
            asked,
            again.stdout + again.stderr,
            asked_again,
        )


def _by_case(folder: Path) -> dict[int, Episode]:
    with open_catalogue(f"sqlite:///{folder}/podcat.db") as catalogue:
        found = catalogue.episodes(limit=1000).episodes
    return {int((one.page_url or "").rpartition("/")[2]): one for one in found}


def named(*cases: Case) -> Any:
    return pytest.mark.parametrize(
        "number", [CASES.index(case) for case in cases], ids=lambda n: CASES[n].says
    )


GOOD = [case for case in CASES if case.file]
BAD = [case for case in CASES if not case.file]


@named(*GOOD)
def test_what_is_there_is_found(told: Told, number: int) -> None:
    case, episode = CASES[number], told.episodes[number]
    assert (told.said[number]["file"], episode.media_url) == (case.file, case.file)
    assert episode.media_bytes == case.size
    attempt = told.attempts[number]
    assert (attempt.why if attempt else None) == case.why == told.said[number]["why"]
    assert told.words[number] == case.words


@named(*BAD)
def test_what_is_not_says_why_and_keeps_its_player(told: Told, number: int) -> None:
    case, episode, attempt = CASES[number], told.episodes[number], told.attempts[number]
    assert not episode.playable
    assert attempt
    assert case.why
    assert case.why in attempt.why
    assert told.said[number]["state"] == case.state
    assert attempt.tries == 1
    assert attempt.next_at > attempt.tried_at
    assert episode.embed_url == told.before[number].embed_url


@named(*[case for case in CASES if case.shows])
def test_what_else_is_told_is_kept(told: Told, number: int) -> None:
    wanted = CASES[number].shows
    assert {name: getattr(told.episodes[number], name) for name in wanted} == wanted


def test_identity_does_not_change(told: Told) -> None:
    guids = {number: episode.guid for number, episode in told.before.items()}
    assert {number: episode.guid for number, episode in told.episodes.items()} == guids


def test_an_address_is_asked_for_once(told: Told) -> None:
    # What may pass is tried again; where a connection is reset, so is one that stood open.
    passing = {known_hosts.player(n): 2 for n in (11, 25, 26, 34)}
    passing |= {known_hosts.sound(25): 2, known_hosts.player(33): 4, BUSY: 2}
    known = {url: n for url, n in told.asked.items() if url in REPLIES}
    assert {url: n for url, n in known.items() if n > passing.get(url, 1)} == {}


def test_the_same_at_once_asks_nobody(told: Told) -> None:
    assert told.asked_again == 0
    left = sum(attempt is not None for attempt in told.attempts.values())
    assert told.again == (
        f"nothing is due; {left} rest after tries in vain (--again asks now)\n"
        "0 resolved, 0 measured, 0 left\n"
    )


def test_no_address_but_those_of_the_table_is_asked_for(told: Told) -> None:
    known = set(REPLIES)
    services = ("/oembed",)
    assert {u for u in told.asked if u not in known and not any(s in u for s in services)} == set()


def test_show_tells_why(told: Told) -> None:
    number = next(n for n, case in enumerate(CASES) if case.says == "402 at the player")
    said = run(told.folder, "show", str(told.episodes[number].id)).stdout
    assert (
        "not resolved: its player wants programs to pay (402), so it is left alone (tried once"
        in said
    )
    values = json.loads(
        run(told.folder, "show", "--format", "jsonl", str(told.episodes[number].id)).stdout
    )
    assert values["attempt"]["tries"] == 1
