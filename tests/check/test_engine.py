"""The engine: who is asked, when, how often; and what comes out whatever goes wrong."""

from __future__ import annotations

import dataclasses
import datetime as dt
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from email.utils import format_datetime

import pytest
from engine_samples import (
    QUICK,
    Asker,
    consider,
    failed,
    in_turn,
    ok,
    run,
    status,
    subjects,
)  # fmt: skip

from podcat.check.asking import PAGE_BYTES, Ask, Subject, Verdict
from podcat.check.engine import look
from podcat.check.states import State
from podcat.net.answer import Answer, Trouble
from podcat.net.pace import POLITE, Pace, wait_of
from podcat.net.schedule import HELD, WINDOW


def test_every_subject_comes_out_once() -> None:
    asker = Asker()
    found = run(asker, subjects(500, hosts=7))
    assert {looked.subject.url for looked in found} == {s.url for s in subjects(500, hosts=7)}
    assert len(found) == len(asker.asked) == 500
    assert all(looked.answers[0].status == 200 for looked in found)


def test_nothing_to_do() -> None:
    assert list(look([], consider, QUICK, Asker())) == []


def test_what_needs_no_answer_is_not_asked() -> None:
    asker = Asker()
    (looked,) = run(asker, judge=lambda *_: Verdict(State.GONE, "closed"))
    assert (looked.verdict.detail, looked.answers, asker.asked) == ("closed", (), [])


def test_a_second_question_is_asked_and_judged_with_the_first_answer() -> None:
    def second(subject: Subject, answers: tuple[Answer, ...]) -> Verdict | Ask:
        if len(answers) < 2:
            return Ask(f"http://api.example/{len(answers)}", media=len(answers) == 1)
        return Verdict(State.OK, " ".join(answer.url for answer in answers))

    (looked,) = run(Asker(), judge=second)
    assert looked.verdict.detail == "http://api.example/0 http://api.example/1"
    assert len(looked.answers) == 2


def test_questions_without_end_are_a_bug_that_ends_nothing() -> None:
    found = run(Asker(), subjects(3), judge=lambda subject, _: Ask(subject.url))
    assert {looked.verdict.rule for looked in found} == {"engine/bug"}


@pytest.mark.parametrize("when", [0, 1])
def test_a_rule_that_fails_ends_nothing(when: int) -> None:
    def broken(subject: Subject, answers: tuple[Answer, ...]) -> Verdict | Ask:
        if len(answers) == when and subject.url.endswith("/1"):
            raise ZeroDivisionError("so\nit is")
        return consider(subject, answers)

    states = {k.subject.url[-1]: k.verdict for k in run(Asker(), subjects(3), judge=broken)}
    assert (states["0"].state, states["1"].state) == (State.OK, State.UNCLEAR)
    assert states["1"].detail == ("podcat has a bug, please report it: ZeroDivisionError: so it is")


def test_a_looker_that_fails_ends_nothing() -> None:
    def broken(url: str) -> Answer:
        raise ZeroDivisionError

    (looked,) = run(Asker(broken))
    assert (looked.verdict.state, looked.verdict.rule) == (State.UNCLEAR, "engine/bug")


# ---------------------------------------------------------------- again


@pytest.mark.parametrize(
    ("answers", "tries", "said"),
    [
        ((failed(Trouble.BROKEN), ok), 2, "200"),
        ((failed(Trouble.REFUSED), failed(Trouble.TIMEOUT), ok), 3, "200"),
        ((failed(Trouble.NAME),), 3, "name"),
        ((status(500), status(502), ok), 3, "200"),
        ((status(503),), 3, "503"),
        ((status(408), ok), 2, "200"),
        ((status(404),), 1, "404"),
        ((status(403),), 1, "403"),
        ((status(501),), 1, "501"),
        ((failed(Trouble.TLS),), 1, "tls"),
        ((failed(Trouble.PRIVATE),), 1, "private"),
        ((failed(Trouble.LOOP),), 1, "loop"),
    ],
)
def test_what_may_pass_is_asked_again(
    answers: tuple[Callable[[str], Answer], ...], tries: int, said: str
) -> None:
    asker = Asker(in_turn(*answers))
    (looked,) = run(asker)
    assert (len(asker.asked), looked.verdict.detail) == (tries, said)
    assert looked.answers[-1].tries == tries
    assert len(looked.answers) == 1


def test_a_retry_waits_longer_each_time_and_nobody_waits_with_it() -> None:
    pace = dataclasses.replace(QUICK, threads=1, backoff=0.1)
    asker = Asker(lambda url: status(500)(url) if url.endswith("/0") else ok(url))
    found = [looked.subject.url for looked in run(asker, subjects(20), pace)]
    assert found[-1].endswith("/0")
    at = [moment for moment, url in asker.asked if url.endswith("/0")]
    assert 0.05 <= at[1] - at[0] < at[2] - at[1] + 0.05
    assert at[2] - at[1] >= 0.1


