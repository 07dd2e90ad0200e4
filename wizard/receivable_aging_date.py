from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..reports.receivable_aging import BUCKETS


class ReceivableAgingDate(models.TransientModel):
    """Chooses the day of the aging: on the screen, or on paper by customer."""

    _name = "receivable.aging.date"
    _description = "Aging as of a Date"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    date = fields.Date("As of", required=True, default=lambda self: self.env.company._receivables_today())
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", help="Empty: all customers.", domain="[('parent_id', '=', False)]"
    )

    def _check_date(self):
        if self.date > self.company_id._receivables_today():
            raise UserError(
                self.env._("What will be open on a day to come is not known yet. Choose a day until today.")
            )

    def _get_domain(self):
        domain = [("company_id", "=", self.company_id.id)]
        if self.partner_ids:
            domain.append(("partner_id", "in", self.partner_ids.commercial_partner_id.ids))
        return domain

    def action_show(self):
        self.ensure_one()
        self._check_date()
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_receivable_aging")
        return {
            **action,
            "name": self.env._("Aging as of %s", format_date(self.env, self.date)),
            "display_name": self.env._("Aging as of %s", format_date(self.env, self.date)),
            "domain": self._get_domain(),
            "context": {"receivable_as_of": fields.Date.to_string(self.date)},
            "target": "main",
        }

    def action_print(self):
        self.ensure_one()
        self._check_date()
        return self.env.ref("invoice_to_cash.report_receivable_aging").report_action(self)

    def _get_table(self) -> dict:
        """The printed table: a row per customer, the largest debt first, and the totals.

        :return: {"buckets": [label], "rows": [(name, [amount per bucket], total)], "totals": [...], "total"}
        """
        self.ensure_one()
        aging = self.env["receivable.aging"].with_context(receivable_as_of=fields.Date.to_string(self.date))
        labels = dict(aging._fields["bucket"]._description_selection(self.env))
        keys = [key for key, _label in BUCKETS]
        amounts = {}
        for partner, bucket, residual in aging._read_group(
            self._get_domain(), ["partner_id", "bucket"], ["residual:sum"]
        ):
            amounts.setdefault(partner, dict.fromkeys(keys, 0.0))[bucket] += residual
        rows = [
            (partner.display_name or self.env._("No customer"), list(row.values()), sum(row.values()))
            for partner, row in amounts.items()
        ]
        rows.sort(key=lambda row: (-row[2], row[0]))
        totals = [sum(row[1][index] for row in rows) for index in range(len(keys))]
        return {
            "buckets": [labels[key] for key in keys],
            "rows": rows,
            "totals": totals,
            "total": sum(totals),
        }
