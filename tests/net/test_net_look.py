"""Looks at a real server on this machine: what an Answer says, and what must not be asked."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from look_site import LOOPBACK, Site, running

from podcat import __version__
from podcat.errors import ConfigError
from podcat.net import Looker, Remap, connections
from podcat.net.answer import Answer, Trouble
from podcat.net.pace import wait_of


@pytest.fixture(scope="module")
def server() -> Iterator[Site]:
    with running() as site:
        yield site


@pytest.fixture
def site(server: Site) -> Site:
    server.clear()
    return server


@pytest.fixture
def looker() -> Iterator[Looker]:
    with Looker(allow_private=True, timeout=5) as opened:
        yield opened


def look(looker: Looker, url: str, limit: int = 65536, **settings: bool) -> Answer:
    return looker.look(url, limit=limit, **settings)


def test_an_answer_has_what_came(looker: Looker, site: Site) -> None:
    url = site.url("page#part")
    answer = look(looker, url)
    assert (answer.url, answer.final_url) == (url, site.url("page"))
    assert (answer.status, answer.body, answer.whole) == (200, b"<p>page</p>", True)
    assert (answer.trouble, answer.hops, answer.tries) == (None, (), 1)
    assert answer.header("content-type") == "text/html"
    assert 0 < answer.seconds < 5


def test_nothing_of_the_user_goes_out(looker: Looker, site: Site) -> None:
    look(looker, site.url("page").replace("://", "://me:secret@"))
    assert set(site.headers[0]) == {"Host", "User-Agent", "Accept", "Accept-Encoding"}


def test_podcat_says_who_it_is(site: Site) -> None:
    for contact in (None, "https://example.org/"):
        with Looker(allow_private=True, contact=contact) as looker:
            look(looker, site.url("page"))
    assert [headers["User-Agent"] for headers in site.headers] == [
        f"podcat/{__version__}", f"podcat/{__version__} (+https://example.org/)",
    ]  # fmt: skip


def test_a_permanent_redirect_is_told_with_its_end(looker: Looker, site: Site) -> None:
    answer = look(looker, site.url("moved"))
    (hop,) = answer.hops
    assert (hop.url, hop.status, hop.location) == (site.url("moved"), 301, site.url("page"))
    assert (answer.status, answer.final_url) == (200, site.url("page"))


def test_one_connection_serves_pages_errors_and_redirects(looker: Looker, site: Site) -> None:
    for path in ("page", "gone", "moved", "long", "packed"):
        look(looker, site.url(path))
    assert (len(site.seen), site.connections) == (6, 1)


def test_media_are_asked_for_by_range(looker: Looker, site: Site) -> None:
    answer = look(looker, site.url("audio"), 2048, media=True)
    assert (site.headers[0]["Range"], site.headers[0]["Accept-Encoding"]) == (
        "bytes=0-2047",
        "identity",
    )
    assert (answer.status, len(answer.body), answer.whole) == (206, 2048, True)


def test_of_a_long_answer_the_beginning_is_read(looker: Looker, site: Site) -> None:
    answer = look(looker, site.url("whole"), 2048, media=True)
    assert (len(answer.body), answer.whole, answer.trouble) == (2048, False, None)


def test_unpacked_bytes_have_the_same_limit(looker: Looker, site: Site) -> None:
    assert look(looker, site.url("packed")).body == b"packed"
    answer = look(looker, site.url("bomb"), 5000)
    assert (answer.body, answer.whole, answer.trouble) == (bytes(5000), False, None)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("torn", (Trouble.CODING, "its compression is broken", b"")),
        ("odd", (Trouble.CODING, "it comes packed by zstd, unasked", b"")),
        ("short", (Trouble.BROKEN, "the connection broke after 4 bytes of 1000", b"half")),
        ("chunks", (Trouble.BROKEN, "the connection broke after 4 bytes", b"half")),
    ],
)
def test_what_is_wrong_with_a_body(
    looker: Looker, site: Site, path: str, said: tuple[Trouble, str, bytes]
) -> None:
    answer = look(looker, site.url(path))
    assert (answer.trouble, answer.detail, answer.body) == said
    assert (answer.status, answer.whole) == (200, False)


def test_a_broken_connection(looker: Looker, site: Site) -> None:
    answer = look(looker, site.url("reset"))
    assert (answer.status, answer.trouble) == (None, Trouble.BROKEN)
    assert site.seen == ["/reset"]


def test_a_connection_that_was_given_up_meanwhile_is_no_trouble(looker: Looker, site: Site) -> None:
    for number in range(3):
        assert look(looker, site.url(f"leaves/{number}")).status == 200
    assert site.seen == [f"/leaves/{number}" for number in range(3)]


@pytest.mark.parametrize(
    ("path", "said", "requests"),
    [
        ("round", "redirects to where it came from", 1),
        ("far/1", "redirects more than 12 times", 13),
    ],
)
def test_redirects_end(looker: Looker, site: Site, path: str, said: str, requests: int) -> None:
    answer = look(looker, site.url(path))
    assert (answer.trouble, answer.detail, answer.status) == (Trouble.LOOP, said, 302)
    assert len(site.seen) == requests


@pytest.mark.parametrize("path", ["drip", "hang"])
def test_the_deadline_holds_whatever_the_server_does(site: Site, path: str) -> None:
    with Looker(allow_private=True, timeout=0.3) as looker:
        start = time.monotonic()
        answer = look(looker, site.url(path))
    assert time.monotonic() - start < 1.5
    assert (answer.trouble, answer.detail) == (Trouble.TIMEOUT, "is not complete after 0.3 seconds")
    assert answer.status == (200 if path == "drip" else None)
    site.released.set()
    site.released.clear()


def test_looks_under_way_can_be_cut(looker: Looker, site: Site) -> None:
    answers: list[Answer] = []
    url = site.url("hang")
    thread = threading.Thread(target=lambda: answers.append(look(looker, url)))
    thread.start()
    assert site.hanging.wait(5)
    start = time.monotonic()
    looker.cut()
    thread.join(5)
    assert time.monotonic() - start < 1
    assert answers[0].trouble is Trouble.TIMEOUT
    site.released.set()
    site.released.clear()


def test_nobody_at_home(looker: Looker) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and not listening
        answer = look(looker, f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert (answer.trouble, answer.detail) == (Trouble.REFUSED, "its host refuses the connection")


def test_a_name_without_address(looker: Looker) -> None:
    assert look(looker, "http://podcat.invalid/").trouble is Trouble.NAME


def test_a_host_is_looked_up_once(
    looker: Looker, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def counted(host: str, *rest: object, **more: object) -> object:
        asked.append(host)
        return resolve(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", counted)
    for _ in range(3):
        look(looker, site.url("leaves", "localhost"))
    assert asked.count("localhost") == 1


def test_no_tls_where_there_is_none(looker: Looker, site: Site) -> None:
    answer = look(looker, site.url("page").replace("http:", "https:"))
    assert (answer.trouble, answer.detail) == (Trouble.TLS, "no TLS with its host")


@pytest.mark.parametrize("url", ["ftp://example.org/", "mailto:me@example.org", "https:///x"])
def test_what_is_no_web_address(looker: Looker, url: str) -> None:
    answer = look(looker, url)
    assert (answer.trouble, answer.status) == (Trouble.ADDRESS, None)


# ---------------------------------------------------------------- the guard

INWARDS = (
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "[::1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[::]", "0.0.0.0",
    "017700000001", "127.0.0.1.", "localhost.", "\uff11\uff12\uff17.\uff10.\uff10.\uff11", "127\u30020\u30020\u30021",
    "\u24dbocalhost", "good.example@127.0.0.1", "[::127.0.0.1]",
)  # fmt: skip


@pytest.mark.parametrize("host", INWARDS)
def test_this_machine_is_not_asked(site: Site, host: str) -> None:
    with Looker(timeout=5) as looker:
        answer = look(looker, site.url("page", host))
    assert answer.trouble in (Trouble.PRIVATE, Trouble.ADDRESS)
    assert site.seen == []


@pytest.mark.parametrize("host", ["[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[fe80::16]"])
def test_what_follows_the_last_colon_of_an_address_is_no_port(host: str) -> None:
    with Looker(timeout=5) as looker:
        answer = look(looker, f"http://{host}/")
    assert (answer.trouble, answer.detail) == (
        Trouble.PRIVATE, f"leads to the private address {host[1:-1]}",
    )  # fmt: skip


@pytest.mark.parametrize("host", INWARDS)
def test_nor_after_a_redirect(site: Site, host: str) -> None:
    """What --remap leads to may be asked, and nothing that it redirects to."""
    remap = Remap([("http://a.example", site.url("to").removesuffix("/to"))])
    with Looker(timeout=5, remap=remap) as looker:
        target = f"http://{host}:{site.server_port + 0}/secret".replace(
            f"127.0.0.1:{site.server_port}", f"127.0.0.2:{site.server_port}"
        )
        answer = look(looker, f"http://a.example/to?{target}")
    assert answer.trouble in (Trouble.PRIVATE, Trouble.ADDRESS), answer
    assert (len(answer.hops), len(site.seen)) == (1, 1)


def test_an_open_connection_is_guarded_as_a_new_one(site: Site) -> None:
    """The same host and port as what --remap leads to, but below no address of it."""
    remap = Remap([("http://a.example", site.url("inside"))])
    with Looker(timeout=5, remap=remap) as looker:
        assert look(looker, "http://a.example/x").status == 200
        answer = look(looker, site.url("secret"))
    assert answer.trouble is Trouble.PRIVATE
    assert site.seen == ["/inside/x"]


@pytest.mark.parametrize(("host", "family"), LOOPBACK)
def test_ipv6_is_spoken_too(host: str, family: socket.AddressFamily) -> None:
    with running(host.strip("[]"), family) as site, Looker(allow_private=True) as looker:
        assert look(looker, site.url("page", host)).status == 200


def _names(monkeypatch: pytest.MonkeyPatch, *answers: tuple[str, ...]) -> list[str]:
    """One answer a question, the last one for ever; 127.0.0.2 counts as public. All questions."""
    asked: list[str] = []

    def resolve(host: str, *_: object, **__: object) -> object:
        if host[0].isdecimal():
            return numbers(host, *_, **__)  # type: ignore[arg-type]
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in found]

    numbers = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr("podcat.net.watch.is_public", lambda address: address == "127.0.0.2")
    return asked


def test_a_name_that_changes_between_check_and_use_gains_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Public to the one who asks first, private to the one who asks next."""
    with running("127.0.0.2") as site:
        asked = _names(monkeypatch, ("127.0.0.2",), ("127.0.0.1",))
        with Looker(timeout=5) as looker:
            for path in ("leaves/1", "leaves/2", "to?/page", "page"):
                assert look(looker, site.url(path, "two.example")).status == 200
            assert asked == ["two.example"]
            looker._names._known.clear()  # a minute later
            assert look(looker, site.url("leaves", "two.example")).status == 200  # stands open
            answer = look(looker, site.url("page", "two.example"))
        assert (answer.trouble, answer.detail) == (
            Trouble.PRIVATE, "leads to the private address 127.0.0.1",
        )  # fmt: skip


