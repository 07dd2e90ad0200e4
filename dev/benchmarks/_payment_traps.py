"""Lines that look like proof and are none: made apart from the others, none of them may be applied."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

from core.matching import OpenItem, Payer

from . import _payment_texts as texts
from ._payment_world import TODAY, UNDECIDABLE, Book, Customer, tax_id
from .payments import Maker


class Tempter(Maker):
    """Lines that look like proof and are none; each customer has two documents of one amount."""

    def twins(self) -> tuple[Customer, OpenItem, OpenItem]:
        customer = self.customer(self.random.choice([0, 1, 3]))
        amount = self.amount()
        (first,), (second,) = self.invoice(customer, [amount]), self.invoice(customer, [amount])
        return customer, first, second

    def tempt(self, kind: str, payer, item: OpenItem, reference: str) -> None:
        text = self.text(reference, item.residual, noise=0.3)
        self.line(kind, UNDECIDABLE, payer, item.residual, text, mode=self.random.choice(["all", "tax_id"]))

    def number_in(self, item: OpenItem) -> str:
        """The part of a number that counts, with its zeros."""
        parts = [part for part in re.findall(r"\d+", item.number) if part not in ("2025", "2026", "25", "26")]
        return parts[-1] if parts else item.number

    def make_contract_like_invoice(self):
        customer, item, _twin = self.twins()
        number = self.random.choice([item.number, self.number_in(item)])
        reference = self.random.choice(
            [
                "по договору № {}",
                "дог. {}",
                "согл. договора поставки {}",
                "договор аренды № {}",
                "contract No {}",
            ]
            + [
                "келісімшарт № {}",
                "дог-ру № {}",
                "по госконтракту {}",
                "по дог {}",
                "к договору на оказание услуг №{}",
            ]
        )
        self.tempt("contract", customer, item, reference.format(number))

    def make_other_document(self):
        customer, item, _twin = self.twins()
        number = self.random.choice([item.number, self.number_in(item)])
        reference = self.random.choice(
            [
                "счет-фактура № {}",
                "сч-ф {}",
                "с/ф №{}",
                "ЭСФ {}",
                "акт № {}",
                "накладная {}",
                "по АВР №{}",
                "ТТН {}",
            ]
            + [
                "п/п № {}",
                "спецификация № {}",
                "приложение {} к договору",
                "по реестру {}",
                "счету-фактуре {}",
            ]
        )
        self.tempt("other_document", customer, item, reference.format(number))

    def make_date_like_number(self):
        customer, item, _twin = self.twins()
        (short,) = self.invoice(
            customer, [item.residual], number=str(self.random.choice([12, 2026, 11, 20, 5]))
        )
        n = int(short.number)
        if n < 12:
            self.tempt("date", customer, short, f"по счету {n}.10")
            return
        day = f"{n:02}.10.2026" if n < 30 else f"15.10.{n}"
        reference = self.random.choice(
            ["по счету от {}", "за товар по накл от {}", "счет {}г.", "от {} г", "за {}"]
        )
        if any(f"{i.date:%d.%m.%Y}" == day for i in customer.items):
            return  # then the date would tell
        self.tempt("date", customer, short, reference.format(day))

    def make_amount_like_number(self):
        customer, _item, _twin = self.twins()
        amount = Decimal(self.random.randint(1000, 99999))
        first = self.invoice(customer, [amount], number=str(int(amount)))[0]
        self.invoice(customer, [amount])
        reference = self.random.choice(
            ["на сумму {}", "сумма {}-00", "{} тенге", "в размере {},00", "{}.00", "Сумма: {} KZT"]
        )
        self.tempt("amount", customer, first, reference.format(int(amount)))

    def make_glued_digits(self):
        """The digits of a number in other tokens, glued to others, or inside longer ones."""
        customer, item, _twin = self.twins()
        digits = "".join(c for c in item.number if c.isdigit())
        long = f"{self.random.randint(1, 9)}{digits}{self.random.randint(0, 9)}"
        reference = self.random.choice(
            [
                f"артикул {long}",
                f"код {digits}{self.random.randint(10, 99)}",
                f"л/с {digits}",
                f"БИН {digits:0>12}",
            ]
            + [
                f"тел. 8701{digits:0>7}"[:16],
                f"клей{digits}",
                f"ул. Абая, д. {self.number_in(item)}",
                f"{self.number_in(item)} шт",
            ]
            + [
                f"{self.number_in(item)} тонн",
                f"р/с KZ{digits:0>18}",
                f"КНП {self.number_in(item)}",
                f"карта {digits}",
            ]
        )
        self.tempt("glued", customer, item, reference)

    def make_foreign_number(self):
        """Another customer's number, and an own document of the same amount."""
        customer, item = self.own()
        other = self.customer(0)
        (foreign,) = self.invoice(other, [item.residual])
        reference = (
            foreign.payment_code
            if foreign.payment_code and self.random.random() < 0.3
            else self.quote([foreign])
        )
        self.tempt("foreign_number", customer, item, reference)

    def make_crossed(self):
        """One document is quoted, the amount is another's."""
        customer, item = self.own(2)
        other = next(i for i in customer.items if i is not item)
        if other.residual != item.residual:
            self.tempt("crossed", customer, other, self.quote([item]))

    def make_less_for_two(self):
        customer = self.customer(3)
        first, second = customer.items[:2]
        amount = (max(first.residual, second.residual) * Decimal("1.01")).quantize(Decimal("0.01"))
        if amount < first.residual + second.residual and not any(
            i.residual == amount for i in customer.items
        ):
            text = self.text(self.quote([first, second]), amount, noise=0.2)
            self.line("less_for_two", UNDECIDABLE, customer, amount, text, mode="all")

    def make_between_two(self):
        """A number one typing error away from two documents of the amount."""
        customer = self.customer(0)
        amount, day, n = self.amount(), TODAY - datetime.timedelta(days=30), self.number + 1000
        self.number = n + 10
        n -= n % 10
        first = self.invoice(customer, [amount], day=day, number=self.number_of(day, n + 1))[0]
        self.invoice(customer, [amount], day=day, number=self.number_of(day, n + 2))
        self.tempt(
            "between_two", customer, first, texts.quote(self.random, [self.number_of(day, n + 3)], [None])
        )

    def make_branches(self):
        """Two customers of one BIN, each with a document of the amount."""
        first, item = self.own()
        second = self.customer(0)
        self.invoice(second, [item.residual])
        for customer in (first, second):
            self.book.payers.append(Payer(customer.id, tax_ids=(first.tax_id,)))
        self.tempt("branches", first, item, "")

    def make_same_number(self):
        """Two journals that count alike: both documents bear the number, the payer is unknown."""
        amount, number = self.amount(), self.number_of(TODAY)
        for _ in range(2):
            self.invoice(self.customer(0), [amount], number=number)
        reference = texts.quote(self.random, [texts.spelled(self.random, number)], [None])
        self.line("same_number", UNDECIDABLE, None, amount, self.text(reference, amount))

    def make_nearly_same_name(self):
        """A name that lies between two customers."""
        name, form = texts.company_name(self.random)
        amount = self.amount()
        for end in ("2005", "2006"):
            self.invoice(self.customer(0, name=(f"{name} {end}", form), shared=True), [amount])
        self.line(
            "nearly_same_name", UNDECIDABLE, None, amount, self.vague(amount), payer_name=f"ТОО {name} 200"
        )

    def make_stranger(self):
        """A BIN that is not the customer's, and the customer's name."""
        customer, item = self.own()
        if any(customer.tax_id in p.tax_ids for p in self.book.payers):
            name = texts.name_from_bank(self.random, customer.name, customer.form)
            self.line(
                "stranger",
                UNDECIDABLE,
                None,
                item.residual,
                self.vague(item.residual),
                payer_name=name,
                payer_tax_id=tax_id(self.random),
            )

    def make_year_off(self):
        """Last year's number; this year's bears the same and has the amount."""
        customer = self.customer(1)
        day = datetime.date(2026, 10, 5)
        n = self.number = self.number + 7
        (item,) = self.invoice(customer, day=day, number=f"INV/2026/{n:05}")
        self.tempt("year_off", customer, item, f"по счету INV/2025/{n:05}")

    def make_more_than_named(self):
        """One document is quoted beside a number that is nobody's, and more is paid."""
        customer, item = self.own()
        amount = item.residual + Decimal(self.random.randint(1000, 90000))
        gone = self.number_of(TODAY)
        self.number += 3
        text = f"по счетам № {item.number} и № {gone}"
        if not any(i.residual == amount for i in customer.items):
            self.line(
                "more_than_named",
                UNDECIDABLE,
                customer,
                amount,
                self.text(text, amount, noise=0.2),
                mode="all",
            )


def make_adversarial_book(seed: int, lines: int = 400, style: str | None = None) -> Book:
    """A book of lines that tempt; none of them may be applied."""
    maker = Tempter(seed, style)
    kinds = [name for name in vars(Tempter) if name.startswith("make_")]
    while len(maker.book.cases) < lines:
        getattr(maker, maker.random.choice(kinds))()
    return maker.book
