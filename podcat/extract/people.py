"""Who speaks in a recording and on which day it was made, from the page's own sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from podcat.model import Person
from podcat.text import latest_not_after, month_day

# Small words that stand inside names, and those that are tied to the word behind them.
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "della",
        "der",
        "di",
        "da",
        "van",
        "von",
        "bin",
        "ibn",
        "al",
        "el",
        "la",
        "le",
        "bint",
        "ter",
        "ten",
        "dos",
    ]
)
_TIED = re.compile(r"(?:al|el|ad|as|an|ul|ur|d|l|o|ibn)[-'’](?=\w)", re.I)
_HONORIFIC = re.compile(
    r"(?:dr|mr|mrs|ms|prof|professor|gen|sen|rep|sir|dame|st|jr|sr|vs)\.?", re.I
)
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?)+")
_NAME_MARKS = re.compile(r"['’.\-‐]")
_LONGEST_NAME = 4

# An organisation in the genitive before a name: "RFE/RL's", "the Foundation's".
_GENITIVE = re.compile(r"(?:the )?(?P<body>\S+(?: \S+){0,4}?)['’]s? ")
_TAIL = re.compile(r" (?:of|from|at|with|who|in) .*")

# Sentence form to role; what the group `who` holds is a list of people.
_BE = "(?:were|was|are|is)"
_INCLUDE = "(?:were|was|are|is|include[ds]?)"
_SENTENCES = tuple(
    (role, re.compile(form + ",? (?P<who>.+)", re.I))
    for role, form in (
        ("guest", rf"\bjoining (?:us |him |her |them |the \w+ )?as (?:a )?guests? {_BE}"),
        ("guest", rf"\b(?:the|our|his|her|their) guests? {_INCLUDE}"),
        ("guest", r"\bguests? include[ds]?"),
        ("guest", rf"\b(?:panelists|participants) {_INCLUDE}"),
        ("speaker", rf"\b(?:the )?speakers? {_INCLUDE}"),
        ("moderator", rf"\b{_BE} moderated by"),
        ("moderator", rf"\bmoderating (?:the \w+ )?{_BE}"),
        ("moderator", rf"\bthe moderator {_BE}"),
        ("host", rf"\bhosting (?:the \w+ |this \w+ )?{_BE}"),
        ("host", rf"\b(?:the|your) hosts? {_BE}"),
    )
)
_JOINS = re.compile(r"(?P<who>.+?),? joins? (?:co-?)?host (?P<host>.+)")
_HOSTED = re.compile(r"\bhosted by (?P<who>.+)", re.I)
_REPORTS = re.compile(
    r"(?P<who>(?:voa|rfe/rl)['’]s .+?) (?:reports|reported|has (?:more|the story))\b", re.I
)
_WROTE = re.compile(r"(?P<who>.+) (?:wrote|adapted|reported) this (?:story|report|article)\b")
_LONGEST_SENTENCE = 2000
# A list of more people than this is none of those who speak.
_MOST_PEOPLE = 60
ROLE_WORDS = (
    "guest", "panelists", "participants", "speaker", "moderat", "host", "joins",
    "wrote", "adapted", "reported", "voa", "rfe/rl",
)  # fmt: skip
"""Small words, one of which stands in every paragraph that names a person with a part."""
EVENT_WORDS = ("hosted", "held", "recorded", "broadcast", "aired", "streamed", "place")
"""The same of every paragraph that states the day of an event."""

_EVENT = re.compile(
    r"\b(?:hosted|held|recorded|broadcast|aired|streamed|took place|taking place)\b", re.I
)
_TALK = re.compile(
    r"\b(?:spaces?|discussion|conversation|talk|event|briefing|debate|interview|podcast|programme?)\b",
    re.I,
)
_SENTENCE_END = re.compile(r"(?<=[^\W_)\]”\"’])[.!?]+[”\"’]?\s+(?=\W?[^\W\d_a-zа-яё])")


def sentences(paragraphs: Iterable[str]) -> Iterator[str]:
    """The sentences of running text; `Dr.` and initials do not end one."""
    for paragraph in paragraphs:
        held: list[str] = []
        for piece in _SENTENCE_END.split(paragraph):
            held.append(piece)
            last = piece.rpartition(" ")[2]
            if not (_HONORIFIC.fullmatch(last) or _INITIALS.fullmatch(last)):
                yield _sentence(held)
                held = []
        if held:
            yield _sentence(held)


def _sentence(pieces: list[str]) -> str:
    return ". ".join(pieces)[:_LONGEST_SENTENCE].rstrip(".!? ")


# ---------------------------------------------------------------- names


def _is_name_word(word: str) -> bool:
    """`Reid`, `O'Brien`, `al-Sample`, `Qasym-Zhomart`, `J.`"""
    plain = _TIED.sub("", word, count=1)
    return plain[:1].isupper() and _NAME_MARKS.sub("", plain).isalpha()


def _trailing_name(text: str) -> str | None:
    """The run of name words that a text ends with, two at the least."""
    tokens = text.split()
    first = len(tokens)
    while first and (_is_name_word(tokens[first - 1]) or tokens[first - 1] in _PARTICLES):
        first -= 1
    name = tokens[first:]
    while name and (name[0] in _PARTICLES or _HONORIFIC.fullmatch(name[0])):
        name = name[1:]
    fits = 2 <= sum(_is_name_word(w) for w in name) <= _LONGEST_NAME
    return " ".join(name) if fits else None


def _bare(head: str) -> str:
    """A name's phrase without the organisation before it and the place behind it."""
    genitive = _GENITIVE.match(head)
    if genitive and all(w[0].isupper() or w == "of" for w in genitive["body"].split()):
        head = head[genitive.end() :]
    cut = _TAIL.sub("", head)
    return cut if _trailing_name(cut) else head


