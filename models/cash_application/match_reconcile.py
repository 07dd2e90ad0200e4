from odoo import api, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model
    def _reconcile_matched(self, plan):
        """Reconcile all of a batch in one plan, and write into each chatter once that it is paid.

        Odoo posts a message per document that becomes paid, one after the other; the
        tracking writes the same for all of them at once. Odoo's is kept for whoever
        follows *Invoice Paid*, and where the audit trail has to be whole.

        :param plan: journal items to reconcile with each other, a recordset for each pair
        """
        moves = self.browse({item_id for items in plan for item_id in items._ids}).move_id
        moves._get_told_when_paid()._track_prepare(["payment_state"])
        quiet = self.with_context(mail_notrack=True)
        quiet._reconcile_plan([items.with_env(quiet.env) for items in plan])
        moves.with_env(quiet.env)._recompute_recordset(["payment_state"])


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_told_when_paid(self):
        """Those of which somebody wants Odoo's own message that they are paid; one query."""
        audited = self.filtered("company_id.restrictive_audit_trail")
        followers = (
            self.env["mail.followers"]
            .sudo()  # who follows is looked up, nothing of it is shown
            .search_fetch(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("subtype_ids", "=", self.env.ref("account.mt_invoice_paid").id),
                ],
                ["res_id"],
            )
        )
        return audited | self.browse(set(followers.mapped("res_id")))
