"""ISO 20022 camt: one entry (``Ntry``) becomes one transaction, or one for each detail of a batch."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from lxml import etree

from ...model import Notice, Skip, Transaction
from ...parts import Part
from ...text import fold_account, parse_amount, parse_date
from ...xml import text_of
from .parties import Sides

# What banks write where they have nothing to write.
_NOTHING = {"NOTPROVIDED", "NONREF", "NOREF", "NOTAVAILABLE", "N/A", "NONE", "-", "0"}
_MAX_PURPOSE = 2000
_MAX_SHARED = 100
# A shorter NtryRef is the entry's place in this file, and another file counts anew.
_SHORTEST_REFERENCE = 8


def reference_of(node, *paths: str) -> str:
    """As `text_of`, but words that stand for "none" do not count."""
    return next((text for path in paths if (text := text_of(node, path)).upper() not in _NOTHING | {""}), "")


def day_of(text: str) -> date | None:
    """The date as it is written, without converting its zone; None when it is none."""
    try:
        return parse_date(text[:10])
    except ValueError:
        return None


def read_amount(node, path: str = "Amt", signed: bool = False) -> Decimal:
    """An amount; with `signed`, ``CdtDbtInd`` beside it gives the sign. Raises `Skip`."""
    text = text_of(node, path)
    if not text:
        raise Skip("amount_missing")
    try:
        amount = parse_amount(text, decimal="," if "," in text else ".")
    except ValueError:
        raise Skip("amount_unreadable", amount=text[:40]) from None
    if not signed:
        return amount
    if amount < 0:
        raise Skip("negative_amount", amount=text[:40])
    return amount * _sign(node)


def _sign(node, default: str = "") -> int:
    direction = (text_of(node, "CdtDbtInd") or default).upper()
    if direction not in ("CRDT", "DBIT"):
        raise Skip("direction_unknown")
    return 1 if direction == "CRDT" else -1


def read_entry(node, part: Part, assumed: date | None) -> list[Transaction]:
    """The operations of an entry. Remarks go to ``part.notices``; raises `Skip`.

    A batch is split only when its details have amounts in the entry's currency that add up to it:
    the sum of what is imported is always the sum that the bank booked.
    """
    amount = read_amount(node, signed=True)
    details = node.findall("NtryDtls/TxDtls") or node.findall("TxDtls")
    base = {
        "date": _booking_day(node, part, assumed),
        "value_date": _optional_day(node, "ValDt", part),
        "line": node.sourceline or 0,
        "currency": (node.find("Amt").get("Ccy") or "").upper() or part.currency,
        "reversal": text_of(node, "RvslInd").lower() in ("true", "1"),
    }
    # Read once: an entry may have a hundred thousand details, and each looks at what the entry says.
    shared = _shared(node)
    if len(details) > 1:
        amounts = _detail_amounts(node, details, base["currency"])
        if sum(amounts) == amount and amounts:
            # Every detail gets what the entry says; an entry of thousands of fields says nothing to each.
            raw = _leaves(node, skip=("TxDtls",))[:_MAX_SHARED]
            return [
                _transaction(shared, [detail], part.account, {**base, "amount": value}, raw)
                for detail, value in zip(details, amounts, strict=True)
            ]
        params = {"count": str(len(details)), "amount": f"{abs(amount):.2f}"}
        part.notices.append(Notice("batch_not_split", base["line"], params))
    return [_transaction(shared, details, part.account, {**base, "amount": amount}, _leaves(node))]


def _detail_amounts(node, details, currency: str) -> list[Decimal]:
    """A signed amount for each detail, or nothing when one of them has none in the entry's currency."""
    found = []
    entry_direction = text_of(node, "CdtDbtInd")
    for detail in details:
        for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
            amount = detail.find(path)
            if amount is not None and (amount.get("Ccy") or currency).upper() == currency:
                break
        else:
            return []
        try:
            found.append(read_amount(detail, path) * _sign(detail, entry_direction))
        except Skip:
            return []
    return found


def _booking_day(node, part: Part, assumed: date | None) -> date:
    """The booking date, else the value date, else the statement's own, with a remark."""
    for name in ("BookgDt", "ValDt"):
        if day := _optional_day(node, name, part):
            return day
    if assumed is None:
        raise Skip("date_unreadable")
    part.notices.append(Notice("date_assumed", node.sourceline or 0, {"date": assumed.isoformat()}))
    return assumed