def _is_person(piece: str) -> bool:
    bare = _bare(piece)
    words = [w for w in bare.split() if not _HONORIFIC.fullmatch(w)]
    return _trailing_name(bare) == " ".join(words)


def _person(item: str, role: str) -> Person | None:
    """`RFE/RL's Bruce Pannier, author of …`, `RFE/RL correspondent Reid Standish`, `Ana Ro`."""
    head, _, about = item.strip().partition(",")
    bare = _bare(head)
    name = _trailing_name(bare)
    if name is None:
        return None
    before, _, behind = head.partition(name)
    before = re.sub(r"['’]s? *$", "", before).strip()
    return Person(name, role, about.strip() or behind.strip() or before or None)


def _items(who: str) -> list[str]:
    """The people of a list: parted by semicolons, or else by commas where names follow."""
    if ";" in who:
        parts = (
            re.sub(r"^,? *and,? ", "", part.strip(), flags=re.I)
            for part in who.split(";", _MOST_PEOPLE)
        )
        return [_from_name(part) for part in parts if part]
    items: list[str] = []
    for piece in (p.strip() for p in re.split(r",? and |, ", who, maxsplit=_MOST_PEOPLE)):
        if _is_person(piece) or not items:
            items.append(piece)
        else:
            items[-1] += f", {piece}"
    return items


def _from_name(item: str) -> str:
    """`from Riverton, Lee Sample, a fellow`: what stands before the name is no part of it."""
    first, comma, rest = item.partition(", ")
    return rest if comma and first[:1].islower() and _is_person(rest.partition(",")[0]) else item


def _all(who: str, role: str) -> list[Person]:
    return [person for item in _items(who) if (person := _person(item, role))]


# ---------------------------------------------------------------- sentences


def _joined(sentence: str) -> list[Person]:
    """`E joins host F to discuss …`"""
    found = _JOINS.match(sentence)
    if not found:
        return []
    words = found["host"].split()
    names = [n for n in range(2, 5) if _is_person(" ".join(words[:n]).rstrip(","))]
    host = " ".join(words[: names[-1]]).rstrip(",") if names else None
    return [*_all(found["who"], "guest"), Person(host, "host")] if host else []


def _one(sentence: str) -> list[Person]:
    for role, form in _SENTENCES:
        if match := form.search(sentence):
            return _all(match["who"], role)
    if match := _REPORTS.match(sentence):
        return _all(match["who"], "reporter")
    if match := _WROTE.match(sentence):
        return _all(match["who"], "author")
    if match := _HOSTED.search(sentence):
        return _all(re.split(r" on | in | at ", match["who"])[0], "host")
    return _joined(sentence)


def people(paragraphs: Iterable[str]) -> list[Person]:
    """The people that sentences of the page name with their part in the recording."""
    return list(dict.fromkeys(p for sentence in sentences(paragraphs) for p in _one(sentence)))


def event_date(paragraphs: Iterable[str], published: str | None) -> str | None:
    """The day on which the recorded event took place, as far as a sentence states it.

    A day without a year is the latest such day not after publication; without a publication
    date the year stays open (`--01-13`).
    """
    likely = (p for p in paragraphs if _EVENT.search(p) and _TALK.search(p))
    for sentence in sentences(likely):
        event = _EVENT.search(sentence)
        stated = month_day(sentence[event.start() :]) if event and _TALK.search(sentence) else None
        if stated:
            year, month, day = stated
            return (
                f"{year:04}-{month:02}-{day:02}"
                if year
                else latest_not_after(month, day, published)
            )
    return None
