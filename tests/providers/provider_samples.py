"""What the tests of all providers share: their examples, and the grammar of their ids.

The grammar is written down a second time, from the table of providers and not from their files,
so that a slip in a file does not excuse itself.
"""

from __future__ import annotations

import re
from typing import Any

from podcat.providers import Match, Provider, registry

_UUID = "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_NPR = r"(?:[0-9]+|(?:nx|g)-[a-z0-9]+(?:-[a-z0-9]+)+)"
_ANY = r"[^/\s][^/]*"

GRAMMAR = {
    "npr": f"{_NPR}/{_NPR}",
    "rferl": "[0-9]{5,9}",
    "voa": "[0-9]{4,9}",
    "x-spaces": "[0-9a-zA-Z]{13}",
    "soundcloud": r"(?:tracks|playlists|users)/[0-9]+|[\w-]+/(?:sets/)?[\w-]+",
    "spotify": "[0-9A-Za-z]{22}",
    "apple-podcasts": "[0-9]+(?:/[0-9]+)?",
    "youtube": "[A-Za-z0-9_-]{11}",
    "vimeo": "[0-9]+",
    "megaphone": "[A-Z]{2,5}[0-9]{8,10}",
    "simplecast": f"{_UUID}|[0-9a-f]{{8}}|[0-9]+",
    "libsyn": "[0-9]+",
    "buzzsprout": "[0-9]+/[0-9]+",
    "podbean": "[a-z0-9]{5}-[0-9a-f]{6,7}(?:-pb)?",
    "spreaker": "[0-9]+",
    "acast": r"[\w.-]+(?:/[\w.-]+)?",
    "omny": r"[\w-]+/(?:playlists/)?[\w-]+",
    "art19": rf"[\w.-]+(?:/{_UUID})?",
    "transistor": r"[0-9a-f]{8}|[\w-]+",
    "captivate": _UUID,
    "anchor": f"{_ANY}/[^/]*-e[0-9a-z]+",
    "audioboom": "[0-9]+",
    "mixcloud": r"[\w-]+/[\w-]+",
    "bandcamp": "(?:track|album)/[0-9]+",
    "iheart": "[0-9]+(?:/[0-9]+)?",
    "deezer": "(?:track|album|playlist|show|episode)/[0-9]+",
    "tunein": "[spt][0-9]+",
    "bbc": "[pbml][0-9a-z]{7}|w[0-9a-z]{7,14}|[0-9]+",
    "prx": r"stories/[0-9]+|\S.*",
    "stitcher": "[0-9]+/[0-9]+",
    "castos": "[0-9]+",
    "fireside": r"[A-Za-z0-9_-]{8}\+[A-Za-z0-9_-]{8,9}",
    "rss-com": r"[\w-]+(?:/[0-9]+)?",
    "archive-org": r"[A-Za-z0-9._-]+(?:/.+)?",
    "audiomack": r"[\w-]+/(?:song|album|playlist)/[\w-]+",
    "hearthis": r"[0-9]+|set/[0-9]+|[\w.-]+/[\w.-]+",
    "clyp": "[a-z0-9]{8}",
    "vocaroo": "[A-Za-z0-9]{11,12}",
    "8tracks": "[0-9]+",
    "wnyc": "[0-9]+",
    "podigee": r"[a-z0-9-]+/[0-9]+-[\w-]+",
    "substack": f"{_UUID}|[a-z0-9-]+/{_ANY}",
    "blubrry": r"[0-9]{7,9}|(?i:https?)://\S.*",
    "ausha": "[A-Za-z0-9]{12}",
    "podomatic": "[0-9]+",
    "wistia": "[a-z0-9]{10}",
    "ivoox": "(?:podcast/)?[0-9]+",
    "redcircle": f"{_UUID}(?:/{_UUID})?",
    "zencastr": "[A-Za-z0-9_-]{8}",
    "pinecast": _UUID,
    "listennotes": "[0-9a-f]{32}|[A-Za-z0-9_-]{11}",
    "firstory": "c[a-z0-9]{24}",
    "podchaser": "[0-9]+/[0-9]+",
    "sverigesradio": r"[\w-]+",
    "pbs": r"[0-9]+|[\w+-]+={0,2}",
    "globalplayer": "[0-9A-Za-z]{7}|[0-9A-Za-z]{33}",
    "castbox": "[0-9]+(?:/[0-9]+)?",
    "pocketcasts": "[a-z0-9]{8}",
}


def fits(provider: str, id_: str | None) -> bool:
    """Whether a provider can have such an id; plain files have none."""
    if id_ is None:
        return True
    grammar = GRAMMAR.get(provider)
    return grammar is not None and re.fullmatch(grammar, id_, re.S) is not None


def matched(url: str) -> Match:
    match = registry().match(url)
    assert match, url
    return match


PROVIDERS: list[Provider] = list(registry().providers.values())
EXAMPLES: list[tuple[Provider, dict[str, Any]]] = [
    (provider, dict(example)) for provider in PROVIDERS for example in provider.examples
]
# One address of each form: enough where each costs a document.
FORMS: list[Match] = list(
    {
        (provider.key, id(match.route)): match
        for provider, example in reversed(EXAMPLES)
        for match in [matched(example["url"])]
    }.values()
)


def absolute(url: str) -> str:
    return f"https:{url}" if url.startswith("//") else url


def one_of_each(turn: int) -> list[Match]:
    """A form of every provider; with another turn another one."""
    by_provider: dict[str, list[Match]] = {}
    for form in FORMS:
        by_provider.setdefault(form.provider.key, []).append(form)
    return [forms[turn % len(forms)] for forms in by_provider.values()]
