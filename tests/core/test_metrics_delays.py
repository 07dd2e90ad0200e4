"""Life tables of payers against counting by hand, and what they do where little is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.metrics import DelayModel, Observed
from core.metrics.delays import FIRST_AGE, LAST_AGE


def paid(payer, *delays, segment="s", entry=-30):
    return [Observed(payer, segment, entry, delay, True) for delay in delays]


def test_many_payments_speak_for_themselves():
    model = DelayModel(paid("a", *[5] * 300, *[10] * 700))
    table = model.table("a")
    assert table.still_unpaid(4) == pytest.approx(1, abs=0.01)
    assert table.still_unpaid(5) == pytest.approx(0.7, abs=0.01)
    assert table.still_unpaid(10) == pytest.approx(0, abs=0.01)
    # What is unpaid at the end of day 5 comes on day 10.
    assert table.days(5, 7) == pytest.approx([0, 0, 0, 0, 1, 0, 0], abs=0.01)


def test_an_unknown_payer_is_his_segment_and_an_unknown_segment_the_company():
    model = DelayModel(paid("a", *[2] * 100, segment="fast") + paid("b", *[40] * 100, segment="slow"))
    assert model.table("new", "fast").still_unpaid(10) < 0.15
    assert model.table("new", "slow").still_unpaid(10) > 0.85
    assert 0.4 < model.table("new", "other").still_unpaid(10) < 0.6


def test_few_payments_are_drawn_towards_the_segment():
    others = paid("b", *[40] * 100, segment="slow")
    unpaid = [
        DelayModel(others + paid("a", *[1] * number, segment="slow")).table("a").still_unpaid(10)
        for number in (0, 1, 3, 30)
    ]
    assert unpaid == sorted(unpaid, reverse=True)
    assert unpaid[1] > 0.6 and unpaid[3] < 0.15


def test_what_is_still_open_says_that_he_pays_late():
    fast = paid("a", *[5] * 10)
    waiting = [Observed("a", "s", -30, 60, False)] * 10
    assert DelayModel(fast).table("a").still_unpaid(20) < 0.1
    assert DelayModel(fast + waiting).table("a").still_unpaid(20) > 0.45


def test_parts_count_with_their_shares():
    model = DelayModel(
        [Observed("a", "s", -30, 0, True, 0.25), Observed("a", "s", -30, 20, True, 0.75)] * 200
    )
    assert model.table("a").still_unpaid(10) == pytest.approx(0.75, abs=0.01)


def test_nothing_known():
    model = DelayModel([])
    assert not model.knows_enough and not model.has_history("a")
    assert model.table("a").still_unpaid(-1) == 1.0


@given(
    st.lists(
        st.builds(
            Observed,
            st.sampled_from("ab"),
            st.sampled_from("st"),
            st.integers(-200, 100),
            st.integers(-200, 900),
            st.booleans(),
            st.floats(0.01, 1),
        ),
        max_size=40,
    ),
    st.integers(-300, 1200),
    st.integers(0, 120),
)
def test_chances_are_chances(observed, age, number):
    table = DelayModel(observed).table("a")
    assert all(before >= after >= 0 for before, after in zip(table.unpaid, table.unpaid[1:], strict=False))
    chances = table.days(age, number)
    assert len(chances) == number
    assert all(-1e-9 <= chance <= 1 + 1e-9 for chance in chances)
    assert sum(chances) <= 1 + 1e-9


@given(st.integers(FIRST_AGE, LAST_AGE - 100), st.integers(1, 60))
def test_days_are_the_conditional_shares(age, number):
    table = DelayModel(paid("a", *range(-20, 60, 3))).table("a")
    left = table.still_unpaid(age)
    if left > 1e-9:
        expected = (left - table.still_unpaid(age + number)) / left
        assert sum(table.days(age, number)) == pytest.approx(expected, abs=1e-9)
