"""The letters that the reminders would have sent, had they run every day on what is open today.

Decided by the same core that decides in earnest, so that today's letters continue a believable story.
"""

from dataclasses import replace
from datetime import timedelta

from ..core import dunning

#: days that the history goes back
DAYS = 120


class ReminderLoader:
    """Part of the loader: needs company, env, plan and `_moment`."""

    def _load_reminders(self):
        company, today = self.company, self.plan.today
        self.env.flush_all()
        # Each customer is on the ladder of his segment: without segments all would climb the company's.
        self._compute_segments()
        issued = {position.key: position.invoice_date for position in company._get_receivable_positions()}
        values = []
        accounts = company._get_dunning_accounts(today)
        profiles = self.env["payer.profile"]._get_or_create(
            company, self.env["res.partner"].browse([account.partner for account, _ladder in accounts])
        )
        profile_of = {profile.partner_id.id: profile.id for profile in profiles}
        for account, ladder in accounts:
            for day, decision in self._history(account, ladder, issued, today):
                values.append(self._reminder(account, profile_of[account.partner], day, decision))
        reminders = self.env["dunning.reminder"].create(values)
        self.env["invoice.tracking.event"].create(
            [
                {"move_id": move.id, "kind": "reminded", "channel": "mail", "moment": reminder.sent_at}
                for reminder in reminders
                for move in reminder.line_ids.move_id
            ]
        )

    def _compute_segments(self):
        profiles = self.env["payer.profile"]
        for partner_ids in self.company._get_payers_in_batches():
            profiles._compute_segments(self.company, self.env["res.partner"].browse(partner_ids))

    @staticmethod
    def _history(account, ladder, issued, today):
        """Yield (day, decision) for each day before `today` on which something went out."""
        positions = {position.key: position for position in account.positions}
        last = None
        for back in range(DAYS, 0, -1):
            day = today - timedelta(days=back)
            known = tuple(position for key, position in positions.items() if issued[key] <= day)
            if not known:
                continue
            decision = dunning.decide(
                replace(account, positions=known, last_contact=last, unmatched_cash=False), ladder, day
            )
            if decision.kind not in (dunning.Kind.SEND, dunning.Kind.HAND_OVER):
                continue
            for item in decision.items:
                sent = dunning.Sent(item.step.level, item.occurrence, day)
                position = positions[item.position.key]
                positions[position.key] = replace(position, sent=(*position.sent, sent))
            last = day
            yield day, decision

    def _reminder(self, account, profile_id, day, decision):
        is_letter = decision.kind is dunning.Kind.SEND
        names = {move.id: move for move in self.moves.values()}  # by id: the positions know no records
        return {
            "partner_id": account.partner,
            "company_id": self.company.id,
            "currency_id": self.currency.id,
            "profile_id": profile_id,
            "date": day,
            "step_id": decision.step.key,
            "tone": decision.step.tone,
            "level": decision.step.level,
            "state": "sent" if is_letter else "handed_over",
            "requires_approval": decision.approval,
            "sent_at": self._moment(day, 10),
            "amount_credit": float(account.credit),
            "line_ids": [
                (
                    0,
                    0,
                    {
                        "move_id": item.position.key[0],
                        "position": item.position.key[1],
                        "level": item.step.level,
                        "occurrence": item.occurrence,
                        "move_name": names[item.position.key[0]].name,
                        "payment_code": names[item.position.key[0]].payment_code,
                        "due_date": item.position.due_date,
                        "residual": float(item.position.residual),
                    },
                )
                for item in decision.items
            ],
        }
