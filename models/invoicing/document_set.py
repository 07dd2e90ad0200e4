"""All documents of an invoice, or of the invoices of an order, in one file to print."""

from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_forms_of_set(self) -> list[str]:
        """The documents of this invoice that can be given out today, in the order of the folder.

        Act, waybill and счёт-фактура once they have a number, or when all goods have left: a document of
        what was not handed over is not printed along.

        :raises UserError: a draft, or anything but a customer invoice
        """
        self.ensure_one()
        if self.move_type != "out_invoice" or self.state != "posted":
            raise UserError(
                self.env._("%s is no posted customer invoice: it has no documents.", self.display_name)
            )
        first = "retail" if self.commercial_partner_id.customer_kind == "retail" else "bill"
        # sudo: whether the goods have left decides; a salesperson may print what he may read.
        is_delivered = self.sudo()._is_delivered()
        return [
            first,
            *(form for form in self._get_closing_forms() if is_delivered or self[f"{form}_number"]),
        ]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_print_documents(self):
        """Print the documents of all posted invoices of these orders."""
        self.check_access("read")
        # sudo: the invoices of an order that the user may read; printed are its own documents.
        invoices = self.sudo().invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )
        if not invoices:
            raise UserError(self.env._("No invoice of %s is posted yet.", ", ".join(self.mapped("name"))))
        return self.env.ref("invoice_to_cash.report_set").report_action(
            invoices.sudo(False).sorted("id"), config=False
        )
