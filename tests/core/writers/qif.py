"""QIF of one account, with the opening balance as its first record."""

FIELDS = ("date", "amount", "counterparty_name", "purpose", "document_number")


def record(*pairs):
    return "".join(f"{letter}{text}\n" for letter, text in pairs if text not in ("", None)) + "^\n"


def write(statement, day="%d/%m/%Y", encoding="utf-8"):
    out = ["!Account\n", record(("N", statement.account), ("T", "Bank")), "!Type:Bank\n"]
    if statement.opening is not None:
        start = format(statement.date_from, day)
        out.append(
            record(("D", start), ("T", statement.opening), ("P", "Opening Balance"), ("L", "[Account]"))
        )
    for line in statement.transactions:
        out.append(
            record(
                ("D", format(line.date, day)),
                ("T", f"{line.amount:,.2f}"),
                ("N", line.document_number),
                ("P", line.counterparty_name),
                ("M", line.purpose),
            )
        )
    return "".join(out).encode(encoding)
