"""The payment code: unique, typed on any keyboard, every slip noticed."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import references

NUMBERS = list(range(60)) + [10**k + 7 for k in range(3, 9)]


def test_numbers_have_codes_of_their_own():
    codes = {references.make(number) for number in range(20_000)}
    assert len(codes) == 20_000


@given(st.integers(0, 4 * 10**9), st.integers(0, 4 * 10**9))
def test_two_numbers_never_share_a_code(one, other):
    assert (references.make(one) == references.make(other)) == (one == other)


def test_codes_grow_when_seven_characters_are_used_up():
    last = len(references.LETTERS) * len(references.DIGITS) * len(references.ALPHABET) ** 4 - 1
    assert len(references.make(last)) == 7
    assert len(references.make(last + 1)) == 8
    with pytest.raises(ValueError):
        references.make(10**11)
    with pytest.raises(ValueError):
        references.make(-1)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_single_substitution_is_noticed(number):
    code = references.make(number)
    for place, symbol in itertools.product(range(len(code)), references.ALPHABET):
        if symbol != code[place]:
            assert not references.is_valid(code[:place] + symbol + code[place + 1 :])


@pytest.mark.parametrize("number", NUMBERS)
def test_every_swap_of_neighbours_is_noticed(number):
    code = references.make(number)
    for place in range(len(code) - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert swapped == code or not references.is_valid(swapped)


@given(st.integers(0, 10**7))
def test_a_code_typed_in_cyrillic_is_the_same_code(number):
    code = references.make(number)
    cyrillic = code.translate(str.maketrans("ABCEHKMPTXY", "АВСЕНКМРТХУ"))
    assert references.find(f"оплата по счету, код {cyrillic.lower()}.") == [code]


def test_words_and_numbers_are_no_codes():
    text = (
        "КОМНАТА ТЕТРАДЬ МАМА ВЕТЕРАН СМЕТАНА 2026112 1234567 KZ79722S000001674774 ЖШС НЕХВАТКА КАРКАС ҚҰРМЕТ"
    )
    assert references.find(text) == []


def test_a_code_counts_as_a_whole_token_only():
    code = references.make(42)
    assert references.find(f"№{code}, {code}/1 и реф.{code};") == [code]
    assert references.find(f"X{code} {code}9 А{code}А") == []


def test_codes_come_in_their_order():
    first, second = references.make(1), references.make(2)
    assert references.find(f"{second} {first} {second}") == [second, first]


@given(st.text())
def test_any_text_may_come(text):
    for code in references.find(text):
        assert references.is_valid(code)
