"""As link_server.py, for sources: `/HOST/page` has sounds, `/HOST/N.mp3`, and no robots.txt.

`/change` puts one more sound on every page. `/stats` says, too, when the first and the last request
came, in seconds of this machine's clock.
"""

from __future__ import annotations

import json
import time
from typing import ClassVar

import link_server

SOUNDS = 20
FILLER = "<p>Some words that every page has around its sounds.</p>" * 60


class Sources(link_server.Site):
    """One connection."""

    sounds: ClassVar[int] = SOUNDS
    times: ClassVar[list[float]] = []

    def asked(self, method: str, path: str, headers: str) -> None:
        if path == "/stats":
            answer = {"requests": self.stats["requests"], "times": self.times[:1] + self.times[-1:]}
            self.out.write(link_server.head("200 OK", json.dumps(answer).encode()))
            self.stats["requests"] = 0
            self.times.clear()
        elif path == "/change":
            type(self).sounds += 1
            self.out.write(link_server.head("200 OK", b""))
        else:
            self.times.append(time.time())
            super().asked(method, path, headers)

    def bytes_of(self, method: str, kind: str, path: str, headers: str) -> bytes:  # noqa: ARG002
        host, _, rest = path[1:].partition("/")
        if rest == "page":
            sounds = "".join(
                f'<audio src="http://{host}.example/{n}.mp3"></audio>' for n in range(self.sounds)
            )
            page = f"<!doctype html><title>{host}</title>{FILLER}{sounds}".encode()
            return link_server.head("200 OK", page)
        if rest.endswith(".mp3"):
            return super().bytes_of(method, "audio", path, headers)
        return link_server.head("404 Not Found", b"")


if __name__ == "__main__":
    link_server.Site = Sources  # type: ignore[misc]
    link_server.main()
