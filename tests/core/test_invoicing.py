"""Choice of the rule and completeness of an order."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core import invoicing

ORDER = invoicing.OrderFacts(
    customer_kind="corporate",
    tag_ids=frozenset({1, 2}),
    team_id=5,
    amount=Decimal("150000"),
    has_email=True,
    has_tax_id=True,
    has_address=True,
    seller_has_bank_account=True,
)


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        (invoicing.RuleFacts(1), True),
        (invoicing.RuleFacts(1, customer_kind="corporate"), True),
        (invoicing.RuleFacts(1, customer_kind="retail"), False),
        (invoicing.RuleFacts(1, tag_ids=frozenset({2, 9})), True),
        (invoicing.RuleFacts(1, tag_ids=frozenset({9})), False),
        (invoicing.RuleFacts(1, team_ids=frozenset({6})), False),
        (invoicing.RuleFacts(1, amount_to=Decimal("150000")), True),
        (invoicing.RuleFacts(1, amount_to=Decimal("149999.99")), False),
        (invoicing.RuleFacts(1, amount_from=Decimal("150000.01")), False),
    ],
)
def test_conditions(rule, fits):
    assert (invoicing.choose([rule], ORDER) is rule) == fits


def test_the_first_fitting_rule_wins():
    rules = [invoicing.RuleFacts(1, customer_kind="retail"), invoicing.RuleFacts(2), invoicing.RuleFacts(3)]
    assert invoicing.choose(rules, ORDER).id == 2
    assert invoicing.choose([], ORDER) is None


def test_what_is_missing_is_named():
    assert invoicing.missing(ORDER, sends=True) == ()
    bare = replace(ORDER, has_email=False, has_tax_id=False, has_address=False, seller_has_bank_account=False)
    assert invoicing.missing(bare, sends=True) == ("email", "tax_id", "address", "bank_account")
    assert invoicing.missing(bare, sends=False) == ("tax_id", "address", "bank_account")
    assert invoicing.missing(replace(bare, customer_kind="retail"), sends=True) == ("email", "bank_account")
