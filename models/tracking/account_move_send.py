from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _get_default_mail_template_id(self, move):
        """Override of account to send customer invoices with our own signed links in the mail."""
        template = move.move_type == "out_invoice" and self.env.ref(
            "invoice_to_cash.mail_template_invoice", raise_if_not_found=False
        )
        return template or super()._get_default_mail_template_id(move)

    @api.model
    def _send_mails(self, moves_data):
        """Override of account to note which invoices are about to leave by mail, for all of them at once."""
        ids = [
            move.id
            for move, data in moves_data.items()
            if move.move_type == "out_invoice" and (move.partner_id.email or data.get("mail_partner_ids"))
        ]
        if ids:
            # sudo: whoever may send the invoices may have this noted.
            moves = self.env["account.move"].sudo().browse(ids)
            moves._log_tracking_event("queued", "mail")
            moves.write({"delivery_state": "queued"})
        return super()._send_mails(moves_data)

    @api.model
    def _send_mail(self, move, mail_template, **kwargs):
        """Override of account to know later which mails carried the invoice."""
        if move.move_type == "out_invoice":
            kwargs["is_invoice_delivery"] = True
            # The links are the customer's own: colleagues read the message on the invoice, without a mail.
            kwargs["notify_skip_followers"] = True
            self = self.with_context(i2c_own_links=True)
            move = move.with_context(i2c_own_links=True)
        return super()._send_mail(move, mail_template, **kwargs)

    @api.model
    def _get_mail_layout(self):
        """Override of account: our letters share one sheet of paper, without the portal's own button."""
        if self.env.context.get("i2c_own_links"):
            return "invoice_to_cash.mail_layout_letter"
        return super()._get_mail_layout()

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        """Override of account to say that an invoice without any address was sent to nobody."""
        for move, data in moves_data.items():
            wants_mail = "email" in data["sending_methods"] and move.move_type == "out_invoice"
            if wants_mail and not move.partner_id.email and not data.get("mail_partner_ids"):
                spoken = move.with_context(lang=move.company_id._get_note_language())
                move._note_undelivered("no_address", spoken.env._("the customer has no e-mail address"))
        return super()._hook_if_success(moves_data, from_cron=from_cron)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Override of account: our mails bring their own links, the eternal portal token stays out."""
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        if self.env.context.get("i2c_own_links"):
            for name, _applies, options in groups:
                if name != "user":
                    options["has_button_access"] = False
        return groups
