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
            "dso_variants": self._get_dso_variants(company, last),
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
        of_company = ("company_id", "=", company.id)
        promised = [of_company, ("state", "=", "open")]
        disputed = [of_company, ("state", "=", "open")]
        unmatched = [of_company, ("state", "in", ("suggested", "manual")), ("amount", ">", 0)]
        return [
            *self._get_unseen(company),
            {"key": "disputed", **self._get_waiting(company, "invoice.dispute", disputed)},
            {"key": "promised", **self._get_waiting(company, "payment.promise", promised, "paid_amount")},
            {"key": "unmatched", **self._get_waiting(company, "payment.match", unmatched)},
        ]

    @api.model
    def _get_unseen(self, company) -> list[dict]:
        """Open invoices that were not sent, and those that were but nobody opened; in one query."""
        # sudo: sums only, for who may read the figures; the lists open with the reader's own rights.
        moves = self.env["account.move"].sudo()
        # The statuses by name: an index finds these few, not what is in none of the others.
        unpaid = [key for key, _label in moves._fields["tracking_status"].selection if key != "paid"]
        domain = [
            ("company_id", "=", company.id),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("tracking_status", "in", unpaid),
        ]
        places = {
            "not_sent": ("sent_at IS NULL", [("sent_at", "=", False)]),
            "not_opened": (
                "sent_at IS NOT NULL AND first_viewed_at IS NULL",
                [("sent_at", "!=", False), ("first_viewed_at", "=", False)],
            ),
        }
        moves.flush_model(["amount_residual_signed", "first_viewed_at", "sent_at"])
        sums = [
            SQL(term, SQL(condition))
            for condition, _more in places.values()
            for term in (
                "COALESCE(SUM(amount_residual_signed) FILTER (WHERE %s), 0)",
                "COUNT(*) FILTER (WHERE %s)",
            )
        ]
        row = iter(self.env.execute_query(moves._search(domain).select(*sums))[0])
        return [
            {
                "key": key,
                "model": "account.move",
                "domain": domain + more,
                "amount": float(next(row)),
                "count": next(row),
            }
            for key, (_condition, more) in places.items()
        ]

    @api.model
    def _get_waiting(self, company, model, domain, less=None) -> dict:
        """Sum and number of what waits, in the company's currency of today; ``less``: what has come."""
        today = company._receivables_today()
        amount, count = 0.0, 0
        # sudo: as in _get_unseen().
        for currency, records, total, *came in (
            self.env[model]
            .sudo()
            ._read_group(
                domain, ["currency_id"], ["__count", "amount:sum", *([f"{less}:sum"] if less else [])]
            )
        ):
            amount += currency._convert(total - sum(came), company.currency_id, company, today)
            count += records
        return {"model": model, "domain": domain, "amount": amount, "count": count}
