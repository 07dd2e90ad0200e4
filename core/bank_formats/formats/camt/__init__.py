"""ISO 20022 camt.052 (report), camt.053 (statement), camt.054 (notification), every version.

Read with lxml and our own mapping: the libraries that know camt either bind to one version's
schema or leave out what matters here (the split of batches, pending entries, who is behind
the payer). Elements are matched by their local names, because versions differ in namespace and little
else: ``Sts`` became ``Sts/Cd`` in .04, ``Dbtr/Nm`` became ``Dbtr/Pty/Nm`` in .08, and .01 has ``TxDtls``
right in the entry. Source: the message definition reports of iso20022.org and files of banks.
"""

from __future__ import annotations

import re
from decimal import Decimal

from ...model import Notice, Skip, Statement, StatementFormatError, Unread
from ...parts import Part, to_statements
from ...source import Format, Source
from ...xml import parse_xml, text_of
from .entry import day_of, read_amount, read_entry

_STATEMENTS = ("Stmt", "Rpt", "Ntfctn")


def detect(source: Source) -> bool:
    return bool(re.search(r"<(?:[\w.-]+:)?Document\b|BkToCstmr", source.text[:8192]))


def parse(source: Source) -> list[Statement]:
    """One statement per account and currency. See `core.bank_formats.parse_statement` for errors."""
    root = parse_xml(source)
    blocks = [node for node in root.iter(*_STATEMENTS) if node.getparent() is not None]
    if not blocks:
        first = next(root.iterchildren(), None)
        if root.tag == "Document" and (first is None or first.tag.startswith("BkToCstmr")):
            raise StatementFormatError("nothing_in_file", filename=source.filename, line=root.sourceline or 0)
        message = (root if first is None else first).tag[:80]
        raise StatementFormatError("camt_other_message", filename=source.filename, message=message)
    parts = [_part(block) for block in blocks]
    count = sum(len(part.transactions) + len(part.unread) for part in parts)
    if count > source.limits.lines:
        raise StatementFormatError("too_many_lines", filename=source.filename, limit=source.limits.lines)
    return to_statements("camt", parts)


def _part(block) -> Part:
    account = block.find("Acct")
    if account is None:
        account = block.makeelement("Acct")
    entries = block.findall("Ntry")
    part = Part(
        account=text_of(account, "Id/IBAN", "Id/Othr/Id", "Id/PrtryAcct/Id", "Id/BBAN", "Id/UPIC", "Id/Id"),
        currency=text_of(account, "Ccy").upper() or _only_currency(block, entries),
        ident=text_of(block, "Id"),
        line=block.sourceline or 0,
        date_from=day_of(text_of(block, "FrToDt/FrDtTm", "FrToDt/FrDt")),
        date_to=day_of(text_of(block, "FrToDt/ToDtTm", "FrToDt/ToDt")),
    )
    _read_balances(block, part)
    if block.tag == "Stmt":
        # Reports sum up pending entries too.
        part.credited = _stated_sum(block, "TxsSummry/TtlCdtNtries/Sum", part)
        part.debited = _stated_sum(block, "TxsSummry/TtlDbtNtries/Sum", part)
    assumed = part.date_to or day_of(text_of(block, "CreDtTm"))
    for node in entries:
        _add(node, block, part, assumed)
    return part


def _add(node, block, part: Part, assumed) -> None:
    status = text_of(node, "Sts/Cd", "Sts/Prtry", "Sts").upper()
    line = node.sourceline or 0
    if not status and block.tag != "Stmt":
        part.unread.append(Unread(line, "status_missing", {}, _summary(node)))
        return
    if status not in ("BOOK", ""):
        part.notices.append(Notice("not_booked", line, {"status": status[:20], "text": _summary(node)}))
        return
    try:
        for transaction in read_entry(node, part, assumed):
            if transaction.amount:
                part.transactions.append(transaction)
            else:
                part.zero += 1
    except Skip as reason:
        part.unread.append(Unread(line, reason.code, reason.params, _summary(node)))


def _only_currency(block, entries) -> str:
    """The currency of the account when only its amounts tell: all entries', else all balances'."""
    for amounts in ([entry.find("Amt") for entry in entries], block.findall("Bal/Amt")):
        found = {(amount.get("Ccy") or "").upper() for amount in amounts if amount is not None} - {""}
        if len(found) == 1:
            return found.pop()
    return ""


def _read_balances(block, part: Part) -> None:
    """OPBD (else PRCD) and CLBD; available, expected and interim balances are none of the account's own."""
    found: dict[str, tuple] = {}
    for node in block.findall("Bal"):
        kind = text_of(node, "Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry", "Tp/Cd").upper()
        if kind not in ("OPBD", "PRCD", "CLBD"):
            continue
        amount = node.find("Amt")
        currency = "" if amount is None else (amount.get("Ccy") or "").upper()
        line = node.sourceline or 0
        if part.currency and currency and currency != part.currency:
            params = {"key": kind, "text": f"{text_of(node, 'Amt')} {currency}"[:40]}
            part.notices.append(Notice("balance_ignored", line, params))
            continue
        try:
            value = read_amount(node, signed=True)
        except Skip:
            params = {"key": kind, "text": text_of(node, "Amt")[:40]}
            part.notices.append(Notice("balance_ignored", line, params))
            continue
        if kind == "CLBD" or kind not in found:
            # Opening: the first page's; closing: the last page's.
            found[kind] = (value, day_of(text_of(node, "Dt/Dt", "Dt/DtTm")))
    opening = found.get("OPBD") or found.get("PRCD")
    if opening:
        part.opening = opening[0]
    if "CLBD" in found:
        part.closing, day = found["CLBD"]
        part.date_to = part.date_to or day


def _stated_sum(block, path: str, part: Part) -> Decimal | None:
    text = text_of(block, path)
    if not text:
        return None
    try:
        return abs(read_amount(block.find(path.rpartition("/")[0]), "Sum"))
    except Skip:
        params = {"key": path.split("/")[1], "text": text[:40]}
        part.notices.append(Notice("balance_ignored", block.sourceline or 0, params))
        return None


def _summary(node) -> str:
    amount = node.find("Amt")
    currency = "" if amount is None else amount.get("Ccy") or ""
    words = (
        text_of(node, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt"),
        text_of(node, "Amt"),
        currency,
        text_of(node, "CdtDbtInd"),
        text_of(node, "AddtlNtryInf", "NtryDtls/TxDtls/RmtInf/Ustrd", "AcctSvcrRef", "NtryRef"),
    )
    return " ".join(word for word in words if word)[:160]


FORMAT = Format("camt", "ISO 20022 camt", 50, detect, parse)
