"""What was recorded is played as it was, without a network; what was not is said so."""

from __future__ import annotations

import gzip
import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import raw_site
from look_site import Handler, Site, running
from raw_site import page
from warcio.archiveiterator import ArchiveIterator

from podcat import net
from podcat.errors import MissingSourceError, SourceError, UsageError
from podcat.net import recording, replaying, requesting
from podcat.net.answer import Answer, Trouble

PATHS = (
    "page", "gone", "moved", "to?/far/11", "round", "long", "packed", "torn", "odd", "short", "chunks",
    "bomb", "whole", "never",
)  # fmt: skip
ELSEWHERE = "https://npr.example"


@pytest.fixture(name="site")
def _site() -> Iterator[Site]:
    with running() as site:
        yield site


def looks(site: Site, *paths: str, media: bool = False) -> list[Answer]:
    """The answers to paths, as if another host gave them; without what the clock says."""
    remap = net.Remap([(f"{ELSEWHERE}/", site.url())])
    with net.Looker(remap=remap) as looker:
        found = [looker.look(f"{ELSEWHERE}/{p}", limit=4096, media=media) for p in paths]
    return [replace(answer, seconds=0.0) for answer in found]


@pytest.mark.parametrize("path", PATHS)
def test_a_look_is_played_as_it_was(site: Site, tmp_path: Path, path: str) -> None:
    with recording.Recorder(tmp_path) as tape, recording.on(tape):
        recorded = looks(site, path)
    asked = len(site.seen)
    with recording.on(replaying.Replayer(tmp_path)):
        assert looks(site, path) == recorded
    assert len(site.seen) == asked


def test_the_beginning_of_a_file_is_not_the_file(site: Site, tmp_path: Path) -> None:
    with recording.Recorder(tmp_path) as tape, recording.on(tape):
        part = looks(site, "audio", media=True)
    assert part[0].status == 206
    with recording.on(replaying.Replayer(tmp_path)):
        assert looks(site, "audio", media=True) == part
        assert looks(site, "audio")[0].trouble is Trouble.UNRECORDED


def test_what_answered_differently_does_so_again(site: Site, tmp_path: Path) -> None:
    with recording.Recorder(tmp_path) as tape, recording.on(tape):
        recorded = looks(site, "busy", "busy", "busy", "busy")
    assert [answer.status for answer in recorded] == [503, 503, 200, 200]
    with recording.on(replaying.Replayer(tmp_path)):
        assert looks(site, "busy", "busy", "busy", "busy", "busy")[:4] == recorded


def test_a_fetch_is_played_as_it_was(site: Site, tmp_path: Path) -> None:
    url = site.url("moved")
    with recording.Recorder(tmp_path) as tape, recording.on(tape):
        recorded = net.fetch(url, allow_private=True)
    # A replay asks nobody, so what may be asked is no matter.
    with recording.on(replaying.Replayer(tmp_path)):
        assert net.fetch(url) == recorded
    assert len(site.seen) == 2


@pytest.mark.parametrize("url", ["http://elsewhere.example/", "https://elsewhere.example/x"])
def test_what_is_not_recorded_is_unreachable_and_says_so(
    site: Site, tmp_path: Path, url: str
) -> None:
    with recording.Recorder(tmp_path) as tape, recording.on(tape):
        looks(site, "page")
    with recording.on(replaying.Replayer(tmp_path)), net.Looker() as looker:
        answer = looker.look(url, limit=10)
        assert (answer.trouble, answer.detail) == (Trouble.UNRECORDED, "is not in the recording")
        with pytest.raises(SourceError, match="is not in the recording"):
            net.fetch(url)
        with pytest.raises(SourceError, match="is not in the recording"):
            net.post(url, [("hub.mode", "publish")])


