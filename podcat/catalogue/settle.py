"""Keeping episodes in line with what `identity.partition` says of their appearances.

The oldest episode of a group stays, with its id and guid; the others become former episodes,
which still lead to it. Where a group falls apart, the episode stays with its first appearance,
and a former episode that was made of the same keys comes back.
"""

# Only names of our own tables and columns, and numbers, are put into statements as text.
# ruff: noqa: S608

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from podcat.catalogue import identity, words
from podcat.catalogue.database import Database, Row, Value, among, batches, listed
from podcat.catalogue.identity import Node, Place

Group = list[Node]


@dataclass(slots=True)
class Component:
    """Appearances that keys connect, however remotely, as they are stored."""

    nodes: dict[Place, Node] = field(default_factory=dict)
    episode: dict[Place, int] = field(default_factory=dict)
    useless: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Settled:
    """What settling did."""

    episode: dict[Place, int] = field(default_factory=dict)
    """The episode of every appearance concerned."""
    new: set[int] = field(default_factory=set)
    altered: set[int] = field(default_factory=set)
    """Episodes that were there and got or lost appearances, or were joined with others."""


# ---------------------------------------------------------------- what is connected


def connected(db: Database, keys: Iterable[str], episodes: Iterable[int] = ()) -> Component:
    """All that has one of the keys or belongs to one of the episodes, and whatever that leads to.

    Keys that join nothing are not followed: thousands of daily programmes can share a title.
    """
    found = Component()
    asked: set[str] = set()
    seen: set[int] = set()
    waiting, numbers = set(keys), set(episodes)
    while waiting or numbers:
        found.useless |= _blunt(db, waiting)
        numbers |= _holders(db, waiting - found.useless)
        asked |= waiting
        _load(db, numbers - seen, found)
        seen |= numbers
        waiting = {key for node in found.nodes.values() for key in node.keys} - asked
        numbers = set()
    return found


def _blunt(db: Database, keys: Iterable[str]) -> set[str]:
    return {
        row["key"]
        for sql, values in listed("key", sorted(keys))
        for row in db.all(f"SELECT key FROM blunt_keys WHERE {sql}", **values)
    }


def _holders(db: Database, keys: Iterable[str]) -> set[int]:
    return {
        row["episode_id"]
        for sql, values in listed("k.key", sorted(keys))
        for row in db.all(
            f"""SELECT DISTINCT a.episode_id FROM appearance_keys k JOIN appearances a
                ON a.document_id = k.document_id AND a.position = k.position WHERE {sql}""",
            **values,
        )
    }


def _load(db: Database, episodes: Iterable[int], found: Component) -> None:
    keys: dict[Place, list[str]] = defaultdict(list)
    for batch in batches(sorted(episodes)):
        for row in db.all(
            f"""SELECT a.document_id, a.position, a.episode_id, k.key FROM appearances a
                LEFT JOIN appearance_keys k
                ON k.document_id = a.document_id AND k.position = a.position
                WHERE {among("a.episode_id", batch)} ORDER BY a.document_id, a.position, k.key"""
        ):
            place = (row["document_id"], row["position"])
            found.episode[place] = row["episode_id"]
            keys[place] += [row["key"]] if row["key"] is not None else []
    found.nodes |= {place: Node(place, tuple(own)) for place, own in keys.items()}


# ---------------------------------------------------------------- groups to episodes


def settle(  # noqa: PLR0913  (what is there, what comes, and when)
    db: Database,
    before: Component,
    new: Sequence[Node] = (),
    blunt: Iterable[str] = (),
    *,
    now: int,
    salt: str = "",
) -> Settled:
    """Give every group of what was there and what is new its episode.

    `new` are appearances not stored yet, in the order in which their episodes are to be made;
    `blunt` the keys that tell nothing in their document; `salt` makes guids that are taken others.
    """
    useless = before.useless | set(blunt)
    groups, proven = identity.partition([*before.nodes.values(), *new], useless)
    write_blunt(db, (proven | set(blunt)) - before.useless)
    owner = owners(groups, before)
    done = Settled()
    turn = {node.place: number for number, node in enumerate(new)}
    ordered = sorted(range(len(groups)), key=lambda n: _turn(groups[n], turn))
    ownerless = [number for number in ordered if number not in owner]
    made = _made(db, [groups[number] for number in ownerless], before, now, salt)
    for number, episode in zip(ownerless, made, strict=True):
        owner[number] = episode
        (done.new if groups[number][0].place in turn else done.altered).add(episode)
    done.episode = {node.place: owner[n] for n, group in enumerate(groups) for node in group}
    _move(db, before, done)
    return done


def _turn(group: Group, turn: dict[Place, int]) -> tuple[int, Place]:
    return min(turn.get(n.place, len(turn)) for n in group), group[0].place


def owners(groups: Sequence[Group], before: Component) -> dict[int, int]:
    """Group to the episode that stays: the oldest episodes choose first."""
    number_of = {node.place: number for number, group in enumerate(groups) for node in group}
    wishes: dict[int, list[int]] = defaultdict(list)
    # What a person split off leaves the episode to the rest.
    split = {n for n, group in enumerate(groups) if all("#" in k for k in group[0].keys)}
    for place in sorted(before.episode, key=lambda p: (number_of[p] in split, p)):
        wishes[before.episode[place]].append(number_of[place])
    found: dict[int, int] = {}
    for episode in sorted(wishes):
        free = next((number for number in wishes[episode] if number not in found), None)
        if free is not None:
            found[free] = episode
    return found


def write_blunt(db: Database, keys: Iterable[str]) -> None:
    """Remember keys that tell nothing."""
    rows = [{"key": key} for key in sorted(keys)]
    if rows:
        db.run_many("INSERT INTO blunt_keys (key) VALUES (:key) ON CONFLICT DO NOTHING", rows)


