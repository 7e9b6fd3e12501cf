"""As link_server.py, for players: `/player/embed/STORY/MEDIA` is NPR's player page, which names
`/audio/STORY.mp3` on the same host.
"""

from __future__ import annotations

import json
import time

import link_server

FILLER = '<div class="card"><p>Some words that every player page has around its player.</p></div>'
SCRIPT = "<script>window.config = {" + ", ".join(f'"key{n}": "value {n}"' for n in range(200)) + "}"


class Players(link_server.Site):
    """One connection; `first` among the stats is when the first request came, in microseconds."""

    def asked(self, method: str, path: str, headers: str) -> None:
        """Notes when it began."""
        if not self.stats["requests"]:
            self.stats["first"] = int(time.time() * 1e6)
        super().asked(method, path, headers)

    def bytes_of(self, method: str, kind: str, path: str, headers: str) -> bytes:
        """A player's page, or what link_server has."""
        if kind != "player":
            return super().bytes_of(method, kind, path, headers)
        story = path.split("/")[3]
        port = self.out.get_extra_info("sockname")[1]
        model = {
            "audioSrc": f"http://{self.host}:{port}/audio/{story}.mp3",
            "storyUrl": f"https://www.npr.org/2022/01/13/{story}/a-story",
            "title": f"Story {story}", "duration": 77,
        }  # fmt: skip
        page = (
            f"<!doctype html><html lang=en><head><title>NPR</title>{SCRIPT}</script></head><body>"
            f"{FILLER * 60}<script>var audioModel = {json.dumps(model)};</script></body></html>"
        )
        return link_server.head("200 OK", page.encode())


if __name__ == "__main__":
    link_server.Site = Players  # type: ignore[misc]
    link_server.main()
