from odoo import api, fields, models
from odoo.exceptions import UserError


class DunningLetterEdit(models.TransientModel):
    """The words of one letter before it goes out; its figures are the ledger's and stay as they are."""

    _name = "dunning.letter.edit"
    _description = "Words of a Letter"

    reminder_id = fields.Many2one("dunning.reminder", required=True, readonly=True, ondelete="cascade")
    subject = fields.Char(compute="_compute_words", store=True, readonly=False)
    text_before = fields.Html("Above the Figures", compute="_compute_words", store=True, readonly=False)
    text_after = fields.Html("Below the Figures", compute="_compute_words", store=True, readonly=False)
    is_edited = fields.Boolean(compute="_compute_is_edited")

    @api.depends("reminder_id")
    def _compute_words(self):
        for wizard in self:
            words = wizard.reminder_id._render_letters().get(wizard.reminder_id.id, {})
            wizard.subject = words.get("subject")
            wizard.text_before, wizard.text_after = words.get("before"), words.get("after")

    @api.depends("reminder_id")
    def _compute_is_edited(self):
        for wizard in self:
            wizard.is_edited = bool(wizard.reminder_id.edited_on)

    def action_save(self):
        self.ensure_one()
        if not self.subject:
            raise UserError(self.env._("A letter needs a subject."))
        reminder = self.reminder_id._take_all_open()
        reminder.write(
            {
                "edited_subject": self.subject,
                "edited_before": self.text_before,
                "edited_after": self.text_after,
                "edited_on": reminder.date,
                "edited_by_id": self.env.uid,
            }
        )
        reminder._message_log(body=self.env._("The words of this letter were changed by hand."))

    def action_reset(self):
        """Back to the words of the template."""
        self.ensure_one()
        reminder = self.reminder_id._take_all_open()
        reminder.write(
            {
                "edited_subject": False,
                "edited_before": False,
                "edited_after": False,
                "edited_on": False,
                "edited_by_id": False,
            }
        )
        reminder._message_log(body=self.env._("The words of the template were put back."))
