"""How many days of sales are not paid yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Month:
    """Net credit sales (invoices less credit notes of the month, taxes included) and its calendar days."""

    sales: Decimal
    days: int


def dso(receivable: Decimal, sales: Decimal, days: int) -> Decimal | None:
    """Receivables at the end of the period / credit sales of the period x its days.

    Source: Gaviti, "DSO"; Credit Research Foundation.
    """
    return receivable * days / sales if sales > 0 else None


def dso_count_back(receivable: Decimal, months: Iterable[Month]) -> Decimal | None:
    """Take sales of the latest month off what is open and count its days, and so on back in time.

    The last month counts in proportion. Source: Upflow, "Count-back DSO".

    :param months: the latest first.
    :return: None where all the sales given do not reach what is open, unless nothing is open
    """
    rest, total = receivable, Decimal(0)
    if rest <= 0:
        return Decimal(0)
    for month in months:
        if month.sales <= 0:  # a month of credit notes only: its days pass, nothing is explained by it
            rest -= month.sales
            total += month.days
            continue
        if rest <= month.sales:
            return total + rest * month.days / month.sales
        rest -= month.sales
        total += month.days
    return None


def dso_true(items: Iterable[tuple[int, Decimal, Decimal]]) -> Decimal | None:
    """Sum over the open invoices of age x amount / net credit sales of the invoice's month.

    Source: Oracle MOSC 4521441.

    :param items: (age in days, open amount, net credit sales of its month). Months whose sales
        are not above zero have no value and are left out.
    """
    parts = [age * amount / sales for age, amount, sales in items if sales > 0]
    return sum(parts, Decimal(0)) if parts else None


def dso_conventional(receivable: Decimal, sales_of_the_period_before: Decimal) -> Decimal | None:
    """Receivables x 30 / sales of the period before. Source: Oracle MOSC 4521441."""
    return dso(receivable, sales_of_the_period_before, 30)


def best_possible_dso(current: Decimal, sales: Decimal, days: int) -> Decimal | None:
    """What the DSO would be if everybody paid in time: only what is not due counts. Source: Gaviti."""
    return dso(current, sales, days)


def average_days_delinquent(actual: Decimal | None, best_possible: Decimal | None) -> Decimal | None:
    """ADD = DSO less best possible DSO. Source: Gaviti."""
    return None if actual is None or best_possible is None else actual - best_possible
