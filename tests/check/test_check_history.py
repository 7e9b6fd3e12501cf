"""When a link is dead: told by all looks at it, never by one bad afternoon."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podcat.catalogue import Check, Standing
from podcat.check.history import DAY, GOOD, SILENT, is_final, standing
from podcat.check.states import State

HOUR = 3600
START = 1_700_000_000


def look(state: str, at: int = 0, status: int | None = 200, **more: object) -> Check:
    if state == "gone" and status == 200:
        status = 404
    return Check("https://a.example/x", "player", state, START + at, status=status, **more)  # type: ignore[arg-type]


def after(*looks: Check) -> Standing:
    found = None
    for each in looks:
        found = standing(found, each)
    assert found is not None
    return found


def test_one_404_is_no_death() -> None:
    found = after(look("ok"), look("gone", 7 * DAY))
    assert (found.health, found.failing_since) == ("failing", START + 7 * DAY)
    assert found.last_ok == START
    assert found.due_at == START + 8 * DAY


def test_two_404s_a_day_apart_are() -> None:
    found = after(look("gone"), look("gone", DAY))
    assert (found.health, found.dead_since) == ("dead", START + DAY)
    assert found.failing_since == START
    assert found.due_at == START + 31 * DAY


def test_two_404s_within_a_day_are_not() -> None:
    found = after(look("gone"), look("gone", HOUR), look("gone", DAY - 1))
    assert (found.health, found.failures, found.gone) == ("failing", 3, 1)


@pytest.mark.parametrize("state", ["hollow", "unreachable"])
def test_other_failures_take_three_of_them_three_days_apart(state: str) -> None:
    looks = [look(state), look(state, 3 * DAY), look(state, 6 * DAY - 1)]
    assert after(*looks).health == "failing"
    assert after(*looks, look(state, 6 * DAY)).health == "dead"


def test_looking_all_the_time_makes_it_no_sooner() -> None:
    hourly = [look("unreachable", hour * HOUR) for hour in range(6 * 24)]
    assert after(*hourly).health == "failing"
    assert after(*hourly, look("unreachable", 6 * DAY)).health == "dead"


@pytest.mark.parametrize("state", sorted(SILENT))
def test_what_says_nothing_counts_for_nothing(state: str) -> None:
    silent = [look(state, n * 30 * DAY, 403) for n in range(1, 9)]
    assert after(*silent).health == "unknown"
    assert after(look("ok"), *silent).health == "alive"
    assert after(look("gone"), *silent).health == "failing"
    assert after(look("gone"), look("gone", DAY), *silent).health == "dead"


def test_an_outage_of_the_provider_is_nobodys_fault() -> None:
    out = [look("unreachable", n * 3 * DAY, rule="engine/outage") for n in range(5)]
    assert after(*out).health == "unknown"
    assert after(look("ok"), *out).health == "alive"


def test_a_good_answer_clears_everything() -> None:
    found = after(look("gone"), look("gone", DAY), look("ok", 9 * DAY))
    assert (found.health, found.recovered_at) == ("alive", START + 9 * DAY)
    assert (found.failing_since, found.dead_since, found.failures) == (None, None, 0)
    again = after(look("gone"), look("ok", DAY), look("gone", 2 * DAY))
    assert (again.health, again.recovered_at, again.gone) == ("failing", None, 1)


def test_what_can_never_be_good_is_dead_at_once() -> None:
    assert after(look("malformed", status=None)).health == "dead"
    assert after(look("gone", status=None)).health == "dead"
    assert (
        after(look("gone", status=None, evidence={"answers": [{"trouble": "name"}]})).health
        == "failing"
    )


def test_a_player_that_forbids_frames_is_alive() -> None:
    assert after(look("unframeable")).health == "alive"


def test_alive_links_are_due_in_a_week_or_so_and_not_all_at_once() -> None:
    dues = set()
    for number in range(200):
        check = Check(f"https://a.example/{number}", "page", "ok", START)
        dues.add(standing(None, check).due_at - START)
        assert standing(None, check) == standing(None, check)
    assert min(dues) >= 6 * DAY
    assert max(dues) <= 8 * DAY
    assert len(dues) > 150


def test_the_state_has_a_time_of_its_own() -> None:
    found = after(look("hollow"), look("hollow", DAY), look("unreachable", 2 * DAY))
    assert (found.since, found.failing_since) == (START + 2 * DAY, START)


def test_an_older_look_changes_nothing() -> None:
    now = after(look("ok", DAY))
    assert standing(now, look("gone", 0)) == now


# ---------------------------------------------------------------- whatever comes

CHECKS = st.builds(
    look,
    st.sampled_from(list(State)).map(str),
    st.integers(0, 40 * DAY),
    st.sampled_from([None, 200, 404, 410, 500]),
)
SEQUENCES = st.lists(CHECKS, min_size=1, max_size=14).map(
    lambda checks: sorted(checks, key=lambda check: check.checked_at)
)


def _may_be_dead(run: list[Check]) -> bool:
    """By the rule as a person reads it, over the failures since it was alive last."""
    if any(is_final(check) for check in run):
        return True
    gone = [check.checked_at for check in run if check.state == State.GONE]
    if gone and gone[-1] - gone[0] >= DAY:
        return True
    counted: list[int] = []
    for check in run:
        if not counted or check.checked_at - counted[-1] >= 3 * DAY:
            counted.append(check.checked_at)
    return len(counted) >= 3


@given(SEQUENCES)
def test_never_dead_before_the_rule_allows_it(checks: list[Check]) -> None:
    found: Standing | None = None
    run: list[Check] = []
    for check in checks:
        found = standing(found, check)
        if check.state in GOOD:
            run = []
            assert found.health == "alive"
            assert (found.failures, found.strikes, found.gone) == (0, 0, 0)
            assert found.failing_since is found.dead_since is found.struck_at is None
        elif check.state not in SILENT:
            run.append(check)
            assert found.recovered_at is None
        assert (found.health == "dead") == (bool(run) and _may_be_dead(run))
        assert (found.failing_since is None) == (not run)
        assert found.last_checked == check.checked_at
        assert found.due_at > check.checked_at
