"""Formats that we recognise by content; those without a reader yet are refused by name."""

from __future__ import annotations

import re


def is_zip(data: bytes, text: str) -> bool:
    return data.startswith(b"PK\x03\x04")


def is_biff(data: bytes, text: str) -> bool:
    return data.startswith(b"\xd0\xcf\x11\xe0")


def is_pdf(data: bytes, text: str) -> bool:
    return data[:1024].lstrip().startswith(b"%PDF")


def is_camt(data: bytes, text: str) -> bool:
    return bool(re.search(r"<(?:\w+:)?Document\b|BkToCstmr", text[:8192]))


def is_ofx(data: bytes, text: str) -> bool:
    return bool(re.search(r"OFXHEADER|<OFX>", text[:4096], re.I))


def is_mt940(data: bytes, text: str) -> bool:
    if text.lstrip().startswith("{1:F01"):
        return True
    head = text[:65536].replace("\r", "\n")
    return bool(re.search(r"^:20:", head, re.M) and re.search(r"^:(?:61|60[FM]|25):", head, re.M))


def is_qif(data: bytes, text: str) -> bool:
    return bool(re.search(r"^!(?:Type:|Account|Option:)", text[:4096].replace("\r", "\n"), re.M | re.I))


def is_html(data: bytes, text: str) -> bool:
    return bool(re.search(r"<(?:!doctype html|html|table)\b", text[:8192], re.I))


def is_workbook(data: bytes, text: str) -> bool:
    head = text[:4096].lstrip("\ufeff \r\n\t")
    return head.startswith("<?xml") and "Workbook" in head
