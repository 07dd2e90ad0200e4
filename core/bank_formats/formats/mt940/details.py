"""MT940: the text of an operation, ``:86:``, in the four ways in which banks structure it or do not."""

from __future__ import annotations

import re

from ...model import Transaction
from ...parts import Part
from ...text import fold_account, squash
from .lines import Line

# "166?20…": a business transaction code and subfields; other separators are used in Poland and Holland.
_STRUCTURED = re.compile(r"\s?([0-9]{3})?\s?([?<>^~])(?=00|10|2[0-9]|3[0-8]|6[0-3])")
_CODEWORDS = (
    *("EREF", "REMI", "NAME", "IBAN", "BBAN", "BIC", "TRTP", "CSID", "MARF", "PREF", "KREF", "RTRN", "ORDP"),
    *("BENM", "ADDR", "ISDT", "ULTD", "ULTC", "PURP", "CNTP", "SVCL", "ORCR", "UDTR", "UCRD", "RREF"),
    *("IDN", "KNP", "ASSIGN", "NUM", "DATE", "IRS", "SECO", "CHIEF", "MAINBK", "SEND", "VO", "PSO", "PRT"),
)
_SLASHED = re.compile(rf"/({'|'.join(_CODEWORDS)})/")
_SEPA = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|RREF|MDAT)\+")
_KNP = re.compile(r"([0-9]{3})(?:\s+(\S.*))?", re.S)
_NOTHING = {"NOTPROVIDED", "NONREF", "NOT PROVIDED"}
# Texts are cut into subfields of so many characters: one that is full goes on in the next.
_PIECE = 27
# Codes have two digits: a text with more marks than that is not made of subfields.
_SUBFIELDS = 100
_NS_PURPOSE = range(1, 15)


def read_details(line: Line, texts: list[str], extras: list[str], number: int, part: Part) -> Transaction:
    """The operation: what ``:61:`` says, and what its ``:86:`` (and ``:NS:``) adds."""
    glued = "".join(texts)
    spaced = squash(" ".join(texts))
    match = _STRUCTURED.match(glued)
    if match and glued.count(match.group(2)) > _SUBFIELDS:
        match = None
    if match and (match.group(1) or len(_cut(glued, match)) > 1):
        found = _subfields(glued, match)
    elif re.match(r"\s?/[A-Z]{2,6}/", glued) and _SLASHED.search(glued):
        found = _codewords(glued, spaced)
    else:
        found = _free(spaced, part.account)
    if extras:
        found = {**found, **_non_swift(extras)}
    purpose = found.get("purpose", "")
    if line.more and not line.more.startswith("/") and line.more not in purpose:
        purpose = f"{purpose} {line.more}".strip()
    raw = [(":61:", f"{line.mark} {line.code} {line.reference}//{line.bank_reference} {line.more}".strip())]
    raw += [(":86:", spaced)] if spaced else []
    raw += [(":NS:", squash(" ".join(extras)))] if extras else []
    return Transaction(
        date=line.date,
        value_date=line.value_date,
        amount=line.amount,
        line=number,
        currency=part.currency,
        counterparty_name=found.get("name", ""),
        counterparty_tax_id=found.get("tax_id", ""),
        counterparty_account=fold_account(found.get("account", "")),
        counterparty_bank=found.get("bank", ""),
        ultimate_name=found.get("ultimate", ""),
        purpose=purpose,
        purpose_code=found.get("purpose_code", ""),
        document_number=line.reference,
        document_kind=found.get("kind", "") or line.code,
        bank_reference=line.bank_reference,
        end_to_end=_real(found.get("end_to_end", "")),
        reversal=line.mark in ("RC", "RD"),
        raw=(*raw, *found.get("raw", ())),
    )


def _real(reference: str) -> str:
    return "" if reference.upper() in _NOTHING else reference


def _free(text: str, account: str) -> dict:
    """Plain text. Banks of Kazakhstan begin it with the payment purpose code (КНП)."""
    if account.startswith("KZ") and (match := _KNP.fullmatch(text)):
        return {"purpose_code": match.group(1), "purpose": match.group(2) or ""}
    return {"purpose": text}


def _join(pieces: list[str]) -> str:
    """Pieces of one text: a full one goes on in the next, a shorter one ends with a blank."""
    text = ""
    for piece in pieces:
        text += piece if len(piece) >= _PIECE else f"{piece} "
    return squash(text)


# --- ?20 -------------------------------------------------------------------
def _cut(text: str, match: re.Match) -> list[tuple[str, str]]:
    """(code, text) of each subfield, in order."""
    mark = re.escape(match.group(2))
    return re.findall(rf"{mark}([0-9]{{2}})(.*?)(?={mark}[0-9]{{2}}|$)", text[match.start(2) :], re.S)


