"""A small media host on loopback: files as podcast hosts serve them, and a count of who got what.

It is also the proxy that clients are given: whatever they ask of the outside ends here, is
written down, and gets no answer worth having.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_RANGE = re.compile(r"bytes=(\d+)-(\d*)", re.ASCII)
_SILENCE = b"\xff\xfb\x90\x00" + bytes(413)  # a frame of MPEG-1 layer III, 128 kbit/s at 44.1 kHz


def mp3(name: str, frames: int = 45) -> bytes:
    """A second or so of silence that players play, of a name's own: no two are alike."""
    title = b"\x03" + name.encode()
    frame = b"TIT2" + len(title).to_bytes(4, "big") + bytes(2) + title
    return b"ID3\x03\x00\x00" + bytes([0, 0, 0, len(frame)]) + frame + _SILENCE * frames


@dataclass(frozen=True)
class Asked:
    """One request: of whom, for what, how it was answered."""

    method: str
    path: str
    agent: str
    status: int
    sent: int
    """Bytes of the body."""


@dataclass
class Host:
    """What is served at `url`, and what was asked of it."""

    url: str
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Path to type and content."""
    asked: list[Asked] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    """What was asked of other hosts through the proxy."""

    def put(self, path: str, kind: str, data: bytes) -> str:
        """Serve something; its address."""
        self.files[path] = kind, data
        return self.url + path

    def got(self, agent: str) -> list[str]:
        """The paths of what a client was sent whole, in order."""
        return [
            one.path
            for one in self.asked
            if agent in one.agent
            and one.method == "GET"
            and one.sent == len(self.files.get(one.path, ("", b""))[1]) > 0
        ]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_CONNECT(self) -> None:
        self._refuse_outside()

    def _answer(self, *, with_body: bool) -> None:
        host = self.server.host
        if not self.path.startswith("/"):
            return self._refuse_outside()
        found = host.files.get(self.path)
        kind, data = found or ("text/plain", b"there is nothing here")
        status, begin, end = (200 if found else 404), 0, len(data)
        if found and (part := _RANGE.fullmatch(self.headers.get("Range", ""))):
            begin, end = int(part[1]), min(int(part[2] or end - 1) + 1, end)
            status = 206 if begin < end else 416
        body = data[begin:end] if status != 416 else b""
        self.send_response(status)
        if status == 206:
            self.send_header("Content-Range", f"bytes {begin}-{end - 1}/{len(data)}")
        if status == 416:
            self.send_header("Content-Range", f"bytes */{len(data)}")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Last-Modified", "Thu, 13 Jan 2022 00:00:00 GMT")
        self.end_headers()
        sent = len(body) if with_body else 0
        host.asked.append(
            Asked(self.command, self.path, self.headers.get("User-Agent", ""), status, sent)
        )
        if with_body:
            self.wfile.write(body)
        return None

    def _refuse_outside(self) -> None:
        self.server.host.outside.append(self.path)
        self.send_response(502)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """`asked` is the log."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    host: Host

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hangs up early has his reasons."""


@contextmanager
def running() -> Iterator[Host]:
    """A host on a free port, until the end of the block."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.host = Host(f"http://127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.host
        server.shutdown()
