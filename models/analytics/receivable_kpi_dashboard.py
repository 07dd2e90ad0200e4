import datetime

from odoo import api, fields, models
from odoo.tools import SQL

from .receivable_kpi_cards import CARDS, number

OVERDUE = ("b1", "b2", "b3", "b4")
WEEKS = 13


class ReceivableKpi(models.Model):
    _inherit = "receivable.kpi"

    @api.model
    def get_dashboard(self) -> dict:
        """All that the overview shows of the current company, in a fixed number of queries.

        :raises AccessError: for who may not read the figures
        """
        self.check_access("read")
        company = self.env.company
        today = company._receivables_today()
        history = self._get_month_ends(company, today)
        last = history[-1] if history else None
        return {
            "company": company.name,
            "currency_id": company.currency_id.id,
            "as_of": last and fields.Date.to_string(last["date"]),
            "cards": [
                *(self._get_card(key, [number(row[CARDS[key][0]]) for row in history]) for key in CARDS),
                self._get_card("reconciling_hours", self._get_reconciling_hours(company, today)),
            ],
            "cash_freed": self._get_cash_freed(history),
            "history": [
                {
                    "month": fields.Date.to_string(row["date"]),
                    **{name: number(row[name]) for name in ("dso", "dso_count_back", "dso_best")},
                }
                for row in history
            ],
            "aging": self._get_dashboard_aging(company),
            "weeks": self._get_weeks(company, today),
            "forecast": self._get_forecast_errors(company),
            "changes": self._get_dso_changes(company),
            "debtors": self._get_debtors(company),
            "stuck": self._get_stuck(company),
        }

    @api.model
    def refresh_dashboard(self) -> dict:
        """Compute today's figures now instead of tonight."""
        today = self.env.company._receivables_today()
        company = self.env.company
        self.compute(company, today - datetime.timedelta(days=1), today)
        # sudo: compute() has checked that the user may read the figures, of which these are part.
        self.env["receivable.dso.change"].sudo()._compute_changes(company.sudo())
        self.env["cash.forecast"].compute(company)
        return self.get_dashboard()

    @api.model
    def _get_dashboard_aging(self, company) -> list[dict]:
        aging = self.env["receivable.aging"]
        labels = aging._fields["bucket"]._description_selection(self.env)
        amounts = dict(aging._read_group([("company_id", "=", company.id)], ["bucket"], ["residual:sum"]))
        return [{"key": key, "label": label, "amount": amounts.get(key, 0.0)} for key, label in labels]

    @api.model
    def _get_debtors(self, company) -> list[dict]:
        return [
            {
                "id": partner.id,
                "name": partner.display_name or self.env._("No customer"),
                "amount": amount,
                "days": days,
                "items": items,
            }
            for partner, amount, days, items in self.env["receivable.aging"]._read_group(
                [("company_id", "=", company.id), ("bucket", "in", OVERDUE)],
                ["partner_id"],
                ["residual:sum", "days:max", "__count"],
                order="residual:sum desc",
                limit=8,
            )
        ]

    @api.model
    def _get_weeks(self, company, today) -> list[dict]:
        """What came in during the last weeks, and what falls due in the next ones; weeks begin on Monday."""
        monday = today - datetime.timedelta(days=today.weekday())
        collected = dict(
            self.env.execute_query(
                SQL(
                    """SELECT date_trunc('week', date)::date, SUM(collected) FROM receivable_kpi
                        WHERE company_id = %s AND date >= %s GROUP BY 1""",
                    company.id,
                    monday - datetime.timedelta(weeks=WEEKS),
                )
            )
        )
        due = {}
        for day, amount in self.env["receivable.aging"]._read_group(
            [("company_id", "=", company.id), ("bucket", "=", "b0"), ("date_due", ">=", today)],
            ["date_due:day"],
            ["residual:sum"],
        ):
            week = day - datetime.timedelta(days=day.weekday())
            due[week] = due.get(week, 0.0) + amount
        expected = {
            row.date: {name: row[name] for name in ("expected", "p10", "p90", "pace")}
            for row in self.env["cash.forecast"].search_fetch(
                [("company_id", "=", company.id), ("period", "=", "week"), ("date", ">=", monday)],
                ["date", "expected", "p10", "p90", "pace"],
            )
        }
        was_expected = {
            row.week: {name: row[name] for name in ("expected", "p10", "p90")}
            for row in self.env["cash.forecast.error"].search_fetch(
                [("company_id", "=", company.id), ("horizon", "=", "1"), ("is_over", "=", True)],
                ["week", "expected", "p10", "p90"],
            )
        }
        weeks = [monday + datetime.timedelta(weeks=number) for number in range(-WEEKS + 1, WEEKS)]
        return [
            {
                "week": fields.Date.to_string(week),
                "collected": float(collected.get(week) or 0.0) if week <= monday else None,
                "due": due.get(week, 0.0) if week >= monday else None,
                "forecast": expected.get(week) or was_expected.get(week),
            }
            for week in weeks
        ]

    @api.model
    def _get_forecast_errors(self, company) -> dict | None:
        """How far the forecasts of the past weeks were off, against two simple guesses."""
        errors = self.env["cash.forecast"]._get_errors(company).get("1")
        if not errors or errors.forecast is None:
            return None
        return {
            "error": float(errors.forecast),
            "by_due": float(errors.by_due),
            "by_average": float(errors.by_average),
            "coverage": float(errors.coverage),
        }

    @api.model
    def _get_dso_changes(self, company) -> list[dict]:
        """The steps of the change of the DSO, per span."""
        changes = self.env["receivable.dso.change"]
        labels = {
            name: dict(changes._fields[name]._description_selection(self.env)) for name in ("span", "step")
        }
        rows = changes.search([("company_id", "=", company.id)])
        return [
            {
                "span": span,
                "label": labels["span"][span],
                "date_from": fields.Date.to_string(group[0].date_from),
                "steps": [
                    {"key": row.step, "label": labels["step"][row.step], "days": row.days} for row in group
                ],
            }
            for span, group in rows.grouped("span").items()
        ]

    @api.model
    def _get_stuck(self, company) -> list[dict]:
        """Where open money waits, with the list that shows it."""
        invoices = [
            ("company_id", "=", company.id),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("tracking_status", "not in", ("paid", False)),
        ]
        places = {
            "not_sent": ("account.move", [*invoices, ("sent_at", "=", False)], "amount_residual_signed:sum"),
            "not_opened": (
                "account.move",
                [*invoices, ("sent_at", "!=", False), ("first_viewed_at", "=", False)],
                "amount_residual_signed:sum",
            ),
            "disputed": (
                "invoice.dispute",
                [("company_id", "=", company.id), ("state", "=", "open")],
                None,
            ),
            "unmatched": (
                "payment.match",
                [
                    ("company_id", "=", company.id),
                    ("state", "in", ("suggested", "manual")),
                    ("amount", ">", 0),
                ],
                None,
            ),
        }
        result = []
        for key, (model, domain, measure) in places.items():
            # sudo: sums only, for who may read the figures; the lists open with the reader's own rights.
            records = self.env[model].sudo()
            if measure:
                amount, number = records._read_group(domain, [], [measure, "__count"])[0]
            else:
                found = records.search_fetch(domain, ["amount", "currency_id"])
                amount, number = self._sum_in_company_currency(found, company), len(found)
            result.append(
                {"key": key, "model": model, "domain": domain, "amount": amount or 0.0, "count": number}
            )
        return result

    @api.model
    def _sum_in_company_currency(self, records, company) -> float:
        today = company._receivables_today()
        return sum(
            currency._convert(sum(group.mapped("amount")), company.currency_id, company, today)
            for currency, group in records.grouped("currency_id").items()
        )
