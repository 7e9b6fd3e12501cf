"""Pages with all their parts in one file, and what hostile ones must not cost."""

from __future__ import annotations

import plistlib
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podcat import documents
from podcat.documents.frames import Frame, Restorer
from podcat.errors import SourceError
from podcat.extract import extract
from podcat.model import Document

CASES = Path(__file__).parent / "cases"


def read(path: Path, data: bytes) -> list[documents.Item]:
    path.write_bytes(data)
    return list(documents.read(str(path)))


def test_a_binary_web_archive_is_one_too(tmp_path: Path) -> None:
    whole = plistlib.loads((CASES / "safari.webarchive").read_bytes())
    data = plistlib.dumps(whole, fmt=plistlib.FMT_BINARY)
    (found,) = read(tmp_path / "a.webarchive", data)
    assert isinstance(found, Document)
    assert len(extract(found).embeds) == 2


def test_a_property_list_that_claims_to_be_huge_is_not_believed(tmp_path: Path) -> None:
    data = bytearray(plistlib.dumps({"WebMainResource": {}}, fmt=plistlib.FMT_BINARY))
    data[-24:-16] = (2**40).to_bytes(8, "big")
    (found,) = read(tmp_path / "a.webarchive", bytes(data))
    assert str(found).endswith("a.webarchive: is no web archive of a page; save the page again")


def test_parts_within_parts_without_end_are_named(tmp_path: Path) -> None:
    head = b"MIME-Version: 1.0\n"
    nested = b"".join(
        b'Content-Type: multipart/related; boundary="%d"\n\n--%d\n' % (n, n) for n in range(5000)
    )
    (found,) = read(tmp_path / "a.mhtml", head + nested)
    assert isinstance(found, SourceError)


def test_frames_are_put_back_to_a_depth_and_a_size() -> None:
    def find(_: str) -> Frame:
        return Frame(None, "<p>x</p><iframe src=again></iframe>")

    page = Restorer(find, 10_000).page(b"<iframe src=first></iframe>" * 10)
    assert page.count(b"srcdoc=") == 3 * 10
    assert len(page) < 10_000
    assert len(Restorer(find, 100).page(b"<iframe src=first></iframe>" * 10)) < 600


@pytest.mark.parametrize(
    "page",
    [
        "<iframe srcdoc='" + "<iframe srcdoc=&quot;" * 2000 + "'></iframe>",
        "<iframe srcdoc='<p>x'></iframe>" * 20_000,
        "<iframe " * 50_000,
        "<!-- Page saved with SingleFile " * 20_000,
        "<a href=" * 50_000,
    ],
    ids=["deep", "many", "unclosed", "comments", "links"],
)
def test_hostile_pages_take_no_time(tmp_path: Path, page: str) -> None:
    began = time.process_time()
    for start in ("<!DOCTYPE html>", "<!DOCTYPE NETSCAPE-Bookmark-file-1>"):
        for item in read(tmp_path / "a.html", (start + page).encode()):
            if isinstance(item, Document):
                extract(item)
    assert time.process_time() - began < 20


@given(
    st.binary(max_size=300),
    st.sampled_from(
        [
            b"",
            b"WARC/1.0\r\n",
            b"\x1f\x8b\x08",
            b"bplist00",
            b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n",
            b"https://a.example/",
            b'{"roots":',
        ]
    ),
)
def test_no_bytes_are_too_strange(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, start: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "strange.html"
    for item in read(path, start + data):
        if isinstance(item, Document):
            extract(item)


# ---------------------------------------------------------------- beside a page


def test_frames_beside_a_page_are_its_parts_and_no_documents(tmp_path: Path) -> None:
    (tmp_path / "a_files").mkdir()
    (tmp_path / "b_files").mkdir()
    for name in ("a.html", "a_files/x.html", "b_files/y.html"):
        (tmp_path / name).write_text("<p>x")
    found = [Path(i.name).name for i in documents.read(str(tmp_path)) if isinstance(i, Document)]
    assert found == ["a.html", "y.html"]


@pytest.mark.parametrize("source", ["../secret.html", "a_files/../secret.html", "/etc/passwd", "a_files/..", "file:a_files/x.html"])  # fmt: skip
def test_a_frame_is_read_from_the_folder_of_its_page_alone(tmp_path: Path, source: str) -> None:
    (tmp_path / "a_files").mkdir()
    (tmp_path / "secret.html").write_text("secret")
    (found,) = read(tmp_path / "a.html", f'<html><iframe src="{source}"></iframe>'.encode())
    assert isinstance(found, Document)
    assert b"srcdoc" not in found.data


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.php", b"<!DOCTYPE html><p>x"),
        ("crawl", b"WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 0\r\n\r\n"),
        ("kept", (CASES / "blink.mhtml").read_bytes()),
        ("Bookmarks", (CASES / "Bookmarks").read_bytes()),
    ],
)
def test_in_a_folder_pages_are_known_by_their_bytes_too(
    tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "style.css").write_bytes(b"p{}")
    assert len(list(documents.read(str(tmp_path)))) == 1
