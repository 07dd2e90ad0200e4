"""The debts of customers as they were: each position with what settled it, by value date."""

from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...core.dunning import backtest


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_debt_histories(self, partners=None, move_ids=None, since=None) -> dict:
        """The positions of posted customer invoices, and what settled each; two queries.

        Money counts from the bank's value date where it came by a bank line, else from the date of its
        entry, whenever the two were reconciled.

        :param partners: commercial partners to look at; all when None
        :param move_ids: invoices to look at; all when None
        :param since: leave out what was issued and settled before that day
        :return: {(commercial partner id, currency name): [core.dunning.backtest.Debt]}
        """
        self.ensure_one()
        self._flush_receivable_ledger()
        self.env["account.bank.statement.line"].flush_model(["bank_value_date"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        scope = SQL()
        if partners is not None:
            scope = SQL("%s AND partner.commercial_partner_id = ANY(%s)", scope, partners.ids)
        if move_ids is not None:
            scope = SQL("%s AND line.move_id = ANY(%s)", scope, list(move_ids))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, partner.commercial_partner_id, currency.name, line.move_id,
                       ROW_NUMBER() OVER (PARTITION BY line.move_id
                                              ORDER BY COALESCE(line.date_maturity, line.date), line.id),
                       COALESCE(move.invoice_date, move.date), COALESCE(line.date_maturity, line.date),
                       line.amount_currency::text
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                  JOIN res_currency currency ON currency.id = line.currency_id
                 WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
                   AND line.account_id IN %(accounts)s
                   AND move.move_type IN ('out_invoice', 'out_receipt') %(scope)s
                 ORDER BY line.id
                """,
                company=self.id,
                accounts=self._get_receivable_account_ids(),
                scope=scope,
            )
        )
        settled = self._get_settlements_of_lines([row[0] for row in rows])
        found = {}
        for line_id, partner, currency, move, number, issued, due, amount in rows:
            payments = tuple(sorted(settled.get(line_id, ())))
            debt = backtest.Debt((move, number), issued, due, Decimal(amount), payments)
            if debt.amount <= 0 or (since and due < since and debt.residual(since) <= 0):
                continue
            found.setdefault((partner, currency), []).append(debt)
        return found

    def _get_settlements_of_lines(self, line_ids) -> dict:
        """{journal item: [(value date, amount in its currency)]} of what was reconciled with them."""
        found = {}
        for line_id, day, amount in self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, COALESCE(bank.bank_value_date, other.date),
                       partial.debit_amount_currency::text
                  FROM account_partial_reconcile partial
                  JOIN account_move_line counterpart ON counterpart.id = partial.credit_move_id
                  JOIN account_move other ON other.id = counterpart.move_id
                  LEFT JOIN account_bank_statement_line bank ON bank.id = other.statement_line_id
                 WHERE partial.debit_move_id = ANY(%s)
                """,
                list(line_ids),
            )
        ):
            found.setdefault(line_id, []).append((day, Decimal(amount)))
        return found

    def _get_unapplied_credits(self, partners=None) -> dict:
        """{(commercial partner id, currency name): [(value date, amount)]} of what settles no invoice yet."""
        scope = SQL("AND partner.commercial_partner_id = ANY(%s)", partners.ids) if partners else SQL()
        found = {}
        for partner, currency, day, amount in self.env.execute_query(
            SQL(
                """
                SELECT partner.commercial_partner_id, currency.name,
                       COALESCE(bank.bank_value_date, line.date), (-line.amount_residual_currency)::text
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                  JOIN res_currency currency ON currency.id = line.currency_id
                  LEFT JOIN account_bank_statement_line bank ON bank.id = move.statement_line_id
                 WHERE line.company_id = %(company)s AND line.parent_state = 'posted'
                   AND line.account_id IN %(accounts)s AND line.reconciled IS NOT TRUE
                   AND line.amount_residual_currency < 0 %(scope)s
                """,
                company=self.id,
                accounts=self._get_receivable_account_ids(),
                scope=scope,
            )
        ):
            found.setdefault((partner, currency), []).append((day, Decimal(amount)))
        return found
