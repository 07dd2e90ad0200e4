"""Prepaid orders: the счёт на оплату is a document of the order, with a code of its own and a last day."""

import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...core import references
from .account_move import CODE_SEQUENCE

_logger = logging.getLogger(__name__)
BATCH = 50


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    is_prepayment = fields.Boolean(
        "Prepayment",
        help="Orders with these terms are paid before the delivery: the customer gets a счёт на оплату, the "
        "goods wait for the money, the invoice is made on delivery.",
    )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    is_prepaid = fields.Boolean(
        "Prepaid",
        compute="_compute_is_prepaid",
        store=True,
        readonly=False,
        precompute=True,
        help="Paid before the delivery, by a счёт на оплату. Follows the payment terms.",
    )
    payment_code = fields.Char(
        copy=False,
        readonly=True,
        help="The code that the customer quotes when paying the счёт на оплату. The invoice takes it over.",
    )
    proforma_valid_until = fields.Date(
        "Счёт Valid Until", copy=False, help="The last day on which the счёт на оплату can be paid."
    )
    bill_state = fields.Selection(
        [("queued", "To be sent"), ("sent", "Sent"), ("made", "Made, not sent"), ("failed", "Not sent")],
        "Счёт на оплату",
        copy=False,
        readonly=True,
        index="btree_not_null",
    )
    bill_sent_at = fields.Datetime("Счёт Sent", copy=False, readonly=True)
    bill_reminded_at = fields.Datetime("Reminded of the Счёт", copy=False, readonly=True)

    _payment_code_unique = models.UniqueIndex(
        "(company_id, payment_code) WHERE payment_code IS NOT NULL",
        "Another order has this payment code already.",
    )
    _open_prepaid = models.Index("(company_id, partner_id) WHERE is_prepaid AND state = 'sale'")

    @api.depends("payment_term_id")
    def _compute_is_prepaid(self):
        for order in self:
            # A confirmed order stays what it was: its customer has the счёт or the invoice.
            if order.state in ("sale", "cancel"):
                order.is_prepaid = order.is_prepaid
            else:
                order.is_prepaid = order.payment_term_id.is_prepayment

    # -- issue -----------------------------------------------------------------------
    def _note_prepaid(self):
        """Mark those of these quotations as prepaid that a rule will treat so."""
        Rule = self.env["invoicing.rule"].sudo()
        # sudo: rules of the company, not of the user.
        companies = Rule.search(
            [("company_id", "in", self.company_id.ids), ("moment", "=", "prepayment")]
        ).company_id
        orders = self.filtered(lambda order: order.company_id in companies and not order.is_prepaid)
        if not orders:
            return
        choices = Rule._choose_for_orders(orders)
        orders.filtered(
            lambda order: Rule.browse(choices[order].rule_id or ()).moment == "prepayment"
        ).is_prepaid = True

    def _issue_bill(self, rule):
        """Give these orders their code and last day, and queue the счёт as far as the rule goes."""
        self._store_invoicing(
            {"invoicing_rule_id": rule.id, "invoicing_state": "waiting", "is_prepaid": True}
        )
        self._prepare_bill()
        sends = rule.depth == "send"
        # sudo: a confirmed order may be read-only for who confirms it.
        self.sudo().bill_state = "queued" if sends else "made"
        if sends:
            self._trigger_bills()

    def _prepare_bill(self):
        """A payment code and a day until which the счёт is good, where the orders have none."""
        bare = self.filtered(lambda order: not order.payment_code)
        if bare:
            # From the one sequence of all codes: an order and an invoice never share one by chance.
            numbers = self.env.execute_query(
                SQL("SELECT nextval(%s) FROM generate_series(1, %s)", CODE_SEQUENCE, len(bare))
            )
            for order, (number,) in zip(bare, numbers, strict=True):
                order.sudo().payment_code = references.make(number)
        for order in self.filtered(lambda order: not order.proforma_valid_until):
            company = order.company_id
            order.sudo().proforma_valid_until = company._receivables_today() + timedelta(
                days=company.bill_validity_days
            )

    def action_send_bill(self):
        """Send the счёт на оплату of prepaid orders now, or once more."""
        self.check_access("write")
        for order in self:
            if order.state == "cancel" or not order.is_prepaid:
                raise UserError(
                    self.env._("%s is no prepaid order: it has no счёт на оплату.", order.display_name)
                )
            if order.invoice_ids:
                raise UserError(
                    self.env._("%s is invoiced already: send the invoice instead.", order.display_name)
                )
        self._prepare_bill()
        self.sudo().bill_state = "queued"
        self._trigger_bills()
        return True

    def action_print_bill(self):
        """Override of the documents to give a prepaid order its code before the счёт is printed."""
        self.filtered(lambda order: order.is_prepaid and order.state != "cancel")._prepare_bill()
        return super().action_print_bill()

    # -- send ------------------------------------------------------------------------
    def _trigger_bills(self):
        # sudo: a trigger only.
        self.env.ref("invoice_to_cash.cron_send_bills").sudo()._trigger()

    @api.model
    def _cron_send_bills(self):
        """Send the счета that wait, one per transaction, then remind of those that are about to lapse."""
        cron = self.env["ir.cron"]
        for company in self.env["res.company"].search([]):
            orders = company._for_job(self).with_context(allowed_company_ids=company.ids)
            for domain, send in (
                ([("bill_state", "=", "queued"), ("state", "!=", "cancel")], "_send_bill"),
                (orders._get_lapsing_domain(company), "_remind_of_bill"),
            ):
                last = 0
                while batch := orders.search(
                    [("company_id", "=", company.id), ("id", ">", last), *domain], order="id", limit=BATCH
                ):
                    last = batch.ids[-1]
                    for order in batch:
                        # Two workers: the second passes over what the first holds or has sent.
                        locked = order.try_lock_for_update()
                        locked.invalidate_recordset(["bill_state", "bill_reminded_at"])
                        locked.filtered_domain(domain)._send_safely(send)
                        if not cron._commit_progress(1):
                            return

    def _send_safely(self, send):
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                getattr(self, send)()
        except OperationalError:
            raise  # a lost race or connection is Odoo's to retry
        except Exception as error:
            _logger.warning("счёт на оплату of %s could not be sent", self.name, exc_info=True)
            self._note_bill_failure(
                str(error) if isinstance(error, UserError) else self.env._("see the server's log")
            )

    def _note_bill_failure(self, text):
        if self.bill_state == "queued":
            self.bill_state = "failed"
        else:
            self.bill_reminded_at = fields.Datetime.now()
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("The счёт на оплату could not be sent"),
            note=text,
            user_id=(self.user_id or self.env.user).id,
        )

    def _send_bill(self):
        self.ensure_one()
        if self._get_rest_to_prepay() <= 0 or self.invoice_ids:
            self.bill_state = "made"  # paid or invoiced meanwhile: nobody wants a счёт now
            return
        if self._mail_bill("invoice_to_cash.mail_template_order_bill"):
            self.write({"bill_state": "sent", "bill_sent_at": fields.Datetime.now()})

    def _remind_of_bill(self):
        self.ensure_one()
        if self._get_rest_to_prepay() > 0 and self._mail_bill(
            "invoice_to_cash.mail_template_order_bill_reminder"
        ):
            self.message_post(body=self.env._("The customer was reminded of the счёт на оплату."))
        # Once, whatever came of it: an unpaid счёт is no debt.
        self.bill_reminded_at = fields.Datetime.now()

    def _get_lapsing_domain(self, company):
        """Sent, unpaid as far as the order itself tells, and good for one more day at most."""
        today = company._receivables_today()
        return [
            ("state", "=", "sale"),
            ("is_prepaid", "=", True),
            ("bill_state", "=", "sent"),
            ("bill_reminded_at", "=", False),
            ("invoice_ids", "=", False),
            ("proforma_valid_until", ">=", today),
            ("proforma_valid_until", "<=", today + timedelta(days=1)),
        ]

    def _mail_bill(self, template_xmlid) -> bool:
        """Mail the счёт to the customer of the order; whether it could be sent."""
        template = self.env.ref(template_xmlid, raise_if_not_found=False)
        customer = self.partner_invoice_id
        partner = customer if customer.email else customer.commercial_partner_id
        if not template or not partner.email:
            self._note_bill_failure(
                self.env._("%s has no e-mail address.", customer.display_name)
                if template
                else self.env._("the template of the mail was deleted")
            )
            return False
        report = self.env.ref("invoice_to_cash.report_order_bill").with_company(self.company_id)
        content, kind = report._render(report.report_name, self.ids)
        rendered = template.sudo().with_context(lang=partner.lang)
        self.message_post(
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            subject=rendered._render_field("subject", self.ids)[self.id],
            body=rendered._render_field("body_html", self.ids, options={"post_process": True})[self.id],
            email_from=rendered._render_field("email_from", self.ids)[self.id],
            # A person the customer can answer, not the job.
            author_id=(self.user_id or self.env.user).partner_id.id,
            partner_ids=partner.ids,
            attachments=[(f"Счёт на оплату {self.name.replace('/', '-')}.{kind}", content)],
            email_layout_xmlid="invoice_to_cash.mail_layout_letter",
            email_add_signature=False,
            notify_skip_followers=True,
        )
        return True
