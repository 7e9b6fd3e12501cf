"""Mangles the open cases and reads them: `python tests/fuzz.py --seconds 600 --seed 1`.

Whatever the bytes, reading must not fail, must stay quick, must give values that can be printed,
and must claim nothing that does not stand in the document. Findings are made small and, with
`--save FOLDER`, kept. The same seed makes the same documents.
"""

from __future__ import annotations

import argparse
import base64
import html
import json
import random
import re
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "providers"))

from provider_samples import fits  # noqa: E402

from podcat.extract import extract  # noqa: E402
from podcat.extract.findings import MOST  # noqa: E402
from podcat.model import IDENTIFIED, Document, Embed, Page, embed_json  # noqa: E402

MEGABYTE = 2**20
LARGEST = MEGABYTE + 2**18
SHOWN = 5  # findings of a kind
MOST_WRITTEN = 64  # bytes of JSON a byte of document, beside what a small one may give anyway
TOKENS = (
    b'<iframe src="', b"<iframe src='", b'"', b"'", b">", b"<", b"</", b"<!--", b"-->", b"<script>",
    b"</script>", b"<noscript>", b"<template>", b"<![CDATA[", b"<audio", b"<source src=", b"<p>", b"&",
    b"&amp;", b"&#0;", b"&#xD800;", b"&#1114112;", b"%", b"%00", b"%2F", b"\x00", b"\x0b", b"\x85",
    b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\xff\xfe", b"\n", b"\r", b"\t", b" ", b"{", b"[",
    b'{"url":', b"data-audio='{", b"javascript:", b"//", b"\\", b"\\/", b"\\u0000", b"0:00", b"99:99:99",
    b"LISTEN", b"Download", b"Embed", b"Transcript", b"9" * 400, b"%25" * 50, b"(" * 500, b"a." * 400,
)  # fmt: skip
KINDS = frozenset({"tracks", "playlists", "users", "track", "album", "playlist", "podcast", "set"})
ENCODINGS = (
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-32",
    "cp1251",
    "cp1252",
    "shift_jis",
    "koi8-r",
)
WRAPPERS = (
    "div",
    "span",
    "iframe",
    "noscript",
    "template",
    "table",
    "b",
    "ul",
    "a",
    "object",
    "svg",
)

Mutation = Callable[[random.Random, bytes, bytes], bytes]

# ---------------------------------------------------------------- documents


@dataclass(frozen=True)
class Case:
    """A document to mangle, and where it came from."""

    name: str
    data: bytes
    url: str | None


def cases() -> list[Case]:
    """All open cases: families, cases and snippets of the providers."""
    folders = (HERE / "extract/families", HERE / "extract/cases")
    files = [p for f in folders for p in sorted(f.rglob("*")) if p.suffix in (".txt", ".html")]
    found = [Case(p.name, p.read_bytes(), _url(p)) for p in files]
    lines = (HERE / "providers/snippets.jsonl").read_text("utf-8").splitlines()
    snippets = (json.loads(line)["html"] for line in lines)
    return found + [Case(f"snippet {n}", s.encode(), None) for n, s in enumerate(snippets)]


def _url(path: Path) -> str | None:
    beside = path.with_suffix(".json")
    said = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
    page = said.get("page", {}) if isinstance(said, dict) else {}
    url = said.get("page_url") or said.get("url") or page.get("url") if page is not None else None
    return url if isinstance(url, str) else None


# ---------------------------------------------------------------- mutations


def _spot(chance: random.Random, data: bytes) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 8, 80, 800, 8000)))


def cut(chance: random.Random, data: bytes, _: bytes) -> bytes:
    start, end = _spot(chance, data)
    return chance.choice((data[:start], data[start:], data[:start] + data[end:]))


def double(chance: random.Random, data: bytes, _: bytes) -> bytes:
    start, end = _spot(chance, data)
    return chance.choice((data + data, data[:end] + data[start:]))


def splice(chance: random.Random, data: bytes, other: bytes) -> bytes:
    start, end = _spot(chance, other)
    at = chance.randrange(len(data) + 1)
    return chance.choice((data[:at] + other[start:], data[:at] + other[start:end] + data[at:]))


