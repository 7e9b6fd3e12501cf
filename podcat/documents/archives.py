"""A page with all its parts in one file: MHTML, and Safari's web archive."""

from __future__ import annotations

import email
import email.policy
import plistlib
import re
from collections.abc import Iterator, Mapping
from email.message import Message
from typing import Any, Final

from podcat import urls
from podcat.documents.frames import Frame, Restorer
from podcat.errors import SourceError
from podcat.model import Document

_MOST_PARTS: Final = 10_000
_HTML: Final = ("text/html", "application/xhtml+xml")
_CUT: Final = "ends before its last part: what is there is read"


# ---------------------------------------------------------------- MHTML (RFC 2557)


def mhtml(data: bytes, name: str, url: str | None, limit: int) -> Iterator[Document | SourceError]:
    """The page of an MHTML file, with the frames that were saved beside it."""
    try:
        message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
        parts = [part for part, _ in zip(message.walk(), range(_MOST_PARTS), strict=False)]
        pages = [part for part in parts if part.get_content_type() in _HTML]
        root = _root(message, pages)
        if root is None:
            raise SourceError(name, "is an MHTML file without a page", "save the page again")
        body, own = _body(root), url or _location(root) or _location(message)
    except SourceError as error:
        yield error
        return
    except Exception as error:  # the library trips over some headers that are none
        yield SourceError(name, f"is a broken MHTML file: {error}", "save the page again")
        return
    frames = _frames(pages, root)
    document = Document(name, Restorer(frames.get, limit).page(body), own, _content_type(root))
    yield document
    if any("Boundary" in type(defect).__name__ for defect in message.defects):
        yield SourceError(name, _CUT, "save the page again")


def _root(message: Message, pages: list[Message]) -> Message | None:
    start = str(message.get_param("start") or "").strip()
    named = (part for part in pages if start and _id(part) == start.strip("<>"))
    return next(named, pages[0] if pages else None)


def _id(part: Message) -> str:
    return str(part.get("Content-ID") or "").strip().strip("<>")


def _location(part: Message) -> str | None:
    """The address of a part; long ones are folded over lines."""
    for header in ("Content-Location", "Snapshot-Content-Location"):
        value = re.sub(r"\s+", "", str(part.get(header) or ""))
        if urls.parse(value) and "//" in value:
            return value
    return None


def _content_type(part: Message) -> str | None:
    charset = part.get_content_charset()
    return part.get_content_type() + (f"; charset={charset}" if charset else "")


def _body(part: Message) -> bytes:
    body = part.get_payload(decode=True)
    return body if isinstance(body, bytes) else b""


def _frames(pages: list[Message], root: Message) -> dict[str, Frame]:
    """Frames by what a page calls them: `cid:` and their Content-ID, or their address."""
    found: dict[str, Frame] = {}
    for part in pages:
        if part is root:
            continue
        frame = Frame(_location(part), _text(_body(part), part.get_content_charset()))
        location = re.sub(r"\s+", "", str(part.get("Content-Location") or ""))
        for key in (f"cid:{_id(part)}", location):
            if key not in ("cid:", ""):
                found.setdefault(key, frame)
    return found


def _text(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


# ---------------------------------------------------------------- Safari


def webarchive(
    data: bytes, name: str, url: str | None, limit: int
) -> Iterator[Document | SourceError]:
    """The page of a web archive of Safari: a property list with the page's bytes and frames."""
    try:
        resource, frames = _plist(data)
    except Exception:  # a property list can be broken in many ways
        yield SourceError(name, "is no web archive of a page", "save the page again")
        return
    encoding = resource.get("WebResourceTextEncodingName")
    own = url or resource.get("WebResourceURL")
    kind = "text/html" + (f"; charset={encoding}" if encoding else "")
    page = Restorer(frames.get, limit).page(resource["WebResourceData"])
    yield Document(name, page, own if isinstance(own, str) and urls.parse(own) else None, kind)


def _plist(data: bytes) -> tuple[Mapping[str, Any], dict[str, Frame]]:
    # The library makes room for as many objects as the file says it has.
    if data.startswith(b"bplist00") and int.from_bytes(data[-24:-16], "big") > len(data):
        raise ValueError
    whole = plistlib.loads(data)
    main = whole["WebMainResource"]
    if not isinstance(main["WebResourceData"], bytes):
        raise TypeError
    inner = [each["WebMainResource"] for each in whole.get("WebSubframeArchives", ())][:_MOST_PARTS]
    return main, {
        str(each["WebResourceURL"]): Frame(
            str(each["WebResourceURL"]),
            _text(each["WebResourceData"], each.get("WebResourceTextEncodingName")),
        )
        for each in inner
    }
