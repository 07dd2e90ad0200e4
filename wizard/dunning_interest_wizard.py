from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError


class DunningInterestWizard(models.TransientModel):
    """The late charges of a customer that no invoice asks for yet; one click makes a draft of them."""

    _name = "dunning.interest.wizard"
    _description = "Invoice Late Charges"

    profile_id = fields.Many2one("payer.profile", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="profile_id.partner_id")
    company_id = fields.Many2one(related="profile_id.company_id")
    date = fields.Date(
        "Up To", required=True, default=lambda self: self.env.company._receivables_today(), readonly=True
    )
    line_ids = fields.One2many(
        "dunning.interest.wizard.line", "wizard_id", compute="_compute_line_ids", store=True, readonly=False
    )

    @api.depends("profile_id", "date")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [fields.Command.clear()] + [
                fields.Command.create(values) for values in wizard._get_open_charges()
            ]

    def _get_open_charges(self):
        """Per position: accrued less what invoices of ours that stand ask for already."""
        self.ensure_one()
        profile = self.profile_id
        terms = profile._get_interest_terms()
        if not terms:
            return []
        # sudo: collectors see the debts of a customer without further rights on the ledger.
        company = profile.company_id.sudo()
        charged = {}
        for charge in profile.sudo().interest_charge_ids:
            if charge.charge_state != "cancel":
                key = charge.move_id.id, charge.position
                charged[key] = charged.get(key, Decimal(0)) + Decimal(str(charge.amount))
        own = profile.sudo().interest_charge_ids.charge_move_id.ids
        values = []
        for debts in company._get_debt_histories(profile.partner_id).values():
            # No charges on charges.
            debts = [debt for debt in debts if debt.key[0] not in own]
            for key, amount in company._get_dunning_interest(debts, terms, self.date).items():
                rest = amount - charged.get(key, Decimal(0))
                if rest > 0:
                    values.append({"move_id": key[0], "position": key[1], "amount": float(rest)})
        return values

    def action_invoice(self):
        """A draft invoice per currency; posting it is the approval."""
        self.ensure_one()
        self.env["account.move"].check_access("create")
        lines = self.line_ids.filtered("chosen")
        if not lines:
            raise UserError(self.env._("Choose what to invoice."))
        # Two clicks at once: the second waits, and finds nothing left.
        self.profile_id.sudo().lock_for_update()
        open_now = {(row["move_id"], row["position"]): row["amount"] for row in self._get_open_charges()}
        for line in lines:
            known = open_now.get((line.move_id.id, line.position), 0.0)
            if line.currency_id.compare_amounts(line.amount, known) > 0:
                raise UserError(
                    self.env._(
                        "Only %(open)s of late charges on %(invoice)s is open to invoice.",
                        open=line.currency_id.format(known),
                        invoice=line.move_id.name,
                    )
                )
        product = self.company_id.dunning_interest_product_id
        if not product:
            raise UserError(self.env._("Choose the product of late charges in the settings first."))
        invoices = self.env["account.move"]
        for currency, group in lines.grouped("currency_id").items():
            invoices |= self._make_invoice(currency, group, product)
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "form" if len(invoices) == 1 else "list,form",
            "res_id": invoices.id if len(invoices) == 1 else False,
            "domain": [("id", "in", invoices.ids)],
            "name": self.env._("Late Charges"),
        }

    def _make_invoice(self, currency, lines, product):
        partner = self.partner_id
        lang = partner.lang or self.env.lang
        texts = self.with_context(lang=lang)
        invoice = (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "company_id": self.company_id.id,
                    "currency_id": currency.id,
                    "invoice_line_ids": [
                        fields.Command.create(
                            {
                                "product_id": product.id,
                                "name": texts._get_line_text(line),
                                "quantity": 1,
                                "price_unit": line.amount,
                            }
                        )
                        for line in lines
                    ],
                }
            )
        )
        # sudo: what was charged is kept by the system: the same days are never charged twice.
        self.env["dunning.interest.charge"].sudo().create(
            [
                {
                    "profile_id": self.profile_id.id,
                    "move_id": line.move_id.id,
                    "position": line.position,
                    "date": self.date,
                    "amount": line.amount,
                    "charge_move_id": invoice.id,
                }
                for line in lines
            ]
        )
        return invoice

    def _get_line_text(self, line):
        return self.env._(
            "Late charges on %(invoice)s up to %(day)s",
            invoice=line.move_id.name,
            day=fields.Date.to_date(self.date).strftime("%d.%m.%Y"),
        )


class DunningInterestWizardLine(models.TransientModel):
    _name = "dunning.interest.wizard.line"
    _description = "Late Charges on an Invoice"

    wizard_id = fields.Many2one("dunning.interest.wizard", required=True, ondelete="cascade")
    chosen = fields.Boolean(default=True)
    move_id = fields.Many2one("account.move", "Invoice", required=True, readonly=True, ondelete="cascade")
    position = fields.Integer(readonly=True)
    currency_id = fields.Many2one(related="move_id.currency_id")
    amount = fields.Monetary("Late Charges")
