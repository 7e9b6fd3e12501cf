"""The commands as people and scripts use them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

Podcat = Callable[..., subprocess.CompletedProcess[str]]

COMMANDS = ("extract", "add", "serve", "episodes", "feed", "check", "providers")
PLAYER = "https://www.npr.org/player/embed/764153179/768167031"
CONTRACT = [
    "provider", "id", "status", "kind", "title", "description", "programme", "language",
    "duration", "published", "embed_url", "link", "audio_url", "transcript_url", "image_url",
    "has_download", "has_transcript", "people", "page", "place", "provenance",
]  # fmt: skip


def output(done: subprocess.CompletedProcess[str], code: int = 0) -> str:
    assert (done.returncode, done.stderr) == (code, "")
    return done.stdout


def objects(done: subprocess.CompletedProcess[str], code: int = 0) -> list[dict[str, object]]:
    return [json.loads(line) for line in output(done, code).splitlines()]


# ---------------------------------------------------------------- help and usage


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(podcat: Podcat, command: str) -> None:
    text = output(podcat(command, "--help"))
    assert f"Example: podcat {command}" in text
    assert f"  {command} " in output(podcat("--help"))


def test_without_a_command_there_is_help(podcat: Podcat) -> None:
    done = podcat()
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("Usage: podcat")


def test_the_version_is_that_of_the_package(podcat: Podcat) -> None:
    from podcat import __version__

    assert output(podcat("--version")) == f"podcat {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["frobnicate"], "podcat: no such command 'frobnicate'; see podcat --help"),
        (["extract"], "podcat: missing argument 'SOURCE...'; see podcat extract --help"),
        (["extract", "--form", "x"], "see podcat extract --help"),
        (["check", "--max-age", "old"], "old is no age; write 30m, 12h, 7d or 2w"),
        (["check", "--include", "("], "'(' is no regular expression"),
        (["check", "no*such.html"], "no*such.html: no file matches"),
        (["check", "--timeout", "nan", "x"], "nan is not in the range 0.1<=x<=3600"),
        (["check", "--interval", "NaN", "x"], "nan is not in the range 0<=x<=3600"),
        (["check", "--offline", "--fail-on", "bad"], "no such state; use ok, moved, malformed"),
        (["check", "--offline", "http://example.org/"], "--offline asks nobody"),
        (["extract", "-", "-"], "podcat: -: standard input can be read once"),
        (
            ["check", "--offline", "--remap", "http://a.org", "http://b.org"],
            "--remap: goes with the live check; leave it out with --offline",
        ),
        (["check", "--offline", "--allow-private"], "--allow-private: goes with the live check"),
        (["check", "--remap", "a", "b"], "a is not an http or https address"),
        (["add", "--tag", "...", "x.html"], "'...' has no word in it; see podcat add --help"),
        (["add", "--tag", "", "x.html"], "'' has no word in it"),
        (["episodes", "--tag", "]]>"], "']]>' has no word in it"),
        (["episodes", "--order", "best"], "see podcat episodes --help"),
        (["episodes", "--since", "yesterday"], "yesterday is not a date; write 2022, 2022-01"),
        (["episodes", "--since", "2022-02-30"], "2022-02-30 is not a date"),
        (["episodes", "--provider", "nobody"], "nobody is called nobody; see podcat providers"),
        (["feed", "missing"], "no feed of that name in feeds; declare it in feeds/missing.toml"),
        (["feed", "missing.toml"], "missing.toml"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(
    podcat: Podcat, arguments: list[str], said: str
) -> None:
    done = podcat(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_options_of_every_command_count_before_and_after_it(podcat: Podcat, page: Path) -> None:
    for arguments in (["--debug", "check"], ["check", "--debug"]):
        assert "Traceback" in podcat(*arguments).stderr
    for option in ("-q", "--quiet", "-v", "--verbose", "--debug"):
        assert output(podcat(option, "extract", page.name)) == output(
            podcat("extract", page.name, option)
        )


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_quiet_leaves_notes_out(podcat: Podcat, declared: Path, before: bool) -> None:
    output(podcat("add", "pages"))
    written = ["feed", "kz", "-o", "kz.rss"]
    assert podcat(*written).stderr.startswith("kz.rss: ")
    assert output(podcat(*(["--quiet", *written] if before else [*written, "--quiet"]))) == ""


def test_only_debug_shows_where_an_error_came_from(podcat: Podcat) -> None:
    assert "Traceback" in podcat("--debug", "feed", "missing").stderr
    assert "Traceback" not in podcat("feed", "missing").stderr


# ---------------------------------------------------------------- extract


def test_extract_prints_a_table(podcat: Podcat, folder: Path) -> None:
    lines = output(podcat("extract", folder.name)).splitlines()
    assert lines[0].split() == ["provider", "id", "status", "length", "published", "title"]
    assert [line.split()[1] for line in lines[1:]] == [
        "764153179/768167031",
        "428355181/428355182",
    ]


def test_extract_prints_the_objects_of_the_contract(podcat: Podcat, page: Path) -> None:
    (found,) = objects(podcat("extract", "--format", "jsonl", page.name))
    assert list(found)[: len(CONTRACT)] == CONTRACT
    assert (found["provider"], found["id"]) == ("npr", "764153179/768167031")
    assert found["status"] == "identified"


def test_extract_reads_standard_input_and_a_pages_address(podcat: Podcat, page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    url = "https://www.npr.org/2019/10/29/764153179/story"
    (found,) = objects(podcat("extract", "--format", "jsonl", "--url", url, "-", text=html))
    assert found["id"] == "764153179/768167031"
    assert found["page"]["url"] == url  # type: ignore[index]


def test_extract_explains_which_rule_matched_where(podcat: Podcat, page: Path) -> None:
    text = output(podcat("extract", "--explain", page.name))
    assert "npr 764153179/768167031 (page.html:4" in text
    (found,) = objects(podcat("extract", "--format", "jsonl", page.name))
    for field, rule in found["provenance"].items():  # type: ignore[attr-defined]
        assert any(line.split()[:2] == [field, rule] for line in text.splitlines()), field


def test_extract_explains_in_json_too(podcat: Podcat, page: Path) -> None:
    (found,) = objects(podcat("extract", "--explain", "--format", "jsonl", page.name))
    assert {"field", "value", "rule"} == set(found["candidates"][0])  # type: ignore[index]


def test_extract_makes_no_database(podcat: Podcat, page: Path) -> None:
    podcat("extract", page.name)
    assert list(page.parent.iterdir()) == [page]


def test_letters_of_all_scripts_pass_in_any_locale(podcat: Podcat, page: Path) -> None:
    html = page.read_text(encoding="utf-8").replace("A page", "Қазақстан 中文")
    page.write_text(html, encoding="utf-8")
    env = {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONIOENCODING": "ascii",
    }
    done = podcat("extract", "--format", "jsonl", page.name, env=env)
    assert "Қазақстан 中文" in output(done)


def test_a_reader_that_has_read_enough_is_no_error(
    podcat: Podcat, folder: Path, environment: dict[str, str]
) -> None:
    (folder / "c.html").write_text(
        "".join(f'<iframe src="{PLAYER[:-4]}{n:05}"></iframe>' for n in range(3000)),
        encoding="utf-8",
    )
    with subprocess.Popen(
        [sys.executable, "-m", "podcat", "extract", "--format", "jsonl", str(folder)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/page" else 404)
        self.end_headers()
        if self.path == "/page":
            self.wfile.write(f'<html><iframe src="{PLAYER}"></iframe></html>'.encode())

    def log_message(self, *_: object) -> None:
        pass


def test_a_source_may_be_an_address(podcat: Podcat) -> None:
    with HTTPServer(("127.0.0.1", 0), _Site) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        done = podcat(
            "extract", "--allow-private", "--format", "jsonl", f"{base}/page", f"{base}/gone"
        )
        server.shutdown()
    assert done.returncode == 1
    assert done.stderr == f"{base}/gone: answers 404 Not Found\n"
    (found,) = map(json.loads, done.stdout.splitlines())
    assert found["page"]["url"] == f"{base}/page"


# ---------------------------------------------------------------- add and episodes


def test_adding_again_changes_nothing(podcat: Podcat, folder: Path) -> None:
    first, second = podcat("add", folder.name), podcat("add", folder.name)
    assert output(first) == "2 new, 0 changed, 0 unchanged, 0 unresolved (2 documents)\n"
    assert output(second) == "0 new, 0 changed, 2 unchanged, 0 unresolved (2 documents)\n"


def test_adding_counts_in_json(podcat: Podcat, folder: Path) -> None:
    (counts,) = objects(podcat("add", "--json", folder.name))
    assert counts == {
        "new": 2, "changed": 0, "unchanged": 0, "unresolved": 0, "documents": 2, "problems": 0,
    }  # fmt: skip


def test_a_tag_is_put_on_what_is_found(podcat: Podcat, page: Path) -> None:
    output(podcat("add", "--tag", "Central Asia", "--tag", "Uighurs", page.name))
    (episode,) = objects(podcat("episodes", "--tag", "central asia", "--format", "jsonl"))
    assert {"Central Asia", "Uighurs"} <= set(episode["tags"])  # type: ignore[call-overload]
    assert objects(podcat("episodes", "--tag", "other", "--format", "jsonl")) == []


def test_the_database_is_where_the_settings_say(podcat: Podcat, page: Path) -> None:
    (page.parent / "etc").mkdir()
    (page.parent / "etc/podcat.toml").write_text('database = "sqlite:///x.db"', encoding="utf-8")
    output(podcat("--config", "etc/podcat.toml", "add", page.name))
    assert (page.parent / "etc/x.db").exists()
    assert not (page.parent / "podcat.db").exists()


def test_episodes_are_narrowed_by_every_option(podcat: Podcat, folder: Path) -> None:
    output(podcat("add", folder.name, env={"SOURCE_DATE_EPOCH": "1642032000"}))  # 2022-01-13

    def found(*options: str) -> int:
        return len(objects(podcat("episodes", "--format", "jsonl", *options)))

    assert found() == 2
    assert found("--limit", "1") == 1
    assert found("--provider", "npr") == 2
    assert found("--provider", "rferl") == 0
    assert found("--tag", "Kazakhstan") == 1
    assert found("--q", "one report") == 1
    assert found("--q", "one rep*") == 1
    assert found("-q") == 2  # that is --quiet, as everywhere
    assert found("--player-only") == 2
    assert found("--playable") == 0
    assert found("--since", "2022-01-13", "--until", "2022-01-13") == 2
    assert found("--since", "2022-01", "--until", "2022") == 2
    assert found("--since", "2022-01-14") == 0
    assert found("--until", "2022-01-12") == 0
    assert found("--until", "2021-12") == 0


def test_episodes_come_by_time_or_the_best_first(podcat: Podcat, page: Path) -> None:
    for number, title in enumerate(("Other player", "A sea player", "Sea, sea and sea")):
        said = (
            page.read_text()
            .replace("A report from Almaty", title)
            .replace("764153179", f"76415317{number}")
        )
        page.with_name(f"{number}.html").write_text(said)
        output(
            podcat("add", f"{number}.html", env={"SOURCE_DATE_EPOCH": str(1_642_032_000 - number)})
        )

    def found(*options: str) -> list[object]:
        return [e["title"] for e in objects(podcat("episodes", "--format", "jsonl", *options))]

    assert found("--q", "sea") == ["A sea player", "Sea, sea and sea"]
    assert found("--q", "sea", "--order", "relevance") == ["Sea, sea and sea", "A sea player"]
    assert found("--order", "relevance") == found()
    assert found("--order", "longest") == found(), "of equal length the newest come first"


def test_episodes_come_as_a_table(podcat: Podcat, folder: Path) -> None:
    output(podcat("add", folder.name))
    lines = output(podcat("episodes")).splitlines()
    assert lines[0].split() == ["id", "date", "provider", "length", "file", "title"]
    assert len(lines) == 3


def test_a_table_shows_days_not_moments(podcat: Podcat, tmp_path: Path) -> None:
    item = {"id": "1", "date_published": "2022-02-03T10:00:00Z", "attachments": [
        {"url": "https://media.example/1.mp3", "mime_type": "audio/mpeg"}]}  # fmt: skip
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Talk", "items": [item]}
    (tmp_path / "feed.json").write_text(json.dumps(feed), encoding="utf-8")
    output(podcat("add", "feed.json"))
    assert output(podcat("episodes")).splitlines()[1].split()[1] == "2022-02-03"


def test_a_page_without_a_player_is_told_of(podcat: Podcat, tmp_path: Path) -> None:
    (tmp_path / "list.html").write_text('<html><a href="/1">A story</a></html>', encoding="utf-8")
    done = podcat("add", "list.html")
    assert done.stdout == "0 new, 0 changed, 0 unchanged, 0 unresolved (1 document)\n"
    assert done.stderr == (
        "nothing was recognised; podcat extract --explain says of each document why\n"
    )
    explained = podcat("extract", "--explain", "list.html")
    assert explained.returncode == 0
    assert explained.stdout + explained.stderr


def test_the_providers_are_listed(podcat: Podcat) -> None:
    lines = output(podcat("providers")).splitlines()
    assert {"npr", "rferl", "voa", "x-spaces", "audio-file"} <= {line.split()[0] for line in lines}


# ---------------------------------------------------------------- check


def test_check_finds_nothing_wrong_offline(podcat: Podcat, page: Path) -> None:
    results = objects(podcat("check", "--offline", "--format", "jsonl", page.name))
    player = next(r for r in results if r["url"] == PLAYER)
    assert (player["kind"], player["provider"], player["id"]) == (
        "player", "npr", "764153179/768167031",
    )  # fmt: skip
    assert (player["state"], player["status"]) == ("unchecked", None)
    assert player["places"] == [{"document": "page.html", "line": 4}]
    assert {r["state"] for r in results} == {"unchecked"}


@pytest.fixture
def wrong(page: Path) -> Path:
    """A page with a glued parameter in the address of its player."""
    html = page.read_text(encoding="utf-8").replace(PLAYER, PLAYER + "%3Fautoplay%3D1")
    page.write_text(html, encoding="utf-8")
    return page


def test_check_fails_on_a_malformed_address_and_suggests(podcat: Podcat, wrong: Path) -> None:
    results = objects(podcat("check", "--offline", "--format", "jsonl", wrong.name), code=1)
    (broken,) = (r for r in results if r["state"] == "malformed")
    assert broken["url"] == PLAYER + "%3Fautoplay%3D1"
    assert broken["suggestion"] == PLAYER
    assert broken["places"] == [{"document": "page.html", "line": 4}]


def test_check_for_people(podcat: Podcat, wrong: Path) -> None:
    lines = output(podcat("check", "--offline", wrong.name), code=1).splitlines()
    assert lines[0].split() == ["line", "state", "kind", "address", "detail"]
    assert lines[1] == wrong.name
    assert "malformed  player" in lines[2]
    assert f"try {PLAYER}" in lines[2]
    assert lines[-1] == "1 address: 1 malformed"


def test_what_fails_the_check_can_be_chosen(podcat: Podcat, wrong: Path, page: Path) -> None:
    assert podcat("check", "--offline", "--fail-on", "gone,hollow", wrong.name).returncode == 0
    assert podcat("check", "--offline", "--fail-on", "malformed", wrong.name).returncode == 1


def test_check_without_a_source_checks_the_catalogue(podcat: Podcat, folder: Path) -> None:
    output(podcat("add", folder.name))
    results = objects(podcat("check", "--offline", "--format", "jsonl"))
    players = {r["url"]: r for r in results if r["kind"] == "player"}
    assert PLAYER in players
    assert players[PLAYER]["places"] == [{"document": "pages/a.html", "line": 4}]
    assert len(players) == 2


def test_the_catalogue_is_as_wrong_as_its_documents(podcat: Podcat, wrong: Path) -> None:
    assert podcat("add", wrong.name).returncode == 0
    ours = objects(podcat("check", "--offline", "--format", "jsonl"), code=1)
    theirs = objects(podcat("check", "--offline", "--format", "jsonl", wrong.name), code=1)
    for result in (*ours, *theirs):
        del result["checked_at"]
    assert ours == theirs
    assert ours[0]["places"] == [{"document": "page.html", "line": 4}]


@pytest.mark.parametrize(
    ("scheme", "state"), [("http:", "unchecked"), ("", "unchecked"), ("HTTPS:", "unchecked")]
)
def test_check_says_what_stands_in_the_document(
    podcat: Podcat, page: Path, scheme: str, state: str
) -> None:
    html = page.read_text(encoding="utf-8").replace("https:", scheme)
    page.write_text(html, encoding="utf-8")
    (result,) = objects(podcat("check", "--offline", "--format", "jsonl", page.name))
    expected = PLAYER.replace("https", "http") if scheme == "http:" else PLAYER
    assert (result["url"], result["state"], result["suggestion"]) == (expected, state, None)


# ---------------------------------------------------------------- feed


@pytest.fixture
def declared(folder: Path) -> Path:
    """A declared feed, `feeds/kz.toml`."""
    path = folder.parent / "feeds/kz.toml"
    path.parent.mkdir()
    path.write_text(
        'title = "Kazakhstan"\ndescription = "About it"\n[selection]\ntag = "Kazakhstan"\n',
        encoding="utf-8",
    )
    return path


def test_a_feed_is_printed_by_name_and_by_file(
    podcat: Podcat, folder: Path, declared: Path
) -> None:
    output(podcat("add", folder.name))
    env = {"PODCAT_BASE_URL": "https://pods.example/"}
    by_name = output(podcat("feed", "kz", env=env))
    assert by_name == output(podcat("feed", "feeds/kz.toml", env=env))
    assert by_name.startswith("<?xml")
    assert by_name.count("<item>") == 1
    assert "https://pods.example/feeds/kz.rss" in by_name


def test_a_feed_is_written_whole_into_a_file(podcat: Podcat, folder: Path, declared: Path) -> None:
    output(podcat("add", folder.name))
    target = declared.with_name("kz.rss")
    target.write_text("old", encoding="utf-8")
    assert output(podcat("--quiet", "feed", "kz", "-o", "feeds/kz.rss")) == ""
    assert target.read_text(encoding="utf-8") == output(podcat("feed", "kz"))
    assert sorted(p.name for p in declared.parent.iterdir()) == ["kz.rss", "kz.toml"]


def test_a_feed_that_cannot_be_written_is_named(
    podcat: Podcat, folder: Path, declared: Path
) -> None:
    output(podcat("add", folder.name))
    done = podcat("feed", "kz", "-o", "nowhere/kz.rss")
    assert done.returncode == 2
    assert done.stderr == ("podcat: nowhere/kz.rss: cannot be written: No such file or directory\n")


def test_a_feed_misspelt_is_guessed(podcat: Podcat, declared: Path) -> None:
    done = podcat("feed", "kzz")
    assert done.returncode == 2
    assert "did you mean kz?" in done.stderr


def test_the_same_input_at_the_same_time_gives_the_same_feed(
    podcat: Podcat, folder: Path, declared: Path
) -> None:
    env = {"SOURCE_DATE_EPOCH": "1642032000"}
    feeds = []
    for database in ("a", "b"):
        env["PODCAT_DATABASE"] = f"sqlite:///{database}.db"
        output(podcat("add", folder.name, env=env))
        feeds.append(output(podcat("feed", "kz", env=env)))
    assert feeds[0] == feeds[1]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line(page: Path, environment: dict[str, str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "podcat", "extract", str(page)],
            env=environment, stdout=full, stderr=subprocess.PIPE, check=False, encoding="utf-8",
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "podcat: output: No space left on device\n")
