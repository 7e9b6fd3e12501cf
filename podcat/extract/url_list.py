"""Reads a list of addresses: the recordings that they name by themselves, line by line."""

from __future__ import annotations

from functools import partial

from podcat import urls
from podcat.extract.findings import Findings, found
from podcat.model import Page, Place
from podcat.providers import registry


def read(text: str, url: str | None) -> Page:
    """The page of a list: an address on a line, perhaps with a title behind it, `#` for notes."""
    findings = Findings()
    for number, line in enumerate(text.split("\n"), 1):
        address, *title = line.split(maxsplit=1) or [""]
        if not address.startswith("#"):
            _look(findings, address, "".join(title), Place(number))
    whole = partial(Page, urls.absolute(url), urls.site_of(url), form="text")
    return findings.page(whole, "page/url" if url else None)


def _look(findings: Findings, address: str, title: str, place: Place) -> None:
    match = registry().match(address)
    if match is None:
        findings.refuse(address, None, place)
    elif match.is_recording:
        finding = found(match, place, "text/list-address")
        finding.propose("title", title, "text/list-title")
        findings.add(finding)
