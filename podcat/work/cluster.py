"""Any number of workers on one PostgreSQL database, through Procrastinate.

A job is a host's due batch, locked by the host: Procrastinate gives it to one worker at a time.
Jobs say only whose turn it is. What is due stands in the catalogue, so that a job that is lost, or
done twice, does no harm: the jobs of a worker that gives no sign of life are put back, and who
gets them finds what is left.

A file can be on another host than its player. So requests keep a lock and a pace of their host,
too (`turns.Shared`).
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from procrastinate import App, PsycopgConnector, exceptions, schema
from procrastinate.jobs import DeleteJobCondition, Status

from podcat.catalogue import postgres_work
from podcat.errors import DatabaseError, PodcatError
from podcat.work import batch
from podcat.work.batch import Setting, Tally
from podcat.work.local import SOON, Heard

HOST, PLAN, RESCUE, TIDY = "podcat.host", "podcat.plan", "podcat.rescue", "podcat.tidy"
QUEUE: Final = "podcat"
EVERY_10_SECONDS: Final = "* * * * * */10"
DAILY: Final = "17 3 * * *"
_LOOK: Final = 0.3
"""Seconds between two looks at whether all is done."""
_FORGOTTEN: Final = 600.0
"""Seconds after which a silent worker is forgotten. One that is only late and is forgotten can take
no job any more: so this is much longer than the patience with its jobs."""
_SCRIPT: Final = schema.SchemaManager.get_schema()
_WELL: Final = 60.0
"""Seconds of work after which a trouble is a new one."""
_TRIES: Final = 6
_LONGEST: Final = 30.0
"""Looks for a server that went away by a worker that is to end, and seconds between two."""
_WAITING: Final = """SELECT lock FROM procrastinate_jobs
    WHERE task_name = 'podcat.host' AND status IN ('todo', 'doing')"""

logging.getLogger("procrastinate").addHandler(logging.NullHandler())
logging.getLogger("procrastinate").propagate = False  # what matters is said by `problem`


@dataclass(frozen=True)
class Manner:
    """How a worker works."""

    hosts: int
    """At once."""
    patience: float
    """Seconds without a sign of life after which a worker's jobs go to others."""
    once: bool = False
    until_idle: bool = False


