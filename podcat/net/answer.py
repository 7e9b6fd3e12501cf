"""What one address answered, as plain data: all that a judgement may rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Trouble(StrEnum):
    """Why there is no answer, or no whole one."""

    NAME = "name"  # its host has no address
    REFUSED = "refused"  # nobody listens there, or there is no way to it
    TIMEOUT = "timeout"
    TLS = "tls"  # certificate or handshake
    BROKEN = "broken"  # reset, cut off, no HTTP
    CODING = "coding"  # cannot be unpacked
    LOOP = "loop"  # redirects to where it came from, or too often
    PRIVATE = "private"  # leads to an address that is not on the public internet
    RESTING = "resting"  # its host is not to be asked now; nothing was sent
    UNRECORDED = "unrecorded"  # the recording that is played has it not
    ADDRESS = "address"  # is, or redirects to, what is no http or https address


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect: who sent where, and how."""

    url: str
    status: int
    location: str
    """Absolute."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one address, redirects followed.

    All addresses are those before `--remap`: what a judgement says is about them.
    """

    url: str
    """That was asked for."""
    final_url: str
    """That answered: the last one after redirects."""
    hops: tuple[Hop, ...] = ()
    status: int | None = None
    """HTTP status of the last answer; None where there was none."""
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of the last answer: names in small letters to all values, in order."""
    body: bytes = b""
    """The first bytes, unpacked; at most what was asked for."""
    whole: bool = True
    """Whether the body ended within that limit, at the length it declared."""
    trouble: Trouble | None = None
    detail: str = ""
    """The trouble in words that follow the address: `its certificate is not good (expired)`."""
    seconds: float = 0.0
    tries: int = 1

    def header(self, name: str) -> str:
        """The values of a header joined by `, `; empty where it is missing."""
        return ", ".join(self.headers.get(name, ()))
