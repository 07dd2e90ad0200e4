"""camt.052, .053, .054 in versions 2 to 10; enough of each to carry every field of a `Transaction`."""

from xml.sax.saxutils import escape

FIELDS = (
    "date",
    "amount",
    "value_date",
    "currency",
    "counterparty_name",
    "counterparty_tax_id",
    "counterparty_account",
    "counterparty_bank",
    "ultimate_name",
    "ultimate_tax_id",
    "purpose",
    "purpose_code",
    "document_number",
    "bank_reference",
    "end_to_end",
    "reversal",
)
MESSAGES = {
    "052": ("BkToCstmrAcctRpt", "Rpt"),
    "053": ("BkToCstmrStmt", "Stmt"),
    "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


def tag(name, *content):
    """An element, "" when it would be empty; ``content`` is XML already."""
    inner = "".join(content)
    return f"<{name}>{inner}</{name.partition(' ')[0]}>\n" if inner else ""


def value(name, text):
    return tag(name, escape(str(text))) if text not in ("", None) else ""


def account(number):
    if not number:
        return ""
    return tag("Id", value("IBAN", number) if number[:2].isalpha() else tag("Othr", value("Id", number)))


def party(role, name, tax_id, version):
    inner = value("Nm", name) + tag("Id", tag("OrgId", tag("Othr", value("Id", tax_id), scheme(tax_id))))
    return tag(role, tag("Pty", inner) if version >= 8 else inner)


def scheme(tax_id):
    return tag("SchmeNm", value("Cd", "TXID")) if tax_id else ""


def direction(amount):
    return value("CdtDbtInd", "CRDT" if amount > 0 else "DBIT")


def details(line, version, own=""):
    role, mine = ("Dbtr", "Cdtr") if line.amount > 0 else ("Cdtr", "Dbtr")
    parties = {
        role: party(role, line.counterparty_name, line.counterparty_tax_id, version),
        f"{role}Acct": tag(f"{role}Acct", account(line.counterparty_account)),
        f"{mine}Acct": tag(f"{mine}Acct", account(own)),
        f"Ultmt{role}": party(f"Ultmt{role}", line.ultimate_name, line.ultimate_tax_id, version),
    }
    bank = value("BICFI" if version >= 4 else "BIC", line.counterparty_bank)
    return tag(
        "TxDtls",
        tag("Refs", value("InstrId", line.document_number), value("EndToEndId", line.end_to_end)),
        tag("RltdPties", *parties.values()),
        tag("RltdAgts", tag(f"{role}Agt", tag("FinInstnId", bank))),
        tag("Purp", value("Prtry", line.purpose_code)),
        tag("RmtInf", value("Ustrd", line.purpose)),
    )


def entry(line, version, own="", status="BOOK"):
    return tag(
        "Ntry",
        f'<Amt Ccy="{line.currency}">{abs(line.amount)}</Amt>',
        direction(line.amount),
        value("RvslInd", "true" if line.reversal else ""),
        tag("Sts", value("Cd", status)) if version >= 4 else value("Sts", status),
        tag("BookgDt", value("Dt", line.date)),
        tag("ValDt", value("Dt", line.value_date)),
        value("AcctSvcrRef", line.bank_reference),
        tag("NtryDtls", details(line, version, own)),
    )


def balance(kind, amount, currency, day):
    if amount is None:
        return ""
    return tag(
        "Bal",
        tag("Tp", tag("CdOrPrtry", value("Cd", kind))),
        f'<Amt Ccy="{currency}">{abs(amount)}</Amt>',
        value("CdtDbtInd", "DBIT" if amount < 0 else "CRDT"),
        tag("Dt", value("Dt", day)),
    )


def block(statement, version, message, entries=None):
    span = ""
    if statement.date_from:
        span = tag(
            "FrToDt",
            value("FrDtTm", f"{statement.date_from}T00:00:00+05:00"),
            value("ToDtTm", f"{statement.date_to}T23:59:59+05:00"),
        )
    if entries is None:
        entries = "".join(entry(line, version, statement.account) for line in statement.transactions)
    return tag(
        MESSAGES[message][1],
        value("Id", f"ID-{statement.account}-{statement.date_from}"),
        span,
        tag("Acct", account(statement.account), value("Ccy", statement.currency)),
        balance("OPBD", statement.opening, statement.currency, statement.date_from),
        balance("CLBD", statement.closing, statement.currency, statement.date_to),
        entries,
    )


def document(*blocks, version=8, message="053", encoding="UTF-8", namespace=True):
    """The whole file around statements made by `block`."""
    name = MESSAGES[message][0]
    space = f' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{message}.001.{version:02}"' if namespace else ""
    head = tag("GrpHdr", value("MsgId", "M1"), value("CreDtTm", "2026-09-16T06:00:00"))
    body = tag(f"Document{space}", tag(name, head, *blocks))
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{body}'.encode(encoding)


def write(statements, version=8, message="053", encoding="UTF-8"):
    return document(
        *(block(statement, version, message) for statement in statements),
        version=version,
        message=message,
        encoding=encoding,
    )
