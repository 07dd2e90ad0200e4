"""The figures of receivables by their definitions, from the ledger's own tables and nothing else.

Written apart from the product and not by its methods: each figure is asked for one day, item by item, with
plain SQL and plain arithmetic. Slow, and meant to be: it is what the product has to agree with.
"""

import calendar
import datetime
from fractions import Fraction

DAY = datetime.timedelta(days=1)

# What was open of each receivable item at the end of the day :day.
OPEN = """
WITH given AS (
    SELECT p.debit_move_id AS item, p.amount, p.max_date FROM account_partial_reconcile p
    UNION ALL
    SELECT p.credit_move_id, -p.amount, p.max_date FROM account_partial_reconcile p
)
SELECT l.id, m.move_type, COALESCE(l.date_maturity, l.date), m.invoice_date,
       (l.balance - COALESCE((SELECT SUM(g.amount) FROM given g
                               WHERE g.item = l.id AND g.max_date <= %(day)s), 0))::text
  FROM account_move_line l
  JOIN account_account a ON a.id = l.account_id
  JOIN account_move m ON m.id = l.move_id
 WHERE a.account_type = 'asset_receivable' AND m.state = 'posted' AND m.company_id = %(company)s
   AND m.date <= %(day)s
"""
# Invoices less credit notes by month of booking.
SALES = """
SELECT m.date, SUM(l.balance)::text
  FROM account_move m
  JOIN account_move_line l ON l.move_id = m.id
  JOIN account_account a ON a.id = l.account_id
 WHERE m.move_type IN ('out_invoice', 'out_refund') AND m.state = 'posted' AND m.company_id = %(company)s
   AND a.account_type = 'asset_receivable'
 GROUP BY m.date
"""
# Every instalment of every invoice: what it was, when it was due, and when its last part was settled.
INSTALMENTS = """
SELECT m.id, l.date_maturity, l.balance::text,
       (SELECT MAX(p.max_date) FROM account_partial_reconcile p WHERE p.debit_move_id = l.id),
       COALESCE((SELECT SUM(p.amount) FROM account_partial_reconcile p WHERE p.debit_move_id = l.id), 0)::text
  FROM account_move m
  JOIN account_move_line l ON l.move_id = m.id
  JOIN account_account a ON a.id = l.account_id
 WHERE m.move_type = 'out_invoice' AND m.state = 'posted' AND m.company_id = %(company)s
   AND a.account_type = 'asset_receivable' AND l.balance > 0
"""
RECEIVED = """
SELECT m.date, SUM(-l.balance)::text
  FROM account_move m
  JOIN account_journal j ON j.id = m.journal_id
  JOIN account_move_line l ON l.move_id = m.id
  JOIN account_account a ON a.id = l.account_id
 WHERE j.type IN ('bank', 'cash', 'credit') AND m.move_type = 'entry' AND m.state = 'posted'
   AND m.company_id = %(company)s AND a.account_type = 'asset_receivable'
 GROUP BY m.date
"""
WRITTEN_OFF = """
SELECT m.date, SUM(l.balance)::text
  FROM account_move m JOIN account_move_line l ON l.move_id = m.id
 WHERE m.state = 'posted' AND m.company_id = %(company)s AND l.account_id = %(account)s
 GROUP BY m.date
"""


