"""One address on trial: what is known of it, and what it answered, taken apart once."""

from __future__ import annotations

from dataclasses import dataclass

from podcat import urls
from podcat.check.asking import MEDIA_BYTES, PAGE_BYTES, Ask, Subject
from podcat.check.judge import is_copy
from podcat.check.rules.html import Html
from podcat.check.rules.lazy import lazy
from podcat.net.answer import Answer
from podcat.providers import Match, Provider, registry
from podcat.providers.checks import Checks

MEDIA_KINDS = frozenset({"audio", "image"})
"""Of these the first bytes tell all, so no more is asked for."""


class Case:
    """A subject with the answers so far."""

    def __init__(self, subject: Subject, answers: tuple[Answer, ...]) -> None:
        self.subject = subject
        self._answers = answers
        self._asked: list[str] = []

    # ------------------------------------------------------------ the address

    @property
    def url(self) -> str:
        """The address itself, as it is written."""
        return self.subject.url

    @property
    def kind(self) -> str:
        """player, page, audio, transcript or image"""
        return self.subject.kind

    @property
    def is_media(self) -> bool:
        """Whether the first bytes are asked for, by Range."""
        return self.kind in MEDIA_KINDS

    @lazy
    def match(self) -> Match | None:
        """The recording that the address names; none for plain files and archives' copies."""
        if is_copy(self.url):
            return None
        match = registry().match(self.url)
        return match if match and match.form != "file" else None

    @property
    def provider(self) -> Provider | None:
        """Whose player or page it is."""
        return self.match.provider if self.match else None

    @property
    def checks(self) -> Checks:
        """What its provider says of looking at it."""
        return self.provider.checks if self.provider else Checks()

    @property
    def name(self) -> str:
        """The provider's name, for sentences."""
        return self.provider.name if self.provider else "its host"

    # ------------------------------------------------------------ the answers

    @lazy
    def first(self) -> Ask:
        """How the address itself is to be asked for."""
        return Ask(urls.absolute(self.url) or self.url, self.is_media)

    @property
    def answer(self) -> Answer:
        """What the address itself answered."""
        return self._answers[0]

    def also(self, url: str) -> Answer | Ask:
        """What another address answered, or the wish to ask it.

        Rules ask in the same order every time, so the answers stand in the order of the wishes.
        """
        if url not in self._asked:
            self._asked.append(url)
        place = 1 + self._asked.index(url)
        return self._answers[place] if place < len(self._answers) else Ask(url)

    # ------------------------------------------------------------ the answer, taken apart

    @property
    def body(self) -> bytes:
        """The first bytes that came."""
        return self.answer.body

    @lazy
    def media_type(self) -> str:
        """As the server has it: small letters, no parameters."""
        return plain_type(self.answer.header("content-type"))

    @lazy
    def html(self) -> Html:
        """The body as a page."""
        return Html(self.body, self.answer.header("content-type"))

    @property
    def is_html(self) -> bool:
        """Whether a browser would show it as a page."""
        return self.html.is_html or self.media_type in ("text/html", "application/xhtml+xml")

    @property
    def is_script(self) -> bool:
        """Whether it writes a player into the page by itself, and needs no frame."""
        return self.media_type.endswith(("javascript", "ecmascript"))

    @property
    def limit(self) -> int:
        """How many bytes were asked for."""
        return MEDIA_BYTES if self.is_media else PAGE_BYTES

    @property
    def is_cut_short(self) -> bool:
        """Whether the body ended before its declared length, and before the limit."""
        # What comes packed is read to the limit packed, and may be a little less unpacked.
        limit = self.limit // 2 if self.answer.header("content-encoding") else self.limit
        return not self.answer.whole and len(self.body) < limit

    @lazy
    def size(self) -> int | None:
        """Bytes of the whole thing: the total of Content-Range, else Content-Length."""
        total = self.answer.header("content-range").rpartition("/")[2].strip()
        if self.answer.status == 200 and not self.answer.header("content-encoding"):
            total = self.answer.header("content-length")
        return int(total[:18]) if total.isdecimal() else None

    # ------------------------------------------------------------ the way there

    @lazy
    def way(self) -> Way:
        """Where it was redirected to."""
        return Way(self.answer)


@dataclass(frozen=True)
class Way:
    """The redirects that an answer came by."""

    answer: Answer

    @lazy
    def start(self) -> urls.Address | None:
        """What was asked for."""
        return urls.parse(self.answer.url)

    @lazy
    def end(self) -> urls.Address | None:
        """What answered."""
        return urls.parse(self.answer.final_url)

    @property
    def hosts(self) -> list[str]:
        """All hosts that it was led to, in order."""
        found = (urls.site_of(hop.location) for hop in self.answer.hops)
        return [host for host in found if host]


def plain_type(text: str | None) -> str:
    """A media type in small letters without parameters; of several the first."""
    return (text or "").partition(";")[0].partition(",")[0].strip().lower()
