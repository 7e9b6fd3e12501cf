"""Made-up episodes by the hundred thousand, straight into the tables of a catalogue.

Words follow Zipf's law over 60,000 of them, 48 to an episode, as do tags, people and programmes;
times are spread over 20 years without regard to the order in which episodes were added.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from podcat.catalogue.search import place

VOCABULARY, TAGS, PEOPLE, PROGRAMMES = 60_000, 300, 5_000, 200
PROVIDERS = ("npr", "npr", "npr", "npr", "rferl", "rferl", "voa", "soundcloud")
FIRST, SPAN = 1_000_000_000, 20 * 365 * 86_400
WORDS = 48

Row = dict[str, Any]


def _zipf(count: int) -> list[float]:
    return list(itertools.accumulate(1 / n for n in range(1, count + 1)))


_OFTEN = {count: _zipf(count) for count in (VOCABULARY, TAGS, PEOPLE, PROGRAMMES)}


class Source:
    """The same rows for the same seed, batch by batch."""

    def __init__(self, count: int, seed: int = 1) -> None:
        self.count = count
        self._random = random.Random(seed)
        self._numbers = range(VOCABULARY)

    def draw(self, among: int, count: int = 1) -> list[int]:
        """Numbers below `among`, the small ones often."""
        return self._random.choices(range(among), cum_weights=_OFTEN[among], k=count)

    def text(self, count: int) -> str:
        """Words; `w0` is the commonest."""
        drawn = self._random.choices(self._numbers, cum_weights=_OFTEN[VOCABULARY], k=count)
        return " ".join(f"w{number}" for number in drawn)

    def batches(self, size: int = 5_000) -> Iterator[dict[str, list[Row]]]:
        """Rows by table."""
        for start in range(1, self.count + 1, size):
            tables: dict[str, list[Row]] = {
                name: [] for name in ("episodes", "search", "episode_tags", "credits")
            }
            for number in range(start, min(start + size, self.count + 1)):
                self._episode(number, tables)
            tables["search"].sort(key=itemgetter("rowid"))  # FTS5 is slow in any other order
            yield tables

    def _episode(self, number: int, tables: dict[str, list[Row]]) -> None:
        title, description = self.text(6), self.text(WORDS - 6)
        programme = f"programme {self.draw(PROGRAMMES)[0]}"
        provider = self._random.choice(PROVIDERS)
        tags = sorted(set(self.draw(TAGS, 2)))
        people = sorted(set(self.draw(PEOPLE, 2)))
        sort_at = FIRST + self._random.randrange(SPAN)
        tables["episodes"].append({
            "id": number, "guid": f"urn:uuid:{number:032}", "provider": provider,
            "provider_id": str(number), "status": "identified", "sort_at": sort_at,
            "first_seen": sort_at, "changed_at": sort_at, "title": title,
            "description": description, "programme": programme,
            "programme_slug": programme.replace(" ", "-"), "playable": number % 2,
            "embed_url": f"https://player.example/{number}",
        })  # fmt: skip
        tables["search"].append({
            "rowid": place(sort_at, number), "title": title, "programme": programme,
            "people": " ".join(f"person p{p}" for p in people),
            "tags": " ".join(f"tag t{t}" for t in tags),
            "description": description, "caption": "", "pages": "", "provider": provider, "transcript": "",
        })  # fmt: skip
        tables["episode_tags"] += [{"episode_id": number, "tag_id": t + 1} for t in tags]
        tables["credits"] += [
            {"episode_id": number, "person_id": p + 1, "role": "host", "position": n}
            for n, p in enumerate(people)
        ]


def names() -> dict[str, list[Row]]:
    """The tags and people that the rows speak of."""
    return {
        "tags": [{"id": n + 1, "slug": f"t{n}", "name": f"tag t{n}"} for n in range(TAGS)],
        "people": [{"id": n + 1, "slug": f"p{n}", "name": f"person p{n}"} for n in range(PEOPLE)],
    }
