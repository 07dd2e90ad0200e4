from odoo import fields, models

from ...core.documents import formats
from ...core.documents.texts import language_of
from ...core.dunning.words import Words

#: Colour of the notice by its tone.
COLOURS = {
    "soft": "info",
    "neutral": "info",
    "business": "warning",
    "official": "danger",
    "escalation": "danger",
}


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_pdf_limit = fields.Integer(
        "Invoices Attached",
        default=5,
        help="So many PDFs of invoices go with one reminder, the oldest; the others are there as links.",
    )

    _dunning_pdf_limit_positive = models.Constraint(
        "CHECK (dunning_pdf_limit >= 0)", "The number of attached invoices cannot be negative."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_pdf_limit = fields.Integer(related="company_id.dunning_pdf_limit", readonly=False)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_portal_notice(self):
        """What the invoice's page says of its last reminder; None when there is nothing to say.

        Only while that step is current: the last reminder shows a notice, and the invoice is still open.

        :return: dict of text, colour and letter ("Letter of 3 June"), in the customer's language
        """
        self.ensure_one()
        if self.state != "posted" or self.payment_state not in ("not_paid", "partial"):
            return None
        # sudo: the page's reader may see the invoice; of its reminder only day, tone and due date are shown.
        lines = (
            self.env["dunning.reminder.line"]
            .sudo()
            .search(
                [("move_id", "=", self.id), ("reminder_id.state", "in", ("sent", "handed_over"))],
                order="id desc",
            )
        )
        last = lines.sorted(lambda line: (line.reminder_id.date, line.level, line.id))[-1:]
        reminder = last.reminder_id
        if not last or "notice" not in reminder.dispatch_ids.mapped("channel"):
            return None
        lang = language_of(self.env.context.get("lang"), "en")
        if (self.partner_id.document_lang or self.commercial_partner_id.document_lang) == "kk":
            lang = "kk"
        words = Words(lang)
        today = self.company_id._receivables_today()
        key = f"notice_{reminder.tone}"
        if key not in words:
            return None
        late = (today - last.due_date).days
        if late > 0 and reminder.tone in ("soft", "neutral"):
            # The term has passed since: the notice of it is no longer true, and nothing harsher was said.
            return None
        return {
            "text": words.say(key, due=formats.long_date(last.due_date, lang), days=words.days(max(late, 0))),
            "colour": COLOURS[reminder.tone],
            "letter": words.say("notice_thread", date=formats.long_date(reminder.date, lang)),
        }
