"""What an import would do, before it does it."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.bank_formats import Booked, Statement, Transaction, opening_gap, plan_import


def line(number, day, amount, currency="", fingerprint=None):
    return Transaction(
        date=date(2026, 9, day),
        amount=Decimal(amount),
        line=number,
        currency=currency,
        fingerprint=fingerprint or str(number),
    )


def plan(lines, known=(), lock=None, opening="100", closing="200"):
    statement = Statement(
        "1c",
        opening=None if opening is None else Decimal(opening),
        closing=None if closing is None else Decimal(closing),
        transactions=tuple(lines),
    )
    return plan_import(statement, set(known), lock_date=lock, currency="KZT", digits=2)


def test_new_lines_come_in_the_order_of_their_dates():
    result = plan([line(1, 16, 5), line(2, 15, 6), line(3, 15, 7)])
    assert [t.line for t in result.new] == [2, 3, 1]
    assert (result.balance_start, result.balance_end) == (100, 200)


def test_known_lines_before_the_new_ones_raise_the_opening_balance():
    result = plan([line(1, 14, 30), line(2, 15, 70)], known={"1"})
    assert [t.line for t in result.known] == [1]
    assert (result.balance_start, result.balance_end) == (130, 200)


def test_new_lines_between_known_ones_get_no_balances():
    result = plan([line(1, 14, 30), line(2, 16, 70)], known={"2"})
    assert (result.balance_start, result.balance_end) == (None, None)
    assert [notice.code for notice in result.notices] == ["no_balances"]


def test_lock_date_is_inclusive_and_known_lines_are_no_matter_of_it():
    result = plan([line(1, 14, 1), line(2, 15, 2), line(3, 16, 3)], known={"1"}, lock=date(2026, 9, 15))
    assert ([t.line for t in result.locked], [t.line for t in result.new]) == ([2], [3])
    assert result.balance_start == 103


def test_lines_that_the_journal_cannot_hold_are_listed():
    result = plan([line(1, 14, 1, "USD"), line(2, 14, "0.005"), line(3, 14, 3, "KZT")])
    assert [u.code for u in result.unread] == ["other_currency", "amount_too_fine"]
    assert [t.line for t in result.new] == [3]


def test_no_balances_without_new_lines_or_without_balances_in_the_file():
    assert plan([line(1, 14, 1)], known={"1"}).balance_end is None
    assert plan([line(1, 14, 1)], opening=None).balance_end is None


def test_closing_balance_is_not_taken_when_lines_were_unread():
    result = plan([line(1, 14, 1, "USD"), line(2, 14, 3)])
    assert (result.balance_start, result.balance_end) == (None, None)
    assert [notice.code for notice in result.notices] == ["no_balances_unread"]


def test_gap_to_the_balance_before_is_told_with_both_numbers():
    result = plan([line(1, 14, 100)])
    assert opening_gap(result, Decimal(100)) is None
    assert opening_gap(result, None) is None
    assert opening_gap(result, Decimal(90)).params == {"stated": "100.00", "computed": "90.00"}


# --- the same operation in other words ---------------------------------------
def booked(number, day, amount, fmt="camt", **facts):
    return Booked(number, date(2026, 9, day), Decimal(amount), fmt, **facts)


def duplicates(lines, there, **options):
    statement = Statement("1c", transactions=tuple(lines))
    result = plan_import(statement, set(), lock_date=None, currency="KZT", digits=2, booked=there, **options)
    return {d.transaction.line: d.booked_id for d in result.duplicates}, [t.line for t in result.new]


def test_other_format_brings_only_what_is_not_there_yet():
    lines = [line(1, 14, 10), line(2, 14, 10), line(3, 15, 10), line(4, 14, -10)]
    assert duplicates(lines, [booked(7, 14, 10)]) == ({1: 7}, [2, 4, 3])


def test_the_duplicate_is_the_one_whose_texts_agree():
    lines = [
        replace(line(1, 14, 10), counterparty_tax_id="111"),
        replace(line(2, 14, 10), counterparty_tax_id="222"),
        replace(line(3, 14, 10), purpose="Счёт  7"),
    ]
    there = [booked(7, 14, 10, counterparty_tax_id="222"), booked(8, 14, 10, purpose="счет 7")]
    assert duplicates(lines, there) == ({2: 7, 3: 8}, [1])


def test_other_numbers_in_the_same_format_are_other_operations():
    lines = [replace(line(1, 14, 10), document_number="1"), replace(line(2, 14, 10), document_number="2")]
    there = [booked(7, 14, 10, "1c", document_number="3"), booked(8, 14, 10, "1c", document_number="2")]
    assert duplicates(lines, there) == ({2: 8}, [1])


def test_what_somebody_entered_by_hand_counts_too():
    assert duplicates([line(1, 14, 10)], [booked(7, 14, 10, "")]) == ({1: 7}, [])


def test_accepted_duplicates_are_new_and_hold_their_place():
    lines = [line(1, 14, 10), line(2, 14, 10)]
    assert duplicates(lines, [booked(7, 14, 10)], accepted={"1"}) == ({}, [1, 2])


def test_possible_duplicate_in_a_closed_period_is_called_one():
    statement = Statement("1c", transactions=(line(1, 14, 10), line(2, 14, 20)))
    result = plan_import(
        statement,
        set(),
        lock_date=date(2026, 9, 14),
        currency="KZT",
        digits=2,
        booked=[booked(7, 14, 10)],
    )
    assert ([d.booked_id for d in result.duplicates], [t.line for t in result.locked]) == ([7], [2])


FACTS = st.sampled_from(["", "a", "b"])
OPERATIONS = st.tuples(st.integers(1, 2), st.sampled_from([10, -10, 20]), FACTS, FACTS, FACTS)


def _transactions(operations):
    return [
        replace(line(place, day, amount), document_number=number, counterparty_tax_id=tax_id, purpose=text)
        for place, (day, amount, number, tax_id, text) in enumerate(operations)
    ]


def _booked(operations, fmt="camt"):
    return [
        booked(place, day, amount, fmt, document_number=number, counterparty_tax_id=tax_id, purpose=text)
        for place, (day, amount, number, tax_id, text) in enumerate(operations)
    ]


@given(st.lists(OPERATIONS, max_size=12), st.lists(OPERATIONS, max_size=12))
def test_afterwards_the_journal_holds_the_larger_number_of_each_day_and_amount(file, there):
    pairs, new = duplicates(_transactions(file), _booked(there))
    before = Counter((day, amount) for day, amount, *_rest in there)
    wanted = Counter((day, amount) for day, amount, *_rest in file)
    added = Counter(file[place][:2] for place in new)
    assert before + added == before | wanted
    # Each line there answers for one operation, of its own day and amount; nothing is lost.
    assert len(set(pairs.values())) == len(pairs)
    assert all(file[place][:2] == there[booked_id][:2] for place, booked_id in pairs.items())
    assert sorted([*pairs, *new]) == list(range(len(file)))


@given(st.lists(OPERATIONS, max_size=12), st.randoms())
def test_file_of_another_format_with_the_same_operations_adds_nothing(operations, random):
    there = _booked(operations)
    random.shuffle(there)
    pairs, new = duplicates(_transactions(operations), there)
    assert not new
    # Those with the same texts are paired with each other.
    for place, booked_id in pairs.items():
        number, tax_id, text = operations[place][2:]
        if number and tax_id and text:
            assert operations[booked_id][2:4] == (number, tax_id)


@given(st.lists(OPERATIONS, max_size=12), st.lists(OPERATIONS, max_size=12))
def test_same_format_calls_only_lines_with_the_same_numbers_duplicates(file, there):
    pairs, new = duplicates(_transactions(file), _booked(there, "1c"))
    assert all(file[place][:4] == there[booked_id][:4] for place, booked_id in pairs.items())
    assert sorted([*pairs, *new]) == list(range(len(file)))


def test_many_equal_amounts_on_one_day_take_no_square_of_the_time():
    # 20,000 on both sides: with a comparison of each with each this would be 400 million.
    number = 20_000
    lines = [replace(line(place, 14, 10), document_number=str(place)) for place in range(number)]
    there = [booked(place, 14, 10, document_number=str(-place)) for place in range(number)]
    pairs, new = duplicates(lines, there)
    assert (len(pairs), new) == (number, [])
