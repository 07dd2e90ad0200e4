"""What a complete invoice needs, and the check digit of BIN and IIN."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.requisites import Demands, Finding, Requisites, check, is_valid_bin
from demo.identifiers import check_digit

COMPLETE = Requisites(
    customer_kind="corporate",
    country="KZ",
    customer_country="KZ",
    email="buh@stroyservis.example",
    tax_id="190640012340",
    has_address=True,
    has_contract=True,
    currency="KZT",
    bank_currencies=frozenset({"KZT"}),
    seller_tax_id="190640012340",
)
DEMANDS = Demands(sends=True, contract=True)


def codes(facts, demands=DEMANDS):
    return [finding.code for finding in check(facts, demands)]


def stem_and_digit():
    return st.text("0123456789", min_size=11, max_size=11).map(lambda stem: (stem, check_digit(stem)))


@given(stem_and_digit())
def test_only_one_check_digit_is_right(pair):
    stem, digit = pair
    right = [last for last in range(10) if is_valid_bin(f"{stem}{last}")]
    assert right == ([] if digit is None else [digit])


@pytest.mark.parametrize("number", ["", "12345678901", "1234567890123", "19064001234A", "١٢٣٤٥٦٧٨٩٠١٢"])
def test_anything_but_twelve_digits_is_wrong(number):
    assert not is_valid_bin(number)


def test_real_numbers_of_public_companies_are_right():
    # Kazpost and KazMunayGas, as they stand on their sites.
    assert is_valid_bin("000140002217")
    assert is_valid_bin("020240000555")


def complete():
    return replace(COMPLETE, tax_id="000140002217")


def test_nothing_is_missing():
    assert check(complete(), DEMANDS) == ()


@pytest.mark.parametrize(
    ("change", "code", "side"),
    [
        ({"email": ""}, "email", "customer"),
        ({"email": "none"}, "email_wrong", "customer"),
        ({"tax_id": " "}, "tax_id", "customer"),
        ({"has_address": False}, "address", "customer"),
        ({"has_contract": False}, "contract", "order"),
        ({"bank_currencies": frozenset()}, "bank_account", "seller"),
        ({"currency": "USD"}, "bank_currency", "seller"),
        ({"customer_kind": "government", "seller_tax_id": ""}, "seller_tax_id", "seller"),
    ],
)
def test_each_missing_thing_is_named_and_stops(change, code, side):
    assert check(replace(complete(), **change), DEMANDS) == (Finding(code, side),)


def test_a_wrong_check_digit_is_a_warning_and_comes_last():
    assert check(replace(complete(), tax_id="000140002218"), DEMANDS) == (
        Finding("tax_id_check", "customer", warning=True),
    )
    found = check(replace(complete(), tax_id="000140002218", currency="USD"), DEMANDS)
    assert [finding.code for finding in found] == ["bank_currency", "tax_id_check"]


def test_a_number_of_another_country_has_no_such_digit():
    assert codes(replace(complete(), customer_country="RU", tax_id="7707083893")) == []
    assert codes(replace(complete(), customer_country="DE", tax_id="")) == []
    assert codes(replace(complete(), country="US", customer_country="", tax_id="")) == []
    assert codes(replace(complete(), customer_country="", tax_id="")) == ["tax_id"]


def test_an_account_of_any_currency_is_good_for_each():
    assert codes(replace(complete(), currency="USD", bank_currencies=frozenset({"KZT", ""}))) == []


def test_a_person_needs_little_and_an_invoice_that_is_not_sent_no_address():
    bare = Requisites(customer_kind="retail", country="KZ", currency="KZT", bank_currencies=frozenset({""}))
    assert codes(bare) == ["email"]
    assert codes(bare, Demands(sends=False)) == []
    assert codes(replace(complete(), email=""), Demands(sends=False)) == []


@pytest.mark.parametrize(
    "email", ["a@b.kz", "Buh <a@b.kz>", "x, a@b.kz", "a@b.kz; c@d.kz", "a.b+c@d-e.co.kz"]
)
def test_addresses_that_can_be_written_to(email):
    assert codes(replace(complete(), email=email)) == []


@pytest.mark.parametrize("email", ["a@b", "@b.kz", "a b", "нет", "a@.kz "])
def test_addresses_that_cannot(email):
    assert codes(replace(complete(), email=email)) == ["email_wrong"]
