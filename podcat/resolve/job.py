"""One episode on its way to its file: what to ask next, and what came of the answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from podcat import urls
from podcat.catalogue import Learned, Wanted
from podcat.model import Embed, strength
from podcat.net.answer import Answer
from podcat.resolve import media, reading, words
from podcat.resolve.ways import (
    GATES,
    Kind,
    Refused,
    Way,
    closed,
    oembed,
    pages,
    refusal,
    said,
    withheld,
)

MOST: Final = 6
"""Requests for one episode."""
_KEPT_BACK: Final = 2  # of these, for the file and the transcript
CONFIRMED: Final = "html/confirmed-template"
"""The rule of an address that a provider's rule built, and that was seen to play."""
ANSWERED: Final = "json/http-answer"
"""The rule of what a file's host says of it."""
HEARD: Final = "json/transcript"
# Which refusal tells most of when to try again.
_WEIGHT: Final = (
    Refused.PASSING, Refused.GATED, Refused.NOTHING, Refused.GONE, Refused.NEVER,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class End:
    """What came of an episode."""

    why: str | None = None
    """Why it has no file, or one of unknown length; None where all is known."""
    refused: Refused | None = None
    file: str | None = None
    """The address that plays."""
    length: int | None = None
    media_type: str | None = None


@dataclass(slots=True, eq=False)
class Job:
    """An episode, with what is known so far. One thread at a time has it."""

    wanted: Wanted
    learned: list[Learned] = field(default_factory=list)
    asked: list[Way] = field(default_factory=list)
    reasons: list[tuple[Refused, str]] = field(default_factory=list)
    _pages: Iterator[Way] | None = None
    _file: tuple[str, str, str] | None = None
    """Field, address and rule of the file to be tried."""
    _tried: set[str] = field(default_factory=set)
    _good: End | None = None
    _more: list[Way] = field(default_factory=list)
    _shut: set[str] = field(default_factory=set)
    """Hosts that want no programs."""

    def next(self) -> Way | End:
        """The next question, or the end."""
        if not self.asked and (why := self._hopeless()):
            return End(why, Refused.NEVER)
        way = self._way() if len(self.asked) < MOST else None
        if way is None:
            return self._end()
        self.asked.append(way)
        return way

    def take(self, answer: Answer) -> None:
        """What was answered to the last question."""
        way = self.asked[-1]
        if no := refusal(answer):
            if answer.status in GATES or no[0] is Refused.GATED:
                self._shut.add(urls.site_of(way.url) or "")
            self._refused(way, *no)
        elif way.kind is Kind.FILE:
            self._take_file(way, answer)
        elif way.kind is Kind.TRANSCRIPT:
            self._take_transcript(way, answer)
        else:
            self._take_page(way, answer)

    # ---------------------------------------------------------------- what to ask

    def _hopeless(self) -> str | None:
        episode = self.wanted.episode
        if episode.playable:
            return None
        return closed(self.wanted)

    def _way(self) -> Way | None:
        if self._good is None:
            if file := self._to_try():
                return file
            if page := self._page():
                return page
            if built := self._built():
                return built
        return self._besides()

    def _to_try(self) -> Way | None:
        """The file that a document named."""
        if self._file is None or self._file[1] in self._tried:
            return None
        self._tried.add(self._file[1])
        return Way(Kind.FILE, self._file[1])

    def _page(self) -> Way | None:
        episode = self.wanted.episode
        if episode.playable:
            own = episode.media_url or ""
            name = "audio_url" if own == episode.audio_url else "video_url"
            self._file = (name, own, "")
            return self._to_try()
        if self._pages is None:
            self._pages = pages(self.wanted)
            if why := withheld(self.wanted):
                self.reasons.append((Refused.NEVER, why))
                self._pages = iter(())
        while len(self.asked) < MOST - _KEPT_BACK:
            found = self._more.pop(0) if self._more else next(self._pages, None)
            if found is None or not self._is_shut(found.url):
                return found
        return None

    def _is_shut(self, url: str) -> bool:
        return (urls.site_of(url) or "") in self._shut

    def _built(self) -> Way | None:
        """The address that the provider's rule gives: only an answer makes it one."""
        episode = self.wanted.episode
        if episode.playable or "audio_url" not in episode.derived or not episode.audio_url:
            return None
        if self._is_shut(episode.audio_url):
            return None
        self._file = ("audio_url", episode.audio_url, CONFIRMED)
        return self._to_try()

    def _besides(self) -> Way | None:
        """What is worth a request when the file is found, or cannot be."""
        if self.wanted.episode.playable:
            return None
        for way in (self._transcript(), self._naming()):
            done = way is None or way in self.asked or self._is_shut(way.url)
            if way is not None and not done:
                return way
        return None

    def _transcript(self) -> Way | None:
        url = self._known("transcript_url")
        if self._good is None or not url or self._known("transcript"):
            return None
        return Way(Kind.TRANSCRIPT, url)

    def _naming(self) -> Way | None:
        return None if self._known("title") and self._known("image_url") else oembed(self.wanted)

    def _known(self, name: str) -> str | None:
        """What is known of a field, now or from before."""
        candidates = [c for each in self.learned for c in each.embed.candidates if c.field == name]
        best = max(candidates, key=lambda c: strength(c.rule), default=None)
        return best.value if best else getattr(self.wanted.episode, name, None)

    # ---------------------------------------------------------------- what came

    def _refused(self, way: Way, how: Refused, words_of_it: str) -> None:
        self.reasons.append((how, f"{way.kind} {words_of_it}"))
        if way.kind is Kind.FILE:
            self._file_is_none(how)

    def _file_is_none(self, how: Refused) -> None:
        """What a document names and what is no file now is not vouched for."""
        if how is Refused.PASSING and self._file and self._file[2] not in ("", CONFIRMED):
            return  # the document states it, and its host may be well again tomorrow
        self.learned = [
            Learned(each.episode, each.url, reading.without_file(each.embed))
            for each in self.learned
        ]
        self._file = None

    def _take_page(self, way: Way, answer: Answer) -> None:
        episode = self.wanted.episode
        embed = self._read(way, answer)
        if embed:
            self._learn(answer.url, embed)
        found = reading.stated_file(embed) if embed else None
        if found:
            self._file = found
        elif way.kind is not Kind.OEMBED:
            what = "names no file" if embed else "says nothing of it"
            what = what if answer.body.strip() else media.EMPTY
            how = Refused.NOTHING
            if answer.trouble:
                what, how = said(answer), Refused.PASSING
            self.reasons.append((how, f"{way.kind} {what}"))
            announced = None if way.kind is Kind.FEED else reading.feed_in(answer)
            if announced and announced not in {each.url for each in self.asked}:
                self._more.append(Way(Kind.FEED, announced))
        if embed and embed.link and not episode.link and not found:
            self._more.append(Way(Kind.PAGE, embed.link))

    def _read(self, way: Way, answer: Answer) -> Embed | None:
        episode = self.wanted.episode
        if way.kind is Kind.FEED:
            return reading.in_feed(answer, episode, episode.embed_url)
        if way.kind is Kind.OEMBED:
            return reading.in_oembed(answer, episode)
        return reading.on_page(answer, episode, way.kind)

    def _take_file(self, way: Way, answer: Answer) -> None:
        found = media.judge(answer)
        if isinstance(found, str):
            how = Refused.PASSING if answer.trouble else Refused.NOTHING
            self.reasons.append((how, f"{way.kind} {found}"))
            self._file_is_none(Refused.NOTHING)
            return
        assert self._file
        name, url, rule = self._file
        if rule == CONFIRMED:
            self._made(url, CONFIRMED, **{name: url})
        self._made(url, ANSWERED, media_type=found.media_type, media_bytes=found.length)
        unknown = found.length is None
        self._good = End(
            "its host does not say how long its file is" if unknown else None,
            Refused.NOTHING if unknown else None,
            url,
            found.length,
            found.media_type,
        )

    def _take_transcript(self, way: Way, answer: Answer) -> None:
        said = words.spoken(answer.body, answer.header("content-type"), way.url)
        if said:
            self._made(way.url, HEARD, transcript=said, has_transcript=True)
            self._made(way.url, CONFIRMED, transcript_url=way.url)

    def _made(self, url: str, rule: str, **values: object) -> None:
        if embed := reading.made(self.wanted.episode, rule, **values):
            self._learn(url, embed)

    def _learn(self, url: str, embed: Embed) -> None:
        self.learned.append(Learned(self.wanted.episode.id, url, embed))

    # ---------------------------------------------------------------- the end

    def _end(self) -> End:
        if self._good:
            return self._good
        if not self.reasons:
            return End("it has neither a player nor a page to ask", Refused.NEVER)
        how = min((one for one, _ in self.reasons), key=_WEIGHT.index)
        return End("; ".join(dict.fromkeys(said for _, said in self.reasons)), how)
