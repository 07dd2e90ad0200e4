"""OFX 1 (SGML) and OFX 2 (XML), also named .qfx.

The library ofxparse knows the fields: its `OfxParser.parseTransaction` reads each operation first. It is
given elements by us, not a whole file, because of what it does with whole files of banks:

- it builds the name of the code page from the header (``CHARSET:NONE`` → ``cpNONE``) and fails, and reads
  Cyrillic as cp1252; text is decoded before here (UTF-8, else the Cyrillic page declared, else by content);
- one operation that it cannot read (empty ``FITID`` or ``NAME``, no ``FITID``) fails the file;
- it moves dates by the zone behind them into another day; a bank means the day that it writes;
- its search for unclosed tags grows with the square of the file.

Where it fails on an operation, ours reads it: thousands marks, empty or repeated FITIDs, ``CHKNUM``, missing
``NAME``. What it drops is added: payee aggregates, the account of the other side, references, currencies.
"""

from __future__ import annotations

import re
from collections import Counter

from ...model import Notice, Skip, Statement, StatementFormatError, Unread
from ...parts import Part, to_statements
from ...source import Format, Source
from ...text import currency_code, decimal_mark
from .operation import read_amount, read_day, read_operation
from .tags import Block, Document, read_document

_DEBITS = ("DEBIT", "PAYMENT", "CHECK", "CASH", "FEE", "SRVCHG", "DIRECTDEBIT")


def detect(source: Source) -> bool:
    return bool(re.search(r"OFXHEADER|<OFX\b", source.text[:4096], re.I))


def parse(source: Source) -> list[Statement]:
    """One statement per account. See `core.bank_formats.parse_statement` for errors."""
    document = read_document(source)
    blocks = [block for block in document.blocks if block.kind != "INVSTMTRS"]
    others = [block for block in document.blocks if block.kind == "INVSTMTRS"]
    if not blocks:
        raise _nothing(document, others, source)
    amounts = [
        item.values.get("TRNAMT", "") for block in blocks for item in block.operations if not item.is_cut
    ]
    decimal = decimal_mark(amounts)
    parts = [_part(block, decimal) for block in blocks]
    parts[0].notices += [
        Notice("investment_ignored", block.line, {"account": block.account.get("ACCTID", "")[:40]})
        for block in others
    ]
    if not document.ended:
        parts[-1].notices.append(Notice("end_of_file_missing"))
    return to_statements("ofx", parts)


def _nothing(document: Document, others: list[Block], source: Source) -> StatementFormatError:
    """Why a file holds no statement."""
    if others:
        account = others[0].account.get("ACCTID", "")[:40]
        return StatementFormatError(
            "investment_account", filename=source.filename, line=others[0].line, account=account
        )
    if document.problem:
        return StatementFormatError(
            "bank_reported_error", filename=source.filename, text=document.problem[:200]
        )
    return StatementFormatError("nothing_in_file", filename=source.filename, line=document.lines)


def _part(block: Block, decimal: str) -> Part:
    part = Part(
        account=block.account.get("ACCTID", ""),
        currency=currency_code(block.values.get("CURDEF", "")),
        line=block.line,
        date_from=read_day(block.values.get("DTSTART", "")),
        date_to=read_day(block.values.get("DTEND", "")),
    )
    if text := block.balance.get("BALAMT", ""):
        try:
            part.closing = read_amount(text, decimal)
        except ValueError:
            part.notices.append(Notice("balance_ignored", block.line, {"text": text[:40], "key": "BALAMT"}))
    for item in block.operations:
        try:
            transaction, notices = read_operation(item, part.currency, decimal)
        except Skip as skip:
            part.unread.append(Unread(item.line, skip.code, skip.params, item.shown()))
            continue
        part.notices += notices
        if transaction.amount:
            part.transactions.append(transaction)
        else:
            part.zero += 1
    seen = Counter(line.bank_reference for line in part.transactions if line.bank_reference)
    if repeated := sum(count for count in seen.values() if count > 1):
        part.notices.append(Notice("reference_repeated", 0, {"count": str(repeated)}))
    _check_signs(part)
    return part


def _check_signs(part: Part) -> None:
    """A bank that never writes a minus, though it calls some operations debits, forgets the sign."""
    debits = [line for line in part.transactions if line.document_kind in _DEBITS]
    if not debits or any(line.amount < 0 for line in part.transactions):
        return
    part.unread += [
        Unread(line.line, "direction_contradicts_kind", {"kind": line.document_kind}, line.purpose[:160])
        for line in debits
    ]
    part.transactions = [line for line in part.transactions if line.document_kind not in _DEBITS]


FORMAT = Format("ofx", "OFX", 60, detect, parse)
