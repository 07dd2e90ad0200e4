"""Match rates and precision per day, from decisions as the matching leaves them."""

from odoo import fields
from odoo.tests import tagged

from .analytics_common import DAY, AnalyticsCommon


@tagged("post_install", "-at_install")
class TestMatchFigures(AnalyticsCommon):
    def make_match(self, parts=(100.0,), amount=None, days_ago=3, **values):
        """A decision about a payment of so many items, without booking it."""
        amount = sum(parts) if amount is None else amount
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self.today - days_ago * DAY,
                "amount": amount,
                "payment_ref": "payment",
            }
        )
        # sudo: nobody makes decisions by hand.
        match = (
            self.env["payment.match"]
            .sudo()
            .create(
                {
                    "statement_line_id": line.id,
                    "currency_id": self.company.currency_id.id,
                    "date": line.date,
                    "amount": amount,
                    **values,
                }
            )
        )
        if parts:
            # sudo: as above.
            match.candidate_id = (
                self.env["payment.match.candidate"]
                .sudo()
                .create(
                    {
                        "match_id": match.id,
                        "line_ids": [
                            fields.Command.create({"move_id": self.late.id, "amount": part}) for part in parts
                        ],
                    }
                )
            )
        return match

    def row(self, days_ago=0):
        kpi = self.env["receivable.kpi"]
        kpi.compute(self.company, self.today - 60 * DAY, self.today)
        return kpi.search([("company_id", "=", self.company.id), ("date", "=", self.today - days_ago * DAY)])

    def test_payments_and_their_items(self):
        automatic = {"state": "applied", "is_automatic": True, "proposed_reason": "code"}
        self.make_match((60.0, 40.0), **automatic)
        self.make_match((50.0,), amount=70.0, **automatic)  # a rest stays
        self.make_match((30.0,), state="applied", proposed_reason="code", verdict="confirmed")
        self.make_match((), amount=10.0, state="manual")
        self.make_match((), amount=10.0, state="dismissed")  # no customer payment
        self.make_match((), amount=-10.0, state="manual")
        day = self.row(3)
        self.assertEqual((day.payments, day.payments_untouched), (4, 1))
        self.assertEqual((day.payment_lines, day.payment_lines_untouched), (5, 3))
        today = self.row()
        self.assertAlmostEqual(today.match_rate, 1 / 4)
        self.assertAlmostEqual(today.match_rate_lines, 3 / 5)
        self.assertEqual(today.match_precision, 1.0)

    def test_precision_falls_with_what_is_undone(self):
        for _number in range(3):
            self.make_match(state="applied", is_automatic=True, proposed_reason="code")
        self.make_match(state="undone", proposed_reason="code", verdict="undone")
        self.make_match(state="applied", proposed_reason="code", verdict="corrected")  # not followed
        self.assertAlmostEqual(self.row().match_precision, 3 / 4)

    def test_a_later_decision_is_taken_up_from_the_day_of_the_payment(self):
        match = self.make_match(days_ago=40, state="manual")
        self.row()
        self.env["receivable.kpi.stale"].sudo().search([]).unlink()
        self.env.cr.execute(
            "UPDATE payment_match SET write_date = write_date - interval '1 day' WHERE company_id = %s",
            (self.company.id,),
        )
        self.env.invalidate_all()
        self.assertEqual(self.company._get_kpi_start(), self.today - DAY)
        match.write({"state": "applied", "is_automatic": True})
        self.assertEqual(self.company._get_kpi_start(), self.today - 40 * DAY)

    def test_hours_and_cash_freed_on_the_overview(self):
        month = self.today.replace(day=1)
        last = (month - DAY).replace(day=1)
        # sudo: the screens report the time.
        self.env["reconciling.time"].sudo().create(
            [
                {"company_id": self.company.id, "user_id": user.id, "month": day, "seconds": seconds}
                for user, day, seconds in (
                    (self.env.user, last, 5400),
                    (self.env.ref("base.user_admin"), last, 9000),
                    (self.env.user, month, 36000),
                )
            ]
        )
        data = self.env["receivable.kpi"].refresh_dashboard()
        cards = {card["key"]: card for card in data["cards"]}
        # The present month is not over.
        self.assertEqual(
            (cards["reconciling_hours"]["value"], cards["reconciling_hours"]["grade"]), (4.0, "good")
        )
        first, now = ([row for row in data["history"] if row["dso"]][index] for index in (0, -1))
        freed = data["cash_freed"]
        self.assertAlmostEqual(freed["days"], first["dso"] - now["dso"])
        # Sales of the last 90 days: 1,800.
        self.assertAlmostEqual(freed["amount"], (first["dso"] - now["dso"]) * 1800.0 / 90)
