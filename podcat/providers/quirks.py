"""What a template cannot say: one named function for each site that needs code.

A quirk takes an address and gives the address that the routes are to be matched against.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from podcat import urls

Quirk = Callable[[urls.Address], urls.Address]

_URN = re.compile(r"soundcloud:(tracks|playlists|users):")


def soundcloud(address: urls.Address) -> urls.Address:
    """The sound that SoundCloud's widget names in `url=`: an API address, a URN or a page.

    URNs occur encoded once and twice: `soundcloud%3Atracks%3A1`, `soundcloud%253Atracks%253A1`.
    """
    if unquote(address.path).rstrip("/") not in ("/player", "/player.swf"):
        return address
    named = address.parameters().get("url", "")
    while "%" in named and (plain := unquote(named)) != named:
        named = plain
    if named.startswith("soundcloud:"):
        named = "https://api.soundcloud.com/" + _URN.sub(r"\1/", named)
    return urls.parse(_URN.sub("", named)) or address


def mixcloud(address: urls.Address) -> urls.Address:
    """The show that Mixcloud's widget names in `feed=`: the path of a page, or its address."""
    if unquote(address.path).rstrip("/") != "/widget/iframe":
        return address
    named = address.parameters().get("feed")
    return urls.parse(named, "https://www.mixcloud.com/") or address


QUIRKS: dict[str, Quirk] = {"soundcloud": soundcloud, "mixcloud": mixcloud}
