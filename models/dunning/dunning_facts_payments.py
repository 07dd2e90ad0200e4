"""Invoices whose payment is under way: nobody is reminded of what is being charged or paid right now."""

import datetime

from odoo import models
from odoo.tools import SQL

from .dunning_facts_silence import PAYMENT_DAYS


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_dunning_position_facts(self, positions, today):
        """Extend with the payments under way; one query."""
        facts = super()._get_dunning_position_facts(positions, today)
        waited = self._get_payments_under_way({position.move_id for position in positions}, today)
        for position in positions:
            if position.move_id in waited:
                facts.setdefault(position.key, {})["payment_until"] = waited[position.move_id]
        return facts

    def _get_payments_under_way(self, move_ids, today) -> dict:
        """{move id: the last day on which its payment is waited for}.

        Whoever pays: the payer of an online payment need not be the customer of the invoice. These are under
        way: a charge of a stored means of payment that is prepared or running, an online payment that the
        provider has not settled or Odoo has not booked yet, and a payment noted for the invoice without an
        entry in the books (drafts too). Each is waited for ``PAYMENT_DAYS``, one noted as paid for as long as
        it stands.

        To extend where charges are planned otherwise (AutoPay): a charge of the coming days belongs here.
        """
        self.env["payment.transaction"].flush_model(
            ["state", "operation", "token_id", "last_state_change", "is_post_processed", "invoice_ids"]
        )
        self.env["account.payment"].flush_model(["state", "move_id", "date", "payment_type"])
        self.env["account.move"].flush_model(["matched_payment_ids"])
        wait = datetime.timedelta(days=PAYMENT_DAYS)
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT move, MAX(day) + %(wait)s FROM (
                        SELECT link.invoice_id AS move, charge.last_state_change::date AS day
                          FROM account_invoice_transaction_rel link
                          JOIN payment_transaction charge ON charge.id = link.transaction_id
                         WHERE link.invoice_id = ANY(%(moves)s)
                           AND charge.operation IS DISTINCT FROM 'refund'
                           AND (charge.state IN ('pending', 'authorized')
                                OR (charge.state = 'done' AND charge.is_post_processed IS NOT TRUE)
                                OR (charge.state = 'draft' AND charge.operation = 'offline'
                                    AND charge.token_id IS NOT NULL))
                         UNION ALL
                        SELECT link.invoice_id,
                               CASE WHEN payment.state = 'paid' THEN %(today)s::date ELSE payment.date END
                          FROM account_move__account_payment link
                          JOIN account_payment payment ON payment.id = link.payment_id
                         WHERE link.invoice_id = ANY(%(moves)s) AND payment.payment_type = 'inbound'
                           AND payment.move_id IS NULL AND payment.state IN ('draft', 'in_process', 'paid')
                    ) AS under_way
                     GROUP BY move
                    HAVING MAX(day) >= %(since)s
                    """,
                    moves=list(move_ids),
                    wait=PAYMENT_DAYS,
                    today=today,
                    since=today - wait,
                )
            )
        )
