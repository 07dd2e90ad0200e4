from odoo import api, fields, models
from odoo.fields import Domain

from .account_move import TRACKING_STATUS

# What a collector would look at first.
WORST_FIRST = ["overdue", "partial", "due_soon", "created", "sent", "viewed", "paid"]


class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_kind = fields.Selection(
        [("retail", "Retail"), ("corporate", "Corporate"), ("government", "Government")],
        compute="_compute_customer_kind",
        store=True,
        readonly=False,
        help="Decides which documents and which reminders this customer gets.",
    )
    receivable_overdue = fields.Monetary(
        "Overdue Amount",
        compute="_compute_receivable_overview",
        groups="account.group_account_readonly,account.group_account_invoice,sales_team.group_sale_salesman",
        help="What is past its due date, in the company's currency.",
    )
    receivable_open = fields.Monetary(
        "Open Amount",
        compute="_compute_receivable_overview",
        groups="account.group_account_readonly,account.group_account_invoice,sales_team.group_sale_salesman",
    )
    receivable_status = fields.Selection(
        TRACKING_STATUS,
        "Worst Status",
        compute="_compute_receivable_overview",
        groups="account.group_account_readonly,account.group_account_invoice,sales_team.group_sale_salesman",
    )

    opens_not_tracked = fields.Boolean(
        "Do Not Note Openings",
        help="Nothing is kept about whether and when this customer opens invoices: "
        "no picture in mails, no visits.",
    )
    receivable_last_event = fields.Char(
        "Last Event",
        compute="_compute_receivable_last_event",
        groups="account.group_account_readonly,account.group_account_invoice,sales_team.group_sale_salesman",
    )

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "opens_not_tracked"]

    @api.depends_context("company", "lang", "tz")
    def _compute_receivable_last_event(self):
        """What happened last to an invoice of the customer; one query for any number."""
        latest = self.env["invoice.tracking.event"]._get_latest(
            "partner_id", self.commercial_partner_id.ids, self.env.company
        )
        for partner in self:
            event = latest.get(partner.commercial_partner_id.id)
            partner.receivable_last_event = f"{event['number']}: {event['text']}" if event else False

    @api.depends("is_company")
    def _compute_customer_kind(self):
        for partner in self:
            if not partner.customer_kind:
                partner.customer_kind = "corporate" if partner.is_company else "retail"

    @api.depends_context("company")
    def _compute_receivable_overview(self):
        """Sums of the whole commercial entity in the current company; two queries for any number."""
        company = self.env.company
        today = company._receivables_today()
        # sudo: salespeople see what their customers owe without rights on the ledger.
        items = self.env["account.move.line"].sudo()
        commercial = self.commercial_partner_id
        domain = Domain(
            [
                ("company_id", "=", company.id),
                ("parent_state", "=", "posted"),
                ("account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
                ("partner_id", "child_of", commercial.ids),
            ]
        )
        opened, overdue, statuses = {}, {}, {}
        for partner, day, residual in items._read_group(
            domain, ["partner_id", "date_maturity:day"], ["amount_residual:sum"]
        ):
            entity = partner.commercial_partner_id.id
            opened[entity] = opened.get(entity, 0.0) + residual
            if day and fields.Date.to_date(day) < today and residual > 0:
                overdue[entity] = overdue.get(entity, 0.0) + residual
        for partner, status in (
            self.env["account.move"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", company.id),
                    ("tracking_status", "!=", False),
                    ("commercial_partner_id", "in", commercial.ids),
                ],
                ["commercial_partner_id", "tracking_status"],
            )
        ):
            statuses.setdefault(partner.id, set()).add(status)
        for partner in self:
            entity = partner.commercial_partner_id.id
            partner.receivable_open = opened.get(entity, 0.0)
            partner.receivable_overdue = overdue.get(entity, 0.0)
            seen = statuses.get(entity, ())
            partner.receivable_status = next((status for status in WORST_FIRST if status in seen), False)

    def action_open_receivables(self):
        """The customer's invoices that are not yet paid."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_invoices")
        action["domain"] = [
            ("move_type", "=", "out_invoice"),
            ("commercial_partner_id", "=", self.commercial_partner_id.id),
        ]
        action["context"] = {"search_default_open": 1}
        return action
