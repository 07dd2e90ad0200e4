import hashlib

from odoo import api, models


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

    def _log_refused_after_rollback(self, filename, data, problem):
        """The transaction of a refused call is rolled back, its log with it: write that afterwards.

        A caller that catches the error and goes on has to log it.
        """
        registry, uid, journal_id = self.env.registry, self.env.uid, self.id
        context = {"bank_file_source": self.env.context.get("bank_file_source")}

        @self.env.cr.postrollback.add
        def write_log():
            with registry.cursor() as cr:
                journal = api.Environment(cr, uid, context)["account.journal"].browse(journal_id)
                # sudo: only whether both are still there; they may have been made in what was rolled back.
                if journal.sudo().exists() and journal.env.user.exists():
                    journal._log_refused(filename, data, problem)