class Ledger:
    """:param cr: a cursor; nothing but SELECTs of the accounting's own tables goes through it"""

    def __init__(self, cr, company_id, write_off_account_id=0, hopeless_days=365):
        self.cr, self.company, self.hopeless_days = cr, company_id, hopeless_days
        self.sales = self._by_day(SALES)
        self.received = self._by_day(RECEIVED)
        self.written_off = self._by_day(WRITTEN_OFF, account=write_off_account_id)
        self.began = min(self.sales)
        invoices = {}
        for move, due, amount, settled, applied in self._rows(INSTALMENTS):
            paid = Fraction(applied) == Fraction(amount)
            invoices.setdefault(move, []).append((due, Fraction(amount), settled if paid else None))
        self.invoices = list(invoices.values())

    def _rows(self, query, **values):
        self.cr.execute(query, {"company": self.company, **values})
        return self.cr.fetchall()

    def _by_day(self, query, **values):
        return {day: Fraction(amount) for day, amount in self._rows(query, **values)}

    @staticmethod
    def total(of_days, first, last):
        return sum((amount for day, amount in of_days.items() if first <= day <= last), Fraction(0))

    def aging(self, day):
        """{name: amount}: not due, four ranges of days past due, hopeless, and money without an invoice."""
        result = dict.fromkeys(
            ("current", "overdue_30", "overdue_60", "overdue_90", "overdue_older", "hopeless", "unapplied"),
            Fraction(0),
        )
        for _item, move_type, due, _invoiced, text in self._rows(OPEN, day=day):
            amount, late = Fraction(text), (day - due).days
            if move_type == "entry" and amount < 0:
                result["unapplied"] += amount
                continue
            if late < 1:
                result["current"] += amount
            elif late < 31:
                result["overdue_30"] += amount
            elif late < 61:
                result["overdue_60"] += amount
            elif late < 91:
                result["overdue_90"] += amount
            else:
                result["overdue_older"] += amount
            if late > self.hopeless_days:
                result["hopeless"] += amount
        return result

    def figures(self, day):
        aging = self.aging(day)
        parts = ("current", "overdue_30", "overdue_60", "overdue_90", "overdue_older")
        receivable = sum(aging[part] for part in parts)
        length = min(90, (day - self.began).days + 1)
        sales = self.total(self.sales, day - 89 * DAY, day)
        month_sales = self.total(self.sales, day - 29 * DAY, day)
        before = self.aging(day - 30 * DAY)
        beginning = sum(before[part] for part in parts)
        lateness = [
            (max(settled for _due, _amount, settled in parts_) - max(due for due, _a, _s in parts_)).days
            for parts_ in self.invoices
            if all(settled for _due, _amount, settled in parts_)
            and day - 89 * DAY <= max(settled for _due, _amount, settled in parts_) <= day
        ]
        due = [
            parts_
            for parts_ in self.invoices
            if day - 29 * DAY <= max(due for due, _amount, _settled in parts_) <= day
        ]
        in_time = [
            parts_ for parts_ in due if all(settled and settled <= each for each, _amount, settled in parts_)
        ]
        return {
            "receivable": receivable,
            **aging,
            "sales": self.sales.get(day, Fraction(0)),
            "collected": self.received.get(day, Fraction(0)),
            "written_off": self.written_off.get(day, Fraction(0)),
            "dso": self.ratio(receivable * length, sales),
            "dso_best": self.ratio(aging["current"] * length, sales),
            "days_delinquent": self.ratio((receivable - aging["current"]) * length, sales),
            "dso_count_back": self.count_back(receivable, day),
            "days_late": self.ratio(sum(lateness), len(lateness)),
            "effectiveness": self.ratio(
                beginning + month_sales - receivable, beginning + month_sales - aging["current"]
            ),
            "collection_rate": self.ratio(len(in_time), len(due)),
            "share_current": self.ratio(aging["current"], receivable),
            "share_young": self.ratio(aging["current"] + aging["overdue_30"], receivable),
            "share_over_90": self.ratio(aging["overdue_older"], receivable),
            "bad_debt_ratio": self.ratio(aging["hopeless"], receivable),
            "bad_debt_to_sales": self.ratio(self.total(self.written_off, day - 89 * DAY, day), sales),
            "collection_rate_amount": self.settled_share(day - 29 * DAY, day, day),
            "at_risk_rate": self.open_share(day - 120 * DAY, day - 91 * DAY, day),
        }

    @staticmethod
    def ratio(part, whole):
        return Fraction(part) / whole if whole > 0 else None

    def open_share(self, first, last, day):
        """Of what fell due between two days, the share that is open at the end of a third."""
        billed = sum(
            amount for parts_ in self.invoices for due, amount, _settled in parts_ if first <= due <= last
        )
        still = sum(
            Fraction(text)
            for _item, move_type, due, _invoiced, text in self._rows(OPEN, day=day)
            if move_type == "out_invoice" and first <= due <= last
        )
        return self.ratio(still, billed)

    def settled_share(self, first, last, day):
        # What fell due belongs to its base even when it was invoiced after its own due date.
        share = self.open_share(first, last, day)
        return None if share is None else 1 - share

    def count_back(self, receivable, day):
        """Month by month back from the day, until the sales explain what is open."""
        if receivable <= 0:
            return Fraction(0)
        days, first, last = Fraction(0), day.replace(day=1), day
        while last >= self.began:
            first = max(first, self.began)
            sales, length = self.total(self.sales, first, last), (last - first).days + 1
            if sales > 0 and receivable <= sales:
                return days + receivable * length / sales
            receivable -= sales
            days += length
            last = first.replace(day=1) - DAY
            first = last.replace(day=1)
            assert first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]
        return None
