from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .dunning_ladder import TONES

STATES = [
    ("draft", "Ready"),
    ("waiting", "Waits for approval"),
    ("held", "Held back"),
    ("sent", "Sent"),
    ("handed_over", "Handed over"),
    ("returned", "Back from a person"),
    ("failed", "Failed"),
    ("skipped", "Step skipped"),
    ("cancelled", "Cancelled"),
]
#: States of a message that is not yet out: one per customer, company and currency.
OPEN_STATES = ("draft", "waiting", "held")
#: States in which a line takes its level of the position, so that nothing else can.
KEY_STATES = ("draft", "waiting", "sent", "handed_over", "skipped")
#: Why there is no message, in words; the keys are those of ``core.dunning.Reason``.
HOLD_REASONS = [
    ("not_switched_on", "Reminders are off for this customer"),
    ("paused", "Paused"),
    ("reply_waiting", "The customer's answer to a reminder waits for ours"),
    ("net_creditor", "We owe the customer at least as much"),
    ("covered_by_credit", "An open credit covers it"),
    ("netting", "We owe them as a vendor: offer to set it off"),
    ("below_minimum", "Less than the minimum"),
    ("unmatched_cash", "A payment that is not applied yet may be theirs"),
    ("statement_missing", "The bank statement is missing: they may have paid"),
    ("customer_wrote", "The customer wrote to us about something else"),
    ("with_person", "A person deals with this customer"),
    ("skipped_today", "Cancelled by hand today"),
    ("sent_today", "Already written to today"),
    ("contacted_recently", "Written to a few days ago"),
    ("weekend", "Weekend"),
    ("holiday", "Public holiday"),
    ("no_email", "No valid e-mail address"),
    ("nothing_owed", "Nothing owed"),
    ("next_step_later", "Next step later"),
    ("ladder_finished", "All steps done"),
    ("all_excluded", "Everything open is disputed, promised or paused"),
    ("promised", "Payment is promised"),
    ("disputed", "Disputed or not delivered"),
    ("planned", "A payment plan is kept"),
    ("payment_under_way", "A payment of it is under way"),
    ("our_turn", "We have to put something right first"),
    ("by_hand", "Cancelled by hand"),
    ("nothing_due", "Paid or no longer due when it was to be sent"),
    ("step_skipped", "This step was skipped by hand"),
    ("mail_failed", "The mail could not be delivered"),
    ("not_rendered", "The letter could not be made"),
]
#: Why a position is in a message; the keys are those of ``core.dunning.Reason``.
LINE_REASONS = [
    ("due", "Its day has come"),
    ("repeated", "Once more: no answer"),
    ("promise_broken", "The promise was not kept"),
    ("plan_broken", "The payment plan was not kept"),
    ("promised", "Promised"),
    ("planned", "In a payment plan"),
    ("payment_under_way", "A payment of it is under way"),
    ("disputed", "Disputed or not delivered"),
    ("paused", "Paused"),
    ("our_turn", "We have to put something right first"),
]


def sum_up(lines, credit, day) -> dict:
    """The totals of a message.

    :param lines: records or dicts of what it covers
    :return: {field of ``dunning.reminder``: value}
    """
    total = sum(line["residual"] for line in lines)
    disputed = sum(line["amount_disputed"] for line in lines)
    days = [(day - line["due_date"]).days for line in lines if line["due_date"] and day]
    return {
        "invoice_count": len({line["move_name"] for line in lines}),
        "amount_total": total,
        "amount_disputed": disputed,
        "amount_due": total - disputed - credit,
        "days_overdue": max(days, default=0),
    }


