"""What holds for any payments and any open items."""

import datetime
import itertools
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.matching import APPLIED, OpenItem, Payer, Settings, Transaction, match
from core.matching.reasons import ALL, EARNABLE, TRUSTED
from core.matching.sums import find_sums
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


EARNED = Settings("earned", EARNABLE)
settings = st.sampled_from([Settings(), EARNED, Settings("earned", EARNABLE, third_party="apply")])


@given(transactions, open_items(), st.randoms(), settings)
def test_the_order_of_the_items_does_not_matter(lines, items, random, how):
    shuffled = list(items)
    random.shuffle(shuffled)
    assert match(lines, items, PAYERS, how) == match(lines, shuffled, PAYERS[::-1], how)


@given(transactions, open_items(), settings)
def test_whatever_has_earned_trust_nothing_is_paid_twice_or_beyond_the_payment(lines, items, how):
    left = {item.id: item.residual for item in items}
    for line, decision in zip(lines, match(lines, items, PAYERS, how), strict=True):
        assert decision.reason in ALL
        if decision.outcome != APPLIED:
            assert decision.automatic_by == ""
            continue
        assert decision.reason in (TRUSTED if decision.automatic_by == "trusted" else how.earned)
        assert sum(amount for _id, amount in decision.allocations) <= line.amount
        for item_id, amount in decision.allocations:
            assert 0 < amount <= left[item_id] or left[item_id] <= amount < 0
            left[item_id] -= amount


@given(transactions, open_items())
def test_with_the_automation_off_nothing_is_applied_and_the_answers_are_the_same(lines, items):
    off = match(lines, items, PAYERS, Settings("off"))
    assert all(decision.outcome != APPLIED for decision in off)
    if len(lines) == 1:
        on = match(lines, items, PAYERS)
        assert [d.candidates for d in on] == [d.candidates for d in off]


noise = st.lists(
    st.sampled_from(
        ["оплата", "за товар", "по счету", "от 01.11.2026", "договор 1", "НДС 16% 100-00", "3 шт"]
    ),
    max_size=5,
).map(" ".join)


@given(noise, amounts, st.integers(0, 4), settings)
def test_two_answers_are_never_applied(text, amount, others, how):
    items = [
        OpenItem(
            (n, 1), 0, "invoice", f"INV/2026/{n + 1:05}", amount if n < 2 else amount + n, "KZT", date=DAY
        )
        for n in range(others + 2)
    ]
    line = Transaction(1, DAY, amount, "KZT", text, payer_tax_id="971240001310")
    decision = match([line], items, PAYERS, how)[0]
    assert decision.outcome != APPLIED
    assert decision.allocations == ()


@given(st.lists(st.integers(-9, 20), max_size=9), st.integers(-5, 60), st.integers(1, 4))
def test_sums_are_those_of_a_plain_search(values, target, most):
    wanted = {
        chosen
        for size in range(1, most + 1)
        for chosen in itertools.combinations(range(len(values)), size)
        if sum(values[place] for place in chosen) == target
    }
    found, complete = find_sums(values, target, most, 10**6, min_items=1, limit=10**6)
    assert complete
    assert sorted(found) == sorted(wanted)


GLUED = (
    "N",
    "NO",
    "ЗА",
    "ОТ",
    "НА",
    "ПО",
    "ИП",
    "СЧ",
    "ТОО",
    "ООО",
    "ДОГ",
    "ДЛЯ",
    "БЕЗ",
    "НДС",
    "ОПЛ",
    "РЕФ",
    "ИНВ",
)


@given(st.from_regex(r"[A-ZА-Я0-9]{1,3}", fullmatch=True), st.booleans(), settings)
def test_a_number_inside_a_longer_token_is_never_applied(extra, front, how):
    token = f"{extra}INV/2026/00007" if front else f"INV/2026/00007{extra}"
    items = [
        OpenItem((n, 1), 0, "invoice", f"INV/2026/{n:05}", Decimal(200), "KZT", date=DAY) for n in (7, 8)
    ]
    line = Transaction(1, DAY, Decimal(200), "KZT", f"оплата {token}", payer_tax_id="971240001310")
    decision = match([line], items, PAYERS, how)[0]
    # A few words that people glue on are told apart; nothing else is.
    assert decision.outcome != APPLIED or extra in GLUED
