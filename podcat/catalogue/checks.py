"""Looks at addresses: every one is stored, and how each address stands after them."""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from podcat.catalogue import healths
from podcat.catalogue.database import Database, Row, Value, among, batches, listed
from podcat.catalogue.records import Change, Check, Standing
from podcat.catalogue.standings import STANDING, digest, standings
from podcat.catalogue.store import grow_revision

Judge = Callable[[Standing | None, Check], Standing]
"""How an address stands after one more look; `podcat.check.history.standing` is meant."""

LOOK: Final = ("checked_at", "state", "status", "detail", "suggestion", "rule")
KEPT: Final = 90 * 86_400
"""Seconds for which every look is kept; of older ones the first, the last, and all changes."""
_LINK = ("digest", "url", "kind", "provider", "provider_id", "watched", *STANDING)
_LONGEST = 4096
"""Characters of a text in evidence."""
_LAST = "last_check"  # in meta

_UPSERT = f"""INSERT INTO links ({", ".join(_LINK)})
    VALUES ({", ".join(f":{name}" for name in _LINK)})
    ON CONFLICT (digest) DO UPDATE SET {", ".join(f"{n} = excluded.{n}" for n in STANDING)}"""
_INSERT = """INSERT INTO checks
        (link_id, checked_at, state, status, detail, suggestion, rule, evidence)
    SELECT id, :checked_at, :state, :status, :detail, :suggestion, :rule, :evidence
    FROM links WHERE digest = :digest
    ON CONFLICT (link_id, checked_at) DO UPDATE SET state = excluded.state,
        status = excluded.status, detail = excluded.detail, suggestion = excluded.suggestion,
        rule = excluded.rule, evidence = excluded.evidence"""
# Of three alike, one after the other, the one in the middle says nothing.
_THIN = """DELETE FROM checks WHERE (link_id, checked_at) IN (
    SELECT link_id, checked_at FROM (
        SELECT link_id, checked_at, said, lag(said) OVER looks AS before,
            lead(said) OVER looks AS after
        FROM (SELECT link_id, checked_at, state || ' ' || coalesce(status, 0) AS said
            FROM checks WHERE {links}) told
        WINDOW looks AS (PARTITION BY link_id ORDER BY checked_at)) among_others
    WHERE before = said AND after = said AND checked_at < :before)"""


# ---------------------------------------------------------------- writing


def record(db: Database, checks: Sequence[Check], judge: Judge) -> list[Change]:
    """Store looks, and how their addresses stand after them, in one transaction.

    What changed: addresses whose state or health is another now. Caches are told of that alone.
    """
    with db.transaction():
        changes = [change for part in batches(checks) for change in _record(db, part, judge)]
        if checks:
            _remember(db, max(check.checked_at for check in checks))
        if changes:
            healths.follow_addresses(db, (change.url for change in changes))
            grow_revision(db)
    return changes


def _record(db: Database, checks: Sequence[Check], judge: Judge) -> list[Change]:
    before = standings(db, [check.url for check in checks])
    after: dict[str, Standing] = dict(before)
    for check in checks:
        after[check.url] = judge(after.get(check.url), check)
    last = {check.url: check for check in checks}
    db.run_many(_UPSERT, [_link(check, after[url]) for url, check in last.items()])
    db.run_many(_INSERT, [_look(check) for check in checks])
    old = max(check.checked_at for check in checks) - KEPT
    _thin(db, [digest(u) for u, known in before.items() if known.first_checked < old], old)
    return [
        Change(url, before[url].health if url in before else None, after[url].health)
        for url in last
        if url not in before or _said(before[url]) != _said(after[url])
    ]


def _said(standing: Standing) -> tuple[str, str]:
    return standing.health, standing.state


def _link(check: Check, standing: Standing) -> dict[str, Value]:
    values: dict[str, Value] = {name: getattr(standing, name) for name in STANDING}
    return values | {
        "digest": digest(check.url), "url": check.url, "kind": check.kind, "watched": 0,
        "provider": check.provider, "provider_id": check.id,
    }  # fmt: skip


def _look(check: Check) -> dict[str, Value]:
    values: dict[str, Value] = {name: getattr(check, name) for name in LOOK}
    evidence = json.dumps(_bounded(check.evidence), ensure_ascii=False, separators=(",", ":"))
    return values | {"digest": digest(check.url), "evidence": evidence}


def _bounded(value: Any) -> Any:
    """Evidence as JSON takes it, with no text longer than anybody reads."""
    if isinstance(value, Mapping):
        return {str(key): _bounded(each) for key, each in list(value.items())[:40]}
    if isinstance(value, (list, tuple)):
        return [_bounded(each) for each in value[:40]]
    return value[:_LONGEST] if isinstance(value, str) else value


def _thin(db: Database, digests: Sequence[str], before: int) -> None:
    for condition, values in listed("digest", digests):
        rows = db.all(f"SELECT id FROM links WHERE {condition}", **values)
        db.run(_THIN.format(links=among("link_id", (row["id"] for row in rows))), before=before)


def _remember(db: Database, moment: int) -> None:
    db.run(
        f"UPDATE meta SET value = :moment WHERE name = '{_LAST}' AND value < :moment",
        moment=moment,
    )


def take_over(db: Database, link: Mapping[str, Any], looks: Sequence[Mapping[str, Any]]) -> None:
    """An address of another catalogue with the looks at it; the standing of the later one stays."""
    own = {"digest": digest(str(link["url"]))}
    db.run(
        f"{_UPSERT} WHERE coalesce(links.last_checked, 0) < excluded.last_checked",
        watched=0, **link, **own,
    )  # fmt: skip
    db.run_many(_INSERT, [{**look, **own} for look in looks])
    _remember(db, int(link["last_checked"]))


# ---------------------------------------------------------------- reading


def last_check(db: Database) -> int | None:
    """When an address was looked at last."""
    row = db.one(f"SELECT value FROM meta WHERE name = '{_LAST}'")
    return int(row["value"]) or None if row else None


def recall(db: Database, urls: Iterable[str], since: int) -> dict[str, Check]:
    """The last look at each of these addresses, where it was at `since` or later."""
    wanted = {digest(url): url for url in urls}
    return {
        check.url: check
        for condition, values in listed("digest", list(wanted))
        for check in map(
            _check,
            db.all(
                f"""SELECT l.url, l.kind, l.provider, l.provider_id, c.*
                    FROM links l JOIN checks c
                    ON c.link_id = l.id AND c.checked_at = l.last_checked
                    WHERE l.{condition} AND l.last_checked >= :since""",
                since=since, **values,
            ),
        )
    }  # fmt: skip


def evidence(db: Database, url: str) -> tuple[Check, ...]:
    """Every look at an address that is kept, the oldest first."""
    rows = db.all(
        """SELECT l.url, l.kind, l.provider, l.provider_id, c.*
           FROM links l JOIN checks c ON c.link_id = l.id
           WHERE l.digest = :digest ORDER BY c.checked_at""",
        digest=digest(url),
    )
    return tuple(map(_check, rows))


def _check(row: Row) -> Check:
    check = Check(
        row["url"], row["kind"], row["state"], row["checked_at"], row["provider"],
        row["provider_id"], row["status"], row["detail"], row["suggestion"], row["rule"],
    )  # fmt: skip
    return replace(check, evidence=json.loads(row["evidence"]))
