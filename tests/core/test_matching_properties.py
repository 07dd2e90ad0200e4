"""What holds for any payments and any open items."""

import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.matching import APPLIED, OpenItem, Payer, Transaction, match
from core.references import make

DAY = datetime.date(2026, 11, 1)
PAYERS = [Payer(n, f"Customer {n}", (f"97124000131{n}",)) for n in range(4)]
amounts = st.sampled_from([Decimal(n) for n in (100, 200, 300, 500, 700, 1000)])


@st.composite
def open_items(draw):
    items = []
    for move in range(draw(st.integers(0, 8))):
        positions = draw(st.integers(1, 3))
        partner = draw(st.integers(0, 3))
        # Numbers repeat on purpose: two invoices may bear the same one.
        number = f"INV/2026/{draw(st.integers(1, 6)):05}"
        for position in range(1, positions + 1):
            residual = draw(amounts) * (-1 if draw(st.integers(0, 9)) == 0 else 1)
            items.append(
                OpenItem(
                    (move, position),
                    partner,
                    "invoice",
                    number,
                    residual,
                    "KZT",
                    payment_code=make(move),
                    due_date=DAY + datetime.timedelta(days=position * 7),
                    date=DAY,
                    position=position,
                    positions=positions,
                )
            )
    return items


words = st.one_of(
    st.integers(0, 8).map(make),
    st.integers(1, 7).map(lambda n: f"INV/2026/{n:05}"),
    st.integers(1, 7).map(lambda n: f"счет № {n}"),
    st.sampled_from(["оплата", "INV", "2026", "0", "%", "/", "НДС 16%", "и", "от 01.11.2026", "договор 3"]),
)
transactions = st.lists(
    st.builds(
        Transaction,
        id=st.integers(),
        date=st.integers(0, 3).map(lambda n: DAY + datetime.timedelta(days=n)),
        amount=amounts,
        currency=st.just("KZT"),
        purpose=st.lists(words, max_size=4).map(" ".join),
        payer_tax_id=st.sampled_from(["", *(f"97124000131{n}" for n in range(5))]),
    ),
    max_size=5,
)


@given(transactions, open_items())
def test_applied_money_adds_up_and_never_exceeds_a_residual(lines, items):
    residual = {item.id: item.residual for item in items}
    left = dict(residual)
    partner = {item.id: item.partner_id for item in items}
    for line, decision in zip(lines, match(lines, items, PAYERS), strict=True):
        if decision.outcome == APPLIED:
            assert sum(amount for _id, amount in decision.allocations) == line.amount
            assert {partner[item_id] for item_id, _amount in decision.allocations} == {decision.partner_id}
        for candidate in decision.candidates:
            for item_id, amount in candidate.allocations:
                assert abs(amount) <= abs(residual[item_id])
                assert amount * residual[item_id] > 0
        if decision.outcome == APPLIED:
            for item_id, amount in decision.allocations:
                left[item_id] -= amount
                assert left[item_id] >= 0


@given(transactions, open_items(), st.randoms())
def test_the_order_of_the_items_does_not_matter(lines, items, random):
    shuffled = list(items)
    random.shuffle(shuffled)
    assert match(lines, items, PAYERS) == match(lines, shuffled, PAYERS[::-1])


@given(open_items(), amounts)
def test_a_number_of_two_documents_is_never_applied(items, amount):
    for number in {item.number for item in items}:
        documents = {item.id[0] for item in items if item.number == number}
        line = Transaction(1, DAY, amount, "KZT", f"оплата {number}")
        if len(documents) > 1:
            decision = match([line], items, PAYERS)[0]
            assert decision.outcome != APPLIED
            assert decision.allocations == ()


@given(open_items(), st.integers(1, 13), st.integers(0, 13), amounts)
def test_a_piece_of_a_number_is_never_applied(items, length, start, amount):
    piece = "INV/2026/00001"[start : start + length]
    if piece in ("INV/2026/00001", ""):
        return
    # "2026/00001" is a shorter writing, worth a suggestion at most.
    line = Transaction(1, DAY, amount, "KZT", piece)
    assert match([line], items, PAYERS)[0].outcome != APPLIED


@given(st.text(max_size=80), open_items(), amounts)
def test_any_text_is_survived(text, items, amount):
    assert len(match([Transaction(1, DAY, amount, "KZT", text)], items, PAYERS)) == 1
