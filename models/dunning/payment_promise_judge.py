"""Kept or broken: asked when money is applied, and every hour for the days that pass."""

import datetime
from decimal import Decimal

from odoo import api, models

from ...core.dunning import promises
from .payment_promise import JUDGED, LOOK_BACK_DAYS, to_decimal

BATCH = 200


class PaymentPromise(models.Model):
    _inherit = "payment.promise"

    def _judge(self, today=None):
        """Decide these promises by what has been paid; a constant number of queries per company.

        Safe to repeat: the same ledger gives the same verdicts, and only what changed is written.
        """
        for company, group in self.filtered(lambda one: one.state in JUDGED).grouped("company_id").items():
            day = today or company._receivables_today()
            # sudo: what was paid does not depend on who asks.
            facts = company.sudo()
            of_invoices = facts._get_settlements(set(group.move_ids.ids))
            by_sum = group.filtered(lambda promise: not promise.move_ids)
            receipts = (
                facts._get_customer_receipts(by_sum.partner_id, min(by_sum.mapped("given_on")))
                if by_sum
                else {}
            )
            unseen = facts._get_unseen_payers(group.partner_id, day)
            for promise in group:
                if promise.move_ids:
                    settled = [piece for move in promise.move_ids for piece in of_invoices.get(move.id, ())]
                else:
                    settled = [
                        piece
                        for piece in receipts.get((promise.partner_id.id, promise.currency_id.id), ())
                        if piece.day >= promise.given_on
                    ]
                promise._apply_verdict(
                    promises.judge(promise._to_core(), settled, day, promise.partner_id.id in unseen)
                )

    def _to_core(self) -> promises.Promise:
        self.ensure_one()
        return promises.Promise(
            amount=to_decimal(self.amount, self.currency_id),
            until=self.date,
            baseline=to_decimal(self.baseline, self.currency_id) if self.move_ids else Decimal(0),
            grace=(self.last_day - self.date).days,
            digits=self.currency_id.decimal_places,
        )

    def _apply_verdict(self, verdict):
        self.ensure_one()
        state = verdict.state.value
        decided_on = {
            "open": False,
            "kept": verdict.day or self.date,
            "broken": self.last_day + datetime.timedelta(days=1),
            "void": self.date,
        }[state]
        values = {
            "state": state,
            "decided_on": decided_on,
            "paid_amount": float(verdict.paid),
            "missing_amount": float(verdict.missing),
        }
        # What was decided is seldom decided anew: nothing is written then, and nobody told twice.
        changed = {name: value for name, value in values.items() if (self[name] or False) != (value or False)}
        if not changed:
            return
        before = self.state
        self.sudo().write(changed)
        if state == "broken" and before != "broken":
            self._tell_owner()
        elif before == "broken":
            # sudo: the task was made by the system; the money had come in time after all.
            self.sudo().activity_unlink(["invoice_to_cash.activity_promise_broken"])

    def _tell_owner(self):
        """A task for the owner: the promise is broken, the ladder goes on one step up."""
        # sudo: whoever books the payment may not make tasks for others; the owner may see the customer.
        promise = self.sudo()
        promise.activity_schedule(
            "invoice_to_cash.activity_promise_broken",
            summary=promise.with_context(lang=promise.owner_id.lang).env._(
                "Promise broken: %(missing)s of %(amount)s are missing",
                missing=promise.currency_id.format(promise.missing_amount),
                amount=promise.currency_id.format(promise.amount),
            ),
            user_id=promise.owner_id.id,
        )

    @api.model
    def _cron_judge_promises(self):
        """Every hour: the open promises whose last day has passed in their company, in batches."""
        for company in self.env["res.company"].search([]):
            today = company._receivables_today()
            due = company._for_job(self).search(
                [("company_id", "=", company.id), ("state", "=", "open"), ("last_day", "<", today)]
            )
            for start in range(0, len(due), BATCH):
                batch = due[start : start + BATCH].try_lock_for_update()
                batch._judge(today)
                self.env["ir.cron"]._commit_progress(len(batch), remaining=max(len(due) - start - BATCH, 0))

    @api.model
    def _get_touched(self, moves, partners):
        """The promises whose verdict may change with these invoices, or with money of these customers."""
        if not moves and not partners:
            return self.browse()
        oldest = min(company._receivables_today() for company in (moves.company_id or self.env.company))
        return self.sudo().search(
            [
                ("state", "in", JUDGED),
                ("date", ">=", oldest - datetime.timedelta(days=LOOK_BACK_DAYS)),
                "|",
                ("move_ids", "in", moves.ids),
                "&",
                ("move_ids", "=", False),
                ("partner_id", "in", partners.ids),
            ]
        )


class ResCompany(models.Model):
    _inherit = "res.company"

    def _count_promises(self, date_from, date_to) -> tuple[int, int]:
        """(kept, matured) promises whose last day lies in the period, both ends included; one query.

        For ``core.metrics.promise_kept_rate``. Replaced, withdrawn or settled otherwise: not counted.
        """
        self.ensure_one()
        counts = dict(
            self.env["payment.promise"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", self.id),
                    ("state", "in", ("kept", "broken")),
                    ("last_day", ">=", date_from),
                    ("last_day", "<=", date_to),
                ],
                ["state"],
                ["__count"],
            )
        )
        return counts.get("kept", 0), sum(counts.values())
