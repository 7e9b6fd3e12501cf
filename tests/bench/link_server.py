"""The hosts that link checkers are measured against: one process, 16 loopback addresses.

    python tests/bench/link_server.py [--latency SECONDS] [--tls CERTIFICATE KEY] [--hosts N]

Prints its port; it ends when its standard input does. What an address answers stands in its path.
`/stats` says, as JSON, how many requests and connections there were and how many bytes went out.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import ssl
import sys
from typing import ClassVar

PAGE = b"<!doctype html><title>A page</title><p>" + b"Some words of a page. " * 18
SOFT = b"<!doctype html><title>Page not found</title><p>The page does not exist."
AUDIO = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x64" * 786_430
# The last header lifts the pause that LinkChecker makes.
HTML = b"Content-Type: text/html; charset=utf-8\r\nLinkChecker: 1\r\n"


def head(status: str, body: bytes, more: bytes = HTML) -> bytes:
    """An answer as it goes out."""
    length = f"Content-Length: {len(body)}\r\n\r\n".encode()
    return b"HTTP/1.1 " + status.encode() + b"\r\n" + more + length + body


ANSWERS = {
    "ok": head("200 OK", PAGE),
    "soft": head("200 OK", SOFT),
    "gone": head("404 Not Found", b"<title>404</title>"),
    "lost": head("410 Gone", b"<title>410</title>"),
    "error": head("500 Internal Server Error", b"broken"),
    "many": head("429 Too Many Requests", b"", HTML + b"Retry-After: 1\r\n"),
    "busy": head("503 Service Unavailable", b"", HTML + b"Retry-After: 1\r\n"),
    "nohead": head("405 Method Not Allowed", b""),
    "audio": head("200 OK", AUDIO, b"Content-Type: audio/mpeg\r\nAccept-Ranges: bytes\r\n"),
    "part": head(
        "206 Partial Content",
        AUDIO[:2048],
        b"Content-Type: audio/mpeg\r\nContent-Range: bytes 0-2047/%d\r\n" % len(AUDIO),
    ),
}
ONCE = {"many", "busy", "reset"}
LATE = 2.0  # seconds
MOVES = {"moved": "301 Moved Permanently", "found": "302 Found"}


class Site(asyncio.Protocol):
    """One connection."""

    latency: ClassVar[float] = 0.0
    stats: ClassVar[dict[str, int]] = {"requests": 0, "connections": 0, "bytes": 0}
    seen: ClassVar[set[tuple[str, str]]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.stats["connections"] += 1
        self.out: asyncio.Transport = transport  # type: ignore[assignment]
        self.host = str(transport.get_extra_info("sockname")[0])
        self.waiting = b""

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while b"\r\n\r\n" in self.waiting:
            request, _, self.waiting = self.waiting.partition(b"\r\n\r\n")
            line, _, headers = request.decode("latin-1").partition("\r\n")
            method, path, _ = line.split(" ", 2)
            self.asked(method, path, headers.lower())

    def asked(self, method: str, path: str, headers: str) -> None:
        if path == "/stats":
            answer = head("200 OK", json.dumps(self.stats).encode())
            self.stats.update(requests=0, connections=0, bytes=0)
            self.seen.clear()
            self.out.write(answer)
            return
        self.stats["requests"] += 1
        kind = path.split("/")[1].partition(".")[0]
        late = self.latency + (LATE if kind == "slow" else 0)
        if late:
            asyncio.get_running_loop().call_later(late, self.answer, method, kind, path, headers)
        else:
            self.answer(method, kind, path, headers)

    def answer(self, method: str, kind: str, path: str, headers: str) -> None:
        if self.out.is_closing():
            return
        if kind in ONCE and (self.host, path) in self.seen:
            kind = "ok"
        elif kind == "reset":
            self.seen.add((self.host, path))
            self.out.abort()
            return
        elif kind in ONCE:
            self.seen.add((self.host, path))
        data = self.bytes_of(method, kind, path, headers)
        self.stats["bytes"] += len(data)
        self.out.write(data)

    def bytes_of(self, method: str, kind: str, path: str, headers: str) -> bytes:
        if kind in MOVES:
            to = f"Location: /ok{path.removeprefix('/' + kind)}\r\n".encode()
            return head(MOVES[kind], b"", to)
        if kind == "audio" and "\nrange: bytes=0-2047" in headers:
            kind = "part"
        elif kind == "nohead" and method != "HEAD":
            kind = "ok"
        data = ANSWERS.get(kind, ANSWERS["ok"])
        return data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if method == "HEAD" else data


async def serve(hosts: int, context: ssl.SSLContext | None) -> None:
    loop, port = asyncio.get_running_loop(), 0
    for number in range(1, hosts + 1):
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((f"127.0.0.{number}", port))
        port = port or sock.getsockname()[1]
        await loop.create_server(Site, sock=sock, ssl=context, backlog=1024)
    print(port, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--hosts", type=int, default=16)
    parser.add_argument("--tls", nargs=2)
    given = parser.parse_args()
    Site.latency, context = given.latency, None
    if given.tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*given.tls)
    asyncio.run(serve(given.hosts, context))


if __name__ == "__main__":
    main()
