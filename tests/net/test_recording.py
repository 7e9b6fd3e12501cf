"""What was recorded is played as it was, without a network; what was not is said so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from look_site import Handler, Site, running
from warcio.archiveiterator import ArchiveIterator

from podcat import net
from podcat.errors import MissingSourceError, SourceError, UsageError
from podcat.net import recording, requesting
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
    with recording.on(recording.Replayer(tmp_path)):
        assert looks(site, path) == recorded
    assert len(site.seen) == asked


def test_the_beginning_of_a_file_is_not_the_file(site: Site, tmp_path: Path) -> None:
    with recording.Recorder(tmp_path) as tape, recording.on(tape):
        part = looks(site, "audio", media=True)
    assert part[0].status == 206
    with recording.on(recording.Replayer(tmp_path)):
        assert looks(site, "audio", media=True) == part
        assert looks(site, "audio")[0].trouble is Trouble.UNRECORDED


def test_what_answered_differently_does_so_again(site: Site, tmp_path: Path) -> None:
    with recording.Recorder(tmp_path) as tape, recording.on(tape):
        recorded = looks(site, "busy", "busy", "busy", "busy")
    assert [answer.status for answer in recorded] == [503, 503, 200, 200]
    with recording.on(recording.Replayer(tmp_path)):
        assert looks(site, "busy", "busy", "busy", "busy", "busy")[:4] == recorded


def test_a_fetch_is_played_as_it_was(site: Site, tmp_path: Path) -> None:
    url = site.url("moved")
    with recording.Recorder(tmp_path) as tape, recording.on(tape):
        recorded = net.fetch(url, allow_private=True)
    # A replay asks nobody, so what may be asked is no matter.
    with recording.on(recording.Replayer(tmp_path)):
        assert net.fetch(url) == recorded
    assert len(site.seen) == 2


@pytest.mark.parametrize("url", ["http://elsewhere.example/", "https://elsewhere.example/x"])
def test_what_is_not_recorded_is_unreachable_and_says_so(
    site: Site, tmp_path: Path, url: str
) -> None:
    with recording.Recorder(tmp_path) as tape, recording.on(tape):
        looks(site, "page")
    with recording.on(recording.Replayer(tmp_path)), net.Looker() as looker:
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


def test_folders_that_will_not_do(tmp_path: Path) -> None:
    with pytest.raises(MissingSourceError, match="there is no recording"):
        recording.tape(None, tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be written"):
        recording.tape(tmp_path / "file", None)
    with pytest.raises(UsageError, match="goes not with --replay"):
        recording.tape(tmp_path, tmp_path)
    (tmp_path / "x.warc.gz").write_bytes(b"no archive")
    with pytest.raises(UsageError, match="is no recording"):
        recording.tape(None, tmp_path)
