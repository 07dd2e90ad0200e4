from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Override of mail to learn that a reminder did not arrive: its step then counts as not sent."""
        delivered = bool(success_pids or success_emails)
        mails = self.filtered(lambda mail: mail.model == "dunning.reminder")
        # sudo: the queue works for nobody; only what became of the mail is noted.
        reminders = mails and self.env["dunning.reminder"].sudo().search([("mail_id", "in", mails.ids)])
        if reminders:
            reminders._note_delivery(delivered and not failure_type, failure_reason or failure_type or "")
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
