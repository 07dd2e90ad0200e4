import logging
from collections import defaultdict

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core import invoicing

_logger = logging.getLogger(__name__)
#: orders looked at between two commits of the job
BATCH = 50
#: orders whose invoices are made in one go
MAKE_BATCH = 100


class SaleOrder(models.Model):
    """From the confirmed order to its invoices, by the company's rules."""

    _inherit = "sale.order"

    invoicing_rule_id = fields.Many2one(
        "invoicing.rule", copy=False, readonly=True, help="The rule that makes this order's invoices."
    )
    invoicing_state = fields.Selection(
        [
            ("waiting", "Waits for delivery or money"),
            ("review", "Waits for a look"),
            ("done", "Invoiced by rule"),
        ],
        "Automatic Invoicing",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="Empty: no rule fits, invoices are made by hand.",
    )
    invoicing_approved_by_id = fields.Many2one(
        "res.users",
        "Let Through By",
        copy=False,
        readonly=True,
        help="Who looked at the order and let it through.",
    )
    contract_reference = fields.Char(
        "Contract",
        compute="_compute_contract_reference",
        store=True,
        readonly=False,
        help="Number and date of the contract, as the documents name it.",
    )

    @api.depends("partner_id")
    def _compute_contract_reference(self):
        for order in self:
            commercial = order.partner_id.commercial_partner_id.with_company(order.company_id)
            order.contract_reference = order.contract_reference or commercial.contract_reference

    def _get_document_contract(self):
        """The contract that documents of the order name, "" without one."""
        self.ensure_one()
        return self.contract_reference or ""

    # -- when ------------------------------------------------------------------------
    def action_confirm(self):
        """Override of sale to do with the confirmed orders what the company's rules say."""
        # Before anything is reserved for them.
        self._note_prepaid()
        result = super().action_confirm()
        confirmed = self.filtered(lambda order: order.state == "sale")
        # Prepaid by its terms: money can come for it whether a rule sends the счёт or a person does.
        confirmed.filtered("is_prepaid")._prepare_bill()
        confirmed._apply_invoicing_rules()
        return result

    def action_apply_invoicing_rule(self):
        """Try again what waits for a look, at the press of a button."""
        self.check_access("write")
        orders = self.filtered(lambda order: order.invoicing_state in ("review", "waiting", False))
        orders._check_invoicing_possible()
        orders._lock_for_invoicing()._apply_invoicing_rules()
        return True

    def action_approve_invoicing(self):
        """Go on with orders that only a person lets through: ceiling, rule that asks, credit note."""
        self.check_access("write")
        if not self._may_approve_invoicing():
            raise AccessError(
                self.env._("Only a sales manager or an accountant may let such an order through.")
            )
        self._check_invoicing_possible()
        self._lock_for_invoicing().invoicing_approved_by_id = self.env.user
        self._apply_invoicing_rules(approved=True)
        return True

    @api.model
    def _may_approve_invoicing(self):
        return any(
            self.env.user.has_group(group)
            for group in (
                "sales_team.group_sale_manager",
                "account.group_account_invoice",
                "invoice_to_cash.group_manager",
            )
        )

    def _check_invoicing_possible(self):
        wrong = self.filtered(lambda order: order.state != "sale")
        if wrong:
            raise UserError(
                self.env._(
                    "Only confirmed orders are invoiced: %s is not confirmed or was cancelled.",
                    ", ".join(wrong.mapped("display_name")),
                )
            )

    def _lock_for_invoicing(self):
        """These orders, held by this transaction: two of them never invoice the same order."""
        locked = self.try_lock_for_update()
        if len(locked) < len(self):
            raise UserError(
                self.env._(
                    "Somebody is working on %s right now. Try again in a moment.",
                    ", ".join((self - locked).mapped("display_name")),
                )
            )
        self.invalidate_recordset()
        return self

    @api.model
    def _cron_continue_invoicing(self):
        """Go on with orders whose delivery or money came, or whose missing facts were filled in."""
        cron = self.env["ir.cron"]
        for company in self.env["res.company"].search([]):
            orders = company._for_job(self).with_context(allowed_company_ids=company.ids)
            last = 0
            while batch := orders.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "sale"),
                    ("invoicing_state", "in", ("review", "waiting")),
                    ("id", ">", last),
                    # Most of what waits has delivered nothing yet and is passed over here.
                    *("|", "|", ("invoicing_state", "=", "review"), ("is_prepaid", "=", True)),
                    ("invoice_status", "!=", "no"),
                ],
                order="id",
                limit=BATCH,
            ):
                last = batch.ids[-1]
                # What somebody else holds right now is in good hands, or comes next time.
                batch.try_lock_for_update()._apply_invoicing_rules()
                if not cron._commit_progress(len(batch)):
                    return

    def _trigger_invoicing(self):
        """Have the job look at those that wait: not in the transaction of a delivery or payment."""
        if self.filtered(lambda order: order.invoicing_state in ("review", "waiting")):
            # sudo: whoever delivers, pays or fills in a card, the job works for the company.
            self.env.ref("invoice_to_cash.cron_continue_invoicing").sudo()._trigger()

    # -- what ------------------------------------------------------------------------
    def _apply_invoicing_rules(self, approved=False):
        """Make, post and queue for sending what the rules allow; the rest waits, with its reasons.

        One failing order never stops the others.

        :param approved: a person has looked at these orders and lets them through
        """
        todo = defaultdict(self.browse)
        for order, rule, above_ceiling in self._get_rules_to_apply():
            if not rule:
                if order.invoicing_state:
                    order._leave_to_people()
                continue
            action = order._get_next_invoicing_action(rule)
            if action == invoicing.NOTHING:
                order._store_invoicing({"invoicing_rule_id": rule.id, "invoicing_state": "done"})
                continue
            findings = order._get_findings(rule, above_ceiling, approved)
            if any(not finding["warning"] for finding in findings):
                order._wait_for_review(rule, findings)
            elif action == invoicing.WAIT:
                order._store_invoicing(
                    {"invoicing_rule_id": rule.id, "invoicing_state": "waiting"}, findings=findings
                )
            else:
                order._store_findings(findings)
                todo[rule, action] |= order
        for (rule, action), orders in todo.items():
            for start in range(0, len(orders), MAKE_BATCH):
                orders[start : start + MAKE_BATCH]._carry_out_safely(rule, action)

    def _get_rules_to_apply(self):
        """What is to be done: [(order, rule or an empty one, whether it is above the rule's ceiling)].

        An order that waits for its delivery keeps the rule that it was confirmed under.
        """
        mine = self.filtered(
            # An invoice made by hand is a decision of a person: no rule adds another.
            lambda order: (
                order.state == "sale"
                and order.invoicing_state != "done"
                and (order.invoicing_state or not order.invoice_ids)
            )
        )
        kept = mine.filtered(lambda order: order.invoicing_state == "waiting" and order.invoicing_rule_id)
        Rule = self.env["invoicing.rule"].sudo()
        result = [(order, order.sudo().invoicing_rule_id, False) for order in kept]
        if mine - kept:
            choices = Rule._choose_for_orders(mine - kept)
            result += [
                (order, Rule.browse(choice.rule_id or ()), choice.above_ceiling)
                for order, choice in choices.items()
            ]
        return result

    def _get_next_invoicing_action(self, rule) -> str:
        self.ensure_one()
        moment = "prepayment" if self.is_prepaid else rule.moment
        invoiceable = self._get_lines_to_invoice(moment)
        if not invoiceable and self._is_invoicing_over():
            return invoicing.NOTHING
        progress = invoicing.Progress(
            has_goods=self._get_contents() != "services",
            has_deliverable=bool(invoiceable),
            has_down_payment=any(line.is_downpayment for line in self.order_line),
            bill_sent=bool(self.bill_state),
            is_paid=moment == "prepayment" and self._is_paid_in_advance(),
        )
        action = invoicing.next_action(moment, progress)
        if action == invoicing.MAKE and not invoiceable:
            return invoicing.WAIT
        return action

    def _leave_to_people(self):
        self._store_invoicing({"invoicing_rule_id": False, "invoicing_state": False})

    def _carry_out_safely(self, rule, action):
        """Carry out one action on orders of one rule; where the batch fails, one by one."""
        try:
            with self.env.cr.savepoint():
                self._carry_out(rule, action)
        except OperationalError:
            raise  # a lost race or connection is Odoo's to retry, not a reason to wait for a person
        except Exception as error:
            self.env.invalidate_all(flush=False)
            if len(self) > 1:
                for order in self:
                    order._carry_out_safely(rule, action)
                return
            if isinstance(error, UserError):
                text = str(error)
            else:
                _logger.warning("Invoice of order %s could not be made", self.name, exc_info=True)
                text = self.env._("The invoice could not be made; the server's log tells why.")
            self._wait_for_review(rule, [self._make_finding("error", self, text)])

    def _carry_out(self, rule, action):
        if action == invoicing.BILL:
            self._issue_bill(rule)
            return
        if action == invoicing.DOWN_PAYMENT:
            self._make_down_payment(rule)
        else:
            self._make_invoices(rule)
        over = self.filtered(lambda order: order._is_invoicing_over())
        for state, orders in (("done", over), ("waiting", self - over)):
            orders._store_invoicing({"invoicing_rule_id": rule.id, "invoicing_state": state})
