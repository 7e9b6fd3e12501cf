"""Working addresses in the place of dead ones, in a document as it is. Pure.

What is known for certain is repaired: a player of a form that plays no more (NPR's Flash), one
whose provider has moved, an address with its query glued to the id, plain http. Where Flash needs
an element of its own, an `<iframe>` takes its place.
"""

from __future__ import annotations

import html
import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from podcat import urls
from podcat.check.patch import Edit, View
from podcat.model import Document
from podcat.providers import Match, Provider, registry

_SLASH = r"(?:\\?/|\\u002[fF]|&\#(?:x2[fF]|47);|&sol;)"
# Up to what ends an address in HTML, in JSON and in a text; escapes of its own signs stay in it.
_URL = re.compile(
    rf"""(?:(?<![\w/%&?])https?:|(?<![\w:/%&?\\]))(?:{_SLASH}){{2}}
    (?:[^\s"'<>`\\{{}}|^\x00-\x20\x7f&]|\\/|\\u00(?:26|2[fF]|3[dDfF])
      |&(?!(?:quot|apos|lt|gt|nbsp|\#34|\#39|\#60|\#62|\#160|\#x22|\#x27|\#x3[cCeE]|\#xa0);))+""",
    re.X | re.I,
)
# What may be written anywhere as it is, but for "&".
_PLAIN = re.compile(r"https?://[\w%/:=&?~#+!$,;@()*\[\].-]+(?<![.,;:!?*)\]])", re.A)
_TRAILING: Final = ".,;:!?*_)]"
_ATTRIBUTE = re.compile(r"[\s\"'][\w:.-]+\s*=$")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_ENTITY = re.compile(r"&(?:amp|sol|#\d+|#[xX][0-9a-fA-F]+);")
_AND = re.compile(r"&(?:amp|#0*38|#[xX]0*26);|\\u0026")

# Where no tag is a tag: nothing is repaired in comments, and no element in the others.
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_RAW = re.compile(r"<(script|style|textarea|xmp)\b.*?(?:</\1\s*>|\Z)", re.S | re.I)
_PLUGIN = re.compile(
    r"<object\b(?:(?!<object\b).){0,20000}?</object\s*>|<embed\b[^<>]{0,4000}>(?:\s*+</embed\s*+>)?",
    re.S | re.I,
)
_PARTS = re.compile(r"</?(?:object|param|embed)\b[^<>]*>|<!--.*?(?:-->|\Z)", re.S | re.I)
_INSIDE = re.compile(r"(?:<|&lt;|\\u003[cC]|\\x3[cC])(?:embed|object|param)\b[^<>]*$", re.I)
_SIZE = re.compile(r"\b(width|height)\s*+=\s*+[\"']?+\s*+(\d{1,4}(?:%|px)?)", re.I)

# Forms that still lead somewhere, by redirects, while the provider has another one: by its key, how
# host and path begin, and what happened.
_MOVED: Final = (
    ("anchor", "anchor.fm/", "Anchor is Spotify for Creators now"),
    ("anchor", "www.anchor.fm/", "Anchor is Spotify for Creators now"),
    ("anchor", "podcasters.spotify.com/", "Spotify for Podcasters is Spotify for Creators now"),
    ("spotify", "open.spotify.com/embed-podcast/", "Spotify's old player address"),
    ("spotify", "open.spotify.com/embed/user/", "Spotify's old player address"),
)


@dataclass(frozen=True, slots=True)
class Better:
    """What should stand in the place of an address."""

    url: str
    why: str
    provider: Provider | None = None
    is_player: bool = False
    kind: str | None = None


def edits(document: Document, known: Mapping[str, str] | None = None) -> tuple[View, list[Edit]]:
    """What is to be changed in a document, in its order, over a view of its bytes.

    `known` leads from addresses to better ones that a check has found. After these changes there
    is nothing left to be changed.
    """
    view = View(document)
    known = known or {}
    found = list(_elements(view, known))
    taken = _Spans.of((edit.start, edit.end) for edit in found)
    found += [edit for edit in _addresses(view, known) if not taken.hold(edit.start)]
    return view, sorted(found, key=lambda edit: edit.start)


