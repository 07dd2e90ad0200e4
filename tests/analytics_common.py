"""A ledger with late, partial, future and paid invoices, and the definition of what was open on a day."""

import datetime

from .common import ReceivablesCommon

DAY = datetime.timedelta(days=1)

# By definition: what an item was worth less all that was reconciled with it until that day.
DEFINITION = """
    SELECT l.id,
           l.balance
           - COALESCE((SELECT SUM(p.amount) FROM account_partial_reconcile p
                        WHERE p.debit_move_id = l.id AND p.max_date <= %(day)s), 0)
           + COALESCE((SELECT SUM(p.amount) FROM account_partial_reconcile p
                        WHERE p.credit_move_id = l.id AND p.max_date <= %(day)s), 0)
      FROM account_move_line l JOIN account_account a ON a.id = l.account_id
     WHERE a.account_type = 'asset_receivable' AND l.parent_state = 'posted'
       AND l.company_id = %(company)s AND l.date <= %(day)s
"""


class AnalyticsCommon(ReceivablesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.late = cls.make_invoice(1000.0, due_in=-40)
        cls.partial = cls.make_invoice(500.0, due_in=-10)
        cls.future = cls.make_invoice(300.0, due_in=20)
        cls.paid = cls.make_invoice(200.0, due_in=-100)
        cls.pay_on(cls.partial, 200.0, cls.today - 5 * DAY)
        cls.pay_on(cls.paid, 200.0, cls.today - 20 * DAY)

    @classmethod
    def pay_on(cls, invoice, amount, day):
        return (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"amount": amount, "payment_date": day})
            ._create_payments()
        )

    def by_definition(self, day):
        self.env.flush_all()
        self.env.cr.execute(DEFINITION, {"day": day, "company": self.company.id})
        return {line: float(amount) for line, amount in self.env.cr.fetchall() if amount}
