"""The week's figures by mail: Odoo's digest, with the figures of receivables and how they changed."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL
from odoo.tools.misc import get_lang

#: No sales, nothing due: there is no figure, and it is not zero. Stands where a float must.
NO_VALUE = -999_999.0
#: Figures of the last day of a period, by the column of receivable.kpi.
STOCKS = {
    "kpi_receivable_open": "receivable",
    "kpi_receivable_overdue": "overdue_30 + overdue_60 + overdue_90 + overdue_older",
    "kpi_receivable_dso": "dso",
    "kpi_receivable_in_time": "100 * collection_rate",
    "kpi_receivable_over_90": "100 * share_over_90",
}
FLOATS = ("kpi_receivable_dso", "kpi_receivable_in_time", "kpi_receivable_over_90")
PERCENT = FLOATS[1:]
#: The less, the better.
LESS_IS_BETTER = ("kpi_receivable_overdue", "kpi_receivable_dso", "kpi_receivable_over_90")


class DigestDigest(models.Model):
    _inherit = "digest.digest"

    kpi_receivable_open = fields.Boolean("Total Receivables")
    kpi_receivable_open_value = fields.Monetary(compute="_compute_kpi_receivable_open_value")
    kpi_receivable_overdue = fields.Boolean("Overdue Receivables")
    kpi_receivable_overdue_value = fields.Monetary(compute="_compute_kpi_receivable_overdue_value")
    kpi_receivable_collected = fields.Boolean("Money Received")
    kpi_receivable_collected_value = fields.Monetary(compute="_compute_kpi_receivable_collected_value")
    kpi_receivable_dso = fields.Boolean("DSO, Days")
    kpi_receivable_dso_value = fields.Float(compute="_compute_kpi_receivable_dso_value")
    kpi_receivable_in_time = fields.Boolean("Paid in Time, 30 Days")
    kpi_receivable_in_time_value = fields.Float(compute="_compute_kpi_receivable_in_time_value")
    kpi_receivable_over_90 = fields.Boolean("More Than 90 Days Late")
    kpi_receivable_over_90_value = fields.Float(compute="_compute_kpi_receivable_over_90_value")

    def _compute_kpi_receivable_open_value(self):
        self._compute_stock("kpi_receivable_open")

    def _compute_kpi_receivable_overdue_value(self):
        self._compute_stock("kpi_receivable_overdue")

    def _compute_kpi_receivable_dso_value(self):
        self._compute_stock("kpi_receivable_dso")

    def _compute_kpi_receivable_in_time_value(self):
        self._compute_stock("kpi_receivable_in_time")

    def _compute_kpi_receivable_over_90_value(self):
        self._compute_stock("kpi_receivable_over_90")

    def _compute_stock(self, name):
        """The figure of the last day up to the end of the period, per company; one query."""
        _start, end, companies = self._get_receivable_period()
        rows = dict(
            self.env.execute_query(
                SQL(
                    """SELECT DISTINCT ON (company_id) company_id, %s FROM receivable_kpi
                        WHERE company_id IN %s AND date <= %s ORDER BY company_id, date DESC""",
                    SQL(STOCKS[name]),  # a constant of this file
                    tuple(companies.ids),
                    end,
                )
            )
        )
        missing = NO_VALUE if name in FLOATS else 0.0
        for digest in self:
            value = rows.get((digest.company_id or self.env.company).id)
            digest[f"{name}_value"] = missing if value is None else float(value)

    def _compute_kpi_receivable_collected_value(self):
        start, end, companies = self._get_receivable_period()
        rows = dict(
            self.env.execute_query(
                SQL(
                    """SELECT company_id, SUM(collected) FROM receivable_kpi
                        WHERE company_id IN %s AND date > %s AND date <= %s GROUP BY company_id""",
                    tuple(companies.ids),
                    start,
                    end,
                )
            )
        )
        for digest in self:
            value = rows.get((digest.company_id or self.env.company).id)
            digest.kpi_receivable_collected_value = float(value or 0)

    def _get_receivable_period(self):
        """(day before the period, its last day, companies), for who may read the figures."""
        if not self.env.user.has_group("invoice_to_cash.group_collector"):
            # Digest leaves such a figure out of this user's mail.
            raise AccessError(self.env._("The figures of receivables are for those who work on them."))
        start, end, companies = self._get_kpi_compute_parameters()
        if companies - self.env.user.company_ids:
            raise AccessError(self.env._("These are the figures of a company that is not yours."))
        self.env["receivable.kpi"].flush_model()
        return fields.Date.to_date(start[:10]), fields.Date.to_date(end[:10]), companies

    # -- the mail ------------------------------------------------------------------------
    def _compute_kpis(self, company, user):
        """Override of digest: figures without a base are a dash; a digest of one company has its currency."""
        ours = {name for name in self._fields if name.startswith("kpi_receivable_")}
        if self.company_id and any(self[name] for name in ours if not name.endswith("_value")):
            company = self.company_id
        kpis = super()._compute_kpis(company, user)
        self._write_sums_in_full(kpis, company, user)
        for kpi in kpis:
            name = kpi["kpi_name"]
            kpi["less_is_better"] = name in LESS_IS_BETTER
            # More sold, or less paid: the sum alone is neither good nor bad.
            kpi["is_neutral"] = name == "kpi_receivable_open"
            if name not in FLOATS:
                continue
            for column in ("kpi_col1", "kpi_col2", "kpi_col3"):
                number = float(kpi[column]["value"])
                unit = " %" if name in PERCENT else ""
                kpi[column]["value"] = "–" if number == NO_VALUE else f"{number:.1f}{unit}"
        return kpis

    def _write_sums_in_full(self, kpis, company, user):
        """Odoo's "1.2k" tells a CFO too little: whole units of the currency, as the reader writes numbers."""
        sums = {kpi["kpi_name"]: kpi for kpi in kpis if self._is_receivable_sum(kpi["kpi_name"])}
        language = self.env["res.lang"].browse(get_lang(self.env, user.lang).id)
        for column, (_name, (period, _before)) in enumerate(self._compute_timeframes(company), 1):
            digest = (
                self.with_context(start_datetime=period[0], end_datetime=period[1])
                .with_user(user)
                .with_company(company)
            )
            for name, kpi in sums.items():
                # The field's value depends on the period of the context.
                digest.invalidate_model([f"{name}_value"])
                number = language.format("%.0f", digest[f"{name}_value"], grouping=True)
                kpi[f"kpi_col{column}"]["value"] = _with_symbol(number, company.currency_id)

    def _is_receivable_sum(self, name) -> bool:
        return name.startswith("kpi_receivable_") and self._fields[f"{name}_value"].type == "monetary"

    def _compute_tips(self, company, user, tips_count=1, consumed=True):
        """Override of digest: no tips on Odoo among the figures of receivables."""
        if self == self.env.ref("invoice_to_cash.digest_receivables", raise_if_not_found=False):
            return []
        return super()._compute_tips(company, user, tips_count=tips_count, consumed=consumed)

    def _get_margin_value(self, value, previous_value=0.0):
        """Override of digest: nothing is compared with what has no value."""
        if NO_VALUE in (value, previous_value):
            return 0.0
        return super()._get_margin_value(value, previous_value)

    def _compute_kpis_actions(self, company, user):
        """Override of digest: the figures lead to the overview."""
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("invoice_to_cash.menu_receivables_root").id
        overview = f"invoice_to_cash.action_receivable_dashboard?menu_id={menu}"
        return {**actions, **dict.fromkeys([*STOCKS, "kpi_receivable_collected"], overview)}

    @api.model
    def _subscribe_receivable_managers(self):
        """At installation: the weekly figures go to who manages receivables."""
        digest = self.env.ref("invoice_to_cash.digest_receivables")
        managers = self.env.ref("invoice_to_cash.group_manager").all_user_ids
        digest.user_ids |= managers.filtered(lambda user: not user.share and not user._is_superuser())


def _with_symbol(number, currency) -> str:
    number = number.replace(" ", "\N{NO-BREAK SPACE}")
    if currency.position == "before":
        return f"{currency.symbol}{number}"
    return f"{number}\N{NO-BREAK SPACE}{currency.symbol}"
