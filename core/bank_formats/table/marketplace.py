"""Reports of marketplaces look like statements and are none: sales and fees, not movements of an account."""

from __future__ import annotations

from ..model import StatementFormatError
from .cells import Table
from .header import HEADER_ROWS, title

# Beginnings of titles that a report has and a bank statement has not; two of them decide.
_MARKS = {
    "Kaspi Pay": (
        "стоимость услуг kaspi",
        "адрес торговой точки",
        "канал оплаты",
        "способ оплаты",
        "номер заказа",
        "дата учета операции",
        "комиссия kaspi pay",
        "комиссия за операции",
        "комиссия за обеспечение платежа",
        "сумма к зачислению",
        "идентификатор точки",
    ),
    "Wildberries": (
        "srid",
        "к перечислению продавцу",
        "вайлдберриз реализовал",
        "вознаграждение вайлдберриз",
    ),
    "Ozon": ("id начисления", "тип начисления", "вознаграждение ozon", "группа услуг", "номер отправления"),
}


def check_marketplace(table: Table, filename: str) -> None:
    """Raises ``marketplace_report`` with the name of the marketplace."""
    for row in table.rows[:HEADER_ROWS]:
        titles = {title(cell) for cell in row.cells}
        for name, marks in _MARKS.items():
            if sum(any(text.startswith(mark) for text in titles) for mark in marks) >= 2:
                raise StatementFormatError(
                    "marketplace_report", filename=filename, line=row.line, marketplace=name
                )
