"""Money in another currency than the document, and money that leaves: proposed, never applied."""

from decimal import Decimal

import pytest
from test_matching_decisions import A, B, decide, ids, item, pay

from core.matching import MANUAL, SUGGESTED, Settings
from core.matching.reasons import EARNABLE

EARNED = Settings(automation="earned", earned=EARNABLE)
RATES = (("USD", Decimal("0.002")),)
DOLLARS = [item("USD-0001", 1000, currency="USD")]


@pytest.mark.parametrize("settings", [None, EARNED])
@pytest.mark.parametrize(
    ("amount", "outcome", "given", "chosen"),
    [
        (500_000, SUGGESTED, 1000, True),
        (486_000, SUGGESTED, 1000, True),  # 2.8 % off
        (514_000, SUGGESTED, 1000, True),
        (484_000, MANUAL, 968, False),  # a part
        (600_000, MANUAL, 1000, False),  # more than is owed
    ],
)
def test_a_payment_in_another_currency_is_proposed_at_the_rate(settings, amount, outcome, given, chosen):
    decision = decide(pay(amount, "счет USD-0001", rates=RATES), DOLLARS, settings)
    assert (decision.outcome, decision.reason) == (outcome, "currency")
    assert decision.candidates[0].allocations == ((("USD-0001", 1), Decimal(given)),)
    assert bool(decision.allocations) == chosen


def test_without_a_rate_or_of_a_third_party_nothing_is_preselected():
    assert not decide(pay(500_000, "USD-0001"), DOLLARS).candidates
    for line in (
        pay(500_000, "USD-0001", "200840000951", rates=RATES),
        pay(500_000, "возврат USD-0001", rates=RATES),
        pay(500_000, "USD-0001, счет № 777", rates=RATES),
    ):
        assert not decide(line, DOLLARS).allocations


NOTES = [
    item("RINV/2026/00003", -200, kind="credit_note"),
    item("RINV/2026/00004", -300, kind="credit_note"),
    item("INV/2026/00012", 200),
]


@pytest.mark.parametrize("settings", [None, EARNED])
@pytest.mark.parametrize(
    ("amount", "text", "found"),
    [
        (-200, "возврат по RINV/2026/00003", ["RINV/2026/00003"]),
        (-150, "часть по RINV/2026/00004", ["RINV/2026/00004"]),
        (-300, "за товар", ["RINV/2026/00004"]),
        (-500, "Возврат переплаты", ["RINV/2026/00003", "RINV/2026/00004"]),
    ],
)
def test_money_that_leaves_is_proposed_for_credits(settings, amount, text, found):
    decision = decide(pay(amount, text), NOTES, settings)
    assert (decision.outcome, decision.reason, decision.partner_id) == (SUGGESTED, "credit_refund", A)
    assert [key[0] for key in ids(decision)] == found
    assert sum(part for _id, part in decision.allocations) == amount


@pytest.mark.parametrize(
    "line",
    [
        pay(-200, "оплата по счету INV/2026/00012", "990140001233"),  # a vendor's invoice
        pay(-200, "RINV/2026/00003", "200840000951"),  # to another customer
        pay(-700, "за товар"),
        pay(-200, "за товар", "", payer_name="ТОО Поставщик"),
        pay(-200, "RINV/2026/00003", own_transfer=True),
    ],
)
def test_other_money_that_leaves_is_left(line):
    decision = decide(line, NOTES)
    assert (decision.outcome, decision.reason, decision.candidates) == (MANUAL, "outgoing", ())


def test_two_credits_of_the_amount_are_shown_and_none_is_chosen():
    twins = [item("R-0001", -200, kind="credit_note"), item("R-0002", -200, kind="credit_note")]
    decision = decide(pay(-200, "возврат"), twins)
    assert decision.reason == "credit_refund" and not decision.allocations and len(decision.candidates) == 2
    assert not decide(pay(-200, "возврат"), [item("R-0001", -200, partner=B)]).candidates
