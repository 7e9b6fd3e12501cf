"""From the seeds to sound on a listener's disk; and the same run once more without a network."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import known_hosts
import pytest
from known_hosts import HERE, html, run, world
from lxml import etree

from podcat.catalogue import open_catalogue

sys.path.insert(0, str(HERE.parent / "cli"))
import clients
import media_host

pytestmark = pytest.mark.client

SEEDS = HERE.parents[1] / "seeds"
PAIRS = (
    "764153179/768167031", "669203831/669594276", "666287509/667285035", "665597190/666871000",
    "433450186/433544140", "428355181/428355182",
)  # fmt: skip
PODCAST = "{https://podcastindex.org/namespace/1.0}"
CLIENTS = (clients.GPodder, clients.Podget, clients.Newsboat, clients.PodcastArchiver)
FEED = 'title = "Sound"\ndescription = "What can be heard."\nitems = "playable"\n'
QUICKLY = ("--interval", "0", "--retries", "0", "--allow-private")


@dataclass
class Newsroom:
    """A catalogue of the seeds, and the hosts of their players and files."""

    folder: Path
    files: dict[str, bytes]
    """Pair to what its file holds."""
    asked: int
    """Requests that the first run took."""
    resolved: str
    host: media_host.Host
    """Where the files are, and the feed."""


def players(files: dict[str, str]) -> dict[str, list[world.Reply]]:
    """NPR's player pages and transcripts, in all of their forms."""
    found: dict[str, list[world.Reply]] = {}
    for number, (pair, url) in enumerate(files.items()):
        story = pair.partition("/")[0]
        model = known_hosts.npr_model(
            url if number % 2 else known_hosts.packed(url),
            f"https://www.npr.org/2018/11/2{number}/{story}/a-story",
            duration=100 + number,
        )
        found[f"https://www.npr.org/player/embed/{pair}"] = [known_hosts.npr_page(model)]
        said = f'<div class="transcript storytext"><p>HOST: {known_hosts.SAYS}</p></div>'
        gate = number % 3 == 0
        found[f"https://www.npr.org/transcripts/{story}"] = [
            world.Reply(402, "pay") if gate else html("Transcript", said)
        ]
    return found


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("seeds")
    (folder / "sound.toml").write_text(FEED, encoding="utf-8")
    with media_host.running() as host:
        files = {pair: media_host.mp3(pair) for pair in PAIRS}
        urls = {p: host.put(f"/{p}.mp3", "audio/mpeg", data) for p, data in files.items()}
        with world.serving(players(urls)) as (hosts, remaps):
            options = [part for pair in remaps for part in ("--remap", *pair)]
            run(folder, "add", str(SEEDS))
            command = ("resolve", *QUICKLY, *options, "--record", "tape")
            resolved = run(folder, *command).stderr
            asked = len(hosts.asked)
        run(folder, "feed", "sound.toml", "-o", "sound.rss")
        host.put("/sound.rss", "application/rss+xml", (folder / "sound.rss").read_bytes())
        yield Newsroom(folder, files, asked, resolved, host)


@pytest.mark.parametrize("kind", CLIENTS, ids=lambda kind: kind.name)
def test_a_listeners_client_has_every_file(
    newsroom: Newsroom, kind: type[clients.Client], tmp_path: Path
) -> None:
    """Byte for byte, each asked for once."""
    if kind.missing():
        pytest.skip(f"{kind.name} is not installed")
    client = kind(tmp_path, f"{newsroom.host.url}/", newsroom.host.url)
    client.feed = "sound.rss"  # type: ignore[misc]
    client.subscribe()
    client.poll()
    assert sorted(client.audio()) == sorted(newsroom.files.values())
    sound = [path for path in newsroom.host.got(client.agent) if path.endswith(".mp3")]
    assert sorted(sound) == sorted(f"/{pair}.mp3" for pair in newsroom.files)


def test_the_feed_names_each_file_with_type_and_length(newsroom: Newsroom) -> None:
    items = etree.parse(newsroom.folder / "sound.rss").findall("channel/item")
    files = {
        item.find("enclosure").get("url"): dict(item.find("enclosure").attrib) for item in items
    }
    assert files == {
        (url := f"{newsroom.host.url}/{pair}.mp3"):
            {"url": url, "type": "audio/mpeg", "length": str(len(data))}
        for pair, data in newsroom.files.items()
    }  # fmt: skip
    spoken = [item.find(f"{PODCAST}transcript") for item in items]
    told = {(one.get("url"), one.get("type")) for one in spoken if one is not None}
    stories = {pair.partition("/")[0] for pair in PAIRS}
    every = {(f"https://www.npr.org/transcripts/{story}", "text/html") for story in stories}
    assert told
    assert told <= every


def test_the_run_says_what_it_did(newsroom: Newsroom) -> None:
    assert newsroom.resolved == "6 resolved, 0 measured, 1 left (1 never)\n"


