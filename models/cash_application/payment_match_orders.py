"""Money for a prepaid order: an advance of the customer that names the order."""

from odoo import fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_kept_advances(self) -> set[int]:
        """Journal items of money that waits for the invoice of its order: no credit to use for others."""
        self.ensure_one()
        lines = self.env["account.move.line"].search(
            [
                ("advance_order_id.state", "=", "sale"),
                ("advance_order_id.invoice_status", "!=", "invoiced"),
                ("company_id", "=", self.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        return set(lines.ids)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _lock_rests(self) -> dict:
        """Lock these orders, and what is still to be prepaid for each that can be paid now.

        Without those that another transaction has in hands; a constant number of queries.
        """
        free = self.try_lock_for_update(allow_referencing=True)
        free.invalidate_recordset(["state", "is_prepaid", "amount_total", "invoice_ids"])
        awaited = free.filtered(
            lambda order: order.state == "sale" and order.is_prepaid and not order.invoice_ids
        )
        paid = awaited._get_paid_amounts()
        return {order: order.amount_total - paid[order.id] for order in awaited}

    def _still_awaits(self, amount: float, currency, rests: dict) -> bool:
        self.ensure_one()
        return (
            self in rests
            and self.currency_id == currency
            and currency.compare_amounts(amount, rests[self]) <= 0
        )

    def _prepare_advance_values(self) -> dict:
        """What makes a journal item the advance of this order."""
        self.ensure_one()
        return {"name": self.env._("Advance %s", self.name), "advance_order_id": self.id}

    def _prepare_advance_part(self, amount: float) -> dict:
        """The part of a bank line that becomes an advance, as `payment.match._get_parts` has it."""
        partner = self.partner_invoice_id.commercial_partner_id.with_company(self.company_id)
        return {
            "item": self.env["account.move.line"],
            "amount": amount,
            "values": {
                **self._prepare_advance_values(),
                "account_id": partner.property_account_receivable_id.id,
                "partner_id": partner.id,
            },
        }


class PaymentMatch(models.Model):
    _inherit = "payment.match"

    def _fits_orders(self, rests: dict) -> bool:
        """Whether the orders still await what the proposals give them.

        :param rests: what is to be prepaid, by order, less what the batch has given already
        """
        given: dict = {}
        for line in self.candidate_id._get_order_lines():
            given[line.sale_order_id] = given.get(line.sale_order_id, 0.0) + line.amount
        return all(order._still_awaits(amount, self.currency_id, rests) for order, amount in given.items())

    def _prepare_order_parts(self, amounts: dict) -> list[dict]:
        """Allocations to prepaid orders that a person has chosen; the keys "order-…" of ``amounts``.

        :raises UserError: when an order does not await so much from here
        """
        chosen = {
            int(key.removeprefix("order-")): self.currency_id.round(amount)
            for key, amount in amounts.items()
            if isinstance(key, str) and key.startswith("order-")
        }
        orders = self.env["sale.order"].browse(chosen).exists()
        rests = orders._lock_rests() if orders else {}
        for order in orders:
            amount = chosen[order.id]
            if (
                order.company_id != self.company_id
                or amount <= 0
                or not order._still_awaits(amount, self.currency_id, rests)
            ):
                raise UserError(
                    self.env._("The order %s does not await this prepayment (any more).", order.name)
                )
        return [
            {"kind": "advance", "sale_order_id": order.id, "amount": chosen[order.id]} for order in orders
        ]

    def _get_order_partner(self, parts: list[dict]):
        order = self.env["sale.order"].browse(parts[0]["sale_order_id"])
        return order.partner_invoice_id.commercial_partner_id

    def _board_orders(self, text: str, partner) -> list[dict]:
        """Prepaid orders of this payment's company and currency, as the wizard's search shows them.

        :param text: words that all have to be in number, code, customer's name or BIN/IIN, or the rest
        :param partner: a commercial partner, or none for all
        """
        words = text.casefold().split()
        rows = []
        orders = [
            order
            for order in self.company_id._get_prepaid_orders(partner or None)
            if order.currency == self.currency_id.name
        ]
        customers = self.env["res.partner"].browse({order.partner_id for order in orders})
        by_id = {customer.id: customer for customer in customers}
        for order in orders:
            customer = by_id[order.partner_id]
            told = " ".join((order.name, order.payment_code, customer.name or "", customer.vat or ""))
            if not all(
                word in told.casefold()
                or word.replace(",", ".") in (str(order.residual), f"{order.residual:.0f}")
                for word in words
            ):
                continue
            rows.append(
                {
                    "id": f"order-{order.order_id}",
                    "is_order": True,
                    "name": order.name,
                    "move_id": False,
                    "code": order.payment_code or "",
                    "order": "",
                    "partner": [order.partner_id, customer.name or ""],
                    "due": fields.Date.to_string(order.valid_until) or "",
                    "residual": float(order.residual),
                    "total": float(order.amount),
                }
            )
        return rows

    def _get_advanced_orders(self):
        candidates = self.candidate_id
        return candidates.sale_order_id | candidates.line_ids.sale_order_id


class PaymentMatchCandidate(models.Model):
    _inherit = "payment.match.candidate"

    def _get_order_lines(self):
        lines = self.line_ids.filtered(lambda line: line.kind == "advance")
        return lines.with_prefetch(self.line_ids._prefetch_ids)


class PaymentMatchLine(models.Model):
    _inherit = "payment.match.line"

    def _board_order_values(self) -> dict:
        """An order among the items of a proposal, as the wizard shows them."""
        self.ensure_one()
        order = (
            self.sudo().sale_order_id
        )  # sudo: whoever applies cash need not sell; the proposal is his to read
        partner = order.partner_invoice_id.commercial_partner_id
        return {
            "id": 0,
            "name": order.name,
            "move_id": False,
            "code": order.payment_code or "",
            "order": "",
            "partner": [partner.id, partner.name or ""],
            "due": fields.Date.to_string(order.proforma_valid_until) or "",
            "residual": order.amount_total,
            "total": order.amount_total,
            "applied": self.amount,
        }
