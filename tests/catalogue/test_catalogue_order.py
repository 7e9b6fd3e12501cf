"""Whatever comes in whatever order: the same documents give the same catalogue."""

from __future__ import annotations

from contextlib import ExitStack
from tempfile import TemporaryDirectory
from typing import Any

from catalogue_samples import NOW, all_of, embed, put, shown
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from podcat.catalogue import Catalogue, open_catalogue
from podcat.model import Embed, Person

PAGES = ("https://a.example/1", "https://a.example/2", "https://b.example/1", None)
FILES = tuple(f"https://cdn.example/{name}.mp3" for name in "xyz")


@st.composite
def embeds(draw: st.DrawFn) -> Embed:
    """Few values, so that everything meets everything, also what cannot be true."""
    provider = draw(st.sampled_from(["npr", "npr", "voa", "audio-file"]))
    values: dict[str, Any] = draw(
        st.fixed_dictionaries({}, optional={
            "title": st.sampled_from(["Ice", "Sea"]),
            "duration": st.sampled_from([60, 90]),
            "audio_url": st.sampled_from(FILES),
            "video_url": st.sampled_from(FILES),
            "description": st.sampled_from(["a", "bb"]),
            "people": st.lists(st.builds(Person, st.sampled_from(["Ana", "BO", "Bo"]), st.just("host")),
                               max_size=2).map(tuple),
            "tags": st.lists(st.sampled_from(["North", "South"]), max_size=2).map(tuple),
        })
    )  # fmt: skip
    if provider != "audio-file" and draw(st.booleans()):
        values["id"] = draw(st.sampled_from("12"))
    return embed(provider, rule=draw(st.sampled_from(["html/a", "text/b"])), **values)


DOCUMENTS = st.fixed_dictionaries({
    "embeds": st.lists(embeds(), max_size=3),
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

    @initialize()
    def start(self) -> None:
        self.stack = ExitStack()
        self.told: list[dict[str, Any]] = []
        self.guids: dict[int, str] = {}
        self.catalogue = self.fresh()

    def fresh(self) -> Catalogue:
        folder = self.stack.enter_context(TemporaryDirectory())
        return self.stack.enter_context(open_catalogue(f"sqlite:///{folder}/a.db"))

    def tell(self, catalogue: Catalogue, number: int) -> object:
        page = dict(self.told[number])
        named = {"data": str(number), "name": f"document {number}", "now": NOW + number}
        return put(catalogue, *page.pop("embeds"), **named, **page)

    @rule(document=DOCUMENTS)
    def add(self, document: dict[str, Any]) -> None:
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
        other = self.fresh()
        for number in random.sample(range(len(self.told)), len(self.told)):
            self.tell(other, number)
        assert picture(other) == picture(self.catalogue)

    @invariant()
    def every_address_still_answers(self) -> None:
        for number in getattr(self, "guids", ()):
            assert self.catalogue.episode(number) is not None

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()


AnyOrder.TestCase.settings = settings(max_examples=15, stateful_step_count=9, deadline=None)
TestAnyOrder = AnyOrder.TestCase
