"""Fetching from a real server on this machine, and everything that must not be fetched."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from podcat import __version__, net
from podcat.errors import ConfigError, SourceError


class _Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        name = self.path.partition("?")[0].strip("/").split("/")[0]
        getattr(self, f"_{name}", self._missing)()

    def do_CONNECT(self) -> None:
        self.server.seen.append((self.command, self.path))  # type: ignore[attr-defined]
        self._answer(407)

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((form.decode(), dict(self.headers)))  # type: ignore[attr-defined]
        getattr(self, f"_{self.path.strip('/')}", self._missing)()

    def _answer(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for header, value in ({"Content_Length": str(len(body))} | headers).items():
            self.send_header(header.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _page(self) -> None:
        self._answer(body=b"<p>page</p>", Content_Type="text/html; charset=utf-8")

    def _missing(self) -> None:
        self._answer(404)

    def _moved(self) -> None:
        self._answer(301, Location="/page?x=\xd0\xb6")

    def _again(self) -> None:
        """Sets a cookie, and sends to itself by an address with a password."""
        here = f"http://you:secret@{self.headers['Host']}/page"
        self._answer(302, Location=here, Set_Cookie="a=b; Path=/")

    def _round(self) -> None:
        self._answer(302, Location="/round")

    def _out(self) -> None:
        self._answer(302, Location="file:///etc/passwd")

    def _inwards(self) -> None:
        self._answer(302, Location="http://169.254.169.254/latest/meta-data/")

    def _octal(self) -> None:
        self._answer(302, Location="http://0177.0.0.1/")

    def _nowhere(self) -> None:
        self._answer(302)

    def _teapot(self) -> None:
        self._answer(418)

    def _audio(self) -> None:
        self._answer(body=b"ID3", Content_Type="audio/mpeg")

    def _large(self) -> None:
        self._answer(Content_Length="999999999")

    def _endless(self) -> None:
        self._answer(Content_Length="", Connection="close")
        while True:
            self.wfile.write(b"x" * 10000)

    def _bomb(self) -> None:
        self._answer(body=gzip.compress(bytes(10**7)), Content_Encoding="gzip")

    def _torn(self) -> None:
        self._answer(body=b"this is not gzip at all", Content_Encoding="gzip")

    def _short(self) -> None:
        self._answer(body=b"half", Content_Length="1000", Connection="close")
        self.close_connection = True

    def _drip(self) -> None:
        self._answer(Content_Length="2000")
        for _ in range(1200):
            self.wfile.write(b"x")
            time.sleep(0.05)

    def _drip_headers(self) -> None:
        for _ in range(1200):
            self.wfile.write(b"H")
            time.sleep(0.05)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass  # clients that hang up are what is tested


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    with _Server(("127.0.0.1", 0), _Site) as running:
        running.seen = []  # type: ignore[attr-defined]
        threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture
def site(server: ThreadingHTTPServer) -> str:
    server.seen.clear()  # type: ignore[attr-defined]
    return f"http://127.0.0.1:{server.server_port}"


def problem(url: str, **settings: object) -> str:
    with pytest.raises(SourceError) as caught:
        net.fetch(url, **({"allow_private": True} | settings))  # type: ignore[arg-type]
    assert caught.value.thing == url
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 1
    return str(caught.value)


def test_a_page_comes_with_its_type_and_address(site: str) -> None:
    found = net.fetch(f"{site}/page#part", allow_private=True)
    assert (found.data, found.name) == (b"<p>page</p>", f"{site}/page#part")
    assert (found.url, found.content_type) == (f"{site}/page", "text/html; charset=utf-8")


def test_podcat_says_who_it_is(server: ThreadingHTTPServer, site: str) -> None:
    net.fetch(f"{site}/page", allow_private=True)
    net.fetch(f"{site}/page", allow_private=True, contact="https://example.org/")
    agents = [headers["User-Agent"] for _, headers in server.seen]  # type: ignore[attr-defined]
    assert agents == [f"podcat/{__version__}", f"podcat/{__version__} (+https://example.org/)"]


def test_nothing_of_the_user_goes_out(
    server: ThreadingHTTPServer, site: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NETRC", str(_netrc(tmp_path)))
    net.fetch(site.replace("://", "://me:secret@") + "/again", allow_private=True)
    assert [path for path, _ in server.seen] == ["/again", "/page"]  # type: ignore[attr-defined]
    for _, headers in server.seen:  # type: ignore[attr-defined]
        assert set(headers) <= {"Host", "User-Agent", "Accept", "Accept-Encoding"}


def _netrc(folder: Path) -> Path:
    netrc = folder / "netrc"
    netrc.write_text("default login me password secret\n", encoding="utf-8")
    return netrc


def test_a_proxy_of_the_environment_is_asked(
    server: ThreadingHTTPServer, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", site.replace("://", "://me:s%40sam@"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    # A path of that server, which takes it all for one.
    with pytest.raises(SourceError, match="answers 404"):
        net.fetch("http://proxied.invalid/page")
    ((asked, headers),) = server.seen  # type: ignore[attr-defined]
    assert asked == "http://proxied.invalid/page"
    assert headers["Proxy-Authorization"] == "Basic bWU6c0BzYW0="
    assert "leads to the private address 127.0.0.1" in problem(f"{site}/page", allow_private=False)
    assert "private address 10.0.0.1" in problem("http://10.0.0.1/", allow_private=False)
    assert len(server.seen) == 1  # type: ignore[attr-defined]


def test_a_proxy_is_asked_to_let_tls_through(
    server: ThreadingHTTPServer, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", site)
    assert "cannot be fetched" in problem("https://proxied.invalid/", allow_private=False)
    assert server.seen == [("CONNECT", "proxied.invalid:443")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "https://p.example", "http://p:x", "//"])
def test_a_proxy_that_is_not_spoken_to_is_not_passed_by(
    site: str, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("all_proxy", proxy)
    with pytest.raises(ConfigError, match="http_proxy: names a proxy that is not asked"):
        net.fetch(f"{site}/page", allow_private=True)
    with pytest.raises(ConfigError, match="http_proxy: names a proxy that is not asked"):
        net.Looker()


def test_a_redirect_is_followed_and_its_end_is_the_address(site: str) -> None:
    assert net.fetch(f"{site}/moved", allow_private=True).url == f"{site}/page?x=%D0%B6"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nothing", "answers 404 Not Found"),
        ("teapot", "answers 418"),
        ("nowhere", "answers 302 Found"),
        ("round", "redirects more than 10 times"),
        ("out", "redirects to what is not an http or https address"),
        ("octal", "0177.0.0.1 is an odd way to write a number"),
        ("audio", "is audio/mpeg, not a page"),
        ("large", "is larger than the limit of 5000 bytes"),
        ("endless", "is larger than the limit of 5000 bytes"),
        ("bomb", "is larger than the limit of 5000 bytes"),
        ("torn", "cannot be unpacked"),
        ("short", "cannot be fetched: the connection broke"),
    ],
)
def test_what_is_no_page_is_said_in_one_line(site: str, path: str, said: str) -> None:
    assert said in problem(f"{site}/{path}", limit=5000)


@pytest.mark.parametrize("path", ["drip", "drip_headers"])
def test_the_time_limit_holds_for_the_whole_fetch(site: str, path: str) -> None:
    start = time.monotonic()
    assert "is not complete after 0.5 seconds" in problem(f"{site}/{path}", timeout=0.5)
    assert time.monotonic() - start < 30  # it drips for a minute


def test_nobody_at_home() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and not listening
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        assert "its host refuses the connection" in problem(url)


def test_a_server_without_tls_is_no_https_server(site: str) -> None:
    assert "cannot be fetched: no TLS with its host" in problem(site.replace("http:", "https:"))


def test_a_name_without_address() -> None:
    assert "its host has no address" in problem("http://podcat.invalid/")


@pytest.mark.parametrize("url", ["ftp://example.org/", "https:///x", "http://[::1/", "page.html"])
def test_what_is_no_web_address(url: str) -> None:
    assert "is not an http or https address" in problem(url)


# ---------------------------------------------------------------- a form


def test_a_form_is_sent_as_browsers_send_it(server: ThreadingHTTPServer, site: str) -> None:
    net.post(f"{site}/page", [("a", "x&y"), ("a", "ж"), ("b", "")], contact="me@example.org")
    ((form, headers),) = server.seen  # type: ignore[attr-defined]
    assert form == "a=x%26y&a=%D0%B6&b="
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert headers["User-Agent"].endswith("(+me@example.org)")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nothing", "answers 404 Not Found"),
        ("moved", "answers 301 Moved Permanently"),
        ("drip_headers", "is not complete after 0.5 seconds"),
    ],
)
def test_a_form_that_is_not_taken(
    server: ThreadingHTTPServer, site: str, path: str, said: str
) -> None:
    with pytest.raises(SourceError, match=said):
        net.post(f"{site}/{path}", [("a", "b")], timeout=0.5)
    assert len(server.seen) == 1  # type: ignore[attr-defined]


def test_an_answer_to_a_form_is_not_waited_for(site: str) -> None:
    start = time.monotonic()
    net.post(f"{site}/drip", [("a", "b")])
    assert time.monotonic() - start < 30  # it drips for a minute


# ---------------------------------------------------------------- the guard


def test_this_machine_is_not_reached(server: ThreadingHTTPServer, site: str) -> None:
    said = problem(f"{site}/page", allow_private=False)
    assert "leads to the private address 127.0.0.1" in said
    assert "--allow-private" in said
    assert server.seen == []  # type: ignore[attr-defined]


def test_a_name_that_leads_to_this_machine_is_not_reached(
    server: ThreadingHTTPServer, site: str
) -> None:
    said = problem(site.replace("127.0.0.1", "localhost"), allow_private=False)
    assert "leads to the private address" in said
    assert server.seen == []  # type: ignore[attr-defined]


def test_a_redirect_to_a_private_address_is_guarded_too(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("podcat.net.watch.is_public", lambda address: address == "127.0.0.1")
    assert "private address 169.254.169.254" in problem(f"{site}/inwards", allow_private=False)


def test_only_the_good_addresses_of_a_name_are_used(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name may have a public and a private address; and the first may not answer."""
    port = int(site.rpartition(":")[2])
    answers = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
        for address in ("10.0.0.1", "127.0.0.2", "127.0.0.1")
    ]
    monkeypatch.setattr("podcat.net.watch.is_public", lambda address: address.startswith("127."))
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *a, **k: answers if host == "two.example" else resolve(host, *a, **k),
    )
    found = net.fetch(f"http://two.example:{port}/page", timeout=5)
    assert found.data == b"<p>page</p>"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.100.100.200",
        "169.254.169.254", "192.0.0.192", "0.0.0.0", "255.255.255.255", "224.0.0.1", "198.18.0.1",
        "168.63.129.16", "::1", "::", "fe80::1%eth0", "fd00:ec2::254", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "no address",
        "100.64.0.1", "192.88.99.1", "240.0.0.1", "fec0::1", "::127.0.0.1", "::ffff:0:127.0.0.1",
        "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2001:0:7f00:1:0:0:80ff:fffe", "2001:db8::1",
        "3fff::1", "5f00::1", "4000::1", "100::1", "::ffff:169.254.169.254",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not net.is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "64:ff9b::101:101"]
)
def test_addresses_that_are_public(address: str) -> None:
    assert net.is_public(address)


@pytest.mark.parametrize(
    ("host", "odd"),
    [
        ("127.1", True), ("0x7f000001", True), ("2130706433", True), ("0177.0.0.1", True),
        ("0x7f.0.0.1", True), ("1.2.3.4.5", True), ("127.0.0.1", False), ("1.1.1.1", False),
        ("example.org", False), ("0x7f.example", False), ("123.example", False),
    ],
)  # fmt: skip
def test_odd_notations_of_numbers(host: str, odd: bool) -> None:
    assert net.is_odd_number(host) is odd


def test_odd_notations_are_not_fetched_even_when_private_is_allowed(site: str) -> None:
    assert "odd way" in problem(site.replace("127.0.0.1", "127.1"))
