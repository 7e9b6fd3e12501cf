"""Whether browsers show a player in the page that embeds it.

Content Security Policy Level 3, §6.4.2 frame-ancestors; HTML, §7.6 the X-Frame-Options header.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from podcat import urls
from podcat.check.asking import Ask, Verdict
from podcat.check.rules.case import Case
from podcat.check.states import State
from podcat.urls import Address

_PORTS: Final = {"http": 80, "https": 443}
_FRAMING_WORDS: Final = frozenset({"deny", "allowall", "sameorigin"})


# ---------------------------------------------------------------- Content-Security-Policy


def frame_ancestors(header: str) -> list[list[str]]:
    """The sources of each policy that speaks of ancestors; of a policy the first such list."""
    found = []
    for policy in header.split(","):
        for directive in policy.split(";"):
            name, *sources = directive.split() or [""]
            if name.lower() == "frame-ancestors":
                found.append([source.lower() for source in sources])
                break
    return found


def _allows(source: str, page: Address, player: Address) -> bool:
    """Whether one source of a list lets a page embed the player."""
    if source == "*":
        return True
    if source == "'self'":
        return _origin(page) == _origin(player)
    if source.startswith("'"):
        return False
    if source.endswith(":"):
        return _scheme_fits(source[:-1], page.scheme)
    scheme, _, rest = source.rpartition("://")
    host, port = _host_and_port(rest.partition("/")[0])
    return (
        _scheme_fits(scheme or player.scheme, page.scheme)
        and _host_fits(host, page.host)
        and _port_fits(port, page)
    )


def _host_and_port(text: str) -> tuple[str, str]:
    host, colon, port = text.rpartition(":")
    return (host, port) if colon else (text, "")


def _scheme_fits(allowed: str, scheme: str) -> bool:
    return allowed == scheme or (allowed, scheme) == ("http", "https")


def _host_fits(pattern: str, host: str) -> bool:
    if pattern == "*":
        return True
    if pattern.startswith("*."):  # what is below it, but not the name itself
        return host.endswith(pattern[1:])
    return host == pattern


def _port_fits(allowed: str, page: Address) -> bool:
    port = page.port or _PORTS[page.scheme]
    if allowed == "*":
        return True
    if not allowed:
        return port == _PORTS[page.scheme]
    return allowed == str(port) or (allowed, port) == ("80", 443)


def _origin(address: Address) -> tuple[str, str, int]:
    return address.scheme, address.host, address.port or _PORTS[address.scheme]


# ---------------------------------------------------------------- X-Frame-Options


def frame_options(header: str) -> str | None:
    """`deny`, `sameorigin` or None for no restriction, as browsers read the header.

    ALLOW-FROM and anything unknown is no restriction; several different words deny.
    """
    words = {word.strip().lower() for word in header.split(",")} - {""}
    if len(words) > 1:
        return "deny" if words & _FRAMING_WORDS else None
    word = next(iter(words), "")
    return word if word in ("deny", "sameorigin") else None


# ---------------------------------------------------------------- rules


def _page(case: Case) -> Address | None:
    return urls.parse(case.subject.page_url)


def forbidden_by_policy(case: Case) -> Verdict | None:
    """A list of ancestors that lacks the page; it alone counts where there is one."""
    player, page = case.way.end, _page(case)
    if case.is_script:
        return None
    for sources in frame_ancestors(case.answer.header("content-security-policy")):
        if player is None or _may(sources, page, player):
            continue
        allowed = " ".join(sources) or "'none'"
        where = f", not in {page.host}" if page else ""
        said = f"lets itself be embedded in {allowed[:200]}{where} (CSP frame-ancestors)"
        if sources in ([], ["'none'"]):
            said = "forbids embedding (CSP frame-ancestors 'none')"
        return Verdict(State.UNFRAMEABLE, said)
    return None


def _may(sources: list[str], page: Address | None, player: Address) -> bool:
    if page is None:  # some unknown page: any host that is named might be its own
        return any(source not in ("'none'", "'self'") for source in sources)
    return any(_allows(source, page, player) for source in sources)


def forbidden_by_option(case: Case) -> Verdict | None:
    """X-Frame-Options, which counts where no policy speaks of ancestors."""
    if frame_ancestors(case.answer.header("content-security-policy")):
        return None
    player, page = case.way.end, _page(case)
    word = frame_options(case.answer.header("x-frame-options"))
    if word is None or player is None or case.is_script:
        return None
    if word == "sameorigin" and page and _origin(page) == _origin(player):
        return None
    said = "anywhere" if word == "deny" else f"anywhere but in {player.host}"
    return Verdict(State.UNFRAMEABLE, f"forbids embedding {said} (X-Frame-Options: {word.upper()})")


def mixed(case: Case) -> Verdict | Ask | None:
    """An http player in an https page: browsers do not even ask for it."""
    given, page = urls.parse(case.url), _page(case)
    if given is None or page is None or (given.scheme, page.scheme) != ("http", "https"):
        return None
    safe = str(replace(given, scheme="https", port=None))
    led_there = str(case.way.end) == safe
    answer = case.answer if led_there else case.also(urls.absolute(safe) or safe)
    if isinstance(answer, Ask):
        return answer
    said = "is an http player inside an https page, which browsers do not show"
    if answer.trouble is None and _is_there(answer.status or 0):
        return Verdict(State.UNFRAMEABLE, said, safe)
    return Verdict(State.UNFRAMEABLE, f"{said}; at its https address there is none")


def _is_there(status: int) -> bool:
    return status < 500 and status not in (404, 410)


# ---------------------------------------------------------------- remarks


def some_pages_only(case: Case) -> str | None:
    """A list of ancestors, while it is not known which page embeds it."""
    if _page(case):
        return None
    for sources in frame_ancestors(case.answer.header("content-security-policy")):
        if not {"*", "https:", "http:"} & set(sources):
            return f"lets itself be embedded in {' '.join(sources)[:200]} only"
    return None


def plain_http(case: Case) -> str | None:
    """http, which inside https is not shown, or asked for by https."""
    given, page = urls.parse(case.url), _page(case)
    if given is None or given.scheme != "http":
        return None
    if case.kind == "player" and page is None:
        return "is an http address: an https page would not show it"
    if case.kind in ("audio", "image") and page and page.scheme == "https":
        return "is an http address inside an https page: browsers ask for it by https"
    return None