@pytest.mark.parametrize("addresses", [
    ("10.0.0.1", "127.0.0.2"), ("127.0.0.2", "10.0.0.1"), ("::1", "169.254.169.254", "127.0.0.2"),
])  # fmt: skip
def test_of_a_name_with_good_and_bad_addresses_the_good_one_is_asked(
    monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]
) -> None:
    with running("127.0.0.2") as site:
        _names(monkeypatch, addresses)
        with Looker(timeout=5) as looker:
            assert look(looker, site.url("page", "both.example")).status == 200


# ---------------------------------------------------------------- somewhere else


def test_a_remapped_answer_has_the_original_addresses(site: Site) -> None:
    remap = Remap([("https://www.npr.org", site.url("www.npr.org"))])
    with Looker(remap=remap) as looker:
        answer = look(looker, "https://www.npr.org/player/1?x=y")
        assert site.seen == ["/www.npr.org/player/1?x=y"]
        assert (answer.status, answer.final_url) == (200, "https://www.npr.org/player/1?x=y")


def test_redirects_of_a_remapped_address_are_remapped_too(site: Site) -> None:
    """Relative ones, those to the original, and those to where the server believes itself."""
    remap = Remap([("https://www.npr.org", site.url("").removesuffix("/"))])
    targets = ("/page", "https://www.npr.org/page", site.url("page"))
    with Looker(remap=remap) as looker:
        for target in targets:
            answer = look(looker, f"https://www.npr.org/to?{target}")
            assert (answer.status, answer.final_url) == (200, "https://www.npr.org/page")
            assert answer.hops[0].location == "https://www.npr.org/page"


