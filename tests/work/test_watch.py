"""`podcat watch` and `podcat worker`: what is new on a source is in the catalogue, politely."""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections import Counter
from itertools import count
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "resolve"))

import known_hosts
from known_hosts import MP3, run, world

from podcat.catalogue import Catalogue, open_catalogue
from podcat.errors import DatabaseError
from podcat.work import batch

BLOG = "https://blog.example"
FEED = "https://show.example/feed"
MEDIA = "https://media.example"
QUICKLY = ("--timeout", "4", "--retries", "0", "--interval", "0")
Reply = world.Reply
NO_ROBOTS = Reply(404, "none")


def page(*stories: int) -> Reply:
    frames = "".join(f'<iframe src="{known_hosts.player(n)}"></iframe>' for n in stories)
    return world.html("A blog", frames, ETag='"1"')


def feed(*numbers: int, head: str = "", pages: tuple[str, ...] = ()) -> Reply:
    items = "".join(
        f"<item><title>Talk {n}</title><guid>{n}</guid>"
        f'<enclosure url="{MEDIA}/{n}.mp3" length="9" type="audio/mpeg"/></item>'
        for n in numbers
    ) + "".join(f"<item><title>Story</title><link>{url}</link></item>" for url in pages)
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>S</title>{head}{items}</channel></rss>'
    return Reply(200, body, {"Content-Type": "application/rss+xml"})


def sitemap(*pages: tuple[str, str]) -> Reply:
    inner = "".join(
        f"<url><loc>{url}</loc>{f'<lastmod>{stamp}</lastmod>' if stamp else ''}</url>"
        for url, stamp in pages
    )
    body = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</urlset>'
    return Reply(200, body, {"Content-Type": "application/xml"})


class Web:
    """Hosts that can change between two looks, and a worker that looks at them."""

    def __init__(self, folder: Path, hosts: world.World, remaps: list[tuple[str, str]]) -> None:
        self.folder, self.hosts = folder, hosts
        self.options = [part for pair in remaps for part in ("--remap", *pair)]

    def set(self, url: str, *replies: Reply) -> None:
        self.hosts._replies[url] = list(replies)

    def work(self, *more: str, code: int = 0) -> str:
        """What the worker says, and forgets what it asked before."""
        self.hosts.asked.clear()
        self.hosts.unknown.clear()
        return run(
            self.folder, "worker", "--until-idle", *QUICKLY, *self.options, *more, code=code
        ).stderr

    def asked(self) -> Counter[str]:
        return Counter(url for url in self.hosts.asked if not url.endswith("robots.txt"))

    def opened(self) -> Catalogue:
        return open_catalogue(f"sqlite:///{self.folder}/podcat.db")

    def due_now(self) -> None:
        """As if the time had come for all sources."""
        with self.opened() as catalogue:
            catalogue._db.run("UPDATE sources SET next_at = 0")
            catalogue._db.run("UPDATE hosts SET not_before = 0")

    def sources(self) -> list[dict[str, object]]:
        said = run(self.folder, "watch", "list", "--format", "jsonl").stdout
        return [json.loads(line) for line in said.splitlines()]

    def titles(self) -> set[str | None]:
        with self.opened() as catalogue:
            return {one.title for one in catalogue.episodes().episodes}


HOSTS = (BLOG, "https://show.example", MEDIA, known_hosts.NPR, known_hosts.ONDEMAND)


@pytest.fixture(name="web")
def _web(tmp_path: Path):  # type: ignore[no-untyped-def]
    replies = {f"{host}/robots.txt": [NO_ROBOTS] for host in HOSTS}
    for n in range(1, 6):
        replies[known_hosts.player(n)] = [
            known_hosts.npr_page(known_hosts.npr_model(known_hosts.sound(n), title=f"Story {n}"))
        ]
        replies[known_hosts.sound(n)] = [world.file(MP3)]
        replies[f"{MEDIA}/{n}.mp3"] = [world.file(MP3)]
    with world.serving(replies) as (hosts, remaps):
        yield Web(tmp_path, hosts, remaps)


