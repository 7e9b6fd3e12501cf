"""How long `extract` takes for plain-text extracts, as a ratio to one `bytes.find`.

    python tests/bench/bench_text_extracts.py [ROUNDS [BYTES]...]

Each size and kind is timed in turn with a search of the same bytes for words that are not there;
the best of all rounds counts, in processor time. The goal is a ratio of at most 20.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from podcat.extract import extract
from podcat.model import Document

ROOT = Path(__file__).parents[2]
SIZES = (10_000, 50_000, 300_000, 2_000_000)
ABSENT = b"no such words stand here"
SENTENCES = (
    "The council voted on Tuesday to widen the old bridge, though nobody could say who would pay.",
    "Farmers along the river have waited for rain since March; the wells are nearly dry.",
    "“We were told it would take a year,” said a teacher from the north, “and it took three.”",
    "Prices rose by 4.2 per cent, the most in a decade, and bread is dearer than it ever was.",
    "A spokeswoman for the ministry declined to comment before the talks, which begin at 10:30.",
    "More than 1,200 people came to the square, many of them with candles and old photographs.",
)
RUSSIAN = (
    "Совет проголосовал во вторник за расширение старого моста, но никто не знает, кто заплатит.",
    "Крестьяне вдоль реки ждут дождя с марта; колодцы почти пусты, и хлеб подорожал.",
    "«Нам говорили, что это займёт год, — сказала учительница с севера, — а прошло три».",
)


def prose(size: int, sentences: tuple[str, ...] = SENTENCES) -> Iterator[str]:
    """Paragraphs of running text of about a size, no two alike."""
    written = number = 0
    while written < size:
        picked = [sentences[(number * 5 + n) % len(sentences)] for n in range(1 + number % 4)]
        paragraph = " ".join((f"Day {number}:", *picked))
        written += len(paragraph.encode()) + 2
        number += 1
        yield paragraph


def linked(size: int) -> Iterator[str]:
    """Running text with an address of some site or other in every third paragraph."""
    for number, paragraph in enumerate(prose(size)):
        address = f"https://news.example.org/{number}/a-story-of-the-day.html"
        yield f"{paragraph} More: {address}." if number % 3 == 0 else paragraph


def markdown(size: int) -> Iterator[str]:
    """The same as Markdown, with links in the text and a heading now and then."""
    for number, paragraph in enumerate(prose(size)):
        link = f"[the whole story](https://news.example.org/{number}/story.html)"
        yield f"{'## ' if number % 9 == 0 else ''}{paragraph} **Read** {link}"


def player(number: int) -> str:
    """NPR's audio list under its title, as extracts show it."""
    address = f"https://www.npr.org/player/embed/{700000000 + number}/{800000000 + number}"
    transcript = "\n  • Transcript" if number % 3 else ""
    return (
        f"A picture of the {number}th day on the square. Ana Sample/NPR hide caption\n\n"
        f"toggle caption\nAna Sample/NPR\n\nWhat The River Took On Day {number}\n\n  • Download\n"
        f'  • <iframe src="{address}" width="100%" height="290" frameborder="0" scrolling="no" '
        f'title="NPR embedded audio player">{transcript}'
    )


def many(size: int) -> Iterator[str]:
    """An NPR list page: a recording with its picture in every 800 bytes."""
    yield from ("Stories About", "The River")
    for number in range(max(1, size // 800)):
        yield player(number)
        yield from prose(300)


def inside(size: int, text: str) -> Iterator[str]:
    """One recording in the middle of running text."""
    yield from prose(size // 2)
    yield text
    yield from prose(size // 2)


PANGEA = (
    "The speakers were Ana Sample, a writer; and RFE/RL's Lee Sample.\n\nTwitter Spaces: The River\n"
    "please wait\n\nNo media source currently available\n\n0:00 1:08:32 0:00"
)
SPACE = "The Space is over; hear it here:\nhttps://twitter.com/i/spaces/1OwxWzAMbvLGQ"
KINDS: dict[str, Callable[[int], Iterator[str]]] = {
    "none": prose,
    "none, Russian": lambda size: prose(size, RUSSIAN),
    "none, with links": linked,
    "none, Markdown": markdown,
    "one of NPR": lambda size: inside(size, player(1)),
    "one of RFE/RL": lambda size: inside(size, PANGEA),
    "one Space": lambda size: inside(size, SPACE),
    "many of NPR": many,
}


def made(kind: str, size: int) -> bytes:
    """A text of a kind, of about a size in bytes."""
    return "\n\n".join(KINDS[kind](size)).encode()


@dataclass(frozen=True)
class Result:
    kind: str
    size: int
    recordings: int
    seconds: float
    ratio: float
    """To one search of the same bytes for words that are not there."""

    def __str__(self) -> str:
        size = f"{self.size / 1000:.0f} KB"
        return (
            f"{self.kind:18} {size:>8} {self.recordings:6} {self.seconds * 1000:10.3f} ms"
            f" {self.ratio:8.1f}"
        )


def best(act: Callable[[], object], rounds: int, enough: float = 0.3) -> float:
    """The least processor time of some rounds, stopping early when they take long."""
    times: list[float] = []
    while len(times) < rounds and (len(times) < 3 or sum(times) < enough * 5):
        begun = time.process_time()
        act()
        times.append(time.process_time() - begun)
    return min(times)


def measure(kind: str, size: int, rounds: int = 15) -> Result:
    """Times one kind and size."""
    data = made(kind, size)
    document = Document("bench", data)
    recordings = len(extract(document).embeds)
    times = max(1, 2_000_000 // len(data))
    find = best(lambda: [data.find(ABSENT) for _ in range(times)], rounds) / times
    spent = best(lambda: extract(document), rounds)
    return Result(kind, len(data), recordings, spent, spent / find)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    print(f"{'kind':18} {'size':>8} {'found':>6} {'time':>13} {'/ find':>8}")
    for kind in KINDS:
        for size in map(int, sys.argv[2:]) if len(sys.argv) > 2 else SIZES:
            print(measure(kind, size, rounds), flush=True)


if __name__ == "__main__":
    main()
