import logging
from decimal import Decimal

from psycopg2 import OperationalError

from odoo import fields, models
from odoo.exceptions import UserError

from ...core import invoicing

_logger = logging.getLogger(__name__)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    invoicing_rule_id = fields.Many2one(
        "invoicing.rule", copy=False, readonly=True, help="The rule that made this order's invoice."
    )
    invoicing_review = fields.Text(
        "Waits for a Look Because",
        copy=False,
        readonly=True,
        help="Why no invoice was made by itself. Mend it, then press “Make the invoice”.",
    )

    def action_confirm(self):
        """Override of sale to make the invoices of the confirmed orders by the company's rules."""
        result = super().action_confirm()
        self.filtered(lambda order: order.state == "sale")._apply_invoicing_rules()
        return result

    def action_apply_invoicing_rule(self):
        """Try again what waited for a look."""
        self._apply_invoicing_rules()
        return True

    def _apply_invoicing_rules(self):
        """Make, post and queue for sending what the rules allow; the rest waits for a look, with its reasons.

        One failing order never stops the others: each has its own savepoint.
        """
        rules = self.env["invoicing.rule"]._get_for_orders(self)
        for order in self:
            rule = rules[order]
            if not rule or order.invoice_ids:
                # An invoice that was reversed is a decision of a person: it is not made again.
                order.invoicing_review = False
                continue
            reasons = order._get_missing_texts(rule.depth == "send")
            if reasons:
                order._wait_for_review(rule, "\n".join(reasons))
                continue
            try:
                with self.env.cr.savepoint():
                    order._make_invoice(rule)
            except OperationalError:
                raise  # a lost race or connection is Odoo's to retry, not a reason to wait for a person
            except UserError as error:
                order._wait_for_review(rule, str(error))
            except Exception:
                _logger.warning("Invoice of order %s could not be made", order.name, exc_info=True)
                order._wait_for_review(
                    rule, self.env._("The invoice could not be made; the server's log tells why.")
                )

    def _make_invoice(self, rule):
        self.ensure_one()
        # Two confirmations of one order make one invoice: the second waits here, then sees the first's.
        self.lock_for_update()
        self.invalidate_recordset(["invoice_ids"])
        if self.invoice_ids or not any(
            line.qty_to_invoice for line in self.order_line if not line.display_type
        ):
            return self.env["account.move"]
        # The company's day, not the server's: an invoice made at night must not be born a day late.
        order = self.with_context(tz=self.company_id.receivables_tz)
        # sudo: the rule was set up by a manager; the salesperson who confirms may not invoice by hand.
        moves = order.sudo()._create_invoices(final=True)
        if rule.payment_term_id:
            moves.invoice_payment_term_id = rule.payment_term_id
        if rule.depth != "draft":
            moves.action_post()
        if rule.depth == "send":
            moves.sending_data = {
                "author_user_id": self.env.user.id,
                "author_partner_id": self.env.user.partner_id.id,
            }
            self.env.ref("account.ir_cron_account_move_send").sudo()._trigger()
        self.write({"invoicing_rule_id": rule.id, "invoicing_review": False})
        return moves

    def _wait_for_review(self, rule, reasons):
        self.ensure_one()
        self.write({"invoicing_rule_id": rule.id, "invoicing_review": reasons})
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("The invoice waits for a look"),
            note=reasons,
            user_id=(rule.user_id or self.user_id or self.env.user).id,
        )

    def _get_missing_texts(self, sends) -> list[str]:
        self.ensure_one()
        customer = self.partner_invoice_id
        texts = {
            "email": self.env._("%s has no e-mail address.", customer.display_name),
            "tax_id": self.env._("%s has no BIN/IIN.", customer.commercial_partner_id.display_name),
            "address": self.env._("%s has no street and city.", customer.display_name),
            "bank_account": self.env._("%s has no bank account to be paid on.", self.company_id.name),
        }
        return [texts[code] for code in invoicing.missing(self._get_invoicing_facts(), sends)]

    def _get_invoicing_facts(self) -> invoicing.OrderFacts:
        self.ensure_one()
        customer = self.partner_invoice_id
        company = self.company_id
        return invoicing.OrderFacts(
            customer_kind=customer.commercial_partner_id.customer_kind or "corporate",
            tag_ids=frozenset((customer.category_id | customer.commercial_partner_id.category_id).ids),
            team_id=self.team_id.id or 0,
            amount=Decimal(
                str(
                    self.currency_id._convert(
                        self.amount_total,
                        company.currency_id,
                        company,
                        self.date_order or fields.Date.today(),
                    )
                )
            ),
            has_email=bool(customer.email or customer.commercial_partner_id.email),
            has_tax_id=bool(customer.commercial_partner_id.vat),
            has_address=bool(customer.street and customer.city)
            or bool(customer.commercial_partner_id.street and customer.commercial_partner_id.city),
            seller_has_bank_account=bool(company.partner_id.bank_ids),
        )
