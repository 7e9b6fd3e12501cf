"""`podcat check` remembers what it has seen, says why, and takes settings; against a loopback server."""

from __future__ import annotations

import io
import json
import os
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

Podcat = Callable[..., subprocess.CompletedProcess[str]]
SITE = "https://radio.example"
MP3 = b"\xff\xfb\x90\x64" + bytes(4092)


class Site:
    """Files by path to what they answer; counts who was asked for."""

    def __init__(self) -> None:
        self.answers = {"/1.mp3": 200, "/2.mp3": 404}
        self.asked: Counter[str] = Counter()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.asked[self.path] += 1
                status = site.answers.get(self.path, 404)
                body = MP3 if status == 200 else b"no"
                self.send_response(status)
                self.send_header("Content-Type", "audio/mpeg" if status == 200 else "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.remap = ("--remap", SITE, f"http://127.0.0.1:{self.server.server_port}")


@pytest.fixture
def podcat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Podcat:
    """Runs commands in this process: a dozen of them need no dozen interpreters."""
    from podcat.cli.commands import podcat as command
    from podcat.cli.running import run

    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("PODCAT_")]:
        monkeypatch.delenv(name)

    def called(*arguments: object) -> subprocess.CompletedProcess[str]:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(command, [str(each) for each in arguments])
        return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())

    return called


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def page(tmp_path: Path) -> Path:
    found = tmp_path / "page.html"
    found.write_text(f'<audio src="{SITE}/1.mp3"></audio><audio src="{SITE}/2.mp3"></audio>')
    return found


