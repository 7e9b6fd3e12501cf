"""Looks at sources: what is new behind them goes into the catalogue.

A source is asked for with the validators of the last time, after the robots.txt of its server;
then the pages that it lists and that were not read so far, the newest first, some in one go.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from podcat import urls
from podcat.catalogue import Catalogue, Listed, Source
from podcat.net import engine, troubles
from podcat.net.answer import Answer, Trouble
from podcat.net.pace import Pace, wait_of
from podcat.net.schedule import Looked
from podcat.resolve.once import Once
from podcat.work import reading, rhythm
from podcat.work.hosts import Delays
from podcat.work.permission import ROBOTS, SECONDS, Came, Judge
from podcat.work.reading import Read

PAGES: Final = 50
"""Pages of one source that are read in one go."""
LEVELS: Final = 3
"""As often that many addresses in one go, lists of lists among them: these may have no end."""
FURTHER: Final = 5
"""Pages of a feed behind its first one that are read, once."""
TRIES: Final = 3
"""After so many failures a page that a source lists is given up, until the list says it changed."""


class Looker(Protocol):
    """Who gets answers, with more headers than the usual ones; `net.Looker` is one."""

    def look(
        self, url: str, *, limit: int, media: bool = False, more: Mapping[str, str] | None = None
    ) -> Answer:
        """What an address answers; nothing is raised."""

    def cut(self) -> None:
        """Ends all looks that are under way."""


@dataclass(slots=True, eq=False)
class Outcome:
    """What came of one source."""

    source: Source
    """As it is after the look."""
    new: int = 0
    changed: int = 0
    pages: int = 0
    """Pages of its list that were read."""


@dataclass(slots=True, eq=False)
class _Visit:
    """A source on its way."""

    outcome: Outcome
    said: str | None = None
    read: Read | None = None
    fresh: int = 0
    etag: str | None = None
    last_modified: str | None = None
    todo: list[Listed] = field(default_factory=list)
    done: list[Listed] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    more: bool = False
    further: int = 0
    failed: bool = False
    later: bool = False


@dataclass(slots=True, eq=False)
class _Subject:
    """One address to be had: a source's own, or one that it lists."""

    visit: _Visit
    url: str
    listed: Listed | None = None
    first: bool = False
    """Whether its server's robots.txt is asked for first."""


def visit(  # noqa: PLR0913  (settings, by name)
    catalogue: Catalogue, sources: Sequence[Source], looker: Looker, pace: Pace,
    *, limit: int, delays: Delays, clock: Callable[[], float] = time.time,
) -> Iterator[Outcome]:  # fmt: skip
    """One Outcome a source, each kept before it is told. Raises DatabaseError.

    `limit` is the largest document in bytes; `delays` (those of `pace`) learn the Crawl-delays.
    Of sources for which there was no time nothing is told: they are due still.
    """
    run = _Run(catalogue, looker, pace, limit, delays, clock)
    visits = [_Visit(Outcome(source)) for source in sources]
    subjects = [_Subject(each, each.outcome.source.url) for each in visits]
    while subjects:
        for looked in run.looks(subjects):
            run.take(looked.subject, looked.verdict)
        subjects = [subject for each in visits for subject in run.next(each)]
    for each in visits:
        if not each.later:
            yield run.end(each)


