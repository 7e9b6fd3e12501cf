"""The clock of one conversation: at the deadline its connection is cut, whatever it waits for."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar, Token
from typing import Final

from podcat.net.answer import Trouble
from podcat.net.guard import Names, PrivateAddressError, is_public

STEP: Final = 10.0
"""Longest wait for a connection, and for the next byte, in seconds."""
_TICK: Final = 0.05
_PAUSE: Final = 60.0
"""Seconds that a deadline is away while its thread waits for others of ours."""


class Watch:
    """Guard and clock of what one thread asks for, redirects included.

    Connections find the watch of their thread in `WATCH`.
    """

    def __init__(self, seconds: float, names: Names, *, allow_private: bool = False) -> None:
        self.allow_private = allow_private
        self.names = names
        self.deadline = time.monotonic() + seconds
        self.expired = False
        self.asked = ""
        """The address that is asked for, as the user knows it."""
        self.sent = bytearray()
        """The request under way, as far as somebody writes it down."""
        self.kept: str | None = None
        """The record of its answer, once somebody has written that down."""
        self.told: tuple[Trouble, str] | None = None
        """What went wrong behind the answer that is played."""
        self._socket: socket.socket | None = None
        self._token: Token[Watch] | None = None

    def __enter__(self) -> Watch:
        self._token = WATCH.set(self)
        _reaper.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        _reaper.discard(self)
        self._socket = None
        if self._token:
            WATCH.reset(self._token)

    def ask(self, url: str) -> None:
        """An address is asked for now."""
        self.asked = url
        self.sent.clear()
        self.kept = self.told = None

    def cut(self) -> None:
        """Ends whatever the thread waits for; what it does next fails."""
        # A server that sends one byte every few seconds never runs into a socket's time-out.
        self.expired = True
        if held := self._socket:
            with suppress(OSError):
                # Not the method of a TLS socket: that one is no business of another thread.
                socket.socket.shutdown(held, socket.SHUT_RDWR)

    def hold(self, sock: socket.socket) -> None:
        """What is waited for from now on."""
        self._socket = sock
        if self.expired:
            self.cut()

    def pause(self, wait: Callable[[], object]) -> None:
        """Waits for something of our own making: the deadline moves by as much."""
        began = time.monotonic()
        self.deadline += _PAUSE
        wait()
        self.deadline += time.monotonic() - began - _PAUSE

    @property
    def is_over(self) -> bool:
        """Whether its time is up, or so nearly that it makes no difference."""
        return self.expired or time.monotonic() >= self.deadline - _TICK

    @property
    def was_cut(self) -> bool:
        """Whether it was ended before its time."""
        return self.expired and time.monotonic() < self.deadline - _TICK

    def step(self) -> float:
        """Seconds that the next wait may last."""
        return max(0.01, min(STEP, self.deadline - time.monotonic()))

    def permits(self, address: str) -> bool:
        """Whether an IP address may be connected to."""
        return self.allow_private or is_public(address)

    def addresses(self, host: str) -> list[str]:
        """The IP addresses of a host that may be connected to; raises PrivateAddressError."""
        every = self.names.addresses(host)
        allowed = [a for a in every if self.permits(a)]
        if not allowed:
            raise PrivateAddressError(every[0] if every else host)
        return allowed

    def by_proxy(self, host: str) -> None:
        """A host is asked by a proxy, which is where the user says: on a private network, too.

        Raises PrivateAddressError where the host itself is known to be on one.
        """
        with suppress(socket.gaierror):  # the proxy may know better
            self.addresses(host)
        self.allow_private = True


WATCH: Final[ContextVar[Watch]] = ContextVar("WATCH")


class _Reaper:
    """One thread that cuts all conversations at their deadlines."""

    def __init__(self) -> None:
        self._active: set[Watch] = set()
        self._wanted = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, watch: Watch) -> None:
        self._active.add(watch)
        if not self._wanted.is_set():
            self._wanted.set()
        if self._thread is None or not self._thread.is_alive():  # it does not survive a fork
            self._start()

    def discard(self, watch: Watch) -> None:
        self._active.discard(watch)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="reaper", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while self._wanted.wait():
            self._wanted.clear()
            while self._active:
                now = time.monotonic()
                for watch in self._active.copy():
                    if watch.deadline <= now and not watch.expired:
                        watch.cut()
                time.sleep(_TICK)


_reaper: Final = _Reaper()
