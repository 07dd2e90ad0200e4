"""What customers have promised or agreed to pay, as days and amounts for the forecast."""

from decimal import Decimal

from odoo import models

#: How sure an instalment of a plan that is kept is.
PLAN_KEPT = 0.9
#: A customer of whom no promise was judged yet keeps it so probably.
PROMISE_KEPT = 0.8


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_agreed_dates(self, as_of) -> dict:
        """Extend: open promises of invoices and the instalments of plans that are kept.

        Only as of today: what stood on a past day is not kept.
        """
        agreed = super()._get_agreed_dates(as_of)
        if as_of < self._receivables_today():
            return agreed
        # sudo: the forecast is the company's, whoever asks.
        company = self.sudo()
        scope = [("company_id", "=", company.id)]
        promises = company.env["payment.promise"].search([*scope, ("state", "=", "open")], order="date, id")
        plans = company.env["payment.plan"].search([*scope, ("state", "=", "active")])
        items = (promises.move_ids | plans.move_ids).line_ids.filtered(
            lambda item: item.account_type == "asset_receivable" and item.amount_residual > 0
        )
        by_move = items.sorted(lambda item: (item.date_maturity or item.date, item.id)).grouped("move_id")
        kept = company._get_promise_habits(promises.partner_id)
        for promise in promises:
            chance = kept.get(promise.partner_id.id, PROMISE_KEPT)
            parts = [("promise", promise.date, promise.amount - promise.paid_amount, chance)]
            self._spread(agreed, parts, promise.move_ids, by_move)
        for plan in plans:
            parts = [
                ("plan", line.date, line.amount - line.paid_amount, PLAN_KEPT)
                for line in plan.line_ids.sorted("date")
                if line.state != "paid"
            ]
            self._spread(agreed, parts, plan.move_ids, by_move)
        return agreed

    def _spread(self, agreed, parts, moves, by_move):
        """Lay the agreed amounts, earliest first, on the open items of the invoices, oldest first."""
        parts = [list(part) for part in parts if part[2] > 0]
        for move in moves.sorted(lambda one: (one.invoice_date_due or one.date, one.id)):
            for item in by_move.get(move, ()):
                left = item.amount_residual_currency
                rate = item.amount_residual / left if left else 0
                while parts and left > 0:
                    kind, day, amount, chance = parts[0]
                    part = min(amount, left)
                    left -= part
                    parts[0][2] -= part
                    if part > 0:
                        value = Decimal(str(round(part * rate, 2)))
                        agreed.setdefault(item.id, []).append((kind, day, value, chance))
                    if parts[0][2] <= 0.000001:
                        parts.pop(0)

    def _get_promise_habits(self, partners) -> dict[int, float]:
        """{commercial partner id: share of promises kept} where some were judged; one query."""
        counts = {}
        for partner, state, number in self.env["payment.promise"]._read_group(
            [
                ("company_id", "=", self.id),
                ("partner_id", "in", partners.ids),
                ("state", "in", ("kept", "broken")),
            ],
            ["partner_id", "state"],
            ["__count"],
        ):
            counts.setdefault(partner.id, {})[state] = number
        return {
            # One judged promise is no habit: begin between the general chance and what was seen.
            partner: (found.get("kept", 0) + 4 * PROMISE_KEPT) / (sum(found.values()) + 4)
            for partner, found in counts.items()
        }