def _subfields(text: str, match: re.Match) -> dict:
    """Subfields: 00 kind, 20 to 29 and 60 to 63 purpose, 30 bank, 31 and 38 account, 32 and 33 name."""
    fields = _cut(text, match)
    pieces: dict[str, list[str]] = {}
    for code, value in fields:
        pieces.setdefault(code, []).append(value)

    def of(*codes: str) -> list[str]:
        return [value for code in codes for value in pieces.get(code, ())]

    purpose = [value for code, value in fields if code in _PURPOSE_CODES]
    found = _sepa(purpose)
    found.setdefault("account", squash(" ".join(of("38") or of("31"))))
    found.setdefault("bank", squash(" ".join(of("30"))))
    found["name"] = _join(of("32", "33"))
    found["kind"] = squash(" ".join(of("00"))) or (match.group(1) or "")
    found["raw"] = tuple((f"?{code}", squash(value)) for code, value in fields if value.strip())
    return found


_PURPOSE_CODES = {str(code) for code in (*range(20, 30), *range(60, 64))}


def _sepa(pieces: list[str]) -> dict:
    """SEPA's words within the purpose (``EREF+…``, ``SVWZ+…``): the references apart, the rest as purpose."""
    parts: list[tuple[str, str]] = []
    full = False
    for piece in pieces:
        position = 0
        for match in _SEPA.finditer(piece):
            if match.start() > position or not match.start():
                before = piece[position : match.start()]
                if before:
                    parts.append(_continued(parts, before, full))
                    full = False
            parts.append((match.group(1), ""))
            position, full = match.end(), True
        if rest := piece[position:]:
            parts.append(_continued(parts, rest, full))
        full = len(piece) >= _PIECE
    texts: dict[str, str] = {}
    for word, value in parts:
        texts[word] = texts.get(word, "") + value
    values = {word: squash(value) for word, value in texts.items()}
    purpose = " ".join(value for word in ("", "SVWZ") if (value := values.get(word)))
    if not purpose and "SVWZ" not in values:
        purpose = squash(" ".join(pieces))
    found = {"purpose": purpose, "end_to_end": values.get("EREF", "")}
    found["ultimate"] = values.get("ABWA", "") or values.get("ABWE", "")
    found["purpose_code"] = values.get("PURP", "")
    return found


def _continued(parts: list[tuple[str, str]], text: str, full: bool) -> tuple[str, str]:
    """Whose text it is: the last word's when that one is not finished, or when it is free text."""
    word = parts[-1][0] if parts else ""
    if full:
        return word, text
    return (word if word in ("SVWZ", "ABWA", "ABWE") else ""), f" {text}"


# --- /NAME/ ----------------------------------------------------------------
def _codewords(text: str, spaced: str) -> dict:
    """``/NAME/…/REMI/…`` of Dutch and SWIFT banks, ``/IDN/…/KNP/…/ASSIGN/…`` of Kazakhstan."""
    matches = list(_SLASHED.finditer(text))
    values: dict[str, str] = {}
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        value = squash(text[match.end() : following.start() if following else len(text)])
        if value and not values.get(match.group(1)):
            values[match.group(1)] = value.rstrip("/") if match.group(1) != "REMI" else value
    found = {
        "name": values.get("NAME", ""),
        "account": values.get("IBAN") or values.get("BBAN", ""),
        "bank": values.get("BIC", ""),
        "tax_id": re.sub(r"\D", "", values.get("IDN", "")),
        "kind": values.get("TRTP", ""),
        "end_to_end": values.get("EREF", ""),
        "purpose_code": values.get("KNP") or values.get("PURP", ""),
        "ultimate": values.get("ULTD") or values.get("ULTC") or values.get("UDTR") or values.get("UCRD", ""),
        "raw": tuple((f"/{word}/", value) for word, value in values.items()),
    }
    if counterparty := values.get("CNTP"):
        pieces = [*counterparty.split("/"), "", "", ""]
        found.update(account=pieces[0], bank=pieces[1], name=pieces[2].strip())
    remittance = values.get("REMI") or values.get("ASSIGN", "")
    remittance = remittance.removeprefix("USTD//").rstrip("/").strip()
    found["purpose"] = remittance or ("" if any(match.group(1) == "REMI" for match in matches) else spaced)
    return found


# --- :NS: ------------------------------------------------------------------
def _non_swift(lines: list[str]) -> dict:
    """German lines of two digits and a text: 01 to 14 purpose, 15 and 16 name, 17 kind."""
    values: dict[int, str] = {}
    for line in lines:
        if match := re.fullmatch(r"([0-9]{2})(.*)", line.strip()):
            values.setdefault(int(match.group(1)), match.group(2).strip())
    found = {
        "purpose": squash(" ".join(values.get(code, "") for code in _NS_PURPOSE)),
        "name": squash(f"{values.get(15, '')} {values.get(16, '')}"),
        "kind": values.get(17, ""),
    }
    return {name: text for name, text in found.items() if text}
