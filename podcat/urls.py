"""Pure helpers on addresses. Hosts are judged on the parsed address, never by a substring."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import (
    parse_qsl,
    quote,
    unquote,
    urlencode,
    urljoin,
    urlsplit,
)

LONGEST = 4096
ARCHIVES = ("web.archive.org", "archive.org")

# Parameters that say who sent the visitor or how to deliver, not which recording it is.
_TRACKING = re.compile(
    r"(utm_\w+|fbclid|gclid|mc_[ce]id|igshid|si|ref|ref_src|source|download|dl|updated|"
    r"sc|siteplayer|client_source|_ga|cmpid|ft)",
    re.I,
)
_WAYBACK = re.compile(r"/web/\d{1,14}(?:[a-z]{2}_)?/(https?:/{1,2}.+)", re.I)
_PORTS = {"http": 80, "https": 443}
_BREAKS = re.compile(r"[\t\r\n]")
_CONTROL = "".join(map(chr, range(33)))
# An archive's copy of a page names the page's own links below its own address.
_REPLAYED = re.compile(r"/web/\d{4,14}(?:[a-z]{2}_)?/(https?:/{1,2}.+)", re.I)
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.?")
# Nearly all addresses look like this; they need no more than to be taken apart.
_PLAIN = re.compile(
    r"(?:(https?):)?//([\w-]++(?:\.[\w-]++)*+)\.?(?::([1-5]\d{4}|[1-9]\d{0,3}))?"
    r"(/[^?#\s]*+)?(?:\?([^#\s]*+))?(?:\#(\S*+))?",
    re.I | re.A,
)
_BARE = re.compile(r"[\w%/:=&?~#+!$,;'@()*\[\]|.-]*+", re.A)
_SAFE = "%/:=&?~#+!$,;'@()*[]|"
# Services that count who fetches a file and pass on to it: its address stands in their path.
_COUNTERS = frozenset({
    "podtrac.com", "chtbl.com", "chrt.fm", "pdst.fm", "op3.dev", "blubrry.com", "pscrb.fm",
    "podscribe.com", "mgln.ai", "swap.fm", "byspotify.com", "claritaspod.com", "clrtpod.com",
    "arttrk.com", "pdcn.co", "gum.fm", "podkite.com", "vpixl.com", "backtracks.fm",
})  # fmt: skip
_MOST_COUNTERS = 12  # one behind the other
_PASSED_ON = re.compile(
    r"/(?:https?:/{1,2})?((?:[a-z0-9-]+\.)+(?!(?:mp3|m4a|m4b|aac|ogg|oga|opus|wav|flac|mp4|m4v)/)"
    r"[a-z]{2,24}(?::\d+)?/.+)",
    re.I,
)


@lru_cache(maxsize=256)
def _parameters(query: str) -> dict[str, str]:
    return dict(reversed(parse_qsl(query.replace(";", "&"), keep_blank_values=True)))


@dataclass(frozen=True, slots=True)
class Address:
    """An absolute http(s) address in parts; the host is lower-case ASCII without a final dot."""

    scheme: str
    host: str
    port: int | None
    path: str
    query: str
    fragment: str

    def parameters(self) -> dict[str, str]:
        """The query as a mapping, first value of each name; `;` separates like `&`."""
        return _parameters(self.query) if self.query else {}

    def __str__(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        query = f"?{self.query}" if self.query else ""
        fragment = f"#{self.fragment}" if self.fragment else ""
        return f"{self.scheme}://{host}{port}{self.path}{query}{fragment}"


def _ascii_host(host: str) -> str | None:
    host = host.rstrip(".").lower()
    if host.isascii():
        return host if _HOST.fullmatch(host) or ":" in host else None
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return None


def _slashes(url: str) -> str:
    return re.sub(r"^(https?):/{1,2}", r"\1://", url, flags=re.I)


def parse(url: str | None, base: str | None = None) -> Address | None:
    """The address in parts, or None for what is not an http(s) address of a bearable length.

    Protocol-relative addresses take the scheme of `base`, or https. White space and control
    characters around and inside are dropped as browsers do; credentials are dropped.
    """
    if url and len(url) <= LONGEST and (base is None or len(base) <= LONGEST):
        return _kept(url, base)
    return _parse(url, base)


def _parse(url: str | None, base: str | None) -> Address | None:
    if url and len(url) <= LONGEST and (plainly := _PLAIN.fullmatch(url)):
        scheme, name, number, path, query, fragment = plainly.groups("")
        scheme = scheme or ("http" if base and base[:5].lower() == "http:" else "https")
        scheme, port = scheme.lower(), int(number) if number else None
        port = None if port == _PORTS[scheme] else port
        return Address(scheme, name.lower(), port, path or "/", query, fragment)
    plain = _BREAKS.sub("", url or "").strip(_CONTROL)
    if replayed := _REPLAYED.fullmatch(plain):
        plain = _slashes(replayed[1])
    if not plain or len(plain) > LONGEST:
        return None
    plain = _BACKSLASHED.sub(lambda m: m[0].replace("\\", "/"), plain, count=1)
    try:
        split = urlsplit(urljoin(base or "https:", plain))
        host, port = _ascii_host(split.hostname or ""), split.port
    except ValueError:
        return None
    if split.scheme not in ("http", "https") or not host:
        return None
    if port == _PORTS[split.scheme]:
        port = None
    return Address(split.scheme, host, port, split.path or "/", split.query, split.fragment)


# The rules that look at a link take its address apart a dozen times, one after the other.
_kept = lru_cache(maxsize=1024)(_parse)


def absolute(url: str | None, base: str | None = None) -> str | None:
    """The address as an absolute text in ASCII, or None; see `parse`."""
    address = parse(url, base)
    text = str(address) if address else None
    return text if text is None or _BARE.fullmatch(text) else quote(_whole(text), safe=_SAFE)


def _whole(text: str) -> str:
    """Halves of letters, which escapes of JSON can name, brought together or made unknown ones."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def extension(path: str) -> str:
    """What follows the last dot of a path, in lower case; a relative address will do, too."""
    return path.partition("#")[0].partition("?")[0].rpartition(".")[2].lower()


