"""Messy payments with their truth, made from a seed: what the matching is measured on.

    dev/bench payments [seed]      prints examples of every kind

Each line has a customer of its own beside it (with one to a dozen open items), all share
one numbering. ``Truth.expected`` is what a careful accountant would book; it is None
where nobody could know. Adversarial lines are made apart: each of them tempts.
"""

from __future__ import annotations

import datetime
import itertools
import sys
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from rapidfuzz.distance import OSA

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


KINDS = {
    "code": 14, "number": 20, "several": 7, "range": 2, "instalment": 4, "short": 6, "two_codes": 1,
    "partial": 4, "overpaid": 3, "fee": 3, "third_party": 4, "typo": 4, "code_typo": 1, "amount": 6,
    "learned": 2, "fuzzy": 4, "sum": 3, "credit_note": 2, "order": 2, "dated": 2, "customer_named": 2,
    "same_tail": 1,
    "same_amount": 3, "sum_twice": 2, "shared_name": 1, "unknown": 2, "closed": 2, "twice": 2, "payout": 1,
    "advance": 1, "refund": 1, "two_customers": 1,
}  # fmt: skip


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


class Maker:
    """Draws customers, documents and lines; one method per kind of line."""

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

    # --- references with agreeing amounts -----------------------------------------
    def make_code(self):
        customer, item = self.own()
        while not item.payment_code:
            (item,) = self.invoice(customer)
        code = item.payment_code
        code = self.random.choice([code, code, code.translate(texts.LOOKALIKE), code.lower()])
        code = code.translate(str.maketrans("AB", "АВ")) if self.random.random() < 0.2 else code
        label = self.random.choice(
            [
                "реф. {}",
                "код {}",
                "{}",
                "по реф {}",
                "код платежа: {}",
                "ref {}",
                "({})",
                "по счету {}",
                "төлем коды {}",
            ]
        )
        self.line(
            "code",
            TRUSTED,
            customer,
            item.residual,
            self.text(label.format(code), item.residual),
            [(item, item.residual)],
        )

    def make_number(self):
        customer, item = self.own()
        reference = self.quote([item])
        if self.random.random() < 0.12 and any(c.isalpha() for c in item.number) and len(item.number) > 5:
            reference = item.number
        self.line(
            "number",
            TRUSTED,
            customer,
            item.residual,
            self.text(reference, item.residual),
            [(item, item.residual)],
            **self.not_alone(item.number),
        )

    def not_alone(self, number: str) -> dict:
        """A short plain number says nothing without its payer."""
        bare = number.isdigit() and len(number.lstrip("0")) < 4
        return {"mode": self.random.choice(["all", "tax_id"])} if bare else {}

    def make_several(self):
        customer = self.customer(self.random.randint(3, 9))
        items = self.random.sample(customer.items, self.random.randint(2, 3))
        total = sum(i.residual for i in items)
        self.line(
            "several",
            TRUSTED,
            customer,
            total,
            self.text(self.quote(items), total, noise=0.3),
            [(i, i.residual) for i in items],
            **self.not_alone(items[0].number),
        )

    def make_two_codes(self):
        customer = self.customer(4)
        items = [i for i in customer.items if i.payment_code][:2]
        if len(items) < 2:
            return self.make_code()
        total = sum(i.residual for i in items)
        reference = self.random.choice([", ", " и ", " "]).join(i.payment_code for i in items)
        return self.line(
            "two_codes",
            TRUSTED,
            customer,
            total,
            self.text(reference, total),
            [(i, i.residual) for i in items],
        )

    def make_range(self):
        """Numbers in a row: "с 10 по 14", "10-14"; plain numbers only."""
        customer = self.customer(1)
        day = TODAY - datetime.timedelta(days=20)
        start = self.number + 1
        items = [
            self.invoice(customer, day=day, number=str(start + n))[0]
            for n in range(self.random.randint(2, 5))
        ]
        self.number = start + 6
        total = sum(i.residual for i in items)
        first, last = items[0].number, items[-1].number
        reference = self.random.choice(
            [
                f"по счетам с {first} по {last}",
                f"по счетам № {first}-{last}",
                f"счета {first} - {last}",
                f"по счетам с № {first} по № {last}",
            ]
        )
        self.line(
            "range",
            TRUSTED,
            customer,
            total,
            self.text(reference, total),
            [(i, i.residual) for i in items],
            mode="all",
        )

    def make_instalment(self):
        customer = self.customer(self.random.randint(0, 4))
        parts = self.invoice(customer, [self.amount() for _ in range(self.random.randint(2, 4))])
        count = self.random.randint(1, len(parts))
        chosen = parts[:count]
        total = sum(i.residual for i in chosen)
        sums = Counter(
            sum(i.residual for i in chosen)
            for n in range(1, 5)
            for chosen in itertools.combinations(parts, n)
        )
        if sums[total] > 1:
            return
        reference = self.quote([parts[0]])
        if count == 1 and self.random.random() < 0.4:
            reference = f"по счету № {parts[0].number}-1"
        self.line(
            "instalment",
            TRUSTED,
            customer,
            total,
            self.text(reference, total, noise=0.3),
            [(i, i.residual) for i in chosen],
            **self.not_alone(parts[0].number),
        )

    def make_short(self):
        customer, item = self.own()
        tail = str(int("".join(c if c.isdigit() else " " for c in item.number).split()[-1]))
        parts = "".join(c if c.isdigit() else " " for c in item.number).split()
        if (len(parts) > 1 and not item.number.endswith(parts[-1])) or "/" in item.number[-4:]:
            tail = str(int(parts[0]))
        if (
            sum(
                tail in "".join(c if c.isdigit() else " " for c in i.number).replace(" 0", " ").split()
                for i in customer.items
            )
            > 1
        ):
            return
        day = item.date if self.random.random() < 0.5 else None
        reference = texts.quote(self.random, [tail], [day])
        self.line(
            "short",
            TRUSTED,
            customer,
            item.residual,
            self.text(reference, item.residual, noise=0.3),
            [(item, item.residual)],
            mode=self.random.choice(["all", "tax_id"]),
        )

    # --- decidable, with something missing or amiss ------------------------------
    def differing(self, kind, change):
        customer, item = self.own()
        amount = change(item.residual).quantize(Decimal("0.01"))
        if amount <= 0 or any(i.residual == amount for i in customer.items):
            return
        rest = amount - item.residual
        others = [i.residual for i in customer.items if i is not item]
        if any(sum(c) == rest for n in range(1, 5) for c in itertools.combinations(others, n)):
            return
        paid = min(amount, item.residual)
        word = "частично " if kind == "partial" and self.random.random() < 0.4 else ""
        self.line(
            kind,
            DECIDABLE,
            customer,
            amount,
            word + self.text(self.quote([item]), amount),
            [(item, paid)],
            mode="all",
        )

    def make_partial(self):
        share = self.random.choice(
            [Decimal("0.3"), Decimal("0.5"), Decimal(self.random.randint(10, 90)) / 100]
        )
        self.differing("partial", lambda residual: residual * share)

    def make_overpaid(self):
        more = Decimal(self.random.choice([1, 100, 5000, 12345]))
        self.differing("overpaid", lambda residual: residual + more)

    def make_fee(self):
        fee = Decimal(self.random.choice(["200", "350", "0.50", "150"]))
        self.differing("fee", lambda residual: residual - fee)

    def make_third_party(self):
        customer, item = self.own()
        other = self.customer(self.random.choice([0, 2]))
        reference = (
            self.quote([item]) if not item.payment_code or self.random.random() < 0.6 else item.payment_code
        )
        if item.number.isdigit() and len(item.number) < 4:
            return
        extra = (
            f"за {texts.name_from_bank(self.random, customer.name, customer.form)}"
            if self.random.random() < 0.5
            else ""
        )
        self.line(
            "third_party",
            DECIDABLE,
            other,
            item.residual,
            self.text(reference, item.residual, extra=extra),
            [(item, item.residual)],
            mode="all",
        )

    def make_typo(self):
        """One digit of the number is wrong; payer and amount tell what was meant."""
        customer, item = self.own(unique=True)
        digits = [i for i, c in enumerate(item.number) if c.isdigit()]
        at = self.random.choice(digits[-3:])
        wrong = (
            item.number[:at]
            + self.random.choice([d for d in "0123456789" if d != item.number[at]])
            + item.number[at + 1 :]
        )
        if len(digits) < 4 or any(i.number == wrong for i in customer.items):
            return
        reference = texts.quote(self.random, [wrong], [item.date])
        self.line(
            "typo",
            DECIDABLE,
            customer,
            item.residual,
            self.text(reference, item.residual, noise=0.3),
            [(item, item.residual)],
            mode="all",
        )

    def make_code_typo(self):
        customer, item = self.own(unique=True)
        if not item.payment_code:
            return
        at = self.random.randrange(7)
        wrong = item.payment_code[:at] + self.random.choice("QWZ7F") + item.payment_code[at + 1 :]
        self.line(
            "code_typo",
            DECIDABLE,
            customer,
            item.residual,
            self.text(f"реф {wrong}", item.residual),
            [(item, item.residual)],
            mode="all",
        )

    def vague(self, amount) -> str:
        reference = self.random.choice(["", "по счету", "по договору", "", "за товар", "согласно счета б/н"])
        return self.text(reference, amount)

    def make_amount(self):
        customer, item = self.own(unique=True)
        self.line(
            "amount",
            DECIDABLE,
            customer,
            item.residual,
            self.vague(item.residual),
            [(item, item.residual)],
            mode=self.random.choice(["all", "tax_id"]),
        )

    def make_learned(self):
        alias = f"{self.random.choice(texts.PEOPLE)} {self.random.choice(texts.GIVEN)} {self.customers}"
        account = f"KZ{self.random.randrange(10**18):018}"
        customer = self.customer(3, aliases=[alias], alias_accounts=[account])
        item = customer.items[0]
        if not self.unique(customer, item.residual):
            return
        shown = self.random.choice(
            [{"payer_name": alias.upper()}, {"payer_account": account, "payer_name": "Неизвестный Н."}]
        )
        self.line(
            "learned",
            DECIDABLE,
            None,
            item.residual,
            self.vague(item.residual),
            [(item, item.residual)],
            **shown,
        )

    def make_fuzzy(self):
        customer, item = self.own(unique=True)
        name = texts.name_garbled(self.random, customer.name, customer.form)
        self.line(
            "fuzzy",
            DECIDABLE,
            customer,
            item.residual,
            self.vague(item.residual),
            [(item, item.residual)],
            mode="name",
            payer_name=name,
        )

    def make_sum(self):
        customer = self.customer(self.random.randint(3, 7))
        items = self.random.sample(customer.items, self.random.randint(2, 3))
        total = sum(i.residual for i in items)
        if self.unique(customer, total):
            self.line(
                "sum",
                DECIDABLE,
                customer,
                total,
                self.vague(total),
                [(i, i.residual) for i in items],
                mode="all",
            )

    def make_credit_note(self):
        customer, item = self.own()
        (note,) = self.invoice(
            customer, [-(item.residual * Decimal("0.2")).quantize(Decimal("0.01"))], kind="credit_note"
        )
        total = item.residual + note.residual
        if self.unique(customer, total):
            reference = self.quote([item]) if self.random.random() < 0.6 else ""
            self.line(
                "credit_note",
                DECIDABLE,
                customer,
                total,
                self.text(reference, total),
                [(item, item.residual), (note, note.residual)],
                mode="all",
            )

    def make_order(self):
        customer, item = self.own(unique=True)
        reference = self.random.choice(
            ["по заказу {}", "заказ № {}", "order {}", "тапсырыс {}", "{}", "по заявке {}"]
        ).format(item.order_names[0])
        self.line(
            "order",
            DECIDABLE,
            customer,
            item.residual,
            self.text(reference, item.residual),
            [(item, item.residual)],
            mode="all",
        )

    def make_dated(self):
        """No number, but the date of one of two documents of the same amount."""
        customer, item = self.own()
        self.invoice(customer, [item.residual], day=item.date - datetime.timedelta(days=31))
        if (
            sum(i.residual == item.residual for i in customer.items) == 2
            and sum(i.date == item.date for i in customer.items) == 1
        ):
            reference = "по счету" + texts.date(self.random, item.date).replace("от", " от ").replace(
                "ОТ", " от "
            )
            self.line(
                "dated",
                DECIDABLE,
                customer,
                item.residual,
                self.text(reference, item.residual, noise=0),
                [(item, item.residual)],
                mode="all",
            )

    def make_customer_named(self):
        customer, item = self.own(unique=True)
        other = self.customer(0)
        extra = f"за {texts.name_from_bank(self.random, customer.name, customer.form)}"
        self.line(
            "customer_named",
            DECIDABLE,
            other,
            item.residual,
            self.text("", item.residual, extra=extra, noise=0.2),
            [(item, item.residual)],
            mode="all",
        )

    def make_same_tail(self):
        """Two documents whose short number is the same; the amount tells which."""
        customer = self.customer(2)
        n = self.number = self.number + 3
        old, new = (
            self.invoice(customer, day=datetime.date(y, 10, 5), number=f"INV/{y}/{n:05}")[0]
            for y in (2025, 2026)
        )
        if old.residual != new.residual:
            self.line(
                "same_tail",
                DECIDABLE,
                customer,
                new.residual,
                self.text(f"по счету № {n}", new.residual, noise=0.2),
                [(new, new.residual)],
                mode="all",
            )

    # --- what nobody could know ----------------------------------------------------
    def make_same_amount(self):
        customer, item = self.own()
        self.invoice(customer, [item.residual])
        self.line("same_amount", UNDECIDABLE, customer, item.residual, self.vague(item.residual), mode="all")

    def make_sum_twice(self):
        customer = self.customer(0)
        a, b = self.amount(), self.amount()
        for amount in (a, b, a - 1000, b + 1000):
            if amount <= 0:
                return
            self.invoice(customer, [amount])
        self.line("sum_twice", UNDECIDABLE, customer, a + b, self.vague(a + b), mode="all")

    def make_shared_name(self):
        name = texts.company_name(self.random)
        first, second = self.customer(1, name=name, shared=True), self.customer(1, name=name, shared=True)
        item = self.random.choice([*first.items, *second.items])
        self.line("shared_name", UNDECIDABLE, first, item.residual, self.vague(item.residual), mode="name")

    def make_unknown(self):
        _customer, item = self.own()
        self.line(
            "unknown",
            UNDECIDABLE,
            None,
            item.residual,
            self.vague(item.residual),
            payer_name="Прохожий Павел",
            payer_tax_id=tax_id(self.random),
        )

    def make_closed(self):
        """An invoice that is paid is quoted; another one of the amount is open."""
        customer, item = self.own()
        number = self.number_of(TODAY)
        if any(OSA.distance(i.number, number) < 2 for i in customer.items):
            return  # so near that it might be a typing error
        reference = texts.quote(self.random, [number], [None])
        self.line(
            "closed",
            UNDECIDABLE,
            customer,
            item.residual,
            self.text(reference, item.residual, noise=0.2),
            mode="all",
        )

    def make_twice(self):
        """The same order of payment comes twice."""
        customer, item = self.own()
        text = self.text(self.quote([item], spell=False), item.residual)
        for group in (TRUSTED, UNDECIDABLE):
            self.line(
                "twice",
                group,
                customer,
                item.residual,
                text,
                [(item, item.residual)] if group == TRUSTED else None,
                mode="all",
            )
        second = self.book.cases.pop()
        first = self.book.cases.pop()
        from dataclasses import replace

        self.book.cases += [
            Case(replace(first.transaction, date=TODAY), first.truth),
            Case(replace(second.transaction, date=TODAY), second.truth),
        ]

    def make_payout(self):
        amount = self.amount()
        self.line(
            "payout",
            UNDECIDABLE,
            None,
            amount,
            f"Продажи с Kaspi.kz за {TODAY:%d/%m/%Y}",
            payer_name='АО "KASPI BANK"',
            payer_tax_id="971240001315",
        )

    def make_advance(self):
        customer = self.customer(3)
        amount = self.amount() + Decimal("0.77")
        self.line(
            "advance",
            UNDECIDABLE,
            customer,
            amount,
            self.text("аванс по договору № 77/А", amount),
            mode="all",
        )

    def make_refund(self):
        customer, item = self.own()
        self.line(
            "refund",
            UNDECIDABLE,
            customer,
            item.residual,
            f"Возврат ошибочно перечисленных средств по {item.number}",
            mode="all",
        )

    def make_two_customers(self):
        first, second = self.customer(1), self.customer(1)
        items = [first.items[0], second.items[0]]
        total = sum(i.residual for i in items)
        self.line(
            "two_customers",
            UNDECIDABLE,
            first,
            total,
            self.text(self.quote(items, spell=False), total),
            mode="all",
        )


def make_book(seed: int, lines: int = 1000, style: str | None = None, kinds: dict | None = None) -> Book:
    """A book of about ``lines`` payments with their open items and payers."""
    maker = Maker(seed, style)
    kinds = kinds or KINDS
    names, weights = list(kinds), list(kinds.values())
    while len(maker.book.cases) < lines:
        getattr(maker, "make_" + maker.random.choices(names, weights)[0])()
    return maker.book


def main(arguments) -> int:
    maker = Maker(int(arguments[0]) if arguments else 1)
    for kind in KINDS:
        before = len(maker.book.cases)
        for _ in range(4):
            getattr(maker, "make_" + kind)()
        for case in maker.book.cases[before:]:
            line = case.transaction
            print(f"{kind:15} {line.amount:>14} {line.payer_name[:30]:30} {line.purpose}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
