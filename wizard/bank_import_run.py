from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command


class BankImportWizard(models.TransientModel):
    """The import itself, and what can be done afterwards."""

    _inherit = "bank.import.wizard"

    def action_import(self):
        """Import what can be imported; a file that fails leaves the others alone."""
        self.ensure_one()
        self.env["account.journal"]._check_bank_import_access()
        if not self.attachment_ids:
            raise UserError(self.env._("Add at least one file."))
        rows, journals, choices = [], self._get_journals(), self._get_choices()
        for file in self._read_files():
            rows += self._queue_file(file, journals, choices) or self._import_file(file, journals, choices)
        self.write({"state": "done", "line_ids": [Command.clear(), *(Command.create(row) for row in rows)]})
        return self._get_action()

    def _import_file(self, file, journals, choices):
        """Import the accounts of one file; one that fails leaves the others alone. Returns the rows."""
        if file.problem:
            row = self._prepare_problem(file.attachment, file.problem, file.name, file.member)
            return [{**row, "log_id": self._log_refused(file, file.problem).id}]
        rows = []
        # Of an archive each file is kept for itself: that is what the log offers to download.
        kept = None if file.member else file.attachment
        for place, statement in enumerate(file.statements):
            choice = choices.get((file.attachment.id, file.member, place))
            row = self._import_row(file, place, statement, journals, choice, kept)
            kept = self.env["bank.statement.import.log"].browse(row["log_id"]).attachment_id
            rows.append(row)
        return rows

    def _import_row(self, file, place, statement, journals, choice, kept):
        source = file.attachment, file.member, place, file.name
        row = self._prepare_row(source, statement, journals, choice)
        journal = self.env["account.journal"].browse(row["journal_id"])
        if row["state"] in ("problem", "journal") and not row["currency_id"]:
            log = self._log_refused(file, row["remarks"], statement, kept)
            return {**row, "state": "problem", "log_id": log.id}
        chosen = choice[0] if choice and row["is_chosen"] else journal.browse()
        problem = self._find_row_journal(statement, journals, chosen)[1]
        try:
            with self.env.cr.savepoint():
                result = journal._import_statement(
                    file.name,
                    file.data,
                    statement,
                    [problem] if problem else [],
                    kept,
                    accept_duplicates=row["import_duplicates"],
                )
                if row["is_chosen"]:
                    self.env["bank.file.account"]._remember(statement.account, journal)
        except UserError as error:
            log = self._log_refused(file, str(error), statement, kept)
            return {**row, "new_count": 0, "state": "problem", "remarks": str(error), "log_id": log.id}
        state = row["state"] if row["state"] in ("nothing", "problem") else "nothing"
        return {
            **row,
            "new_count": result["new"],
            "known_count": result["known"],
            "duplicate_count": result["duplicates"],
            "refused_count": result["locked"] + result["unread"],
            "remarks": "\n".join(result["warnings"]),
            "state": "imported" if result["new"] else state,
            "log_id": result["log_id"],
        }

    def _log_refused(self, file, problem, statement=None, kept=None):
        """A refused file leaves its trace too: who tried what, and why it did not go in."""
        journal = self.journal_id or self.env["account.journal"]
        return journal._log_refused(
            file.name, file.data, problem, kept or (None if file.member else file.attachment), statement
        )

    @api.model
    def get_progress(self, token):
        """How far the import is that the caller's window calls `token`: {filename, done, total}."""
        self.check_access("read")
        # sudo: of the caller's own imports only.
        progress = (
            self.env["bank.import.progress"]
            .sudo()
            .search([("user_id", "=", self.env.uid), ("token", "=", str(token)[:64])])
        )
        return {
            "filename": progress.filename or "",
            "done": progress.done,
            "total": progress.total,
        }

    def action_open_lines(self):
        """The lines that came in."""
        return self.line_ids.log_id.action_open_lines()

    def action_match(self):
        """The decisions that wait for a person, of the lines that came in."""
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_payment_match")
        return {**action, "domain": [("statement_line_id.import_log_id", "in", self.line_ids.log_id.ids)]}

    def action_open_duplicates(self):
        """What was left out because it may be there already."""
        return self.line_ids.log_id.action_open_duplicates()

    def action_undo(self):
        """Take back all that this import brought."""
        action = self.line_ids.log_id.action_undo_import()
        action["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return action

    def action_open_logs(self):
        """The log entries of this import."""
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_bank_import_log")
        logs = self.line_ids.log_id
        if len(logs) == 1:
            action.update({"res_id": logs.id, "views": [(False, "form")], "view_mode": "form"})
        else:
            action["domain"] = [("id", "in", logs.ids)]
        return action

    def action_more(self):
        """An empty wizard for the next files."""
        return self.create({"journal_id": self.journal_id.id})._get_action()
