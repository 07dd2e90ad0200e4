from textwrap import shorten

from odoo import api, fields, models
from odoo.tools import html2plaintext

PREVIEW = 160


class DunningReply(models.Model):
    """A customer answered a reminder: the ladder rests until somebody answers or dismisses it."""

    _name = "dunning.reply"
    _description = "Answer to a Reminder"
    _order = "received_at desc, id desc"

    partner_id = fields.Many2one("res.partner", "Customer", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, index=True)
    reminder_id = fields.Many2one("dunning.reminder", required=True, index=True, ondelete="cascade")
    message_id = fields.Many2one("mail.message", "Message", ondelete="set null", index="btree_not_null")
    author_id = fields.Many2one("res.partner", "From", ondelete="set null")
    email_from = fields.Char("Address")
    received_at = fields.Datetime("Received", required=True, default=fields.Datetime.now)
    body = fields.Html(related="message_id.body", string="Text")
    preview = fields.Char()
    state = fields.Selection(
        [("waiting", "Waits for an answer"), ("answered", "Answered"), ("dismissed", "Dismissed")],
        "Status",
        required=True,
        default="waiting",
        index=True,
    )
    owner_id = fields.Many2one("res.users", "Responsible")
    handled_by_id = fields.Many2one("res.users", "Handled By", readonly=True)
    handled_at = fields.Datetime("Handled", readonly=True)

    _waiting = models.Index("(company_id, partner_id) WHERE state = 'waiting'")
    _message_once = models.UniqueIndex(
        "(message_id) WHERE message_id IS NOT NULL", "This message is noted as an answer already."
    )

    @api.depends("partner_id", "received_at")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for reply in self:
            reply.display_name = self.env._("Answer of %s", reply.partner_id.display_name or "")

    def action_dismiss(self):
        """Nothing to answer (a thank-you, an automatic text): the reminders go on."""
        self._handle("dismissed")

    def action_answered(self):
        """Answered elsewhere, by telephone say: the reminders go on."""
        self._handle("answered")

    def action_open_reminder(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dunning.reminder",
            "res_id": self.reminder_id.id,
            "view_mode": "form",
        }

    def _handle(self, state):
        waiting = self.filtered(lambda reply: reply.state == "waiting")
        if not waiting:
            return
        waiting.write({"state": state, "handled_by_id": self.env.uid, "handled_at": fields.Datetime.now()})
        rest = self.search(
            [("reminder_id", "in", waiting.reminder_id.ids), ("state", "=", "waiting")]
        ).reminder_id
        # sudo: the task may be another's; the answer that it asked for is given.
        (waiting.reminder_id - rest).sudo().activity_unlink(["invoice_to_cash.activity_reply"])

    @api.model
    def _get_waiting_in(self, records):
        """The waiting replies that were written in the threads of these records, or to these reminders."""
        domain = [("message_id.model", "=", records._name), ("message_id.res_id", "in", records.ids)]
        if records._name == "dunning.reminder":
            domain = ["|", ("reminder_id", "in", records.ids), "&", *domain]
        return self.search([("state", "=", "waiting"), *domain])


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    reply_ids = fields.One2many("dunning.reply", "reminder_id", "Answers", readonly=True)
    has_waiting_reply = fields.Boolean(compute="_compute_has_waiting_reply")

    @api.depends("reply_ids.state")
    def _compute_has_waiting_reply(self):
        for reminder in self:
            reminder.has_waiting_reply = "waiting" in reminder.reply_ids.mapped("state")

    def action_dismiss_replies(self):
        self.reply_ids.action_dismiss()

    def action_replies_answered(self):
        self.reply_ids.action_answered()

    def _note_reply(self, message):
        """Keep what the customer wrote, and give the responsible a task, once per letter."""
        self.ensure_one()
        text = " ".join(html2plaintext(message.body or "").split())
        owner = self.company_id._get_dunning_responsible(self.partner_id)
        # sudo: the mail gateway works for nobody; the message was routed to this thread.
        self.env["dunning.reply"].sudo().create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "reminder_id": self.id,
                "message_id": message.id,
                "author_id": message.author_id.id,
                "email_from": message.email_from,
                "received_at": message.date or fields.Datetime.now(),
                "preview": shorten(text, PREVIEW, placeholder="…") if text else False,
                "owner_id": owner.id,
            }
        )
        kind = self.env.ref("invoice_to_cash.activity_reply")
        reminder = self.sudo()
        if kind not in reminder.activity_ids.activity_type_id:
            reminder.activity_schedule(
                activity_type_id=kind.id,
                summary=reminder.with_context(lang=owner.lang).env._(
                    "%s has answered the reminder", self.partner_id.display_name
                ),
                user_id=owner.id,
            )


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _message_route_process(self, message, message_dict, routes):
        """Override of mail to know, wherever the message is filed, which of our reminders it answers.

        What a machine has written (out of office) is kept in the thread and freezes nothing.
        """
        references = set((message_dict.get("references") or "").split())
        references |= set((message_dict.get("in_reply_to") or "").split())
        context = {}
        if references:
            # sudo: the gateway reads the references of a message that was addressed to us.
            letter = (
                self.env["mail.message"]
                .sudo()
                .search(
                    [("message_id", "in", list(references)), ("model", "=", "dunning.reminder")],
                    order="id desc",
                    limit=1,
                )
            )
            if letter:
                context["i2c_answers_reminder"] = letter.res_id
        is_automatic = (message.get("Auto-Submitted") or "no").lower() != "no" or message.get("X-Autoreply")
        if is_automatic:
            context["i2c_automatic_message"] = True
        return super(MailThread, self.with_context(**context))._message_route_process(
            message, message_dict, routes
        )

    def _message_post_after_hook(self, message, msg_values):
        """Override of mail: an answer to a reminder is noted, our own answer ends the waiting."""
        result = super()._message_post_after_hook(message, msg_values)
        self._follow_replies(message)
        return result

    def _follow_replies(self, message):
        answers = self.env.context.get("i2c_answers_reminder")
        if self._name == "dunning.reminder" and len(self) == 1:
            answers = self.id
        if message.message_type not in ("email", "comment"):
            return
        if message.author_id and not message.author_id.partner_share:
            # Ours: it answers when the customer can read it.
            if self and not message.is_internal and message.subtype_id == self.env.ref("mail.mt_comment"):
                # sudo: whoever may write in this thread has answered; only these replies are closed.
                self.env["dunning.reply"].sudo()._get_waiting_in(self)._handle("answered")
            return
        if answers and not self.env.context.get("i2c_automatic_message"):
            # sudo: see `_note_reply`.
            reminder = self.env["dunning.reminder"].sudo().browse(answers).exists()
            if reminder:
                reminder._note_reply(message)


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """Override of mail: done with the task means done with the answer."""
        kind = self.env.ref("invoice_to_cash.activity_reply", raise_if_not_found=False)
        answered = self.filtered(
            lambda one: one.activity_type_id == kind and one.res_model == "dunning.reminder"
        )
        reminders = self.env["dunning.reminder"].browse(answered.mapped("res_id"))
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        reminders.action_replies_answered()
        return result


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_waiting_replies(self, partners) -> set[int]:
        """Commercial partners whose answer to a reminder waits for ours; one query."""
        self.ensure_one()
        if not partners:
            return set()
        groups = (
            self.env["dunning.reply"]
            .sudo()
            ._read_group(
                [("company_id", "=", self.id), ("partner_id", "in", partners.ids), ("state", "=", "waiting")],
                ["partner_id"],
            )
        )
        return {partner.id for (partner,) in groups}
