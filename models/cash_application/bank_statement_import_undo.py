from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, split_every

from .bank_file_import import BATCH

NAMED = 3


class BankStatementImportLog(models.Model):
    """Taking an import back."""

    _inherit = "bank.statement.import.log"

    undone_by_id = fields.Many2one(comodel_name="res.users", string="Undone by", readonly=True)
    undone_at = fields.Datetime(string="Undone on", readonly=True)

    def action_undo_import(self):
        """Remove all lines that these files brought, with their statements; the log stays.

        A file with several accounts is taken back as a whole.

        :raise UserError: a line is reconciled or lies in a locked period (names how many and which);
            nothing is removed then
        """
        self.env["account.journal"]._check_bank_import_access()
        self.check_access("read")
        # sudo: the group and the company were checked; entries are nobody's to delete otherwise. A file's
        # other accounts are of the same company.
        logs = self.sudo()._get_whole_files().filtered(lambda log: log.state in ("done", "partial"))
        logs = logs.filtered(lambda log: log.line_ids or log.new_count)
        if not logs:
            raise UserError(self.env._("There is nothing to undo: no lines of this file are in the journal."))
        for journal in logs.journal_id:
            journal._lock_bank_import()
        lines = logs.line_ids
        lines._check_import_undo()
        # Odoo protects the lines of a complete statement from removal; a statement to which somebody
        # has added other lines stays, without these.
        logs.statement_ids.filtered(lambda statement: statement.line_ids <= lines).unlink()
        lines.filtered("statement_id").statement_id = False
        count = len(lines)
        for ids in split_every(BATCH, lines.ids):
            lines.browse(ids).unlink()
        logs.duplicate_ids.filtered(lambda duplicate: duplicate.state == "open").unlink()
        logs.write({"state": "undone", "undone_by_id": self.env.uid, "undone_at": fields.Datetime.now()})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s lines were removed. The file can be imported again.", count),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _get_whole_files(self):
        """These entries and those of the other accounts of the same files."""
        return self | self.search(
            [
                ("attachment_id", "in", self.attachment_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _check_import_undo(self):
        """Raise a `UserError` that names what stands in the way of removing these lines."""
        reconciled = self.search(
            [
                ("id", "in", self.ids),
                "|",
                ("is_reconciled", "=", True),
                ("move_id.line_ids.matching_number", "!=", False),
            ]
        )
        if reconciled:
            raise UserError(
                self.env._(
                    "%(count)s lines of the file are reconciled, for example %(lines)s. Undo their matching"
                    " first; nothing was removed.",
                    count=len(reconciled),
                    lines=reconciled._name_some(),
                )
            )
        for journal, lines in self.grouped("journal_id").items():
            lock_date = journal.company_id._get_user_fiscal_lock_date(journal)
            locked = lines.filtered(lambda line, lock=lock_date: lock and line.date <= lock)
            if locked:
                raise UserError(
                    self.env._(
                        "%(count)s lines of the file are on or before the lock date %(lock)s, for example"
                        " %(lines)s. Nothing was removed.",
                        count=len(locked),
                        lock=format_date(self.env, lock_date),
                        lines=locked._name_some(),
                    )
                )

    def _name_some(self):
        return "; ".join(
            f"{format_date(self.env, line.date)} {line.amount:.2f} {line.payer_name or line.payment_ref}"[:80]
            for line in self[:NAMED]
        )
