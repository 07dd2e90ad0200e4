"""The hourly look at open bank lines: an invoice may have come since."""

from odoo import api, models
from odoo.exceptions import LockError
from odoo.tools import split_every

BATCH = 1000


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    @api.model
    @api.private
    def _cron_match_payments(self):
        """Match all open lines, those that were never looked at first; every batch is kept for itself."""
        is_open = [("is_reconciled", "=", False), ("state", "=", "posted")]
        waiting = [("payment_match_ids.state", "in", ("manual", "suggested"))]
        lines = self.search([*is_open, ("payment_match_ids", "=", False)], order="date, id")
        lines += self.search([*is_open, *waiting], order="date, id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(lines))
        for ids in split_every(BATCH, lines.ids):
            try:
                with self.env.cr.savepoint():
                    self.browse(ids).match_payments()
            except LockError:
                pass  # somebody else is at these lines; the next hour looks again
            if not cron._commit_progress(len(ids)):
                break
