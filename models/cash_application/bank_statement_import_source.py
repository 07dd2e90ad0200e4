from odoo import api, fields, models

from .bank_feed import SOURCES


class BankStatementImportLog(models.Model):
    """By which way a file came."""

    _inherit = "bank.statement.import.log"

    feed_id = fields.Many2one(
        comodel_name="bank.feed", readonly=True, index="btree_not_null", ondelete="set null"
    )
    source = fields.Selection(selection=SOURCES, readonly=True, required=True, default="upload")
    sender = fields.Char(readonly=True, help="The address that mailed the file.")


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def import_statement_file(self, filename, content_base64, profile=None):
        """Extend to note that the file came by the API, unless a feed brings it."""
        if not self.env.context.get("bank_file_source"):
            self = self.with_context(bank_file_source={"source": "api"})
        return super().import_statement_file(filename, content_base64, profile)

    def _prepare_import_log(self, filename, sha256, statement, plan):
        """Extend with the way by which the file came."""
        values = super()._prepare_import_log(filename, sha256, statement, plan)
        return {**values, **self._get_import_source(self.company_id)}

    def _log_refused(self, filename, data, problem, attachment=None, statement=None):
        """Extend with the way by which the file came."""
        log = super()._log_refused(filename, data, problem, attachment, statement)
        # sudo: nobody writes logs.
        log.sudo().write(self._get_import_source(log.sudo().company_id))
        return log

    @api.model
    def _get_import_source(self, company):
        """Values of a log. A client can set any context: only a feed of the company is taken from it."""
        came = self.env.context.get("bank_file_source") or {}
        values = {}
        # sudo: only the company is compared.
        feed = self.env["bank.feed"].sudo().browse(came.get("feed_id")).exists()
        if feed and feed.company_id == company:
            values.update({"feed_id": feed.id, "sender": came.get("sender")})
        if came.get("source") in dict(SOURCES):
            values["source"] = came["source"]
        return values
