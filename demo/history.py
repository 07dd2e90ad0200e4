"""How the demo company came to its ledger: who ordered when, who paid when, by the habits of each segment."""

import random
from datetime import date, timedelta
from decimal import Decimal

from . import customers as texts
from .identifiers import make_bin, make_iban, make_iin
from .plan import CENT, TERMS, Company, Cost, Customer, Invoice, Line, Order, Plan, Product, Receipt, vat_rate

SEED = 20261121
#: customer -> days until an open invoice of his falls due: the steps of the ladders have cases today.
#: Who pays in time as a rule hears on the day and 5, 14, 30 days later, who is always late 1, 5 and 10.
STAGED = [
    ("nomad-building", 3),
    ("ecodom-almaty", 3),
    ("technodom-stroy", 2),
    ("grand-interior", 1),
    ("krovlya-asia", 0),
    ("megapol", 0),
    ("kazenergomontazh", 0),
    ("altyn-kirpish", -1),
    ("school217", -3),
    ("stroyservis-plus", -5),
    ("yusupov-ip", -5),
    ("serikov-ip", -5),
    ("tumar-remont", -5),
    ("proffasad", -7),
    ("li-sv", -7),
    ("zhetysu-zhol", -10),
    ("kim-ip", -14),
    ("caspiy-invest", -14),
    ("shymkent-cement", -21),
    ("transit-terminal", -21),
    ("ertis-sauda", -28),
    # 30/70, issued yesterday: both instalments are open.
    ("basis-monolit", 29),
]
#: this customer has two open invoices of one amount; (days ago) they were issued
TWINS = ("khantengri-park", (12, 8))
#: open overdue invoices of these customers are partly paid
PART_PAID = ("zhetysu-zhol", "ertis-sauda", "caspiy-invest", "proffasad")
#: quotations ready to be confirmed: customer, products
ORDERS = [
    ("stroyservis", ["CEM-500", "ARM-12", "DLV"]),
    ("ecodom-almaty", ["GYP-125", "PRF-60"]),
    ("uks", ["TILE-60", "PNT-14", "DLV"]),
    ("omarov", ["MIX-25"]),
    ("basis-monolit", ["ARM-12", "CEM-400", "CRN"]),
    ("technodom-stroy", ["INS-50", "ROOF-MT"]),
]


def _previous_workday(day):
    return day - timedelta(days=max(0, day.weekday() - 4))


def _next_workday(day):
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)