class Cluster:
    """One worker of many."""

    def __init__(  # noqa: PLR0913, PLR0917
        self, setting: Setting, url: str, manner: Manner, heard: Heard,
        problem: Callable[[Exception], None], stop: threading.Event,
    ) -> None:  # fmt: skip
        self._setting, self._manner = setting, manner
        self._heard, self._problem, self._stop = heard, problem, stop
        self._room = setting.catalogue.room(_SCRIPT)
        self._url = url
        self.app = self._opened()
        self.total = Tally()
        self._adding = threading.Lock()
        self._leads_on = False
        self._stood = False

    def run(self) -> None:
        """Works until it is stopped, or done; a server that is started anew is waited for.

        Raises DatabaseError where it is out of reach from the beginning, or, for a worker that is
        to end, for long.
        """
        tries = 0
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                self._apart()
            except (exceptions.ConnectorException, postgres_work.TROUBLE, DatabaseError) as error:
                tries = 1 if time.monotonic() - began > _WELL else tries + 1
                ends = self._manner.once or self._manner.until_idle
                if not self._stood or (ends and tries > _TRIES):
                    raise _out_of_reach(error) from error
                if tries == 1:
                    self._problem(_out_of_reach(error))
            else:
                return
            self._stop.wait(min(2.0**tries, _LONGEST))
            self.app = self._opened()

    def _apart(self) -> None:
        """One run in a thread of its own: whoever calls may have a loop of events already."""
        with ThreadPoolExecutor(1, thread_name_prefix="queue") as thread:
            thread.submit(lambda: asyncio.run(self._run())).result()

    def _opened(self) -> App:
        connector = PsycopgConnector(
            conninfo=self._url, configure=self._configure, min_size=1, max_size=4, timeout=10.0
        )
        app = App(connector=connector)
        self._register(app)
        return app

    async def _configure(self, connection: Any) -> None:
        await connection.execute(postgres_work.enter(self._room))
        await connection.commit()

    # ---------------------------------------------------------------- tasks

    def _register(self, app: App) -> None:
        app.task(name=HOST, queue=QUEUE)(self._host)
        plan = app.task(name=PLAN, queue=QUEUE, queueing_lock=PLAN)(self._planned)
        rescue = app.task(name=RESCUE, queue=QUEUE, queueing_lock=RESCUE)(self._rescue)
        tidy = app.task(name=TIDY, queue=QUEUE, queueing_lock=TIDY)(self._tidy)
        app.periodic(cron=EVERY_10_SECONDS)(plan)
        app.periodic(cron=EVERY_10_SECONDS)(rescue)
        app.periodic(cron=DAILY)(tidy)

    def _host(self, host: str) -> None:
        """A host's batch, in a thread."""
        try:
            tally = batch.run(self._setting, host)
        except Exception as error:
            self._stumbled(host, error)
            return
        with self._adding:
            self.total.add(tally)
            self._leads_on = self._leads_on or tally.leads_on
        if tally:
            self._heard(host, tally)
        elif tally.stuck:
            self._shun(host)

    def _stumbled(self, host: str, error: Exception) -> None:
        known = isinstance(error, PodcatError)
        what = f"podcat has a bug: {type(error).__name__}: {error}"
        self._problem(error if known else PodcatError(host, what))
        self._shun(host)

    def _shun(self, host: str) -> None:
        with suppress(DatabaseError):
            self._setting.catalogue.rest_host(host, int(self._setting.clock()) + batch.STUCK)

    async def _planned(self, timestamp: int) -> None:  # noqa: ARG002  (when it was due)
        await self._defer(await self._due())

    async def _due(self) -> list[str]:
        return (await asyncio.to_thread(batch.plan, self._setting)).hosts

    async def _awaited(self) -> bool:
        return bool(await asyncio.to_thread(batch.awaited, self._setting))

    async def _defer(self, hosts: Iterable[str]) -> None:
        """A job for each host that has none."""
        rows = await self.app.connector.execute_query_all_async(_WAITING)
        known = {row["lock"] for row in rows}
        for host in hosts:
            if host not in known:
                job = self.app.configure_task(HOST, lock=host, queueing_lock=host, queue=QUEUE)
                with suppress(exceptions.AlreadyEnqueued):
                    await job.defer_async(host=host)

    async def _rescue(self, timestamp: int) -> None:  # noqa: ARG002
        """Puts the jobs back of workers that give no sign of life."""
        manager, patience = self.app.job_manager, self._manner.patience
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=patience):
            try:
                await manager.retry_job(job)
            except exceptions.ConnectorException:  # another one for this host waits already
                with suppress(exceptions.ConnectorException):
                    await manager.finish_job(job, status=Status.FAILED, delete_job=True)

    async def _tidy(self, timestamp: int) -> None:
        await asyncio.to_thread(self._setting.catalogue.forget_hosts, timestamp)
        await self._leave_rooms()

    async def _leave_rooms(self) -> None:
        """Drops what other versions of Procrastinate left."""
        with suppress(DatabaseError):  # another user's, or another worker does it now
            await asyncio.to_thread(self._setting.catalogue.leave_rooms, self._room)

    # ---------------------------------------------------------------- the worker

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        # A job that went to another worker meanwhile cannot be ended here: nothing is lost by it.
        loop.set_exception_handler(lambda _loop, _context: None)
        loop.set_default_executor(ThreadPoolExecutor(self._manner.hosts + 4))
        async with self.app.open_async():
            await asyncio.to_thread(self._setting.catalogue.room, _SCRIPT)  # nobody drops it now
            await self._leave_rooms()
            self._stood = True
            working = asyncio.create_task(self.app.run_worker_async(
                queues=[QUEUE], concurrency=self._manner.hosts + 2, install_signal_handlers=False,
                delete_jobs=DeleteJobCondition.ALWAYS, fetch_job_polling_interval=1.0,
                update_heartbeat_interval=self._manner.patience / 3,
                stalled_worker_timeout=max(20 * self._manner.patience, _FORGOTTEN),
            ))  # fmt: skip
            waiting = asyncio.create_task(self._ended())
            await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
            asked = waiting.done()
            waiting.cancel()
            working.cancel()  # which lets the jobs under way come to their end
            with suppress(asyncio.CancelledError):
                await working
            with suppress(asyncio.CancelledError):
                await waiting
            if not asked:  # nobody told it to end
                raise DatabaseError("queue", "lost its database", "it is waited for")

    async def _ended(self) -> None:
        """Comes back when it is time to end; until then, plans what follows from what was done."""
        ends = self._manner.once or self._manner.until_idle
        await self._defer(await self._due())
        planned = rescued = time.monotonic()
        while not self._stop.is_set():
            await asyncio.sleep(_LOOK)
            now = time.monotonic()
            if ends and now - rescued > self._manner.patience:
                rescued = now
                await self._rescue(0)
            idle = ends and not await self.app.connector.execute_query_all_async(_WAITING)
            if idle and self._manner.once:
                return
            if (idle or self._leads_on) and not self._manner.once and now - planned > SOON:
                planned, self._leads_on = now, False
                hosts = await self._due()
                if idle and not hosts and not await self._awaited():
                    return
                await self._defer(hosts)


def _out_of_reach(error: Exception) -> DatabaseError:
    if isinstance(error, DatabaseError):
        return error
    return DatabaseError("queue", "is out of reach", "see whether the server runs")
