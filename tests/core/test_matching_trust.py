"""Trust in reasons: golden figures of the Wilson interval, earned, lost, switched on."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.matching import reasons
from core.matching.trust import Statistics, judge, wilson_lower, wilson_upper

counts = st.integers(0, 3000)


def state(reason="amount_unique", confirmed=0, undone=0, **values):
    return judge(Statistics(reason, confirmed, undone, **values)).state


def test_golden_bounds():
    assert round(wilson_lower(300, 300), 3) == 0.987
    assert round(wilson_lower(300, 306), 3) == 0.958
    assert wilson_lower(380, 380) < 0.99 <= wilson_lower(381, 381)
    assert wilson_lower(0, 0) == 0
    assert wilson_lower(0, 10) == 0


@pytest.mark.parametrize(("clean", "total"), [(2, 1), (-1, 1)])
def test_impossible_counts_are_refused(clean, total):
    with pytest.raises(ValueError, match="no share"):
        wilson_lower(clean, total)


@given(counts, counts)
def test_the_bounds_hold_the_share_between_them(clean, undone):
    total = clean + undone
    low, high = wilson_lower(clean, total), wilson_upper(clean, total)
    assert 0 <= low <= high <= 1
    if total:
        assert low - 1e-9 <= clean / total <= high + 1e-9
        assert wilson_lower(clean + 1, total + 1) >= low
        assert wilson_lower(clean, total + 1) <= low


@given(counts, st.integers(0, 30))
def test_missing_is_the_fewest_that_earn_it(confirmed, undone):
    missing = judge(Statistics("amount_unique", confirmed, undone)).missing
    assert state(confirmed=confirmed + missing, undone=undone) == "earned"
    if missing:
        assert state(confirmed=confirmed + missing - 1, undone=undone) != "earned"


def test_a_reason_earns_trust_by_381_clean_ones_and_loses_it_below_97_percent():
    assert state(confirmed=380) == "learning"
    assert state(confirmed=381) == "earned"
    assert judge(Statistics("order", 300, 0)).missing == 81
    # Between the two bounds it keeps what it has, and does not get what it has not.
    assert state(confirmed=400, undone=3, was_earned=True) == "earned"
    assert state(confirmed=400, undone=3) == "learning"
    assert state(confirmed=300, undone=6, was_earned=True) == "lost"


def test_a_manager_switches_on_after_50_confirmed_and_none_undone():
    assert not judge(Statistics("order", 49, 0)).can_switch_on
    assert judge(Statistics("order", 50, 0)).can_switch_on
    assert not judge(Statistics("order", 200, 1)).can_switch_on
    assert state(confirmed=50, switched_on=True) == "switched_on"
    assert state(confirmed=49, switched_on=True) == "learning"
    assert state(confirmed=60, undone=1, switched_on=True) == "lost"
    assert state(confirmed=370, undone=1, switched_on=True) == "switched_on"


def test_a_shipped_reason_applies_from_the_first_day_until_the_figures_speak_against_it():
    assert state("number") == "shipped"
    assert state("number", 10, 1) == "shipped"
    assert state("number", 0, 2) == "shipped", "the first undo of a new database is no verdict"
    assert state("number", 10, 5) == "lost"
    assert state("number", 300, 6) == "lost"
    assert not judge(Statistics("number", 1000, 0)).can_switch_on


def test_what_is_a_guess_never_earns_trust():
    assert not judge(Statistics("sum_ambiguous", 5000, 0)).applies
    assert not judge(Statistics("by_hand", 5000, 0)).applies


def test_each_reason_has_one_class():
    assert not reasons.TRUSTED & reasons.EARNABLE
    assert not reasons.UNDECIDED & (reasons.TRUSTED | reasons.EARNABLE)


def test_each_reason_has_words_in_the_model():
    path = Path(__file__).parents[2] / "models" / "cash_application" / "payment_match.py"
    block = path.read_text(encoding="utf-8").split("REASONS = [")[1].split("\n]")[0]
    assert set(re.findall(r'\("(\w+)",', block)) >= reasons.ALL
