"""The facts of a delivery hold, fetched for many orders at once, and the decision in words."""

from decimal import Decimal

from odoo import models
from odoo.tools import SQL, format_amount

from ...core import fulfilment


class ResCompany(models.Model):
    _inherit = "res.company"

    def _decide_holds(self, orders, rules=None, limits=None) -> dict:
        """Why the deliveries of these orders of the company wait: {order: tuple of `core.fulfilment.Hold`}.

        :param rules: `core.fulfilment.HoldRules` to try instead of the company's own
        :param limits: a credit limit for every customer who has none, to try
        """
        self.ensure_one()
        # sudo: a warehouse clerk sees why a delivery waits, without rights on orders and ledger.
        orders = orders.sudo().with_company(self)
        rules = rules or self._get_hold_rules()
        customers = orders.partner_invoice_id.commercial_partner_id
        profiles = self._get_delivery_flags(customers)
        by_ledger = rules.over_limit or rules.overdue_days
        if not (profiles or by_ledger) and not (
            rules.prepaid and any(order._may_wait_for_money() for order in orders)
        ):
            return dict.fromkeys(orders, ())
        balances = self._get_customer_balances(customers) if by_ledger else {}
        known = {}
        for customer in customers:
            balance, overdue_days = balances.get(customer.id, (Decimal(0), 0))
            limit = customer.credit_limit if rules.over_limit else 0
            limit = limit or limits or 0
            held_by, why = profiles.get(customer.id, ("", ""))
            known[customer.id] = fulfilment.Customer(
                customer.id,
                balance=balance,
                limit=Decimal(str(limit)) if limit > 0 else None,
                overdue_days=overdue_days,
                held_by=held_by,
                held_why=why,
            )
        # Against a limit the other orders of the customer count as well.
        counted = orders | (self._get_unbilled_orders(customers) if rules.over_limit else orders)
        holds = fulfilment.decide(rules, known, counted._get_hold_facts(rules))
        return {order: holds[order.id] for order in orders}

    def _get_delivery_flags(self, customers) -> dict:
        """{customer: (who put the flag, why)} of those whose deliveries a person or the reminders stopped."""
        profiles = (
            self.env["payer.profile"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("company_id", "=", self.id),
                    ("partner_id", "in", customers.ids),
                    ("delivery_hold", "=", True),
                ]
            )
        )
        return {
            profile.partner_id.id: (profile.delivery_hold_by or "person", profile.delivery_hold_reason or "")
            for profile in profiles
        }

    def _get_unbilled_orders(self, customers):
        return (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.id),
                    ("state", "=", "sale"),
                    ("invoice_status", "!=", "invoiced"),
                    ("partner_invoice_id.commercial_partner_id", "in", customers.ids),
                ]
            )
        )

    def _get_customer_balances(self, customers) -> dict:
        """{customer: (balance in the company's currency, days of the oldest overdue debt)}; one query."""
        if not customers:
            return {}
        self.env["account.move.line"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        today = self._receivables_today()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.commercial_partner_id,
                       SUM(line.amount_residual)::text,
                       MIN(COALESCE(line.date_maturity, line.date)) FILTER (
                           WHERE line.amount_residual > 0
                             AND COALESCE(line.date_maturity, line.date) < %(today)s
                       )
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                 WHERE line.company_id = %(company)s
                   AND line.parent_state = 'posted'
                   AND account.account_type = 'asset_receivable'
                   AND line.reconciled IS NOT TRUE
                   AND partner.commercial_partner_id IN %(customers)s
                 GROUP BY partner.commercial_partner_id
                """,
                today=today,
                company=self.id,
                customers=tuple(customers.ids),
            )
        )
        return {
            customer: (Decimal(balance), (today - oldest).days if oldest else 0)
            for customer, balance, oldest in rows
        }


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _may_wait_for_money(self):
        """Whether the order is to be paid before its delivery, in whole or with a down payment."""
        self.ensure_one()
        return self.is_prepaid or (
            self.invoicing_rule_id.moment == "down_payment"
            and any(line.is_downpayment for line in self.order_line)
        )

    def _get_hold_facts(self, rules) -> list[fulfilment.Order]:
        with_money = self.filtered(lambda order: order._may_wait_for_money())
        paid = with_money._get_paid_amounts()
        facts = []
        for order in self:
            to_prepay = Decimal(0)
            prepaid = order._get_company_amount(paid.get(order.id, 0.0))
            if order.is_prepaid:
                to_prepay = order._get_company_amount(order.amount_total) - prepaid
            elif order in with_money:
                invoices = order.order_line.filtered("is_downpayment").invoice_lines.move_id
                open_ones = invoices.filtered(
                    lambda move: (
                        move.state == "draft" or (move.state == "posted" and move.amount_residual > 0)
                    )
                )
                to_prepay = sum(
                    (
                        order._get_company_amount(
                            move.amount_residual if move.state == "posted" else move.amount_total
                        )
                        for move in open_ones.filtered(lambda move: move.move_type == "out_invoice")
                    ),
                    Decimal(0),
                )
            facts.append(
                fulfilment.Order(
                    order.id,
                    order.partner_invoice_id.commercial_partner_id.id,
                    order.date_order or order.create_date,
                    # What the ledger has is in the balance.
                    unbilled=order._get_company_amount(max(order.amount_total - order.amount_invoiced, 0.0))
                    if rules.over_limit
                    else Decimal(0),
                    is_prepaid=order.is_prepaid,
                    to_prepay=max(to_prepay, Decimal(0)),
                    prepaid=max(prepaid, Decimal(0)),
                )
            )
        return facts

    def _describe_hold(self, hold) -> str:
        """One reason in words, with its amount in the company's currency."""
        self.ensure_one()
        money = format_amount(self.env, float(hold.amount), self.company_id.currency_id)
        if hold.reason == "prepayment":
            return self.env._("Waits for prepayment: %s to go", money)
        if hold.reason == "down_payment":
            return self.env._("Waits for the down payment: %s to go", money)
        if hold.reason == "customer":
            return self.env._("The customer is on hold: %s", hold.why or self.env._("no reason given"))
        if hold.reason == "overdue":
            return self.env._("The customer's debt is overdue by %s days", hold.days)
        return self.env._("Above the customer's credit limit by %s", money)
