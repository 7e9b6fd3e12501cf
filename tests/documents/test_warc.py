"""WARC files: written here byte by byte, whole and broken."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from pathlib import Path

import brotli
import pytest

from podcat import documents
from podcat.errors import SourceError
from podcat.model import Document

HTML = "text/html; charset=utf-8"


def record(kind: str, url: str | None, block: bytes, more: str = "") -> bytes:
    address = f"WARC-Target-URI: {url}\r\n" if url else ""
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\n{address}{more}Content-Length: {len(block)}\r\n\r\n"
    return head.encode() + block + b"\r\n\r\n"


def page(number: int) -> bytes:
    return f"<html><body><p>Page {number}</p></body></html>".encode()


def response(
    url: str, body: bytes, headers: str = f"Content-Type: {HTML}\r\n", status: str = "200 OK"
) -> bytes:
    return record("response", url, f"HTTP/1.1 {status}\r\n{headers}\r\n".encode() + body)


def packed(coding: str, body: bytes) -> bytes:
    return response(f"https://example.org/{coding}", body, f"Content-Type: text/html\r\nContent-Encoding: {coding}\r\n")  # fmt: skip


ONE, TWO, THREE = (response(f"https://example.org/{n}", page(n)) for n in (1, 2, 3))


def read(path: Path, data: bytes, limit: int = documents.LIMIT) -> list[str]:
    """Addresses of the pages, and problems with `!` before them."""
    path.write_bytes(data)
    return [_shown(item, path) for item in documents.read(str(path), limit=limit)]


def _shown(item: documents.Item, path: Path) -> str:
    if isinstance(item, SourceError):
        return "! " + str(item).replace(str(path), "x")
    assert isinstance(item, Document)
    assert item.name == f"{path}#{item.url}"
    return (item.url or "").removeprefix("https://example.org/")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "crawl"


def test_the_pages_of_an_archive_are_documents_with_their_address_and_type(path: Path) -> None:
    path.write_bytes(record("warcinfo", None, b"software: x\r\n") + ONE)
    name = f"{path}#https://example.org/1"
    assert list(documents.read(str(path))) == [
        Document(name, page(1), "https://example.org/1", HTML)
    ]


@pytest.mark.parametrize(
    "data",
    [
        ONE + TWO + THREE,
        gzip.compress(ONE) + gzip.compress(TWO) + gzip.compress(THREE),
        gzip.compress(ONE + TWO + THREE),
        b"".join(gzip.compress((ONE + TWO + THREE)[at : at + 50]) for at in range(0, 900, 50)),
        gzip.compress(ONE) + bytes(512) + gzip.compress(TWO + THREE),
    ],
    ids=["plain", "a record a member", "one member", "small members", "padded"],
)
def test_however_it_is_compressed(path: Path, data: bytes) -> None:
    assert read(path, data) == ["1", "2", "3"]


def test_only_pages_that_a_server_gave_are_documents(path: Path) -> None:
    data = (
        record("request", "https://example.org/1", b"GET / HTTP/1.1\r\n\r\n"),
        record("revisit", "https://example.org/1", b"HTTP/1.1 200 OK\r\n\r\n"),
        record("metadata", "https://example.org/1", b"outlinks: 1"),
        record("response", "dns:example.org", b"20260101 example.org", "Content-Type: text/dns\r\n"),
        record("resource", "urn:text:https://example.org/1", b"text", "Content-Type: text/plain\r\n"),
        response("https://example.org/css", b"p{}", "Content-Type: text/css\r\n"),
        response("https://example.org/gone", page(4), status="404 Not Found"),
        response("https://example.org/moved", page(4), status="301 Moved"),
        response("https://example.org/png", b"\x89PNG\r\n\x1a\n"),
        record("resource", "https://example.org/resource", page(1), "Content-Type: text/html\r\n"),
        record("conversion", "https://example.org/text", b"words", "Content-Type: text/plain\r\n"),
        response("https://example.org/http2", page(5), status="200").replace(b"HTTP/1.1", b"HTTP/2.0"),
        response("https://example.org/untyped", page(6), ""),
    )  # fmt: skip
    assert read(path, b"".join(data)) == ["resource", "text", "http2", "untyped"]


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(page(1), mtime=0)),
        ("deflate", zlib.compress(page(1))),
        ("deflate", zlib.compress(page(1), wbits=-15)),
        ("br", brotli.compress(page(1))),
        ("br, gzip", gzip.compress(brotli.compress(page(1)), mtime=0)),
        ("gzip", page(1)),
        ("br", page(1)),
    ],
)
def test_bodies_are_unpacked_as_the_server_packed_them(
    path: Path, coding: str, body: bytes
) -> None:
    path.write_bytes(packed(coding, body))
    (found,) = documents.read(str(path))
    assert isinstance(found, Document)
    assert found.data == page(1)


def test_chunks_are_joined(path: Path) -> None:
    body = gzip.compress(page(1))
    chunks = b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (9, body[:9], len(body) - 9, body[9:])
    headers = "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"
    path.write_bytes(response("https://example.org/1", chunks, headers))
    (found,) = documents.read(str(path))
    assert isinstance(found, Document)
    assert found.data == page(1)


# ---------------------------------------------------------------- broken archives

SHORT = "is not as long as its record says: what is there is read"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (ONE + TWO[:-20], ["1", f"! x#https://example.org/2: {SHORT}", "2"]),
        (ONE[:-30] + TWO + THREE, [f"! x#https://example.org/1: {SHORT}", "1", "2", "3"]),
        (
            ONE + b"no record\r\nat all\r\n" + TWO,
            [f"! x#https://example.org/1: {SHORT}", "1", "2"],
        ),
        (
            ONE + b"WARC/1.0\r\nWARC-Type: response\r\n\r\nbody\r\n\r\n" + TWO,
            ["1", "! x: holds a record without good headers: passed over", "2"],
        ),
        (
            ONE + b"WARC/9.9\r\nWARC-Type: response\r\n\r\n" + TWO,
            ["1", "! x: holds a record without good headers: passed over", "2"],
        ),
        (record("metadata", None, b"x"), ["! x: holds no pages; give an archive of web pages"]),
    ],
    ids=["cut", "cut and gone on with", "garbage", "no length", "other version", "no pages"],
)
def test_what_is_broken_is_named_and_the_rest_is_read(
    path: Path, data: bytes, found: list[str]
) -> None:
    assert read(path, data) == found


def test_a_broken_block_costs_itself_alone(path: Path) -> None:
    second = bytearray(gzip.compress(TWO))
    second[30:60] = b"\xff" * 30
    found = read(path, gzip.compress(ONE) + bytes(second) + gzip.compress(THREE))
    assert (found[0], found[-1]) == ("1", "3")
    assert (
        "! x: holds a broken gzip block: read on behind it; fetch or copy the file again" in found
    )


def test_a_file_cut_in_its_compression_is_read_up_to_there(path: Path) -> None:
    found = read(path, gzip.compress(ONE) + gzip.compress(TWO)[:-30])
    assert (found[0], found[-1]) == ("1", "2")
    assert "! x: ends inside a gzip block: read up to there; fetch or copy the file again" in found


def test_a_page_cut_by_the_crawler_is_read_and_named(path: Path) -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page(1)
    cut = record("response", "https://example.org/1", block, "WARC-Truncated: length\r\n")
    assert read(path, cut) == [
        "1", "! x#https://example.org/1: was cut by the crawler: what is there is read",
    ]  # fmt: skip


def test_addresses_are_mended_in_silence_and_printable(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path.write_bytes(response("https://example.org/a b\x1b[31m", page(1)))
    (found,) = documents.read(str(path))
    assert isinstance(found, Document)
    assert found.name == f"{path}#https://example.org/a%20b\N{REPLACEMENT CHARACTER}[31m"
    assert capsys.readouterr().err == ""


# ---------------------------------------------------------------- hostile archives


@pytest.mark.parametrize(
    "bomb",
    [
        packed("gzip", gzip.compress(bytes(20_000_000))),
        packed("br", brotli.compress(bytes(20_000_000), quality=5)),
        packed("br, br, br", brotli.compress(brotli.compress(bytes(20_000_000), quality=5))),
        response("https://example.org/large", bytes(5_000_000)),
        b"WARC/1.0\r\nX: " + b"a" * 20_000_000 + b"\r\n\r\n",
        b"WARC/1.0\r\n" + b"X: a\r\n" * 300_000,
    ],
    ids=["gzip", "brotli", "nested", "large", "long header", "many headers"],
)
def test_bombs_are_named_and_passed_over_with_little_memory(path: Path, bomb: bytes) -> None:
    path.write_bytes(gzip.compress(ONE) + gzip.compress(bomb) + gzip.compress(TWO))
    tracemalloc.start()
    items = list(documents.read(str(path), limit=2**20))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [type(item) for item in items] == [Document, SourceError, Document]
    assert peak < 12 * 2**20


def test_memory_does_not_grow_with_the_archive(path: Path) -> None:
    def peak(count: int) -> int:
        path.write_bytes(gzip.compress(response("https://example.org/1", b"<p>" * 20_000)) * count)
        tracemalloc.start()
        assert sum(1 for _ in documents.read(str(path))) == count
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(200) < 2 * peak(20)


def test_gzip_is_unpacked_to_the_limit_and_once(tmp_path: Path) -> None:
    path = tmp_path / "page.html.gz"
    path.write_bytes(gzip.compress(page(1)))
    assert list(documents.read(str(path))) == [Document(str(path), page(1))]
    path.write_bytes(gzip.compress(bytes(50_000_000)))
    (found,) = documents.read(str(path))
    assert "is larger than the limit of 32 MB" in str(found)
    path.write_bytes(gzip.compress(gzip.compress(page(1))))
    (found,) = documents.read(str(path))
    assert "is gzip-compressed data" in str(found)
