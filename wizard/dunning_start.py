from odoo import api, fields, models
from odoo.exceptions import UserError


class DunningStart(models.TransientModel):
    """Switch the reminders on for the customers with the largest overdue debt first."""

    _name = "dunning.start"
    _description = "Start Reminders with the Largest"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    count = fields.Integer("Number of Customers", default=20, required=True)
    others_off = fields.Boolean(
        "All Others Off", help="Switch the reminders off for everybody else, also for customers to come."
    )
    line_ids = fields.One2many(
        "dunning.start.line",
        "wizard_id",
        "Customers",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    amount_total = fields.Monetary("Overdue Amount", compute="_compute_amounts")
    share = fields.Float("Of All That Is Overdue", compute="_compute_amounts")

    @api.depends("company_id", "count")
    def _compute_line_ids(self):
        for wizard in self:
            largest = wizard.company_id._get_largest_overdue(max(wizard.count, 0))
            wizard.line_ids = [
                (5, 0, 0),
                *(
                    (0, 0, {"partner_id": partner, "amount": amount, "days": days})
                    for partner, amount, days in largest
                ),
            ]

    @api.depends("line_ids.amount")
    def _compute_amounts(self):
        for wizard in self:
            total = sum(amount for _partner, amount, _days in wizard.company_id._get_largest_overdue(None))
            wizard.amount_total = sum(wizard.line_ids.mapped("amount"))
            wizard.share = 100 * wizard.amount_total / total if total else 0

    def action_start(self):
        self.ensure_one()
        partners = self.line_ids.partner_id
        if not partners:
            raise UserError(self.env._("Nobody in this list: nothing is overdue, or all were taken off."))
        profiles = self.env["payer.profile"]._get_or_create(self.company_id, partners)
        profiles.reminders_enabled = True
        if self.others_off:
            self.env["payer.profile"].search(
                [("company_id", "=", self.company_id.id), ("id", "not in", profiles.ids)]
            ).reminders_enabled = False
            # sudo: a collector decides about reminders here, not about other settings.
            self.company_id.sudo().dunning_new_customers = False
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_payer_profiles")
        return {**action, "context": {"search_default_on": 1}}


class DunningStartLine(models.TransientModel):
    _name = "dunning.start.line"
    _description = "Customer to Start With"
    _order = "amount desc, id"

    wizard_id = fields.Many2one("dunning.start", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Customer", required=True, readonly=True)
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    amount = fields.Monetary("Overdue Amount", readonly=True)
    days = fields.Integer("Oldest, Days Late", readonly=True)


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_largest_overdue(self, count) -> list[tuple[int, float, int]]:
        """(commercial partner id, overdue in the company's currency, days of the oldest), largest first.

        :param count: how many; all when None
        """
        self.ensure_one()
        today = self._receivables_today()
        # sudo: collectors see the debt without further rights on the ledger.
        groups = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", self.id),
                    ("parent_state", "=", "posted"),
                    ("account_type", "=", "asset_receivable"),
                    ("reconciled", "=", False),
                    ("amount_residual", ">", 0),
                    ("date_maturity", "<", today),
                    ("partner_id", "!=", False),
                ],
                ["partner_id"],
                ["amount_residual:sum", "date_maturity:min"],
            )
        )
        totals = {}
        for partner, amount, oldest in groups:
            entity = partner.commercial_partner_id.id
            before, days = totals.get(entity, (0.0, 0))
            totals[entity] = before + amount, max(days, (today - oldest).days)
        ranked = sorted(totals.items(), key=lambda one: (-one[1][0], one[0]))
        return [(partner, amount, days) for partner, (amount, days) in ranked[:count]]
