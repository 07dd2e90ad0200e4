"""Choice of the rule, and what its moment asks for."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import invoicing
from core.invoicing import BILL, DOWN_PAYMENT, MAKE, WAIT, OrderFacts, Progress, RuleFacts

ORDER = OrderFacts(
    customer_kind="corporate",
    tag_ids=frozenset({1, 2}),
    team_id=5,
    amount=Decimal("150000"),
    contents="mixed",
    is_first=True,
    term_id=7,
)


@pytest.mark.parametrize(
    ("rule", "failed"),
    [
        (RuleFacts(1), ""),
        (RuleFacts(1, customer_kind="corporate"), ""),
        (RuleFacts(1, customer_kind="retail"), "kind"),
        (RuleFacts(1, tag_ids=frozenset({2, 9})), ""),
        (RuleFacts(1, tag_ids=frozenset({9})), "tags"),
        (RuleFacts(1, team_ids=frozenset({6})), "team"),
        (RuleFacts(1, contents="goods"), ""),
        (RuleFacts(1, contents="services"), "contents"),
        (RuleFacts(1, first_order=True), ""),
        (RuleFacts(1, first_order=False), "first_order"),
        (RuleFacts(1, term_ids=frozenset({7})), ""),
        (RuleFacts(1, term_ids=frozenset({8})), "terms"),
        (RuleFacts(1, amount_to=Decimal("150000")), ""),
        (RuleFacts(1, amount_to=Decimal("149999.99")), "amount_to"),
        (RuleFacts(1, amount_from=Decimal("150000.01")), "amount_from"),
    ],
)
def test_conditions(rule, failed):
    assert invoicing.failed_condition(rule, ORDER) == failed
    assert invoicing.choose([rule], ORDER).rule_id == (0 if failed not in ("", "amount_to") else 1)


def test_services_alone_are_no_goods():
    services = replace(ORDER, contents="services")
    assert invoicing.failed_condition(RuleFacts(1, contents="services"), services) == ""
    assert invoicing.failed_condition(RuleFacts(1, contents="goods"), services) == "contents"


def test_the_first_fitting_rule_wins_and_says_why_not_the_others():
    rules = [RuleFacts(1, customer_kind="retail"), RuleFacts(2), RuleFacts(3)]
    choice = invoicing.choose(rules, ORDER)
    assert choice.rule_id == 2
    assert choice.failed == ((1, "kind"),)
    assert invoicing.choose([], ORDER).rule_id == 0


def test_above_the_ceiling_a_later_rule_has_the_order():
    small = RuleFacts(1, amount_to=Decimal(1000))
    choice = invoicing.choose([small, RuleFacts(2, amount_from=Decimal(1000))], ORDER)
    assert (choice.rule_id, choice.above_ceiling) == (2, False)


def test_above_every_ceiling_a_person_decides():
    small = RuleFacts(1, amount_to=Decimal(1000))
    larger = RuleFacts(2, amount_to=Decimal(2000))
    other = RuleFacts(3, customer_kind="retail", amount_to=Decimal(10**9))
    choice = invoicing.choose([other, small, larger], ORDER)
    assert (choice.rule_id, choice.above_ceiling) == (1, True)
    assert dict(choice.failed) == {3: "kind", 1: "amount_to", 2: "amount_to"}


RULES = st.builds(
    RuleFacts,
    id=st.integers(1, 10**6),
    customer_kind=st.sampled_from([None, "retail", "corporate", "government"]),
    tag_ids=st.frozensets(st.integers(1, 4), max_size=2),
    team_ids=st.frozensets(st.integers(1, 3), max_size=2),
    contents=st.sampled_from([None, "goods", "services"]),
    first_order=st.sampled_from([None, True, False]),
    term_ids=st.frozensets(st.integers(0, 2), max_size=2),
    amount_from=st.sampled_from([Decimal(0), Decimal(100)]),
    amount_to=st.sampled_from([None, Decimal(100), Decimal(500)]),
)
ORDERS = st.builds(
    OrderFacts,
    customer_kind=st.sampled_from(["retail", "corporate", "government"]),
    tag_ids=st.frozensets(st.integers(1, 4)),
    team_id=st.integers(0, 3),
    amount=st.sampled_from([Decimal(0), Decimal(99), Decimal(100), Decimal(101), Decimal(1000)]),
    contents=st.sampled_from(["goods", "services", "mixed"]),
    is_first=st.booleans(),
    term_id=st.integers(0, 2),
)


@given(st.lists(RULES, max_size=6, unique_by=lambda rule: rule.id), ORDERS)
def test_the_choice_is_the_first_that_fits_whatever_the_rules(rules, order):
    choice = invoicing.choose(rules, order)
    fitting = [rule.id for rule in rules if not invoicing.failed_condition(rule, order)]
    capped = [rule.id for rule in rules if invoicing.failed_condition(rule, order) == "amount_to"]
    if fitting:
        assert (choice.rule_id, choice.above_ceiling) == (fitting[0], False)
    else:
        assert choice.rule_id == (capped[0] if capped else 0)
        assert choice.above_ceiling == bool(capped)
    seen = [rule_id for rule_id, _condition in choice.failed]
    expected = [rule.id for rule in rules]
    assert seen == (expected[: expected.index(choice.rule_id)] if fitting else expected)


GOODS = Progress(has_goods=True, has_deliverable=False)
LEFT = replace(GOODS, has_deliverable=True)
SERVICES = Progress(has_goods=False, has_deliverable=True)


@pytest.mark.parametrize(
    ("moment", "progress", "action"),
    [
        ("confirmation", GOODS, MAKE),
        ("delivery", GOODS, WAIT),
        ("delivery", LEFT, MAKE),
        ("delivery", SERVICES, MAKE),
        ("down_payment", GOODS, DOWN_PAYMENT),
        ("down_payment", LEFT, DOWN_PAYMENT),
        ("down_payment", replace(GOODS, has_down_payment=True), WAIT),
        ("down_payment", replace(LEFT, has_down_payment=True), MAKE),
        ("prepayment", GOODS, BILL),
        ("prepayment", replace(GOODS, bill_sent=True), WAIT),
        ("prepayment", replace(GOODS, bill_sent=True, is_paid=True), WAIT),
        ("prepayment", replace(GOODS, is_paid=True), WAIT),
        ("prepayment", replace(LEFT, bill_sent=True), MAKE),
        ("prepayment", replace(LEFT, bill_sent=True, is_paid=True), MAKE),
        ("prepayment", replace(LEFT, bill_sent=False), MAKE),
        ("prepayment", replace(SERVICES, has_deliverable=False), BILL),
        ("prepayment", replace(SERVICES, bill_sent=True), WAIT),
        ("prepayment", replace(SERVICES, bill_sent=True, is_paid=True), MAKE),
    ],
)
def test_the_moment(moment, progress, action):
    assert invoicing.next_action(moment, progress) == action


@given(st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_delivered_goods_are_always_invoiced(down_payment, bill_sent, is_paid, _unused):
    progress = Progress(True, True, down_payment, bill_sent, is_paid)
    assert invoicing.next_action("delivery", progress) == MAKE
    assert invoicing.next_action("prepayment", progress) == MAKE
