"""What workers on one PostgreSQL database share: periodic jobs, and the room of their queue."""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
from procrastinate.schema import SchemaManager
from psycopg.conninfo import conninfo_to_dict

from podcat.catalogue import Catalogue, open_catalogue, postgres_work
from podcat.check.live import Choice
from podcat.check.rules import consider
from podcat.net.pace import Pace
from podcat.work import batch, cluster
from podcat.work.cluster import Cluster, Manner
from podcat.work.hosts import Delays, Looker

SCRIPT = SchemaManager.get_schema()


def test_periodic_jobs_run_once_in_the_whole_cluster(
    postgres: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: Counter[tuple[str, int]] = Counter()
    # A worker that is later than the next tick would plan once more, which does no harm.
    monkeypatch.setattr(cluster, "EVERY_10_SECONDS", "* * * * * */3")

    def counted(name: str) -> Any:
        async def run(_self: Cluster, timestamp: int) -> None:
            runs[name, timestamp] += 1

        return run

    monkeypatch.setattr(Cluster, "_planned", counted("plan"))
    monkeypatch.setattr(Cluster, "_rescue", counted("rescue"))
    stop = threading.Event()
    with postgres.lent(own=True) as database, ExitStack() as stack:
        threads = [
            threading.Thread(target=_worker(stack, database, stop, []).run) for _ in range(4)
        ]  # fmt: skip
        for thread in threads:
            thread.start()
        until = time.monotonic() + 60
        while min(_ticks(runs, "plan"), _ticks(runs, "rescue")) < 2:
            assert time.monotonic() < until
            time.sleep(0.05)
        stop.set()
        for thread in threads:
            thread.join()
    assert set(runs.values()) == {1}


def _worker(
    stack: ExitStack, database: str, stop: threading.Event, troubles: list[Exception]
) -> Cluster:
    catalogue = stack.enter_context(open_catalogue(database))
    delays = Delays(catalogue)
    looker = stack.enter_context(Looker(catalogue))
    setting = batch.Setting(
        catalogue, looker, batch.polite(Pace(), delays), consider, Choice(), 10**6, delays,
        stopping=stop.is_set,
    )  # fmt: skip
    return Cluster(setting, database, Manner(2, 30.0), lambda *_: None, troubles.append, stop)


def _ticks(runs: Counter[tuple[str, int]], name: str) -> int:
    return len([moment for named, moment in runs if named == name])


def test_a_database_that_is_started_anew_is_waited_for(
    postgres: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def host(self: Cluster, host: str) -> None:
        done.append(host)
        self._setting.catalogue.rest_host(host, int(time.time()) + 3600)

    monkeypatch.setattr(Cluster, "_host", host)
    stop, troubles = threading.Event(), list[Exception]()
    with postgres.lent(own=True) as database, ExitStack() as stack:
        catalogue = stack.enter_context(open_catalogue(database))
        catalogue.watch("http://before.example/", (), 0, 3600)
        thread = threading.Thread(target=_worker(stack, database, stop, troubles).run)
        thread.start()
        stack.callback(thread.join)
        stack.callback(stop.set)
        _until(lambda: done == ["before.example"])
        name = conninfo_to_dict(database)["dbname"]
        postgres.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        postgres.run(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        time.sleep(0.3)
        postgres.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        with open_catalogue(database) as other:
            other.watch("http://after.example/", (), 0, 3600)
        _until(lambda: "after.example" in done)  # maybe twice: its first end may not be kept


def _until(condition: Any) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


# ---------------------------------------------------------------- rooms


def _rooms(catalogue: Catalogue) -> list[str]:
    rows = catalogue._db.all("SELECT nspname AS n FROM pg_namespace WHERE nspname LIKE '%work%'")
    return sorted(row["n"] for row in rows)


def _age(catalogue: Catalogue, room: str, hours: int) -> None:
    catalogue._db.run(
        f"""INSERT INTO {room}.procrastinate_workers (last_heartbeat)
            VALUES (now() - make_interval(hours => {hours}))"""
    )


def test_rooms_of_other_versions_are_dropped_when_nobody_works_there(postgres: Any) -> None:
    with postgres.lent(own=True) as database, open_catalogue(database) as catalogue:
        own = catalogue.room(SCRIPT)
        old, busy, held = (catalogue.room(f"{SCRIPT}-- {name}") for name in ("old", "busy", "held"))
        for name in ("public_work_else", "public_work_0123456", "publicXwork_01234567"):
            catalogue._db.run(f'CREATE SCHEMA "{name}"')
        catalogue._db.run("CREATE SCHEMA public_work_01234567")  # somebody else's
        before = _rooms(catalogue)
        _age(catalogue, old, 25)
        _age(catalogue, busy, 25)
        _age(catalogue, busy, 23)
        with psycopg.connect(database, autocommit=True) as worker:
            worker.execute(postgres_work.enter(held))
            assert catalogue.leave_rooms(own) == (old,)
            assert _rooms(catalogue) == sorted(set(before) - {old})
        until = time.monotonic() + 20
        while catalogue.leave_rooms(own) != (held,):  # the server may need a moment to see it go
            assert time.monotonic() < until
            time.sleep(0.02)
        assert catalogue.leave_rooms(own) == ()
