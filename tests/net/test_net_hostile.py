"""Servers that break the rules of HTTP, by both ways out: they gain nothing and hold up nobody."""

from __future__ import annotations

import gzip
import time
import tracemalloc

import pytest
from raw_site import page, saying

from podcat import net
from podcat.errors import SourceError
from podcat.net import Looker
from podcat.net.answer import Answer, Trouble

LIMIT = 4096
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
LONG = b"x" * 200_000
HINT = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
GZIP = b"Content-Encoding: gzip"
TWICE = gzip.compress(gzip.compress(b"real"))


def look(*said: bytes | float, timeout: float = 5) -> Answer:
    with saying(*said) as site, Looker(allow_private=True, timeout=timeout) as looker:
        return looker.look(site.url(), limit=LIMIT)


def fetched(*said: bytes | float) -> bytes | str:
    """The document, or what is said instead of it."""
    with saying(*said) as site:
        try:
            return net.fetch(site.url(), limit=LIMIT, allow_private=True, timeout=5).data
        except SourceError as error:
            return str(error.problem)


PLAIN = {
    "one hint before it": (HINT, page(b"real")),
    "hints of three kinds": (
        HINT, b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 102 Processing\r\n\r\n", page(b"real"),
    ),
    "chunks": (CHUNKED, b"4\r\nreal\r\n0\r\n\r\n"),
    "chunks and a length": (
        CHUNKED[:-2], b"Content-Length: 9\r\n\r\n", b"4\r\nreal\r\n0\r\n\r\n",
    ),
    "lines that end as they do on Unix": (b"HTTP/1.1 200 OK\nContent-Length: 4\n\nreal",),
    "the same length twice": (page(b"real", b"Content-Length: 4"),),
    "members of a gzip": (page(gzip.compress(b"re") + gzip.compress(b"al"), GZIP),),
    "rubbish after a gzip": (page(gzip.compress(b"real") + b"rubbish", GZIP),),
}  # fmt: skip


@pytest.mark.parametrize("said", PLAIN.values(), ids=PLAIN)
def test_oddities_that_have_a_meaning(said: tuple[bytes, ...]) -> None:
    assert look(*said).body == b"real"
    assert fetched(*said) == b"real"


UNREADABLE = {
    "hints without end": ((HINT * 3000,), "more than 8 answers come before it"),
    "100 without end": ((b"HTTP/1.1 100 Go on\r\n\r\n" * 3000,), "more than 8 answers come"),
    "another protocol": (
        (b"HTTP/1.1 101 Over\r\nUpgrade: x\r\n\r\n", page(b"x")), "changes to another protocol",
    ),
    "two lengths": ((page(b"real", b"Content-Length: 44"),), "it states several lengths"),
    "two codings of the way": (
        (page(b"real", b"Transfer-Encoding: gzip, chunked"),), "transfer coding other than chunked",
    ),
    "no HTTP": ((b"<p>hello\r\n",), "the connection broke"),
    "a status of letters": ((page(b"", status=b"abc"),), "the connection broke"),
    "headers without end": ((b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 3000), "the connection broke"),
    "a header without end": ((b"HTTP/1.1 200 OK\r\nX: ", LONG), "the connection broke"),
}  # fmt: skip


@pytest.mark.parametrize(("said", "why"), UNREADABLE.values(), ids=UNREADABLE)
def test_heads_that_are_none(said: tuple[bytes, ...], why: str) -> None:
    answer = look(*said)
    assert (answer.trouble, answer.status) == (Trouble.BROKEN, None)
    assert why in answer.detail
    assert why in str(fetched(*said))


CHUNKS = {
    "less than nothing": b"-5\r\nreal",
    "all there is": b"-1\r\n" + LONG,
    "no number": b"four\r\nreal",
    "an extension without end": b"4;" + LONG,
    "a trailer without end": b"4\r\nreal\r\n0\r\nX: " + LONG,
}


@pytest.mark.parametrize("chunks", CHUNKS.values(), ids=CHUNKS)
def test_chunks_that_are_none(chunks: bytes) -> None:
    answer = look(CHUNKED, chunks)
    assert (answer.trouble, answer.status, answer.whole) == (Trouble.BROKEN, 200, False)
    assert str(fetched(CHUNKED, chunks)).startswith("cannot be fetched: ")


def test_a_chunk_that_states_to_be_endless_is_not_kept_in_memory() -> None:
    """http.client reads a chunk of size -1 until the connection closes."""
    tracemalloc.start()
    try:
        look(CHUNKED, b"-1\r\n", *([bytes(2**20)] * 64))
        fetched(CHUNKED, b"-1\r\n", *([bytes(2**20)] * 64))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 16 * 2**20


def test_long_headers_are_cut() -> None:
    answer = look(page(b"real", *(b"X%d: " % n + b"y" * 9000 for n in range(90))))
    assert answer.body == b"real"
    assert sum(map(len, answer.headers.values())) < 10


