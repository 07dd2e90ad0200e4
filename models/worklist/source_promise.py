from decimal import Decimal

from odoo import models
from odoo.tools import SQL, format_date

from ...core.worklist import Weight
from .worklist import Action, Source

#: A promise that was broken longer ago has long become debt like any other.
BROKEN_DAYS = 60


class ReceivableWorklist(models.AbstractModel):
    """Promises and instalments that were not kept, while the money is still missing."""

    _inherit = "receivable.worklist"

    def _get_sources(self):
        return {
            **super()._get_sources(),
            "promise": Source(
                label=self.env._("Broken promise"),
                icon="fa-chain-broken",
                weight=Weight(Decimal("0.55"), horizon=7),
                query=self._get_promise_query(),
                describe=self._describe_promise,
                actions=(
                    Action(
                        "open",
                        self.env._("Promise"),
                        lambda key: self._open(self.env._("Promise"), "payment.promise", res_id=key),
                    ),
                    Action("contact", self.env._("Customer"), self._open_promise_customer),
                ),
                open_all=lambda: self._open_xmlid("action_promises"),
            ),
            "plan": Source(
                label=self.env._("Broken payment plan"),
                icon="fa-calendar-minus-o",
                weight=Weight(Decimal("0.5"), horizon=7),
                query=SQL(
                    """
                    SELECT plan.id AS res_id, plan.partner_id, plan.owner_id AS user_id,
                           CASE WHEN plan.currency_id = %(currency)s THEN plan.open_amount
                                ELSE GREATEST(owed.amount, 0) END AS amount,
                           %(today)s - COALESCE(plan.broken_on, %(today)s) AS days, 1 AS number,
                           plan.name AS detail
                      FROM payment_plan plan
                     CROSS JOIN LATERAL (%(owed)s) owed
                     WHERE plan.company_id = %(company)s AND plan.state = 'broken'
                       AND plan.open_amount > 0
                    """,
                    currency=self.env.company.currency_id.id,
                    today=self.env.company._receivables_today(),
                    owed=self._get_owed_query(
                        SQL("payment_plan_move_rel"), SQL("payment_plan_id"), SQL("plan")
                    ),
                    company=self.env.company.id,
                ),
                describe=lambda row: row["detail"] or "",
                actions=(
                    Action(
                        "open",
                        self.env._("Plan"),
                        lambda key: self._open(self.env._("Plan"), "payment.plan", res_id=key),
                    ),
                ),
                open_all=lambda: self._open_xmlid("action_plans"),
            ),
        }

    def _get_owed_query(self, relation, column, record):
        """What is open of the invoices of a promise or plan; without any, of the customer."""
        return SQL(
            """
            SELECT SUM(item.amount_residual) AS amount
              FROM account_move_line item
              JOIN res_partner customer ON customer.id = item.partner_id
             WHERE item.company_id = %(company)s AND item.parent_state = 'posted'
               AND item.account_id IN %(accounts)s AND item.reconciled IS NOT TRUE
               AND customer.commercial_partner_id = %(record)s.partner_id
               AND (NOT EXISTS (SELECT 1 FROM %(relation)s rel WHERE rel.%(column)s = %(record)s.id)
                    OR item.move_id IN (SELECT rel.account_move_id FROM %(relation)s rel
                                         WHERE rel.%(column)s = %(record)s.id))
            """,
            company=self.env.company.id,
            accounts=self.env.company._get_receivable_account_ids(),
            record=record,
            relation=relation,
            column=column,
        )

    def _get_promise_query(self):
        """Broken and not made good: nothing newer was promised, and the money is still owed."""
        return SQL(
            """
            SELECT promise.id AS res_id, promise.partner_id, promise.owner_id AS user_id,
                   CASE WHEN promise.currency_id = %(currency)s
                        THEN LEAST(COALESCE(NULLIF(promise.missing_amount, 0), promise.amount), owed.amount)
                        ELSE owed.amount END AS amount,
                   %(today)s - promise.last_day AS days, 1 AS number, promise.date AS detail
              FROM payment_promise promise
             CROSS JOIN LATERAL (%(owed)s) owed
             WHERE promise.company_id = %(company)s AND promise.state = 'broken'
               AND promise.last_day > %(today)s - %(broken)s AND owed.amount > 0
               AND NOT EXISTS (SELECT 1 FROM payment_promise later
                                WHERE later.partner_id = promise.partner_id
                                  AND later.company_id = promise.company_id AND later.id > promise.id
                                  AND later.state IN ('open', 'broken'))
            """,
            currency=self.env.company.currency_id.id,
            today=self.env.company._receivables_today(),
            owed=self._get_owed_query(
                SQL("payment_promise_move_rel"), SQL("payment_promise_id"), SQL("promise")
            ),
            company=self.env.company.id,
            broken=BROKEN_DAYS,
        )

    def _describe_promise(self, row):
        return self.env._("Promised until %s", format_date(self.env, row["detail"]))

    def _open_promise_customer(self, key):
        return self._open_partner(self.env["payment.promise"].browse(key).partner_id.id)
