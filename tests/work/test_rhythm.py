"""How often a source is looked at, and what a feed says of that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from podcat.catalogue import Source
from podcat.work import rhythm
from podcat.work.rhythm import HOUR, LEAST, MOST

NOW = 1_700_000_000
SOURCE = Source(1, "https://a.example/", "page", (), 0, None, None, None, 5, None, 0, HOUR, 0, 0, None)  # fmt: skip


def test_it_grows_and_shrinks_between_its_bounds() -> None:
    quiet = busy = SOURCE
    for _ in range(40):
        quiet = rhythm.seen(quiet, NOW, new=False)
        busy = rhythm.seen(busy, NOW, new=True)
    assert (quiet.pause, quiet.next_at, quiet.last_changed) == (MOST, NOW + MOST, None)
    assert (busy.pause, busy.next_at, busy.last_changed) == (LEAST, NOW + LEAST, NOW)
    assert rhythm.seen(replace(SOURCE, least=5 * HOUR), NOW, new=True).pause == 5 * HOUR
    assert rhythm.seen(replace(SOURCE, last_checked=None), NOW, new=True).pause == HOUR


def test_failures_make_it_patient_and_are_forgotten() -> None:
    failed = SOURCE
    waits = []
    for _ in range(30):
        failed = rhythm.failed(failed, NOW, "is down")
        waits.append(failed.next_at - NOW)
    assert waits[:3] == [HOUR, 2 * HOUR, 4 * HOUR]
    assert waits == sorted(waits)
    assert waits[-1] == MOST
    assert (failed.failures, failed.why, failed.pause) == (30, "is down", HOUR)
    assert rhythm.failed(SOURCE, NOW, "busy", 3 * HOUR).next_at == NOW + 3 * HOUR
    well = rhythm.seen(failed, NOW, new=False)
    assert (well.failures, well.why) == (0, None)


@pytest.mark.parametrize(
    ("head", "least"),
    [
        (b"", 0), (b"<ttl>60</ttl>", HOUR), (b"<ttl> 90 </ttl>", 90 * 60),
        (b"<ttl>999999</ttl>", MOST), (b"<ttl>-5</ttl>", 0), (b"<ttl>x</ttl>", 0),
        (b"<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>", HOUR),
        (b"<sy:updatePeriod> daily </sy:updatePeriod><sy:updateFrequency>4", 6 * HOUR),
        (b"<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0", 24 * HOUR),
        (b"<sy:updatePeriod>monthly</sy:updatePeriod>", MOST),
        (b"<item><ttl>60</ttl></item>", 0), (b"<" * 99_999, 0),
    ],
)  # fmt: skip
def test_what_a_feed_says(head: bytes, least: int) -> None:
    assert rhythm.least(b"<rss><channel>" + head) == least
