"""One row of a table to one transaction."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from ..model import Notice, StatementFormatError, Transaction, Unread
from ..profile import Profile
from ..text import AmbiguousAmount, currency_code, fold_account, squash
from .cells import Number, Row, to_amount, to_date
from .header import Layout

_OUT_WORDS = {"расход", "списание", "дебет", "дт", "д", "-", "debit", "d", "dr", "out", "withdrawal", "dbit"}
_IN_WORDS = {"приход", "поступление", "зачисление", "кредит", "кт", "к", "+", "credit", "c", "cr", "in"}
_IN_WORDS |= {"deposit", "crdt", "пополнение"}
MAX_PURPOSE = 4000
_TOTALS = ("итого", "всего", "барлығы", "total")
# Totals that count operations instead of adding up money.
_COUNTS = re.compile("операци|количеств|документ|кол-во|число|count|number")
_BALANCES = {
    "opening": ("входящий остаток", "остаток на начало", "opening balance"),
    "closing": ("исходящий остаток", "остаток на конец", "closing balance"),
}
_TAX_ID = re.compile(r"\b(?:ИИН\s*/\s*БИН|БИН\s*/\s*ИИН|БИН|ИИН|ИНН)\s*:?\s*([0-9]{12}|[0-9]{10})\b", re.I)


class RowReader:
    """Feed it the rows below the header; it collects transactions, unread rows and notices."""

    def __init__(self, layout: Layout, profile: Profile, filename: str):
        self.layout, self.profile, self.filename = layout, profile, filename
        self.transactions: list[Transaction] = []
        self.unread: list[Unread] = []
        self.notices: list[Notice] = []
        # Balances and turnovers that stand below the header: opening, closing, debit, credit.
        self.footer: dict[str, Decimal] = {}
        self.ended = False
        self.zero = 0
        # Whether the row before was a transaction: only then a row may go on with its purpose.
        self.open = False

    def feed(self, row: Row) -> None:
        cell = self.layout.cell
        money = [cell(row, role) for role in ("debit", "credit", "amount")]
        try:
            day = self._date(cell(row, "date"))
        except ValueError:
            self._not_an_operation(row, money)
            return
        if self.ended:
            self.unread.append(Unread(row.line, "row_after_total", {}, _shown(row)))
            return
        self.open = False
        try:
            amount = self._amount(row)
        except AmbiguousAmount as error:
            raise StatementFormatError(
                "amount_ambiguous", filename=self.filename, line=row.line, amount=str(error)
            ) from None
        except ValueError as error:
            code, text = (*error.args, "")[:2]
            self.unread.append(Unread(row.line, code, {"amount": text[:40]}, _shown(row)))
            return
        if not amount:
            self.zero += 1
            return
        self.transactions.append(self._transaction(row, day, amount))
        self.open = True

    def _not_an_operation(self, row: Row, money: list[str]) -> None:
        text = " ".join(row.cells).strip().casefold()
        purpose = self.layout.cell(row, "purpose")
        if list(row.cells) == [str(number) for number in range(1, len(row.cells) + 1)]:
            return  # the row that numbers the columns
        if row.cells == self.layout.titles:
            return  # the header again, as on each printed page
        balance = next((name for name, words in _BALANCES.items() if text.startswith(words)), "")
        if text.startswith(_TOTALS):
            self.ended = True
            self._totals(row, text)
        elif balance:
            self._balance(balance, row)
        elif self.open and purpose and not any(money) and not self.layout.cell(row, "date"):
            last = self.transactions[-1]
            if len(last.purpose) > MAX_PURPOSE:
                return  # no purpose is that long; joining on would take hours
            self.transactions[-1] = replace(last, purpose=squash(f"{last.purpose} {purpose}"))
        elif any(money) and not self.ended:
            params = {"text": self.layout.cell(row, "date")[:40]}
            self.unread.append(Unread(row.line, "date_unreadable", params, _shown(row)))
        elif not self.ended:
            self.notices.append(Notice("line_ignored", row.line, {"text": _shown(row)[:80]}))

    def _balance(self, name: str, row: Row) -> None:
        for text in reversed(row.cells):
            try:
                self.footer.setdefault(name, to_amount(text, self.layout.decimal or "."))
                return
            except ValueError:
                continue

    def _totals(self, row: Row, text: str) -> None:
        """Turnovers that the first row of totals states under the debit and the credit column."""
        if _COUNTS.search(text) or "debit" in self.footer or "credit" in self.footer:
            return
        for role in ("debit", "credit"):
            try:
                self.footer[role] = to_amount(self.layout.cell(row, role), self.layout.decimal or ".")
            except ValueError:
                continue

    def _amount(self, row: Row) -> Decimal:
        """Signed amount; `ValueError(code, text)` when it cannot be told."""
        cell = self.layout.cell
        debit, credit = self._number(cell(row, "debit")), self._number(cell(row, "credit"))
        if debit and credit:
            raise ValueError("debit_and_credit", f"{debit} / {credit}")
        if debit or credit:
            # A negative amount in the debit column is a reversal: money that came back.
            return (credit or Decimal(0)) - (debit or Decimal(0))
        amount = self._number(cell(row, "amount"))
        if amount is None:
            if debit is None and credit is None:
                raise ValueError("amount_missing")
            return Decimal(0)
        if "debit" in self.layout.columns or "credit" in self.layout.columns:
            raise ValueError("direction_unknown", str(amount))
        if "direction" in self.layout.columns:
            word = squash(cell(row, "direction")).casefold().strip(".")
            if word not in _IN_WORDS | _OUT_WORDS:
                raise ValueError("direction_unknown", word)
            sign = 1 if word in _IN_WORDS else -1
            if amount < 0 and sign > 0:
                raise ValueError("direction_contradicts", str(amount))
            return sign * abs(amount)
        return -amount if self.profile.unsigned_amount == "debit" and amount > 0 else amount

    def _number(self, text: str) -> Decimal | None:
        if not text or text in ("-", "—", "–"):
            return None
        try:
            return to_amount(text, self.layout.decimal)
        except AmbiguousAmount:
            raise
        except ValueError:
            raise ValueError("amount_unreadable", text) from None

    def _date(self, text: str):
        return to_date(text, self.layout.order, self.layout.date1904)

    def _transaction(self, row: Row, day, amount: Decimal) -> Transaction:
        cell = self.layout.cell
        name, tax_id = cell(row, "party"), _tax_id(cell(row, "tax_id"), self.layout.title("tax_id"))
        if match := _TAX_ID.search(name):
            tax_id = tax_id or match.group(1)
            name = (name[: match.start()] + name[match.end() :]).strip(" ,;\n")
        try:
            value_date = self._date(cell(row, "value_date"))
        except ValueError:
            value_date = None
        return Transaction(
            date=day,
            value_date=value_date,
            amount=amount,
            line=row.line,
            currency=_currency(cell(row, "currency")),
            counterparty_name=squash(name),
            counterparty_tax_id=tax_id,
            counterparty_account=fold_account(cell(row, "account")),
            counterparty_bank=squash(cell(row, "bank")),
            purpose=squash(cell(row, "purpose")),
            purpose_code=cell(row, "purpose_code"),
            document_number=squash(cell(row, "number")),
            raw=tuple((role, cell(row, role)) for role in self.layout.columns),
        )


def _tax_id(text: str, column: str) -> str:
    """Digits of a BIN, IIN or INN; one that a spreadsheet made a number gets its leading zeros back."""
    size = 10 if "инн" in column.casefold() else 12
    if isinstance(text, Number) and re.fullmatch("[0-9]{6,12}", text):
        return text.zfill(size if len(text) <= size else 12)
    if re.fullmatch(r"[0-9]{1,15}[.,]?[0-9]{0,15}E\+?[0-9]{1,2}|[0-9]{6,12}\.0", text, re.I):
        value = Decimal(text.replace(",", "."))
        if value < 10**12:
            return str(int(value)).zfill(12)
    return re.sub(r"[^0-9]", "", text)


def _currency(text: str) -> str:
    code = currency_code(text)
    return code if re.fullmatch("[A-Z]{3}", code) else ""


def _shown(row: Row) -> str:
    return squash(" | ".join(cell for cell in row.cells if cell))[:160]
