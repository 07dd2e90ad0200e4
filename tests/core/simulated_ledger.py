"""A ledger of payers with habits that no formula of the forecast assumes, but that some pay at month ends.

Payment runs on a weekday, month ends, lognormal delays, instalments in two parts, payers that change for the
worse, payers that never pay, seasons, growth and a few large invoices.
"""

import datetime
import random
from dataclasses import dataclass, field

DAY = datetime.timedelta(days=1)


@dataclass
class Invoice:
    number: int
    payer: int
    segment: str
    date: datetime.date
    due: datetime.date
    amount: int  # cents
    paid: list = field(default_factory=list)  # (day, cents)


def working(day):
    return day + (7 - day.weekday()) * DAY if day.weekday() > 4 else day


def _habit(rng):
    kind = rng.choices(
        ["lognormal", "friday", "month_end", "early", "parts", "worse", "never", "reminded"],
        [30, 16, 10, 12, 8, 8, 4, 12],
    )[0]
    return kind, rng.uniform(0, 18), rng.uniform(0.3, 1.0)


def _payments(rng, habit, invoice, first):
    kind, lag, spread = habit
    due, amount = invoice.due, invoice.amount
    if kind == "lognormal":
        return [(due + int(rng.lognormvariate(0, spread) * lag - 3) * DAY, amount)]
    if kind == "friday":
        day = due + int(lag) * DAY
        day += ((4 - day.weekday()) % 7) * DAY
        return [(day + (7 * DAY if rng.random() < 0.2 else 0 * DAY), amount)]
    if kind == "month_end":
        day = due + int(rng.uniform(0, lag)) * DAY
        return [((day.replace(day=1) + 32 * DAY).replace(day=1) - DAY, amount)]
    if kind == "early":
        return [(max(due - int(rng.uniform(0, 12)) * DAY, invoice.date), amount)]
    if kind == "parts":
        half = amount * rng.randint(3, 7) // 10
        return [(due + int(lag / 3) * DAY, half), (due + int(lag + rng.uniform(10, 30)) * DAY, amount - half)]
    if kind == "worse":
        drift = (invoice.date - first).days / 30
        return [(due + int(lag + drift * 1.5 + rng.gauss(0, 4)) * DAY, amount)]
    if kind == "never":
        return [(due + int(rng.uniform(60, 240)) * DAY, amount)] if rng.random() < 0.6 else []
    # pays when the reminder of +3, +7 or +14 comes
    return [(due + (rng.choice([3, 7, 14]) + rng.randint(0, 3)) * DAY, amount)]


def simulate(seed: int, today: datetime.date, payers: int = 120, days: int = 480) -> list[Invoice]:
    """Invoices of ``days`` days until ``today`` with all their payments, also those after today."""
    rng = random.Random(seed)
    first, invoices = today - days * DAY, []
    for payer in range(payers):
        habit = _habit(rng)
        segment = {"never": "problem", "worse": "chronic", "early": "reliable"}.get(habit[0], "occasional")
        terms, size = rng.choice([7, 14, 30, 30, 45]), rng.lognormvariate(11.5, 1.0)
        rate = rng.uniform(0.01, 0.12)
        start = first if rng.random() < 0.8 else first + rng.randrange(days) * DAY
        for index in range((today - start).days + 120):
            day = start + index * DAY
            season = 1.3 if day.month in (3, 4, 9, 10) else 0.85
            if day.weekday() > 4 or rng.random() > rate * season * (1 + index / 1500):
                continue
            amount = int(size * rng.lognormvariate(0, 0.5)) * (6 if rng.random() < 0.015 else 1)
            invoice = Invoice(len(invoices), payer, segment, day, day + terms * DAY, max(amount, 100))
            invoice.paid = [
                (working(max(moment, day)), part)
                for moment, part in _payments(rng, habit, invoice, first)
                if part
            ]
            invoices.append(invoice)
    return invoices