def addresses(document: Document) -> list[str]:
    """Every address in a document that could be repaired, each once."""
    view = View(document)
    found = (_plain(view, place)[1] for place in _URL.finditer(view.text))
    return list(dict.fromkeys(url for url in found if url))


class _Spans:
    """Parts of a text that do not overlap, in their order."""

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        self.spans = [found.span() for found in pattern.finditer(text)]

    @classmethod
    def of(cls, spans: Iterable[tuple[int, int]]) -> _Spans:
        made = cls("", _COMMENT)
        made.spans = list(spans)
        return made

    def hold(self, place: int) -> bool:
        """Whether a place is in one of them."""
        number = bisect_right(self.spans, (place, sys.maxsize)) - 1
        return number >= 0 and place < self.spans[number][1]


# ---------------------------------------------------------------- what is better


def better(url: str, known: Mapping[str, str] | None = None) -> Better | None:
    """A better address than this one, or None. An archive's copy is meant as it is."""
    seen, first, last = [url], None, _step(url, known or {})
    while last:
        if last.url in seen:
            return None  # what has moved came back
        first = first or last
        seen.append(last.url)
        last = _step(last.url, known or {})
    return replace(first, url=seen[-1]) if first else None


def _step(url: str, known: Mapping[str, str]) -> Better | None:
    address = urls.parse(url)
    if address is None or address.host in urls.ARCHIVES:
        return None
    match = registry().match(url)
    found = _of_match(match, address) if match else _of_malformed(url)
    if found is None and (target := known.get(url)):
        found = Better(target, "moved for good, as a check has seen")
    if found is None and match:
        found = _secure(url, match)
    return found if found and found.url != url and _PLAIN.fullmatch(found.url) else None


def _of_match(match: Match, address: urls.Address) -> Better | None:
    if match.provider.closed:
        return None
    player = match.form == "player"
    target = match.embed_url if player else match.link
    if target and match.retired:
        why = f"{match.retired} plays no more"
        return Better(target, why, match.provider, player, match.kind)
    place = address.host + address.path
    for key, beginning, why in _MOVED:
        if player and match.embed_url and match.provider.key == key and place.startswith(beginning):
            return Better(_with_query(match.embed_url, address), why, match.provider, player)
    return None


def _with_query(target: str, address: urls.Address) -> str:
    """The new form of a player with what the old one was told: colours, a place to start at."""
    query = f"?{address.query}" if address.query and "?" not in target else ""
    return target + query + (f"#{address.fragment}" if address.fragment else "")


def _of_malformed(url: str) -> Better | None:
    target = registry().repaired(url)
    return Better(target, "what follows the id was glued to it") if target else None


def _secure(url: str, match: Match) -> Better | None:
    is_player = match.form == "player" and (match.embed_url or "").startswith("https://")
    if not is_player or match.provider.closed or url[:5].lower() != "http:":
        return None
    return Better(f"https:{url[5:]}", "http players do not play in https pages", match.provider)


# ---------------------------------------------------------------- addresses


def _addresses(view: View, known: Mapping[str, str]) -> Iterator[Edit]:
    text = view.text
    comments = _Spans(text, _COMMENT)
    for place in _URL.finditer(text):
        raw, url = _plain(view, place)
        found = better(url, known) if url else None
        start = place.start()
        if found is None or comments.hold(start) or _is_part(text, start):
            continue
        written = _as_there(raw, url, found.url)
        if written is not None:
            yield Edit(start, start + len(raw), written, url, found.url, found.why)


