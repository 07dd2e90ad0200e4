"""MT940: with a structured ``:86:`` (``?20…``), or plain as Kaspi writes it."""

FIELDS = (
    "date",
    "amount",
    "value_date",
    "currency",
    "counterparty_name",
    "counterparty_account",
    "counterparty_bank",
    "ultimate_name",
    "purpose",
    "purpose_code",
    "document_number",
    "bank_reference",
    "end_to_end",
    "reversal",
)
PLAIN_FIELDS = (
    "date",
    "amount",
    "value_date",
    "currency",
    "purpose",
    "purpose_code",
    "document_number",
    "bank_reference",
    "reversal",
)
PIECE, WIDTH = 27, 65


def money(amount):
    return f"{abs(amount):.2f}".replace(".", ",")


def mark(line):
    """Money out of a reversal is a credit taken back, and the other way round."""
    if line.reversal:
        return "RD" if line.amount > 0 else "RC"
    return "C" if line.amount > 0 else "D"


def pieces(text):
    return [text[start : start + PIECE] for start in range(0, len(text), PIECE)]


def wrapped(text):
    """Lines of at most 65 characters; none begins with what would end the text."""
    lines = []
    while text:
        cut = WIDTH
        while text[cut : cut + 1] in (":", "-", "{"):
            cut -= 1
        lines.append(text[:cut])
        text = text[cut:]
    return lines or [""]


def structured(line):
    codes = [("EREF", line.end_to_end), ("ABWA", line.ultimate_name), ("PURP", line.purpose_code)]
    purpose = [piece for word, value in codes if value for piece in pieces(f"{word}+{value}")]
    purpose += pieces(f"SVWZ+{line.purpose}")
    places = [*range(20, 30), *range(60, 64)]
    assert len(purpose) <= len(places)
    fields = [("00", "TRANSFER"), *zip(map(str, places), purpose, strict=False)]
    fields += [("30", line.counterparty_bank), ("31", line.counterparty_account)]
    fields += list(zip(("32", "33"), pieces(line.counterparty_name), strict=False))
    return wrapped("166" + "".join(f"?{code}{text}" for code, text in fields if text))


def plain(line):
    return [f"{line.purpose_code} {line.purpose}".strip()]


def balance(tag, amount, day, currency):
    return f":{tag}:{'D' if amount < 0 else 'C'}{day:%y%m%d}{currency}{money(amount)}"


def message(statement, number=1, details=structured, pages="FF", tail="-"):
    lines = [f":20:REF{number}", f":25:{statement.account}", f":28C:{number}/1"]
    if statement.opening is not None:
        lines.append(balance(f"60{pages[0]}", statement.opening, statement.date_from, statement.currency))
    for line in statement.transactions:
        reference = line.document_number or "NONREF"
        bank = f"//{line.bank_reference}" if line.bank_reference else ""
        value = line.value_date or line.date
        lines.append(
            f":61:{value:%y%m%d}{line.date:%m%d}{mark(line)}{money(line.amount)}NTRF{reference}{bank}"
        )
        first, *rest = details(line)
        lines += [f":86:{first}", *rest]
    if statement.closing is not None:
        lines.append(balance(f"62{pages[1]}", statement.closing, statement.date_to, statement.currency))
    return [*lines, tail]


def write(statements, details=structured, encoding="utf-8", end="\r\n"):
    lines = []
    for number, statement in enumerate(statements, 1):
        lines += message(statement, number, details)
    return (end.join(lines) + end).encode(encoding)