def test_a_host_is_no_prefix_of_a_longer_one() -> None:
    remap = Remap([("https://a.org", "http://b.org/a"), ("https://a.org/x/", "http://c.org/")])
    assert remap.to("https://a.org.uk/") is None
    assert remap.to("https://a.org/?q") == "http://b.org/a/?q"
    assert remap.to("https://a.org/x/y") == "http://c.org/y"
    assert remap.back("http://b.org/a/?q") == "https://a.org/?q"
    assert remap.back("http://b.org/") == "http://b.org/"


@pytest.mark.parametrize("pair", [("a.org", "http://b.org"), ("http://a.org", "ftp://b.org")])
def test_a_prefix_has_to_be_an_address(pair: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="is not an http or https address"):
        Remap([pair])


# ---------------------------------------------------------------- the environment


def test_a_proxy_of_the_environment_is_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", site.url().replace("://", "://me:s%40sam@"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Looker() as looker:
        assert look(looker, "http://proxied.invalid/page").status == 200
        assert site.seen == ["http://proxied.invalid/page"]
        assert site.headers[0]["proxy-authorization"] == "Basic bWU6c0BzYW0="
        assert look(looker, site.url("page")).trouble is Trouble.PRIVATE


def test_certificates_are_those_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    connections.tls.cache_clear()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", f"{tmp_path}/missing.pem")
    with pytest.raises(ConfigError, match=r"REQUESTS_CA_BUNDLE: .*missing\.pem holds no cert"):
        connections.tls()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ssl.get_default_verify_paths().cafile or "")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    connections.tls.cache_clear()
    assert isinstance(connections.tls(), ssl.SSLContext)
    connections.tls.cache_clear()


