from odoo import api, fields, models


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    letter_subject = fields.Char("Subject", compute="_compute_letter")
    letter_html = fields.Html("Letter", compute="_compute_letter", sanitize=False)

    @api.depends("state", "mail_message_id", "step_id", "line_ids", "contact_id")
    def _compute_letter(self):
        """The letter as sent; before that, as it would be sent now."""
        for reminder in self:
            message = reminder.sudo().mail_message_id
            if message:
                reminder.letter_subject, reminder.letter_html = message.subject, message.body
                continue
            template = reminder.step_id.sudo().mail_template_id
            if not template or not reminder.id:
                reminder.letter_subject = reminder.letter_html = False
                continue
            subject, body = reminder._render_letter(template)
            reminder.letter_subject, reminder.letter_html = subject, body

    def _render_letter(self, template):
        """Subject and body of the letter in the recipient's language, in its layout."""
        self.ensure_one()
        res_id = self._origin.id or self.id
        values = template._generate_template([res_id], ("subject", "body_html"))[res_id]
        body = values["body_html"]
        if template.email_layout_xmlid:
            lang = self._get_letter_lang()
            body = template.with_context(lang=lang)._render_encapsulate(
                template.email_layout_xmlid,
                body,
                add_context={"company": self.company_id.with_context(lang=lang)},
                context_record=self._origin.with_context(lang=lang),
            )
        return values["subject"], self.env["mail.render.mixin"]._replace_local_links(body)

    def _get_letter_lang(self):
        self.ensure_one()
        return (
            self.contact_id.lang or self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang
        )

    def _get_letter_block(self):
        """Table of invoices, total, pay button and bank details, for the body of the mail templates."""
        self.ensure_one()
        lines = self.line_ids.sorted(lambda line: (line.due_date, line.id))
        oldest = lines[:1].move_id
        bank = oldest.partner_bank_id or self.company_id.partner_id.bank_ids[:1]
        contact = self.contact_id or self.partner_id
        return self.env["ir.qweb"]._render(
            "invoice_to_cash.dunning_letter_block",
            {
                "object": self,
                "lines": [
                    (line, line.move_id._get_tracked_url(contact) if line.move_id else "") for line in lines
                ],
                "oldest": oldest,
                "pay_url": oldest._get_tracked_url(contact, target="pay") if oldest else "",
                "view_url": oldest._get_tracked_url(contact) if oldest else "",
                "bank": bank,
                "company": self.company_id,
                "today": self.date,
            },
            lang=self.env.context.get("lang"),
        )

    def _get_letter_numbers(self) -> str:
        """The invoice's number, or the oldest one's and how many more, for a subject."""
        self.ensure_one()
        names = list(
            dict.fromkeys(self.line_ids.sorted(lambda line: (line.due_date, line.id)).mapped("move_name"))
        )
        if len(names) <= 1:
            return names[0] if names else ""
        return self.env._("%(number)s and %(count)s more", number=names[0], count=len(names) - 1)

    def _get_letter_signature(self):
        """Who signs: the responsible for reminders, else the salesperson; the company alone else."""
        self.ensure_one()
        return self.company_id.dunning_user_id or self.partner_id.user_id
