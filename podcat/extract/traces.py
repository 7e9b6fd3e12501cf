"""Tells from a page's bytes, at the cost of a few searches, that no recording can be on it.

A recording is always named by something: an address on a provider's host, a media file, an audio
element. What is written with escapes inside an address counts
as a trace, so that nothing is lost; a test holds that scan and extraction agree.

A regular expression that begins with a literal byte runs nearly as fast as memory is searched;
one that begins with a choice of bytes takes ten times as long. That gives these their shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from podcat import urls
from podcat.extract import html_npr, html_pangea
from podcat.providers import Registry, registry

_HOST = re.compile(rb"//([\w.-]+)")
_ESCAPED_HOST = re.compile(rb"\\/([\w.-]+)")
# Three classes that every media file's extension passes, and little else.
_EXTENSION = re.compile(rb"\.([mMoOaAwWfF][pP4oOgGaAeElL][34aAbBvVgGuUcC]\w{0,2})")
# <audio <source <amp-… <lite-…, and any iframe
_ELEMENT = re.compile(rb"<[aAsSiIlL][uUmMoOfFiI][dDpPuUrRtT][^>]*")
_SCRUBBED = b"NPR embedded"
# Nobody writes letters, digits or the marks of addresses as numbers, unless to hide them.
_ENTITY = re.compile(
    rb"(?:#0*(?:4[5-9]|5[0-8]|6[5-9]|[78]\d|9[05-9]|1[01]\d|12[0-2])(?!\d)"
    rb"|#[xX]0*(?:2[d-fD-F]|3[\daA]|[46][1-9a-fA-F]|[57][\daA])(?![\da-fA-F])"
    rb"|(?:sol|colon|period|lowbar|hyphen|dash);)"
)
_UNICODE = re.compile(rb"\\u00(?:2[dDeEfF]|3[aA])")
_MARKUP = frozenset(html_npr.FAMILY + html_pangea.FAMILY)
_PIECE = 2**14
_ADDRESS = re.compile(rb"[^\"'<>]{1,4096}")
_MOST = 500


def _places(data: bytes, host: bytes) -> Iterator[int]:
    place = data.find(host)
    while place >= 0:
        yield place
        place = data.find(host, place + len(host))


def _written(data: bytes, place: int) -> Iterator[str]:
    """An address as far as it may go, and up to the next white space."""
    seen = _ADDRESS.match(data, place)
    whole = seen[0].replace(b"\\", b"").decode("utf-8", "replace") if seen else ""
    whole = unescape(f"https://{whole}")
    yield whole
    yield re.split(r"[\s\"'<>)]", whole, maxsplit=1)[0]


def _says_whose(data: bytes, place: int) -> bool:
    """Whether an address stands in the page's own base, canonical address or the like."""
    start = data.rfind(b"<", 0, place) + 1
    return data[start : start + 4].lower() in (b"base", b"link", b"meta")


def _is_named(known: Registry, data: bytes, host: bytes) -> bool:
    """Whether an address on a provider's host names a recording, or fails to."""
    for number, place in enumerate(_places(data, host)):
        if number > _MOST or _says_whose(data, place):
            return True
        if any(known.match(url) or known.refusal(url) for url in _written(data, place)):
            return True
    return False


def _provider_address(data: bytes) -> bool:
    known = registry()
    hosts = set(_HOST.findall(data))
    if b"\\" in data:
        hosts.update(_ESCAPED_HOST.findall(data))
    for host in hosts:
        owner = known.provider_of(host.decode("ascii", "replace").rstrip(".").lower())
        if owner and (owner.key in _MARKUP or _is_named(known, data, host)):
            return True
    return False


def _element(data: bytes) -> bool:
    """Whether there is an element that plays sound; of frames only those that were emptied."""
    seen = _ELEMENT.findall(data)
    return any(tag[1:4].lower() != b"ifr" or _SCRUBBED in tag for tag in seen)


def _file(data: bytes) -> bool:
    """Whether a media file is named."""
    written = set(_EXTENSION.findall(data))
    return any(name.decode("latin-1").lower() in registry().media for name in written)


def _escaped(data: bytes) -> bool:
    """Whether what an address needs is written as an entity or as a number."""
    if b"\\" in data and _UNICODE.search(data):
        return True
    # Taking the bytes apart at a rare one is faster than searching for two.
    heads = {piece[:10] for piece in data.split(b"&")[1:]}
    return any(_ENTITY.match(head) for head in heads)


def _described(data: bytes) -> bool:
    """Whether data on the page name a sound whose address need not look like one."""
    if b"contentUrl" in data or b"data-borlabs-cookie-" in data:  # which keeps players in base64
        return True
    end = data.find(b"</head")
    head = data[: end if end >= 0 else len(data)]
    return b"og:audio" in head or b"player:stream" in head


def any_in(data: bytes, url: str | None) -> bool:
    """Whether a page can hold a recording; `data` in an encoding that keeps ASCII as it is.

    What is small may be a piece of a page, which need not name whose it is.
    """
    return bool(
        len(data) < _PIECE
        or registry().provider_of(urls.site_of(url))
        or _file(data)
        or _element(data)
        or _described(data)
        or _escaped(data)
        or _provider_address(data)
    )
