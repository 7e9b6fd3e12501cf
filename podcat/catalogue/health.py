"""How an episode is, told by how its addresses stand. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from podcat.catalogue import archive
from podcat.catalogue.records import ALIVE, DEAD, FAILING, UNKNOWN, Standing
from podcat.model import Episode

FIELDS: Final = ("audio_url", "video_url", "embed_url", "link", "transcript_url", "image_url")
"""Fields of an episode that hold addresses."""
SICK: Final = (FAILING, DEAD)


@dataclass(frozen=True, slots=True)
class Health:
    """What is wrong with an episode: by no way in which it can be heard does it answer."""

    word: str
    """`dead` or `failing`."""
    since: int
    """When the last of the ways stopped to answer (seconds since 1970)."""
    url: str
    """The first of the ways: the file where there is one."""
    archived: str
    """An old copy of that."""
    file_only: bool = False
    """Whether another way, a player, is not known to be dead."""


def addresses(episodes: Iterable[Episode]) -> list[str]:
    """Every address of these episodes, each once."""
    found = (getattr(one, field) for one in episodes for field in FIELDS)
    return list(dict.fromkeys(url for url in found if url))


def of(episode: Episode, standings: Mapping[str, Standing]) -> Health | None:
    """What is wrong with an episode, or None where nothing is known to be.

    It is dead when its file and its player are (its page counts where it has neither). One that
    nobody could look at, as a Space, is not. A dead file with a player that may live is told.
    """
    ways = _ways(episode)
    if not ways:
        return None
    words = [_health(standings.get(url)) for url in ways]
    if all(word in SICK for word in words):
        word = DEAD if all(word == DEAD for word in words) else FAILING
        return _told(episode, word, ways, standings)
    if ways[0] == episode.media_url and words[0] in SICK:
        return _told(episode, words[0], ways[:1], standings, file_only=True)
    return None


def _ways(episode: Episode) -> list[str]:
    heard = [url for url in (episode.media_url, episode.embed_url) if url]
    return list(dict.fromkeys(heard or ([episode.link] if episode.link else [])))


def _health(standing: Standing | None) -> str:
    return ALIVE if standing is None else standing.health


def _told(
    episode: Episode,
    word: str,
    ways: list[str],
    standings: Mapping[str, Standing],
    *,
    file_only: bool = False,
) -> Health:
    since = max(standings[url].failing_since or standings[url].since for url in ways)
    return Health(word, since, ways[0], archived(ways[0], standings[ways[0]], episode), file_only)


def word(episode: Episode, standings: Mapping[str, Standing]) -> str:
    """What can be believed of it: as `of`, and else alive where a way was seen to answer."""
    ill = of(episode, standings)
    if ill:
        return ill.word
    seen = (standings[url].health for url in _ways(episode) if url in standings)
    return ALIVE if ALIVE in seen else UNKNOWN


def archived(url: str, standing: Standing, episode: Episode) -> str:
    """An old copy of an address of an episode."""
    return archive.dated(url, standing.last_ok, episode.published, episode.first_seen)
