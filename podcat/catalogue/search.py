"""What people type into a search box, as words. No text is wrong; none reaches a database raw."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from podcat import text

_PART = re.compile(
    r"""(?P<minus>(?<!\S)-)?
        (?:(?:(?<!\S)|(?<=(?<!\S)-))(?P<name>[a-z]+):(?:"(?P<quoted>[^"]*)"?|(?P<value>[^\s"]+))
        |"(?P<phrase>[^"]*)"?
        |(?P<plain>[^\s"]+))""",
    re.I | re.X | re.A,
)
_MOST_WORDS = 64
_MOST_FILTERS = 16
_LONGEST = 500
"""Characters of a word that tell; PostgreSQL takes 2046 bytes."""
_MOST_BYTES = 120_000
"""Bytes of the different words of one column; PostgreSQL takes 1 MB for all columns together."""

_LEAST = 2
"""Letters or digits that a beginning of words needs, unless one of them is worth a syllable."""
_SYLLABLES = re.compile(
    "[\u1100-\u11ff\u3005-\u3007\u3040-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
"""Letters of Chinese, Japanese and Korean script."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words that stand side by side, often just one."""

    words: tuple[str, ...]
    """At least one."""
    begins: bool = False
    """Whether the last word is only how a word begins: `kazakh*`."""

    @property
    def text(self) -> str:
        """The words, separated by blanks; without a quotation mark, apostrophe or star."""
        return " ".join(self.words)

    @property
    def between_blanks(self) -> str:
        """What texts with this phrase hold that have a blank before and after each word."""
        return f" {self.text}" if self.begins else f" {self.text} "

    def places(self, said: Sequence[str]) -> Iterator[range]:
        """Where it stands among the words of a text."""
        *whole, last = self.words
        for end in range(len(whole), len(said)):
            fits = said[end].startswith(last) if self.begins else said[end] == last
            if fits and [*said[end - len(whole) : end]] == whole:
                yield range(end - len(whole), end + 1)

    def implies(self, other: Phrase) -> bool:
        """Whether each text with this phrase has the other, too."""
        # As a word of which the end is open it is no whole word, but begins as it says.
        said = [*self.words[:-1], f"{self.words[-1]}*"] if self.begins else self.words
        return any(True for _ in other.places(said))


@dataclass(frozen=True, slots=True)
class Filter:
    """`tag:ice` and the like."""

    name: str
    """person, tag, programme, provider, since, until or playable."""
    value: str | int
    """A slug, a provider's key, seconds since 1970, 1 or 0 for yes and no."""
    wanted: bool = True
    """False for what must not be: `-tag:ice`."""


@dataclass(frozen=True, slots=True)
class Query:
    """Phrases of folded words, and what else must be so."""

    wanted: tuple[Phrase, ...] = ()
    """All of these occur."""
    unwanted: tuple[Phrase, ...] = ()
    """None of these occurs."""
    filters: tuple[Filter, ...] = ()
    """What else must be so; no matter of words."""

    def __bool__(self) -> bool:
        return self.has_words or bool(self.filters)

    @property
    def has_words(self) -> bool:
        """Whether words are asked for, or asked to be missing."""
        return bool(self.wanted or self.unwanted)


# ---------------------------------------------------------------- reading


def parse(typed: str | None) -> Query:
    """The query of a text: every word must occur, `"a phrase"` as it stands, `-word` must not.

    `begin*` stands for all words that begin so, also at the end of a phrase; with fewer than two
    letters before it the star is ignored.
    `tag:ice`, `person:"Ana Ruiz"`, `programme:`, `provider:`, `since:2022-01`, `until:2022`,
    `playable:yes` narrow as the filters of a list do, `-tag:ice` the other way round. What has
    another prefix, or no value that fits its prefix, is plain words. Without a word and without a
    filter the query is empty (false). Words beyond the 64th are left out.
    """
    wanted: dict[Phrase, None] = {}
    unwanted: dict[Phrase, None] = {}
    filters: dict[Filter, None] = {}
    for part in _PART.finditer(typed or ""):
        if own := _filter(part):
            filters[own] = None
            continue
        phrase = _phrase(_words_of(part))
        if not phrase:
            continue
        if part["minus"]:
            unwanted[phrase] = None
        elif part["phrase"]:
            wanted[phrase] = None
        else:
            wanted |= dict.fromkeys(_apart(phrase))
    return Query(
        tuple(wanted)[:_MOST_WORDS], tuple(unwanted)[:_MOST_WORDS], tuple(filters)[:_MOST_FILTERS]
    )


def begun(typed: str) -> str | None:
    """The text with a star at its end, where that asks for more: for words that begin so."""
    whole, open_ended = parse(typed), parse(f"{typed}*")
    further = {*open_ended.wanted} - {*whole.wanted}
    return f"{typed}*" if any(phrase.begins for phrase in further) else None


def _phrase(typed: str) -> Phrase | None:
    found = _words(typed)
    if not found:
        return None
    begins = len(found) <= _MOST_WORDS and _is_open(typed) and _tells(found[-1])
    return Phrase(tuple(found[:_MOST_WORDS]), begins)


def _is_open(typed: str) -> bool:
    """Whether a star stands right behind the last word."""
    before = typed.rstrip().rstrip("*")
    return typed.rstrip() != before and text.in_word(before[-1:] or " ")


def _tells(begun: str) -> bool:
    """Whether a beginning is long enough not to be that of nearly everything."""
    return bool(_SYLLABLES.search(begun)) or sum(map(str.isalnum, begun)) >= _LEAST


def _apart(phrase: Phrase) -> Iterator[Phrase]:
    """Each word of a phrase by itself."""
    yield from (Phrase((word,)) for word in phrase.words[:-1])
    yield Phrase(phrase.words[-1:], phrase.begins)


def _words_of(part: re.Match[str]) -> str:
    if part["name"]:
        return f"{part['name']} {part['quoted'] or part['value'] or ''}"
    return part["phrase"] or part["plain"] or ""


def _filter(part: re.Match[str]) -> Filter | None:
    name = (part["name"] or "").lower()
    if name not in _READERS:
        return None
    value = _READERS[name](part["quoted"] or part["value"] or "")
    return None if value is None else Filter(name, value, wanted=not part["minus"])


def _slug(given: str) -> str | None:
    return text.slug(given) if text.words(given) else None


def _key(given: str) -> str | None:
    return (text.clean(given) or "").lower() or None


def _since(given: str) -> int | None:
    moment = text.span(given)
    return moment[0] if moment else None


def _until(given: str) -> int | None:
    moment = text.span(given)
    return moment[1] if moment else None


def _choice(given: str) -> int | None:
    return {"yes": 1, "true": 1, "1": 1, "no": 0, "false": 0, "0": 0}.get(given.lower())


_READERS: dict[str, Callable[[str], str | int | None]] = {
    "person": _slug, "tag": _slug, "programme": _slug, "provider": _key,
    "since": _since, "until": _until, "playable": _choice,
}  # fmt: skip


# ---------------------------------------------------------------- words


def folded(*texts: str | None) -> str:
    """Words of some texts as they are indexed: folded, separated by blanks.

    Where there are more different words than a column takes, the rest is left out.
    """
    words = [word for part in texts if part for word in _words(part)]
    joined = " ".join(words)
    return joined if len(joined) < _MOST_BYTES // 4 else " ".join(_within(words))


def _words(typed: str) -> list[str]:
    return [word[:_LONGEST] for word in text.words(typed)]


def _within(words: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    room = _MOST_BYTES
    for word in words:
        if word not in seen:
            seen.add(word)
            room -= len(word.encode())
        if room < 0:
            return
        yield word


# ---------------------------------------------------------------- the index of words

COLUMNS: Final = (
    "title", "programme", "people", "tags", "description", "caption", "pages", "provider",
    "transcript",
)  # fmt: skip
TEXT: Final = "' ' || " + " || ' | ' || ".join(f"s.{name}" for name in COLUMNS) + " || ' '"
"""All words of a row of `search s`; no phrase goes from one column to the next."""

# The index is ordered by one number, so that a database reads the newest hits first.
NUMBERS: Final = 2**29
"""Ids of episodes are below it."""
FURTHEST: Final = 2**33
"""Seconds before and after 1970 that a place in time can have: years 1697 to 2242."""
EPISODE: Final = "(s.rowid & 536870911)"
"""The id of the episode that a row of `search s` is of; negative places give it, too."""


def within_time(moment: int) -> int:
    """The moment, or the nearest that a place can hold."""
    return max(-FURTHEST, min(moment, FURTHEST))


def place(sort_at: int, episode: int) -> int:
    """An episode's row in `search`: in the order of sort_at and id, also of what can be none."""
    if not -FURTHEST <= sort_at <= FURTHEST:
        return (FURTHEST + 1) * NUMBERS * (1 if sort_at > 0 else -1)
    return sort_at * NUMBERS + max(0, min(episode, NUMBERS - 1))


def place_of(alias: str) -> str:
    """The same as a statement writes it, for a row of `episodes`."""
    return f"({alias}.sort_at * {NUMBERS} + {alias}.id)"


# ---------------------------------------------------------------- where words stand

_RUN = re.compile(r"\S+")


def hits(shown: str, query: Query) -> list[tuple[int, int]]:
    """Where the wanted words of a query stand in a text: beginnings and ends, in order.

    What stands between blanks is marked from its first to its last letter: folding can change
    how many letters a word has. Of a word that begins as asked all letters are marked.
    """
    spots: list[tuple[int, int]] = []
    said: list[str] = []
    for start, end in _spans(shown):
        for word in text.words(shown[start:end]):
            said.append(word)
            spots.append((start, end))
    marked: set[tuple[int, int]] = set()
    for phrase in query.wanted:
        for place in phrase.places(said):
            marked.update(spots[place.start : place.stop])
    return sorted(marked)


def _spans(shown: str) -> list[tuple[int, int]]:
    """Runs of letters, numbers and marks."""
    found: list[tuple[int, int]] = []
    for run in _RUN.finditer(shown):
        start: int | None = None
        for at in range(run.start(), run.end() + 1):
            inside = at < run.end() and text.in_word(shown[at])
            if inside and start is None:
                start = at
            elif not inside and start is not None:
                found.append((start, at))
                start = None
    return found
