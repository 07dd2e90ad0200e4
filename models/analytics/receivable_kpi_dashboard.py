import datetime
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...core import metrics

#: figure -> (column of receivable.kpi, unit)
CARDS = {
    "dso": ("dso", "days"),
    "share_young": ("share_young", "share"),
    "share_over_90": ("share_over_90", "share"),
    "collection_rate": ("collection_rate", "share"),
    "bad_debt_ratio": ("bad_debt_ratio", "share"),
}
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
            "cards": [self._get_card(key, history) for key in CARDS],
            "history": [
                {
                    "month": fields.Date.to_string(row["date"]),
                    **{name: _number(row[name]) for name in ("dso", "dso_count_back", "dso_best")},
                }
                for row in history
            ],
            "aging": self._get_dashboard_aging(company),
            "weeks": self._get_weeks(company, today),
            "debtors": self._get_debtors(company),
            "stuck": self._get_stuck(company),
        }

    @api.model
    def refresh_dashboard(self) -> dict:
        """Compute today's figures now instead of tonight."""
        today = self.env.company._receivables_today()
        self.compute(self.env.company, today - datetime.timedelta(days=1), today)
        return self.get_dashboard()

    @api.model
    def _get_month_ends(self, company, today) -> list[dict]:
        """The rows of the last 12 month ends and the last day; a figure without a base is None."""
        ends = [
            today.replace(day=1) - relativedelta(months=back) - datetime.timedelta(days=1)
            for back in range(12)
        ]
        names = (
            "date",
            "receivable",
            *(column for column, _unit in CARDS.values()),
            "dso_count_back",
            "dso_best",
        )
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT %(columns)s FROM receivable_kpi
                    WHERE company_id = %(company)s
                      AND (date IN %(ends)s
                           OR date = (SELECT MAX(date) FROM receivable_kpi WHERE company_id = %(company)s))
                    ORDER BY date""",
                columns=SQL(", ").join(map(SQL.identifier, names)),
                company=company.id,
                ends=tuple(ends),
            )
        )
        return [dict(zip(names, row, strict=True)) for row in rows]

    @api.model
    def _get_card(self, key, history) -> dict:
        column, unit = CARDS[key]
        trend = [_number(row[column]) for row in history]
        target = metrics.TARGETS[key]
        value = trend[-1] if trend else None
        before = trend[-2] if len(trend) > 1 else None
        return {
            "key": key,
            "column": column,
            "unit": unit,
            "value": value,
            "change": None if value is None or before is None else value - before,
            "better": "up" if target.good > target.alarm else "down",
            "trend": trend,
            "good": float(target.good),
            "alarm": float(target.alarm),
            "grade": metrics.grade(None if value is None else Decimal(str(value)), target),
        }

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
        weeks = [monday + datetime.timedelta(weeks=number) for number in range(-WEEKS + 1, WEEKS)]
        return [
            {
                "week": fields.Date.to_string(week),
                "collected": float(collected.get(week) or 0.0) if week <= monday else None,
                "due": due.get(week, 0.0) if week >= monday else None,
            }
            for week in weeks
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


def _number(value):
    return None if value is None else float(value)
