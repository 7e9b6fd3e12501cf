"""Whatever comes in whatever order: the same documents give the same catalogue."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from itertools import pairwise
from typing import Any

from catalogue_samples import NOW, all_of, embed, put, shown
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from podcat.catalogue import Catalogue, open_catalogue
from podcat.model import Document, Embed, Page, Person

Lent = Callable[..., AbstractContextManager[str]]

PAGES = ("https://a.example/1", "https://a.example/2", "https://b.example/1", None)
FILES = tuple(f"https://cdn.example/{name}.mp3" for name in "xyz")


PEOPLE = st.builds(Person, st.sampled_from(["Ana", "BO", "Bo"]), st.just("host"))


@st.composite
def embeds(draw: st.DrawFn) -> Embed:
    """Few values, so that everything meets everything, also what cannot be true."""
    provider = draw(st.sampled_from(["npr", "npr", "voa", "audio-file"]))
    values = {
        "id": draw(st.sampled_from([None, None, "1", "2"])) if provider != "audio-file" else None,
        "title": draw(st.sampled_from([None, "Ice", "Ice", "Sea"])),
        "duration": draw(st.sampled_from([None, 60, 60, 90])),
        "audio_url": draw(st.sampled_from([None, None, *FILES])),
        "video_url": draw(st.sampled_from([None, None, None, *FILES])),
        "description": draw(st.sampled_from([None, "a", "bb"])),
        "people": tuple(draw(st.lists(PEOPLE, max_size=2))),
        "tags": tuple(draw(st.lists(st.sampled_from(["North", "South"]), max_size=2))),
    }
    stated: dict[str, Any] = {name: value for name, value in values.items() if value}
    return embed(provider, rule=draw(st.sampled_from(["html/a", "text/b"])), **stated)


DOCUMENTS = st.fixed_dictionaries({
    "embeds": st.lists(embeds(), min_size=1, max_size=3),
    "url": st.sampled_from(PAGES),
    "title": st.sampled_from([None, "P", "Q"]),
    "form": st.sampled_from(["text", "html"]),
})  # fmt: skip


def picture(catalogue: Catalogue) -> object:
    """Everything that must not depend on the order: no numbers, no guids, no times of change."""
    return sorted(
        (repr(shown(e)), sorted(a.document for a in catalogue.appearances(e.id)))
        for e in all_of(catalogue)
    ), sorted(repr((p.url, p.title)) for p in catalogue.pages())


class AnyOrder(RuleBasedStateMachine):
    """Documents come one by one; the time of each is a part of it."""

    def __init__(self, lent: Lent) -> None:
        super().__init__()
        self.lent = lent

    @initialize(documents=st.lists(DOCUMENTS, min_size=2, max_size=4))
    def start(self, documents: list[dict[str, Any]]) -> None:
        self.stack = ExitStack()
        self.told: list[dict[str, Any]] = []
        self.guids: dict[int, str] = {}
        self.catalogue = self.fresh()
        for document in documents:
            self.add_one(document)

    def fresh(self) -> Catalogue:
        url = self.stack.enter_context(self.lent())
        return self.stack.enter_context(open_catalogue(url))

    def tell(self, catalogue: Catalogue, number: int) -> object:
        page = dict(self.told[number])
        named = {"data": str(number), "name": f"document {number}", "now": NOW + number}
        return put(catalogue, *page.pop("embeds"), **named, **page)

    @rule(document=DOCUMENTS)
    def add(self, document: dict[str, Any]) -> None:
        self.add_one(document)

    def add_one(self, document: dict[str, Any]) -> None:
        self.told.append(document)
        self.tell(self.catalogue, len(self.told) - 1)
        for episode in all_of(self.catalogue):
            assert self.guids.setdefault(episode.id, episode.guid) == episode.guid

    @rule(data=st.data())
    def add_again(self, data: st.DataObject) -> None:
        if self.told:
            before = picture(self.catalogue), self.catalogue.revision()
            number = data.draw(st.integers(0, len(self.told) - 1))
            assert not self.tell(self.catalogue, number).changed  # type: ignore[attr-defined]
            assert (picture(self.catalogue), self.catalogue.revision()) == before

    @rule(random=st.randoms(use_true_random=False))
    def another_order(self, random: Any) -> None:
        self.compare(random.sample(range(len(self.told)), len(self.told)))

    def compare(self, order: list[int]) -> None:
        other = self.fresh()
        for number in order:
            self.tell(other, number)
        assert picture(other) == picture(self.catalogue)

    @invariant()
    def every_address_still_answers(self) -> None:
        for number in getattr(self, "guids", ()):
            assert self.catalogue.episode(number) is not None

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            try:
                self.compare(list(reversed(range(len(self.told)))))
            finally:
                self.stack.close()


def test_any_order_gives_the_same_catalogue(lent: Lent, kind: str) -> None:
    # Grouping knows no database: on the second one a few examples show that statements agree.
    most = {"sqlite": 15, "postgres": 4}[kind]
    run_state_machine_as_test(
        lambda: AnyOrder(lent),
        settings=settings(max_examples=most, stateful_step_count=6, deadline=None),
    )


@settings(max_examples=15, deadline=None)
@given(st.lists(DOCUMENTS, min_size=2, max_size=6), st.data())
def test_documents_stored_together_give_what_they_give_one_by_one(
    lent: Lent, documents: list[dict[str, Any]], data: st.DataObject
) -> None:
    told = [
        (
            Document(f"document {n}", str(n).encode()),
            Page(**{**page, "embeds": tuple(page["embeds"])}),
        )
        for n, page in enumerate(documents)
    ]
    cuts = sorted(data.draw(st.sets(st.integers(1, len(told) - 1))))
    pictures = []
    for batches in ([told[n : n + 1] for n in range(len(told))], cut(told, cuts)):
        with lent() as url, open_catalogue(url) as catalogue:
            outcomes = [o for batch in batches for o in catalogue.store_all(batch, now=NOW)]
            assert [len(o.episodes) > 0 for o in outcomes] == [bool(p.embeds) for _, p in told]
            assert list(catalogue.findings()) == []
            pictures.append(picture(catalogue))
    assert pictures[0] == pictures[1]


def cut(things: list[Any], places: list[int]) -> list[list[Any]]:
    return [things[a:b] for a, b in pairwise([0, *places, len(things)])]
