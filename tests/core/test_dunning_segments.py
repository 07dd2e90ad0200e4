"""Segments of payers: the rules as shipped, and what holds for any rules."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dunning.segments import METRICS, Condition, PaymentHistory, SegmentRule, classify, history_of

NEW, RELIABLE, OCCASIONAL, CHRONIC, PROBLEM = range(1, 6)


def rule(segment, *conditions):
    return SegmentRule(segment, tuple(Condition(m, op, D(limit)) for m, op, limit in conditions))


#: The same as in data/payer_segment_rules.xml.
SHIPPED = (
    rule(PROBLEM, ("overdue_days", ">=", 60), ("unanswered", ">=", 2)),
    rule(PROBLEM, ("overdue_days", ">=", 120)),
    rule(NEW, ("invoices", "<=", 2)),
    rule(CHRONIC, ("share_late", ">=", 50), ("mean_days_late", ">=", 7)),
    rule(CHRONIC, ("share_late", ">=", 30), ("overdue_days", ">=", 30)),
    rule(RELIABLE, ("share_late", "<=", 10), ("overdue_days", "<=", 5)),
    rule(OCCASIONAL),
)


@pytest.mark.parametrize(
    ("paid", "open_late", "unanswered", "segment"),
    [
        ((), (), 0, NEW),
        ((0, -3), (), 0, NEW),
        ((0, -3, 1), (), 0, RELIABLE),
        ((0, 0, 2, -5), (), 0, RELIABLE),
        ((0, 0, 0, 0), (4,), 0, OCCASIONAL),
        ((0, 0, 0, 0, 0, 0, 0, 0, 0, 12), (), 0, RELIABLE),
        ((0, 0, 0, 10), (), 0, OCCASIONAL),
        ((20, 15, 30, 0), (), 0, CHRONIC),
        ((3, 4, 5), (), 0, OCCASIONAL),
        ((0, 0, 0), (40, 35), 0, CHRONIC),
        ((0, 0, 0), (61,), 2, PROBLEM),
        ((0, 0, 0), (61,), 1, OCCASIONAL),
        ((), (130,), 0, PROBLEM),
    ],
)
def test_shipped_rules(paid, open_late, unanswered, segment):
    assert classify(history_of(paid, open_late, unanswered), SHIPPED).segment == segment


def test_a_customer_who_answers_is_not_one_who_does_not():
    silent = history_of((0, 0, 0), (70,), unanswered=3)
    answered = history_of((0, 0, 0), (70,), unanswered=0)
    assert classify(silent, SHIPPED).segment == PROBLEM
    assert classify(answered, SHIPPED).segment != PROBLEM


def test_without_a_rule_that_holds_there_is_no_answer():
    assert classify(PaymentHistory(), [rule(CHRONIC, ("invoices", ">=", 1))]) is None


DAYS = st.lists(st.integers(-60, 300), max_size=12)


@given(DAYS, st.lists(st.integers(1, 400), max_size=5), st.randoms(use_true_random=False))
def test_order_of_invoices_is_irrelevant(paid, open_late, random):
    mixed = random.sample(paid, len(paid)), random.sample(open_late, len(open_late))
    assert history_of(paid, open_late) == history_of(*mixed)


@given(DAYS, st.lists(st.integers(1, 400), max_size=5), st.integers(0, 9))
def test_the_shipped_rules_leave_nobody_out(paid, open_late, unanswered):
    assert classify(history_of(paid, open_late, unanswered), SHIPPED)


@given(
    st.lists(
        st.builds(
            SegmentRule,
            st.integers(1, 5),
            st.lists(
                st.builds(
                    Condition,
                    st.sampled_from(METRICS),
                    st.sampled_from([">=", "<="]),
                    st.integers(0, 100).map(D),
                ),
                max_size=3,
            ).map(tuple),
        ),
        max_size=6,
    ),
    DAYS,
)
def test_the_first_rule_that_holds_wins(rules, paid):
    history = history_of(paid, ())
    chosen = classify(history, rules)
    for candidate in rules:
        if candidate is chosen:
            break
        assert not all(c.holds(history) for c in candidate.conditions)
