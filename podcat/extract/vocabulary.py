"""Words that players and sites print around a recording, by what they are.

They only support the rules: a line that is not here is judged by its place and shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def phrases(*tables: Iterable[str], several: bool = False) -> re.Pattern[str]:
    """A pattern for a whole line that is one of the phrases (or several), with marks behind.

    Longest first and possessive, so that no line makes it try the same words twice.
    """
    every = sorted((phrase for table in tables for phrase in table), key=len, reverse=True)
    one = "|".join(re.escape(phrase) for phrase in every)
    return re.compile(rf"(?>(?:{one})(?!\w)\W*){'++' if several else ''}", re.I)


# Alt text of the spinner of a Pangea player, by language.
WAIT = (
    "please wait", "please wait, loading", "пожалуйста, подождите", "пожалуйста подождите",
    "будь ласка, зачекайте", "будь ласка зачекайте", "molimo pričekajte", "molimo sačekajte",
    "молимо сачекајте", "почекајте", "ве молиме почекајте", "attendez s'il vous plaît",
    "attendez s’il vous plaît", "请稍等", "請稍等", "请稍候", "por favor espere", "por favor, espere",
    "espere por favor", "espere, por favor", "aguarde, por favor", "por favor aguarde",
    "lütfen bekleyin", "lütfən gözləyin", "subiri tafadhali", "tafadhali subiri", "та күтүңүз",
    "күте тұрыңыз", "күтө туруңуз", "күтіңіз", "ju lutemi prisni", "ju lutem prisni",
    "vă rugăm așteptați", "моля, изчакайте", "kérjük, várjon", "silakan tunggu", "mohon tunggu",
    "vui lòng chờ", "vui lòng đợi", "пачакайце, калі ласка", "خواهش می‌کنیم صبر کنید", "لطفا صبر کنید",
    "يرجى الانتظار", "խնդրում ենք սպասել", "გთხოვთ დაელოდოთ", "잠시 기다려 주세요",
    "iltimos kuting", "илтимос кутинг", "лутфан мунтазир шавед", "garaşyň",
)  # fmt: skip

# What stands in a Pangea player that found no media: often English on pages in other languages.
MARKER = ("no media source currently available", "没有媒体可用资源", "沒有媒體可用資源")

# What Persian VOA puts in the place of the player of a programme that is over.
OVER = ("این برنامه به پایان رسیده است",)

# Parts of the word "browser" as AMP pages say it before "HTML5".
BROWSER = (
    "brows", "brauz", "bravz", "брауз", "浏览器", "瀏覽器", "navegad", "navigat", "taray", "pregledn",
    "прегледн", "прегледв", "прелистувач", "shfletues", "ბრაუზერ", "브라우저", "مرورگر", "متصفح",
    "براوزر", "trình duyệt", "peramban", "penjelajah", "դիտարկ", "böngész", "kivinjari", "przegląd",
)  # fmt: skip

# The buttons, menus and notes of a Pangea player.
PLAYER = (
    "embed", "اِمبد", "آغاز این برنامه در ساعت", "share", "the code has been copied to your clipboard",
    "the url has been copied to your clipboard", "width", "height", "px", "x",
    "i", "print", "direct link", "pop-out player", "popout player", "auto", "load more",
    "no live streaming currently available", "live tv", "live radio", "previous", "next", "search",
)  # fmt: skip

# The frame of a Pangea site: never a title.
FRAME = (
    "accessibility links", "breaking news", "subscribe", "all rfe/rl sites", "all voa sites",
    "site logo", "site logo site logo", "ссылки для упрощенного доступа", "доступность посилання",
    "dostupni linkovi", "liens d'accessibilité", "liens d’accessibilité", "无障碍链接", "無障礙鏈接",
    "линктер", "enlaces para accesibilidad", "itunes", "google podcast", "rss feed",
    "itunes google podcast rss feed", "xs", "sm", "md", "lg", "back to top", "episodes",
    "see all episodes", "вернуться к основному содержанию", "перейти к основному содержанию",
    "idite na glavni sadržaj", "跳转到内容", "跳至内容", "aller au contenu principal",
    "ir al contenido principal", "ana içeriğe git",
)  # fmt: skip

# Programmes of NPR, as a line of their own between title and list.
NPR_PROGRAMMES = (
    "all things considered", "morning edition", "weekend edition saturday", "weekend edition sunday",
    "weekend edition", "fresh air", "weekend all things considered", "wait wait...don't tell me!",
    "wait wait... don't tell me!", "talk of the nation", "here & now", "tell me more", "on point",
    "1a", "world cafe", "alt.latino", "code switch", "planet money", "up first", "consider this",
    "the npr politics podcast", "ted radio hour", "it's been a minute", "throughline", "bullseye",
    "science friday", "day to day", "jazz night in america", "news & notes",
)  # fmt: skip
