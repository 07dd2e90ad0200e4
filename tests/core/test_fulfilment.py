"""Which deliveries wait, and that money and order of confirmation have the effect that they should."""

import datetime
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.fulfilment import Customer, HoldRules, Order, decide

D = Decimal
DAY = datetime.datetime(2026, 3, 2, 9)
ALL = HoldRules(prepaid=True, over_limit=True, overdue_days=10)


def order(number, unbilled=0, **values):
    return Order(number, 1, DAY + datetime.timedelta(hours=number), D(unbilled), **values)


def reasons(rules, customer, *orders):
    decided = decide(rules, {customer.id: customer}, orders)
    return {number: [hold.reason for hold in holds] for number, holds in decided.items()}


def test_a_customer_without_trouble_gets_the_goods():
    assert reasons(ALL, Customer(1, D(500), D(1000), 9), order(1, 500)) == {1: []}


def test_an_unpaid_prepaid_order_waits_and_a_paid_one_goes():
    unpaid = order(1, 100, is_prepaid=True, to_prepay=D(40), prepaid=D(60))
    assert reasons(ALL, Customer(1), unpaid) == {1: ["prepayment"]}
    assert reasons(ALL, Customer(1), replace(unpaid, to_prepay=D(0), prepaid=D(100))) == {1: []}
    assert reasons(HoldRules(prepaid=False), Customer(1), unpaid) == {1: []}


def test_a_down_payment_is_waited_for():
    assert reasons(ALL, Customer(1), order(1, 100, to_prepay=D(30))) == {1: ["down_payment"]}


def test_an_older_order_is_never_stopped_by_a_newer_one():
    customer = Customer(1, D(0), D(1000))
    assert reasons(ALL, customer, order(2, 400), order(1, 800)) == {1: [], 2: ["limit"]}
    hold = decide(ALL, {1: customer}, [order(1, 800), order(2, 400)])[2][0]
    assert hold.amount == D(200)


def test_debt_above_the_limit_stops_all_until_it_is_paid():
    assert reasons(ALL, Customer(1, D(1001), D(1000)), order(1)) == {1: ["limit"]}
    assert reasons(ALL, Customer(1, D(1000), D(1000)), order(1)) == {1: []}
    assert reasons(ALL, Customer(1, D(10**9)), order(1)) == {1: []}, "no limit"
    assert reasons(HoldRules(), Customer(1, D(1001), D(1000)), order(1)) == {1: []}, "limits are not asked"


def test_overdue_debt_from_its_day_on():
    assert reasons(ALL, Customer(1, overdue_days=9), order(1)) == {1: []}
    assert reasons(ALL, Customer(1, overdue_days=10), order(1)) == {1: ["overdue"]}
    assert reasons(HoldRules(), Customer(1, overdue_days=99), order(1)) == {1: []}


def test_a_flag_stops_all_and_that_of_the_reminders_not_what_is_paid():
    paid = order(1, 100, is_prepaid=True, prepaid=D(100))
    assert reasons(ALL, Customer(1, held_by="person"), paid, order(2)) == {1: ["customer"], 2: ["customer"]}
    assert reasons(ALL, Customer(1, held_by="reminders"), paid, order(2)) == {1: [], 2: ["customer"]}


def test_the_advance_of_one_order_gives_no_credit_to_another():
    # 1,000 came for order 1: the balance is -1,000, and must not let order 2 through.
    customer = Customer(1, D(-1000), D(500))
    paid = order(1, 1000, is_prepaid=True, prepaid=D(1000))
    assert reasons(ALL, customer, paid, order(2, 600)) == {1: [], 2: ["limit"]}
    assert reasons(ALL, customer, paid, order(2, 500)) == {1: [], 2: []}


AMOUNTS = st.integers(0, 2000).map(Decimal)


@st.composite
def scenes(draw):
    customer = Customer(
        1,
        balance=draw(st.integers(-2000, 3000).map(Decimal)),
        limit=draw(st.none() | AMOUNTS),
        overdue_days=draw(st.integers(0, 20)),
        held_by=draw(st.sampled_from(["", "", "person", "reminders"])),
    )
    orders = []
    for number in range(draw(st.integers(1, 5))):
        total = draw(AMOUNTS)
        if draw(st.booleans()):
            prepaid = draw(st.integers(0, int(total)).map(Decimal))
            orders.append(order(number, total, is_prepaid=True, to_prepay=total - prepaid, prepaid=prepaid))
        else:
            orders.append(order(number, total, to_prepay=draw(st.sampled_from([D(0), D(0), D(50)]))))
    rules = HoldRules(draw(st.booleans()), draw(st.booleans()), draw(st.sampled_from([0, 10])))
    return rules, customer, orders


@given(scenes())
def test_money_never_adds_a_reason(scene):
    rules, customer, orders = scene
    before = decide(rules, {1: customer}, orders)
    after = decide(rules, {1: replace(customer, balance=customer.balance - 100)}, orders)
    for number in before:
        assert {hold.reason for hold in after[number]} <= {hold.reason for hold in before[number]}


@given(scenes())
def test_enough_money_takes_the_limit_away(scene):
    rules, customer, orders = scene
    paid = replace(customer, balance=-sum((o.unbilled for o in orders), D(0)))
    assert not [
        h for holds in decide(rules, {1: paid}, orders).values() for h in holds if h.reason == "limit"
    ]


@given(scenes())
def test_what_is_paid_in_advance_waits_for_a_persons_word_only(scene):
    rules, customer, orders = scene
    decided = decide(rules, {1: customer}, orders)
    for one in orders:
        if one.is_prepaid and one.to_prepay == 0 and customer.held_by != "person":
            assert decided[one.id] == ()


@given(scenes(), st.randoms())
def test_the_order_of_the_list_does_not_matter_and_a_new_order_stops_no_older_one(scene, random):
    rules, customer, orders = scene
    decided = decide(rules, {1: customer}, orders)
    shuffled = list(orders)
    random.shuffle(shuffled)
    assert decide(rules, {1: customer}, shuffled) == decided
    without_last = decide(rules, {1: customer}, orders[:-1])
    for number, holds in without_last.items():
        assert decided[number] == holds
