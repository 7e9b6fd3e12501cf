"""Whether a page is the thing, or only says so: signs of life first, then signs of death."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from podcat import urls
from podcat.check.asking import Verdict
from podcat.check.rules.case import Case
from podcat.check.rules.status import answers
from podcat.check.states import State
from podcat.net import astray

_THINGS: Final = (
    "page", "file", "content", "episode", "track", "show", "podcast", "video", "document",
    "recording", "story", "article",
)  # fmt: skip
_ENDS: Final = """
    not found|was not found|is not found|cannot be found|can't be found|could not be found
    couldn't be found|does not exist|doesn't exist|no longer exists|no longer available
    is no longer available|is unavailable|unavailable|not available|is not available
""".replace("\n", "|").split("|")
_OTHER_PHRASES: Final = """
    not found|nothing found|nothing was found|nothing here|nothing found here
    couldn't find that|could not find that|we couldn't find that|we can't find that page
    we couldn't find that page|couldn't find that page|this page could not be found
    that page can't be found|page you're looking for not found|file or directory not found
    seite nicht gefunden|die seite wurde nicht gefunden|seite existiert nicht
    pagina niet gevonden|sidan kunde inte hittas|siden blev ikke fundet|sivua ei löytynyt
    page introuvable|page non trouvée|cette page n'existe pas|página no encontrada
    pagina no encontrada|la página no existe|esta página no existe|página não encontrada
    pagina não encontrada|pagina non trovata|pagina nu a fost găsită
    nie znaleziono strony|nie znaleziono|strona nie istnieje|strona nie została znaleziona
    stránka nenalezena|stránka nebola nájdená|stranica nije pronađena|stranica nije nađena
    страница не найдена|страница не существует|такой страницы нет|сторінку не знайдено
    сторінка не знайдена|сторінки не існує|старонка не знойдзена|страницата не е намерена
    страница није пронађена|страницата не е пронајдена|sayfa bulunamadı|səhifə tapılmadı
    бет табылмады|барак табылган жок|sahifa topilmadi|саҳифа топилмади|саҳифа ёфт нашуд
    էջը չի գտնվել|გვერდი ვერ მოიძებნა|صفحه یافت نشد|صفحه پیدا نشد|صفحه مورد نظر یافت نشد
    الصفحة غير موجودة|页面不存在|页面未找到|找不到页面|頁面不存在|找不到頁面|ページが見つかりません
    페이지를 찾을 수 없습니다|halaman tidak ditemukan|không tìm thấy trang
""".replace("\n", "|").split("|")
_PHRASES: Final = frozenset(
    phrase.strip()
    for phrase in (
        *_OTHER_PHRASES,
        *(f"{the} {thing} {end.strip()}".strip()
          for the in ("", "this", "that", "the") for thing in _THINGS
          for end in _ENDS if end.strip()),
    )
    if phrase.strip()
)  # fmt: skip
"""All that a title can say, as `_bare_words` leaves it."""
_LEADING: Final = frozenset({"oops", "ooops", "whoops", "sorry", "error", "404", "http", "ошибка"})
_TRAILING: Final = frozenset({"404", "error"})
# Titles end in the name of the site, behind a mark.
_PARTS: Final = re.compile(r"\s[|·•»«–—-](?=\s)")
_WORD: Final = re.compile(r"[^\s!-&(-/:-@\[-`{-~…“”„«»–—]+")
_SORRY: Final = re.compile(
    r"not (?:be )?found|doesn['’]t exist|does not exist|no longer (?:available|exists?)"
    r"|n['’]existe pas|existiert nicht|no existe|не найден|не существует|не знайдено",
    re.I,
)


# ---------------------------------------------------------------- the provider's own marks


def lives(case: Case) -> bool:
    """Whether a player page holds what its provider's living players hold.

    Other pages of a site name files of other recordings.
    """
    if case.match is None or case.match.form != "player":
        return False
    return any(mark.search(case.html.text) for mark in case.checks.alive)


def no_page(case: Case) -> Verdict | None:
    """A player that is no page."""
    if case.is_html or case.is_script or case.body.lstrip()[:1] == b"<":
        return None
    served = case.media_type or "something nameless"
    return Verdict(State.HOLLOW, f"is {served}, where a player should be")


def own_death(case: Case) -> Verdict | None:
    """A mark by which its provider says that there is nothing."""
    if lives(case) or not any(mark.search(case.html.text) for mark in case.checks.dead):
        return None
    said = f"{answers(case)}, but is {case.name}'s page for what is not there"
    return Verdict(State.HOLLOW, said)


def own_silence(case: Case) -> Verdict | None:
    """A player page that lacks what its provider's living players hold."""
    if not case.checks.without or not case.match or case.match.form != "player" or lives(case):
        return None
    where = "" if case.answer.whole else f" in its first {len(case.body) // 1024} KB"
    said = f"answers, but names no audio{where}, as {case.name}'s players do"
    return Verdict(State(case.checks.without), said)


# ---------------------------------------------------------------- what pages say of themselves


def soft_404(case: Case) -> Verdict | None:
    """A title or heading that begins by saying that there is nothing."""
    if not case.is_html:
        return None
    for what, said in (("title", case.html.title), ("heading", case.html.heading)):
        if _says_missing(said, case) and not _has_sound(case):
            return Verdict(State.HOLLOW, f'{answers(case)}, but its {what} is "{said[:80]}"')
    return None


def _says_missing(said: str, case: Case) -> bool:
    """Whether a title says so in its first part: "Episode 404", "Not found in translation" live."""
    words = _WORD.findall(_PARTS.split(said, maxsplit=1)[0].replace("’", "'").casefold())
    left = _bare_words(words)
    if left or "404" not in words:
        return " ".join(left) in _PHRASES
    # A number alone can be a name: then the page must say more.
    return _SORRY.search(case.html.text) is not None


def _bare_words(words: list[str]) -> list[str]:
    """The words without what stands around them on such pages: oops, sorry, error, 404."""
    start, end = 0, len(words)
    while start < end and words[start] in _LEADING:
        start += 1
    while end > start and words[end - 1] in _TRAILING:
        end -= 1
    return words[start:end]


def calls_itself_missing(case: Case) -> Verdict | None:
    """Its own address, as it states it, is the page for things that are not there."""
    return _stated(case, astray.is_missing, "the page for what is not there", State.HOLLOW)


def calls_itself_home(case: Case) -> Verdict | None:
    """Its own address, as it states it, is the front page.

    Players written in one script for all recordings do so, too: of them nothing is known.
    """
    state = State.UNCLEAR if case.kind == "player" else State.HOLLOW
    return _stated(case, astray.is_home, "the front page", state)


def _stated(
    case: Case, is_such: Callable[[urls.Address], bool], means: str, state: State
) -> Verdict | None:
    asked, end = case.way.start, case.way.end
    if not case.is_html or asked is None or end is None or is_such(asked) or is_such(end):
        return None
    if astray.asks_for_404(asked):
        return None
    for stated in case.html.own_addresses:
        address = urls.parse(stated, case.answer.final_url)
        if address and _is_same_site(address, end) and is_such(address) and not _has_sound(case):
            return Verdict(state, f"{answers(case)}, but calls itself {address}, {means}")
    return None


def _has_sound(case: Case) -> bool:
    return lives(case) or case.html.has_sound


def _is_same_site(one: urls.Address, other: urls.Address) -> bool:
    return one.host.removeprefix("www.") == other.host.removeprefix("www.")