def states(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    return {o["url"].removeprefix(SITE): o["state"] for o in objects}


def check(
    podcat: Podcat, site: Site, *arguments: str, code: int = 1
) -> subprocess.CompletedProcess[str]:
    done = podcat("check", "--format", "jsonl", "--retries", "0", *site.remap, *arguments)
    assert done.returncode == code, done.stderr
    return done


def test_sources_are_not_remembered_unless_asked(podcat: Podcat, site: Site, page: Path) -> None:
    assert states(check(podcat, site, page.name)) == {"/1.mp3": "ok", "/2.mp3": "gone"}
    assert not (page.parent / "podcat.db").exists()
    check(podcat, site, "--max-age", "1h", page.name)
    assert (page.parent / "podcat.db").exists()
    again = check(podcat, site, "--max-age", "1h", page.name)
    assert states(again) == {"/1.mp3": "ok", "/2.mp3": "gone"}
    # What failed is asked again; what was good is not.
    assert site.asked == {"/1.mp3": 2, "/2.mp3": 3}
    assert again.stderr == "1 address was not asked: the last look will do by --max-age\n"
    check(podcat, site, page.name)
    assert site.asked["/1.mp3"] == 3


def test_a_check_of_sources_tells_which_episodes_suffer(
    podcat: Podcat, site: Site, page: Path
) -> None:
    podcat("add", page.name)
    check(podcat, site, page.name)
    (failing,) = map(json.loads, podcat("links", "--format", "jsonl").stdout.splitlines())
    assert (failing["url"], failing["health"]) == (f"{SITE}/2.mp3", "failing")
    assert len(failing["episodes"]) == 1
    (ill,) = map(json.loads, podcat("episodes", "--health", "failing", "--format", "jsonl").stdout.splitlines())  # fmt: skip
    assert [ill["id"]] == failing["episodes"]


def test_the_links_of_the_catalogue_rest_until_they_are_due(
    podcat: Podcat, site: Site, page: Path
) -> None:
    podcat("add", page.name)
    check(podcat, site)
    second = check(podcat, site)
    assert states(second) == {"/1.mp3": "ok", "/2.mp3": "gone"}
    assert site.asked == {"/1.mp3": 1, "/2.mp3": 2}
    assert (
        "1 address was not asked: the last look is not due again; --max-age 0s asks all"
        in second.stderr
    )
    check(podcat, site, "--max-age", "0s")
    assert site.asked == {"/1.mp3": 2, "/2.mp3": 3}
    failing = json.loads(podcat("links", "--format", "jsonl").stdout)
    assert (failing["health"], failing["failures"], failing["episodes"]) == (
        "failing",
        3,
        [failing["episodes"][0]],
    )
    site.answers["/2.mp3"] = 200
    back = check(podcat, site, code=0)
    assert "since the last check: 1 came back" in back.stderr
    assert json.loads(podcat("links", "--recovered", "--format", "jsonl").stdout)["state"] == "ok"


def test_what_programs_may_not_see_rests_too(podcat: Podcat, site: Site, page: Path) -> None:
    site.answers["/2.mp3"] = 403
    podcat("add", page.name)
    for _ in range(2):
        assert states(check(podcat, site, code=0)) == {"/1.mp3": "ok", "/2.mp3": "gated"}
    assert site.asked == {"/1.mp3": 1, "/2.mp3": 1}


def test_why(podcat: Podcat, site: Site, page: Path) -> None:
    podcat("add", page.name)
    check(podcat, site)
    lines = podcat("check", "--why", f"{SITE}/2.mp3").stdout.splitlines()
    assert lines[0].split() == ["checked", "at", "state", "status", "rule", "evidence"]
    assert lines[1].split()[1:3] == ["gone", "404"]
    assert f"{SITE}/2.mp3: 404, text/plain, 2" in lines[1]
    assert lines[2].startswith("failing since ")
    assert lines[2].endswith("; 1 failure in a row; looked at by every check")
    assert "; due again on " in podcat("check", "--why", f"{SITE}/1.mp3").stdout
    (kept,) = map(
        json.loads,
        podcat("check", "--why", f"{SITE}/1.mp3", "--format", "jsonl").stdout.splitlines(),
    )
    assert kept["state"] == "ok"
    assert kept["rule"]
    assert kept["evidence"]["answers"][0]["type"] == "audio/mpeg"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--why", "https://x.example/"),
            "https://x.example/: no look at it is kept; podcat check looks",
        ),
        (("--why", "https://x.example/", "page.html"), "--why: goes without a SOURCE"),
        (
            ("--why", "https://x.example/", "--format", "sarif"),
            "--format sarif: says nothing of --why",
        ),
    ],
)
def test_why_not(podcat: Podcat, page: Path, arguments: tuple[str, ...], said: str) -> None:
    podcat("add", page.name)
    done = podcat("check", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_settings_count_where_options_say_nothing(podcat: Podcat, site: Site, page: Path) -> None:
    settings = page.with_name("podcat.toml")
    settings.write_text(
        '[check]\nexclude = ["2.mp3$"]\nfail_on = ["ok"]\nmax_age = "1h"\nthreads = 2\n'
    )
    assert states(check(podcat, site, page.name)) == {"/1.mp3": "ok", "/2.mp3": "unchecked"}
    assert states(check(podcat, site, page.name)) == {"/1.mp3": "ok", "/2.mp3": "unchecked"}
    assert site.asked == {"/1.mp3": 1}
    check(podcat, site, "--fail-on", "gone", page.name, code=0)


def test_an_ignored_address_is_not_asked(podcat: Podcat, site: Site, page: Path) -> None:
    page.write_text(
        f'<html><body>\n<!-- podcat-ignore -->\n<audio src="{SITE}/2.mp3"></audio></body></html>'
    )
    assert states(check(podcat, site, page.name, code=0)) == {"/2.mp3": "unchecked"}
    assert site.asked == {}


@pytest.mark.parametrize("form", ["table", "junit", "sarif", "github"])
def test_every_format_of_the_live_check(podcat: Podcat, site: Site, page: Path, form: str) -> None:
    done = podcat("check", "--retries", "0", *site.remap, "--format", form, page.name)
    assert done.returncode == 1
    assert f"{SITE}/2.mp3" in done.stdout
    assert "2 addresses: 1 gone, 1 ok" in (done.stdout if form == "table" else done.stderr)
