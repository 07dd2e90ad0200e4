"""The demo ledger's figures, recomputed by definition: to the cent, for days of the whole year."""

from datetime import timedelta
from fractions import Fraction

from odoo.tests import tagged
from odoo.tests.common import TransactionCase

from odoo.addons.invoice_to_cash import demo

from .independent_figures import Ledger

DAY = timedelta(days=1)
MONEY = {
    *("receivable", "current", "overdue_30", "overdue_60", "overdue_90", "overdue_older"),
    *("hopeless", "unapplied", "sales", "collected", "written_off"),
}


@tagged("post_install", "-at_install")
class TestIndependentFigures(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env["ir.module.module"]._get("l10n_kz").state != "installed":
            cls.skipTest(cls, "l10n_kz is not installed")
        cls.company = demo.load(cls.env)
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company.ids),
            user=cls.env.ref("base.user_admin"),
        )
        cls.company = cls.company.with_env(cls.env)
        cls.today = cls.company._receivables_today()
        # Something is hopeless and something written off, so that these figures are no zeros.
        cls.company.hopeless_days = 60
        cls._write_off_the_oldest()
        cls.env["receivable.kpi"].compute(cls.company, cls.today, cls.today)
        cls.env.flush_all()
        cls.ledger = Ledger(
            cls.env.cr, cls.company.id, cls.company.match_write_off_account_id.id or 0, hopeless_days=60
        )

    @classmethod
    def _write_off_the_oldest(cls):
        account = cls.env["account.account"].search(
            [("account_type", "=", "expense"), ("company_ids", "in", cls.company.ids)], limit=1
        )
        cls.company.match_write_off_account_id = account
        invoice = cls.env["account.move"].search(
            [
                ("company_id", "=", cls.company.id),
                ("move_type", "=", "out_invoice"),
                ("payment_state", "=", "not_paid"),
                ("invoice_date_due", "<", cls.today),
            ],
            order="invoice_date_due, id",
            limit=1,
        )
        cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create(
            {
                "amount": round(invoice.amount_residual / 2, 2),
                "payment_date": cls.today - 8 * DAY,
                "payment_difference_handling": "reconcile",
                "writeoff_account_id": account.id,
                "writeoff_label": "hopeless",
            }
        )._create_payments()

    def stored(self, day):
        self.env.cr.execute(
            "SELECT * FROM receivable_kpi WHERE company_id = %s AND date = %s", (self.company.id, day)
        )
        return self.env.cr.dictfetchone()

    def assert_day(self, day):
        stored, expected = self.stored(day), self.ledger.figures(day)
        for name, value in expected.items():
            found = stored[name]
            if value is None or found is None:
                self.assertEqual(found, value and float(value), f"{name} of {day}")
                continue
            found = Fraction(str(found))
            # Money to the cent; days and shares as far as a float goes.
            limit = Fraction(1, 1000) if name in MONEY else Fraction(1, 10**9)
            self.assertLess(abs(found - value), limit, f"{name} of {day}: {float(found)}, {float(value)}")

    def test_today(self):
        self.assert_day(self.today)
        figures = self.ledger.figures(self.today)
        for name in ("receivable", "hopeless", "dso", "dso_count_back", "days_late", "bad_debt_to_sales"):
            self.assertGreater(figures[name], 0, name)

    def test_days_of_the_whole_year(self):
        """Every ninth day, the first and last days of months, and the first days of the ledger."""
        first = self.ledger.began
        days = {first + number * DAY for number in range(0, (self.today - first).days + 1, 9)}
        days |= {day for month in range(12) for day in self._month_ends(month)}
        for day in sorted(day for day in days if first <= day <= self.today):
            self.assert_day(day)

    def _month_ends(self, back):
        first = self.today.replace(day=1)
        for _month in range(back):
            first = (first - DAY).replace(day=1)
        return first, first - DAY

    def test_the_report_is_the_ledger_of_any_day(self):
        names = ("current", "overdue_30", "overdue_60", "overdue_90", "overdue_older")
        keys = dict(zip(names, ("b0", "b1", "b2", "b3", "b4"), strict=True)) | {"unapplied": "b5"}
        for back in (0, 1, 17, 45, 100, 200, 330):
            day = self.today - back * DAY
            groups = dict(
                self.env["receivable.aging"]
                .with_context(receivable_as_of=str(day))
                ._read_group([("company_id", "=", self.company.id)], ["bucket"], ["residual:sum"])
            )
            for name, amount in self.ledger.aging(day).items():
                if name in keys:
                    self.assertAlmostEqual(groups.get(keys[name], 0.0), float(amount), 2, f"{name} of {day}")

    def test_the_overview_tells_the_same(self):
        data = self.env["receivable.kpi"].get_dashboard()
        figures = self.ledger.figures(self.today)
        for card in data["cards"]:
            if card["column"] in figures and figures[card["column"]] is not None:
                self.assertAlmostEqual(card["value"], float(figures[card["column"]]), 9, card["key"])