@pytest.mark.parametrize(("headers", "body", "why"), [
    ((b"Content-Encoding: gzip, gzip",), TWICE, "it comes packed by gzip, gzip, unasked"),
    ((GZIP, GZIP), TWICE, "it comes packed by gzip, gzip, unasked"),
    ((b"Content-Encoding: br",), b"\x0b\x01\x80real\x03", "it comes packed by br, unasked"),
    ((GZIP,), b"<p>real", "its compression is broken"),
], ids=["two", "two headers", "unasked", "none"])  # fmt: skip
def test_codings_that_are_not_undone(headers: tuple[bytes, ...], body: bytes, why: str) -> None:
    answer = look(page(body, *headers))
    assert (answer.trouble, answer.detail, answer.body) == (Trouble.CODING, why, b"")


@pytest.mark.parametrize("coding", ["zstd", "aes128gcm", "gzip, zstd"])
def test_bytes_in_an_unknown_coding_are_no_page(coding: str) -> None:
    said = fetched(page(b"\x28\xb5\x2f\xfd", b"Content-Encoding: " + coding.encode()))
    assert said == f"cannot be unpacked: it comes packed by {coding}, unasked"


def test_many_members_of_a_gzip_take_no_time() -> None:
    body = gzip.compress(b"") * 200_000
    began = time.monotonic()
    with saying(page(body, GZIP)) as site, Looker(allow_private=True) as looker:
        answer = looker.look(site.url(), limit=8 * 2**20)
    assert (answer.body, answer.whole, answer.trouble) == (b"", False, None)
    assert time.monotonic() - began < 5


# ---------------------------------------------------------------- the next answer on a connection


FORGED = page(b"forged")
AGAIN = {
    "at once": (page(b"real"), FORGED),
    "later": (page(b"real"), 0.03, FORGED),
    "behind a body for an answer that has none": (
        b"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\n", 0.03, FORGED,
    ),
    "behind a hint": (HINT, 0.03, page(b"real"), FORGED),
    "behind chunks": (CHUNKED, b"4\r\nreal\r\n0\r\n\r\n", 0.03, FORGED),
    "behind chunks that state a length": (
        CHUNKED[:-2], b"Content-Length: 4\r\n\r\n4\r\nreal\r\n0\r\n\r\n", FORGED,
    ),
}  # fmt: skip


@pytest.mark.parametrize("said", AGAIN.values(), ids=AGAIN)
def test_what_nobody_asked_for_answers_nothing(said: tuple[bytes | float, ...]) -> None:
    """Two answers to one request: the second is not that to the next request."""
    with saying(*said) as site, Looker(allow_private=True, timeout=5) as looker:
        for _ in range(3):
            answer = looker.look(site.url(), limit=LIMIT)
            assert answer.body == (b"" if answer.status == 204 else b"real")
            time.sleep(0.06)


def test_answers_that_end_where_they_say_share_a_connection() -> None:
    with saying(HINT, page(b"real")) as site, Looker(allow_private=True, timeout=5) as looker:
        assert {looker.look(site.url(), limit=LIMIT).body for _ in range(5)} == {b"real"}
        assert site.connections == 1


# ---------------------------------------------------------------- slowness

SLOW = {
    "status": (b"H", *(0.1, b"T") * 30),
    "headers": (b"HTTP/1.1 200 OK\r\n", *(0.1, b"X: y\r\n") * 30),
    "hints": (HINT, *(0.1, HINT) * 30),
    "chunks": (CHUNKED, *(0.1, b"1\r\nx\r\n") * 30),
    "trailers": (CHUNKED, b"0\r\n", *(0.1, b"X: y\r\n") * 30),
}


@pytest.mark.parametrize("said", SLOW.values(), ids=SLOW)
def test_a_byte_now_and_then_is_not_waited_for(said: tuple[bytes | float, ...]) -> None:
    began = time.monotonic()
    answer = look(*said, timeout=0.3)
    assert (answer.trouble, answer.detail) == (Trouble.TIMEOUT, "is not complete after 0.3 seconds")
    assert time.monotonic() - began < 2


# ---------------------------------------------------------------- redirects


@pytest.mark.parametrize("location", [
    b"file:///etc/passwd", b"ftp://example.org/", b"data:text/html,x", b"javascript:alert(1)",
    b"http://[::1", b"http://127.0.0.1:99999/", b"gopher://127.0.0.1/", b"/" + b"a" * 60_000,
], ids=lambda location: location[:12].decode())  # fmt: skip
def test_redirects_to_what_is_not_asked(location: bytes) -> None:
    said = page(b"", b"Location: " + location, status=b"302 Found")
    assert look(said).detail == "redirects to what is not an http or https address"
    assert fetched(said) == "redirects to what is not an http or https address"
