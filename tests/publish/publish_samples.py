"""Catalogues to build sites of, a file host, and a visitor who follows every link of it."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from podcat.catalogue import Catalogue
from podcat.config import Config
from podcat.model import Document, Embed, Page, Person, Place

BASE = "https://audio.example/a path/of ours".replace(" ", "-")
PREFIX = urlsplit(BASE).path
NEVER = "Nobody may see this feed"

WILD = (
    '<script>alert("x")</script>',
    f'" href="{BASE}/nothing" x="',
    f"{BASE}/nothing-here",
    "/nothing-here",
    "../../etc/passwd",
    "%2e%2e%2fetc&amp;<b>",
    "]]><item><link>x</link>",
    "qazaq " * 60,
    "ყაზახეთი " * 40,
    "𐍈𐌰𐌹𐍂𐌷𐍄" * 40,
    "Ünïcödé STRASSE Straße ΣΊΣΥΦΟΣ",
    "con",
    "'); DROP TABLE episodes; --\u202e\u0000",
    "constructor __proto__ after 404",
)
"""Texts that mean something else somewhere."""


def stored(catalogue: Catalogue, page: Page, name: str, now: int = 1_700_000_000) -> None:
    """A page in the catalogue."""
    catalogue.store(Document(name, name.encode(), page.url), page, now=now)


def wild_page() -> Page:
    """Every text in every field."""
    embeds = tuple(
        Embed(
            provider="npr",
            id=f"{900 + n}/{900 + n}",
            place=Place(line=n + 1),
            kind="audio",
            title=text,
            description=f"{text} {BASE}/episodes/99999-nothing",
            programme=text,
            published=f"2020-01-{n + 1:02}",
            embed_url=f"https://www.npr.org/player/embed/{900 + n}/{900 + n}",
            link=f"{BASE}/nothing/{n}",
            audio_url=f"{BASE}/nothing.mp3" if n % 2 else None,
            people=(Person(text, "guest", text),),
            tags=(text,),
        )
        for n, text in enumerate(WILD)
    )
    return Page(
        url="https://www.npr.org/wild", site="NPR", title=WILD[0], byline=WILD[1], embeds=embeds
    )


def plain_page(numbers: range, *, day: str = "2021-05-04", name: str = "page") -> Page:
    """Recordings with nothing special to them, all of one programme and tag."""
    return Page(
        url=f"https://www.npr.org/{name}",
        site="NPR",
        title=f"A page called {name}",
        embeds=tuple(
            Embed(
                provider="npr",
                id=f"{n}/{n}",
                place=Place(line=n),
                kind="audio",
                title=f"Report {n} of many",
                programme="A Programme",
                published=day,
                embed_url=f"https://www.npr.org/player/embed/{n}/{n}",
                people=(Person("Ana Ruiz", "host"),),
                tags=("Ice",),
            )
            for n in numbers
        ),
    )


def configured(folder: Path) -> Config:
    """Two declared feeds, one of them private, and a database."""
    feeds = folder / "feeds"
    feeds.mkdir()
    (feeds / "ice.toml").write_text(
        'title = "Ice"\ndescription = "All of it"\nlimit = 20\ncategory = "News"\nlanguage = "en"\n[selection]\ntags = ["ice"]\n',
        encoding="utf-8",
    )
    (feeds / "some.toml").write_text(
        f'title = "{NEVER}"\ndescription = "{NEVER}"\nprivate = true\n[selection]\ntags = ["ice"]\n',
        encoding="utf-8",
    )
    said = {"category": "News", "author": "We", "language": "en", "owner_email": "we@audio.example"}
    return Config(f"sqlite:///{folder}/podcat.db", BASE, feeds, feed=said)


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


# ---------------------------------------------------------------- a file host


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def hosted(folder: Path) -> Iterator[int]:
    """The port at which Python's own file server shows a folder."""
    handler = partial(_Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("rel") == "noreferrer" or tag in ("audio", "video", "iframe"):
            return
        names = ("href", "src", "action", "data-module")
        self.found += [value for name in names if (value := given.get(name))]


def crawl(port: int) -> dict[str, int]:
    """The status of every address within the site that some page of it leads to."""
    statuses: dict[str, int] = {}
    waiting = [f"{PREFIX}/"]
    connection = http.client.HTTPConnection("127.0.0.1", port)
    while waiting:
        path = waiting.pop()
        if path in statuses:
            continue
        connection.request("GET", path)
        answer = connection.getresponse()
        data = answer.read()
        statuses[path] = answer.status
        if answer.status == 200 and answer.getheader("Content-Type", "").startswith("text/html"):
            waiting += _within(path, data.decode())
    connection.close()
    return statuses


def _within(path: str, text: str) -> Iterator[str]:
    links = _Links()
    links.feed(text)
    for link in links.found:
        target = urldefrag(urljoin(f"https://audio.example{path}", link)).url
        if target.startswith("https://audio.example/"):
            yield target.removeprefix("https://audio.example")