# ---------------------------------------------------------------- episodes made, found again


def _made(
    db: Database, groups: Sequence[Group], before: Component, now: int, salt: str
) -> list[int]:
    """An episode for each of the groups that have none: a former one found again, or a new one."""
    names = [identity.guid(_name(group)) for group in groups]
    former, taken = _holding(db, names)
    concerned = set(before.episode.values())
    back: dict[int, int] = {}
    guids: dict[int, str] = {}
    for number, (group, guid) in enumerate(zip(groups, names, strict=True)):
        if guid in former and former[guid]["episode_id"] in concerned:
            back[number] = _revived(db, former.pop(guid))
        else:
            guids[number] = _free_guid(db, group, guid, taken, salt)
            taken.add(guids[number])
    numbers = _inserted(db, list(guids.values()), now)
    new = {number: numbers[guid] for number, guid in guids.items()}
    return [back[n] if n in back else new[n] for n in range(len(groups))]


def _name(group: Group) -> str:
    """What the guid of a group is made of, without the label of a split."""
    first = group[0]
    return first.name or identity.name_of(key.partition("#")[0] for key in first.keys)


def _holding(db: Database, guids: Sequence[str]) -> tuple[dict[str, Row], set[str]]:
    """The former episodes with these guids, and all of these guids that are or were given."""
    former: dict[str, Row] = {}
    taken: set[str] = set()
    for sql, values in listed("guid", guids):
        rows = db.all(f"SELECT id, guid, episode_id FROM former_episodes WHERE {sql}", **values)
        former |= {row["guid"]: row for row in rows}
        taken |= {r["guid"] for r in db.all(f"SELECT guid FROM episodes WHERE {sql}", **values)}
    return former, taken | former.keys()


def _revived(db: Database, former: Row) -> int:
    db.run("DELETE FROM former_episodes WHERE id = :id", id=former["id"])
    return insert(db, former["guid"], former["id"], 0)


def _free_guid(db: Database, group: Group, guid: str, taken: Container[str], salt: str) -> str:
    first, name = group[0], _name(group)
    number = first.place[1]
    while guid in taken or (number != first.place[1] and guid_taken(db, guid)):
        guid = identity.guid(f"{name}#{first.salt or salt}#{number}")
        number += 1_000_000
    return guid


def guid_taken(db: Database, guid: str) -> bool:
    """Whether an episode has or had this guid."""
    return bool(_holding(db, [guid])[1])


def _inserted(db: Database, guids: Sequence[str], now: int) -> dict[str, int]:
    """Episodes of which nothing is shown yet, numbered in this order; guid to number."""
    db.run_many(
        """INSERT INTO episodes (guid, provider, status, sort_at, first_seen, changed_at)
           VALUES (:guid, '', '', :now, :now, :now)""",
        [{"guid": guid, "now": now} for guid in guids],
    )
    return {
        row["guid"]: int(row["id"])
        for sql, values in listed("guid", guids)
        for row in db.all(f"SELECT id, guid FROM episodes WHERE {sql}", **values)
    }


def insert(db: Database, guid: str, number: int | None, now: int) -> int:
    """An episode of which nothing is shown yet."""
    named: dict[str, Value] = {} if number is None else {"id": number}
    columns = ", ".join((*named, "guid"))
    places = ", ".join(f":{name}" for name in (*named, "guid"))
    row = db.one(
        f"""INSERT INTO episodes ({columns}, provider, status, sort_at, first_seen, changed_at)
            VALUES ({places}, '', '', :now, :now, :now) RETURNING id""",
        guid=guid, now=now, **named,
    )  # fmt: skip
    assert row is not None
    return int(row["id"])


# ---------------------------------------------------------------- appearances move


def _move(db: Database, before: Component, done: Settled) -> None:
    moved = {p: e for p, e in before.episode.items() if done.episode[p] != e}
    db.run_many(
        "UPDATE appearances SET episode_id = :episode "
        "WHERE document_id = :document AND position = :position",
        [{"document": p[0], "position": p[1], "episode": done.episode[p]} for p in sorted(moved)],
    )
    left = {episode: place for place, episode in sorted(before.episode.items(), reverse=True)}
    staying = set(done.episode.values())
    for episode in sorted(left.keys() - staying):
        _become_former(db, episode, done.episode[left[episode]])
    changed = {*moved.values(), *(done.episode[place] for place in moved)}
    done.altered |= (changed & staying) - done.new


def _become_former(db: Database, other: int, episode: int) -> None:
    """The younger episode leads to the older one from now on; so do those that led to it."""
    for table, columns in (
        ("edits", "field, value, edited_at"),
        ("tag_edits", "slug, name, wanted, edited_at"),
    ):
        db.run(
            f"INSERT INTO {table} (episode_id, {columns}) SELECT :episode, {columns} FROM {table} "
            "WHERE episode_id = :other ON CONFLICT DO NOTHING",
            episode=episode, other=other,
        )  # fmt: skip
    db.run(
        "UPDATE former_episodes SET episode_id = :episode WHERE episode_id = :other",
        episode=episode, other=other,
    )  # fmt: skip
    row = db.one("SELECT id, guid, sort_at FROM episodes WHERE id = :id", id=other)
    assert row is not None
    words.forget(db, [row])
    db.run("DELETE FROM episodes WHERE id = :id", id=other)
    db.run(
        "INSERT INTO former_episodes (id, guid, episode_id) VALUES (:id, :guid, :episode)",
        id=other, guid=row["guid"], episode=episode,
    )  # fmt: skip
