"""What a collector does in the outbox; each action is safe while others work on the same."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from .dunning_generate import QUIET
from .dunning_reminder import OPEN_STATES

NO_EDIT = {
    "edited_subject": False,
    "edited_before": False,
    "edited_after": False,
    "edited_on": False,
    "edited_by_id": False,
}


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    edit_is_stale = fields.Boolean(
        compute="_compute_edit_is_stale",
        help="The words were changed for another day: they wait until somebody has read them again.",
    )

    @api.depends("edited_on", "date")
    def _compute_edit_is_stale(self):
        for reminder in self:
            reminder.edit_is_stale = bool(reminder.edited_on) and reminder.edited_on != reminder.date

    def _take_open(self):
        """Lock these messages for the transaction and return those that are not yet out.

        :raises UserError: when somebody else, or the daily job, works on one of them right now
        """
        known = self.exists()
        known.check_access("write")
        locked = known.try_lock_for_update()
        if locked != self:
            gone = (self - locked)[:1].exists()
            raise UserError(
                self.env._(
                    "%s is being sent or prepared right now: try again in a moment.", gone.display_name
                )
                if gone
                else self.env._(
                    "One of the messages is gone: the outbox was prepared anew. Please reload it."
                )
            )
        locked.invalidate_recordset(["state", "level", "step_id", "date"])
        return locked.filtered(lambda reminder: reminder.state in OPEN_STATES)

    def _take_all_open(self):
        opened = self._take_open()
        if out := self - opened:
            raise UserError(
                self.env._("%s is out already: nothing of it can be changed.", out[0].display_name)
            )
        return opened

    def action_approve(self):
        waiting = self._take_open().filtered(lambda reminder: reminder.state == "waiting")
        if not waiting:
            raise UserError(self.env._("None of the chosen messages waits for approval."))
        for (level, day), reminders in waiting.grouped(lambda r: (r.level, r.date)).items():
            reminders.write({"approved_level": level, "approved_by_id": self.env.uid, "state": "draft"})
            reminders.filtered("edited_on").write({"edited_on": day})

    def action_approve_and_send(self):
        self.action_approve()
        return self.action_send()

    def action_cancel(self):
        """Leave out today's message; the same step comes again with the next day's run."""
        self._take_all_open().write({"state": "cancelled", "hold_reason": "by_hand", "hold_until": False})

    def action_skip(self):
        """Leave the step out for good: these invoices go on with the next step, on its own day."""
        taken = self._take_all_open()
        # What was held back took no level yet: another message may have got it meanwhile.
        taken.write({"state": "skipped", "hold_reason": "step_skipped", "hold_until": False})
        for reminder in taken:
            reminder._message_log(
                body=self.env._("Step skipped: %(step)s", step=reminder.step_id.name or reminder.level)
            )
        for company, reminders in taken.grouped("company_id").items():
            partners = reminders.partner_id
            today = max(reminders.mapped("date"))
            decided = company.sudo()._decide_dunning(today, partners)
            company._store_dunning_figures([item for _a, d in decided for item in d.all_items], partners)

    def action_send(self):
        ready = self.filtered(lambda reminder: reminder.state == "draft")
        if not ready:
            raise UserError(
                self.env._("None of the chosen messages is ready: they wait for approval or are held back.")
            )
        sent = ready.send()
        stopped = len(ready.exists()) - len(sent)
        message = self.env._("%s reminders are on their way.", len(sent))
        if stopped:
            message += " " + self.env._("%s were stopped by the last check: see their reasons.", stopped)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if sent else "warning",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_send_handover_letter(self):
        """Tell the customers that their case was handed over: never by itself, and once."""
        self.check_access("write")
        taken = self.try_lock_for_update()
        taken.invalidate_recordset(["state", "dispatch_ids"])
        ready = taken.filtered(
            lambda reminder: (
                reminder.state == "handed_over"
                and reminder.step_id.mail_template_id
                and not reminder.dispatch_ids
            )
        )
        if not ready:
            raise UserError(self.env._("There is no letter about the hand-over left to send."))
        ready._dispatch(state="handed_over")
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    @api.model
    def action_generate_today(self):
        """Button: prepare today's reminders of the chosen companies and show the outbox."""
        for company in self.env.companies:
            self.generate(company)
        return self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_outbox")

    # --- the words of one letter ---

    def action_edit_letter(self):
        self.ensure_one()
        self._take_all_open()
        if not self._get_letter_template():
            raise UserError(self.env._("This step has no letter whose words could be changed."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Words of the letter to %s", self.partner_id.display_name),
            "res_model": "dunning.letter.edit",
            "view_mode": "form",
            "target": "new",
            "context": {"default_reminder_id": self.id},
        }

    def _get_values_of_edit(self, vals) -> dict:
        """What becomes of changed words when the message is decided anew.

        Words for another step are dropped. Words for another day wait for approval: "overdue by five days"
        may have become untrue. New sums and invoices are in the figures, which nobody edits.
        """
        self.ensure_one()
        if not self.edited_on:
            return {}
        if vals["step_id"] != self.step_id.id:
            self._message_log(body=self.env._("The changed words were dropped: another step is due now."))
            return dict(NO_EDIT)
        if vals["state"] == "draft" and vals["date"] != self.edited_on:
            return {"state": "waiting"}
        return {}

    # --- on paper, and as it was sent ---

    def _get_document(self):
        """What the letter on paper is printed from: figures and words as sent, else as of now."""
        self.ensure_one()
        figures = self._get_letter_figures()[self.id]
        tools = self.env["invoice.document"].sudo()
        # sudo: who may read the reminder may read its customer's and the company's requisites on it.
        document = tools._get_base(self.company_id.sudo(), self.sudo().partner_id, figures["lang"])
        words = figures
        if "before" not in figures:
            words = self._render_letters().get(self.id) or {"before": "", "after": "", "subject": ""}
        qr = figures["qr"]
        return {
            **document,
            **self._get_print_values(figures),
            "seller": figures["seller"],
            "buyer": figures["buyer"],
            "subject": words["subject"],
            "before": words["before"],
            "after": words["after"],
            "number": f"{self.id}",
            "in_words": lambda text: document["words"](Decimal(text), figures["currency"]),
            "qr_image": tools._draw_qr(qr["text"]) if qr else "",
        }

    def _make_letter_pdfs(self):
        """Print the letters that have no PDF yet, and keep them for ever."""
        # sudo: an employee who may send the letter may keep it; it belongs to the reminder.
        attachments = self.env["ir.attachment"].sudo()
        for reminder in self.filtered(lambda reminder: not reminder.letter_attachment_id):
            content, kind = reminder._print_letter()
            attachment = attachments.create(
                {
                    "name": f"{reminder._get_letter_file_name()}.{kind}",
                    "raw": content,
                    "res_model": self._name,
                    "res_id": reminder.id,
                    "mimetype": "application/pdf" if kind == "pdf" else "text/html",
                }
            )
            reminder.sudo().with_context(**QUIET).letter_attachment_id = attachment

    def _print_letter(self):
        self.ensure_one()
        reports = self.env["ir.actions.report"].sudo().with_company(self.company_id)
        return reports._render("invoice_to_cash.document_letter", self.ids)

    def _get_letter_file_name(self) -> str:
        self.ensure_one()
        return f"{self.partner_id.name or ''} {self.date} {self.id}".strip().replace("/", "-")

    def _get_letter_pdf(self) -> bytes:
        """The letter on paper: as it was sent, whatever the ledger says now; else as it would be sent."""
        self.ensure_one()
        if self.figures and not self.letter_attachment_id:
            self._make_letter_pdfs()
        # sudo: the caller may read the reminder, the file is its letter.
        return self.sudo().letter_attachment_id.raw or self._print_letter()[0]

    def action_print_letters(self):
        """One PDF with the letters of these reminders; what waits to be posted counts as printed."""
        self.check_access("read")
        printable = self.filtered(lambda reminder: reminder.figures or reminder.step_id.mail_template_id)
        if not printable:
            raise UserError(self.env._("None of the chosen messages has a letter to print."))
        waiting = printable.dispatch_ids.filtered(
            lambda way: way.channel == "letter" and way.state == "to_do"
        )
        if waiting:
            self.check_access("write")
            # sudo: who may work on the reminders has printed their letters.
            waiting.sudo().write({"state": "done", "user_id": self.env.uid, "moment": fields.Datetime.now()})
        ids = ",".join(str(reminder.id) for reminder in printable)
        return {"type": "ir.actions.act_url", "url": f"/i2c/letters.pdf?ids={ids}", "target": "new"}

    def action_show_letter(self):
        """The mail alone in a window of its own, as the customer's program shows it."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/i2c/letter/{self.id}", "target": "new"}
