"""Lines that quote codes and numbers, with the agreeing amount."""

from __future__ import annotations

import datetime
import itertools
from collections import Counter

from . import _payment_texts as texts
from ._payment_world import TODAY, TRUSTED, World


class References(World):
    """One method per kind of line."""

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
