"""What was agreed with customers: promises kept and broken, a pause, a payment plan, hand-overs.

Only with customers who have no part in today's reminders, so that every step of the ladder keeps its case.
"""

from datetime import timedelta

from odoo import Command

from .history import STAGED

NOTES = {
    "kept": "Главный бухгалтер: оплата на этой неделе, платёжка уже подписана.",
    "broken": "Директор обещал лично, ждёт денег от своего заказчика.",
    "plan": "Договорились с директором по телефону: тремя частями, первая на этой неделе.",
    "pause": "Главный бухгалтер в отпуске",
}


class AgreementLoader:
    """Part of the loader: needs company, env, plan, moves, partners."""

    def _load_agreements(self):
        self._load_handovers()
        staged = {customer for customer, _days in STAGED}
        today = self.plan.today
        paid, opened = self.plan.paid(), {}
        last = {}
        for receipt in self.plan.receipts:
            last.update(dict.fromkeys((key for key, _amount in receipt.parts), receipt.date))
        kept = []
        for invoice in self.plan.invoices:
            segment = self.partners.planned[invoice.customer].segment
            if invoice.customer in staged or invoice.credits or segment not in ("chronic", "problem"):
                continue
            if invoice.key in last and paid[invoice.key] == invoice.total:
                kept.append((last[invoice.key], invoice))
            elif invoice.key not in last and self.moves[invoice.key].invoice_date_due < today:
                opened.setdefault(invoice.customer, []).append(invoice)
        for day, invoice in sorted(kept, key=lambda one: (one[0], one[1].key))[-4:]:
            self._promise(invoice, given=day - timedelta(days=4), until=day, note=NOTES["kept"])
        debtors = sorted(opened)
        for customer in debtors[:2]:
            self._promise(
                opened[customer][0],
                given=today - timedelta(days=12),
                until=today - timedelta(days=6),
                note=NOTES["broken"],
            )
        for customer in debtors[2:3]:
            self._plan(opened[customer])
        for customer in debtors[3:4]:
            self.env["dunning.pause"].create(
                {
                    "partner_id": self.partners[customer].id,
                    "company_id": self.company.id,
                    "date_until": today + timedelta(days=12),
                    "reason": NOTES["pause"],
                }
            )

    def _promise(self, invoice, given, until, note):
        """A promise of the past, judged by the ledger as any other."""
        promise = self.env["payment.promise"].create(
            {
                "move_ids": [Command.set(self.moves[invoice.key].ids)],
                "company_id": self.company.id,
                "amount": float(invoice.total),
                "given_on": given,
                "date": until,
                "note": note,
            }
        )
        # Given before the money came: nothing had been settled then.
        promise.baseline = 0
        promise._judge(self.plan.today)

    def _plan(self, invoices):
        plan = self.env["payment.plan"].create(
            {
                "move_ids": [Command.set([self.moves[invoice.key].id for invoice in invoices])],
                "company_id": self.company.id,
                "count": 3,
                "first_date": self.plan.today + timedelta(days=5),
                "unit": "week",
                "every": 2,
                "note": NOTES["plan"],
            }
        )
        plan.action_divide()
        plan.action_confirm()

    def _load_handovers(self):
        """A case for each customer whom the letters did not move."""
        reminders = self.env["dunning.reminder"].search(
            [("company_id", "=", self.company.id), ("state", "=", "handed_over")]
        )
        cases = self.env["dunning.handover"]._open_for(self.company, reminders.partner_id, "", reminders)
        for case in cases:
            case.date = max(case.reminder_ids.mapped("date"))
            case.task_ids.sorted("sequence")[:2].is_done = True
