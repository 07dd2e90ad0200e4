from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...core.worklist import Weight
from .worklist import CASH, Action, Source


class ReceivableWorklist(models.AbstractModel):
    """Bank statements that should be here and are not: reminders wait for them."""

    _inherit = "receivable.worklist"

    def _get_sources(self):
        journals = self.env["account.journal"].search(
            [("type", "in", ("bank", "credit")), ("company_id", "=", self.env.company.id)]
        )
        names = {journal.id: journal.name for journal in journals}
        return {
            **super()._get_sources(),
            "statement": Source(
                label=self.env._("Bank statement missing"),
                icon="fa-university",
                weight=Weight(Decimal("0.9"), horizon=3),
                query=self._get_statement_query(journals._get_missing_since()),
                describe=lambda row: self.env._("%s: reminders wait", names.get(row["res_id"])),
                actions=(
                    Action("import", self.env._("Import"), self._import_statement),
                    Action(
                        "feeds",
                        self.env._("Feeds"),
                        lambda key: self.env["account.journal"].browse(key).action_open_bank_feeds(),
                    ),
                ),
                open_all=lambda: self._open_xmlid("action_bank_feed"),
                groups=(CASH,),
            ),
        }

    def _get_statement_query(self, missing):
        """What may have come in meanwhile: what came in on a day of the last three months, times the days."""
        return SQL(
            """
            SELECT missing.journal_id AS res_id, NULL::int AS partner_id, NULL::int AS user_id,
                   (SELECT GREATEST(SUM(collected), 0) / 90 FROM receivable_kpi
                     WHERE company_id = %(company)s AND date > %(today)s - 90)
                   * (%(today)s - missing.since) AS amount,
                   %(today)s - missing.since AS days, 1 AS number, NULL AS detail
              FROM (VALUES %(missing)s) AS missing (journal_id, since)
             WHERE missing.since IS NOT NULL
            """,
            company=self.env.company.id,
            today=self.env.company._receivables_today(),
            missing=SQL(", ").join(
                SQL("(%s::int, %s::date)", journal, since)
                for journal, since in (missing or {0: None}).items()
            ),
        )

    def _import_statement(self, key):
        return self.env["account.journal"].browse(key).action_import_bank_files()
