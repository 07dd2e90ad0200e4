"""What settled a debt and on which day the money counted: the facts for promises and plans."""

from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...core.dunning.promises import Settled


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_settlements(self, move_ids) -> dict[int, list[Settled]]:
        """What was reconciled with each of the invoices, in the invoice's currency; one query.

        The day is the bank's value date where the money came by a bank line, else that of the entry.
        """
        if not move_ids:
            return {}
        self._flush_receivable_ledger()
        self.env["account.bank.statement.line"].flush_model(["bank_value_date"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_id, COALESCE(bank.bank_value_date, other.date),
                       partial.debit_amount_currency::text,
                       other.statement_line_id IS NOT NULL OR other.origin_payment_id IS NOT NULL
                  FROM account_partial_reconcile partial
                  JOIN account_move_line line ON line.id = partial.debit_move_id
                  JOIN account_move_line counterpart ON counterpart.id = partial.credit_move_id
                  JOIN account_move other ON other.id = counterpart.move_id
                  LEFT JOIN account_bank_statement_line bank ON bank.id = other.statement_line_id
                 WHERE line.move_id IN %s AND line.account_id IN %s
                """,
                tuple(move_ids),
                self._get_receivable_account_ids(),
            )
        )
        found = {}
        for move, day, amount, is_money in rows:
            if amount and Decimal(amount) > 0:
                found.setdefault(move, []).append(Settled(day, Decimal(amount), is_money))
        return found

    def _get_customer_receipts(self, partners, since) -> dict[tuple[int, int], list[Settled]]:
        """Money of the customers by (commercial partner, currency), applied or not; one query."""
        self.ensure_one()
        if not partners:
            return {}
        self._flush_receivable_ledger()
        self.env["account.bank.statement.line"].flush_model(["bank_value_date"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.commercial_partner_id, line.currency_id,
                       COALESCE(bank.bank_value_date, line.date), (-line.amount_currency)::text
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                  LEFT JOIN account_bank_statement_line bank ON bank.id = move.statement_line_id
                 WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
                   AND line.account_id IN %(accounts)s AND line.amount_currency < 0
                   AND (move.statement_line_id IS NOT NULL OR move.origin_payment_id IS NOT NULL)
                   AND COALESCE(bank.bank_value_date, line.date) >= %(since)s
                   AND partner.commercial_partner_id IN %(partners)s
                """,
                company=self.id,
                accounts=self._get_receivable_account_ids(),
                since=since,
                partners=tuple(partners.ids),
            )
        )
        found = {}
        for partner, currency, day, amount in rows:
            found.setdefault((partner, currency), []).append(Settled(day, Decimal(amount)))
        return found

    def _get_unseen_payers(self, partners, today) -> set[int]:
        """Commercial partners who may have paid without our knowing it yet."""
        self.ensure_one()
        if not partners:
            return set()
        # sudo: whether a promise is broken does not depend on what its author may read.
        company = self.sudo()
        if company._is_bank_statement_missing(today):
            return set(partners.ids)
        return company._get_partners_of_unmatched_cash(partners)