def test_what_the_players_told_is_in_the_catalogue(newsroom: Newsroom) -> None:
    with open_catalogue(f"sqlite:///{newsroom.folder}/podcat.db") as catalogue:
        found = {e.provider_id: e for e in catalogue.episodes().episodes if e.provider == "npr"}
        spoken = {pair: catalogue.transcript(found[pair].id) for pair in PAIRS}
    assert [found[pair].duration for pair in PAIRS] == list(range(100, 106))
    assert [found[pair].published for pair in PAIRS] == [f"2018-11-2{n}" for n in range(6)]
    assert [found[pair].media_bytes for pair in PAIRS] == [len(newsroom.files[p]) for p in PAIRS]
    said = f"HOST: {known_hosts.SAYS}"
    assert [spoken[pair] for pair in PAIRS] == [None, None, said, None, said, said]


def test_a_replay_gives_the_same_without_a_network(newsroom: Newsroom, tmp_path: Path) -> None:
    """All hosts of players are gone by now."""
    run(tmp_path, "add", str(SEEDS))
    tape = str(newsroom.folder / "tape")
    again = run(tmp_path, "resolve", "--interval", "0", "--retries", "0", "--replay", tape)
    assert again.stderr == newsroom.resolved
    assert _exported(tmp_path) == _exported(newsroom.folder)


def _exported(folder: Path) -> list[dict[str, Any]]:
    """What the catalogue shows of its episodes, without times of its own."""
    lines = run(folder, "episodes", "--format", "jsonl").stdout.splitlines()
    own = ("first_seen", "changed_at", "sort_at")
    return [{k: v for k, v in json.loads(line).items() if k not in own} for line in lines]


def test_what_is_not_recorded_is_said_to_be_out_of_reach(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    page = '<iframe src="https://www.npr.org/player/embed/111/222"></iframe>'
    (tmp_path / "page.html").write_text(f"<!doctype html><title>x</title>{page}", encoding="utf-8")
    run(tmp_path, "add", "page.html")
    tape = str(newsroom.folder / "tape")
    said = run(tmp_path, "resolve", "--format", "jsonl", "--replay", tape)
    assert json.loads(said.stdout)["why"] == "its player is not in the recording"
    checked = run(tmp_path, "check", "--format", "jsonl", "--replay", tape)
    result = json.loads(checked.stdout.splitlines()[0])
    assert (result["state"], result["detail"]) == ("unreachable", "is not in the recording")


def test_a_check_is_recorded_and_replayed(newsroom: Newsroom, tmp_path: Path) -> None:
    with world.serving(players({PAIRS[1]: "https://media.example/a.mp3"})) as (_, remaps):
        options = [part for pair in remaps for part in ("--remap", *pair)]
        (tmp_path / "list.txt").write_text(f"https://www.npr.org/player/embed/{PAIRS[1]}\n")
        ask = ("check", "--format", "jsonl", "list.txt")
        first = json.loads(run(tmp_path, *ask, *options, "--record", "tape").stdout)
    second = json.loads(run(tmp_path, *ask, "--replay", "tape").stdout)
    assert first["state"] == "ok"
    assert {**second, "checked_at": first["checked_at"]} == first


def test_add_of_an_address_resolves_unless_told_not_to(tmp_path: Path) -> None:
    blog = "https://blog.example/a-post"
    pair = PAIRS[0]
    replies = players({pair: "https://media.example/a.mp3"})
    replies["https://media.example/a.mp3"] = [known_hosts.file(known_hosts.MP3)]
    frame = f'<iframe src="https://www.npr.org/player/embed/{pair}"></iframe>'
    replies[blog] = [html("A post", f"<h1>A post</h1>{frame}")]
    with world.serving(replies) as (hosts, remaps):
        options = [part for pair in remaps for part in ("--remap", *pair)]
        plain = run(tmp_path, "--database", "sqlite:///a.db", "add", "--no-resolve", *options, blog)
        assert plain.stderr == ""
        assert hosts.asked == [blog]
        done = run(tmp_path, "add", *options, "--record", "tape", blog)
        assert done.stdout == "1 new, 0 changed, 0 unchanged, 0 unresolved (1 document)\n"
        assert done.stderr == "1 resolved, 0 measured, 0 left\n"
        hosts.asked.clear()
        run(tmp_path, "add", *options, blog)
        assert hosts.asked == [blog]
        (tmp_path / "page.html").write_text(frame.replace(pair, "1/2"), encoding="utf-8")
        run(tmp_path, "add", "--url", "https://blog.example/b", "page.html")
        assert hosts.asked == [blog]
    again = run(tmp_path, "--database", "sqlite:///b.db", "add", "--replay", "tape", blog)
    assert again.stderr == done.stderr
    missing = run(tmp_path, "add", "--replay", "tape", "https://blog.example/other", code=1)
    assert missing.stderr.startswith("https://blog.example/other: is not in the recording; ")


def test_options_that_do_not_go_together(tmp_path: Path) -> None:
    both = run(tmp_path, "resolve", "--record", "a", "--replay", "b", code=2)
    assert both.stderr == "podcat: --record: goes not with --replay; leave one of them out\n"
    nowhere = run(tmp_path, "resolve", "--replay", "b", code=2)
    assert nowhere.stderr == "podcat: b: there is no recording; --record DIR makes one\n"