def flip(chance: random.Random, data: bytes, _: bytes) -> bytes:
    changed = bytearray(data)
    for _each in range(chance.choice((1, 4, 40)) if data else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def insert(chance: random.Random, data: bytes, _: bytes) -> bytes:
    for _each in range(chance.choice((1, 3, 20))):
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.choice(TOKENS) + data[at:]
    return data


def renumber(chance: random.Random, data: bytes, _: bytes) -> bytes:
    """Other digits, fewer or more of them, in a few numbers."""
    numbers = list(re.finditer(rb"\d+", data))
    for found in sorted(chance.sample(numbers, min(3, len(numbers))), key=lambda f: -f.start()):
        digits = b"".join(b"%d" % chance.randrange(10) for _ in range(chance.choice((0, 1, 5, 13))))
        data = data[: found.start()] + digits + data[found.end() :]
    return data


def reencode(chance: random.Random, data: bytes, _: bytes) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(chance.choice(ENCODINGS), "replace")


def escape(chance: random.Random, data: bytes, _: bytes) -> bytes:
    start, end = _spot(chance, data)
    text = data[start:end].decode("utf-8", "replace")
    numbered = "".join(f"&#{ord(c)};" if chance.random() < 0.3 else c for c in text)
    changed = chance.choice((html.escape(text), html.escape(html.escape(text)), numbered))
    return data[:start] + changed.encode("utf-8", "replace") + data[end:]


def nest(chance: random.Random, data: bytes, _: bytes) -> bytes:
    tag, times = chance.choice(WRAPPERS).encode(), chance.choice((1, 5, 30, 300, 300, 3000, 30000))
    closed = chance.random() < 0.5
    return b"<%s>" % tag * times + data + (b"</%s>" % tag * times if closed else b"")


def repeat(chance: random.Random, data: bytes, _: bytes) -> bytes:
    start, end = _spot(chance, data)
    chunk = data[start:end] or b"<"
    size = chance.choice((3_000, 3_000, 10_000, 10_000, 30_000, 100_000, MEGABYTE))
    return data[:start] + chunk * (size // len(chunk)) + data[end:]


def unbalance(chance: random.Random, data: bytes, _: bytes) -> bytes:
    mark = chance.choice((b">", b'"', b"</", b"<", b"'", b"\n", b"=", b"&", b"-->", b"</script>"))
    pieces = data.split(mark)
    keep = chance.choice((0.0, 0.5, 0.9))
    return b"".join(p + (mark if chance.random() < keep else b"") for p in pieces)


def huge_attribute(chance: random.Random, data: bytes, _: bytes) -> bytes:
    tags = list(re.finditer(rb"<[a-zA-Z]+", data))
    at = chance.choice(tags).end() if tags else 0
    size = chance.choice((1000, 1000, 1000, 10_000, 70_000, 500_000))
    filler = chance.choice((b"a", b"&amp;", b"{", b"[", b" x", b"%20", b"//a.", b"https://a.b/ "))
    name = chance.choice((b"data-audio", b"src", b"href", b"class", b"data-x", b"title", b"value"))
    value = b' %s="%s"' % (name, filler * (size // len(filler)))
    many = b"".join(b" a%d=1" % n for n in range(min(20_000, size // 8)))
    return data[:at] + chance.choice((value, many)) + data[at:]


def shuffle(chance: random.Random, data: bytes, _: bytes) -> bytes:
    lines = data.split(b"\n")
    start = chance.randrange(len(lines))
    some = lines[start : start + 40]
    chance.shuffle(some)
    return b"\n".join(lines[:start] + some + lines[start + 40 :])


MUTATIONS: tuple[Mutation, ...] = (
    cut, double, splice, flip, insert, renumber, reencode, escape, nest, repeat, unbalance,
    huge_attribute, shuffle,
)  # fmt: skip


def mangled(chance: random.Random, all_cases: list[Case]) -> Case:
    """A case after one to four mutations, which its name tells."""
    case, other = chance.choice(all_cases), chance.choice(all_cases)
    for _ in range(chance.choice((1, 1, 2, 3, 4))):
        mutation = chance.choice(MUTATIONS)
        data = mutation(chance, case.data, other.data)[:LARGEST]
        case = Case(f"{case.name} + {mutation.__name__}", data, case.url)
    return case


# ---------------------------------------------------------------- judging


def problems(data: bytes, url: str | None, timed: bool) -> Iterator[str]:
    """What is wrong with reading these bytes, each as one line that names the kind."""
    document = Document("document", data, url)
    try:
        with stopped():
            page = extract(document)
        written = [json.dumps(embed_json(page, e), ensure_ascii=False) for e in page.embeds]
        size = sum(len(line.encode()) for line in written)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        yield f"{type(error).__name__} in {Path(last.filename).name}:{last.name}: {error}"[:200]
        return
    if timed and (seconds := slowest(document)):
        yield f"slow: {seconds:.2f} s for {len(data)} bytes"
    if len(page.embeds) > MOST or len(page.refused) > MOST:
        yield f"many: {len(page.embeds)} recordings, {len(page.refused)} refusals"
    if size > MEGABYTE + MOST_WRITTEN * len(data):
        yield f"long: {size} bytes written for {len(data)}"
    yield from claims(page, data)


@contextmanager
def stopped(seconds: int = 20) -> Iterator[None]:
    """Ends what would hang: the finding says where."""

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def limit(size: int) -> float:
    """Seconds of processor time that so many bytes may cost."""
    return max(0.5, size / MEGABYTE)


def slowest(document: Document) -> float | None:
    """Processor time of a reading that is too slow at every try: machines are shared."""
    best = float("inf")
    for _ in range(4):
        began = time.process_time()
        extract(document)
        best = min(best, time.process_time() - began)
        if best <= limit(len(document.data)):
            return None
    return best


def claims(page: Page, data: bytes) -> Iterator[str]:
    """Ids that no provider has, and ids and files that do not stand in the document."""
    text = None
    for embed in page.embeds:
        if not fits(embed.provider, embed.id):
            yield f"id: {embed.provider} {embed.id!r}"
        if embed.status == IDENTIFIED:
            text = text or plain(data, page)
            for word in said(embed):
                if word not in text:
                    yield f"invented: {embed.provider} {embed.id} by {embed.provenance.get('id')}"


def said(embed: Embed) -> Iterator[str]:
    """The words of an address without which nobody could have read it."""
    words = [w for w in embed.id.split("/") if w not in KINDS] if embed.id else []
    if not embed.id and embed.audio_url and "audio_url" not in embed.derived:
        words = [embed.audio_url.split("?")[0].rpartition("/")[2]]
    yield from (bare(unquote(word)) for word in words)


def bare(text: str) -> str:
    """A text without white space and marks that addresses lose."""
    return re.sub(
        r"[\s\x00-\x20\x7f-\x9f\xad\u200b-\u200f\u2060\ufeff\ufffd\\]", "", text
    ).casefold()


def plain(data: bytes, page: Page) -> str:
    """The document decoded in every way that addresses in it are."""
    text = data.decode(page.encoding or "utf-8", "replace")
    coded = re.findall(r"P[A-H][A-Za-z0-9+/]{20,}", text)
    inside = (
        base64.b64decode(each[: len(each) // 4 * 4]).decode("utf-8", "replace") for each in coded
    )
    forms = ["\n".join([text, *inside]), page.url or ""]
    for _ in range(3):
        forms.append(html.unescape(forms[-2] if len(forms) == 2 else forms[-1]))
    for _ in range(3):
        forms.append(unquote(forms[-1]))
    return bare("\n".join(forms))


# ---------------------------------------------------------------- running


def smaller(data: bytes, still: Callable[[bytes], bool], seconds: float = 20) -> bytes:
    """The document with as much left out as shows the same problem."""
    end, step = time.monotonic() + seconds, len(data) // 2
    while step and time.monotonic() < end:
        at = 0
        while at < len(data) and time.monotonic() < end:
            shorter = data[:at] + data[at + step :]
            if still(shorter):
                data = shorter
            else:
                at += step
        step //= 2
    return data


def kind(problem: str) -> str:
    """What two findings have in common that are one."""
    return re.sub(r"[\d.]+|'.*'", "#", problem.partition(" by ")[0])[:60]


def run(
    seed: int, seconds: float | None = None, documents: int | None = None, timed: bool = True
) -> Iterator[tuple[Case, str]]:
    """Each finding as it is made: the mangled case and the problem."""
    chance, all_cases, count = random.Random(seed), cases(), 0
    end = time.monotonic() + seconds if seconds else None
    while (documents is None or count < documents) and (end is None or time.monotonic() < end):
        case = mangled(chance, all_cases)
        count += 1
        for problem in problems(case.data, case.url, timed):
            yield case, problem
    print(f"{count} documents read", file=sys.stderr)


def save(folder: Path, name: str, case: Case, problem: str) -> None:
    """Keeps the document of a finding, as small as it can be made, beside what is wrong with it."""
    same, data = kind(problem), case.data
    if not same.startswith("slow"):
        data = smaller(data, lambda d: same in map(kind, problems(d, case.url, timed=False)))
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"\W+", "-", name).strip("-")
    (folder / f"{stem}.bin").write_bytes(data)
    (folder / f"{stem}.txt").write_text(f"{case.name} {case.url}\n{problem}\n", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save", type=Path, help="folder for the documents of the findings")
    given = parser.parse_args()
    seen: Counter[str] = Counter()
    for case, problem in run(given.seed, given.seconds):
        seen[kind(problem)] += 1
        if seen[kind(problem)] <= SHOWN:
            print(f"{case.name}: {problem}", flush=True)
            if given.save:
                save(given.save, f"{kind(problem)} {seen[kind(problem)]}", case, problem)
    for each, times in seen.most_common():
        print(f"{times:6} {each}")
    return 1 if seen else 0


if __name__ == "__main__":
    sys.exit(main())
