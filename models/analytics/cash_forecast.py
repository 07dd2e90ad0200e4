from decimal import Decimal

from odoo import api, fields, models

from ...core.metrics import errors_of
from ...core.metrics.forecast_error import PastWeek

BASES = [
    ("promise", "Promised"),
    ("plan", "Payment plan"),
    ("payer", "Habit of the customer"),
    ("segment", "Habit of the segment"),
    ("due", "Due date"),
]
#: full weeks that the errors are shown for
PAST_WEEKS = 12


class CashForecast(models.Model):
    """What is expected to come in, per day and per week; written anew every night."""

    _name = "cash.forecast"
    _description = "Cash Forecast"
    _order = "period desc, date, company_id"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    period = fields.Selection([("day", "Day"), ("week", "Week")], required=True, readonly=True)
    date = fields.Date("From", required=True, readonly=True, help="The day, or the Monday of the week.")
    expected = fields.Monetary(currency_field="company_currency_id", readonly=True)
    p10 = fields.Monetary(
        "P10",
        currency_field="company_currency_id",
        readonly=True,
        aggregator=None,
        help="Nine times out of ten more comes in.",
    )
    p50 = fields.Monetary(
        "P50",
        currency_field="company_currency_id",
        readonly=True,
        aggregator=None,
        help="As often more as less comes in.",
    )
    p90 = fields.Monetary(
        "P90",
        currency_field="company_currency_id",
        readonly=True,
        aggregator=None,
        help="Nine times out of ten less comes in.",
    )
    promise = fields.Monetary("Promised", currency_field="company_currency_id", readonly=True)
    plan = fields.Monetary("Payment Plans", currency_field="company_currency_id", readonly=True)
    payer = fields.Monetary("Habit of Customers", currency_field="company_currency_id", readonly=True)
    segment = fields.Monetary("Habit of Segments", currency_field="company_currency_id", readonly=True)
    due = fields.Monetary("By Due Date", currency_field="company_currency_id", readonly=True)
    pace = fields.Monetary(
        "Not Invoiced Yet",
        currency_field="company_currency_id",
        readonly=True,
        help="From invoices to come, at the pace of the last 13 weeks.",
    )
    computed_on = fields.Date("Forecast Of", readonly=True)

    _period_unique = models.UniqueIndex("(company_id, period, date)")

    def action_open_items(self):
        """The open items behind a week."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_cash_forecast_item"),
            "domain": [("company_id", "=", self.company_id.id), ("week", "=", self.date)],
            "context": {},
        }

    @api.model
    def _get_errors(self, company) -> dict:
        """{horizon: Errors} of the past weeks."""
        rows = self.env["cash.forecast.error"].search(
            [("company_id", "=", company.id), ("is_over", "=", True)]
        )
        return {horizon: errors_of(group._to_core()) for horizon, group in rows.grouped("horizon").items()}


class CashForecastItem(models.Model):
    """What is expected of one open item in one week."""

    _name = "cash.forecast.item"
    _description = "Cash Forecast, Open Items"
    _order = "week, expected desc, id"
    _rec_name = "move_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    week = fields.Date(required=True, readonly=True, help="Its Monday.")
    line_id = fields.Many2one(
        "account.move.line", "Journal Item", readonly=True, ondelete="cascade", index=True
    )
    move_id = fields.Many2one("account.move", "Document", readonly=True, ondelete="cascade", index=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    segment_id = fields.Many2one("payer.segment", "Segment", readonly=True, ondelete="set null")
    date_due = fields.Date("Due Date", readonly=True)
    basis = fields.Selection(BASES, readonly=True, help="What the expectation follows.")
    probability = fields.Float(readonly=True, aggregator=None, help="Of being paid in this week.")
    residual = fields.Monetary("Open", currency_field="company_currency_id", readonly=True, aggregator=None)
    expected = fields.Monetary(
        currency_field="company_currency_id", readonly=True, help="What is open × the probability."
    )

    _company_week = models.Index("(company_id, week)")

    def action_open_document(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }


class CashForecastError(models.Model):
    """A week as it was forecast with what was known before it, and what came in."""

    _name = "cash.forecast.error"
    _description = "Cash Forecast, Past Weeks"
    _order = "week desc, horizon"
    _rec_name = "week"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    week = fields.Date(required=True, readonly=True, help="Its Monday.")
    horizon = fields.Selection(
        [("1", "The week ahead"), ("4", "Four weeks ahead")],
        required=True,
        readonly=True,
        help="How long before its end the week was forecast.",
    )
    is_over = fields.Boolean("Counts", readonly=True, help="One of the last 12 weeks that are over.")
    actual = fields.Monetary("Received", currency_field="company_currency_id", readonly=True)
    expected = fields.Monetary(currency_field="company_currency_id", readonly=True)
    p10 = fields.Monetary("P10", currency_field="company_currency_id", readonly=True, aggregator=None)
    p90 = fields.Monetary("P90", currency_field="company_currency_id", readonly=True, aggregator=None)
    variance = fields.Float(readonly=True, aggregator=None)
    by_due = fields.Monetary(
        "By Due Date",
        currency_field="company_currency_id",
        readonly=True,
        help="What fell due in the week.",
    )
    by_average = fields.Monetary(
        "By Average",
        currency_field="company_currency_id",
        readonly=True,
        help="The mean of the 12 weeks before the forecast.",
    )
    missed = fields.Monetary(
        "Missed By", currency_field="company_currency_id", readonly=True, help="Distance from what came in."
    )
    missed_by_due = fields.Monetary("Due Date Missed By", currency_field="company_currency_id", readonly=True)
    missed_by_average = fields.Monetary(
        "Average Missed By", currency_field="company_currency_id", readonly=True
    )
    is_inside = fields.Boolean("Between P10 and P90", readonly=True)

    _week_unique = models.UniqueIndex("(company_id, week, horizon)")

    def _to_core(self) -> list[PastWeek]:
        return [
            PastWeek(
                week=row.week,
                variance=row.variance,
                **{
                    name: Decimal(str(row[name]))
                    for name in ("actual", "expected", "p10", "p90", "by_due", "by_average")
                },
            )
            for row in self
        ]
