"""The world of generated payments: customers, documents, numbering, what a bank shows of a payer."""

from __future__ import annotations

import datetime
import itertools
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from core.matching import OpenItem, Payer, Transaction
from core.references import make

from . import _payment_texts as texts

TODAY = datetime.date(2026, 11, 20)
TRUSTED, DECIDABLE, UNDECIDABLE = "trusted", "decidable", "undecidable"
STYLES = (
    "INV/{y}/{n:05}",
    "{n}",
    "БП-{n:05}",
    "{n:06}",
    "{n}/{yy}",
    "МТ-{n}",
    "KZ-{y}-{n:04}",
    "СЧ{n:05}",
    "{y}-{n}",
    "А{n:04}/к",
)


@dataclass(frozen=True, slots=True)
class Truth:
    """``group`` says what is asked: trusted, decidable or undecidable."""

    kind: str
    group: str
    expected: tuple | None = None


@dataclass(frozen=True, slots=True)
class Case:
    transaction: Transaction
    truth: Truth


@dataclass(slots=True)
class Customer:
    id: int
    name: str
    form: int
    tax_id: str
    account: str
    items: list[OpenItem] = field(default_factory=list)


@dataclass(slots=True)
class Book:
    items: list[OpenItem] = field(default_factory=list)
    payers: list[Payer] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)

    @property
    def transactions(self) -> list[Transaction]:
        return [case.transaction for case in self.cases]


def tax_id(random: Random) -> str:
    """A BIN with the right control digit."""
    while True:
        digits = [
            int(c)
            for c in f"{random.randint(0, 26):02}{random.randint(1, 12):02}40{random.randrange(10**5):05}"
        ]
        control = sum(d * w for d, w in zip(digits, range(1, 12), strict=True)) % 11
        if control == 10:
            control = sum(d * w for d, w in zip(digits, [*range(3, 12), 1, 2], strict=True)) % 11
        if control < 10:
            return "".join(map(str, [*digits, control]))


class World:
    """Draws customers, documents and lines."""

    def __init__(self, seed: int, style: str | None = None):
        self.random = Random(seed)
        self.styles = [style or STYLES[seed % len(STYLES)], self.random.choice(STYLES)]
        self.book = Book()
        self.number = self.random.choice([1, 120, 4000, 70000])
        self.codes = self.random.randrange(10**6)
        self.customers = 0
        self.names: Counter = Counter()

    # --- the world --------------------------------------------------------------
    def amount(self) -> Decimal:
        random = self.random
        if random.random() < 0.35:
            return Decimal(random.randint(1, 400) * 5000)
        return Decimal(random.randint(100_000, 300_000_000)) / 100

    def customer(self, items: int | None = None, **values) -> Customer:
        random = self.random
        self.customers += 1
        while True:
            name, form = values.pop("name", None) or texts.company_name(random)
            if values.get("shared") or not self.names[name]:
                break
            if self.names[name] < 3:
                name = f"{name} {random.choice(texts.THIRD)}"
                if not self.names[name]:
                    break
        self.names[name] += 1
        account = f"KZ{random.randrange(10**18):018}"
        customer = Customer(self.customers, name, form, tax_id(random), account)
        seen = random.random()
        self.book.payers.append(
            Payer(
                customer.id,
                texts.name_on_record(name, form),
                (customer.tax_id,) if seen < 0.92 and not values.get("shared") else (),
                (account,) if random.random() < 0.6 and not values.get("shared") else (),
                tuple(values.get("aliases", ())),
                tuple(values.get("alias_accounts", ())),
            )
        )
        for _ in range(random.choice([1, 2, 2, 3, 4, 5, 8, 12]) if items is None else items):
            self.invoice(customer)
        return customer

    def number_of(self, day: datetime.date, n: int | None = None) -> str:
        if n is None:
            self.number += self.random.choice([1, 1, 1, 2, 5])
            n = self.number
        style = self.styles[self.random.random() < 0.15]
        return style.format(y=day.year, yy=day.year % 100, n=n)

    def invoice(
        self, customer: Customer, amounts=None, day=None, kind="invoice", number=None
    ) -> list[OpenItem]:
        random = self.random
        day = day or TODAY - datetime.timedelta(days=random.randint(3, 300))
        amounts = amounts or [self.amount()]
        number = number or self.number_of(day)
        self.codes += 1
        move = len(self.book.items) + 1
        order = f"S{random.randrange(10**5):05}"
        code = make(self.codes) if kind == "invoice" and random.random() < 0.7 else ""
        made = [
            OpenItem(
                (move, place),
                customer.id,
                kind,
                number,
                amount,
                "KZT",
                code,
                (order,),
                day + datetime.timedelta(days=15 * place),
                day,
                place,
                len(amounts),
            )
            for place, amount in enumerate(amounts, 1)
        ]
        self.book.items += made
        customer.items += made
        return made

    def line(self, kind, group, payer, amount, purpose, expected=None, mode=None, **values) -> None:
        """Add a line. ``payer`` is a customer or None; ``mode`` says what the bank shows of them."""
        random = self.random
        mode = mode or random.choices(["all", "tax_id", "account", "name", "nothing"], [60, 15, 8, 10, 7])[0]
        shown = {}
        if payer:
            name = values.pop("payer_name", None) or texts.name_from_bank(random, payer.name, payer.form)
            if mode in ("all", "tax_id"):
                shown["payer_tax_id"] = payer.tax_id
            if mode in ("all", "account"):
                shown["payer_account"] = payer.account
            if mode != "nothing":
                shown["payer_name"] = name
        shown.update(values)
        day = TODAY + datetime.timedelta(days=random.randrange(5))
        transaction = Transaction(len(self.book.cases), day, amount, "KZT", purpose, **shown)
        if expected is not None:
            expected = tuple(sorted((i.id, a) for i, a in expected))
        self.book.cases.append(Case(transaction, Truth(kind, group, expected)))

    def text(self, reference, amount, **values) -> str:
        contract = self.random.choice(
            [f"{self.random.randint(1, 999)}", f"{self.random.randint(1, 99)}/26", "Д-2026/15", "б/н"]
        )
        return texts.purpose(self.random, reference, amount=amount, contract=contract, **values)

    def quote(self, items: list[OpenItem], spell=True, **values) -> str:
        numbers = [texts.spelled(self.random, i.number) if spell else i.number for i in items]
        return texts.quote(self.random, numbers, [i.date for i in items], **values)

    def unique(self, customer: Customer, amount: Decimal) -> bool:
        """Whether exactly one set of the customer's items makes the amount."""
        values = [i.residual for i in customer.items]
        count = 0
        for size in range(1, min(len(values), 6) + 1):
            for chosen in itertools.combinations(values, size):
                count += sum(chosen) == amount
        return count == 1

    def own(self, least=1, unique=False) -> tuple[Customer, OpenItem]:
        while True:
            customer = self.customer(max(least, self.random.choice([1, 2, 3, 4, 5, 8])))
            item = self.random.choice(customer.items)
            if not unique or self.unique(customer, item.residual):
                return customer, item
