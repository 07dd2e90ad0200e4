"""Lines that nobody could decide."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from rapidfuzz.distance import OSA

from . import _payment_texts as texts
from ._payment_world import TODAY, TRUSTED, UNDECIDABLE, Case, World, tax_id


class Riddles(World):
    """One method per kind of line."""

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
