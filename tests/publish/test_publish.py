"""`podcat build`: the whole site as files."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from publish_samples import (
    BASE,
    NEVER,
    PREFIX,
    WILD,
    configured,
    contents,
    crawl,
    hosted,
    plain_page,
    stored,
    wild_page,
)

from podcat.catalogue import open_catalogue
from podcat.config import Config
from podcat.feed.lint import lint
from podcat.publish import Built, build
from podcat.web import lists

Podcat = Callable[..., subprocess.CompletedProcess[str]]
SEEDS = Path(__file__).parents[2] / "seeds"
MANY = 40
"""Plain recordings."""
ONE, TWO = f"1-report-{MANY}-of-many", f"2-report-{MANY - 1}-of-many"
"""Names of the two that came first."""
MANIFEST = ".podcat-build.json"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Of a catalogue with plain recordings and some that are not."""
    made = configured(tmp_path_factory.mktemp("publish"))
    with open_catalogue(made.database) as catalogue:
        stored(catalogue, plain_page(range(1, MANY + 1)), "plain")
        stored(catalogue, wild_page(), "wild")
    return made


@pytest.fixture(scope="module")
def root(config: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a host on which the site lies below some other folders."""
    root = tmp_path_factory.mktemp("host")
    built = build(config, root / PREFIX[1:])
    assert built.problems == []
    assert built.written == len(built.files)
    return root


@pytest.fixture(scope="module")
def site(root: Path) -> Path:
    """The folder of the site."""
    return root / PREFIX[1:]


def page(site: Path, path: str) -> str:
    return (site / path).read_text(encoding="utf-8")


# ---------------------------------------------------------------- what is there


def test_every_link_answers_below_a_path_of_a_plain_file_server(root: Path, site: Path) -> None:
    with hosted(root) as port:
        statuses = crawl(port)
    assert {path: status for path, status in statuses.items() if status != 200} == {}
    reached = {path.partition("?")[0].removeprefix(PREFIX) for path in statuses}
    lists = {"/", "/episodes/", "/tags/ice/", "/people/ana-ruiz/", "/programmes/a-programme/",
             "/providers/npr/", "/pages/1/", "/feeds/ice/", "/feeds/ice.rss", "/feeds.opml",
             "/tags/ice.rss", "/tags/ice.json", "/search/", "/status/"}  # fmt: skip
    assert lists <= reached
    episodes = [path for path in reached if re.fullmatch(r"/episodes/\d+[^/]*/", path)]
    assert len(episodes) == MANY + len(WILD), "each recording is in a list"


def test_no_name_is_too_long_for_a_file_system(site: Path) -> None:
    longest = max(len(part.encode()) for path in contents(site) for part in path.split("/"))
    assert 150 < longest <= 210


def test_addresses_of_the_server_lead_to_the_same(root: Path) -> None:
    """What feeds name, and what people have kept, has no slash at its end."""
    from urllib.request import urlopen

    with hosted(root) as port:
        for path in ("/tags/ice", f"/episodes/{ONE}", "/feeds/newest"):
            with urlopen(f"http://127.0.0.1:{port}{PREFIX}{path}") as answer:
                assert answer.url.endswith(f"{path}/")


def test_feeds_are_whole_and_go_on_to_the_oldest(site: Path, config: Config) -> None:
    met: list[str] = []
    file = "feeds/ice.json"
    while file:
        feed = json.loads(page(site, file))
        assert feed["feed_url"] == f"{BASE}/{file}"
        met += [item["id"] for item in feed["items"]]
        file = feed.get("next_url", "").removeprefix(f"{BASE}/")
    assert len(met) == len(set(met)) == MANY
    assert page(site, "feeds/ice.rss").count("<item>") <= 20


@pytest.mark.parametrize("kind", ["rss", "json", "opml"])
def test_feeds_are_without_fault(site: Path, kind: str) -> None:
    feeds = [path for path in site.rglob(f"*.{kind}") if "index" not in path.parts]
    assert feeds
    for path in feeds:
        url = f"{BASE}/{path.relative_to(site).as_posix()}"
        findings = [f for f in lint(path.read_bytes(), url) if f.rule.severity == "error"]
        assert findings == [], path


def test_private_feeds_are_never_written(site: Path) -> None:
    assert not [path for path, data in contents(site).items() if NEVER.encode() in data]


def test_pages_say_themselves_what_a_server_says_in_headers(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        head = text.partition("</head>")[0]
        policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', head)
        assert policy, path
        assert "script-src 'self'" in policy[1]
        assert "default-src 'none'" in policy[1]
        assert "frame-ancestors" not in policy[1], "of no use in a page"
        assert head.index("Security-Policy") < head.index("<link")
        assert '<meta name="referrer" content="same-origin">' in head
        assert not re.search(r"<script(?![^>]*(?: src=|ld\+json))", text), path
        assert not re.search(r'\s(?:style|on\w+)="', text), path


def test_what_needs_a_server_is_left_out(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "oembed" not in text, path
        assert "?order=" not in text
        assert "?after=" not in text
        forms = set(re.findall(r'<form[^>]* action="([^"]*)"', text))
        assert forms <= {f"{PREFIX}/search/"}, path


def test_a_player_comes_from_a_page_of_its_own(site: Path) -> None:
    text = page(site, f"episodes/{ONE}/index.html")
    assert f'href="{PREFIX}/embed/1/play/#player"' in text
    assert "<iframe" not in text
    assert f'src="https://www.npr.org/player/embed/{MANY}/{MANY}"' in page(
        site, "embed/1/play/index.html"
    )


def test_maps_and_cards_name_the_addresses_that_need_no_redirect(site: Path) -> None:
    own = f"{BASE}/episodes/{ONE}/"
    assert f"<loc>{own}</loc>" in page(site, "sitemap-1.xml")
    text = page(site, f"episodes/{ONE}/index.html")
    assert f'<link rel="canonical" href="{own}">' in text
    assert f'"url": "{own}"' in text
    assert f"Sitemap: {BASE}/sitemap.xml" in page(site, "robots.txt")


def test_the_page_for_what_is_not_there_works_at_any_depth(site: Path) -> None:
    text = page(site, "404.html")
    assert "There is nothing here" in text
    assert f'href="{PREFIX}/static/style.css?v=' in text


# ---------------------------------------------------------------- once more


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Config, Path]:
    """A small catalogue, and its site as the first build left it."""
    folder = tmp_path_factory.mktemp("small")
    config = configured(folder)
    with open_catalogue(config.database) as catalogue:
        stored(catalogue, plain_page(range(1, 12)), "plain")
    build(config, folder / "site")
    return config, folder / "site"


def times(folder: Path) -> dict[str, int]:
    return {path: (folder / path).stat().st_mtime_ns for path in contents(folder)}


def test_a_second_build_writes_nothing(small: tuple[Config, Path]) -> None:
    config, site = small
    before, bytes_before = times(site), contents(site)
    built = build(config, site)
    assert (built.written, built.removed, built.problems) == (0, 0, [])
    assert times(site) == before
    assert contents(site) == bytes_before


def test_two_processes_write_the_same_bytes(small: tuple[Config, Path], tmp_path: Path) -> None:
    config, site = small
    built = build(config, tmp_path / "site", jobs=2)
    assert built.problems == []
    assert contents(tmp_path / "site") == contents(site)


@pytest.fixture
def growing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Config, Path]:
    """A catalogue of a test's own, and its site with short lists."""
    monkeypatch.setattr(lists, "PAGE", 10)
    folder = tmp_path / "growing"
    folder.mkdir()
    config = configured(folder)
    with open_catalogue(config.database) as catalogue:
        stored(catalogue, plain_page(range(1, MANY + 1)), "plain")
    build(config, folder / "site")
    return config, folder / "site"


def test_one_more_recording_changes_only_what_it_must(growing: tuple[Config, Path]) -> None:
    config, site = growing
    before = contents(site)
    with open_catalogue(config.database) as catalogue:
        stored(catalogue, plain_page(range(900, 901), day="2022-01-01", name="other"), "other")
    built = build(config, site)
    after = contents(site)
    changed = {path for path in after if after[path] != before.get(path)}
    assert built.written == len(changed - {MANIFEST})
    assert built.removed == len(before.keys() - after.keys())
    for name in ("episodes", "tags/ice", "people/ana-ruiz"):
        pages = [path for path in changed if path.startswith(f"{name}/after/")]
        assert len(pages) <= 1, "the other pages of the list stay as they are"
    others = [p for p in changed if re.match(r"(episodes|embed)/\d", p) and "900" not in p]
    assert [p for p in others if not p.startswith(f"embed/{MANY + 1}/")] == []
    assert len([path for path in after if path.startswith("episodes/after/")]) >= 2


def test_what_is_gone_is_removed_and_what_others_put_there_stays(
    growing: tuple[Config, Path],
) -> None:
    config, site = growing
    (site / "CNAME").write_text("audio.example\n", encoding="utf-8")
    (site / "episodes" / ONE / "mine.txt").write_text("mine", encoding="utf-8")
    with open_catalogue(config.database) as catalogue:
        catalogue.hide(1)
        catalogue.hide(2)
    built = build(config, site)
    assert built.problems == []
    after = contents(site)
    assert after["CNAME"] == b"audio.example\n"
    assert after[f"episodes/{ONE}/mine.txt"] == b"mine"
    assert f"episodes/{ONE}/index.html" not in after
    assert not (site / "episodes" / TWO).exists(), "an empty folder stays"
    assert built.removed >= 6


class _StopError(Exception):
    """Somebody presses Ctrl-C."""


@contextmanager
def _stopping(_: int) -> Iterator[Callable[[int], None]]:
    def step(files: int) -> None:
        if files > 40:
            raise _StopError

    yield step


def test_a_build_that_was_cut_short_is_taken_up_and_leaves_nothing(
    small: tuple[Config, Path], tmp_path: Path
) -> None:
    config, site = small
    target = tmp_path / "site"
    with pytest.raises(_StopError):
        build(config, target, step=_stopping)
    half = contents(target)
    assert 40 <= len(half) < len(contents(site))
    # What the broken build wrote and the next one does not is known to be ours.
    (target / "tags" / "left").mkdir(parents=True)
    (target / "tags" / "left" / "index.html").write_text("old", encoding="utf-8")
    with (target / ".podcat-build.journal").open("a", encoding="utf-8") as journal:
        journal.write('"tags/left/index.html"\n"../outside"\n"/etc/nothing"\n"cut sho')
    built = build(config, target)
    assert built.removed == 1
    assert built.written < len(built.files)
    assert contents(target) == contents(site)


def test_a_folder_of_somebody_elses_is_refused(podcat: Podcat, tmp_path: Path) -> None:
    kept = "index.html"
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / kept).write_text("mine", encoding="utf-8")
    found = podcat("build", folder)
    assert found.returncode == 2
    assert len(found.stderr.splitlines()) <= 2
    assert f"{folder}: is not empty, and podcat build did not write it" in found.stderr
    assert contents(folder) == {kept: b"mine"}