# ---------------------------------------------------------------- politeness


IMF, RFC850, ASCTIME = (
    "%a, %d %b %Y %H:%M:%S GMT",
    "%A, %d-%b-%y %H:%M:%S GMT",
    "%a %b %d %H:%M:%S %Y",
)


@pytest.mark.parametrize(("status", "stated", "wait"), [
    (429, "5", 5), (503, " 7 ", 7), (503, "0", 0), (429, "", 0), (503, "", None), (404, "5", None),
    (503, IMF, 30), (503, RFC850, 30), (503, ASCTIME, 30),
    (503, "Thu, 01 Jan 1970 00:00:00 GMT", 0), (503, "Fri, 31 Dec 9999 23:59:59 GMT", 60),
    (503, "9" * 99, 60), (503, "-5", 0), (503, "1.5", 0), (503, "soon", 0), (503, "5, 7", 0),
    (503, "Mon, 99 Foo 2026 99:99:99 GMT", 0), (503, "x" * 5000, 0),
], ids=lambda value: str(value)[:8])  # fmt: skip
def test_how_long_a_host_wants_to_be_left_alone(
    status: int, stated: str, wait: float | None
) -> None:
    """Dates are those of half a minute from now."""
    stated = (datetime.now(UTC) + timedelta(seconds=30)).strftime(stated)
    found = wait_of(Answer("u", "u", status=status, headers={"retry-after": (stated,)}), 60)
    assert found == (wait if wait is None else pytest.approx(wait, abs=20 if wait == 30 else 0))


class Crowd(BaseHTTPRequestHandler):
    """Every host redirects to one, which counts how many come at once."""

    running, most = 0, 0
    lock = threading.Lock()

    def do_GET(self) -> None:
        if "one.example" not in self.path:
            self.send_response(302)
            self.send_header("Location", "http://one.example/x")
            self.end_headers()
            return
        with self.lock:
            Crowd.running += 1
            Crowd.most = max(Crowd.most, Crowd.running)
        time.sleep(0.2)
        with self.lock:
            Crowd.running -= 1
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Crowded(ThreadingHTTPServer):
    request_queue_size = 50  # more than come at once: a connection that is dropped comes too late


def test_a_host_that_others_redirect_to_is_not_crowded() -> None:
    server = Crowded(("127.0.0.1", 0), Crowd)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    hosts = ["one.example", *(f"{n}.example" for n in range(9))]
    door = f"http://127.0.0.1:{server.server_port}"
    remap = Remap([(f"http://{host}/", f"{door}/{host}/") for host in hosts])
    # Waiting for the others takes longer than a look may, and is no time-out.
    with Looker(remap=remap, timeout=0.7, per_host=2) as looker, ThreadPoolExecutor(10) as pool:
        found = list(pool.map(lambda host: look(looker, f"http://{host}/x"), hosts))
    server.shutdown()
    server.server_close()
    assert Crowd.most == 2
    assert {answer.status for answer in found} == {200}
