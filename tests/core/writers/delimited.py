"""Delimited text with Russian titles: a debit and a credit column, or one with signs."""

import csv
import io

FIELDS = (
    "date",
    "amount",
    "value_date",
    "currency",
    "counterparty_name",
    "counterparty_tax_id",
    "counterparty_account",
    "counterparty_bank",
    "purpose",
    "purpose_code",
    "document_number",
)
TITLES = {
    "date": "Дата операции",
    "value_date": "Дата валютирования",
    "document_number": "№ документа",
    "debit": "Дебет",
    "credit": "Кредит",
    "amount": "Сумма операции",
    "currency": "Валюта",
    "counterparty_name": "Контрагент",
    "counterparty_tax_id": "ИИН/БИН",
    "counterparty_account": "ИИК",
    "counterparty_bank": "БИК банка",
    "purpose_code": "КНП",
    "purpose": "Назначение платежа",
}


def titles(signed):
    """Fields of the columns, in order."""
    money = ("debit", "credit") if signed else ("amount",)
    return [name for name in TITLES if name not in money]


def values(line, signed):
    """The cells of one operation as Python values, in the order of `titles`."""
    found = {name: getattr(line, name) for name in FIELDS}
    found["credit"] = line.amount if line.amount > 0 else None
    found["debit"] = -line.amount if line.amount < 0 else None
    return [found[name] for name in titles(signed)]


def head(statement):
    """Rows above the header: label and value."""
    rows = [("Текущий счет:", statement.account), ("Валюта счета:", statement.currency)]
    rows += [("Период:", f"{statement.date_from:%d.%m.%Y} - {statement.date_to:%d.%m.%Y}")]
    if statement.opening is not None:
        rows += [("Входящий остаток:", statement.opening), ("Исходящий остаток:", statement.closing)]
    return rows


def shown(value, decimal=",", day="%d.%m.%Y"):
    """A value as a bank writes it."""
    if value is None or isinstance(value, str):
        return value or ""
    if hasattr(value, "year"):
        return format(value, day)
    return f"{value:,.2f}".replace(",", " ").replace(".", decimal)


def write(statement, delimiter=";", decimal=",", signed=False, encoding="utf-8", day="%d.%m.%Y"):
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([label, shown(value, decimal)] for label, value in head(statement))
    writer.writerow([TITLES[name] for name in titles(signed)])
    writer.writerows(
        [shown(value, decimal, day) for value in values(line, signed)] for line in statement.transactions
    )
    if not signed:
        totals = {"Дебет": statement.debited, "Кредит": statement.credited}
        cells = [shown(totals.get(TITLES[name]), decimal) for name in titles(signed)]
        writer.writerow(["Итого обороты", *cells[1:]])
    return buffer.getvalue().encode(encoding)