def test_a_page_that_cannot_be_made_keeps_its_old_file(
    small: tuple[Config, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from podcat.web import status

    def broken() -> str:
        raise RuntimeError("out of order")

    monkeypatch.setattr(status, "_providers", lambda _: broken())
    config, site = small
    before = contents(site)
    built = build(config, site)
    assert [p for p in built.problems if p.startswith("/status: cannot be made (status 500)")]
    assert contents(site) == before


# ---------------------------------------------------------------- the command


def test_the_command_tells_what_it_did(podcat: Podcat, tmp_path: Path) -> None:
    podcat("add", SEEDS)
    first = podcat("build", "site", "--base-url", "https://example.org/audio")
    assert (first.returncode, first.stdout) == (0, "")
    told = re.fullmatch(
        r"site: (\d+) files, (\d+) written, 0 removed, [\d,]+ links checked in [\d.]+ s",
        first.stderr.strip(),
    )
    assert told
    assert told[1] == told[2]
    assert "https://example.org/audio/feeds/newest.rss" in page(tmp_path, "site/feeds/newest.rss")
    alone = podcat("build", "site", "--base-url", "example.org")
    assert alone.returncode == 2
    assert "--base-url: base_url is not an address" in alone.stderr


def test_an_empty_catalogue_is_a_site_too(config: Config, tmp_path: Path) -> None:
    empty = replace(config, database=f"sqlite:///{tmp_path}/empty.db")
    built: Built = build(empty, tmp_path / "site")
    assert built.problems == []
    assert "The catalogue is empty so far" in page(tmp_path, "site/index.html")


def test_files_offer_nobody_to_add(config: Config, tmp_path: Path) -> None:
    own = replace(config, database=f"sqlite:///{tmp_path}/own.db")
    with open_catalogue(own.database) as catalogue:
        catalogue.new_add_token("Ana")
    built = build(own, tmp_path / "site")
    assert built.problems == []
    assert not (tmp_path / "site" / "add").exists()
    assert "Add a page" not in page(tmp_path, "site/index.html")