class Planner:
    """Makes one plan; the order of the calls is part of it, because all of them draw from one generator."""

    def __init__(self, today):
        self.today = today
        self.rng = random.Random(SEED)
        self.products = tuple(
            Product(code, name, unit, Decimal(price), service)
            for code, name, unit, price, service, _quantities in texts.PRODUCTS
        )
        self.quantities = {row[0]: row[5] for row in texts.PRODUCTS}
        self.prices = {product.code: product for product in self.products}
        self.invoices, self.payments, self.offsets = [], [], []  # payments: [day, key, amount]

    def plan(self):
        company = Company(
            tax_id=make_bin(self.rng, 2014),
            kaspi_iban=make_iban(self.rng, "722"),
            halyk_iban=make_iban(self.rng, "601"),
        )
        self.customers = {row[2]: self._customer(index, row) for index, row in enumerate(texts.CUSTOMERS)}
        for row in texts.CUSTOMERS:
            self._history(self.customers[row[2]], row[6], row[7])
        self._staged()
        receipts = self._receipts()
        invoices = sorted(self.invoices, key=lambda invoice: (invoice.date, invoice.key))
        orders = tuple(
            Order(key, self._lines(self._size(key), today_rate, codes))
            for today_rate in [vat_rate(self.today)]
            for key, codes in ORDERS
        )
        return Plan(
            self.today,
            company,
            tuple(self.customers.values()),
            self.products,
            tuple(invoices),
            receipts,
            tuple(self.offsets),
            self._costs(),
            orders,
        )

    # -- customers ---------------------------------------------------------
    def _customer(self, index, row):
        form, name, key, city, segment, terms, _rate, _size = row
        pattern, kind = texts.FORMS[form]
        rng = self.rng
        if form in ("ip", "person"):
            female = name.split()[0].endswith("а") or name.startswith("Ли ")
            tax_id = make_iin(rng, female)
        else:
            tax_id = make_bin(rng)
        bank = (
            "070"
            if form == "gov" and index % 2
            else rng.choice(["722", "722", "601", "601", "856", "965", "998"])
        )
        if key == "school217":
            bank = "563"
        zip_code, streets = texts.CITIES[city]
        mailbox = {"gov": "buh", "person": key.split("-")[0], "ip": "office"}.get(form, "buh")
        return Customer(
            key,
            pattern % name,
            form,
            kind,
            tax_id,
            make_iban(rng, bank),
            f"{mailbox}@{key}.example",
            f"+7 7{rng.choice(['01', '02', '05', '47'])} 000 {rng.randint(10, 99)} {rng.randint(10, 99)}",
            rng.choice(streets) + ("" if form == "person" else f", офис {rng.randint(2, 48)}"),
            city,
            zip_code,
            segment,
            terms,
            texts.SALESPEOPLE[index % len(texts.SALESPEOPLE)][0],
        )

    @staticmethod
    def _size(key):
        return next(row[7] for row in texts.CUSTOMERS if row[2] == key)

    # -- invoices ----------------------------------------------------------
    def _lines(self, size, rate, codes=None):
        rng = self.rng
        if codes is None:
            goods = [product.code for product in self.products if not product.service]
            codes = rng.sample(goods, rng.choice([1, 1, 2, 2, 3]) if size else 1)
            if size and rng.random() < 0.4:
                codes.append(rng.choice(["DLV", "CRN"]))
        scale = size / 5 if size else 0.08
        lines = []
        for code in codes:
            product = self.prices[code]
            low, high = self.quantities[code]
            if product.service:
                quantity = Decimal(rng.randint(low, high))
            elif product.unit == "ton":
                quantity = max(Decimal("0.25"), Decimal(round(rng.uniform(low, high) * scale * 20)) / 20)
            else:
                step = 10 if low >= 200 else 1
                quantity = Decimal(max(2, round(rng.uniform(low, high) * scale / step)) * step)
            # A regular customer has his own price list: amounts differ between customers.
            price = (product.price * Decimal(rng.choice(["1", "1", "0.98", "0.97", "0.95"]))).quantize(CENT)
            lines.append(Line(code, quantity, price, rate))
        return tuple(lines)

    def _add_invoice(self, customer, day, size, lines=None):
        rate = vat_rate(day)
        invoice = Invoice(
            f"I{len(self.invoices) + 1:04d}",
            customer.key,
            day,
            customer.terms,
            rate,
            lines or self._lines(size, rate),
        )
        self.invoices.append(invoice)
        return invoice

    def _history(self, customer, per_month, size):
        rng, ago = self.rng, 365
        newest = 2
        if customer.segment == "new":
            ago = 40
        elif customer.segment == "problem":
            newest = 50  # nobody sells to them any more
        ago -= rng.randint(0, 12)
        while ago >= newest:
            day = _previous_workday(self.today - timedelta(days=ago))
            if (self.today - day).days <= 365:
                self._settle(customer, self._add_invoice(customer, day, size))
            ago -= max(2, round(rng.expovariate(per_month / 36)))

    def _settle(self, customer, invoice):
        """Plan how the invoice was paid, by the habits of the customer's segment."""
        rng = self.rng
        amounts = [list(part) for part in invoice.instalments]
        if len(amounts) == 1 and customer.kind == "corporate" and rng.random() < 0.035:
            amounts[0][1] -= self._credit(invoice)
        for due, amount in amounts:
            day = self._paid_on(customer.segment, invoice.date, due)
            if day is None or day >= self.today or amount <= 0:
                continue
            if amount > 600_000 and rng.random() < 0.09:
                first = (amount * rng.choice([30, 40, 50, 60]) / 100).quantize(Decimal(1000))
                earlier = max(invoice.date, day - timedelta(days=rng.randint(2, 6)))
                self.payments.append([_next_workday(earlier), invoice, first])
                amount -= first
                day = max(day, _next_workday(earlier))
            self.payments.append([day, invoice, amount])

    def _paid_on(self, segment, invoiced, due):
        """The day on which the money came, None for never (yet)."""
        rng = self.rng
        late = {
            "reliable": lambda: -rng.randint(0, 6),
            "new": lambda: -rng.randint(0, 2),
            "occasional": lambda: rng.randint(3, 12) if rng.random() < 0.16 else -rng.randint(0, 4),
            "chronic": lambda: rng.randint(10, 28),
            "problem": lambda: (
                rng.randint(25, 60) if (self.today - due).days > 210 and rng.random() < 0.8 else None
            ),
        }[segment]()
        if late is None:
            return None
        if late > 0:
            return _next_workday(due + timedelta(days=late))
        return max(invoiced, _previous_workday(max(invoiced, due + timedelta(days=late))))

    def _credit(self, invoice):
        """A credit note some days after the invoice: a return of a part, or all of it. Its total."""
        day = _next_workday(invoice.date + timedelta(days=self.rng.randint(2, 6)))
        if day >= self.today:
            return Decimal(0)
        if self.rng.random() < 0.25:
            lines = invoice.lines
        else:
            first = invoice.lines[0]
            part = Decimal(max(1, round(float(first.quantity) * self.rng.uniform(0.05, 0.2))))
            lines = (Line(first.product, min(part, first.quantity), first.price, first.rate),)
        note = Invoice(
            f"C{len(self.invoices) + 1:04d}",
            invoice.customer,
            day,
            invoice.terms,
            invoice.rate,
            lines,
            invoice.key,
        )
        self.invoices.append(note)
        self.offsets.append((note.key, invoice.key))
        return note.total

    def _staged(self):
        """What must be there today: each step of the ladder, the traps, the part-paid, open credits."""
        for key, days in STAGED:
            customer = self.customers[key]
            due = self.today + timedelta(days=days)
            term = TERMS[customer.terms][-1][1]
            invoice = self._add_invoice(customer, due - timedelta(days=term), self._size(key))
            if key in PART_PAID:
                part = (invoice.total * self.rng.choice([30, 40, 50]) / 100).quantize(Decimal(1000))
                self.payments.append([_previous_workday(self.today - timedelta(days=2)), invoice, part])
        key, days_ago = TWINS
        first = self._add_invoice(
            self.customers[key], self.today - timedelta(days=days_ago[0]), self._size(key)
        )
        second_day = self.today - timedelta(days=days_ago[1])
        lines = tuple(Line(line.product, line.quantity, line.price, first.rate) for line in first.lines)
        self.invoices.append(
            Invoice(f"I{len(self.invoices) + 1:04d}", key, second_day, first.terms, first.rate, lines)
        )
        # Goods came back after the invoice was paid: the credit is still open.
        for key in ("megapol", "caspiy-invest"):
            settled = [payment for payment in self.payments if payment[1].customer == key]
            self._open_credit(settled[-2][1])

    def _open_credit(self, invoice):
        day = _previous_workday(self.today - timedelta(days=self.rng.randint(5, 15)))
        first = invoice.lines[0]
        line = Line(first.product, max(Decimal(1), first.quantity // 12), first.price, first.rate)
        self.invoices.append(
            Invoice(
                f"C{len(self.invoices) + 1:04d}",
                invoice.customer,
                max(day, invoice.date),
                invoice.terms,
                invoice.rate,
                (line,),
                invoice.key,
            )
        )

    # -- money -------------------------------------------------------------
    def _receipts(self):
        """The planned payments as bank lines; sometimes one line pays several invoices of a customer."""
        rng, receipts = self.rng, []
        by_customer = {}
        for day, invoice, amount in sorted(self.payments, key=lambda row: (row[0], row[1].key)):
            by_customer.setdefault(invoice.customer, []).append((day, invoice, amount))
        for key, rows in by_customer.items():
            while rows:
                group = [rows.pop(0)]
                while (
                    rows
                    and (rows[0][0] - group[0][0]).days <= 4
                    and rows[0][1].date <= group[0][0]
                    and rows[0][1] is not group[0][1]
                    and len(group) < 3
                    and rng.random() < 0.4
                ):
                    group.append(rows.pop(0))
                receipts.append(self._receipt(key, group))
        receipts.append(
            Receipt(
                _previous_workday(self.today - timedelta(days=3)),
                "kaspi",
                "ecodom-almaty",
                Decimal("350000.00"),
                (),
                "Аванс за строительные материалы по договору поставки № 27",
                "512",
            )
        )
        return tuple(sorted(receipts, key=lambda row: (row.date, row.customer, row.number)))

    def _receipt(self, key, group):
        rng = self.rng
        if len(group) > 1:
            purpose = "Оплата по счетам № {numbers} за строительные материалы, НДС в т.ч."
        else:
            purpose = rng.choice(texts.PURPOSES)
        # Most customers keep to one of our two accounts.
        journal = "halyk" if int(self.customers[key].tax_id[9:11]) % 3 == 0 else "kaspi"
        return Receipt(
            group[0][0],
            journal,
            key,
            sum((amount for _day, _invoice, amount in group), Decimal(0)),
            tuple((invoice.key, amount) for _day, invoice, amount in group),
            purpose,
            str(rng.randint(1, 980)),
        )

    def _costs(self):
        """Rent, wages, suppliers, tax and bank fees of twelve months, and the capital to begin with."""
        start = self.today - timedelta(days=365)
        rng = self.rng
        costs = [
            Cost(
                start,
                journal,
                "Участник ТОО «АлатауСтройСнаб»",
                "5030",
                "Взнос учредителя в уставный капитал",
                "342",
                -Decimal(capital).quantize(CENT),
                "1",
            )
            for journal, capital in (("kaspi", 30_000_000), ("halyk", 15_000_000))
        ]
        for month in range(13):
            year, index = divmod(start.year * 12 + start.month - 1 + month, 12)
            for day, payee, account, journal, knp, purpose, (low, high) in texts.COSTS:
                booked = _next_workday(date(year, index + 1, day))
                amount = Decimal(rng.randint(low, high)) * 1000 + (0 if low == high else rng.randint(0, 999))
                if start <= booked < self.today:
                    number = str(rng.randint(1, 400))
                    costs.append(
                        Cost(booked, journal, payee, account, purpose, knp, amount.quantize(CENT), number)
                    )
        return tuple(sorted(costs, key=lambda cost: cost.date))