def _is_part(text: str, start: int) -> bool:
    """Whether an address is part of something that must not be changed by itself."""
    before = text[max(0, start - 400) : start]
    if before.endswith("=") and not _ATTRIBUTE.search(before):
        return True  # the parameter of another address
    return _INSIDE.search(before) is not None  # a plug-in's: what it plays is no page


def _plain(view: View, place: re.Match[str]) -> tuple[str, str]:
    """What stands there, and the address that it means; an empty one where that is not sure."""
    raw = place[0]
    if not raw.isascii():
        first = next(n for n, sign in enumerate(raw) if not sign.isascii())
        following = view.shown(raw[first:])[:1]
        if following.isalnum() or following == "\ufffd":
            return raw, ""
        raw = raw[:first]
    if view.is_shared and place.start() and not view.text[place.start() - 1].isascii():
        return raw, ""
    raw = _without_trailing(raw)
    url = _ESCAPED.sub(lambda m: chr(int(m[1], 16)), raw).replace("\\/", "/")
    url = _ENTITY.sub(lambda m: html.unescape(m[0]), url)
    return raw, url if url.isascii() and len(url) <= urls.LONGEST else ""


def _without_trailing(raw: str) -> str:
    kept = raw.rstrip(_TRAILING)
    if raw[len(kept) :].startswith(";") and (entity := re.search(r"&#?\w+$", kept)):
        return raw[: entity.end() + 1]
    if raw[len(kept) :].startswith(")") and kept.count("(") > kept.count(")"):
        return raw[: len(kept) + 1]
    return raw[: len(kept) + 1] if raw[len(kept) :].startswith("_") else kept


def _as_there(raw: str, url: str, new: str) -> str | None:
    """An address with the escapes that the one in its place has; None where they do not tell."""
    if new == f"https:{url[5:]}" and raw[:5].lower() == "http:":
        return f"{raw[:4]}s{raw[4:]}"
    sign = _AND.search(raw)
    if "&" in new and not sign and "&" not in raw:
        return None
    if sign:
        new = new.replace("&", sign[0])
    slash = re.search(_SLASH, raw)
    return new.replace("/", slash[0]) if slash and slash[0] != "/" else new


# ---------------------------------------------------------------- elements


def _elements(view: View, known: Mapping[str, str]) -> Iterator[Edit]:
    text = view.text
    if not re.search(r"<(?:object|embed)\b", text, re.I):
        return
    masked = _Spans(text, _COMMENT), _Spans(text, _RAW)
    for place in _PLUGIN.finditer(text):
        hidden = any(spans.hold(place.start()) for spans in masked)
        if hidden or _PARTS.sub("", place[0]).strip():
            continue
        found = _player_of(view, place, known)
        if found:
            old, new = found
            frame = _iframe(new, place[0])
            yield Edit(place.start(), place.end(), frame, old, new.url, new.why)


def _player_of(
    view: View, place: re.Match[str], known: Mapping[str, str]
) -> tuple[str, Better] | None:
    """The one player that an element names: its address there, and the better one."""
    found: dict[str, tuple[str, Better]] = {}
    for inner in _URL.finditer(view.text, place.start(), place.end()):
        url = _plain(view, inner)[1]
        new = better(url, known) if url else None
        if new and new.is_player:
            found.setdefault(new.url, (url, new))
    return next(iter(found.values())) if len(found) == 1 else None


def _iframe(new: Better, element: str) -> str:
    size = {name.lower(): value.removesuffix("px") for name, value in _SIZE.findall(element)}
    provider = new.provider
    height = size.get("height") or str(provider.height if provider else 200)
    # A stock label: one that reading does not take for the title of a recording.
    label = f"{provider.name} embedded {new.kind} player" if provider else ""
    known = provider is not None and label.casefold() in provider.labels
    title = f' title="{html.escape(label)}"' if known else ""
    return (
        f'<iframe src="{html.escape(new.url)}" width="{size.get("width", "100%")}" '
        f'height="{height}" frameborder="0" scrolling="no"{title}></iframe>'
    )
