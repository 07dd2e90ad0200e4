from odoo import api, models, tools
from odoo.tools import SQL


class AccountAccount(models.Model):
    _inherit = "account.account"

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        if "asset_receivable" in accounts.mapped("account_type"):
            self.env.registry.clear_cache()
        return accounts

    def write(self, vals):
        result = super().write(vals)
        if "account_type" in vals:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    @tools.ormcache()
    def _get_receivable_account_ids(self) -> tuple[int, ...]:
        """Their ids as constants, which PostgreSQL plans better than a condition on another table."""
        self.env["account.account"].flush_model(["account_type"])
        rows = self.env.execute_query(
            SQL("SELECT id FROM account_account WHERE account_type = 'asset_receivable'")
        )
        return tuple(account for (account,) in rows) or (0,)

    def _flush_receivable_ledger(self):
        """Before SQL that reads the receivable items and what is reconciled with them."""
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model(["move_type", "invoice_date", "state"])
        self.env["account.partial.reconcile"].flush_model()
