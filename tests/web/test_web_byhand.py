"""What a person hid or what was joined, seen by visitors."""

from __future__ import annotations

from flask import Flask

from podcat.catalogue import Catalogue
from podcat.model import Document, Embed, Page, Place

AUDIO = "https://cdn.example/a.mp3"


def put(catalogue: Catalogue, data: str, url: str, **values: str) -> None:
    embed = Embed("npr", Place(1), title="Joined talk", **values)  # type: ignore[arg-type]
    catalogue.store(Document("a.html", data.encode(), url), Page(url=url, embeds=(embed,)))


def test_an_alias_leads_to_the_episode_that_stayed(catalogue: Catalogue, app: Flask) -> None:
    put(catalogue, "a", "https://a.example/1", id="71")
    put(catalogue, "b", "https://b.example/2", audio_url=AUDIO)
    first, second = (catalogue.find(str(n)) for n in _numbers(catalogue))
    put(catalogue, "c", "https://a.example/1", id="71", audio_url=AUDIO)
    answer = app.test_client().get(f"/episodes/{second}?play=1")
    assert (answer.status_code, answer.location) == (
        301, f"/episodes/{first}-joined-talk?play=1",
    )  # fmt: skip
    guid = catalogue.detail(first).episode.guid
    assert app.test_client().get("/episodes.rss?q=joined").text.count(guid) == 1


def _numbers(catalogue: Catalogue) -> list[int]:
    return sorted(e.id for e in catalogue.episodes().episodes if e.title == "Joined talk")


def test_a_hidden_episode_is_on_no_page_and_in_no_feed(catalogue: Catalogue, app: Flask) -> None:
    put(catalogue, "a", "https://a.example/1", id="71")
    (number,) = _numbers(catalogue)
    page = catalogue.appearances(number)[0].page_id
    lists = ("/episodes", "/episodes.rss", "/episodes.json", "/search?q=npr", "/", f"/pages/{page}",
             f"/pages/{page}.rss", "/providers/npr")  # fmt: skip
    assert all("Joined talk" in app.test_client().get(path).text for path in lists)
    catalogue.hide(number)
    assert not any("Joined talk" in app.test_client().get(path).text for path in lists)
    assert app.test_client().get(f"/episodes/{number}").status_code == 404
