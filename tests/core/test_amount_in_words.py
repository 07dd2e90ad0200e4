"""Amounts in words: the traps of num2words, of gender, of declension."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.amount_in_words import LANGUAGES, amount_in_words, number_in_words


@pytest.mark.parametrize(
    ("amount", "currency", "lang", "words"),
    [
        ("151200", "KZT", "ru", "Сто пятьдесят одна тысяча двести тенге 00 тиын"),
        ("151200", "KZT", "kk", "Жүз елу бір мың екі жүз теңге 00 тиын"),
        ("100000", "KZT", "ru", "Сто тысяч тенге 00 тиын"),
        ("1", "KZT", "ru", "Один тенге 00 тиын"),
        ("2.05", "KZT", "ru", "Два тенге 05 тиын"),
        ("21", "KZT", "ru", "Двадцать один тенге 00 тиын"),
        ("1000", "KZT", "ru", "Одна тысяча тенге 00 тиын"),
        ("2000.5", "KZT", "ru", "Две тысячи тенге 50 тиын"),
        ("1000000", "KZT", "ru", "Один миллион тенге 00 тиын"),
        ("2000000", "KZT", "ru", "Два миллиона тенге 00 тиын"),
        ("5000000", "KZT", "ru", "Пять миллионов тенге 00 тиын"),
        ("1000000", "KZT", "kk", "Бір миллион теңге 00 тиын"),
        ("0", "KZT", "ru", "Ноль тенге 00 тиын"),
        ("0", "KZT", "kk", "Нөл теңге 00 тиын"),
        ("0.99", "KZT", "en", "Zero tenge 99 tiyn"),
        ("1", "RUB", "ru", "Один рубль 00 копеек"),
        ("2.01", "RUB", "ru", "Два рубля 01 копейка"),
        ("11.12", "RUB", "ru", "Одиннадцать рублей 12 копеек"),
        ("1021.22", "RUB", "ru", "Одна тысяча двадцать один рубль 22 копейки"),
        ("5", "RUB", "kk", "Бес рубль 00 копейка"),
        ("1", "UAH", "ru", "Одна гривна 00 копеек"),
        ("2002", "UAH", "ru", "Две тысячи две гривны 00 копеек"),
        ("3", "KGS", "ru", "Три сома 00 тыйынов"),
        ("5.02", "UZS", "ru", "Пять сумов 02 тийина"),
        ("101", "USD", "ru", "Сто один доллар США 00 центов"),
        ("4.03", "EUR", "ru", "Четыре евро 03 цента"),
        ("1", "USD", "en", "One US dollar 00 cents"),
        ("2.01", "EUR", "en", "Two euros 01 cent"),
        ("7", "CHF", "ru", "Семь CHF 00/100"),
        ("-5.10", "KZT", "ru", "Минус пять тенге 10 тиын"),
        ("-0.001", "KZT", "ru", "Ноль тенге 00 тиын"),
        ("0.995", "KZT", "ru", "Один тенге 00 тиын"),
        (
            "2345678901.23",
            "KZT",
            "kk",
            "Екі миллиард үш жүз қырық бес миллион алты жүз жетпіс сегіз мың тоғыз жүз бір теңге 23 тиын",
        ),
    ],
)  # fmt: skip
def test_words(amount, currency, lang, words):
    assert amount_in_words(Decimal(amount), currency, lang) == words


def test_only_decimals_are_money():
    for amount in (100, 1.5, "3"):
        with pytest.raises(TypeError):
            amount_in_words(amount, "KZT", "ru")
    with pytest.raises(ValueError):
        amount_in_words(Decimal(1), "KZT", "fr")


def test_counts_are_neuter():
    assert number_in_words(21, "ru") == "двадцать одно"
    assert number_in_words(21, "kk") == "жиырма бір"


@given(
    st.decimals(min_value=0, max_value=10**13, places=2),
    st.sampled_from(["KZT", "RUB", "KGS", "UZS", "USD", "EUR", "CHF"]),
    st.sampled_from(LANGUAGES),
)
def test_hundredths_are_digits_and_the_first_letter_is_a_capital(amount, currency, lang):
    words = amount_in_words(amount, currency, lang)
    assert words[0].isupper()
    rest = f"{amount:.2f}"[-2:]
    assert f" {rest}" in words
    assert "  " not in words
    whole = words.rsplit(f" {rest}", 1)[0]
    assert not any(char.isdigit() for char in whole), "the whole units are words"
