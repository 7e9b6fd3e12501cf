"""Words that sites keep for pages of their own, where else the name of a user or show stands.

A provider names in `reserved` the parts that none of them can be: `example.com/login/help` is no
recording called help by somebody called login.
"""

from __future__ import annotations

from typing import Final

_WORDS: Final = """
    a about about-us account accounts admin ads advertise api app apps assets auth author
    authors best blog browse business careers categories category charts company connect contact
    cookie cookies css customers dashboard de de-de developer developers discover dmca docs
    donate download downloads e embed embeds en en-us episode episodes es explore faq faqs
    favicon feature features feed feedback feeds following forgot-password forum fr genre genres
    gift hashtag help home hosting i iframe iframe_api image images img impressum index info it
    jobs join js languages latest legal library licence license listen live login logout
    lost-password media messages mobile new news newsletter newsletters notifications oembed p
    pages password plans player players playlist playlists podcasters podcasts policies policy
    popular premium press pricing privacy privacy-policy profile profiles pt public random
    register robots rss rules s safety schedule search series settings share shop show shows
    sign-in sign-up signin signout signup sitemap static station stations stats status store
    stream streams subscribe support tag tags team terms terms-and-conditions terms-of-service
    terms-of-use top trending upload uploads us users video videos welcome widget widgets
    wp-admin wp-content
"""
_FILES: Final = "css gif htm html ico jpeg jpg js json php png svg txt vtt webp woff woff2 xml"
_KEPT: Final = frozenset(_WORDS.split())
_ENDINGS: Final = frozenset(_FILES.split())


def is_word(text: str) -> bool:
    """Whether a part of a path is a word or a file that sites keep for themselves."""
    return text in _KEPT or (text.rpartition(".")[2] in _ENDINGS and "." in text)
