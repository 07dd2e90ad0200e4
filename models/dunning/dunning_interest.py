"""Late charges (пеня): where the contract has a rate, as a figure on the letter or a draft invoice."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.dunning.interest import InterestTerms, accrued


class PayerProfile(models.Model):
    _inherit = "payer.profile"

    interest_rate = fields.Float(
        "Late Charges, % per Day",
        digits=(16, 4),
        help="As the contract with this customer says; without a rate nothing is charged.",
    )
    interest_cap = fields.Float(
        "At Most, % of the Debt", digits=(16, 2), help="0: the contract has no maximum."
    )
    interest_grace = fields.Integer("Days Free of Charge", help="Days after the due date that cost nothing.")
    interest_charge_ids = fields.One2many(
        "dunning.interest.charge", "profile_id", "Charges Invoiced", readonly=True
    )

    _interest_positive = models.Constraint(
        "CHECK (COALESCE(interest_rate, 0) >= 0 AND COALESCE(interest_cap, 0) >= 0"
        " AND COALESCE(interest_grace, 0) >= 0)",
        "Rate, maximum and free days of late charges cannot be negative.",
    )

    def _get_interest_terms(self):
        """The terms of the contract, None without a rate."""
        self.ensure_one()
        if self.interest_rate <= 0:
            return None
        return InterestTerms(
            rate=Decimal(str(self.interest_rate)),
            cap=Decimal(str(self.interest_cap)) if self.interest_cap > 0 else None,
            grace=self.interest_grace,
        )

    def action_invoice_interest(self):
        """Open the charges that have accrued and are not invoiced yet, to make a draft invoice of them."""
        self.ensure_one()
        wizard = self.env["dunning.interest.wizard"].create({"profile_id": self.id})
        if not wizard.line_ids:
            raise UserError(
                self.env._("No late charges of %s are open to invoice.", self.partner_id.display_name)
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Late Charges"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }


class DunningInterestCharge(models.Model):
    """Charges on one position of an invoice that an invoice of ours asks for."""

    _name = "dunning.interest.charge"
    _description = "Late Charges Invoiced"
    _order = "date desc, id desc"

    profile_id = fields.Many2one("payer.profile", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="profile_id.company_id", store=True, index=True)
    move_id = fields.Many2one("account.move", "On Invoice", required=True, index=True, ondelete="cascade")
    position = fields.Integer(required=True)
    date = fields.Date("Up To", required=True)
    currency_id = fields.Many2one(related="move_id.currency_id")
    amount = fields.Monetary(required=True)
    charge_move_id = fields.Many2one(
        "account.move", "Invoice of the Charges", required=True, index=True, ondelete="cascade"
    )
    charge_state = fields.Selection(related="charge_move_id.state")


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_interest_product_id = fields.Many2one(
        "product.product",
        "Product of Late Charges",
        check_company=True,
        help="For the invoices of late charges: its account and taxes.",
    )

    def _get_dunning_interest(self, debts, terms, day) -> dict:
        """{(move, position): charges up to ``day``} of the debts of one customer, disputed sums left out.

        :param debts: ``core.dunning.backtest.Debt``
        :param terms: ``core.dunning.interest.InterestTerms``
        """
        move_ids = {debt.key[0] for debt in debts}
        moves = self.env["account.move"].sudo().browse(move_ids)
        places = {move.id: move.currency_id.decimal_places for move in moves}
        disputed = [("move_id", "in", list(move_ids)), ("state", "=", "open")]
        rows = self.env["invoice.dispute"].sudo()._read_group(disputed, ["move_id"], ["amount:sum"])
        left = {move.id: Decimal(str(amount)) for move, amount in rows}
        found = {}
        for debt in sorted(debts, key=lambda one: one.key):
            move_id = debt.key[0]
            out = min(left.get(move_id, Decimal(0)), debt.amount)
            left[move_id] = left.get(move_id, Decimal(0)) - out
            found[debt.key] = accrued(
                debt.amount - out, debt.due_date, debt.payments, day, terms, places[move_id]
            )
        return {key: amount for key, amount in found.items() if amount > 0}

    def _get_dunning_interest_of_accounts(self, decided, profiles, day) -> dict:
        """{(move, position): charges} for what the decisions speak of; three queries for all customers.

        :param profiles: {commercial partner id: payer.profile}
        """
        terms = {partner: profile._get_interest_terms() for partner, profile in profiles.items()}
        keys = {
            item.position.key: account.partner
            for account, decision in decided
            if terms.get(account.partner)
            for item in decision.items
        }
        if not keys:
            return {}
        found = {}
        histories = self.sudo()._get_debt_histories(move_ids={move for move, _position in keys})
        for (partner, _currency), debts in histories.items():
            if terms.get(partner):
                found |= self._get_dunning_interest(debts, terms[partner], day)
        return {key: amount for key, amount in found.items() if key in keys}


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_interest_product_id = fields.Many2one(
        related="company_id.dunning_interest_product_id", readonly=False
    )


class DunningReminder(models.Model):
    _inherit = "dunning.reminder"

    amount_interest = fields.Monetary(
        "Late Charges",
        compute="_compute_amount_interest",
        store=True,
        help="Accrued by the contract up to the day of the message: told, not part of what is to pay.",
    )

    @api.depends("line_ids.interest")
    def _compute_amount_interest(self):
        for reminder in self:
            reminder.amount_interest = sum(reminder.line_ids.mapped("interest"))

    def _get_letter_interest(self):
        """{reminder id: the late charges that its letter tells}."""
        return {
            reminder.id: Decimal(str(reminder.currency_id.round(reminder.amount_interest)))
            for reminder in self
            if reminder.amount_interest
        }


class DunningReminderLine(models.Model):
    _inherit = "dunning.reminder.line"

    interest = fields.Monetary("Late Charges", help="Accrued by the contract up to the day of the message.")
