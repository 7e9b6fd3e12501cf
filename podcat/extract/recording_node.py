"""What a schema.org node that is a recording says: where it can be heard, and what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename
from typing import Any

from podcat import urls
from podcat.extract import html_picture, linked
from podcat.extract.findings import Finding
from podcat.extract.html_meta import programme
from podcat.extract.linked import Node
from podcat.model import Person
from podcat.providers import Match, registry
from podcat.text import parse_date, parse_duration

EPISODES = frozenset({"PodcastEpisode", "RadioEpisode", "Episode", "RadioClip"})
AUDIO = EPISODES | {"AudioObject", "AudioObjectSnapshot", "MusicRecording"}
FILMS = frozenset(
    {"VideoObject", "TVEpisode", "TVClip", "Movie", "MovieClip", "VideoObjectSnapshot"}
)
MEDIA = ("encoding", "associatedMedia", "audio")
"""Properties of a recording that hold its files."""

_MOST = 50  # nodes of one recording
_SPOKEN = 500_000  # characters of a transcript, some ten hours
_SHORTEST = 10  # words of a transcript; fewer say where it is, or that there is one
_SOUND = AUDIO | {"MediaObject", "DataDownload"}
# What no sound file ends in, whatever its node says.
_NO_SOUND = frozenset({
    "m3u8", "mpd", "vtt", "srt", "ttml", "json", "xml", "rss", "html", "htm", "php", "aspx", "pdf",
    "jpg", "jpeg", "png", "gif", "webp", "svg", "txt",
})  # fmt: skip
# Role of a person by the property that names them, unless a role or a title tells better.
_PEOPLE = {
    "host": "host", "author": "author", "creator": "author", "actor": "speaker",
    "performer": "speaker", "contributor": "speaker", "readBy": "speaker", "guest": "guest",
    "interviewee": "guest",
}  # fmt: skip
_ROLES = (
    ("host", re.compile(r"\b(?:(?:co-?)?host|presenter|anchor|interviewer)", re.I)),
    ("moderator", re.compile(r"\bmoderator", re.I)),
    ("guest", re.compile(r"\b(?:guest|interviewee)", re.I)),
    ("reporter", re.compile(r"\b(?:reporter|correspondent)", re.I)),
    ("speaker", re.compile(r"\b(?:speaker|panell?ist|narrator|reader|performer)", re.I)),
    ("author", re.compile(r"\b(?:author|writer)", re.I)),
)
_NO_PERSON = re.compile(r"\w*(?:Organization|Series|Corporation|Business|Station|Service|Brand)")

_MACHINE_FILE = re.compile(
    r"text[-_]?to[-_]?speech|(?<![a-z0-9])tts(?![a-z0-9])|speechkit|beyondwords|trinityaudio|"
    r"ad-auris|everlit|readspeaker|play\.ht/|naturalreader|elevenlabs|amazon-?polly",
    re.I,
)
_MACHINE_LABEL = re.compile(
    r"\b(?:read|narrated|voiced|spoken) (?:aloud |out )?by (?:an? )?(?:ai|automated|synthetic|"
    r"computer|machine|artificial)\b|\b(?:machine|ai)[- ](?:read|generated|narrated|voiced)\b|"
    r"\btext[- ]to[- ]speech (?:version|audio|reading)\b",
    re.I,
)


def is_machine_read(label: str | None, *files: str) -> bool:
    """Whether a file or its label says that a machine reads the article aloud."""
    told = bool(label and _MACHINE_LABEL.search(label))
    return told or any(_MACHINE_FILE.search(url) for url in files)


# ---------------------------------------------------------------- where it can be heard

_NO_ADDRESS = re.compile(r"[\s<>]")


def _is_address(text: str) -> bool:
    """Whether a text can be an address: words that stand in its place are none."""
    return ("." in text or "/" in text) and not _NO_ADDRESS.search(text)


def _extension(path: str) -> str:
    name = basename(path)
    return name.rpartition(".")[2].lower() if "." in name else ""


def is_sound(url: str | None, stated: str | None, surely: bool, page: str | None) -> bool:
    """Whether an address is a sound file: by its ending, its stated type, or its node's word."""
    parsed = urls.parse(url)
    if parsed is None or _extension(parsed.path) in _NO_SOUND or parsed.path == "/":
        return False
    kind, mime = (stated or "").partition("/")[0].strip().lower(), registry().media_type(url)
    if mime is not None:
        return mime.startswith("audio/") or kind == "audio"
    if registry().provider_of(parsed.host) or urls.page_key(url) == urls.page_key(page):
        return False
    return kind == "audio" or (surely and kind in ("", "application"))


