"""The run behind `podcat resolve`, and behind `podcat add` of an address."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from podcat.cli.checking import LiveOptions
from podcat.cli.console import Console
from podcat.model import Selection

if TYPE_CHECKING:
    from podcat.resolve import Outcome, Report


def run(  # noqa: PLR0913  (settings, by name)
    console: Console,
    live: LiveOptions,
    *,
    selection: Selection | None = None,
    only: Sequence[int] = (),
    again: bool = False,
    limit: int | None = None,
    heard: Callable[[Outcome], None] | None = None,
) -> Report:
    """Resolve what is due of a selection, or of these episodes; what came of it.

    `heard` is told of every episode. Raises DatabaseError.
    """
    from podcat.catalogue import open_catalogue
    from podcat.net import Looker
    from podcat.resolve import Report, resolve

    report, now = Report(), int(time.time())
    looker = Looker(
        allow_private=live.allow_private,
        contact=console.config.contact,
        remap=live.remap,
        timeout=live.pace.timeout,
        turns=live.turns,
    )
    with open_catalogue(console.config.database, create=False) as catalogue, looker:
        due = catalogue.unresolved(selection or Selection(), now, again=again, only=only)[:limit]
        if not (due or again or only) and (resting := catalogue.resting(now)):
            console.note(f"nothing is due; {resting} rest after tries in vain (--again asks now)")
        with console.looking(len(due), things="episodes") as on_done:
            for outcome in resolve(catalogue, due, looker, live.pace, now=now, on_done=on_done):
                report.count(outcome)
                if heard:
                    heard(outcome)
    return report
