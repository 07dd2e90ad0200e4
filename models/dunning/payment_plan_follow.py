"""How far the plans are: asked when money is applied, and every day; and their own friendly reminders."""

import datetime

from odoo import api, models
from odoo.tools import SQL

from ...core.dunning import plans
from .payment_plan import FOLLOWED
from .payment_promise import to_decimal

BATCH = 100


class PaymentPlan(models.Model):
    _inherit = "payment.plan"

    def _follow(self, today=None):
        """Fill the instalments with what was paid; a constant number of queries per company."""
        for company, group in self.filtered(lambda one: one.state in FOLLOWED).grouped("company_id").items():
            day = today or company._receivables_today()
            # sudo: what was paid does not depend on who asks.
            settled = company.sudo()._get_settlements(set(group.move_ids.ids))
            unseen = company._get_unseen_payers(group.partner_id, day)
            for plan in group:
                plan._apply_progress(
                    *plans.follow(
                        [
                            plans.Instalment(line.date, to_decimal(line.amount, plan.currency_id))
                            for line in plan.line_ids
                        ],
                        [piece for move in plan.move_ids for piece in settled.get(move.id, ())],
                        day,
                        baseline=to_decimal(plan.baseline, plan.currency_id),
                        grace=company.promise_grace_days,
                        digits=plan.currency_id.decimal_places,
                        is_unseen=plan.partner_id.id in unseen,
                        forgiven_until=plan.forgiven_until or None,
                    )
                )

    def _apply_progress(self, state, progress):
        self.ensure_one()
        # sudo: progress is computed from the ledger by whoever books, not typed in.
        plan = self.sudo()
        for line, one in zip(plan.line_ids, progress, strict=True):
            values = {"state": one.state.value, "paid_amount": float(one.paid), "paid_on": one.paid_on}
            changed = {
                name: value for name, value in values.items() if (line[name] or False) != (value or False)
            }
            if changed:
                line.write(changed)
        before, after = plan.state, state.value
        if before == after:
            return
        values = {"state": after, "broken_on": False}
        if after == "broken":
            grace = datetime.timedelta(days=plan.company_id.promise_grace_days)
            forgiven = plan.forgiven_until or datetime.date.min
            missed = plan.line_ids.filtered(
                lambda line: (
                    line.date > forgiven
                    and (line.state == "late" or (line.paid_on and line.paid_on > line.date + grace))
                )
            ).sorted("date")[:1]
            values["broken_on"] = missed.date + grace
        plan.write(values)
        if after == "broken":
            plan.activity_schedule(
                "invoice_to_cash.activity_plan_broken",
                summary=plan.with_context(lang=plan.owner_id.lang).env._(
                    "Instalment missed: %s of the plan are open", plan.currency_id.format(plan.open_amount)
                ),
                user_id=plan.owner_id.id,
            )
        elif before == "broken":
            plan.activity_unlink(["invoice_to_cash.activity_plan_broken"])

    @api.model
    def _get_touched(self, moves):
        if not moves:
            return self.browse()
        return self.sudo().search([("state", "in", FOLLOWED), ("move_ids", "in", moves.ids)])

    @api.model
    def _cron_follow_plans(self):
        """Every hour: what was missed, and what falls due; a kill between two batches loses nothing."""
        for company in self.env["res.company"].search([]):
            today = company._receivables_today()
            running = company._for_job(self).search(
                [("company_id", "=", company.id), ("state", "=", "active")]
            )
            for start in range(0, len(running), BATCH):
                batch = running[start : start + BATCH].try_lock_for_update()
                batch._follow(today)
                batch._remind(today)
                self.env["ir.cron"]._commit_progress(
                    len(batch), remaining=max(len(running) - start - BATCH, 0)
                )

    # --- friendly reminders of the plan itself ---

    def _remind(self, today):
        """A mail some days before an instalment, and one the day after it was not seen; each once.

        Silent for customers who are paused or whose money may have come unseen. Mail and note of it
        are written in one transaction.
        """
        self.invalidate_recordset(["state"])
        for company, group in self.filtered(lambda one: one.state == "active").grouped("company_id").items():
            silent = set(company._get_dunning_pauses(group.partner_id, set(), today)[0])
            silent |= company._get_unseen_payers(group.partner_id, today)
            reachable = group.partner_id._get_reminder_contacts()
            for plan in group:
                if plan.partner_id.id in silent:
                    continue
                before, missed = plan._get_lines_to_remind(today)
                if not before and not missed:
                    continue
                if plan.partner_id not in reachable:
                    plan._ask_for_address()
                    continue
                if missed:
                    missed.sudo().write({"missed_reminded_on": today})
                    plan._send_reminder("mail_template_plan_missed")
                elif before:
                    before.sudo().write({"reminded_on": today})
                    plan._send_reminder("mail_template_plan_due")

    def _get_lines_to_remind(self, today):
        """(instalment due soon, instalment that was not seen): the oldest of each not yet told of."""
        self.ensure_one()
        opened = self.line_ids.filtered(lambda line: line.state == "open").sorted("date")
        soon = opened.filtered(
            lambda line: (
                not line.reminded_on
                and line.date >= today
                and line.date - datetime.timedelta(days=self.remind_days) <= today
            )
        )
        missed = opened.filtered(lambda line: not line.missed_reminded_on and line.date < today)
        return soon[:1], missed[:1]

    def _send_reminder(self, template):
        # sudo: collectors and the job may send the plan's own reminders without rights on mails.
        letter = self.env.ref(f"invoice_to_cash.{template}").sudo()
        letter._get_letter_in(self._get_words_lang()).send_mail_batch(self.ids)

    def _ask_for_address(self):
        """The same task as the reminders make, once per customer."""
        kind = self.env.ref("invoice_to_cash.activity_no_address")
        partner = self.partner_id.sudo()
        if kind not in partner.activity_ids.activity_type_id:
            partner.activity_schedule(
                activity_type_id=kind.id,
                summary=self.env._("An instalment falls due, and there is no valid e-mail address"),
                user_id=self.owner_id.id,
            )

    def _get_letter_contact(self):
        """Who gets the mails of the plan."""
        self.ensure_one()
        return self.partner_id._get_reminder_contacts().get(self.partner_id, self.partner_id)

    def _get_letter_line(self):
        """The instalment that a mail of today is about."""
        self.ensure_one()
        return self.line_ids.filtered(lambda line: line.state != "paid").sorted("date")[:1]


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_dunning_plans(self, move_ids) -> tuple[set, dict]:
        """(invoices in a kept plan, {invoice in a broken one: last day of what was missed}); one query."""
        self.ensure_one()
        planned, broken = set(), {}
        if not move_ids:
            return planned, broken
        self.env["payment.plan"].flush_model(["state", "broken_on", "move_ids", "agreed_on"])
        for move, state, broken_on in self.env.execute_query(
            SQL(
                """
                SELECT rel.account_move_id, plan.state, plan.broken_on
                  FROM payment_plan plan
                  JOIN payment_plan_move_rel rel ON rel.payment_plan_id = plan.id
                 WHERE plan.company_id = %s AND rel.account_move_id IN %s
                   AND plan.state IN ('active', 'broken')
                 ORDER BY plan.agreed_on, plan.id
                """,
                self.id,
                tuple(move_ids),
            )
        ):
            # In the order in which they were agreed: the latest counts.
            planned.discard(move)
            broken.pop(move, None)
            if state == "active":
                planned.add(move)
            elif broken_on:
                broken[move] = broken_on
        return planned, broken
