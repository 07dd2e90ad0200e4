import hashlib
import logging

import psycopg2

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class AccountJournal(models.Model):
    """Files that were not imported."""

    _inherit = "account.journal"

    def _log_refused(self, filename, data, problem, attachment=None, statement=None):
        """A refused file leaves its trace too: who tried what, and why it did not go in."""
        company = self.company_id or self.env.company
        # sudo: nobody writes logs; the user is kept as who has tried.
        log = (
            self.env["bank.statement.import.log"]
            .sudo()
            .create(
                {
                    "company_id": company.id,
                    "journal_id": self.id,
                    "currency_id": (self._get_bank_currency() if self else company.currency_id).id,
                    "user_id": self.env.uid,
                    "filename": filename or "/",
                    "sha256": hashlib.sha256(data).hexdigest(),
                    "file_format": statement.format if statement else False,
                    "account_number": statement.account if statement else False,
                    "date_from": statement.date_from if statement else False,
                    "date_to": statement.date_to if statement else False,
                    "warnings": problem,
                    "state": "refused",
                }
            )
        )
        log._keep_original(data, attachment)
        return log

    def _log_refused_apart(self, filename, data, problem):
        """Write the log of a refused call beside its transaction, which may be rolled back or go on."""
        registry, uid, journal_id = self.env.registry, self.env.uid, self.id
        context = {"bank_file_source": self.env.context.get("bank_file_source")}

        def write_log():
            with registry.cursor() as cr:
                # The caller's own locks could be waited for until the end of days.
                cr.execute(SQL("SET LOCAL lock_timeout = '2s'"))
                journal = api.Environment(cr, uid, context)["account.journal"].browse(journal_id)
                # sudo: only whether both are there; they may have been made in what is not committed.
                there = journal.sudo().exists() and journal.env.user.exists()
                if there:
                    journal._log_refused(filename, data, problem)
                return bool(there)

        try:
            if write_log():
                return
        except psycopg2.errors.LockNotAvailable:
            _logger.info("The refusal of %s is written down when the transaction has ended", filename)
        self.env.cr.postrollback.add(write_log)
