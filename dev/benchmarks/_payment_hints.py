"""Lines that can be decided although something is missing or amiss."""

from __future__ import annotations

import datetime
import itertools
from decimal import Decimal

from . import _payment_texts as texts
from ._payment_world import DECIDABLE, World


class Hints(World):
    """One method per kind of line."""

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
