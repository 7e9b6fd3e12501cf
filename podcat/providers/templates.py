"""Address templates: one notation that is both matched against addresses and filled in.

/player/embed/{story}/{media}     a named part, by its grammar in the provider's [parts]
/a/[{slug}/]{id}.html             [ ] is optional; it may nest
/shows/*/embed                    * is any one path segment, not kept
?url={link:quoted}                a part percent-encoded whole, when filling in
{media:raw}                       a part that is an address itself, put in as it is
{show}.example.com                the same notation for a host, matched against a route's `host`
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from urllib.parse import quote

_TOKEN = re.compile(
    r"\{(?P<name>\w+)(?::(?P<how>quoted|raw))?\}|(?P<mark>[\[\]*])|(?P<text>[^{}\[\]*]+)"
)


def _tokens(template: str) -> Iterator[re.Match[str]]:
    position = 0
    while position < len(template):
        found = _TOKEN.match(template, position)
        if not found:
            raise ValueError(f"stray {template[position]!r} in template {template!r}")
        yield found
        position = found.end()


def names(template: str) -> list[str]:
    """The parts that a template names, in order."""
    return [t["name"] for t in _tokens(template) if t["name"]]


def literals(template: str) -> list[str]:
    """What stands in every filling of the template, in order; the first is how it begins."""
    texts, depth = [""], 0
    for number, token in enumerate(_tokens(template)):
        depth += {"[": 1, "]": -1}.get(token["mark"], 0)
        if token["text"] and not depth:
            texts[0 if number == 0 else len(texts) :] = [token["text"]]
    return texts


_MARKS = {"[": "(?:", "]": ")?", "*": "[^/]+"}


def pattern(template: str, grammar: Mapping[str, str]) -> re.Pattern[str]:
    """The template as a regular expression to match a whole text with.

    Raises ValueError for an unbalanced template and KeyError for a part without a grammar.
    """
    out = []
    for token in _tokens(template):
        if name := token["name"]:
            out.append(f"(?P<{name}>{grammar[name]})")
        else:
            out.append(_MARKS[token["mark"]] if token["mark"] else re.escape(token["text"]))
    try:
        return re.compile("".join(out))
    except re.error as error:
        raise ValueError(f"template {template!r}: {error}") from None


class Lazy:
    """A pattern that is compiled when it is first matched: most are never needed in one run."""

    def __init__(self, compile_: Callable[[], re.Pattern[str]]) -> None:
        self._compile = compile_

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern itself; raises what compiling it raises."""
        return self._compile()

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """As of the pattern itself."""
        return self.pattern.fullmatch(text)

    def search(self, text: str) -> re.Match[str] | None:
        """As of the pattern itself."""
        return self.pattern.search(text)


@cache
def _pieces(template: str) -> tuple[tuple[str | None, str | None, str | None, str], ...]:
    """(mark, name, how, text) of each token; a template is taken apart once."""
    return tuple((t["mark"], t["name"], t["how"], t["text"]) for t in _tokens(template))


def fill(template: str, values: Mapping[str, str | None]) -> str | None:
    """The template with its parts filled in, or None when one that is not optional is missing.

    An optional piece is left out when a part in it is missing.
    """
    stack: list[list[str] | None] = [[]]
    for mark, name, how, text in _pieces(template):
        if mark == "[":
            stack.append([])
        elif mark == "]":
            piece = stack.pop()
            if piece and stack[-1] is not None:
                stack[-1].extend(piece)
        elif name:
            value = values.get(name)
            if value is None:
                stack[-1] = None
            elif stack[-1] is not None:
                stack[-1].append(_encode(value, how))
        elif stack[-1] is not None:
            stack[-1].append(text)
    return None if stack[0] is None else "".join(stack[0])


def _encode(value: str, how: str | None) -> str:
    if how == "raw" or (value.isascii() and value.isalnum()):
        return value
    return quote(value, safe="" if how == "quoted" else "/:@!$&'()*+,;=~-._")
