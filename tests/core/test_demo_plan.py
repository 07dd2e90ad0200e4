"""The demo ledger: valid identifiers, the same every time, and believable on any day."""

from collections import Counter
from datetime import date
from decimal import Decimal
from string import ascii_uppercase

import pytest

from demo.plan import make_plan, vat_rate

DAYS = [date(2026, 11, 21), date(2027, 3, 1), date(2028, 2, 29)]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def plan(request):
    return make_plan(request.param)


def is_tax_id(number):
    """Control digit of BIN and IIN, written down another way than in the generator."""
    if len(number) != 12 or not number.isdigit():
        return False
    for weights in ("1 2 3 4 5 6 7 8 9 10 11", "3 4 5 6 7 8 9 10 11 1 2"):
        control = sum(int(w) * int(d) for w, d in zip(weights.split(), number, strict=False)) % 11
        if control < 10:
            return control == int(number[11])
    return False


def is_iban(text):
    digits = "".join(c if c.isdigit() else str(ascii_uppercase.index(c) + 10) for c in text[4:] + text[:4])
    return len(text) == 20 and text[:2] == "KZ" and int(digits) % 97 == 1


def test_the_independent_formulas_know_real_numbers():
    assert is_tax_id("971240001315") and is_tax_id("961141000023")
    assert not is_tax_id("990140001234")
    assert is_iban("KZ79722S000001674774") and not is_iban("KZ12601A000000001234")


def test_every_identifier_is_valid_and_used_once(plan):
    tax_ids = [plan.company.tax_id, *(customer.tax_id for customer in plan.customers)]
    ibans = [
        plan.company.kaspi_iban,
        plan.company.halyk_iban,
        *(customer.iban for customer in plan.customers),
    ]
    assert [number for number in tax_ids if not is_tax_id(number)] == []
    assert [iban for iban in ibans if not is_iban(iban)] == []
    assert len(set(tax_ids)) == len(tax_ids) and len(set(ibans)) == len(ibans)
    assert {iban[4:7] for iban in ibans} >= {"722", "601", "856", "965", "998", "563"}


def test_a_bin_says_legal_person_and_an_iin_says_a_birthday(plan):
    for customer in plan.customers:
        if customer.form in ("ip", "person"):
            date(1900 + int(customer.tax_id[:2]), int(customer.tax_id[2:4]), int(customer.tax_id[4:6]))
            assert customer.tax_id[6] in "34"
        else:
            assert 1 <= int(customer.tax_id[2:4]) <= 12
            assert customer.tax_id[4:6] == "40"


def test_mail_goes_to_reserved_domains_only(plan):
    for customer in plan.customers:
        assert customer.email.endswith(".example")
    assert plan.company.email.endswith(".example")


def test_the_same_day_gives_the_same_plan():
    assert make_plan(DAYS[0]) == make_plan(DAYS[0])
    assert make_plan(DAYS[0]).customers == make_plan(DAYS[1]).customers


def test_there_is_a_year_of_history_of_every_segment(plan):
    segments = Counter(customer.segment for customer in plan.customers)
    assert set(segments) == {"new", "reliable", "occasional", "chronic", "problem"}
    assert 38 <= len(plan.customers) <= 45
    assert {customer.kind for customer in plan.customers} == {"corporate", "government", "retail"}
    invoices = [invoice for invoice in plan.invoices if not invoice.credits]
    assert 400 <= len(invoices) <= 600
    assert {invoice.terms for invoice in invoices} == {"7", "14", "30", "45", "30/70"}
    assert (plan.today - min(invoice.date for invoice in invoices)).days >= 355
    for row in (*plan.invoices, *plan.receipts, *plan.costs):
        assert 0 < (plan.today - row.date).days <= 366
    assert all(invoice.rate == vat_rate(invoice.date) for invoice in invoices)


def test_every_step_of_the_ladder_has_an_open_invoice_today(plan):
    days = {(plan.today - due).days for _invoice, due, _amount in plan.open_positions()}
    assert days >= {-3, 0, 3, 7, 14, 21}


def test_segments_pay_as_their_name_says(plan):
    segment = {customer.key: customer.segment for customer in plan.customers}
    late = {}
    settled = plan.paid()
    dues = {invoice.key: invoice.instalments[-1][0] for invoice in plan.invoices}
    totals = {invoice.key: invoice.total for invoice in plan.invoices}
    for receipt in plan.receipts:
        for key, _amount in receipt.parts:
            if settled[key] == totals[key]:
                late.setdefault(segment[receipt.customer], {})[key] = (receipt.date - dues[key]).days
    late = {name: list(by_invoice.values()) for name, by_invoice in late.items()}
    assert max(late["reliable"]) <= 0
    assert 0.05 < sum(days > 0 for days in late["occasional"]) / len(late["occasional"]) < 0.35
    assert min(late["chronic"]) >= 10 and max(late["chronic"]) <= 30
    open_by = Counter(
        segment[invoice.customer] for invoice, due, _a in plan.open_positions() if due < plan.today
    )
    assert open_by["problem"] >= 4


def test_nothing_is_paid_twice_or_before_it_was_invoiced(plan):
    totals = {invoice.key: invoice for invoice in plan.invoices}
    for key, amount in plan.paid().items():
        assert Decimal(0) <= amount <= totals[key].total
    for receipt in plan.receipts:
        assert (
            receipt.amount == sum((amount for _key, amount in receipt.parts), Decimal(0)) or not receipt.parts
        )
        assert all(totals[key].date <= receipt.date for key, _amount in receipt.parts)
        assert {totals[key].customer for key, _amount in receipt.parts} <= {receipt.customer}


def test_no_bank_account_is_ever_overdrawn(plan):
    for journal in ("kaspi", "halyk"):
        moves = [(row.date, 1, row.amount) for row in plan.receipts if row.journal == journal]
        moves += [(row.date, 0, -row.amount) for row in plan.costs if row.journal == journal]
        balance = Decimal(0)
        for _day, _kind, amount in sorted(moves, key=lambda move: (move[0], -move[2])):
            balance += amount
            assert balance >= 0


def test_open_amounts_are_distinct_but_for_the_trap(plan):
    amounts = Counter(amount for _invoice, _due, amount in plan.open_positions())
    twins = [amount for amount, count in amounts.items() if count > 1]
    assert len(twins) == 1 and amounts[twins[0]] == 2
    assert len({i.customer for i, _due, amount in plan.open_positions() if amount == twins[0]}) == 1


def test_instalments_sum_to_the_total(plan):
    for invoice in plan.invoices:
        assert sum((amount for _due, amount in invoice.instalments), Decimal(0)) == invoice.total
    assert any(len(invoice.instalments) == 2 for invoice in plan.invoices)


def test_some_invoices_are_partly_paid_and_some_credited(plan):
    paid = plan.paid()
    partly = [i for i in plan.invoices if not i.credits and 0 < paid[i.key] < i.total]
    credits = [i for i in plan.invoices if i.credits]
    assert len(partly) >= 4
    assert len(credits) >= 6
    assert any(paid[note.key] == 0 for note in credits), "an open credit of a customer"
    assert any(len(receipt.parts) > 1 for receipt in plan.receipts)
    assert any(not receipt.parts for receipt in plan.receipts), "an advance"


def test_orders_can_be_confirmed(plan):
    products = {product.code for product in plan.products}
    customers = {customer.key for customer in plan.customers}
    assert len(plan.orders) >= 5
    for order in plan.orders:
        assert order.customer in customers
        assert all(line.product in products and line.quantity > 0 for line in order.lines)
