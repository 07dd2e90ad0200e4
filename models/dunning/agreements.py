"""Promises, plans, pauses and answers of the customers, as facts for the decisions."""

from decimal import Decimal
from functools import partial

from odoo import api, models
from odoo.tools import SQL

from ...core.dunning import promises

#: in the cursor's cache: who has agreements, for one transaction
CACHE = "invoice_to_cash.partners_with_agreements"


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_dunning_position_facts(self, positions, today):
        """Extend: pauses, promises and plans of the invoices; three queries."""
        facts = super()._get_dunning_position_facts(positions, today)
        move_ids = {position.move_id for position in positions}
        partners = self.env["res.partner"].browse({position.partner_id for position in positions})
        paused = self._get_dunning_pauses(partners, move_ids, today)[1]
        promised, broken, sums = self._get_dunning_promises(partners)
        planned, plans_broken = self._get_dunning_plans(move_ids)
        covered = _cover(sums, positions)
        for position in positions:
            move = position.move_id
            facts.setdefault(position.key, {}).update(
                paused_until=paused.get(move),
                promised_until=promised.get(move) or covered.get(position.key),
                promise_broken=broken.get(move),
                planned=move in planned,
                plan_broken=plans_broken.get(move),
            )
        return facts

    def _get_dunning_account_facts(self, partners, today):
        """Extend: pauses of whole customers, broken promises of a sum, answers, hand-overs; four queries."""
        facts = super()._get_dunning_account_facts(partners, today)
        paused = self._get_dunning_pauses(partners, set(), today)[0]
        broken = self._get_dunning_promises(partners)[1]
        replies = self._get_waiting_replies(partners)
        with_person, returned = self._get_handed_over(partners)
        for partner in partners.ids:
            facts.setdefault((partner, None), {}).update(
                paused_until=paused.get(partner),
                reply_waiting=partner in replies,
                with_person=partner in with_person,
                returned_on=returned.get(partner),
            )
        for key, day in broken.items():
            if isinstance(key, tuple):
                facts.setdefault(key, {})["promise_broken"] = day
        return facts

    def _get_dunning_promises(self, partners) -> tuple[dict, dict, dict]:
        """The last word of these commercial partners about each invoice, and about sums; one query.

        :return: ({move id: last day of the open promise}, {move id or (partner id, currency name):
            last day of the broken one}, {(partner id, currency name): (promised sum, its last day)})
        """
        self.ensure_one()
        promised, broken, sums = {}, {}, {}
        if not partners:
            return promised, broken, sums
        self.env["payment.promise"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT promise.partner_id, currency.name, rel.account_move_id, promise.state,
                       promise.last_day, promise.amount::text
                  FROM payment_promise promise
                  JOIN res_currency currency ON currency.id = promise.currency_id
                  LEFT JOIN payment_promise_move_rel rel ON rel.payment_promise_id = promise.id
                 WHERE promise.company_id = %s AND promise.partner_id IN %s
                   AND promise.state IN ('open', 'kept', 'broken')
                 ORDER BY promise.given_on, promise.id
                """,
                self.id,
                tuple(partners.ids),
            )
        )
        for partner, currency, move, state, last_day, amount in rows:
            # In the order in which they were given: the last word counts.
            key = move or (partner, currency)
            for known in (promised, broken, sums):
                known.pop(key, None)
            if state == "broken":
                broken[key] = last_day
            elif state == "open" and move:
                promised[key] = last_day
            elif state == "open":
                sums[key] = (Decimal(amount), last_day)
        return promised, broken, sums


def _cover(sums, positions) -> dict:
    """{position key: last day} of the positions that promised sums are for, oldest first."""
    covered = {}
    for (partner, currency), (amount, last_day) in sums.items():
        of_account = [
            (position.key, position.due_date, position.residual)
            for position in positions
            if (position.partner_id, position.currency) == (partner, currency)
        ]
        covered.update(dict.fromkeys(promises.cover(amount, of_account), last_day))
    return covered


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._follow_agreements(*partials._get_agreement_keys())
        return partials

    def unlink(self):
        keys = self._get_agreement_keys()
        result = super().unlink()
        self._follow_agreements(*keys)
        return result

    def _get_agreement_keys(self):
        lines = self.debit_move_id | self.credit_move_id
        lines = lines.filtered(lambda line: line.account_type == "asset_receivable")
        return lines.move_id, lines.partner_id.commercial_partner_id

    @api.model
    def _follow_agreements(self, moves, partners):
        """Money has come or gone: promises and plans about it are looked at anew."""
        if not self._get_partners_with_agreements().intersection(partners._ids):
            return
        self.env["payment.promise"]._get_touched(moves, partners)._judge()
        self.env["payment.plan"]._get_touched(moves)._follow()

    @api.model
    def _get_partners_with_agreements(self) -> set[int]:
        """Customers who ever promised or have a plan; asked once in a transaction.

        Most money comes from others: two look-ups for each of two hundred payments say nothing.
        """
        cache = self.env.cr.cache
        if CACHE not in cache:
            self.env["payment.promise"].flush_model(["partner_id"])
            self.env["payment.plan"].flush_model(["partner_id"])
            rows = self.env.execute_query(
                SQL("SELECT partner_id FROM payment_promise UNION SELECT partner_id FROM payment_plan")
            )
            cache[CACHE] = {partner for (partner,) in rows}
            # The cursor's cache outlives its transactions.
            for end in (self.env.cr.postcommit, self.env.cr.postrollback):
                end.add(partial(cache.pop, CACHE, None))
        return cache[CACHE]


class PaymentPromise(models.Model):
    _inherit = "payment.promise"

    @api.model_create_multi
    def create(self, vals_list):
        made = super().create(vals_list)
        self.env.cr.cache.pop(CACHE, None)
        return made


class PaymentPlan(models.Model):
    _inherit = "payment.plan"

    @api.model_create_multi
    def create(self, vals_list):
        made = super().create(vals_list)
        self.env.cr.cache.pop(CACHE, None)
        return made

    def write(self, vals):
        result = super().write(vals)
        self.env.cr.cache.pop(CACHE, None)
        return result
