"""Searching for traces loses nothing: reading every line and every address finds the same."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from podcat.extract import text_page
from podcat.extract.lines import Lines
from podcat.model import Page
from podcat.providers import registry

HERE = Path(__file__).parent
TEXTS = [
    path.read_text(encoding="utf-8")
    for path in sorted((*HERE.glob("cases/*.txt"), *HERE.glob("families/*/*.txt")))
]


@contextmanager
def thorough() -> Iterator[None]:
    """Every line holds every trace, and every address is worth a look."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Lines, "where", lambda self, _: list(range(len(self))))
        patch.setattr(text_page, "worth_a_look", lambda *_: True)
        yield


def both(text: str, url: str | None = None) -> tuple[Page, Page]:
    quick = text_page.read(text, url, text.encode("utf-8", "surrogatepass"))
    with thorough():
        return quick, text_page.read(text, url)


def cut(text: str, rnd: random.Random) -> str:
    return text[rnd.randrange(len(text) + 1) :]


def shuffled(text: str, rnd: random.Random) -> str:
    lines = text.split("\n")
    rnd.shuffle(lines)
    return "\n".join(lines)


def mixed(text: str, rnd: random.Random) -> str:
    """Lines of another text in the middle."""
    lines, other = text.split("\n"), rnd.choice(TEXTS).split("\n")
    at, first = rnd.randrange(len(lines) + 1), rnd.randrange(len(other))
    return "\n".join(lines[:at] + other[first : first + 15] + lines[at:])


def sprinkled(text: str, rnd: random.Random) -> str:
    marks = "\n\t \xa0\u200b\x01*_`&;<>[]():/.·•0"
    return "".join(c + (rnd.choice(marks) if rnd.random() < 0.02 else "") for c in text)


CHANGES: tuple[Callable[[str, random.Random], str], ...] = (
    cut, shuffled, mixed, sprinkled,
    lambda t, r: t[: r.randrange(len(t) + 1)],
    lambda t, _: t.upper(), lambda t, _: t.swapcase(), lambda t, _: t.replace(" ", "\xa0"),
    lambda t, _: t.replace(" ", "  "), lambda t, _: t.replace(" ", "\n"),
    lambda t, _: "# Title\n\n" + t.replace("e", "**e**"),
    lambda t, _: t.replace("<", "&lt;").replace("/", "&#47;"),
    lambda t, _: re.sub(r"^", "> ", t, flags=re.M),
    lambda t, _: t.replace("e", "e\x02").replace("0", "\u20600"),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(TEXTS),
    st.lists(st.sampled_from(CHANGES), max_size=3),
    st.randoms(use_true_random=False),
    st.sampled_from([None, "https://www.npr.org/x", "https://www.rferl.org/a/1.html", "https://e.org/"]),
)  # fmt: skip
def test_nothing_is_lost(
    text: str, changes: list[Callable[..., str]], rnd: random.Random, url: str | None
) -> None:
    for change in changes:
        text = change(text, rnd)
    quick, slow = both(text, url)
    assert quick == slow


ADDRESSES = [
    str(url)
    for provider in registry().providers.values()
    for url in (*(example["url"] for example in provider.examples), *provider.refused)
]


def test_every_address_of_a_player_is_worth_a_look() -> None:
    text = "\n".join(f"x\n\n{url}" for url in ADDRESSES)
    quick, slow = both(text)
    assert quick == slow
    assert len(quick.embeds) > 100
    assert len(quick.refused) > 50
