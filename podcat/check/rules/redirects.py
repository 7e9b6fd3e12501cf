"""Where redirects lead: to the thing itself elsewhere, to a gate, or away from it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from podcat import urls
from podcat.check.asking import Verdict
from podcat.check.rules.case import Case
from podcat.check.states import State

PERMANENT: Final = frozenset({301, 308})
MANY: Final = 5
"""More redirects than this are said: some podcast apps give up."""

_LOGIN_HOST: Final = re.compile(r"(?:login|signin|sso|auth|accounts?)\.")
_LOGIN_PATH: Final = re.compile(
    r"/(?:log-?in|sign-?in|sign_in|signon|wp-login\.php|login\.(?:php|aspx|html?)|authenticate"
    r"|servicelogin|oauth2?|saml2?|sso)(?:/|$)",
    re.I,
)
_CONSENT_HOST: Final = re.compile(r"(?:consent|choice|privacy|cookies)\.")
_CONSENT_PATH: Final = re.compile(
    r"/(?:consent|cookie-?consent|cookiewall|privacy-gate|gdpr)(?:/|$)", re.I
)
_MISSING: Final = re.compile(
    r"(?:/[a-z]{2}(?:[-_][a-z]{2})?)?(?:/(?:static|public|pages?|web|app|site|common))?(?:/errors?)?"
    r"/(?:404|error[-_]?404|404[-_]?error|(?:page|file|content|video)?[-_]?not[-_]?found|errors?)"
    r"(?:\.(?:html?|php|aspx?|jsp))?/?",
    re.I,
)
_HOME: Final = re.compile(
    r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|home|default)(?:\.(?:html?|php|aspx?))?/?)?",
    re.I,
)
# Where the names of given-up sites are for sale.
_PARKED: Final = (
    "*.hugedomains.com", "*.sedo.com", "*.sedoparking.com", "*.dan.com", "*.afternic.com",
    "*.parkingcrew.net", "*.bodis.com", "*.above.com", "*.undeveloped.com", "*.domainmarket.com",
)  # fmt: skip


def _led(case: Case) -> urls.Address | None:
    """Where redirects led to, if to another place than was asked for."""
    return case.way.end if case.answer.hops else None


def is_home(address: urls.Address) -> bool:
    """Whether an address is the front page of its site, or of one of its languages."""
    return "?" not in (urls.page_key(str(address)) or "?") and bool(_HOME.fullmatch(address.path))


def is_missing(address: urls.Address) -> bool:
    """Whether an address is what sites call their page for things that are not there."""
    return _MISSING.fullmatch(address.path) is not None


def asks_for_404(address: urls.Address) -> bool:
    """Whether an address names the number itself: the 404th episode may live at /404."""
    return "404" in address.path or "404" in address.query


def parked(case: Case) -> Verdict | None:
    """To a trader in names: the site was given up."""
    end = _led(case)
    if end is None or not any(urls.on_host(end.host, host) for host in _PARKED):
        return None
    return Verdict(State.HOLLOW, f"redirects to {end.host}, where the site's name is for sale")


def login(case: Case) -> Verdict | None:
    """To a page where one logs in."""
    return _at_gate(case, _LOGIN_HOST, _LOGIN_PATH, "where one logs in")


def consent(case: Case) -> Verdict | None:
    """To a page that asks for consent."""
    return _at_gate(case, _CONSENT_HOST, _CONSENT_PATH, "which asks for consent first")


def _at_gate(
    case: Case, host: re.Pattern[str], path: re.Pattern[str], which: str
) -> Verdict | None:
    end, start = _led(case), case.way.start
    if end is None or start is None or not (host.match(end.host) or path.search(end.path)):
        return None
    if host.match(start.host) or path.search(start.path):
        return None  # it always was such a page
    return Verdict(State.GATED, f"redirects to {end.host}{end.path[:100]}, {which}")


def to_missing(case: Case) -> Verdict | None:
    """To the page of its site for things that are not there."""
    end, start = _led(case), case.way.start
    if end is None or start is None or not is_missing(end) or asks_for_404(start):
        return None
    return Verdict(State.HOLLOW, f"redirects to {end}, the page for what is not there")


def to_home(case: Case) -> Verdict | None:
    """To a front page."""
    end, start = _led(case), case.way.start
    if end is None or start is None or not is_home(end) or is_home(start):
        return None
    return Verdict(State.HOLLOW, f"redirects to the front page of {end.host}")


# ---------------------------------------------------------------- moved


def moved(case: Case) -> Verdict | None:
    """For good: every redirect on the way is permanent."""
    hops = case.answer.hops
    if not hops or any(hop.status not in PERMANENT for hop in hops):
        return None
    if counts_visits(case) or is_passing(case.answer.final_url):
        return None
    new = new_address(case)
    if new is None:
        return None
    return Verdict(State.MOVED, f"moved for good ({_statuses(case)})", new)


def counts_visits(case: Case) -> bool:
    """Whether the way begins at a counter: who leaves it out is not counted any more."""
    start = case.way.start
    return start is not None and urls.counted(start) is not start


def is_passing(url: str) -> bool:
    """Whether an address lets one in for a while only."""
    address = urls.parse(url)
    return address is not None and any(map(urls.is_token, address.parameters()))


def new_address(case: Case) -> str | None:
    """The final address, with the fragment of the old one, as browsers carry it along."""
    end, given = case.way.end, urls.parse(case.url)
    if end is None or given is None:
        return None
    new = replace(end, fragment=end.fragment or given.fragment)
    return None if str(new) == str(given) else urls.absolute(str(new))


def _statuses(case: Case) -> str:
    return ", ".join(dict.fromkeys(str(hop.status) for hop in case.answer.hops))


# ---------------------------------------------------------------- remarks


def many(case: Case) -> str | None:
    """More redirects than every podcast app follows."""
    count = len(case.answer.hops)
    return f"redirects {count} times: some apps give up" if count > MANY else None


def by_https(case: Case) -> str | None:
    """An http address that its server answers by https, though not for good."""
    if moved(case):
        return None
    given, end = urls.parse(case.url), case.way.end
    if given is None or end is None or str(replace(given, scheme="https", fragment="")) != str(end):
        return None
    return f"is answered by https: write {end}" if given.scheme == "http" else None