def stated(seconds: float) -> str:
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
    return format_datetime(moment, usegmt=True)


@pytest.mark.parametrize(
    ("number", "said", "wait"),
    [
        (429, "7", 7), (429, " 7 ", 7), (429, "999999999999", 60), (429, "", 0), (429, "soon", 0),
        (503, "7", 7), (503, "", None), (500, "7", None), (200, "7", None),
        (429, "Thu, 01 Jan 1970 00:00:00 GMT", 0), (429, "Fri, 01 Jan 2100 00:00:00 GMT", 60), (429, "Sun, 99 Nov 2026", 0),
    ],
)  # fmt: skip
def test_how_long_a_host_wants_to_be_left_alone(number: int, said: str, wait: float) -> None:
    assert wait_of(status(number, retry_after=said)("http://a.example/"), 60) == wait


def test_a_date_says_how_long_too() -> None:
    wait = wait_of(status(503, retry_after=stated(30))("http://a.example/"), 60)
    assert wait is not None
    assert 28 <= wait <= 30


def test_a_host_that_asks_for_it_is_left_alone_and_the_others_are_not() -> None:
    asker = Asker(in_turn(status(429, retry_after="1"), ok))
    given = [Subject("http://busy.example/0", "page")]
    late = threading.Event()

    def more() -> Iterator[Subject]:
        yield from given
        while not asker.asked:
            time.sleep(0.01)
        time.sleep(0.05)
        yield Subject("http://busy.example/1", "page")
        yield Subject("http://free.example/2", "page")
        late.set()

    assert len(run(asker, more())) == 3
    times = asker.times("busy.example")
    assert all(0.9 <= at - times[0] < 3 for at in times[1:])
    assert len(times) == 3
    assert asker.times("free.example")[0] - times[0] < 0.7


def test_one_host_cannot_hold_the_run() -> None:
    """It says each time that it wants a second; more than there is time for it in all."""
    pace = dataclasses.replace(QUICK, retries=9, max_wait=1.5)
    start = time.monotonic()
    (looked,) = run(Asker(status(429, retry_after="1")), pace=pace)
    assert looked.verdict.detail == "429"
    assert time.monotonic() - start < 3