def on_host(host: str, pattern: str) -> bool:
    """Whether a host is the pattern, or a true subdomain where the pattern is `*.name`."""
    if pattern.startswith("*."):
        return host == pattern[2:] or host.endswith(pattern[1:])
    return host == pattern


def unwrap(address: Address) -> Address:
    """The address that a Wayback Machine address keeps a copy of, else the address itself."""
    if address.host not in ARCHIVES:
        return address
    target = address.path + (f"?{address.query}" if address.query else "")
    target += f"#{address.fragment}" if address.fragment else ""
    found = _WAYBACK.fullmatch(target)
    inner = parse(_slashes(found[1])) if found else None
    return inner or address


_BACKSLASHED = re.compile(r"[^?#]*")  # where browsers take a backslash for a slash
_SECONDS = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?", re.I)
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d\d)")
_START_NAMES = ("t", "start", "time_continue", "wtime")


def start_of(address: Address) -> int | None:
    """The second at which an address asks to begin: `t=95`, `start=95`, `t=1m35s`, `#t=1:35`."""
    if not (address.query or address.fragment):
        return None
    asked = {**_parameters(address.fragment), **address.parameters()}
    for name in _START_NAMES:
        said = asked.get(name, "")
        found = _CLOCK.fullmatch(said) or _SECONDS.fullmatch(said)
        if found and found[0]:
            hours, minutes, seconds = (int(part or 0) for part in found.groups())
            return hours * 3600 + minutes * 60 + seconds or None
    return None


def joined(url: str, more: str) -> str:
    """An address with one more parameter `?name=value`, or with the fragment `#…`."""
    base, mark, fragment = url.partition("#")
    if more.startswith("#"):
        return base + more
    return base + (more.replace("?", "&", 1) if "?" in base else more) + mark + fragment


def unwrapped(url: str) -> str:
    """The address that an archive's address keeps a copy of, else the address itself."""
    address = parse(url)
    return str(unwrap(address)) if address else url


def counted(address: Address) -> Address:
    """The file that a counter's address passes on to, through all counters; else the address."""
    for _ in range(_MOST_COUNTERS):
        if ".".join(address.host.rsplit(".", 2)[-2:]) not in _COUNTERS:
            break
        found = _PASSED_ON.search(address.path)
        inner = parse(f"{address.scheme}://{found[1]}") if found else None
        if inner is None:
            break
        address = replace(inner, query=address.query, fragment=address.fragment)
    return address


def site_of(url: str | None) -> str | None:
    """The host of an address."""
    address = parse(url)
    return address.host if address else None


def page_key(url: str | None) -> str | None:
    """What makes two addresses the same page: host and path, query without tracking.

    Scheme, `www.`, fragment, tracking parameters and a final slash make no other page.
    """
    address = parse(url)
    if address is None:
        return None
    address = unwrap(address)
    kept = [(k, v) for k, v in parse_qsl(address.query, True) if not _TRACKING.fullmatch(k)]
    host = address.host.removeprefix("www.")
    path = unquote(address.path).rstrip("/")
    return f"{host}{path}" + (f"?{urlencode(sorted(kept))}" if kept else "")


# Pages that do nothing but lead on, and the parameters that say where.
_REDIRECTORS = {
    ("www.google.com", "/url"): ("q", "url"),
    ("l.facebook.com", "/l.php"): ("u",),
    ("www.podtrac.com", "/pts/redirect"): ("url",),
}
# Parameters that let somebody in for a while, or are new at every visit.
_TOKENS = re.compile(
    r"(token|access_token|auth|sig|signature|expires?|exp|key-pair-id|policy|hdne[at]|hmac|"
    r"x-(amz|goog)-[\w-]+|awsaccesskeyid|googleaccessid|nonce|cb|_|rnd|sessionid|session_id|"
    r"listeningsessionid|awcollectionid|awepisodeid)",
    re.I,
)


def is_token(name: str) -> bool:
    """Whether a parameter of this name lets somebody in for a while, or is new at every visit."""
    return _TOKENS.fullmatch(name) is not None


def _led_to(address: Address) -> Address:
    """The address that a redirecting page names, else the address itself."""
    for name in _REDIRECTORS.get((address.host, address.path), ()):
        target = address.parameters().get(name, "")
        if "//" in target and (inner := parse(target)):
            return inner
    return address


def media_key(url: str | None) -> str | None:
    """What makes two addresses the same file: `page_key` without counters and tokens."""
    address = parse(url)
    if address is None:
        return None
    address = counted(_led_to(unwrap(address)))
    kept = [(k, v) for k, v in parse_qsl(address.query, True) if not is_token(k)]
    return page_key(str(replace(address, query=urlencode(kept))))
