"""The ledger of the demo company as plain data: who bought what, when it was due and how it was paid.

`make_plan(today)` is a pure function: the same day gives the same plan, another day the same company moved
in time. Amounts are Decimal KZT; every date lies in the 365 days before `today`, except due dates.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
#: key -> instalments: (percent or None for the rest, days after the invoice date)
TERMS = {
    "7": [(None, 7)],
    "14": [(None, 14)],
    "30": [(None, 30)],
    "45": [(None, 45)],
    "30/70": [(30, 0), (None, 30)],
}


@dataclass(frozen=True, slots=True)
class Customer:
    key: str
    name: str
    form: str
    kind: str  # corporate, government, retail
    tax_id: str  # BIN, or IIN of an ИП and of a person
    iban: str
    email: str
    phone: str
    street: str
    city: str
    zip: str
    segment: str  # new, reliable, occasional, chronic, problem
    terms: str  # key of TERMS
    salesperson: str  # login


@dataclass(frozen=True, slots=True)
class Product:
    code: str
    name: str
    unit: str
    price: Decimal  # net, KZT
    service: bool


@dataclass(frozen=True, slots=True)
class Line:
    product: str
    quantity: Decimal
    price: Decimal
    rate: int  # VAT in percent

    @property
    def net(self):
        return (self.quantity * self.price).quantize(CENT, ROUND_HALF_UP)

    @property
    def tax(self):
        return (self.net * self.rate / 100).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Invoice:
    key: str
    customer: str
    date: date
    terms: str
    rate: int
    lines: tuple
    credits: str = ""  # key of the invoice that this credit note corrects

    @property
    def tax(self):
        return sum((line.tax for line in self.lines), Decimal(0))

    @property
    def total(self):
        return sum((line.net for line in self.lines), Decimal(0)) + self.tax

    @property
    def instalments(self):
        """[(due date, amount)], summing to the total; a credit note is due at once."""
        if self.credits:
            return [(self.date, self.total)]
        result, rest = [], self.total
        for percent, days in TERMS[self.terms]:
            amount = rest if percent is None else (self.total * percent / 100).quantize(CENT, ROUND_HALF_UP)
            result.append((self.date + timedelta(days=days), amount))
            rest -= amount
        return result


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money of a customer on a bank account; `parts` = ((invoice key, amount), ...), empty for an advance."""

    date: date
    journal: str  # kaspi or halyk
    customer: str
    amount: Decimal
    parts: tuple
    purpose: str  # with the placeholders of customers.PURPOSES
    number: str


@dataclass(frozen=True, slots=True)
class Cost:
    """Money that goes out (amount > 0) or comes in (< 0) and has nothing to do with customers."""

    date: date
    journal: str
    payee: str
    account: str
    purpose: str
    knp: str
    amount: Decimal
    number: str


@dataclass(frozen=True, slots=True)
class Order:
    customer: str
    lines: tuple


@dataclass(frozen=True, slots=True)
class Company:
    name: str = "ТОО «АлатауСтройСнаб»"
    tax_id: str = ""
    street: str = "пр. Суюнбая, 284А"
    city: str = "Алматы"
    zip: str = "050011"
    phone: str = "+7 727 300 41 17"
    email: str = "info@alatau-snab.example"
    website: str = "https://alatau-snab.example"
    kaspi_iban: str = ""
    halyk_iban: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    today: date
    company: Company
    customers: tuple
    products: tuple
    invoices: tuple  # by date; credit notes among them
    receipts: tuple
    offsets: tuple  # ((credit note key, invoice key), ...)
    costs: tuple
    orders: tuple

    def paid(self):
        """Invoice or credit note key -> Decimal settled so far, by money and by credit notes."""
        paid = {invoice.key: Decimal(0) for invoice in self.invoices}
        for receipt in self.receipts:
            for key, amount in receipt.parts:
                paid[key] += amount
        totals = {invoice.key: invoice.total for invoice in self.invoices}
        for credit, invoice in self.offsets:
            paid[credit] += totals[credit]
            paid[invoice] += totals[credit]
        return paid

    def open_positions(self):
        """[(invoice, due date, open amount)] of invoices; money settles the earliest instalment first."""
        result, settled = [], self.paid()
        for invoice in self.invoices:
            if invoice.credits:
                continue
            rest = settled[invoice.key]
            for due, amount in invoice.instalments:
                used = min(rest, amount)
                rest -= used
                if amount > used:
                    result.append((invoice, due, amount - used))
        return result


def make_plan(today):
    """The whole plan as of `today` (date)."""
    from .history import Planner  # it needs the classes of this file

    return Planner(today).plan()


def vat_rate(day):
    """VAT of Kazakhstan in percent: 16 from 2026-01-01, 12 before."""
    return 16 if day >= date(2026, 1, 1) else 12
