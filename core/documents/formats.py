"""Numbers, dates and shares as a document in Russian, Kazakh or English writes them."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

_NBSP = "\u00a0"
_MONTHS = {
    "ru": (
        *("января", "февраля", "марта", "апреля", "мая", "июня"),
        *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
    ),
    "kk": (
        *("қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым"),
        *("шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


def money(amount: Decimal, lang: str) -> str:
    """``1 234 567,80`` (no-break spaces) in Russian and Kazakh, ``1,234,567.80`` in English."""
    text = f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):,.2f}"
    if lang == "en":
        return text
    return text.replace(",", _NBSP).replace(".", ",")


def quantity(number: Decimal, lang: str) -> str:
    """Up to three decimals, as few as needed: ``12``, ``2,5``."""
    text = f"{number.quantize(Decimal('0.001'), ROUND_HALF_UP):,.3f}".rstrip("0").rstrip(".")
    if lang == "en":
        return text
    return text.replace(",", _NBSP).replace(".", ",")


def percent(rate: Decimal, lang: str) -> str:
    """``16 %``."""
    return f"{quantity(rate, lang)}{_NBSP}%" if lang != "en" else f"{quantity(rate, lang)}%"


def long_date(day: date, lang: str) -> str:
    """``1 февраля 2026 г.``, ``2026 жылғы 1 ақпан``, ``1 February 2026``."""
    month = _MONTHS[lang][day.month - 1]
    if lang == "kk":
        return f"{day.year}{_NBSP}жылғы {day.day}{_NBSP}{month}"
    if lang == "en":
        return f"{day.day}{_NBSP}{month} {day.year}"
    return f"{day.day}{_NBSP}{month} {day.year}{_NBSP}г."


def short_date(day: date) -> str:
    """``01.02.2026``, the same in all three languages."""
    return f"{day:%d.%m.%Y}"
