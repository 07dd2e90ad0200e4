from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...core.positions import ReceivablePosition

_KINDS = {"out_invoice": "invoice", "out_receipt": "invoice", "out_refund": "credit_note"}


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_receivable_positions(self, partners=None, include_settled=False) -> list[ReceivablePosition]:
        """The open receivable positions of the company, oldest due date first.

        Two queries, whatever the number of positions.

        :param partners: commercial partners to look at; all when None.
        :param include_settled: also the settled positions of the documents that
            have an open one (a paid first instalment, say).
        """
        self.ensure_one()
        if partners is not None and not partners:
            return []
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        of_partners = (
            SQL("AND partner.commercial_partner_id IN %s", tuple(partners.ids))
            if partners is not None
            else SQL()
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH open_move AS (
                    SELECT DISTINCT line.move_id
                      FROM account_move_line line
                      JOIN account_account account ON account.id = line.account_id
                      LEFT JOIN res_partner partner ON partner.id = line.partner_id
                     WHERE line.company_id = %(company)s
                       AND account.account_type = 'asset_receivable'
                       AND line.parent_state = 'posted'
                       AND line.reconciled IS NOT TRUE
                       AND line.amount_residual_currency != 0
                       %(of_partners)s
                ), position AS (
                    SELECT line.*,
                           COALESCE(line.date_maturity, line.date) AS due_date,
                           ROW_NUMBER() OVER by_move AS number,
                           COUNT(*) OVER (PARTITION BY line.move_id) AS numbers
                      FROM account_move_line line
                      JOIN account_account account ON account.id = line.account_id
                     WHERE line.move_id IN (SELECT move_id FROM open_move)
                       AND account.account_type = 'asset_receivable'
                    WINDOW by_move AS (
                        PARTITION BY line.move_id
                            ORDER BY COALESCE(line.date_maturity, line.date), line.id
                    )
                )
                SELECT position.move_id, position.number, position.numbers, position.id,
                       COALESCE(partner.commercial_partner_id, 0), move.move_type, move.name,
                       COALESCE(move.payment_code, ''), COALESCE(move.invoice_date, move.date),
                       position.due_date, currency.name,
                       position.amount_currency::text, position.amount_residual_currency::text,
                       move.sent_at
                  FROM position
                  JOIN account_move move ON move.id = position.move_id
                  JOIN res_currency currency ON currency.id = position.currency_id
                  LEFT JOIN res_partner partner ON partner.id = position.partner_id
                 WHERE (%(include_settled)s OR (position.reconciled IS NOT TRUE
                                                AND position.amount_residual_currency != 0))
                 ORDER BY position.due_date, position.move_id, position.number
                """,
                company=self.id,
                of_partners=of_partners,
                include_settled=include_settled,
            )
        )
        orders = self._get_order_names({row[0] for row in rows})
        return [
            ReceivablePosition(
                move_id=move_id,
                position=number,
                positions=numbers,
                line_id=line_id,
                partner_id=partner_id,
                kind=_KINDS.get(move_type) or ("credit" if amount.startswith("-") else "other"),
                name=name or "",
                payment_code=code,
                order_names=orders.get(move_id, ()),
                invoice_date=invoice_date,
                due_date=due_date,
                currency=currency,
                amount=Decimal(amount),
                residual=Decimal(residual),
                sent_at=sent_at,
            )
            for (
                move_id, number, numbers, line_id, partner_id, move_type, name, code,
                invoice_date, due_date, currency, amount, residual, sent_at,
            ) in rows
        ]  # fmt: skip

    def _get_order_names(self, move_ids: set[int]) -> dict[int, tuple[str, ...]]:
        """The names of the sale orders behind the invoices, by move."""
        if not move_ids:
            return {}
        self.env["sale.order.line"].flush_model(["order_id", "invoice_lines"])
        self.env["sale.order"].flush_model(["name"])
        return {
            move_id: tuple(names)
            for move_id, names in self.env.execute_query(
                SQL(
                    """
                    SELECT line.move_id, ARRAY_AGG(DISTINCT sale.name ORDER BY sale.name)
                      FROM sale_order_line_invoice_rel rel
                      JOIN account_move_line line ON line.id = rel.invoice_line_id
                      JOIN sale_order_line sale_line ON sale_line.id = rel.order_line_id
                      JOIN sale_order sale ON sale.id = sale_line.order_id
                     WHERE line.move_id IN %s
                     GROUP BY line.move_id
                    """,
                    tuple(move_ids),
                )
            )
        }
