from odoo import fields, models


class MailMessage(models.Model):
    _inherit = "mail.message"

    is_invoice_delivery = fields.Boolean(
        help="This message carried an invoice to its customer: its mails are the invoice's story."
    )


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _get_message_create_valid_field_names(self):
        return super()._get_message_create_valid_field_names() | {"is_invoice_delivery"}


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Override of mail to keep what became of a mail with an invoice: Odoo deletes its own trace."""
        for mail in self:
            message = mail.mail_message_id
            if not message.is_invoice_delivery or message.model != "account.move" or not message.res_id:
                continue
            move = self.env["account.move"].browse(message.res_id).exists()
            addresses = ", ".join(
                [partner.email_formatted or partner.name for partner in success_pids] + list(success_emails)
            )
            if addresses:
                move._mark_sent(detail=addresses)
            if failure_type or not addresses:
                move._log_tracking_event("not_sent", "mail", failure_reason or failure_type or None)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
