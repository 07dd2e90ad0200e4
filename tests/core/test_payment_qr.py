"""Payment QR codes: filled completely or refused by name."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.payment_qr import (
    Merchant,
    Payment,
    PaymentQrError,
    crc16,
    emv,
    from_template,
    latin,
    placeholders,
    st00012,
)

KZ = Payment(
    amount=Decimal("12500.50"),
    currency="KZT",
    code="K4TMX9B",
    number="INV/2026/00012",
    name="ТОО «Алатау»",
    tax_id="180340021457",
    account="KZ79722S000001674774",
    bank="Kaspi",
    bic="CASPKZKA",
    purpose="Оплата по счёту",
    city="Алматы",
    country="KZ",
)
RU = replace(
    KZ,
    currency="RUB",
    name="ООО «Три кита»",
    account="40702810138250123017",
    bank="ОАО «БАНК»",
    bic="044525225",
    correspondent="30101810400000000225",
    tax_id="6200098765",
    purpose="Оплата членского взноса",
)
MERCHANT = Merchant(26, "kz.bank", "M123", "5211")


def tlv(text):
    """{tag: value} of an EMV text."""
    found = {}
    while text:
        length = int(text[2:4])
        found[text[:2]] = text[4 : 4 + length]
        text = text[4 + length :]
    return found


class TestTemplate:
    def test_a_link_is_filled_and_encoded(self):
        text = from_template("https://pay.example/x?s={amount}&r={code}&n={number}", KZ)
        assert text == "https://pay.example/x?s=12500.50&r=K4TMX9B&n=INV%2F2026%2F00012"

    def test_a_text_is_filled_as_it_is(self):
        assert from_template("{name};{amount_cents};{account}", KZ) == (
            "ТОО «Алатау»;1250050;KZ79722S000001674774"
        )

    def test_a_merchants_own_page_needs_no_placeholder(self):
        assert from_template("https://pay.kaspi.kz/pay/abcdefgh", KZ) == "https://pay.kaspi.kz/pay/abcdefgh"

    @pytest.mark.parametrize(
        "template",
        ["", "hello", "{nobody}", "{amount", "{amount!r}", "{amount:>9}", "{}", "{code.__class__}"],
    )
    def test_what_cannot_be_filled_is_refused(self, template):
        with pytest.raises(PaymentQrError) as error:
            from_template(template, KZ)
        assert error.value.field == "template"

    def test_an_unknown_value_is_named(self):
        with pytest.raises(PaymentQrError) as error:
            from_template("https://x.example/{code}", replace(KZ, code=""))
        assert error.value.field == "code"

    def test_names_in_order(self):
        assert placeholders("a{code}b{amount}") == ["code", "amount"]


class TestSt00012:
    def test_required_keys_in_the_standards_order_and_kopecks(self):
        parts = st00012(RU).split("|")
        assert parts[0] == "ST00012"
        assert [part.split("=")[0] for part in parts[1:6]] == [
            *("Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc")
        ]
        assert "Sum=1250050" in parts
        assert "PayeeINN=6200098765" in parts

    def test_the_separator_is_in_no_value(self):
        text = st00012(replace(RU, purpose="a|b", number="n^1"))
        assert text.startswith("ST00012~")
        assert "Purpose=a|b" in text.split("~")

    @pytest.mark.parametrize(
        ("field", "values"),
        [
            ("account", {"account": "KZ79722S000001674774"}),
            ("bic", {"bic": "CASPKZKA"}),
            ("correspondent", {"correspondent": ""}),
            ("currency", {"currency": "KZT"}),
            ("name", {"name": " "}),
            ("bank", {"bank": ""}),
            ("purpose", {"purpose": ""}),
            ("amount", {"amount": Decimal(0)}),
        ],
    )
    def test_what_is_missing_is_named(self, field, values):
        with pytest.raises(PaymentQrError) as error:
            st00012(replace(RU, **values))
        assert error.value.field == field

    @given(st.text(min_size=1, max_size=60).filter(lambda text: text.strip()))
    def test_any_purpose_stays_one_field_or_is_refused(self, purpose):
        try:
            text = st00012(replace(RU, purpose=purpose))
        except PaymentQrError:
            return
        separator = text[7]
        assert sum(part.startswith("Purpose=") for part in text[8:].split(separator)) == 1
        assert len(text[8:].split(separator)) == 9


class TestEmv:
    def test_check_values(self):
        assert crc16("123456789") == "29B1"
        example = (
            "000201010212520400005303398540812500.005802KZ5911TOO TEST KZ6006ALMATY62150111INV202600126304"
        )
        assert crc16(example) == "F762"

    def test_fields(self):
        text = emv(KZ, MERCHANT)
        fields = tlv(text)
        assert crc16(text[:-4]) == text[-4:] == fields["63"]
        assert fields["01"] == "12"
        assert fields["53"] == "398"
        assert fields["54"] == "12500.50"
        assert fields["58"] == "KZ"
        assert fields["59"] == "TOO Alatau"
        assert fields["60"] == "Almaty"
        assert tlv(fields["26"]) == {"00": "kz.bank", "01": "M123"}
        assert tlv(fields["62"]) == {"01": "K4TMX9B"}

    @pytest.mark.parametrize(
        ("field", "payment", "merchant"),
        [
            ("merchant", {}, {"account": ""}),
            ("merchant", {}, {"guid": ""}),
            ("merchant", {}, {"tag": 25}),
            ("merchant", {}, {"category": "12"}),
            ("merchant", {}, {"account": "x" * 100}),
            ("currency", {"currency": "XXX"}, {}),
            ("city", {"city": ""}, {}),
            ("city", {"country": ""}, {}),
            ("name", {"name": "«»"}, {}),
            ("amount", {"amount": Decimal(0)}, {}),
        ],
    )
    def test_what_is_missing_is_named(self, field, payment, merchant):
        with pytest.raises(PaymentQrError) as error:
            emv(replace(KZ, **payment), replace(MERCHANT, **merchant))
        assert error.value.field == field

    @given(st.text(max_size=80), st.text(max_size=40))
    def test_only_ascii_and_right_lengths_come_out(self, name, city):
        try:
            text = emv(replace(KZ, name=name, city=city), MERCHANT)
        except PaymentQrError:
            return
        assert text.isascii()
        assert crc16(text[:-4]) == tlv(text)["63"]

    def test_kazakh_letters(self):
        assert latin("Іле Құрылыс Щ") == "Ile Qurylys SHCH"
