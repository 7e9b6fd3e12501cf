"""A selection of episodes as bytes for machines: RSS, JSON Feed, OPML.

`Channel` says what a feed is, `FeedPage` what stands on one page of it; each renderer
(`rss`, `jsonfeed`, `opml`) is a pure function: equal input gives equal bytes.
`lint` says what apps and directories would refuse, in feeds of anybody.
"""

from __future__ import annotations

from podcat.feed.channel import (
    Channel,
    channel_for,
    lender,
    load_channel,
    load_channels,
    private_path,
)
from podcat.feed.page import Dead, FeedPage, episode_url, left_out

__all__ = [
    "Channel",
    "Dead",
    "FeedPage",
    "channel_for",
    "episode_url",
    "left_out",
    "lender",
    "load_channel",
    "load_channels",
    "private_path",
]
