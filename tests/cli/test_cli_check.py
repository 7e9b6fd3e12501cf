"""`podcat check` over a real server on this machine."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "net"))

from look_site import Site, running  # noqa: E402

Podcat = Callable[..., subprocess.CompletedProcess[str]]
AUDIO = "https://media.example.org/{}.mp3"


@pytest.fixture(scope="module")
def server() -> Iterator[Site]:
    with running() as site:
        yield site


@pytest.fixture
def site(server: Site) -> Site:
    server.clear()
    return server


def remap(site: Site) -> tuple[str, ...]:
    return ("--remap", "https://media.example.org", site.url().removesuffix("/"))


def results(done: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    return {r["url"]: r for r in map(json.loads, done.stdout.splitlines())}


def check(podcat: Podcat, *arguments: str | Path, **more: Any) -> Any:
    return podcat("check", "--format", "jsonl", "--retries", "0", *arguments, **more)


def page(path: Path, *names: str) -> Path:
    frames = "".join(f'<audio src="{AUDIO.format(name)}"></audio>\n' for name in names)
    path.write_text(f"<!doctype html><title>x</title>\n{frames}")
    return path


def test_links_of_pages_are_asked_and_the_exit_code_says_what_is_broken(
    podcat: Podcat, tmp_path: Path, site: Site
) -> None:
    page(tmp_path / "a.html", "audio/1", "gone/2")
    page(tmp_path / "b.html", "audio/1")
    done = check(podcat, *remap(site), "a.html", "b.html")
    found = results(done)
    assert (done.returncode, done.stderr) == (1, "")
    assert found[AUDIO.format("gone/2")]["state"] == "gone"
    assert found[AUDIO.format("gone/2")]["status"] == 404
    assert len(found[AUDIO.format("audio/1")]["places"]) == 2
    assert sorted(site.seen) == ["/audio/1.mp3", "/gone/2.mp3"]
    done = check(podcat, *remap(site), "--fail-on", "hollow", "a.html")
    assert done.returncode == 0


def test_without_leave_private_networks_are_not_asked(podcat: Podcat, site: Site) -> None:
    done = check(podcat, "-", text=site.url("page"))
    assert (done.returncode, site.seen) == (0, [])
    assert results(done)[site.url("page")]["state"] == "unchecked"
    done = check(podcat, "--allow-private", "-", text=site.url("page"))
    assert (results(done)[site.url("page")]["status"], len(site.seen)) == (200, 1)


def test_patterns_that_the_shell_left_alone(podcat: Podcat, tmp_path: Path, site: Site) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    page(tmp_path / "deep" / "er" / "a.html", "audio/1")
    page(tmp_path / "deep" / "[b].html", "audio/2")
    done = check(podcat, *remap(site), "deep/**/*.html")
    assert set(results(done)) == {AUDIO.format("audio/1"), AUDIO.format("audio/2")}
    assert set(results(check(podcat, *remap(site), "deep/[b].html"))) == {AUDIO.format("audio/2")}


def test_pages_of_sitemaps_are_read_and_items_of_feeds_are_links(
    podcat: Podcat, tmp_path: Path, site: Site
) -> None:
    (tmp_path / "sitemap.xml").write_text(
        '<?xml version="1.0"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        "<url><loc>https://media.example.org/page?a&amp;b</loc></url>\n</urlset>"
    )
    items = "<item><title>t</title><link>https://media.example.org/page/1</link></item>"
    (tmp_path / "feed.rss").write_text(
        f'<rss version="2.0"><channel><title>c</title>{items}</channel></rss>'
    )
    found = results(check(podcat, *remap(site), "sitemap.xml", "feed.rss"))
    assert list(found) == ["https://media.example.org/page/1"]
    assert found["https://media.example.org/page/1"]["kind"] == "page"
    assert site.seen == ["/page?a&b", "/page/1"]


def test_some_are_left_out_and_some_not_shown(podcat: Podcat, tmp_path: Path, site: Site) -> None:
    page(tmp_path / "a.html", "audio/1", "gone/2", "gone/3")
    done = check(
        podcat, *remap(site), "--exclude", "/3", "--only-state", "gone,unchecked", "a.html"
    )
    assert {r["state"] for r in results(done).values()} == {"gone", "unchecked"}
    assert site.seen.count("/gone/3.mp3") == 0


def test_the_table_is_by_place(podcat: Podcat, tmp_path: Path, site: Site) -> None:
    page(tmp_path / "a.html", "gone/3", "gone/2", "gone/1")
    done = podcat("check", *remap(site), "a.html")
    assert re.findall(r"gone/(\d)\.mp3", done.stdout) == ["3", "2", "1"]
    assert done.stdout.splitlines()[-1] == "3 addresses: 3 gone"


def test_a_stopped_run_has_told_what_was_done(
    environment: dict[str, str], tmp_path: Path, site: Site
) -> None:
    (tmp_path / "list.txt").write_text(site.url("page") + "\n" + site.url("hang") + "\n")
    command = ["check", "--format", "jsonl", "--allow-private", "list.txt"]
    with subprocess.Popen(
        [sys.executable, "-m", "podcat", *command],
        cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout
        assert json.loads(process.stdout.readline())["url"] == site.url("page")
        assert site.hanging.wait(10)
        start = time.monotonic()
        os.kill(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert time.monotonic() - start < 5
    assert process.returncode == 130
    assert said == "stopped; what was not looked at is not listed\n"
    site.released.set()


@pytest.mark.parametrize("form", ["table", "github"])
def test_an_address_cannot_write_to_the_terminal(podcat: Podcat, tmp_path: Path, form: str) -> None:
    player = "https://www.npr.org/player/embed/1/2&#27;[2J&#10;::error::x"
    (tmp_path / "a.html").write_text(f'<title>A</title><iframe src="{player}"></iframe>')
    done = podcat("check", "--offline", "--format", form, tmp_path / "a.html")
    assert "[2J" in done.stdout
    assert "\x1b" not in done.stdout
    assert not any(line.startswith(("::error::", "x")) for line in done.stdout.splitlines())


def test_nothing_may_be_called_broken_and_a_wrong_state_is_where_it_stands(
    podcat: Podcat, tmp_path: Path
) -> None:
    (tmp_path / "a.html").write_text('<iframe src="https://www.npr.org/player/embed/1?x"></iframe>')
    offline = ("check", "--offline", "a.html")
    assert podcat(*offline).returncode == 1
    assert podcat(*offline, "--fail-on", "").returncode == 0
    (tmp_path / "podcat.toml").write_text("[check]\nfail_on = []\n")
    assert podcat(*offline).returncode == 0
    (tmp_path / "podcat.toml").write_text('[check]\nfail_on = ["gone", "deceased"]\n')
    done = podcat(*offline)
    assert done.returncode == 2
    assert done.stderr.startswith(
        "podcat: fail_on in [check]: gone,deceased: no such state; use ok"
    )
