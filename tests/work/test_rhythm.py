"""How often a source is looked at, and what a feed says of that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from podcat.catalogue import Source
from podcat.net.answer import Answer
from podcat.work import rhythm
from podcat.work.rhythm import DAY, HOUR, LEAST, MOST

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


MONDAY = 1_699_833_600  # 2023-11-13 00:00 UTC
NIGHT = b"<skipHours><hour>0</hour><hour> 1 </hour><hour>2</hour><hour>24</hour></skipHours>"
WEEKEND = b"<skipDays>\n<day>Saturday</day><day>sunday</day></skipDays>"
ALWAYS = b"<skipHours>" + b"".join(b"<hour>%d</hour>" % n for n in range(24)) + b"</skipHours>"


@pytest.mark.parametrize(
    ("head", "now", "next_at"),
    [
        (NIGHT, MONDAY - HOUR, MONDAY + 3 * HOUR),
        (NIGHT, MONDAY + 2 * HOUR, MONDAY + 3 * HOUR + 0),
        (WEEKEND, MONDAY - 2 * DAY - HOUR, MONDAY),
        (NIGHT + WEEKEND, MONDAY - 2 * DAY - HOUR, MONDAY + 3 * HOUR),
        (ALWAYS, MONDAY, MONDAY + HOUR),
        (b"<skipHours><hour>77</hour><hour>x</hour></skipHours>", MONDAY, MONDAY + HOUR),
        (b"<item>" + NIGHT, MONDAY - HOUR, MONDAY),
    ],
    ids=["night", "its end", "weekend", "both", "always", "no hours", "in an item"],
)
def test_hours_and_days_at_which_a_feed_wants_no_looks(head: bytes, now: int, next_at: int) -> None:
    source = replace(SOURCE, last_checked=None, skips=rhythm.skips(b"<rss><channel>" + head))
    assert rhythm.seen(source, now, new=False).next_at == next_at


EARLY, LATE = "Mon, 13 Nov 2023 00:00:00 GMT", "Mon, 13 Nov 2023 03:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0), ({"cache-control": "public, max-age=7200"}, 7200),
        ({"cache-control": "Max-Age = 7200", "age": "200"}, 7000),
        ({"cache-control": "s-maxage=7200"}, 0), ({"cache-control": "no-cache, max-age=7200"}, 0),
        ({"cache-control": "no-store", "expires": LATE, "date": EARLY}, 0),
        ({"cache-control": "max-age=99999999999999"}, DAY), ({"cache-control": "max-age=-1"}, 0),
        ({"cache-control": "max-age=0", "expires": LATE, "date": EARLY}, 0),
        ({"expires": LATE, "date": EARLY}, 3 * HOUR), ({"expires": LATE}, 3 * HOUR),
        ({"expires": "0", "date": EARLY}, 0), ({"expires": EARLY, "date": LATE}, 0),
    ],
)  # fmt: skip
def test_for_how_long_a_server_calls_its_answer_fresh(
    headers: dict[str, str], seconds: int
) -> None:
    answer = Answer("u", "u", status=200, headers={name: (said,) for name, said in headers.items()})
    assert rhythm.fresh(answer, MONDAY) == seconds