def _addresses(node: Node, key: str, page: str | None) -> Iterator[str]:
    for one in linked.each(node.get(key)):
        if isinstance(one, str) and _is_address(one.strip()) and (url := urls.absolute(one, page)):
            yield url


def files(node: Any, page: str | None, seen: set[int] | None = None) -> Iterator[str]:
    """The sound files that a node names, its encodings' among them; each node is asked once."""
    seen = set() if seen is None else seen
    if isinstance(node, str):
        yield from (
            u for u in _addresses({"url": node}, "url", page) if is_sound(u, None, False, page)
        )
    kinds = linked.kinds(node)
    known = id(node) in seen or len(seen) > _MOST
    if not isinstance(node, dict) or known or kinds & FILMS or not kinds & _SOUND:
        return
    seen.add(id(node))
    stated = linked.text(node.get("encodingFormat")) or linked.text(node.get("fileFormat"))
    for key, surely in (("contentUrl", "AudioObject" in kinds), ("url", False)):
        yield from (u for u in _addresses(node, key, page) if is_sound(u, stated, surely, page))
    for key in MEDIA:
        for one in linked.each(node.get(key)):
            yield from files(one, page, seen)


def players(node: Node, page: str | None, by_url: bool) -> Iterator[Match]:
    """The recordings of providers that a node's addresses name; `by_url`: its `url` counts too."""
    inner = (n for key in MEDIA for n in linked.nodes(node.get(key)))
    for one in (node, *inner):
        for key in ("embedUrl", "contentUrl", "playerUrl", *(["url"] if by_url else [])):
            for url in _addresses(one, key, page):
                match = registry().match(url)
                if match and (match.form != "file" or match.id):
                    yield match


# ---------------------------------------------------------------- what it is


def _role(key: str, value: Node) -> str | None:
    said = linked.text(value.get("roleName")) or linked.text(value.get("jobTitle"))
    told = next((role for role, form in _ROLES if said and form.search(said)), None)
    return None if "roleName" in value and told is None else told or _PEOPLE[key]


def people(node: Node, besides: frozenset[str] = frozenset()) -> Iterator[Person]:
    """The people that a node credits; organisations, and the names `besides`, are none."""
    for key, usual in _PEOPLE.items():
        for value in linked.each(node.get(key)):
            who, role = value, usual
            if isinstance(value, dict):
                who = value.get(key, value) if "Role" in linked.kinds(value) else value
                role = _role(key, value) or ""
            if role and not any(map(_NO_PERSON.fullmatch, linked.kinds(who))):
                yield from (Person(n, role) for n in linked.names(who) if n not in besides)


def _with_media(node: Node) -> Iterator[Node]:
    """The node, and those of its files."""
    yield node
    yield from (n for key in MEDIA for n in linked.nodes(node.get(key)))


def _length(node: Node) -> int | None:
    said = (value for one in _with_media(node) for value in linked.each(one.get("duration")))
    lengths = (parse_duration(v) for v in said if isinstance(v, (str, int, float)))
    return next(filter(None, lengths), None)


def _transcript(node: Node, page: str | None) -> dict[str, Any]:
    """Whether there is one, its address, its words: each as far as the node tells."""
    said = next((one["transcript"] for one in _with_media(node) if one.get("transcript")), None)
    text = linked.text(said, _SPOKEN)
    is_address = bool(text and re.fullmatch(r"(?:https?:/)?/\S+", text, re.I))
    url = linked.address(said, page) if is_address or isinstance(said, dict) else None
    words = text if text and not is_address and len(text.split()) >= _SHORTEST else None
    there = True if text or url else None
    return {"has_transcript": there, "transcript_url": url, "transcript": words}


def _link(node: Node, page: str | None) -> str | None:
    """The episode's own page."""
    link = linked.address(node.get("url"), page) if linked.kinds(node) & EPISODES else None
    match = registry().match(link)
    return None if match and match.form != "page" else link


def describe(finding: Finding, node: Node, rule: str, page: str | None) -> None:
    """What a node says of the recording that it is."""
    title = linked.text(node.get("name")) or linked.text(node.get("headline"))
    dates = (parse_date(linked.text(node.get(k))) for k in ("datePublished", "uploadDate"))
    finding.propose_all(
        rule,
        title=title,
        description=linked.text(node.get("description")),
        duration=_length(node),
        published=next(filter(None, dates), None),
        programme=programme(node),
        language=linked.language(node.get("inLanguage")),
        link=_link(node, page),
        **_transcript(node, page),
    )
    for name, value in html_picture.of_node(node, page).items():
        finding.propose("image_url" if name == "image" else name, value, rule)
    bodies = (programme(node), linked.name(node.get("publisher")))
    finding.credit(people(node, frozenset(filter(None, bodies))), rule)
    finding.tag(linked.words(node.get("keywords")), rule)
