"""Podcast apps that can be handed a feed by an address of their own."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True)
class App:
    """An app that is alive and takes any feed; closed directories cannot subscribe to one."""

    name: str
    runs_on: str
    template: str
    """`{url}` is the feed's address, percent-encoded; `{bare}` is it without its scheme."""

    def link(self, feed_url: str) -> str:
        """The address that opens the app with this feed."""
        bare = feed_url.removeprefix(f"{urlsplit(feed_url).scheme}://")
        return self.template.format(url=quote(feed_url, safe=""), bare=bare)


APPS = (
    App("Apple Podcasts", "iPhone, Mac", "podcast://{bare}"),
    App("AntennaPod", "Android", "https://antennapod.org/deeplink/subscribe?url={url}"),
    App("Pocket Casts", "iPhone, Android", "pktc://subscribe/{bare}"),
    App("Overcast", "iPhone", "overcast://x-callback-url/add?url={url}"),
    App("Castro", "iPhone", "castro://subscribe/{bare}"),
    App("Podcast Addict", "Android", "podcastaddict://{bare}"),
    App("Downcast", "iPhone", "downcast://{bare}"),
    App("iCatcher!", "iPhone", "icatcher://{bare}"),
    App("RSSRadio", "iPhone", "rssradio://{bare}"),
    App("Player FM", "Android, web", "https://player.fm/subscribe?id={url}"),
    App("gPodder", "Linux, Windows, Mac", "gpodder://{bare}"),
    App("Another app", "this device", "feed://{bare}"),
)
