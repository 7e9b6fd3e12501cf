"""Looks at addresses are kept, and what is due is found without a look at everything."""

from __future__ import annotations

import json

import pytest
from catalogue_samples import NOW, PAGE, embed, put

from podcat.catalogue import Catalogue, Check, open_catalogue
from podcat.catalogue.checks import KEPT
from podcat.check.history import DAY, standing
from podcat.model import Cursor

PLAYER = "https://www.npr.org/player/embed/1/2"
FILE = "https://files.example/1.mp3"


def check(url: str = PLAYER, state: str = "ok", at: int = 0, **more: object) -> Check:
    status = {"ok": 200, "gone": 404}.get(state)
    return Check(url, "player", state, NOW + at, **({"status": status} | more))  # type: ignore[arg-type]


def record(catalogue: Catalogue, *checks: Check) -> list[tuple[str | None, str]]:
    changes = catalogue.record_checks(checks, standing)
    return [(change.before, change.after) for change in changes]


def episode(catalogue: Catalogue, **more: object) -> int:
    values = {"id": "1/2", "embed_url": PLAYER, "audio_url": FILE, "published": "2019-10-29"} | more
    outcome = put(catalogue, embed(**values), url=PAGE, data=repr(values))  # type: ignore[arg-type]
    return outcome.episodes[0]


# ---------------------------------------------------------------- kept


def test_every_look_is_kept_with_its_evidence(catalogue: Catalogue) -> None:
    hops = [{"url": PLAYER, "status": 301, "location": "https://www.npr.org/"}]
    first = check(state="hollow", status=200, rule="home", detail="leads home", provider="npr",
                  id="1/2", suggestion="https://x.example/", evidence={"hops": hops})  # fmt: skip
    second = check(at=DAY)
    assert record(catalogue, first) == [(None, "failing")]
    assert record(catalogue, second) == [("failing", "alive")]
    kept = catalogue.evidence(PLAYER)
    assert [(c.checked_at, c.state, c.rule) for c in kept] == [
        (NOW, "hollow", "home"), (NOW + DAY, "ok", ""),
    ]  # fmt: skip
    assert kept[0] == first
    assert catalogue.evidence(FILE) == ()
    assert catalogue.last_check() == NOW + DAY


def test_caches_are_told_of_changes_alone(catalogue: Catalogue) -> None:
    record(catalogue, check())
    before = catalogue.revision()
    assert record(catalogue, check(at=DAY)) == []
    assert catalogue.revision() == before
    assert record(catalogue, check(state="gone", at=2 * DAY)) == [("alive", "failing")]
    assert catalogue.revision() > before


def test_the_standing_is_that_after_all_looks(catalogue: Catalogue) -> None:
    looks = [check(state="gone", at=n * DAY) for n in range(3)]
    record(catalogue, *looks)  # one address many times in a batch
    alone = None
    for look in looks:
        alone = standing(alone, look)
    assert catalogue.standings([PLAYER, FILE]) == {PLAYER: alone}


def test_the_last_look_is_recalled_if_it_is_fresh(catalogue: Catalogue) -> None:
    record(catalogue, check(state="gone"), check(at=DAY), check(FILE, "ok", 0))
    assert set(catalogue.recall([PLAYER, FILE, "https://no.example/"])) == {PLAYER, FILE}
    assert catalogue.recall([PLAYER, FILE], NOW + 1) == {PLAYER: check(at=DAY)}


def test_many_in_one_batch(catalogue: Catalogue) -> None:
    urls = [f"https://a.example/{n}" for n in range(1201)]
    record(catalogue, *(check(url) for url in urls))
    assert len(catalogue.recall(urls)) == len(catalogue.standings(urls)) == len(urls)


def test_any_address_and_text_can_be_kept(catalogue: Catalogue) -> None:
    url = "https://a.example/" + "x" * 5000 + "\ud800"
    strange = check(
        url, detail="a\0b\ud800", evidence={"headers": {"x": "y" * 10_000}, "n": [1, None]}
    )
    record(catalogue, strange)
    (kept,) = catalogue.evidence(url)
    assert len(kept.evidence["headers"]["x"]) == 4096
    assert kept.evidence["n"] == [1, None]