@pytest.mark.parametrize("stated", ["61", "86400", "9" * 30, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_host_is_not_asked_again_before_it_wants_to_be(stated: str) -> None:
    """More than is waited for: then once has to do."""
    start = time.monotonic()
    asker = Asker(status(503, retry_after=stated))
    (looked,) = run(asker)
    assert (looked.verdict.detail, len(asker.asked)) == ("503", 1)
    assert time.monotonic() - start < 3


def test_a_host_that_never_answers_is_left_alone() -> None:
    asker = Asker(failed(Trouble.TIMEOUT, "its host does not answer in time"))
    pace = dataclasses.replace(QUICK, retries=0, per_host=1)
    found = run(asker, subjects(100), pace)
    assert len(found) == 100
    assert len(asker.asked) == pace.give_up
    last = found[-1]
    assert (last.verdict.state, last.answers) == (State.UNREACHABLE, ())
    assert last.verdict.detail == (
        "not asked: 0.example has not answered the last requests (its host does not answer in time)"
    )


def test_a_host_that_wants_no_more_is_not_checked() -> None:
    pace = dataclasses.replace(QUICK, retries=0, per_host=1)
    found = run(Asker(status(429)), subjects(20), pace)
    assert [looked.verdict.detail for looked in found[:5]] == ["429"] * 5
    assert {looked.verdict.state for looked in found[5:]} == {State.UNCHECKED}


def test_a_host_that_answers_now_and_then_is_asked_on() -> None:
    asker = Asker(lambda url: ok(url) if url.endswith("0") else failed(Trouble.TIMEOUT)(url))
    pace = dataclasses.replace(QUICK, retries=0, per_host=1, give_up=12)
    run(asker, subjects(100), pace)
    assert len(asker.asked) == 100


def test_what_is_known_of_a_subject_is_judged_though_the_second_host_is_left_alone() -> None:
    def second(subject: Subject, answers: tuple[Answer, ...]) -> Verdict | Ask:
        if len(answers) < 2:
            return Ask("http://api.example/" if answers else subject.url)
        return Verdict(State.OK, str(answers[1].trouble))

    pace = dataclasses.replace(QUICK, retries=0, per_host=1)
    asker = Asker(lambda url: failed(Trouble.BROKEN)(url) if "api" in url else ok(url))
    found = run(asker, subjects(30), pace, second)
    assert {looked.verdict.detail for looked in found} == {"broken"}
    assert len(asker.times("api.example")) <= 6


# ---------------------------------------------------------------- how fast


def test_limits_hold_in_all_and_for_each_host() -> None:
    asker = Asker(takes=0.02)
    run(asker, subjects(60, hosts=6), dataclasses.replace(QUICK, threads=8, per_host=2))
    assert asker.most["all"] == 8
    assert max(count for host, count in asker.most.items() if host != "all") == 2


def test_an_interval_lies_between_two_requests_to_a_host() -> None:
    asker = Asker()
    run(asker, subjects(8, hosts=2), dataclasses.replace(QUICK, interval=0.05))
    for host in ("0.example", "1.example"):
        times = asker.times(host)
        assert times[-1] - times[0] >= 0.14  # four of them, and machines are late


def test_threads_are_no_more_than_there_is_work() -> None:
    before = threading.active_count()
    results = look(subjects(3, hosts=3), consider, QUICK, Asker(takes=0.05))
    assert max(threading.active_count() - before for _ in results) <= 3


def test_politeness_is_the_default() -> None:
    assert (Pace().per_host, Pace().interval > 0, Pace().retries) == (4, True, 2)
    assert POLITE.per_host < Pace().per_host
    assert POLITE.interval > Pace().interval


# ---------------------------------------------------------------- how much


def test_subjects_are_taken_as_the_work_goes_on() -> None:
    taken = 0

    def many() -> Iterator[Subject]:
        nonlocal taken
        for subject in subjects(WINDOW + 1000, hosts=50):
            taken += 1
            yield subject

    results = look(many(), consider, dataclasses.replace(QUICK, threads=2), Asker(takes=0.001))
    next(results)
    assert taken <= WINDOW + 100
    results.close()


def test_answers_that_wait_for_a_second_question_are_bounded() -> None:
    """The second host wants to be left alone: meanwhile no more first answers are taken in."""
    body = bytes(PAGE_BYTES)
    first = 0

    def answers(url: str) -> Answer:
        nonlocal first
        if "api" in url:
            return status(429, retry_after="1")(url)
        first += 1
        return Answer(url, url, status=200, body=bytes(bytearray(body)))

    def second(subject: Subject, answers: tuple[Answer, ...]) -> Verdict | Ask:
        if len(answers) < 2:
            return Ask("http://api.example/" if answers else subject.url)
        return Verdict(State.OK, "")

    pace = dataclasses.replace(QUICK, max_wait=1.2, per_host=16)
    results = look(subjects(3000, hosts=9), second, pace, Asker(answers))
    tracemalloc.start()
    next(results)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    results.close()
    assert peak < HELD * 1.3
    assert first < 3000


def test_answers_that_wait_for_a_retry_are_bounded_and_hold_nothing_up() -> None:
    """Second questions go to the same hosts, and fail: what is known meanwhile fills the memory."""
    first = 0

    def answers(url: str) -> Answer:
        nonlocal first
        if "again" in url:
            return status(500)(url)
        first += 1
        return Answer(url, url, status=200, body=bytes(PAGE_BYTES))

    def second(subject: Subject, answers: tuple[Answer, ...]) -> Verdict | Ask:
        if len(answers) < 2:
            return Ask(f"{subject.url}/again" if answers else subject.url)
        return Verdict(State.OK, "")

    pace = dataclasses.replace(QUICK, retries=6, backoff=0.03, per_host=16)
    results = look(subjects(3000, hosts=3), second, pace, Asker(answers))
    next(results)
    assert first < HELD / PAGE_BYTES * 1.3
    results.close()


# ---------------------------------------------------------------- leaving


def test_whoever_leaves_does_not_wait_for_what_is_under_way() -> None:
    asker = Asker(takes=30)

    def some() -> Iterator[Subject]:
        yield from subjects(10, hosts=10)
        while len(asker.asked) < 10:
            time.sleep(0.01)
        raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run(asker, some())
    assert time.monotonic() - start < 2
    assert asker.was_cut.is_set()


def test_what_is_done_comes_out_before_the_rest() -> None:
    asker = Asker(takes=0.0)
    slow = threading.Event()

    def answers(url: str) -> Answer:
        if url.endswith("/3"):
            slow.wait(5)
        return ok(url)

    asker = Asker(answers)
    results = look(subjects(4, hosts=4), consider, QUICK, asker)
    assert {next(results).subject.url[-1] for _ in range(3)} == {"0", "1", "2"}
    slow.set()
    assert next(results).subject.url[-1] == "3"
    results.close()
