"""Tells the title of a recording from what players, buttons and banners say.

A text is a stock label when it is made of such words alone: `Listen to this episode on Acast`,
`Download MP3 (12 MB)`, `Audio player`. A word more, and it names something.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from podcat.providers import registry
from podcat.text import fold, words

# What a label is about: one of these must be in it.
_TELLING_WORDS = """
    advert advertisement audio content download downloads embed embedded embedding episode html5
    iframe listen listening m4a mp3 ogg opus play player playback podcast podcasts save share
    stream streaming subscribe wav widget
    abspielen anhoren horen herunterladen audiobeitrag teilen
    ascolta ascoltare audioleser baixar beluister descargar dinle download ecouter escucha escuchar
    indir luister lyssna odtworz ouca ouvir pobierz podkast posluchaj reproducir scarica slusaj
    sluchaj telecharger
    аудио аудіо загрузить завантажити подкаст прослушать прослухати скачать слухати слушать
    收听 播放 下载 音频
"""
# What else may be in one.
_FILLING_WORDS = """
    a an and app article as at button by check click clip code creators direct document external
    file for frame free from full here hosted in it latest link media more new now of on open
    or our out page please post powered press recording right story tab tap the third party
    this to track version via video watch web will window with you your
    jetzt hier den die das diese diesen folge beitrag artikel auf als datei in neuem fenster zum
    maintenant ici cet cette sur le la les un une l ahora aqui este esta el en
    сейчас здесь этот эту статью выпуск
"""
_TELLING = frozenset(_TELLING_WORDS.split())
_FILLING = frozenset(_FILLING_WORDS.split())
# Apps that are named on buttons besides our providers.
_APPS = (
    "apple podcasts", "google podcasts", "amazon music", "overcast", "iheartradio", "rss", "apple",
    "google", "itunes", "youtube music", "pandora", "podcast addict", "spotify for podcasters",
)  # fmt: skip
# Headings of a page's frame.
_FRAME = frozenset({
    "about the author", "comments", "leave a comment", "leave a reply", "menu", "navigation",
    "newsletter", "related articles", "related posts", "search", "share this", "share this post",
    "show notes", "sign up", "sponsors", "subscribe", "table of contents", "transcript",
})  # fmt: skip
_BANNER = re.compile(
    r"we (?:value|respect|care about) your privacy|"
    r"(?:cookie|privacy)s? (?:settings?|consent|notice|preferences?|preference cent(?:er|re)|"
    r"polic(?:y|ies)|banner)|"
    r"manage (?:your )?(?:cookie )?(?:consent|cookies|preferences)|"
    r"(?:this|our|the) (?:web)?(?:site|page) uses cookies.{0,40}|"
    r"we (?:and our partners )?use cookies.{0,80}|"
    r"datenschutz\w*|.{0,40}cookie-einstellungen|wir verwenden cookies.{0,40}",
    re.I,
)
_FIGURES = re.compile(
    r"\d+(?:[.,]\d+)?\s*(?:[kmg]i?b|kbps|kbit/s|k|min(?:utes?|s)?|sec(?:onds?|s)?|hz)\b|"
    r"\d{1,3}(?::\d\d){1,2}"
)
_FILE = re.compile(r"\S+\.(?:mp3|m4a|m4b|ogg|oga|opus|wav|aac|flac)|https?://\S+", re.I)
_MADE = re.compile(  # names that programs give their frames
    r"(?i:(?=\S*(?:player|embed))\S*[-_\d]\S*|\S*iframe\S*)|\w*[a-z](?:Player|Embed)"
)
_LABELLED = re.compile(r"([^:]{1,40}\b(?:embed|player|widget)): +(\S.*)", re.I)
_LONGEST = 90


@cache
def _names() -> re.Pattern[str]:
    """The names of providers and apps, folded."""
    known = [(p.name, p.key) for p in registry().providers.values() if p.home]
    names = sorted({fold(name) for name in (*sum(known, ()), *_APPS)}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")


@lru_cache(maxsize=4096)
def is_label(text: str) -> bool:
    """Whether a text is made of words of players and buttons alone."""
    if len(text) > _LONGEST:
        return False
    if _MADE.fullmatch(text) or _FILE.fullmatch(text) or _BANNER.fullmatch(text.strip(" .!…")):
        return True
    folded = fold(text)
    if folded in _APPS:
        return True
    said = words(_names().sub(" ", _FIGURES.sub(" ", folded)))
    if not said:
        return not words(_FIGURES.sub(" ", folded))
    made = all(word in _TELLING or word in _FILLING for word in said)
    return (made and not _TELLING.isdisjoint(said)) or " ".join(said) in _FRAME


def title(text: str, provider: str) -> str | None:
    """What a text names as a recording of a provider, or None for a stock label."""
    if text.casefold() in registry().labels or is_label(text):
        return None
    known = registry().providers.get(provider)
    if known and fold(text) == fold(known.name):
        return None
    labelled = _LABELLED.fullmatch(text)
    return labelled[2] if labelled and is_label(labelled[1]) else text
