"""Where bytes come from: files, folders, standard input, and what is refused."""

from __future__ import annotations

import gzip
import io
import os
import sys
from pathlib import Path

import pytest

from podcat import documents
from podcat.errors import MissingSourceError, SourceError
from podcat.model import Document


def names(folder: Path) -> list[str]:
    return [
        os.path.relpath(item.name, folder) if isinstance(item, Document) else f"! {item}"
        for item in documents.read(str(folder))
    ]


def problem(path: Path, limit: int = documents.LIMIT) -> str:
    (found,) = documents.read(str(path), limit=limit)
    assert isinstance(found, SourceError)
    return str(found)


def test_a_file_is_read_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "page.php"
    path.write_bytes(b"<p>")
    (found,) = documents.read(str(path), url="https://example.org/")
    assert found == Document(str(path), b"<p>", "https://example.org/")


def test_a_folder_gives_its_pages_sorted_and_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.html", "a/z.txt", "a/b/c.XHTML", "c.png", ".d.html", ".git/e.html", "f"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert names(tmp_path) == ["a/b/c.XHTML", "a/z.txt", "b.html"]


def test_a_folder_that_holds_itself_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/x.html").write_bytes(b"x")
    (tmp_path / "a/loop").symlink_to(tmp_path)
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert names(tmp_path) == ["a/x.html"]


def test_a_link_to_nowhere_in_a_folder_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").symlink_to(tmp_path / "gone")
    (tmp_path / "b.html").write_bytes(b"x")
    assert names(tmp_path) == [
        f"! {tmp_path}/a.html: cannot be read: No such file or directory",
        "b.html",
    ]


def test_a_pipe_in_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.html")
    (tmp_path / "b.html").write_bytes(b"x")
    assert names(tmp_path) == ["b.html"]


def test_folders_may_be_very_deep(tmp_path: Path) -> None:
    folders = [str(tmp_path) + "/d" * depth for depth in range(1, 1201)]
    for folder in folders:
        Path(folder).mkdir()
    last = Path(folders[-1], "x.txt")
    last.write_bytes(b"x")
    try:
        assert len(names(tmp_path)) == 1
    finally:  # Python's own removal of a tree cannot go so deep
        last.unlink()
        for folder in reversed(folders):
            Path(folder).rmdir()


@pytest.mark.parametrize("inside", [None, "picture.png"])
def test_a_folder_without_documents_says_what_counts_as_one(
    tmp_path: Path, inside: str | None
) -> None:
    if inside:
        (tmp_path / inside).write_bytes(b"x")
    assert problem(tmp_path) == (
        f"{tmp_path}: holds no documents; they are named .html, .htm, .xhtml, .shtml, .txt, .text, "
        ".mht, .mhtml, .webarchive, .warc, .warc.gz, .html.gz, .htm.gz, .txt.gz, .urls"
    )


def test_a_missing_path_is_missed_before_anything_starts(tmp_path: Path) -> None:
    there = tmp_path / "a.txt"
    there.write_bytes(b"x")
    documents.require([str(there), "-", str(tmp_path)])
    with pytest.raises(MissingSourceError, match="there is no such file or folder") as caught:
        documents.require([str(there), str(tmp_path / "b.txt")])
    assert caught.value.thing == str(tmp_path / "b.txt")
    assert caught.value.exit_code == 2


def test_the_size_is_judged_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)  # holds no bytes on the disk
    assert "is 200 MB, more than the limit of 32 MB; raise document_bytes" in problem(path)


def test_the_limit_itself_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(b"x" * 100)
    (found,) = documents.read(str(path), limit=100)
    assert isinstance(found, Document)
    assert "is 100 bytes, more than the limit of 99 bytes" in problem(path, 99)


def test_what_has_no_size_is_read_to_the_limit_and_no_further() -> None:
    assert problem(Path("/dev/zero"), 1000) == (
        "/dev/zero: is larger than the limit of 1000 bytes; "
        "raise document_bytes in podcat.toml if this is a page"
    )


class _Stdin:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def test_standard_input_is_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Stdin(b"<p>"))
    assert list(documents.read("-")) == [Document("-", b"<p>")]


def test_standard_input_has_the_same_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Stdin(b"x" * 101))
    (found,) = documents.read("-", limit=100)
    assert "is larger than the limit of 100 bytes" in str(found)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG image"),
        (b"GIF89a\x01\0", "a GIF image"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PK\x03\x04\x14\0", "a ZIP archive or Office document"),
        (gzip.compress(gzip.compress(b"<p>", mtime=0), mtime=0), "gzip-compressed data"),
        (b"\x7fELF\x02\x01", "a program"),
        (b"ID3\x04\0", "an MP3 recording"),
        (b"\xff\xfb\x90\x00" + bytes(30), "an MP3 recording"),
        (b"OggS\0\x02", "an Ogg recording"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "a WAV recording"),
        (b"\0\0\0\x20ftypM4A ", "an MP4 recording or film"),
        (b"SQLite format 3\0", "an SQLite database"),
        (bytes(range(256)) * 8, "binary data"),
        (bytes(5000), "binary data"),
    ],
)
def test_other_kinds_of_files_are_called_by_their_name(
    tmp_path: Path, data: bytes, kind: str
) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(data)
    assert f"is {kind}" in problem(path)
    assert problem(path).endswith("not a page; give a saved HTML page or a text extract")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<p>x\0y",
        "Қазақстан".encode("utf-16"),
        "Қазақстан".encode("utf-32"),
        "Казахстан".encode("cp1251") * 50,
        "Қазақстан".encode("utf-8-sig"),
        b"\x1b$B$3$s\x1b(B" * 50,
        b"BM is how this text starts",
        b"\xff\xfe<\0p\0>\0",
    ],
)
def test_text_in_any_encoding_is_a_document(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(data)
    assert list(documents.read(str(path))) == [Document(str(path), data)]


def test_names_that_are_no_text_are_made_printable(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff\n\x1b[31m.txt")
    path.write_bytes(b"x")
    (found,) = documents.read(str(path))
    assert found == Document(f"{tmp_path}/\ufffd\ufffd\ufffd[31m.txt", b"x")
