"""Commands and the network: who is asked how fast, and every run once more from its recording."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "resolve"))
import known_hosts
from known_hosts import html, run, world

BLOG = "https://blog.example"
MEDIA = "https://media.example"
PAIR, LOST = "1/2", "3/4"
QUICKLY = ("--interval", "0", "--retries", "1")


def player(pair: str) -> str:
    return f"https://www.npr.org/player/embed/{pair}"


def hosts() -> dict[str, list[world.Reply]]:
    """A blog, two players and their files; much of it broken, and some of it only once."""
    model = known_hosts.npr_model(f"{MEDIA}/a.mp3", "https://www.npr.org/x", duration=100)
    frames = "".join(f'<iframe src="{player(pair)}"></iframe>' for pair in (PAIR, LOST))
    return {
        f"{BLOG}/a": [html("A", f"<h1>A</h1>{frames}", ETag='"a"')],
        f"{BLOG}/busy": [html(status=503), html("At last")],
        f"{BLOG}/moved": [world.to(f"{BLOG}/a", 301)],
        f"{BLOG}/far": [world.to(f"{BLOG}/far/1")],
        f"{BLOG}/far/1": [world.to(f"{BLOG}/far")],
        f"{BLOG}/reset": [world.act("reset")],
        f"{BLOG}/hang": [world.act("hang")],
        f"{BLOG}/inwards": [world.to("http://169.254.169.254/latest/")],
        f"{BLOG}/robots.txt": [world.Reply(404)],
        player(PAIR): [known_hosts.npr_page(model)],
        player(LOST): [world.act("cut", "<html><title>A player</title>" + " " * 5000)],
        f"{MEDIA}/a.mp3": [known_hosts.file(known_hosts.MP3)],
    }  # fmt: skip


@contextmanager
def shut() -> Iterator[str]:
    """Where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def options(remaps: list[tuple[str, str]], nobody: str) -> list[str]:
    pairs = [*remaps, ("https://shut.example", nobody)]
    return [part for pair in pairs for part in ("--remap", *pair)]


def without_times(lines: str) -> list[dict[str, object]]:
    found = [json.loads(line) for line in lines.splitlines()]
    return sorted(
        ({k: v for k, v in each.items() if k != "checked_at"} for each in found), key=json.dumps
    )


def test_a_check_gives_the_same_from_its_recording(tmp_path: Path) -> None:
    names = ("a", "busy", "moved", "far", "reset", "hang", "inwards", "nowhere")
    urls = [*(f"{BLOG}/{name}" for name in names), f"{MEDIA}/a.mp3", "https://shut.example/",
            "http://podcat.invalid/", "http://10.0.0.1/", "http://127.1/", player(PAIR)]  # fmt: skip
    (tmp_path / "list.txt").write_text("".join(f"{url}\n" for url in urls), encoding="utf-8")
    ask = ("check", "--format", "jsonl", *QUICKLY, "--timeout", "0.7", "list.txt")
    with world.serving(hosts()) as (asked, remaps), shut() as nobody:
        first = run(tmp_path, *ask, *options(remaps, nobody), "--record", "tape", code=1)
        asked.asked.clear()
        (tape,) = (tmp_path / "tape").iterdir()
        second = run(tmp_path, *ask, "--replay", f"tape/{tape.name}", code=1)
        assert asked.asked == []
    assert without_times(second.stdout) == without_times(first.stdout)
    assert second.stderr == first.stderr
    states = {each["url"]: each["state"] for each in without_times(first.stdout)}
    assert (states[f"{BLOG}/busy"], states["https://shut.example/"]) == ("ok", "unreachable")
    assert "not in the recording" not in second.stdout


def _story(folder: Path, *tape: str) -> list[object]:
    """What four commands say, and what is in the catalogue then."""
    urls = [f"{BLOG}/{name}" for name in ("a", "inwards")]
    said = [
        run(folder, "add", "--no-resolve", *tape, *urls, "https://shut.example/", code=1),
        run(folder, "resolve", *QUICKLY, *tape),
        run(folder, "watch", "add", f"{BLOG}/a"),
        run(folder, "worker", "--until-idle", "--hosts", "1", *QUICKLY, *tape),
    ]
    lines = run(folder, "episodes", "--format", "jsonl").stdout.splitlines()
    own = ("first_seen", "changed_at", "sort_at", "checked_at")
    shown = [{k: v for k, v in json.loads(line).items() if k not in own} for line in lines]
    return [*said, shown]


def test_what_is_added_resolved_and_watched_is_the_same_from_its_recording(tmp_path: Path) -> None:
    live, again = tmp_path / "live", tmp_path / "again"
    live.mkdir()
    again.mkdir()
    tape = str(tmp_path / "tape")
    with world.serving(hosts()) as (asked, remaps), shut() as nobody:
        first = _story(live, *options(remaps, nobody), "--record", tape)
        asked.asked.clear()
        second = _story(again, "--replay", tape)
        assert asked.asked == []
    assert second == first
    assert "not in the recording" not in str(first)
    assert f"{MEDIA}/a.mp3" in str(first[-1])


def test_a_host_that_others_redirect_to_is_asked_at_its_pace(tmp_path: Path) -> None:
    """By as many looks as there are hosts, each of which is asked once."""
    doors = [f"http://{n}.example/" for n in range(6)]
    replies = {door: [world.to(f"http://one.example/{n}")] for n, door in enumerate(doors)}
    replies |= {f"http://one.example/{n}": [html("One")] for n in range(6)}
    (tmp_path / "list.txt").write_text("\n".join(doors), encoding="utf-8")
    with world.serving(replies) as (asked, remaps):
        slowly = ("--interval", "0.15", "--per-host", "4")
        run(tmp_path, "check", *slowly, *options(remaps, "http://127.0.0.1:9"), "list.txt")
        times = sorted(at for url, at in asked.times if "one.example" in url)
    assert len(times) == 6
    assert times[-1] - times[0] > 0.8 * 5 * 0.15  # of all: one is late where machines are busy
