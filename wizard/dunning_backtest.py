"""What a ladder would have done in the last year: the replay of ``core.dunning.backtest`` on the ledger."""

from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.dunning import Kind, Ladder, backtest
from ..models.dunning.dunning_ladder import TONE_OF, TONES


class DunningBacktest(models.TransientModel):
    _name = "dunning.backtest"
    _description = "Back-Test of a Ladder"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    ladder_id = fields.Many2one(
        "dunning.ladder",
        "Ladder",
        domain="[('company_id', 'in', (False, company_id))]",
        help="Tried on every customer; empty: each customer's own, as chosen today.",
    )
    date_from = fields.Date("From", required=True, default=lambda self: self._default_date_from())
    date_to = fields.Date("Until", required=True, default=lambda self: self._default_date_to())
    message_limit = fields.Integer(
        "Messages in 30 Days", default=4, help="Customers who would get more are shown; 0: no limit."
    )
    state = fields.Selection([("setup", "Set up"), ("done", "Done")], default="setup", readonly=True)
    customer_ids = fields.One2many("dunning.backtest.customer", "backtest_id", readonly=True)
    message_ids = fields.One2many("dunning.backtest.message", "backtest_id", readonly=True)
    customer_count = fields.Integer("Customers Written To", readonly=True)
    message_count = fields.Integer("Messages", readonly=True)
    approval_count = fields.Integer("Of Which Wait for Approval", readonly=True)
    hand_over_count = fields.Integer("Handed Over", readonly=True)
    over_count = fields.Integer("Over the Limit", readonly=True)
    postponed_count = fields.Integer(
        "Postponed", readonly=True, help="Steps that waited for the days between two messages."
    )
    after_money_count = fields.Integer("After Money Had Arrived", readonly=True)
    sent_count = fields.Integer("Really Sent", readonly=True, help="Reminders that went out in these days.")
    sent_after_money_count = fields.Integer(
        "Really Sent After Money Had Arrived",
        readonly=True,
        help="Reminders that went out although the bank had the money, as statements told later.",
    )

    def _compute_display_name(self):
        for test in self:
            test.display_name = self.env._("Back-Test of a Ladder")

    @api.model
    def _default_date_to(self):
        return self.env.company._receivables_today() - timedelta(days=1)

    @api.model
    def _default_date_from(self):
        return self.env.company._receivables_today() - relativedelta(years=1)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for test in self:
            if test.date_from > test.date_to:
                raise UserError(self.env._("The back-test must begin before it ends."))

    def action_run(self):
        self.ensure_one()
        # sudo: counting messages shows collectors nothing of the ledger but what reminders show anyway.
        company = self.company_id.sudo()
        company.check_access("read")
        ledgers = company._get_ledgers_to_replay(self.date_from)
        partners = self.env["res.partner"].sudo().browse({ledger.partner for ledger in ledgers})
        chosen = company._choose_dunning_ladders(partners, company._get_dunning_profiles(partners))
        holidays = company._get_receivables_holidays(self.date_from, self.date_to)[company.id]
        cores, ladders = {}, {}
        for partner in partners:
            ladder = self.ladder_id or chosen[partner.id]
            if ladder not in cores:
                cores[ladder] = ladder._to_core(holidays) if ladder else Ladder(())
            ladders[partner.id] = cores[ladder]
        minimum = Decimal(str(company.dunning_minimum))
        outcomes = backtest.replay(ledgers, ladders, self.date_from, self.date_to, minimum)
        self._store(ledgers, outcomes)
        return self._reopen()

    def _store(self, ledgers, outcomes):
        by_account = {(ledger.partner, ledger.currency): ledger for ledger in ledgers}
        currencies = {
            currency.name: currency.id
            for currency in self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "in", list({ledger.currency for ledger in ledgers}))])
        }
        real = self._get_real_messages()
        customers, messages = [], []
        for outcome in outcomes:
            ledger = by_account[outcome.partner, outcome.currency]
            sent = [(m.day, [item[0] for item in m.items]) for m in outcome.messages]
            really = real.get((outcome.partner, outcome.currency), [])
            if not outcome.messages and not outcome.held and not really:
                continue
            letters = [m for m in outcome.messages if m.kind is Kind.SEND]
            customers.append(
                {
                    "partner_id": outcome.partner,
                    "currency_id": currencies[outcome.currency],
                    "messages": len(letters),
                    "handed_over": len(outcome.messages) - len(letters),
                    "highest": max((m.level for m in outcome.messages), default=0),
                    "over_limit": outcome.over(self.message_limit),
                    "postponed": outcome.postponed,
                    "after_money": backtest.count_after_money(ledger, sent),
                    "really_sent": len(really),
                    "really_after_money": backtest.count_after_money(ledger, really),
                }
            )
            messages += [
                {
                    "partner_id": outcome.partner,
                    "currency_id": currencies[outcome.currency],
                    "date": m.day,
                    "step_id": m.step,
                    "invoices": len({item[0][0] for item in m.items}),
                    "amount": float(m.total),
                    "approval": m.approval,
                }
                for m in outcome.messages
            ]
        command = fields.Command
        self.write(
            {
                "state": "done",
                "customer_ids": [command.clear(), *map(command.create, customers)],
                "message_ids": [command.clear(), *map(command.create, messages)],
                "customer_count": len({row["partner_id"] for row in customers if row["messages"]}),
                "message_count": sum(row["messages"] for row in customers),
                "approval_count": sum(row["approval"] for row in messages),
                "hand_over_count": sum(row["handed_over"] for row in customers),
                "over_count": sum(row["over_limit"] for row in customers),
                "postponed_count": sum(row["postponed"] for row in customers),
                "after_money_count": sum(row["after_money"] for row in customers),
                "sent_count": sum(row["really_sent"] for row in customers),
                "sent_after_money_count": sum(row["really_after_money"] for row in customers),
            }
        )

    def _get_real_messages(self):
        """{(partner id, currency name): [(day, keys of the positions)]} of the reminders that went out."""
        lines = (
            self.env["dunning.reminder.line"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("reminder_id.state", "=", "sent"),
                    ("reminder_id.date", ">=", self.date_from),
                    ("reminder_id.date", "<=", self.date_to),
                    ("move_id", "!=", False),
                ]
            )
        )
        found = {}
        for reminder, group in lines.grouped("reminder_id").items():
            account = reminder.partner_id.id, reminder.currency_id.name
            keys = [(line.move_id.id, line.position) for line in group]
            found.setdefault(account, []).append((reminder.date, keys))
        return found

    def action_back(self):
        self.state = "setup"
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Back-Test of a Ladder"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }


