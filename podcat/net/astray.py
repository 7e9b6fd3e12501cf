"""Where redirects lead that is not what was asked for: a gate, a front page, a page of excuses."""

from __future__ import annotations

import re
from typing import Final

from podcat import urls

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


def is_home(address: urls.Address) -> bool:
    """Whether an address is the front page of its site, or of one of its languages."""
    return "?" not in (urls.page_key(str(address)) or "?") and bool(_HOME.fullmatch(address.path))


def is_missing(address: urls.Address) -> bool:
    """Whether an address is what sites call their page for things that are not there."""
    return _MISSING.fullmatch(address.path) is not None


def asks_for_404(address: urls.Address) -> bool:
    """Whether an address names the number itself: the 404th episode may live at /404."""
    return "404" in address.path or "404" in address.query


def is_parked(end: urls.Address) -> bool:
    """Whether an address is a trader's in names: the site was given up."""
    return any(urls.on_host(end.host, host) for host in _PARKED)


def to_login(start: urls.Address, end: urls.Address) -> str | None:
    """In words that follow the address, that it redirects to where one logs in."""
    return _at_gate(start, end, _LOGIN_HOST, _LOGIN_PATH, "where one logs in")


def to_consent(start: urls.Address, end: urls.Address) -> str | None:
    """In words that follow the address, that it redirects to a page that asks for consent."""
    return _at_gate(start, end, _CONSENT_HOST, _CONSENT_PATH, "which asks for consent first")


def _at_gate(
    start: urls.Address,
    end: urls.Address,
    host: re.Pattern[str],
    path: re.Pattern[str],
    which: str,
) -> str | None:
    if not (host.match(end.host) or path.search(end.path)):
        return None
    if host.match(start.host) or path.search(start.path):
        return None  # it always was such a page
    return f"redirects to {end.host}{end.path[:100]}, {which}"


def lost(start: urls.Address, end: urls.Address) -> str | None:
    """In words that follow the address, that it redirects to where nothing is; None elsewhere."""
    if is_parked(end):
        return f"redirects to {end.host}, where the site's name is for sale"
    if is_missing(end) and not asks_for_404(start):
        return f"redirects to {end}, the page for what is not there"
    if is_home(end) and not is_home(start):
        return f"redirects to the front page of {end.host}"
    return None
