"""What a payment QR code says: a link or text of the bank's, ST00012 (GOST R 56042-2014), or EMV.

Every function either fills all that its format needs or raises `PaymentQrError` with the name of what is
missing: a QR code that a bank's app reads and cannot pay is worse than none.
"""

import re
import string
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

#: ISO 4217 numbers of the currencies of the region and of trade
CURRENCY_NUMBERS = {
    "KZT": "398",
    "RUB": "643",
    "KGS": "417",
    "UZS": "860",
    "USD": "840",
    "EUR": "978",
    "CNY": "156",
    "BYN": "933",
}
#: codes of PaymentQrError.field
FIELDS = (
    *("template", "amount", "currency", "code", "number", "name", "tax_id", "account", "bank", "bic"),
    *("correspondent", "merchant", "city", "purpose"),
)


class PaymentQrError(ValueError):
    """What a payment QR code lacks; ``field`` is one of FIELDS, ``detail`` says more where there is more."""

    def __init__(self, field: str, detail: str = ""):
        super().__init__(f"{field}: {detail}" if detail else field)
        self.field = field
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment to be made. ``amount`` in units of ``currency``; texts may be empty where unknown."""

    amount: Decimal
    currency: str
    code: str = ""
    number: str = ""
    name: str = ""
    tax_id: str = ""
    account: str = ""
    bank: str = ""
    bic: str = ""
    correspondent: str = ""
    purpose: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Merchant:
    """How a scheme knows the payee (EMV): ``tag`` 26 to 51, ``guid`` of the scheme, ``account`` in it."""

    tag: int
    guid: str
    account: str
    category: str = "0000"


# -- template ------------------------------------------------------------------
PLACEHOLDERS = (
    *("amount", "amount_cents", "currency", "code", "number", "name", "tax_id", "account", "bank", "bic"),
    "purpose",
)


def placeholders(template: str) -> list[str]:
    """The placeholders of a template, in their order.

    :raises PaymentQrError: ``template`` for unpaired braces, an unknown name, or a format of one.
    """
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as error:
        raise PaymentQrError("template", str(error)) from error
    names = []
    for _text, name, spec, conversion in parts:
        if name is None:
            continue
        if name not in PLACEHOLDERS or spec or conversion:
            raise PaymentQrError("template", "{" + name + "}")
        names.append(name)
    return names


def from_template(template: str, payment: Payment) -> str:
    """A link or text with each placeholder filled; values in a link are percent-encoded.

    :raises PaymentQrError: when the template is empty or wrong, has no placeholder but is no link, or a
        value is unknown. A link without a placeholder (a merchant's own page) is allowed: the payer types
        the amount.
    """
    template = (template or "").strip()
    if not template:
        raise PaymentQrError("template")
    is_link = bool(re.match(r"[a-z][a-z0-9+.-]*://", template, re.IGNORECASE))
    names = placeholders(template)
    if not names and not is_link:
        raise PaymentQrError("template", "no placeholder")
    values = {
        "amount": f"{payment.amount:.2f}",
        "amount_cents": f"{payment.amount * 100:.0f}",
        "currency": payment.currency,
        "code": payment.code,
        "number": payment.number,
        "name": payment.name,
        "tax_id": payment.tax_id,
        "account": payment.account,
        "bank": payment.bank,
        "bic": payment.bic,
        "purpose": payment.purpose,
    }
    for name in names:
        if not values[name]:
            raise PaymentQrError(name)
    if names and payment.amount <= 0:
        raise PaymentQrError("amount")
    return template.format(
        **{name: quote(values[name], safe="") if is_link else values[name] for name in names}
    )


# -- ST00012 ---------------------------------------------------------------------
#: any of these may separate the fields; the first that no value contains does
_SEPARATORS = "|^~;#$&*_"
#: GOST R 56042-2014 knows 1 windows-1251, 2 UTF-8, 3 KOI8-R; we write UTF-8, which has every letter
_ENCODING = "2"


def _digits(value: str, length: int, field: str) -> str:
    value = re.sub(r"\s", "", value or "")
    if not re.fullmatch(rf"[0-9]{{{length}}}", value):
        raise PaymentQrError(field, value)
    return value


def st00012(payment: Payment) -> str:
    """The text of GOST R 56042-2014 for a Russian account; to be encoded as UTF-8.

    The five required keys come first, in the standard's order; the sum is in kopecks.
    :raises PaymentQrError: for what is missing or is no Russian requisite.
    """
    if payment.currency != "RUB":
        raise PaymentQrError("currency", payment.currency)
    if payment.amount <= 0:
        raise PaymentQrError("amount")
    for field in ("name", "bank", "purpose"):
        if not getattr(payment, field).strip():
            raise PaymentQrError(field)
    pairs = [
        ("Name", payment.name.strip()[:160]),
        ("PersonalAcc", _digits(payment.account, 20, "account")),
        ("BankName", payment.bank.strip()[:45]),
        ("BIC", _digits(payment.bic, 9, "bic")),
        # A bank without a correspondent account (a branch of the treasury) is marked by a 0.
        ("CorrespAcc", _digits(payment.correspondent, 20, "correspondent")),
        ("Sum", f"{payment.amount * 100:.0f}"),
        ("Purpose", payment.purpose.strip()[:210]),
    ]
    if re.fullmatch(r"[0-9]{10}|[0-9]{12}", payment.tax_id or ""):
        pairs.append(("PayeeINN", payment.tax_id))
    if payment.number:
        pairs.append(("DocNo", payment.number))
    fields = [f"{key}={' '.join(value.split())}" for key, value in pairs]
    for separator in _SEPARATORS:
        if not any(separator in field for field in fields):
            return f"ST0001{_ENCODING}{separator}{separator.join(fields)}"
    raise PaymentQrError("purpose", "every separator occurs in the texts")


# -- EMV ---------------------------------------------------------------------------
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі",
        (
            *(
                "a",
                "b",
                "v",
                "g",
                "d",
                "e",
                "e",
                "zh",
                "z",
                "i",
                "i",
                "k",
                "l",
                "m",
                "n",
                "o",
                "p",
                "r",
                "s",
                "t",
            ),
            *("u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya"),
            *("a", "g", "q", "n", "o", "u", "u", "h", "i"),
        ),
        strict=True,
    )
)


def latin(text: str) -> str:
    """Cyrillic (Russian, Kazakh) written with Latin letters, everything else that is not ASCII left out."""
    written = []
    for char in unicodedata.normalize("NFC", text):
        replaced = _LATIN.get(char.lower(), char)
        written.append(replaced.upper() if char.isupper() else replaced)
    return " ".join(re.sub(r"[^ -~]", "", "".join(written)).split())


def crc16(data: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 1021, initial FFFF) of ASCII text, four hexadecimal digits."""
    crc = 0xFFFF
    for byte in data.encode("ascii"):
        crc ^= byte << 8
        for _bit in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
            crc &= 0xFFFF
    return f"{crc:04X}"


def _tlv(tag: int, value: str, field: str = "merchant") -> str:
    if not 1 <= len(value) <= 99 or not value.isascii():
        raise PaymentQrError(field, value)
    return f"{tag:02d}{len(value):02d}{value}"


def emv(payment: Payment, merchant: Merchant) -> str:
    """An EMV merchant-presented QR code for one payment (point of initiation 12).

    :raises PaymentQrError: for what the format requires and is not there.
    """
    if not 26 <= merchant.tag <= 51 or not merchant.guid or not merchant.account:
        raise PaymentQrError("merchant")
    if not re.fullmatch(r"[0-9]{4}", merchant.category):
        raise PaymentQrError("merchant", merchant.category)
    if payment.currency not in CURRENCY_NUMBERS:
        raise PaymentQrError("currency", payment.currency)
    amount = f"{payment.amount:.2f}"
    if payment.amount <= 0 or len(amount) > 13:
        raise PaymentQrError("amount", amount)
    name, city = latin(payment.name)[:25].strip(), latin(payment.city)[:15].strip()
    for field, value in (("name", name), ("city", city), ("city", payment.country)):
        if not value:
            raise PaymentQrError(field)
    reference = latin(payment.code or payment.number)[:25]
    text = "".join(
        (
            _tlv(0, "01"),
            _tlv(1, "12"),
            _tlv(merchant.tag, _tlv(0, merchant.guid) + _tlv(1, merchant.account)),
            _tlv(52, merchant.category),
            _tlv(53, CURRENCY_NUMBERS[payment.currency]),
            _tlv(54, amount),
            _tlv(58, payment.country, "city"),
            _tlv(59, name),
            _tlv(60, city),
            _tlv(62, _tlv(1, reference)) if reference else "",
            "6304",
        )
    )
    return text + crc16(text)
