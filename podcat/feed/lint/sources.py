"""Who sets rules, and where they are written down."""

from __future__ import annotations

from typing import Final

RSS: Final = "RSS 2.0"
APPLE: Final = "Apple"
PSP: Final = "PSP-1"
PODCASTING: Final = "Podcasting 2.0"
W3C: Final = "W3C"
JSON_FEED: Final = "JSON Feed"
OPML: Final = "OPML"
ATOM: Final = "Atom"
XML: Final = "XML"

RSS_SPEC: Final = "https://www.rssboard.org/rss-specification"
RSS_PROFILE: Final = "https://www.rssboard.org/rss-profile"
APPLE_TAGS: Final = "https://help.apple.com/itc/podcasts_connect/#/itcb54353390"
APPLE_RULES: Final = "https://podcasters.apple.com/support/823-podcast-requirements"
APPLE_ART: Final = "https://podcasters.apple.com/support/896-artwork-requirements"
APPLE_CATEGORIES: Final = "https://podcasters.apple.com/support/1691-apple-podcasts-categories"
PSP_SPEC: Final = "https://github.com/Podcast-Standards-Project/PSP-1-Podcast-RSS-Specification"
PODCAST_SPEC: Final = "https://podcastindex.org/namespace/1.0"
JSON_SPEC: Final = "https://www.jsonfeed.org/version/1.1/"
OPML_SPEC: Final = "http://opml.org/spec2.opml"
ATOM_SPEC: Final = "https://www.rfc-editor.org/rfc/rfc4287"
PAGING_SPEC: Final = "https://www.rfc-editor.org/rfc/rfc5005"
WEBSUB_SPEC: Final = "https://www.w3.org/TR/websub/"
MEDIA_SPEC: Final = "https://www.rssboard.org/media-rss"
XML_SPEC: Final = "https://www.w3.org/TR/xml/"


def w3c(kind: str, name: str) -> str:
    """Page of the W3C feed validator about one of its messages; kind is `error` or `warning`."""
    return f"https://validator.w3.org/feed/docs/{kind}/{name}.html"


def podcast_tag(name: str) -> str:
    """Page of the podcast namespace about one of its tags."""
    at = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/tags"
    return f"{at}/{name}.md"


def issue(repository: str, number: int) -> str:
    """Where an app's users met the problem."""
    return f"https://github.com/{repository}/issues/{number}"
