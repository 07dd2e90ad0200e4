"""Why a customer rightly does not pay: what is disputed, not delivered, or for us to put right."""

from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...core import dunning
from ...core.dunning import Cause
from ...core.dunning.causes import spread
from ..tracking.delivery import UNDELIVERED

#: Reasons of a dispute that are for us to put right, whatever sum is named.
OURS = {"documents": Cause.DOCUMENT_MISSING, "requisites": Cause.WRONG_REQUISITES}


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_dunning_position_facts(self, positions, today):
        """Extend with the sums that are not to be chased, and their causes."""
        facts = super()._get_dunning_position_facts(positions, today)
        by_move = {}
        for item in positions:
            if item.residual > 0:
                by_move.setdefault(item.move_id, []).append(item)
        for move_id, causes in self._get_dunning_causes(list(by_move)).items():
            items = sorted(by_move[move_id], key=lambda item: item.position)
            residuals = [item.residual for item in items]
            per_cause = {
                cause: spread(amount, residuals) if amount is not None else [None] * len(items)
                for cause, amount in causes.items()
            }
            for number, item in enumerate(items):
                obstacles = tuple(
                    dunning.Obstacle(cause, shares[number])
                    for cause, shares in per_cause.items()
                    if shares[number] is None or shares[number] > 0
                )
                if obstacles:
                    known = facts.setdefault(item.key, {})
                    known["obstacles"] = obstacles
                    known["disputed"] = any(
                        obstacle.cause is Cause.DISPUTE and obstacle.amount >= item.residual
                        for obstacle in obstacles
                    )
        return facts

    def _get_dunning_causes(self, move_ids) -> dict:
        """{move id: {core Cause: sum in the invoice's currency, None for what has no sum}}."""
        causes = {}
        disputes = self.env["invoice.dispute"]._read_group(
            [("move_id", "in", move_ids), ("state", "=", "open")], ["move_id", "reason"], ["amount:sum"]
        )
        for move, reason, amount in disputes:
            known = causes.setdefault(move.id, {})
            cause = Cause.NOT_DELIVERED if reason == "not_delivered" else Cause.DISPUTE
            known[cause] = known.get(cause, Decimal(0)) + Decimal(str(move.currency_id.round(amount)))
            if reason in OURS:
                known[OURS[reason]] = None
        for move_id, amount in self._get_undelivered_sums(move_ids).items():
            known = causes.setdefault(move_id, {})
            # The dispute and the stock speak of the same goods.
            known[Cause.NOT_DELIVERED] = max(amount, known.get(Cause.NOT_DELIVERED, Decimal(0)))
        for move_id, failed, undelivered in self._get_failed_papers(move_ids):
            known = causes.setdefault(move_id, {})
            if failed:
                known[Cause.DOCUMENT_MISSING] = None
            if undelivered:
                known[Cause.INVOICE_NOT_RECEIVED] = None
        return causes

    def _get_undelivered_sums(self, move_ids) -> dict:
        """{move id: what it asks for goods that have not left the stock}; prepaid orders wait for the money.

        Of a sale line invoiced in parts, each part has its share.
        """
        if not move_ids:
            return {}
        self.env["sale.order.line"].flush_model()
        self.env["sale.order"].flush_model(["is_prepaid", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_id, currency.decimal_places,
                       SUM(line.price_total * (sold.qty_invoiced - sold.qty_delivered)
                           / sold.qty_invoiced)::text
                  FROM account_move_line line
                  JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.id
                  JOIN sale_order_line sold ON sold.id = rel.order_line_id
                  JOIN sale_order sale ON sale.id = sold.order_id
                  JOIN res_currency currency ON currency.id = line.currency_id
                 WHERE line.move_id IN %s AND line.display_type = 'product'
                   AND sold.is_downpayment IS NOT TRUE AND sold.qty_delivered_method = 'stock_move'
                   AND sold.qty_invoiced > 0 AND sold.qty_delivered < sold.qty_invoiced
                   AND sale.state = 'sale' AND sale.is_prepaid IS NOT TRUE
                 GROUP BY line.move_id, currency.decimal_places
                """,
                tuple(move_ids),
            )
        )
        return {
            move_id: round(Decimal(amount), places) for move_id, places, amount in rows if Decimal(amount) > 0
        }

    def _get_failed_papers(self, move_ids) -> list:
        """(move id, closing documents could not be made, the invoice itself never arrived)."""
        if not move_ids:
            return []
        self.env["account.move"].flush_model(["closing_state", "delivery_state", "first_viewed_at"])
        return self.env.execute_query(
            SQL(
                """
                SELECT id, COALESCE(closing_state = 'failed', FALSE),
                       COALESCE(delivery_state IN %(undelivered)s, FALSE) AND first_viewed_at IS NULL
                  FROM account_move
                 WHERE id IN %(moves)s AND (closing_state = 'failed'
                       OR (delivery_state IN %(undelivered)s AND first_viewed_at IS NULL))
                """,
                moves=tuple(move_ids),
                undelivered=UNDELIVERED,
            )
        )
