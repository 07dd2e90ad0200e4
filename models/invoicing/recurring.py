from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _autopost_draft_entries(self, batch_size=100):
        """Override of account: what Odoo posts by itself is sent by itself, where the company wants it."""
        return super(AccountMove, self.with_context(i2c_send_recurring=True))._autopost_draft_entries(
            batch_size=batch_size
        )

    def _post(self, soft=True):
        """Override of account: queued with the posting itself, in one transaction."""
        posted = super()._post(soft=soft)
        if self.env.context.get("i2c_send_recurring"):
            posted.filtered(
                lambda move: (
                    move.move_type == "out_invoice"
                    and move.auto_post != "no"
                    and move.state == "posted"
                    and not move.sent_at
                    and move.company_id.send_recurring_invoices
                )
            )._queue_sending()
        return posted