def test_what_is_new_on_a_page_is_found_and_playable(web: Web) -> None:
    run(web.folder, "watch", "add", "--tag", "Kazakhstan", f"{BLOG}/tag")
    web.set(f"{BLOG}/tag", page(1))
    said = web.work()
    assert "blog.example: 1 source looked at, 1 new" in said
    with web.opened() as catalogue:
        (one,) = catalogue.episodes().episodes
        assert (one.media_url, one.media_bytes) == (known_hosts.sound(1), len(MP3))
        assert one.tags == ("Kazakhstan",)
        assert one.page_url == f"{BLOG}/tag"
    (source,) = web.sources()
    assert (source["kind"], source["pause"], source["why"]) == ("page", 3600, None)
    web.set(f"{BLOG}/tag", page(2, 1))
    assert web.work() == "in all: nothing was due\n"
    web.due_now()
    web.work()
    assert web.titles() == {"Story 1", "Story 2"}
    assert web.sources()[0]["pause"] == 1800
    assert web.asked()[known_hosts.player(1)] == 0


def test_a_catalogue_that_is_busy_for_long_costs_a_turn_not_the_worker(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, tries = batch.plan, count()

    def busy(setting: batch.Setting, host: str | None = None, **more: float) -> batch.Plan:
        if host is None and next(tries) == 1:
            raise DatabaseError("podcat.db", "is locked", "try again")
        return plan(setting, host, **more)

    monkeypatch.setattr(batch, "plan", busy)
    run(web.folder, "watch", "add", f"{BLOG}/tag")
    web.set(f"{BLOG}/tag", page(1))
    assert "podcat.db: is locked; try again" in web.work(code=1)
    assert web.titles() == {"Story 1"}


def test_the_stories_of_a_listing_are_read_and_new_ones_too(web: Web) -> None:
    def listing(*numbers: int) -> Reply:
        links = "".join(f"<li><a href='/a/story/3000{n}.html'>Story</a></li>" for n in numbers)
        return world.html("A tag", f"<nav><a href='/a/x/99999.html'>x</a></nav><ul>{links}</ul>")

    for n in (1, 2, 3):
        web.set(f"{BLOG}/a/story/3000{n}.html", page(n))
    web.set(f"{BLOG}/tags/kazakhstan", listing(1, 2))
    run(web.folder, "watch", "add", "--tag", "Kazakhstan", f"{BLOG}/tags/kazakhstan")
    web.work()
    assert web.titles() == {"Story 1", "Story 2"}
    assert web.sources()[0]["kind"] == "listing"
    web.set(f"{BLOG}/tags/kazakhstan", listing(3, 1, 2))
    assert "looked at next" in run(web.folder, "watch", "add", f"{BLOG}/tags/kazakhstan").stderr
    web.work()
    assert web.titles() == {"Story 1", "Story 2", "Story 3"}
    assert web.asked()[f"{BLOG}/a/story/30001.html"] <= 1  # as a link
    with web.opened() as catalogue:
        assert {one.tags for one in catalogue.episodes().episodes} == {("Kazakhstan",)}


def test_a_source_that_did_not_change_is_asked_with_its_validators(web: Web) -> None:
    run(web.folder, "watch", "add", f"{BLOG}/tag")
    web.set(f"{BLOG}/tag", page(1))
    web.work()
    web.set(f"{BLOG}/tag", Reply(304, ""))
    web.due_now()
    web.work()
    (source,) = web.sources()
    assert (source["pause"], source["failures"]) == (5400, 0)
    assert web.hosts.headers[f"{BLOG}/tag"]["If-None-Match"] == '"1"'


def test_a_weak_validator_is_one_and_304_answers_nobody_who_has_none(web: Web) -> None:
    run(web.folder, "watch", "add", f"{BLOG}/tag")
    web.set(f"{BLOG}/tag", Reply(304, ""))
    web.work()
    assert web.sources()[0]["why"] == "answers 304 Not Modified"
    stamp = "Sun, 06 Nov 1994 08:49:37 GMT"
    weak = {"ETag": 'W/"a,b"', "Last-Modified": stamp}
    web.set(f"{BLOG}/tag", world.html("A blog", "", **weak))
    web.due_now()
    web.work()
    web.set(f"{BLOG}/tag", Reply(304, ""))
    web.due_now()
    web.work()
    sent = web.hosts.headers[f"{BLOG}/tag"]
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('W/"a,b"', stamp)
    assert web.sources()[0]["failures"] == 0


def test_a_robots_txt_can_be_watched_and_listed_like_any_page(web: Web) -> None:
    run(web.folder, "watch", "add", f"{BLOG}/sitemap.xml")
    run(web.folder, "watch", "add", ROBOTS)
    web.set(f"{BLOG}/sitemap.xml", sitemap((ROBOTS, ""), (f"{BLOG}/1", "")))
    web.set(f"{BLOG}/1", page(1))
    web.set(ROBOTS, Reply(200, "User-agent: *\nAllow: /", {"Content-Type": "text/plain"}))
    web.work()
    assert [source["why"] for source in web.sources()] == [None, None]
    assert web.titles() == {"Story 1"}


def test_an_index_of_packed_sitemaps_is_followed_and_its_pages_change(web: Web) -> None:
    index, packed = f"{BLOG}/index.xml", f"{BLOG}/posts.xml.gz"
    run(web.folder, "watch", "add", index)

    def write(*stories: int) -> None:
        listed = sitemap(*((f"{BLOG}/{n}", "2026-01-01") for n in stories)).body
        web.set(packed, Reply(200, gzip.compress(str(listed).encode()),
                              {"Content-Type": "application/x-gzip"}))  # fmt: skip
        stamp = f"2026-01-0{len(stories)}"
        body = f"<sitemapindex><sitemap><lastmod>{stamp}</lastmod><loc>{packed}</loc></sitemap>"
        web.set(index, Reply(200, f"{body}</sitemapindex>", {"Content-Type": "text/xml"}))

    for n in (1, 2):
        web.set(f"{BLOG}/{n}", page(n))
    write(1)
    web.work()
    assert web.titles() == {"Story 1"}
    write(1, 2)
    web.due_now()
    web.work()
    assert web.titles() == {"Story 1", "Story 2"}
    assert web.asked()[f"{BLOG}/1"] == 0


def test_a_feed_is_read_and_its_stories_are_followed(web: Web) -> None:
    run(web.folder, "watch", "add", FEED)
    head = "<ttl>180</ttl>"
    web.set(FEED, feed(1, head=head, pages=(f"{BLOG}/story",)))
    web.set(f"{BLOG}/story", page(2))
    web.work()
    assert web.titles() == {"Talk 1", "Story 2"}
    (source,) = web.sources()
    assert (source["kind"], source["pause"]) == ("feed", 3 * 3600)
    web.set(FEED, feed(3, 1, head=head, pages=(f"{BLOG}/story",)))
    web.due_now()
    web.work()
    assert web.titles() == {"Talk 1", "Story 2", "Talk 3"}
    assert web.asked()[f"{BLOG}/story"] == 0
    assert web.sources()[0]["pause"] == 3 * 3600


def test_what_a_source_says_of_when_to_look_is_kept_though_it_answers_304(web: Web) -> None:
    run(web.folder, "watch", "add", FEED)
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    today = time.gmtime().tm_wday
    skipped = "".join(f"<day>{day}</day>" for day in days if day != days[today - 2])
    said = feed(1, head=f"<skipDays>{skipped}</skipDays>")
    more = {"Cache-Control": "max-age=18000", "ETag": "x"}
    web.set(FEED, Reply(200, said.body, {**said.headers, **more}))
    web.work()
    web.set(FEED, Reply(304, ""))
    web.due_now()
    web.work()
    with web.opened() as catalogue:
        (one,) = catalogue.sources()
    assert one.least == 5 * 3600
    assert time.gmtime(one.next_at).tm_wday == (today - 2) % 7
    assert one.failures == 0


def test_the_older_pages_of_a_feed_are_read_once_and_not_for_ever(web: Web) -> None:
    def address(number: int) -> str:
        return f"{FEED}?page={number}"

    run(web.folder, "watch", "add", FEED)
    for number in range(9):
        head = (
            f'<link rel="next" href="{address(number + 1)}" xmlns="http://www.w3.org/2005/Atom"/>'
        )
        web.set(address(number) if number else FEED, feed(10 + number, head=head))
        web.set(f"{MEDIA}/{10 + number}.mp3", world.file(MP3))
    web.work()
    assert web.titles() == {f"Talk {10 + n}" for n in range(6)}
    web.set(FEED, feed(3, 10, head=f'<link rel="next" href="{address(1)}" xmlns="x"/>'))
    web.due_now()
    web.work()
    assert "Talk 3" in web.titles()
    assert not [url for url in web.asked() if "page=" in url]


@pytest.mark.parametrize("step", [0, 5], ids=["in a circle", "ever further"])
def test_sitemaps_that_list_sitemaps_come_to_an_end(
    web: Web, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Indexes of indexes, each longer than what is read in one go."""
    monkeypatch.setattr("podcat.work.visits.PAGES", 3)
    run(web.folder, "watch", "add", f"{BLOG}/0.xml")
    for n in range(100):
        listed = "".join(f"<sitemap><loc>{BLOG}/{n * step + m}.xml</loc></sitemap>" for m in range(1, 6))  # fmt: skip
        body = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}'
        web.set(f"{BLOG}/{n}.xml", Reply(200, f"{body}</sitemapindex>"))
    web.work()
    assert 3 < sum(web.asked().values()) < 12
    assert max(web.asked().values()) == 1


def test_of_a_sitemap_what_is_new_or_changed_is_read(web: Web) -> None:
    index, pages = f"{BLOG}/sitemap.xml", [f"{BLOG}/{n}" for n in (1, 2)]
    run(web.folder, "watch", "add", index)
    web.set(index, sitemap((pages[0], "2026-01-01"), (pages[1], "")))
    for number, url in enumerate(pages, 1):
        web.set(url, page(number))
    web.work()
    assert web.titles() == {"Story 1", "Story 2"}
    web.set(index, sitemap((pages[0], "2026-02-01"), (pages[1], "")))
    web.set(pages[0], page(1, 3))
    web.due_now()
    web.work()
    assert web.titles() == {"Story 1", "Story 2", "Story 3"}
    assert (web.asked()[pages[0]], web.asked()[pages[1]]) == (1, 0)


def test_a_large_sitemap_is_read_in_portions_the_newest_first(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    from podcat.work import visits

    monkeypatch.setattr(visits, "PAGES", 2)
    index = f"{BLOG}/sitemap.xml"
    run(web.folder, "watch", "add", index)
    web.set(index, sitemap(*((f"{BLOG}/{n}", f"2026-01-0{n}") for n in range(1, 6))))
    for number in range(1, 6):
        web.set(f"{BLOG}/{number}", page(number))
    for read in ({4, 5}, {2, 3, 4, 5}, {1, 2, 3, 4, 5}):
        web.work()
        assert web.titles() == {f"Story {n}" for n in read}
        web.due_now()


ROBOTS = f"{BLOG}/robots.txt"


@pytest.mark.parametrize(
    ("robots", "why"),
    [
        (Reply(200, "User-agent: *\nDisallow: /ta*g$"), "its robots.txt forbids it to programs"),
        (Reply(200, "User-agent: podcat\nDisallow: /\n\nUser-agent: *\nAllow: /"), "forbids"),
        (Reply(503, "oops"), "its robots.txt answers 503, so nothing is asked for"),
        (world.act("reset"), "its robots.txt gives no answer"),
        (world.to(f"{FEED}/robots"), "its robots.txt forbids it to programs"),
        (Reply(200, "User-agent: *\nDisallow: /\n" + "# x\n" * 300_000), "forbids"),
        (Reply(200, "User-agent: *\nDisallow: /x\n" * 9, {}, "cut"), "gives no answer"),
        (Reply(200, "\ufeffUser-agent: *\r\nDisallow: /\r\n"), "forbids"),
    ],
    ids=["forbidden", "forbidden to us", "503", "reset", "redirect", "huge", "cut off", "BOM"],
)
def test_what_robots_txt_forbids_is_not_asked_for(web: Web, robots: Reply, why: str) -> None:
    run(web.folder, "watch", "add", f"{BLOG}/tag")
    web.set(f"{BLOG}/tag", page(1))
    web.set(ROBOTS, robots)
    web.set(f"{FEED}/robots", Reply(200, "User-agent: *\nDisallow: /t"))
    web.work()
    assert web.asked()[f"{BLOG}/tag"] == 0
    (source,) = web.sources()
    assert why in str(source["why"])
    assert source["failures"] == 1


@pytest.mark.parametrize(
    "robots",
    [
        NO_ROBOTS,
        Reply(403, ""),
        Reply(200, "User-agent: *\nDisallow: /x\nAllow: /\nCrawl-delay: 0.1"),
        world.html("Not found", "Disallow: / User-agent: *"),
        world.to(ROBOTS),
        world.to("javascript:x"),
        Reply(200, "User-agent: *\nCrawl-delay: nan\nCrawl-delay: -1"),
        Reply(200, ""),
    ],
    ids=["404", "403", "allowed", "HTML", "circle", "nowhere", "no number", "empty"],
)
def test_what_it_permits_is_and_it_is_read_once(web: Web, robots: Reply) -> None:
    for path in ("tag", "tag2"):
        run(web.folder, "watch", "add", f"{BLOG}/{path}")
        web.set(f"{BLOG}/{path}", page(1))
    web.set(ROBOTS, robots)
    web.work()
    assert [source["why"] for source in web.sources()] == [None, None]
    assert web.hosts.asked.count(ROBOTS) == 1
    web.due_now()
    web.work()
    assert web.hosts.asked.count(ROBOTS) == 0


def test_a_crawl_delay_is_kept(web: Web) -> None:
    for number in range(3):
        run(web.folder, "watch", "add", f"{BLOG}/{number}")
        web.set(f"{BLOG}/{number}", world.html("nothing"))
    web.set(ROBOTS, Reply(200, "User-agent: *\nCrawl-delay: 0.4"))
    web.work()
    times = [when for url, when in web.hosts.times if url in {f"{BLOG}/{n}" for n in range(3)}]
    assert len(times) == 3
    assert times[-1] - times[0] > 0.8 * 2 * 0.4  # of all: one is late where machines are busy


def test_a_source_that_fails_backs_off_and_says_why(web: Web) -> None:
    run(web.folder, "watch", "add", f"{BLOG}/tag")
    web.set(f"{BLOG}/tag", Reply(500, "oops"))
    for failures, wait in ((1, 3600), (2, 7200), (3, 14400)):
        web.due_now()
        web.work()
        (source,) = web.sources()
        assert (source["failures"], source["why"]) == (
            failures,
            "answers 500 Internal Server Error",
        )
        with web.opened() as catalogue:
            (one,) = catalogue.sources()
            assert one.last_checked
            assert one.next_at - one.last_checked == wait
    assert "3 times in a row: answers 500" in run(web.folder, "watch", "list").stdout
    web.set(f"{BLOG}/tag", page(1))
    web.due_now()
    web.work()
    assert (web.sources()[0]["failures"], web.sources()[0]["why"]) == (0, None)


def test_a_retry_after_is_kept_for_the_whole_host(web: Web) -> None:
    run(web.folder, "watch", "add", f"{BLOG}/tag")
    web.set(f"{BLOG}/tag", Reply(503, "later", {"Retry-After": "90000"}))
    web.work()
    with web.opened() as catalogue:
        (one,) = catalogue.sources()
        assert one.last_checked
        assert one.next_at - one.last_checked == 90000
    run(web.folder, "watch", "add", f"{BLOG}/other")
    assert web.work() == "in all: nothing was due\n"
    assert web.asked() == {}


def test_added_listed_removed(web: Web) -> None:
    added = run(web.folder, "watch", "add", "--tag", "A", f"{BLOG}/tag#x")
    assert (added.stdout, added.stderr) == (f"1  {BLOG}/tag\n", "")
    again = run(web.folder, "watch", "add", "--tag", "B", f"{BLOG}/tag")
    assert again.stderr == f"{BLOG}/tag: is watched already; it is looked at next\n"
    assert web.sources()[0]["tags"] == ["A", "B"]
    run(web.folder, "watch", "remove", "1")
    assert web.sources() == []
    gone = run(web.folder, "watch", "remove", f"{BLOG}/tag", code=2)
    assert gone.stderr == f"podcat: {BLOG}/tag: is not watched; see podcat watch list\n"
    assert "is not an http" in run(web.folder, "watch", "add", "blog.example", code=2).stderr


def test_a_list_of_links_is_told_what_to_watch_instead(web: Web) -> None:
    run(web.folder, "watch", "add", f"{BLOG}/tag")
    run(web.folder, "watch", "add", f"{BLOG}/gone")
    web.set(f"{BLOG}/tag", world.html("A tag", '<a href="/1">A story</a>'))
    web.set(f"{BLOG}/gone", Reply(404, "none"))
    said = web.work()
    assert said.endswith(
        "in all: 2 sources looked at, 1 failed\npodcat watch list says what is wrong with a source\n"
    )
    table = run(web.folder, "watch", "list").stdout
    assert "neither a player nor a story is recognised there: watch its feed or sitemap" in table
    assert "answers 404" in table
