"""Money for an order before its invoice: an advance of the customer, taken over by the invoice."""

from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL, float_compare

from ...core.positions import PrepaidOrder


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    advance_order_id = fields.Many2one(
        "sale.order",
        "Advance for Order",
        copy=False,
        index="btree_not_null",
        help="The customer paid this order before its invoice; the invoice takes the money over.",
    )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    prepaid_amount = fields.Monetary(
        "Paid in Advance",
        compute="_compute_prepaid_amount",
        compute_sudo=True,
        help="Money that came for the order, on its invoices and before them.",
    )

    def _compute_prepaid_amount(self):
        paid = self._get_paid_amounts()
        for order in self:
            order.prepaid_amount = paid.get(order._origin.id, 0.0)

    def _get_paid_amounts(self) -> dict[int, float]:
        """What was paid for each of these orders, in the order's currency; four queries for any number.

        Settled parts of posted invoices less credit notes, advances that no invoice has taken over, and
        online payments that are not yet reconciled. Money is counted once.
        """
        orders = self._origin.filtered("id").sudo()  # sudo: amounts only, for who may read the order
        if not orders:
            return {}
        today = fields.Date.today()
        paid = dict.fromkeys(orders.ids, 0.0)

        def add(order, amount, currency, day):
            if currency != order.currency_id:
                amount = currency._convert(amount, order.currency_id, order.company_id, day or today)
            paid[order.id] += amount

        for order in orders:
            for move in order.invoice_ids:
                if move.state != "posted":
                    continue
                # An invoice of several orders counts for each by its share of the lines.
                share = order._get_share_of(move)
                settled = move.amount_total - move.amount_residual
                sign = -1 if move.move_type == "out_refund" else 1
                add(order, sign * settled * share, move.currency_id, move.invoice_date)
            for transaction in order.transaction_ids:
                if transaction.state == "done" and not transaction.payment_id.is_reconciled:
                    add(order, transaction.amount, transaction.currency_id, today)
        advances = self.env["account.move.line"].sudo()
        for order, currency, residual in advances._read_group(
            [
                ("advance_order_id", "in", orders.ids),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("account_type", "=", "asset_receivable"),
            ],
            ["advance_order_id", "currency_id"],
            ["amount_residual_currency:sum"],
        ):
            add(order, -residual, currency, today)
        return paid

    def _get_share_of(self, move) -> float:
        """The part of an invoice that bills this order: 1 where it bills no other."""
        others = move.invoice_line_ids.sale_line_ids.order_id
        if len(others) < 2 or not move.amount_total:
            return 1.0
        own = move.invoice_line_ids.filtered(lambda line: self in line.sale_line_ids.order_id)
        return sum(own.mapped("price_total")) / move.amount_total

    def _get_rest_to_prepay(self) -> float:
        self.ensure_one()
        return self.currency_id.round(self.amount_total - self._get_paid_amounts().get(self.id, 0.0))

    def _is_paid_in_advance(self):
        self.ensure_one()
        rest = self._get_rest_to_prepay()
        return float_compare(rest, 0, precision_rounding=self.currency_id.rounding) <= 0


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_prepaid_orders(self, partners=None) -> list[PrepaidOrder]:
        """The prepaid orders whose счёт can still be paid: confirmed, not invoiced, not paid in full.

        Open items of the matching beside the receivable positions; oldest first.

        :param partners: commercial partners to look at; all when None.
        """
        self.ensure_one()
        domain = [
            ("company_id", "=", self.id),
            ("state", "=", "sale"),
            ("is_prepaid", "=", True),
            ("payment_code", "!=", False),
            ("invoice_ids", "=", False),
        ]
        if partners is not None:
            domain.append(("partner_invoice_id.commercial_partner_id", "in", partners.ids))
        orders = self.env["sale.order"].search(domain, order="date_order, id")
        paid = orders._get_paid_amounts()
        result = []
        for order in orders:
            digits = order.currency_id.decimal_places
            amount = Decimal(f"{order.amount_total:.{digits}f}")
            residual = amount - Decimal(f"{paid[order.id]:.{digits}f}")
            if residual <= 0:
                continue
            result.append(
                PrepaidOrder(
                    order_id=order.id,
                    partner_id=order.partner_invoice_id.commercial_partner_id.id,
                    name=order.name,
                    payment_code=order.payment_code,
                    order_date=fields.Datetime.context_timestamp(
                        order.with_context(tz=self.receivables_tz), order.date_order
                    ).date(),
                    valid_until=order.proforma_valid_until or None,
                    currency=order.currency_id.name,
                    amount=amount,
                    residual=residual,
                )
            )
        return result


class AccountMove(models.Model):
    _inherit = "account.move"

    def _assign_payment_code(self):
        """Override of invoicing: the first invoice of a prepaid order takes the code of its счёт."""
        by_code = {}
        for move in self:
            orders = move._get_prepaid_orders()
            # A down payment and an invoice of several orders have codes of their own.
            if len(orders) == 1 and orders.payment_code:
                by_code.setdefault((move.company_id.id, orders.payment_code), move)
        taken = self.env["account.move"]
        if by_code:
            used = {
                (company.id, code)
                for company, code in self.env["account.move"]
                .sudo()
                ._read_group(
                    [("payment_code", "in", [code for _company, code in by_code])],
                    ["company_id", "payment_code"],
                )
            }
            free = {move: key[1] for key, move in by_code.items() if key not in used}
            for move, code in free.items():
                # By SQL as the other codes: a write would synchronize the whole entry.
                self.env.cr.execute(
                    SQL("UPDATE account_move SET payment_code = %s WHERE id = %s", code, move.id)
                )
                taken |= move
            taken.invalidate_recordset(["payment_code"], flush=False)
        return super(AccountMove, self - taken)._assign_payment_code()

    def _get_prepaid_orders(self):
        self.ensure_one()
        lines = self.invoice_line_ids.sale_line_ids
        goods = lines.filtered(lambda line: not line.is_downpayment)
        return goods.order_id.filtered("is_prepaid")

    def _post(self, soft=True):
        """Override of account: a posted invoice takes over the advances of its orders."""
        posted = super()._post(soft=soft)
        posted._take_over_advances()
        # sudo: only whether its job is to start is asked.
        posted.sudo().line_ids.advance_order_id._trigger_invoicing()
        return posted

    def _take_over_advances(self):
        """Reconcile posted invoices with the advances of their orders; one plan for all."""
        invoices = self.filtered(lambda move: move.move_type == "out_invoice" and move.state == "posted")
        orders = invoices.invoice_line_ids.sale_line_ids.order_id
        # sudo: whoever may post the invoice need not read bank entries.
        Line = self.env["account.move.line"].sudo()
        if not orders:
            return
        advances = Line.search(
            [
                ("advance_order_id", "in", orders.ids),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("account_type", "=", "asset_receivable"),
            ]
        )
        plan = []
        for order, lines in advances.grouped("advance_order_id").items():
            debts = (
                invoices.filtered(
                    lambda move, order=order: order in move.invoice_line_ids.sale_line_ids.order_id
                )
                .sudo()
                .line_ids.filtered(
                    lambda line: line.account_type == "asset_receivable" and not line.reconciled
                )
            )
            for account, of_account in lines.grouped("account_id").items():
                of_invoice = debts.filtered(lambda line, account=account: line.account_id == account)
                if of_invoice:
                    plan.append(of_invoice | of_account)
        if plan:
            Line._reconcile_plan(plan)
