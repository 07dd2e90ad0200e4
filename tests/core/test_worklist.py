"""The order of the morning's work."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.worklist import Weight, Work, rank, weigh

WEIGHTS = {
    "unmatched": Weight(Decimal("0.9"), horizon=5),
    "dispute": Weight(Decimal("0.5")),
    "debt": Weight(Decimal("0.6"), horizon=30, half_life=60, gives_way=True),
    "chronic": Weight(Decimal("0.4"), gives_way=True),
}
works = st.lists(
    st.builds(
        Work,
        source=st.sampled_from(sorted(WEIGHTS)),
        key=st.integers(1, 10**6),
        customer=st.integers(0, 4),
        amount=st.decimals(-100, 10**9, places=2),
        days=st.integers(-10, 1000),
    ),
    max_size=20,
)


def test_money_times_urgency_times_chance():
    found = weigh(Work("dispute", 1, 7, Decimal(1000), 7), WEIGHTS["dispute"])
    assert (found.urgency, found.chance, found.worth) == (Decimal("1.5"), Decimal("0.5"), Decimal(750))
    assert found.chance_word == "fair"


def test_urgency_doubles_and_no_more():
    weight = WEIGHTS["unmatched"]
    assert [weight.urgency(days) for days in (-3, 0, 5, 500)] == [1, 1, 2, 2]


def test_the_chance_of_old_debt_fades():
    weight = WEIGHTS["debt"]
    assert weight.chance_after(60) == Decimal("0.3")
    old = Work("debt", 1, 1, Decimal(1000), 600)
    young = Work("debt", 2, 2, Decimal(100), 10)
    assert [item.work for item in rank([old, young], WEIGHTS)] == [young, old]


def test_without_money_last_and_oldest_first():
    paid = Work("dispute", 1, 0, Decimal("0.01"))
    new, old = Work("unmatched", 2, days=1), Work("unmatched", 3, days=9)
    assert [item.work for item in rank([new, old, paid], WEIGHTS)] == [paid, old, new]


def test_look_at_the_customer_gives_way_to_what_there_is_to_do():
    dispute = Work("dispute", 1, 5, Decimal(10))
    debt, chronic = Work("debt", 5, 5, Decimal(10_000)), Work("chronic", 5, 5, Decimal(10_000))
    found = rank([debt, chronic, dispute], WEIGHTS)
    assert [item.work for item in found] == [dispute]
    assert set(found[0].also) == {"debt", "chronic"}
    alone = rank([chronic, debt], WEIGHTS)
    assert [item.work.source for item in alone] == ["debt"], "the heavier of the two"
    assert alone[0].also == ("chronic",)


def test_a_source_without_a_weight_is_an_error():
    with pytest.raises(KeyError):
        rank([Work("unheard of", 1)], WEIGHTS)


@given(works)
def test_order_and_completeness(some):
    found = rank(some, WEIGHTS)
    assert [item.worth for item in found] == sorted((item.worth for item in found), reverse=True)
    firm = [work for work in some if not WEIGHTS[work.source].gives_way]
    assert sorted(map(repr, firm)) == sorted(
        repr(item.work) for item in found if not WEIGHTS[item.work.source].gives_way
    ), "nothing that has to be done is ever left out"
    customers = {work.customer for work in some if work.customer}
    assert customers == {item.work.customer for item in found if item.work.customer}
    assert rank(reversed(some), WEIGHTS) == found, "whatever order it comes in"