def test_old_looks_that_say_the_same_are_thinned(catalogue: Catalogue) -> None:
    states = ["ok", "ok", "ok", "hollow", "hollow", "hollow", "ok", "ok"]
    record(catalogue, *(check(state=s, at=n * DAY) for n, s in enumerate(states)))
    assert len(catalogue.evidence(PLAYER)) == len(states)
    record(catalogue, check(at=KEPT + 20 * DAY))
    kept = [(round((c.checked_at - NOW) / DAY), c.state) for c in catalogue.evidence(PLAYER)]
    assert kept == [
        (0, "ok"), (2, "ok"), (3, "hollow"), (5, "hollow"), (6, "ok"), (KEPT // DAY + 20, "ok"),
    ]  # fmt: skip


def test_a_failing_batch_stores_nothing(catalogue: Catalogue) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        catalogue.record_checks([check()], broken)  # type: ignore[arg-type]
    assert catalogue.evidence(PLAYER) == ()
    assert catalogue.last_check() is None


# ---------------------------------------------------------------- what is due


def dues(catalogue: Catalogue, at: int = 0) -> list[str]:
    return [due.url for due in catalogue.due(NOW + at, 100)]


def test_new_episodes_are_due_at_once_and_again_in_a_week(catalogue: Catalogue) -> None:
    assert dues(catalogue) == []
    episode(catalogue)
    assert catalogue.gather_links(NOW) == 1
    assert set(dues(catalogue)) == {PLAYER, FILE, PAGE}
    kinds = {due.url: due.kind for due in catalogue.due(NOW, 100)}
    assert (kinds[PLAYER], kinds[FILE], kinds[PAGE]) == ("player", "audio", "page")
    assert len(catalogue.due(NOW, 1)) == 1
    record(catalogue, check(), check(FILE, "gone"), check(PAGE))
    assert dues(catalogue) == []
    assert dues(catalogue, DAY) == [FILE]
    assert set(dues(catalogue, 9 * DAY)) == {PLAYER, FILE, PAGE}
    assert catalogue.gather_links(NOW) == 0


def test_what_no_episode_has_any_more_is_not_due(catalogue: Catalogue) -> None:
    number = episode(catalogue)
    catalogue.gather_links(NOW)
    record(catalogue, check())
    catalogue.hide(number, NOW)
    assert catalogue.gather_links(NOW) == 1
    assert dues(catalogue, 99 * DAY) == []
    assert catalogue.link_states() == ()
    assert len(catalogue.evidence(PLAYER)) == 1
    catalogue.hide(number, NOW, hidden=False)
    catalogue.gather_links(NOW)
    assert set(dues(catalogue, 99 * DAY)) == {PLAYER, FILE, PAGE}


def test_addresses_from_elsewhere_are_kept_and_not_due(catalogue: Catalogue) -> None:
    record(catalogue, check("https://else.example/"))
    assert dues(catalogue, 99 * DAY) == []
    assert catalogue.link_states() == ()


def test_a_changed_episode_is_gathered_anew(catalogue: Catalogue) -> None:
    episode(catalogue)
    catalogue.gather_links(NOW)
    other = "https://files.example/other.mp3"
    episode(catalogue, audio_url=other, provenance={"audio_url": "json/x"})
    assert catalogue.gather_links(NOW) == 1
    assert set(dues(catalogue)) == {PLAYER, other, PAGE}


def test_nothing_is_walked_over(in_file: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked is found by an index, and read in its order."""
    episode(in_file)
    in_file.gather_links(NOW)
    record(in_file, check(FILE, "gone"), check())
    db, asked = in_file._db, []
    real = db.all

    def noted(sql: str, /, **values: object) -> object:
        asked.append((sql, values))
        return real(sql, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(db, "all", noted)
    in_file.due(NOW, 9)
    in_file.link_states()
    for groups in (["gone"], ["dead", "failing"], ["recovered"]):
        page = in_file.watched_links(groups, before=NOW + 9, after=Cursor(NOW + 9, 9), limit=9)
        assert page.next is None
    in_file.recall([PLAYER, FILE])
    in_file.evidence(FILE)
    in_file.healths(in_file.episodes().episodes)
    monkeypatch.undo()
    assert len(asked) > 8
    for sql, values in asked:
        plan = [row["detail"] for row in db.all(f"EXPLAIN QUERY PLAN {sql}", **values)]
        assert not any("TEMP B-TREE FOR ORDER" in step for step in plan if "links" in sql), (
            sql,
            plan,
        )
        walks = [step for step in plan if step.startswith("SCAN") and " USING " not in step]
        assert not walks, (sql, plan)


# ---------------------------------------------------------------- lists


def urls(catalogue: Catalogue, *groups: str, **more: object) -> list[str]:
    return [w.url for w in catalogue.watched_links(groups, **more).links]  # type: ignore[arg-type]


def test_links_by_state_health_and_age(catalogue: Catalogue) -> None:
    number = episode(catalogue)
    catalogue.gather_links(NOW)
    record(catalogue, check(FILE, "gone"), check(PAGE, "hollow", 2 * DAY), check(PLAYER, "ok", DAY))
    record(catalogue, check(FILE, "gone", 3 * DAY))
    assert urls(catalogue, "dead") == [FILE]
    assert urls(catalogue, "failing", "dead") == [PAGE, FILE]
    assert urls(catalogue, "gone", "dead", "hollow") == [PAGE, FILE]
    assert urls(catalogue, "failing", "dead", before=NOW + DAY) == [FILE]
    assert urls(catalogue, "recovered") == []
    record(catalogue, check(FILE, "ok", 5 * DAY))
    assert urls(catalogue, "recovered") == [FILE]
    (found,) = catalogue.watched_links(["recovered"]).links
    assert (found.episodes, found.published, found.status) == ((number,), "2019-10-29", 200)
    assert found.standing.recovered_at == NOW + 5 * DAY


def test_pages_of_a_list_have_everything_once(catalogue: Catalogue) -> None:
    looks = [
        check(f"https://a.example/{n}", "gone" if n % 2 else "hollow", n % 5) for n in range(25)
    ]
    record(catalogue, *looks)
    seen, after = [], None
    for _ in range(9):
        page = catalogue.watched_links(["gone", "hollow"], after=after, limit=7)
        seen += [w.url for w in page.links]
        if (after := page.next) is None:
            break
    assert len(seen) == len(set(seen)) == 25
    whole = catalogue.watched_links(["gone", "hollow"], limit=100).links
    assert seen == [w.url for w in whole]
    assert [w.standing.since for w in whole] == sorted(
        (w.standing.since for w in whole), reverse=True
    )


def test_counts_by_provider(catalogue: Catalogue) -> None:
    episode(catalogue)
    catalogue.gather_links(NOW)
    record(catalogue, check(PLAYER, "gone", provider="npr"))
    found = {(c.provider, c.health, c.state): c.links for c in catalogue.link_states()}
    assert found == {
        (None, "unknown", "unchecked"): 1, ("npr", "failing", "gone"): 1,
        ("npr", "unknown", "unchecked"): 1,
    }  # fmt: skip


# ---------------------------------------------------------------- with the catalogue as a whole


def test_a_merge_takes_the_links_along(catalogue: Catalogue) -> None:
    put(catalogue, embed(id="1/2", embed_url=PLAYER), data="a", url=PAGE)
    put(catalogue, embed("audio-file", audio_url=FILE), data="b")
    catalogue.gather_links(NOW)
    put(catalogue, embed(id="1/2", embed_url=PLAYER, audio_url=FILE), data="c", url=PAGE)
    catalogue.gather_links(NOW)
    record(catalogue, check(FILE, "gone"))
    (found,) = catalogue.watched_links(["failing"]).links
    assert len(found.episodes) >= 1
    known = {e.id for e in catalogue.episodes().episodes}
    assert set(found.episodes) <= known


def test_an_export_carries_the_history(catalogue: Catalogue, tmp_path: object) -> None:
    episode(catalogue)
    catalogue.gather_links(NOW)
    record(catalogue, check(FILE, "gone"), check(FILE, "gone", DAY), check(PLAYER))
    lines = list(catalogue.export())
    assert sum(json.loads(line)["kind"] == "link" for line in lines) == 2
    with open_catalogue(f"sqlite:///{tmp_path}/other.db") as other:
        other.load(lines, "x", NOW)
        assert other.standings([FILE]) == catalogue.standings([FILE])
        assert other.evidence(FILE) == catalogue.evidence(FILE)
        assert list(other.export()) == lines
        other.gather_links(NOW)
        assert urls(other, "dead") == [FILE]
        other.load(lines, "x", NOW)
        assert list(other.export()) == lines