class DunningReminder(models.Model):
    """One message to one customer in one currency on one day, and what it covers.

    What is due and held back lies here too (state ``held``), replaced by each
    run, so that the outbox shows who gets nothing and why.
    """

    _name = "dunning.reminder"
    _description = "Reminder"
    _inherit = ["mail.thread", "mail.activity.mixin", "dunning.letter.language"]
    _order = "date desc, level desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one("res.partner", "Customer", required=True, index=True, ondelete="restrict")
    contact_id = fields.Many2one("res.partner", "Recipient", ondelete="set null")
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True)
    profile_id = fields.Many2one("payer.profile", index=True, ondelete="set null")
    date = fields.Date(required=True, index=True)
    step_id = fields.Many2one("dunning.step", ondelete="set null")
    tone = fields.Selection(TONES, required=True)
    level = fields.Integer(required=True, aggregator="max")
    state = fields.Selection(STATES, "Status", required=True, default="draft", index=True, tracking=True)
    hold_reason = fields.Selection(HOLD_REASONS, "Reason")
    hold_until = fields.Date("Until", help="When the reason ends by itself.")
    why = fields.Char(compute="_compute_why", help="Why this message goes out, or why it does not.")
    requires_approval = fields.Boolean()
    approved_level = fields.Integer(help="The tone up to which a person has approved this message.")
    approved_by_id = fields.Many2one("res.users", "Approved By", readonly=True)
    line_ids = fields.One2many("dunning.reminder.line", "reminder_id", "Invoices")
    invoice_count = fields.Integer("Invoices Covered", compute="_compute_totals", store=True)
    amount_total = fields.Monetary("Open Amount", compute="_compute_totals", store=True)
    amount_credit = fields.Monetary(
        "Open Credit", help="Credit notes and unapplied payments of the customer on the day of the message."
    )
    amount_disputed = fields.Monetary(
        "Not Asked For",
        compute="_compute_totals",
        store=True,
        help="What of the open amount is disputed or not delivered.",
    )
    amount_payable = fields.Monetary(
        "We Owe Them", help="Our open debts to the customer as our vendor; an offer to set off, no payment."
    )
    amount_due = fields.Monetary("To Pay", compute="_compute_totals", store=True)
    days_overdue = fields.Integer("Days Overdue", compute="_compute_totals", store=True, aggregator="max")
    sent_at = fields.Datetime(readonly=True)
    failure = fields.Char(readonly=True)
    mail_id = fields.Many2one("mail.mail", "Mail", readonly=True, ondelete="set null", index="btree_not_null")
    mail_message_id = fields.Many2one("mail.message", "Letter as Sent", readonly=True, ondelete="set null")

    _one_open = models.UniqueIndex(
        "(company_id, partner_id, currency_id) WHERE state IN ('draft', 'waiting', 'held')",
        "A customer has at most one message per currency that is not yet out.",
    )

    @api.depends(
        "line_ids.residual",
        "line_ids.amount_disputed",
        "line_ids.due_date",
        "line_ids.move_id",
        "amount_credit",
        "date",
    )
    def _compute_totals(self):
        for reminder in self:
            reminder.update(sum_up(reminder.line_ids, reminder.amount_credit, reminder.date))

    @api.depends("partner_id", "date", "tone")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for reminder in self:
            reminder.display_name = self.env._(
                "Reminder of %(date)s: %(customer)s",
                date=format_date(self.env, reminder.date),
                customer=reminder.partner_id.display_name or "",
            )

    @api.depends(
        "state",
        "hold_reason",
        "hold_until",
        "days_overdue",
        "failure",
        "requires_approval",
        "line_ids.reason",
    )
    @api.depends_context("lang")
    def _compute_why(self):
        reasons = dict(self._fields["hold_reason"]._description_selection(self.env))
        paused = self.filtered(lambda reminder: reminder.hold_reason == "paused")._get_pause_words()
        for reminder in self:
            if reminder.hold_reason:
                text = reasons[reminder.hold_reason]
                if reminder in paused:
                    text = f"{text}: {paused[reminder]}"
                if reminder.hold_until:
                    text = self.env._(
                        "%(reason)s (until %(date)s)",
                        reason=text,
                        date=format_date(self.env, reminder.hold_until),
                    )
                if reminder.failure:
                    text = f"{text}: {reminder.failure}"
            elif "promise_broken" in reminder.line_ids.mapped("reason"):
                text = self.env._("A promise was not kept")
            elif "plan_broken" in reminder.line_ids.mapped("reason"):
                text = self.env._("A payment plan was not kept")
            elif reminder.days_overdue > 1:
                text = self.env._("Overdue by %s days", reminder.days_overdue)
            elif reminder.days_overdue == 1:
                text = self.env._("Due yesterday")
            elif reminder.days_overdue == 0:
                text = self.env._("Due today")
            elif reminder.days_overdue == -1:
                text = self.env._("Due tomorrow")
            else:
                text = self.env._("Due in %s days", -reminder.days_overdue)
            reminder.why = text

    def unlink(self):
        if not self.env.su and any(reminder.state not in OPEN_STATES for reminder in self):
            raise UserError(
                self.env._("Reminders that went out are kept: they say what the customer was told.")
            )
        return super().unlink()


class DunningReminderLine(models.Model):
    """A position in a message, with its figures as they were told to the customer."""

    _name = "dunning.reminder.line"
    _description = "Reminder Line"
    _order = "due_date, id"

    reminder_id = fields.Many2one("dunning.reminder", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="reminder_id.company_id", store=True)
    partner_id = fields.Many2one(related="reminder_id.partner_id")
    currency_id = fields.Many2one(related="reminder_id.currency_id")
    state = fields.Selection(related="reminder_id.state")
    move_id = fields.Many2one("account.move", "Invoice", index=True, ondelete="set null")
    move_line_id = fields.Many2one(
        "account.move.line", "Journal Item", index="btree_not_null", ondelete="set null"
    )
    position = fields.Integer(required=True, help="Which of the invoice's due dates, counted from 1.")
    level = fields.Integer(required=True)
    occurrence = fields.Integer(required=True, default=1)
    active_key = fields.Boolean(
        compute="_compute_active_key",
        store=True,
        help="This line takes its level of the position: nothing else can send it.",
    )
    move_name = fields.Char("Number")
    payment_code = fields.Char()
    due_date = fields.Date()
    residual = fields.Monetary("Open Amount")
    amount_disputed = fields.Monetary(
        "Not Asked For", help="What of the open amount is disputed or not delivered."
    )
    reason = fields.Selection(LINE_REASONS, help="Why the step is due, or what holds this invoice back.")
    days_overdue = fields.Integer(compute="_compute_days_overdue")

    _level_once = models.UniqueIndex(
        "(move_id, position, level, occurrence) WHERE active_key",
        "This step has been sent for this invoice already.",
    )

    @api.depends("reminder_id.state")
    def _compute_active_key(self):
        for line in self:
            line.active_key = line.reminder_id.state in KEY_STATES

    @api.depends("due_date", "reminder_id.date")
    def _compute_days_overdue(self):
        for line in self:
            known = line.due_date and line.reminder_id.date
            line.days_overdue = (line.reminder_id.date - line.due_date).days if known else 0