class _Run:
    def __init__(  # noqa: PLR0913, PLR0917
        self, catalogue: Catalogue, looker: Looker, pace: Pace, limit: int,
        delays: Delays, clock: Callable[[], float],
    ) -> None:  # fmt: skip
        self._catalogue, self._pace, self._limit, self._clock = catalogue, pace, limit, clock
        self._asker = _Asker(looker)
        self._judge = Judge(catalogue, limit, delays, clock)

    def looks(self, subjects: Sequence[_Subject]) -> Iterator[Looked[_Subject, Came]]:
        self._judge.recall(subject.url for subject in subjects)
        self._asker.more = dict(_conditions(subjects))
        return engine.look(subjects, self._judge, self._pace, self._asker)

    def take(self, subject: _Subject, came: Came) -> None:
        """What came of an address."""
        if subject.listed:
            self._take_page(subject.visit, subject.listed, came)
        else:
            self._take_source(subject.visit, came)

    def _take_source(self, visit: _Visit, came: Came) -> None:
        source, answer = visit.outcome.source, came.answer
        if came.later:
            visit.later = True
            return
        if answer is not None and answer.trouble is Trouble.RESTING:
            visit.failed = True
            visit.outcome.source = rhythm.postponed(source, int(self._clock()))
            return
        if answer is not None and answer.status == 304 and (source.etag or source.last_modified):
            return
        if why := came.why or _refusal(answer):
            self._fail(visit, why, answer)
            return
        assert answer is not None
        visit.read = read = reading.source(answer, self._limit)
        if read.problem and not (read.pages or read.listed):
            self._fail(visit, read.problem, answer)
            return
        visit.etag, visit.last_modified = _validators(answer)
        visit.fresh = rhythm.fresh(answer, self._clock())
        visit.said = f"{read.digest} {' '.join(source.tags)}"
        if visit.said != source.said:
            self._store(visit, read)
        visit.todo = self._unread(visit, [*self._further(visit, read), *read.listed])

    def _fail(self, visit: _Visit, why: str, answer: Answer | None) -> None:
        after = wait_of(answer, rhythm.MOST) or 0.0 if answer else 0.0
        now, source = int(self._clock()), visit.outcome.source
        visit.failed = True
        visit.outcome.source = rhythm.failed(source, now, why, after)

    def _store(self, visit: _Visit, read: Read) -> None:
        tags, now = visit.outcome.source.tags, int(self._clock())
        for outcome in self._catalogue.store_all(read.pages, tags, now) if read.pages else ():
            visit.outcome.new += len(outcome.made)
            visit.outcome.changed += len(outcome.altered - outcome.made)

    @staticmethod
    def _further(visit: _Visit, read: Read) -> list[Listed]:
        """The next page of a feed, unless there were many."""
        visit.further += 1
        followed = read.following and visit.further <= FURTHER
        is_next = followed and read.following != visit.outcome.source.url
        return [Listed(read.following)] if is_next and read.following else []

    def _unread(self, visit: _Visit, listed: Sequence[Listed]) -> list[Listed]:
        """Of the pages of a list those to be read now."""
        known = self._catalogue.listed_pages(visit.outcome.source.id, [page.url for page in listed])
        found = []
        for page in listed:
            if page.url in visit.asked:
                continue
            before = known.get(page.url)
            if before is None or before.stamp != page.stamp[:64]:
                found.append(page)
            elif 0 < before.failures < TRIES:
                found.append(replace(page, failures=before.failures))
        once = self._most(visit)
        most = min(once - len(visit.done), LEVELS * once - len(visit.asked)) - len(visit.todo)
        visit.more = visit.more or len(found) > most
        return found[: max(most, 0)]

    def _most(self, visit: _Visit) -> int:
        gap = self._pace.gap(urls.site_of(visit.outcome.source.url) or "")
        return max(1, min(PAGES, int(SECONDS / gap) if gap else PAGES))

    def next(self, visit: _Visit) -> Iterator[_Subject]:
        """The pages to be asked for now."""
        todo, visit.todo = visit.todo, []
        visit.asked.update(page.url for page in todo)
        yield from (_Subject(visit, page.url, page) for page in todo)

    def _take_page(self, visit: _Visit, page: Listed, came: Came) -> None:
        answer = came.answer
        if came.later or (answer is not None and answer.trouble is Trouble.RESTING):
            visit.more = True
            return
        passing = came.passing
        if answer is not None:
            passing = answer.status is None or answer.status >= 429
        read = None if came.why or _refusal(answer) else reading.read(answer, self._limit)  # type: ignore[arg-type]
        if read is None:
            failures = page.failures + 1 if passing else TRIES
            visit.more = visit.more or (passing and failures < TRIES)
            visit.done.append(replace(page, failures=failures))
            return
        self._store(visit, read)
        visit.outcome.pages += 1
        if read.kind == reading.SITEMAP:
            before = visit.more
            visit.more = False
            visit.todo += self._unread(visit, read.listed)
            finished, visit.more = not visit.more, visit.more or before
            if not finished:  # a list of pages is read again until all of them were
                return
        elif read.following:
            visit.todo += self._unread(visit, [*self._further(visit, read), *read.listed])
        visit.done.append(replace(page, failures=0))

    def end(self, visit: _Visit) -> Outcome:
        """Keeps how a source is now."""
        outcome, now = visit.outcome, int(self._clock())
        if not visit.failed:
            outcome.source = self._after(visit, now)
        self._catalogue.source_looked(outcome.source, visit.done, now)
        return outcome

    def _after(self, visit: _Visit, now: int) -> Source:
        source, outcome = visit.outcome.source, visit.outcome
        new = bool(outcome.new or outcome.changed or outcome.pages)
        if visit.read:
            read, least = visit.read, max(visit.read.least, visit.fresh)
            source = replace(source, kind=read.kind, least=least, skips=read.skips, said=visit.said)
            # What is not read to its end must not be answered by 304 the next time.
            whole = not visit.more
            source = replace(
                source,
                etag=visit.etag if whole else None,
                last_modified=visit.last_modified if whole else None,
            )
        return rhythm.seen(source, now, new=new, more=visit.more)


# ---------------------------------------------------------------- asking


class _Asker:
    """Asks with the validators of each source, and for each robots.txt once."""

    def __init__(self, looker: Looker) -> None:
        self._looker = looker
        self._once = Once(looker)
        self.more: dict[str, dict[str, str]] = {}

    def look(self, url: str, *, limit: int, media: bool = False) -> Answer:
        if url.endswith(ROBOTS):
            return self._once.look(url, limit=limit, media=media)
        return self._looker.look(url, limit=limit, media=media, more=self.more.get(url))

    def cut(self) -> None:
        self._looker.cut()


def _conditions(subjects: Iterable[_Subject]) -> Iterator[tuple[str, dict[str, str]]]:
    for subject in subjects:
        source = subject.visit.outcome.source
        if subject.listed is None:
            named = {"If-None-Match": source.etag, "If-Modified-Since": source.last_modified}
            yield subject.url, {name: value for name, value in named.items() if value}


def _validators(answer: Answer) -> tuple[str | None, str | None]:
    """ETag and Last-Modified, if they can be sent back."""
    found = (answer.header(name).strip() for name in ("etag", "last-modified"))
    etag, modified = (v if v and v.isascii() and v.isprintable() and len(v) < 500 else None
                      for v in found)  # fmt: skip
    return etag, modified


def _refusal(answer: Answer | None) -> str | None:
    """Why an answer is none."""
    if answer is None or answer.trouble or answer.status is None:
        return answer.detail if answer and answer.detail else "gives no answer"
    return None if 200 <= answer.status < 300 else f"answers {troubles.phrase(answer.status)}"
