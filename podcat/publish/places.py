"""Addresses of the site as files: which file has the answer, and how links to it are written.

A page is `PATH/index.html` and its address ends in a slash, which every file host serves as it
is; one without the slash is led there by all of them. What has a kind of its own (`.rss`, `.xml`)
is the file of that name. What stands behind a question mark on a server becomes a part of the
path, as far as it can be a file at all.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

PAGE: Final = "index.html"
LONGEST: Final = 200
"""Bytes of one name; file systems take 255."""
_FILE = re.compile(r"(.*)(\.(?:rss|json|opml|xml|svg|txt|html))", re.S)
_EPISODE = re.compile(r"/episodes/(\d+)(?:-[^/]*)?", re.S)
_PLACE = re.compile(r"-?\d{1,15}(?:-\d{1,18})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answer to an address lies."""

    file: str
    """Its path in the folder of the site, parts joined by slashes."""
    path: str
    """What a link to it says behind the base address: percent-encoded, begins with a slash."""
    asked: str
    """The path, and the query, at which the server has it."""


class Places:
    """Files and links of a site that is reached under a base address."""

    def __init__(self, base_url: str) -> None:
        split = urlsplit(base_url)
        self.base = base_url.rstrip("/")
        self.prefix = split.path.rstrip("/")

    def within(self, address: str) -> str | None:
        """What an address says behind the base address; None for one that is not ours.

        The address is a path from the root of the host, or begins with the base address.
        """
        start = self.prefix if address.startswith("/") else self.base
        rest = address[len(start) :]
        return rest if address.startswith(start) and (not rest or rest[0] in "/?#") else None

    def of(self, rest: str) -> Place | None:
        """The file behind a path of ours, as `within` gives it; None where there can be none."""
        path, _, query = rest.partition("#")[0].partition("?")
        path = path.rstrip("/") or "/"
        names = [unquote(part) for part in path.split("/")[1:]]
        if path != "/" and not all(_can_be_a_name(name) for name in names):
            return None
        if path.startswith("/static/"):
            return _file(names, path, query=query)
        if path == "/search":  # a script there reads the question
            return _page(names, path, query)
        given = dict(parse_qsl(query, keep_blank_values=True))
        return _questioned(names, path, given) if given else _place(names, path)


def _questioned(names: list[str], path: str, given: dict[str, str]) -> Place | None:
    """The file with the answer to a question, of the few that have one."""
    if given.keys() == {"after"} and _PLACE.fullmatch(given["after"]):
        return _place(names, path, given["after"])
    if not given.keys() <= {"play", "t"}:
        return None
    if given.get("play") != "1":  # a script may read from the address where to begin
        return _page(names, path, urlencode(given))
    if episode := _EPISODE.fullmatch(path):
        path, names = f"/embed/{episode[1]}", ["embed", episode[1]]
    return _page([*names, "play"], f"{path}?play=1")


def _can_be_a_name(name: str) -> bool:
    return name not in ("", ".", "..") and not set("/\\\0") & set(name)


def _place(names: list[str], path: str, after: str = "") -> Place:
    asked = f"{path}?after={after}" if after else path
    named = _FILE.fullmatch(names[-1])
    if not named:
        return _page([*names, "after", after] if after else names, asked)
    # A name that begins with a dot is hidden, and some hosts leave such files out.
    stem, kind = named[1] or "index", named[2]
    names = [*names[:-1], stem, "after", after] if after else [*names[:-1], stem]
    return _file(names, asked, kind)


def _page(names: list[str], asked: str, query: str = "") -> Place:
    whole = "/".join(short(name) for name in names if name)
    path = f"/{quote(whole)}/".replace("//", "/")
    return Place(f"{whole}/{PAGE}".lstrip("/"), f"{path}?{query}" if query else path, asked)


def _file(names: list[str], asked: str, kind: str = "", query: str = "") -> Place:
    whole = "/".join(short(name) for name in names if name) + kind
    path = f"/{quote(whole)}"
    return Place(whole, f"{path}?{query}" if query else path, asked)


def short(name: str) -> str:
    """The name, cut so that every file system takes it; no two become the same."""
    data = name.encode()
    if len(data) <= LONGEST:
        return name
    kept = data[: LONGEST - 9].decode(errors="ignore")
    return f"{kept}-{hashlib.sha256(data).hexdigest()[:8]}"
