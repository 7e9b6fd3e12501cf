"""Tells from a page's bytes, at the cost of a few searches, that no recording can be on it.

A recording is always named by something: an address on a provider's host, a media file, an audio
element, an attribute that a script reads. What is written with escapes inside an address counts
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
# .mp3 .m4a .m4b .mov .mp4 .oga .ogg .ogv .opus .aac .wav .weba .webm .flac, and what is like them
_FILE = re.compile(rb"\.[mMoOaAwWfF][pP4oOgGaAeElL][34aAbBvVgGuUcC]")
# <audio <source <amp-…, and any iframe
_ELEMENT = re.compile(rb"<[aAsSiI][uUmMoOfF][dDpPuUrR][^>]*")
_SCRUBBED = b"NPR embedded"
# data-audio data-attrs data-resource, in any case: their values need hold no address
_ATTRIBUTE = re.compile(rb"-[aArR][uUtTeE][dDtTsS][iIrRoO][oOsSuU]")
# Nobody writes letters, digits or the marks of addresses as numbers, unless to hide them.
_ENTITY = re.compile(
    rb"&(?:#0*(?:4[5-9]|5[0-8]|6[5-9]|[78]\d|9[05-9]|1[01]\d|12[0-2])(?!\d)"
    rb"|#[xX]0*(?:2[d-fD-F]|3[\daA]|[46][1-9a-fA-F]|[57][\daA])(?![\da-fA-F])"
    rb"|(?:sol|colon|period|lowbar|hyphen|dash);)"
)
_UNICODE = re.compile(rb"\\u00(?:2[dDeEfF]|3[aA])")
_MARKUP = frozenset(html_npr.FAMILY + html_pangea.FAMILY)
_HEAD = 2**17
_LONGEST = b"{1,4096}"
_MOST = 500


def _written(data: bytes, host: bytes) -> Iterator[str]:
    """The addresses on a host, each as far as it may go and up to the next white space."""
    here = rb"/\\?/" + re.escape(host) + rb"(?![\w.-])[^\"'<>]" + _LONGEST
    for number, seen in enumerate(set(re.findall(here, data, re.I))):
        if number > _MOST:
            return
        whole = unescape("https:" + seen.replace(b"\\", b"").decode("utf-8", "replace"))
        yield from {whole, *re.split(r"[\s\"'<>)]", whole, maxsplit=1)[:1]}


def _is_named(known: Registry, data: bytes, host: bytes) -> bool:
    """Whether an address on a provider's host names a recording, or fails to."""
    found = list(_written(data, host))
    if len(found) > _MOST:
        return True
    if any(known.match(url) or known.refusal(url) for url in found):
        return True
    own = rb"<(?:base|link|meta)\b[^>]*//" + re.escape(host)
    return bool(re.search(own, data[:_HEAD], re.I))


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


def any_in(data: bytes, url: str | None) -> bool:
    """Whether a page can hold a recording; `data` in an encoding that keeps ASCII as it is."""
    return bool(
        registry().provider_of(urls.site_of(url))
        or _FILE.search(data)
        or _element(data)
        or _ATTRIBUTE.search(data)
        or (b"&" in data and _ENTITY.search(data))
        or (b"\\" in data and _UNICODE.search(data))
        or _provider_address(data)
    )
