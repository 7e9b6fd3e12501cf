"""SOURCE in its forms, through the commands: lists of addresses, bookmarks, archives."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from podcat.cli.progress import Progress
from podcat.model import Page

Podcat = Callable[..., CompletedProcess[str]]

NPR = "https://www.npr.org/player/embed/669203831/669594276"
PAGE = b'<html><body><iframe src="https://www.npr.org/player/embed/1001/1002"></iframe>'
WARC = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/story\r\n"
    b"Content-Length: %d\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n%b\r\n\r\n"
) % (len(PAGE) + 44, PAGE)


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.seen.append(self.path)  # type: ignore[attr-defined]
        self.send_response(404 if self.path == "/gone" else 200)
        self.end_headers()
        self.wfile.write({"/list": f"{NPR}\n".encode(), "/crawl": WARC}.get(self.path, PAGE))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def ids(done: CompletedProcess[str]) -> list[str]:
    return [json.loads(line)["id"] for line in done.stdout.splitlines()]


def extract(podcat: Podcat, *arguments: str | Path, text: str = "") -> CompletedProcess[str]:
    return podcat("extract", "--format", "jsonl", "--allow-private", *arguments, text=text)


def test_a_list_names_recordings_and_its_pages_are_fetched(
    podcat: Podcat, site: ThreadingHTTPServer
) -> None:
    port = site.server_port
    text = f"{NPR} A title\nhttp://127.0.0.1:{port}/gone\nhttp://localhost:{port}/page\n"
    done = extract(podcat, "-", text=text)
    assert ids(done) == ["669203831/669594276", "1001/1002"]
    assert done.stderr == f"http://127.0.0.1:{port}/gone: answers 404 Not Found\n"
    assert done.returncode == 1


def test_what_a_list_names_needs_no_network(podcat: Podcat, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(f"{NPR}\thttps is a word here\nhttp://127.0.0.1:9/page\n")
    done = podcat("extract", "--no-follow", "--format", "jsonl", "list.txt")
    (found,) = map(json.loads, done.stdout.splitlines())
    assert (found["title"], found["place"]) == ("https is a word here", {"line": 1})
    assert found["provenance"]["title"] == "text/list-title"
    assert done.stderr == "list.txt: 1 other address was not fetched\n"
    assert done.returncode == 0


def test_a_list_is_guarded_as_an_address_is(podcat: Podcat) -> None:
    done = podcat("extract", "-", text="http://127.0.0.1:9/page\n")
    assert "leads to the private address 127.0.0.1" in done.stderr


def test_bookmarks_are_fetched_when_that_is_asked_for(
    podcat: Podcat, tmp_path: Path, site: ThreadingHTTPServer
) -> None:
    link = f'<DT><A HREF="{{}}">x</A>\n{NPR}'
    page = f"http://127.0.0.1:{site.server_port}/page"
    text = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n" + link.format(page) + link.format(NPR)
    (tmp_path / "bookmarks.html").write_text(text)
    done = extract(podcat, "bookmarks.html")
    assert ids(done) == ["669203831/669594276"]
    assert done.stderr == (
        "bookmarks.html: 1 other address was not fetched; --follow fetches them\n"
    )
    assert site.seen == []  # type: ignore[attr-defined]
    assert ids(extract(podcat, "--follow", "bookmarks.html")) == [
        "669203831/669594276",
        "1001/1002",
    ]


def test_a_list_in_a_list_is_not_followed(podcat: Podcat, site: ThreadingHTTPServer) -> None:
    done = extract(podcat, "-", text=f"http://127.0.0.1:{site.server_port}/list\n")
    assert done.stdout == ""
    assert "is itself a list of addresses; fetch it and give it by itself" in done.stderr


def test_an_archive_may_be_at_an_address(podcat: Podcat, site: ThreadingHTTPServer) -> None:
    done = extract(podcat, f"http://127.0.0.1:{site.server_port}/crawl")
    (found,) = map(json.loads, done.stdout.splitlines())
    assert (found["id"], found["page"]["url"]) == ("1001/1002", "https://example.org/story")


def test_checking_offline_fetches_nothing(podcat: Podcat, site: ThreadingHTTPServer) -> None:
    text = f"{NPR}\nhttp://127.0.0.1:{site.server_port}/page\n"
    done = podcat("check", "--offline", "--format", "jsonl", "-", text=text)
    assert [json.loads(line)["url"] for line in done.stdout.splitlines()] == [NPR]
    assert done.stderr == "-: 1 other address was not fetched\n"
    assert site.seen == []  # type: ignore[attr-defined]


def test_an_archive_is_added_page_by_page(podcat: Podcat, tmp_path: Path) -> None:
    (tmp_path / "crawl.warc").write_bytes(WARC + WARC.replace(b"/story", b"/other"))
    done = podcat("add", "crawl.warc")
    assert done.stdout == "1 new, 0 changed, 1 unchanged, 0 unresolved (2 documents)\n"
    assert done.stderr == ""


def test_progress_counts_documents_and_recordings(monkeypatch: pytest.MonkeyPatch) -> None:
    progress = Progress(300)
    for _ in range(120):
        progress.step(Page())
    assert progress.line(progress.began + 2) == "120 of 300 documents, 0 recordings, 60 documents/s"
