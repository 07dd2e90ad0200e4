"""The ladder of a customer: the first that fits, else the company's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dunning.choice import LadderRule, Payer, choose_ladder

STANDARD, CHRONIC, STATE, SHORT = 1, 2, 3, 4
RULES = (
    LadderRule(STANDARD),
    LadderRule(CHRONIC, segments=frozenset({40})),
    LadderRule(STATE, kinds=frozenset({"government"})),
    LadderRule(SHORT, kinds=frozenset({"retail"}), term_days_max=7),
)


@pytest.mark.parametrize(
    ("payer", "ladder"),
    [
        (Payer(), STANDARD),
        (Payer(40, "government", 30), CHRONIC),
        (Payer(10, "government", 30), STATE),
        (Payer(10, "retail", 7), SHORT),
        (Payer(10, "retail", 8), STANDARD),
        (Payer(10, "retail"), STANDARD),
        (Payer(0, "corporate", 3), STANDARD),
    ],
)
def test_first_match_wins(payer, ladder):
    assert choose_ladder(payer, RULES, STANDARD) == ladder


def test_without_a_default_there_may_be_none():
    assert choose_ladder(Payer(), RULES, None) is None


RULE = st.builds(
    LadderRule,
    st.integers(1, 9),
    st.frozensets(st.integers(1, 3), max_size=2),
    st.frozensets(st.sampled_from(["retail", "corporate"]), max_size=2),
    st.none() | st.integers(0, 60),
    st.none() | st.integers(0, 60),
)
PAYER = st.builds(
    Payer, st.integers(0, 3), st.sampled_from(["", "retail", "corporate"]), st.none() | st.integers(0, 60)
)


@given(st.lists(RULE, max_size=5), PAYER)
def test_a_ladder_without_conditions_changes_nothing(rules, payer):
    general = LadderRule(99)
    assert choose_ladder(payer, rules, 0) == choose_ladder(payer, [general, *rules], 0)