def _optional_day(node, name: str, part: Part) -> date | None:
    text = text_of(node, f"{name}/Dt", f"{name}/DtTm", name)
    day = day_of(text) if text else None
    if text and day is None:
        notice = Notice("date_ignored", node.sourceline or 0, {"key": name, "text": text[:40]})
        if notice not in part.notices[-2:]:
            part.notices.append(notice)
    return day


def _transaction(shared: dict, details, account: str, base: dict, raw) -> Transaction:
    """`details` are none, the one, or all of a batch that is not split: then only what they share counts."""
    one = details[0] if len(details) == 1 else etree.Element("TxDtls")
    sides = Sides(one, base["amount"] > 0, fold_account(account))
    if len(details) == 1:
        raw = (
            raw
            if any(path.startswith(("NtryDtls/TxDtls", "TxDtls")) for path, _text in raw)
            else (*raw, *_leaves(one, "NtryDtls/TxDtls/"))
        )
    return Transaction(
        **{**base, "reversal": base["reversal"] or one.find("RtrInf") is not None},
        counterparty_name=sides.name,
        counterparty_tax_id=sides.tax_id,
        counterparty_account=sides.account,
        counterparty_bank=sides.bank,
        ultimate_name=sides.ultimate_name,
        ultimate_tax_id=sides.ultimate_tax_id,
        purpose=_purpose(shared, details),
        purpose_code=text_of(one, "Purp/Cd", "Purp/Prtry"),
        document_number=reference_of(one, "Refs/ChqNb", "Refs/InstrId"),
        document_kind=_kind(one) or shared["kind"],
        bank_reference=reference_of(one, "Refs/AcctSvcrRef") or shared["reference"],
        end_to_end=reference_of(one, "Refs/EndToEndId"),
        raw=tuple(raw),
    )


def _kind(node) -> str:
    domain = [text_of(node, f"BkTxCd/Domn/{path}") for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")]
    return "-".join(part for part in domain if part) or text_of(node, "BkTxCd/Prtry/Cd")


def _shared(node) -> dict[str, str]:
    """What the entry says for all of its details."""
    own = reference_of(node, "NtryRef")
    reference = reference_of(node, "AcctSvcrRef") or (own if len(own) >= _SHORTEST_REFERENCE else "")
    note = f"{text_of(node, 'AddtlNtryInf')} {text_of(node, 'NtryDtls/TxDtls/RtrInf/AddtlInf')}".strip()
    return {"kind": _kind(node), "reference": reference, "note": note}


def _purpose(shared: dict, details) -> str:
    """Remittance texts and references; without any, what the bank says about the operation."""
    texts: list[str] = []
    for detail in details:
        texts += _remittance(detail)
    if not texts:
        texts = [text_of(detail, "AddtlTxInf") for detail in details]
    if not any(texts):
        texts = [shared["note"]]
    return " ".join(dict.fromkeys(text for text in texts if text))[:_MAX_PURPOSE]


def _remittance(detail) -> list[str]:
    """Free texts first; a structured reference or document number only where they do not hold it."""
    found = [" ".join((node.text or "").split()) for node in detail.findall("RmtInf/Ustrd")]
    written = re.sub(r"\s", "", "".join(found))
    for strd in detail.findall("RmtInf/Strd"):
        numbers = [*strd.findall("CdtrRefInf/Ref"), *strd.findall("CdtrRefInf/CdtrRef")]
        numbers += [*strd.findall("RfrdDocInf/Nb"), *strd.findall("RfrdDocInf/RfrdDocNb")]
        for number in numbers + strd.findall("AddtlRmtInf"):
            text = " ".join((number.text or "").split())
            if text and re.sub(r"\s", "", text) not in written:
                found.append(text)
    return [text for text in found if text]


def _leaves(node, prefix: str = "", skip: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """(path, text) of everything that has a text, in the order of the file; currencies are named."""
    found: list[tuple[str, str]] = []
    for child in node:
        if child.tag in skip:
            continue
        path = prefix + child.tag
        text = child.text and child.text.strip()
        if text:
            found.append((path, text))
        if currency := child.get("Ccy"):
            found.append((f"{path}/@Ccy", currency))
        if len(child):
            found += _leaves(child, f"{path}/", skip)
    return found