def test_secrets_are_not_written_down(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = requesting.headers(None) | {"Cookie": "sesame=1", "Authorization": "Bearer sesame"}
    monkeypatch.setattr(requesting, "headers", lambda _: said)
    monkeypatch.setattr(Handler, "_page", _with_cookie)
    with recording.Recorder(tmp_path) as tape, recording.on(tape):
        looks(site, "page")
    assert site.headers[0]["Cookie"] == "sesame=1"
    (file,) = tmp_path.iterdir()
    with file.open("rb") as stream:
        blocks = [r.raw_stream.read() for r in ArchiveIterator(stream, no_record_parse=True)]
    assert len(blocks) == 3
    assert b"User-Agent: podcat/" in blocks[2]
    assert b"sesame" not in b"".join(blocks)


def _with_cookie(handler: Handler) -> None:
    handler.answer(body=b"<p>page</p>", Content_Type="text/html", Set_Cookie="sesame=2")


def test_recordings_are_pages_for_podcat(site: Site, tmp_path: Path) -> None:
    from podcat import documents

    with recording.Recorder(tmp_path) as tape, recording.on(tape):
        looks(site, "page", "gone", "whole")
    found = [item for file in tmp_path.iterdir() for item in documents.read(str(file), limit=10**6)]
    assert [getattr(item, "url", item) for item in found] == [f"{ELSEWHERE}/page"]


def test_a_recording_is_sound_to_others(site: Site, tmp_path: Path) -> None:
    """Digests, lengths, one gzip member a record, and what was cut is said to be."""
    with recording.Recorder(tmp_path) as tape, recording.on(tape):
        looks(site, "page", "moved", "whole", "chunks", "reset", "packed")
        _looked("http://podcat.invalid/")
    (file,) = tmp_path.iterdir()
    kinds, cut = Counter(), []
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            said = record.rec_headers.get_header
            assert len(record.raw_stream.read()) <= int(said("Content-Length"))
            kinds[record.rec_type] += 1
            cut += [said("WARC-Target-URI")] * bool(said("WARC-Truncated"))
    assert kinds == {"warcinfo": 1, "response": 6, "request": 6, "metadata": 2}
    assert cut == [f"{ELSEWHERE}/whole"]


def test_folders_that_will_not_do(tmp_path: Path) -> None:
    with pytest.raises(MissingSourceError, match="there is no recording"):
        replaying.tape(None, tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be written"):
        replaying.tape(tmp_path / "file", None)
    with pytest.raises(UsageError, match="goes not with --replay"):
        replaying.tape(tmp_path, tmp_path)
    (tmp_path / "x.warc.gz").write_bytes(b"no archive")
    with pytest.raises(UsageError, match="is no recording"):
        replaying.tape(None, tmp_path)


# ---------------------------------------------------------------- what went wrong

HEAD = b"HTTP/1.1 200 OK\r\n"
WRONG: dict[str, tuple[bytes | float, ...]] = {
    "nothing": (),
    "half a status": (b"HTTP/1.",),
    "half of the headers": (HEAD, b"X: y"),
    "nothing for long": (1.0,),
    "nothing more for long": (HEAD, b"Content-Length: 9\r\n\r\nhalf", 1.0),
    "no end for long": (HEAD, b"\r\nhalf", 1.0),
    "two lengths": (HEAD, b"Content-Length: 9\r\nContent-Length: 4\r\n\r\nhalf"),
    "half a body": (page(b"half", b"Content-Length: 4")[:-2],),
}


@pytest.mark.parametrize("said", WRONG.values(), ids=WRONG)
def test_what_went_wrong_goes_wrong_again(tmp_path: Path, said: tuple[bytes | float, ...]) -> None:
    with raw_site.saying(*said, hangs_up=True) as raw:
        urls = (raw.url("x"), raw.url("y"))
        with recording.Recorder(tmp_path) as tape, recording.on(tape):
            recorded = [_looked(urls[0], 0.3), _fetched(urls[1], 0.3)]
    with recording.on(replaying.Replayer(tmp_path)):
        assert [_looked(urls[0], 0.3), _fetched(urls[1], 0.3)] == recorded


def _looked(url: str, timeout: float = 5) -> Answer:
    with net.Looker(timeout=timeout, allow_private=True) as looker:
        return replace(looker.look(url, limit=4096), seconds=0.0)


def _fetched(url: str, timeout: float = 5) -> bytes | str:
    try:
        return net.fetch(url, timeout=timeout, allow_private=True).data
    except SourceError as error:
        return str(error)


@pytest.mark.parametrize("url", [
    "http://podcat.invalid/", "https://podcat.invalid/", "http://127.0.0.1:{port}/",
    "https://127.0.0.1:{port}/",
])  # fmt: skip
def test_nobody_at_home_is_recorded_too(tmp_path: Path, url: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and not listening
        url = url.format(port=taken.getsockname()[1])
        with recording.Recorder(tmp_path) as tape, recording.on(tape):
            recorded = [_looked(url), _fetched(url)]
    assert recorded[0].trouble in (Trouble.NAME, Trouble.REFUSED)
    with recording.on(replaying.Replayer(tmp_path)):
        assert [_looked(url), _fetched(url)] == recorded


def test_a_private_address_stays_one(site: Site, tmp_path: Path) -> None:
    with recording.Recorder(tmp_path) as tape, recording.on(tape), net.Looker() as looker:
        recorded = looker.look(site.url("page"), limit=10)
    with recording.on(replaying.Replayer(tmp_path)), net.Looker() as looker:
        again = looker.look(site.url("page"), limit=10)
    assert again.trouble is Trouble.PRIVATE
    assert again.detail == recorded.detail == "leads to the private address 127.0.0.1"


def test_a_look_that_is_interrupted_is_not_said_to_be_late(site: Site, tmp_path: Path) -> None:
    with recording.Recorder(tmp_path) as tape, recording.on(tape):
        with net.Looker(allow_private=True) as looker, ThreadPoolExecutor(1) as pool:
            found = pool.submit(looker.look, site.url("hang"), limit=10)
            assert site.hanging.wait(5)
            looker.cut()
            assert found.result(5).trouble is Trouble.TIMEOUT
        site.released.set()
        looks(site, "page")
    with recording.on(replaying.Replayer(tmp_path)):
        assert _looked(site.url("hang")).trouble is Trouble.UNRECORDED


# ---------------------------------------------------------------- which answer to which request


def test_not_modified_answers_only_who_knows_the_page(tmp_path: Path) -> None:
    """Two recordings in one folder, as by two visits of a worker; then each is played."""
    known = {"If-None-Match": '"a"'}
    answers = (page(b"page", b'ETag: "a"'), page(b"", status=b"304 Not Modified"))
    for said, more in zip(answers, ({}, known), strict=True):
        with (
            raw_site.saying(said) as raw,
            net.Looker(remap=raw.remap(ELSEWHERE)) as looker,
            recording.Recorder(tmp_path) as tape,
            recording.on(tape),
        ):
            looker.look(ELSEWHERE, limit=10, more=more)
    assert len(list(tmp_path.iterdir())) == 2
    for more, status in ((known, 304), ({}, 200), ({}, 200)):
        with recording.on(replaying.Replayer(tmp_path)), net.Looker() as looker:
            assert looker.look(ELSEWHERE, limit=10, more=more).status == status


def test_one_file_can_be_played(site: Site, tmp_path: Path) -> None:
    for _ in range(3):
        with recording.Recorder(tmp_path) as tape, recording.on(tape):
            recorded = looks(site, "busy")
    *_, last = sorted(tmp_path.iterdir())
    assert recorded[0].status == 200
    with recording.on(replaying.tape(None, last)):
        assert looks(site, "busy") == recorded
    with recording.on(replaying.tape(None, tmp_path)):
        assert [answer.status for answer in looks(site, *["busy"] * 4)] == [503, 503, 200, 200]


# ---------------------------------------------------------------- what stands in the file

COOKIE = b"Set-Cookie: sesame"
TOLD: dict[str, tuple[bytes, ...]] = {
    "as usual": (HEAD, COOKIE, b"\r\nContent-Length: 4\r\n\r\nreal"),
    "ends of lines as on Unix": (HEAD[:-2], b"\n", COOKIE, b"\nContent-Length: 4\n\nreal"),
    "over two lines": (
        HEAD, b"Set-Cookie: a=1;\r\n\tsesame=2\r\nContent-Length: 4\r\n\r\nreal",
    ),
    "behind a hint": (
        b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n", HEAD, COOKIE,
        b"\r\nContent-Length: 4\r\n\r\nreal",
    ),
    "in a hint": (
        b"HTTP/1.1 103 Early Hints\r\n", COOKIE, b"\r\n\r\n", page(b"real"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("said", TOLD.values(), ids=TOLD)
def test_no_cookie_is_written_down(tmp_path: Path, said: tuple[bytes, ...]) -> None:
    with raw_site.saying(*said) as raw, recording.Recorder(tmp_path) as tape, recording.on(tape):
        recorded = _looked(raw.url())
    assert recorded.body == b"real"
    (file,) = tmp_path.iterdir()
    assert b"sesame" not in gzip.decompress(file.read_bytes())
    with recording.on(replaying.Replayer(tmp_path)):
        assert _looked(recorded.url).body == b"real"


def test_a_recipe_is_no_header(tmp_path: Path) -> None:
    body = b"cookie: a recipe\r\nflour\r\n\r\ncookie: bake\r\n"
    head = b"HTTP/1.1 200 OK\nContent-Length: %d\n\n" % len(body)
    with (
        raw_site.saying(head + body) as raw,
        recording.Recorder(tmp_path) as tape,
        recording.on(tape),
    ):
        recorded = _looked(raw.url())
    with recording.on(replaying.Replayer(tmp_path)):
        assert _looked(recorded.url) == recorded
    assert recorded.body == body


def test_a_recording_that_was_killed_is_played_as_far_as_it_goes(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with recording.Recorder(tmp_path) as tape, recording.on(tape):
        looks(site, "page", "gone")
    (file,) = tmp_path.iterdir()
    whole, found = file.read_bytes(), []
    with file.open("rb") as stream:
        records = ArchiveIterator(stream)
        starts = [records.get_record_offset() for _ in records]
    for end in range(starts[1], len(whole), 7):
        file.write_bytes(whole[:end])
        with recording.on(replaying.Replayer(tmp_path)):
            found.append([answer.status for answer in looks(site, "page", "gone")])
    assert {str(each): found.count(each) for each in found}.keys() == {
        "[None, None]", "[200, None]", "[200, 404]",
    }  # fmt: skip
    assert capsys.readouterr().err == ""


RECORD = b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x>\r\n"
ODD = {
    "longer than all": RECORD + b"Content-Length: 99999999999999999999\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    "no length": RECORD + b"Content-Length: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    "no address": RECORD + b"Content-Length: 4\r\n\r\nHTTP\r\n\r\n",
    "a file": RECORD
    + b"WARC-Target-URI: file:///etc/passwd\r\nContent-Length: 4\r\n\r\nHTTP\r\n\r\n",
    "a trouble of no kind": RECORD.replace(b"response", b"metadata")
    + b"Content-Length: 14\r\n\r\ntrouble: war\r\n\r\n\r\n",
    "nothing": b"",
}  # fmt: skip


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_odd_archives_do_no_harm(
    tmp_path: Path, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.warc").write_bytes(data)
    with recording.on(replaying.Replayer(tmp_path)):
        assert _looked("http://a.example/").trouble is Trouble.UNRECORDED
    assert capsys.readouterr().err == ""
