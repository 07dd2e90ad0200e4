"""Texts, formats, sums and the arithmetic of the act of reconciliation."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import formats, reconciliation, sums, texts, units

D = Decimal


class TestTexts:
    def test_every_text_has_the_same_placeholders_in_each_language(self):
        for key, versions in texts._TEXTS.items():
            assert len(versions) == 3 and all(text.strip() for text in versions), key
            names = {frozenset(re.findall(r"{(\w+)}", text)) for text in versions}
            assert len(names) == 1, key

    @pytest.mark.parametrize(
        ("code", "lang"),
        [("ru_RU", "ru"), ("kk_KZ", "kk"), ("kk", "kk"), ("en_US", "en"), ("fr_FR", "en"), (None, "ru")],
    )
    def test_language_of_a_customer(self, code, lang):
        assert texts.language_of(code) == lang

    def test_units(self):
        assert units.short_unit("product_uom_unit", "kk", "Units") == "дана"
        assert units.short_unit("", "ru", "рулон") == "рулон"


class TestFormats:
    def test_money(self):
        assert formats.money(D("1234567.8"), "ru") == "1\u00a0234\u00a0567,80"
        assert formats.money(D("1234567.8"), "en") == "1,234,567.80"
        assert formats.money(D("-0.005"), "ru") == "-0,01"

    def test_quantity_and_percent(self):
        assert formats.quantity(D("12.000"), "ru") == "12"
        assert formats.quantity(D("2.5"), "kk") == "2,5"
        assert formats.quantity(D("1200"), "en") == "1,200"
        assert formats.percent(D("16"), "ru") == "16\u00a0%"

    def test_dates(self):
        day = date(2026, 2, 1)
        assert formats.long_date(day, "ru").replace("\u00a0", " ") == "1 февраля 2026 г."
        assert formats.long_date(day, "kk").replace("\u00a0", " ") == "2026 жылғы 1 ақпан"
        assert formats.long_date(day, "en").replace("\u00a0", " ") == "1 February 2026"
        assert formats.short_date(day) == "01.02.2026"


def line(net, gross, rate=16, quantity=1, **values):
    return sums.Line(
        "x",
        net=D(net),
        gross=D(gross),
        rate=None if rate is None else D(rate),
        quantity=D(quantity),
        **values,
    )


class TestSums:
    def test_taxes_by_rate_and_headings_apart(self):
        total = sums.add_up(
            [
                sums.Line("Раздел", heading=True),
                line("100", "116"),
                line("100", "112", 12),
                line("50", "50", None),
            ]
        )
        assert (total.net, total.gross, total.tax, total.count) == (D(250), D(278), D(28), 3)
        assert total.taxes == ((D(16), D(16)), (D(12), D(12)))
        assert not total.with_tax

    def test_prices_hold_the_tax_only_when_all_do(self):
        assert sums.add_up([line("100", "116", included=True)]).with_tax
        assert not sums.add_up([line("100", "116", included=True), line("100", "116")]).with_tax
        assert not sums.add_up([line("5", "5", None)]).with_tax

    def test_cents_of_rounding_go_to_the_largest_line(self):
        lines = [line("10.00", "11.60"), line("100.00", "116.00")]
        settled = sums.settle(lines, D("110.00"), D("127.61"))
        assert [one.gross for one in settled] == [D("11.60"), D("116.01")]
        assert sums.settle(lines, D("110.00"), D("130.00")) == lines, "that is no rounding"

    @given(st.lists(st.integers(1, 10**8), min_size=1, max_size=20), st.integers(-3, 3))
    def test_settled_lines_add_up(self, cents, gap):
        lines = [line(D(value) / 100, D(value) / 100) for value in cents]
        wanted = D(sum(cents) + gap) / 100
        total = sums.add_up(sums.settle(lines, wanted, wanted))
        assert total.gross == (wanted if abs(gap) <= len(cents) else D(sum(cents)) / 100)

    def test_pieces_and_tonnes_are_not_added(self):
        lines = [line("1", "1", quantity=2, unit="шт."), line("1", "1", quantity="2.5", unit="т")]
        assert sums.quantities([*lines, lines[0]]) == {"шт.": D(4), "т": D("2.5")}

    def test_price_is_after_discount(self):
        assert line("180", "208.80", quantity=2).price(False) == D("90.00")
        assert line("180", "208.80", quantity=2).price(True) == D("104.40")
        assert line("5", "5", quantity=0).price(True) == 0


class TestReconciliation:
    def test_currencies_stay_apart(self):
        move = reconciliation.Movement
        day = date(2026, 2, 1)
        accounts = reconciliation.statements(
            {"KZT": D(100), "EUR": D(0)},
            [
                move(day, "a", "KZT", D(50)),
                move(day, "b", "USD", D(-7)),
                move(day, "c", "KZT", D(-30)),
                move(day, "zero", "RUB", D(0)),
            ],
        )
        assert [account.currency for account in accounts] == ["KZT", "USD"]
        kzt, usd = accounts
        assert (kzt.opening, kzt.debit, kzt.credit, kzt.closing) == (D(100), D(50), D(30), D(120))
        assert (usd.opening, usd.closing) == (D(0), D(-7))
        assert reconciliation.side(usd.closing) == (D(0), D(7))

    @given(
        st.decimals(-(10**6), 10**6, places=2),
        st.lists(st.decimals(-(10**6), 10**6, places=2), max_size=30),
    )
    def test_opening_plus_turnover_is_closing(self, opening, amounts):
        moves = [reconciliation.Movement(date(2026, 1, 1), "x", "KZT", amount) for amount in amounts]
        for account in reconciliation.statements({"KZT": opening}, moves):
            assert account.closing == opening + sum(amounts)
            assert account.closing == account.opening + sum(row.debit - row.credit for row in account.rows)
