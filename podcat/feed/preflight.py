"""What directories would refuse in a feed, in plain words, before anybody submits it.

Rules of Apple Podcasts, PSP-1 and RSS that can be judged without opening a connection.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from podcat import text
from podcat.feed.media import extension, http
from podcat.feed.page import DESCRIPTION_BYTES, FeedPage, Item, items

ERROR: Final = "error"
WARNING: Final = "warning"
LONGEST_TEXT: Final = 255  # PSP-1, for every value it says nothing else of

# The files that Apple plays; it looks at nothing but the extension.
APPLE_PLAYS: Final = (".mp3", ".m4a", ".mp4", ".m4v", ".mov")


class Finding(NamedTuple):
    """One thing that is wrong; level is `error` (would be refused) or `warning`."""

    level: str
    rule: str
    message: str


def inspect(page: FeedPage) -> list[Finding]:
    """What is wrong with a feed, worst first; empty when it can be submitted."""
    shown = list(items(page))
    found = [
        Finding(level, rule, message)
        for level, rule, is_wrong, message in _CHANNEL_RULES
        if is_wrong(page)
    ]
    for rule in _ITEM_RULES:
        found += rule(page, shown)
    return sorted(found, key=lambda finding: finding.level != ERROR)


_Rule = tuple[str, str, Callable[[FeedPage], bool], str]

_CHANNEL_RULES: Final[tuple[_Rule, ...]] = (
    (ERROR, "channel-image", lambda p: http(p.channel.image) is None,
     "the feed has no image; Apple wants a square JPEG or PNG of 1400 to 3000 pixels"),
    (ERROR, "channel-language", lambda p: not p.channel.language,
     "the feed does not say its language"),
    (ERROR, "channel-category", lambda p: not p.channel.category,
     "the feed has no category; take one of Apple's"),
    (ERROR, "channel-title", lambda p: not text.clean(p.channel.title),
     "the feed has no title"),
    (ERROR, "channel-description", lambda p: not text.clean(p.channel.description),
     "the feed has no description"),
    (WARNING, "channel-title-length", lambda p: len(p.channel.title) > LONGEST_TEXT,
     f"the feed's title is longer than {LONGEST_TEXT} characters"),
    (WARNING, "channel-description-length",
     lambda p: len(text.scrub(p.channel.description).encode()) > DESCRIPTION_BYTES,
     f"the feed's description is cut at {DESCRIPTION_BYTES} bytes"),
    (WARNING, "channel-author", lambda p: not text.clean(p.channel.author),
     "the feed names no author"),
    (WARNING, "channel-owner", lambda p: not p.channel.owner_email,
     "the feed has no owner_email; Spotify and others send a code there to prove ownership"),
    (WARNING, "channel-copyright",
     lambda p: (p.channel.copyright or "").lower().startswith(("copyright", "©", "(c)")),
     "copyright is to name the holder, without the word or the sign"),
    (WARNING, "https", lambda p: not p.self_url.startswith("https://"),
     "the feed is not served over https"),
)  # fmt: skip


def _no_playable(_: FeedPage, shown: Sequence[Item]) -> Iterator[Finding]:
    if not any(item.enclosure for item in shown):
        yield Finding(ERROR, "no-playable", "no item has a file; Apple wants at least one to play")


def _player_only(_: FeedPage, shown: Sequence[Item]) -> Iterator[Finding]:
    missing = sum(item.enclosure is None for item in shown)
    if missing:
        message = (
            f"{missing} of {len(shown)} items have no file; Apple and podcast indexes drop them"
        )
        yield Finding(WARNING, "player-only", f'{message}; items = "playable" leaves them out')


def _extensions(_: FeedPage, shown: Sequence[Item]) -> Iterator[Finding]:
    for item in shown:
        if item.enclosure and extension(item.enclosure.url) not in APPLE_PLAYS:
            message = f"{item.title}: Apple knows no file by the extension of {item.enclosure.url}"
            yield Finding(WARNING, "extension", message)


def _long_titles(_: FeedPage, shown: Sequence[Item]) -> Iterator[Finding]:
    for item in shown:
        if len(item.title) > LONGEST_TEXT:
            message = f"{item.title[:60]}…: the title is longer than {LONGEST_TEXT} characters"
            yield Finding(WARNING, "title-length", message)


def _duplicates(page: FeedPage, _: Sequence[Item]) -> Iterator[Finding]:
    for rule, what, values in (
        ("same-guid", "guid", [e.guid for e in page.episodes]),
        ("same-file", "file", [e.media_url for e in page.episodes if e.media_url]),
    ):
        for value, times in Counter(values).items():
            if times > 1:
                yield Finding(WARNING, rule, f"{times} episodes have the same {what}: {value}")


_ItemRule = Callable[[FeedPage, Sequence[Item]], Iterator[Finding]]
_ITEM_RULES: Final[tuple[_ItemRule, ...]] = (
    _no_playable, _player_only, _extensions, _long_titles, _duplicates,
)  # fmt: skip
