from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL


class BankImportProgress(models.Model):
    """How far an import is. Written beside its transaction, which nobody sees until it is whole."""

    _name = "bank.import.progress"
    _description = "Progress of a Bank Import"
    _log_access = False

    token = fields.Char(required=True, help="What the window that waits calls its import.")
    user_id = fields.Integer(required=True)
    filename = fields.Char()
    done = fields.Integer()
    total = fields.Integer()
    updated_at = fields.Datetime()

    _token_unique = models.UniqueIndex("(user_id, token)", "One import has one progress.")

    @api.model
    @api.private
    def _report(self, filename, done, total):
        """Tell whoever waits, if somebody does (context `bank_import_progress`); commits on its own."""
        token = self.env.context.get("bank_import_progress")
        if not token:
            return
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    "INSERT INTO bank_import_progress (user_id, token, filename, done, total, updated_at)"
                    " VALUES (%s, %s, %s, %s, %s, now() AT TIME ZONE 'UTC')"
                    " ON CONFLICT (user_id, token) DO UPDATE SET filename = EXCLUDED.filename,"
                    " done = EXCLUDED.done, total = EXCLUDED.total, updated_at = EXCLUDED.updated_at",
                    self.env.uid,
                    str(token)[:64],
                    filename,
                    done,
                    total,
                )
            )

    @api.autovacuum
    def _gc_progress(self):
        self.search([("updated_at", "<", fields.Datetime.now() - timedelta(days=1))]).unlink()
