"""The status of an invoice from its facts."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import statuses

TODAY = datetime.date(2026, 3, 10)
DAY = datetime.timedelta(days=1)


def facts(residual="100", total="100", due=(30,), sent=True, viewed=False):
    return statuses.InvoiceFacts(
        Decimal(total), Decimal(residual), tuple(TODAY + days * DAY for days in due), sent, viewed
    )


@pytest.mark.parametrize(
    ("given_facts", "expected"),
    [
        (facts(sent=False), "created"),
        (facts(), "sent"),
        (facts(viewed=True), "viewed"),
        (facts(viewed=True, sent=False), "viewed"),
        (facts(due=(3,), viewed=True), "due_soon"),
        (facts(due=(0,)), "due_soon"),
        (facts(due=(4,)), "sent"),
        (facts(due=(-1,)), "overdue"),
        (facts(residual="40"), "partial"),
        (facts(residual="40", due=(2,)), "partial"),
        (facts(residual="40", due=(-2,)), "overdue"),
        (facts(residual="0", due=()), "paid"),
        (facts(due=(-1, 30)), "overdue"),
    ],
)
def test_precedence(given_facts, expected):
    assert statuses.status(given_facts, TODAY)[0] == expected


def test_time_changes_the_status_on_the_announced_day_only():
    invoice = facts(due=(10,))
    day = TODAY
    current, change = statuses.status(invoice, day)
    seen = [current]
    for _step in range(20):
        day += DAY
        new, next_change = statuses.status(invoice, day)
        assert (new == current) or day == change, "a status changed on a day nobody announced"
        if day == change:
            seen.append(new)
            change = next_change
        current = new
    assert seen == ["sent", "due_soon", "overdue"]


@given(
    st.integers(0, 300),
    st.lists(st.integers(-40, 40), min_size=1, max_size=4),
    st.booleans(),
    st.booleans(),
    st.integers(0, 10),
)
def test_every_invoice_has_one_status_and_a_change_lies_ahead(residual, due, sent, viewed, soon):
    invoice = facts(str(residual), "300", tuple(due), sent, viewed)
    status, change = statuses.status(invoice, TODAY, soon)
    assert status in ("created", "sent", "viewed", "due_soon", "partial", "overdue", "paid")
    assert change is None or change > TODAY
