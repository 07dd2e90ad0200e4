from odoo import api, fields, models
from odoo.tools import SQL

from ...core import references

CODE_SEQUENCE = "invoice_to_cash_payment_code_seq"


class AccountMove(models.Model):
    _inherit = "account.move"

    payment_code = fields.Char(
        copy=False,
        readonly=True,
        help="The short code that the customer quotes when paying. It can be typed on a Latin and on a "
        "Cyrillic keyboard, and its last character catches typing errors.",
    )

    _payment_code_unique = models.UniqueIndex(
        "(company_id, payment_code) WHERE payment_code IS NOT NULL",
        "Another invoice has this payment code already.",
    )

    def init(self):
        super().init()
        self.env.cr.execute(SQL("CREATE SEQUENCE IF NOT EXISTS %s MINVALUE 0", SQL.identifier(CODE_SEQUENCE)))

    def _post(self, soft=True):
        """Override of account to give each customer invoice its payment code before its reference is made."""
        self.filtered(
            lambda move: move.move_type == "out_invoice" and not move.payment_code
        )._assign_payment_code()
        return super()._post(soft=soft)

    def _assign_payment_code(self):
        """Give each of the invoices the next free code; two queries for all."""
        if not self:
            return
        # Written by SQL: a write per invoice would synchronize the whole entry each time.
        self.flush_recordset(["payment_code", "company_id"])
        numbers = self.env.execute_query(
            SQL("SELECT nextval(%s) FROM generate_series(1, %s)", CODE_SEQUENCE, len(self))
        )
        codes = SQL(", ").join(
            SQL("(%s, %s)", move.id, references.make(number))
            for move, (number,) in zip(self, numbers, strict=True)
        )
        self.env.cr.execute(
            SQL(
                "UPDATE account_move SET payment_code = code.code FROM (VALUES %s) AS code (id, code) "
                "WHERE account_move.id = code.id",
                codes,
            )
        )
        self.invalidate_recordset(["payment_code"], flush=False)

    def _get_invoice_reference_i2c_invoice(self):
        """The reference model "payment code" of a sales journal, by invoice."""
        self.ensure_one()
        return self.payment_code or self._get_invoice_reference_odoo_invoice()

    def _get_invoice_reference_i2c_partner(self):
        """The same where references are by customer: the code names the invoice, which says more."""
        return self._get_invoice_reference_i2c_invoice()

    @api.model
    def _find_by_payment_code(self, codes, company):
        """The invoices with these codes in a company."""
        return self.search([("company_id", "=", company.id), ("payment_code", "in", list(codes))])

    def _get_invoice_next_payment_values(self, custom_amount=None):
        """Override of account to show our code as the reference of the next payment in the portal."""
        values = super()._get_invoice_next_payment_values(custom_amount=custom_amount)
        if values and self.payment_code:
            values["next_payment_reference"] = self.payment_code
        return values
