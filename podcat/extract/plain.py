"""Puts a plain-text extract in order before its lines are read.

Quotation marks in front of every line, entities that an extractor left escaped, invisible marks,
Markdown links broken over lines. What is not there costs one search and changes nothing.
"""

from __future__ import annotations

import re
from html import unescape

from podcat.text import visible

# The marks that `visible` drops, in UTF-8.
_STEERING = re.compile(rb"\xe2(?:\x80[\x8b\x8e\x8f\xaa-\xae]|\x81[\xa0\xa6-\xa9])")
_OTHERS = (b"\xc2\xad", b"\xef\xbb\xbf")
_QUOTED = re.compile(r"\s*>")
_QUOTE = re.compile(r"^\s*> ?")
_ENTITY = re.compile(r"&(?:#\w{1,8}|\w{2,8});")
# Longer than any character's number; the library's reader fails on thousands of digits.
_NO_NUMBER = re.compile(r"&#(?=[0-9]{9})")
_INLINE_LINK = re.compile(r"\]\((?:https?:|/)")
_HEADING = re.compile(r"\n#{1,6} ")
_OPEN = re.compile(r"\]\([^()\n]*\n")
_OPEN_AT_END = re.compile(r"\]\([^()]*$")
_JOINED = 4
_HEADED = tuple("#" * depth + " " for depth in range(1, 7))


def resolved(line: str) -> str:
    """A line with its entities resolved, where an extractor left markup escaped, even twice."""
    for _ in range(2):
        if not _ENTITY.search(line):
            break
        line = unescape(_NO_NUMBER.sub("&amp;#", line))
    return line.replace("\n", " ").replace("\r", " ")


def is_markdown(text: str) -> bool:
    """Whether a text holds links or headings as Markdown writes them."""
    return (
        text.startswith(_HEADED)
        or ("]" in text and bool(_INLINE_LINK.search(text)))
        or ("#" in text and bool(_HEADING.search(text)))
    )


def _unquoted(text: str) -> str:
    """The text without the `>` of a quotation, when all of its lines stand in one."""
    if not _QUOTED.match(text):
        return text
    lines = text.split("\n")
    if not all(line.lstrip().startswith(">") for line in lines if line.strip()):
        return text
    return "\n".join(_QUOTE.sub("", line) for line in lines)


def _unescaped(text: str) -> str:
    if "&" not in text or not _ENTITY.search(text):
        return text
    return "\n".join(resolved(line) if "&" in line else line for line in text.split("\n"))


def _rejoined(text: str) -> str:
    """Links that a converter broke over lines in one piece; the lines keep their numbers."""
    if not _OPEN.search(text):
        return text
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if "](" in line:
            _rejoin(lines, number)
    return "\n".join(lines)


def _rejoin(lines: list[str], number: int) -> None:
    """Takes the rest of a link that is open at a line's end from the lines below it."""
    for taken in range(number + 1, min(number + 1 + _JOINED, len(lines))):
        if not _OPEN_AT_END.search(lines[number]):
            break
        gap = "" if lines[number].endswith(("-", "/", "(")) else " "
        lines[number] += gap + lines[taken].strip()
        lines[taken] = ""


def _visible(text: str, source: bytes | None) -> str:
    """The text without invisible marks; in its bytes it is seen sooner that there are none."""
    if source is None or text.isascii():
        return visible(text)
    others = any(mark[:1] in source and mark in source for mark in _OTHERS)
    return visible(text) if others or _STEERING.search(source) else text


def prepared(text: str, source: bytes | None = None) -> tuple[str, bool]:
    """(the text in order, whether it is Markdown); line numbers stay as they are.

    `source` is the text in UTF-8, if that is at hand.
    """
    markdown = is_markdown(text)
    whole = _unescaped(_unquoted(text))
    whole = _visible(whole, source if whole is text else None)
    return (_rejoined(whole) if markdown else whole), markdown
