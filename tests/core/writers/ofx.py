"""OFX 1 (SGML, values not closed) and OFX 2 (XML)."""

from xml.sax.saxutils import escape

FIELDS = (
    "date",
    "amount",
    "value_date",
    "currency",
    "counterparty_name",
    "counterparty_account",
    "counterparty_bank",
    "purpose",
    "document_number",
    "bank_reference",
)
CHARSETS = {"cp1251": "1251", "cp866": "866", "koi8-r": "KOI8-R", "cp1252": "1252"}


def header(version, encoding):
    if version == 2:
        return f'<?xml version="1.0" encoding="{encoding}"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n'
    kind = "USASCII" if encoding in CHARSETS else "UTF-8"
    charset = CHARSETS.get(encoding, "NONE")
    return f"OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:{kind}\nCHARSET:{charset}\n\n"


def writer(version):
    """Functions that write a value and an aggregate."""

    def value(name, text):
        if text in ("", None):
            return ""
        return f"<{name}>{escape(str(text))}" + (f"</{name}>\n" if version == 2 else "\n")

    def group(name, *inner):
        content = "".join(inner)
        return f"<{name}>\n{content}</{name}>\n" if content else ""

    return value, group


def day(moment, zone=""):
    return f"{moment:%Y%m%d}{zone}" if moment else ""


def operation(line, value, group, zone=""):
    return group(
        "STMTTRN",
        value("TRNTYPE", "CREDIT" if line.amount > 0 else "DEBIT"),
        value("DTPOSTED", day(line.date, zone)),
        value("DTAVAIL", day(line.value_date, zone)),
        value("TRNAMT", line.amount),
        value("FITID", line.bank_reference),
        value("CHECKNUM", line.document_number),
        value("NAME", line.counterparty_name),
        group(
            "BANKACCTTO", value("BANKID", line.counterparty_bank), value("ACCTID", line.counterparty_account)
        ),
        value("MEMO", line.purpose),
    )


def block(statement, value, group, zone=""):
    closing = group(
        "LEDGERBAL", value("BALAMT", statement.closing), value("DTASOF", day(statement.date_to, zone))
    )
    return group(
        "STMTRS",
        value("CURDEF", statement.currency),
        group("BANKACCTFROM", value("BANKID", "CASPKZKA"), value("ACCTID", statement.account)),
        group(
            "BANKTRANLIST",
            value("DTSTART", day(statement.date_from, zone)),
            value("DTEND", day(statement.date_to, zone)),
            *(operation(line, value, group, zone) for line in statement.transactions),
        ),
        closing if statement.closing is not None else "",
    )


def write(statements, version=1, encoding="utf-8", zone=""):
    value, group = writer(version)
    blocks = (group("STMTTRNRS", block(statement, value, group, zone)) for statement in statements)
    body = group("OFX", group("BANKMSGSRSV1", *blocks))
    return (header(version, encoding) + body).encode(encoding)