class DunningBacktestCustomer(models.TransientModel):
    _name = "dunning.backtest.customer"
    _description = "Back-Test: Customer"
    _order = "over_limit desc, messages desc, partner_id"

    backtest_id = fields.Many2one("dunning.backtest", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, ondelete="cascade")
    messages = fields.Integer()
    handed_over = fields.Integer()
    highest = fields.Integer("Highest Level")
    highest_tone = fields.Selection(TONES, "Harshest", compute="_compute_highest_tone")
    over_limit = fields.Integer()
    postponed = fields.Integer()
    after_money = fields.Integer("After Money")
    really_sent = fields.Integer()
    really_after_money = fields.Integer("Really Sent After Money")

    @api.depends("highest")
    def _compute_highest_tone(self):
        for row in self:
            row.highest_tone = TONE_OF.get(row.highest, False)


class DunningBacktestMessage(models.TransientModel):
    _name = "dunning.backtest.message"
    _description = "Back-Test: Message"
    _order = "date, partner_id, id"

    backtest_id = fields.Many2one("dunning.backtest", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, ondelete="cascade")
    date = fields.Date(required=True)
    step_id = fields.Many2one("dunning.step", ondelete="cascade")
    tone = fields.Selection(related="step_id.tone")
    invoices = fields.Integer()
    amount = fields.Monetary()
    approval = fields.Boolean("Waits for Approval")


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_ledgers_to_replay(self, since) -> list:
        """The ``core.dunning.backtest.Ledger`` of each customer and currency, from a day on; four queries."""
        self.ensure_one()
        histories = self._get_debt_histories(since=since)
        credits = self._get_unapplied_credits()
        partners = self.env["res.partner"].browse({partner for partner, _currency in histories})
        reachable = {commercial.id for commercial in partners._get_reminder_contacts()}
        return [
            backtest.Ledger(
                partner,
                currency,
                tuple(debts),
                tuple(credits.get((partner, currency), ())),
                has_email=partner in reachable,
            )
            for (partner, currency), debts in histories.items()
        ]
