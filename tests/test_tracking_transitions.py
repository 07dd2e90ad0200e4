"""Whatever happens to an invoice, in whatever order: its stored status is the one that its facts give."""

import random
from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from odoo.addons.invoice_to_cash.core import statuses

from .common import ReceivablesCommon

WALKS, STEPS = 6, 9


@tagged("post_install", "-at_install")
class TestStatusTransitions(ReceivablesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 3.0)])
        cls.term = cls.env["account.payment.term"].create(
            {
                "name": "Half and half",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (2, 30)
                ],
            }
        )
        cls.bank = cls.company_data["default_journal_bank"]

    # --- what can happen ---------------------------------------------------
    def do_pay_a_part(self, invoice, rng):
        if invoice.state == "posted" and invoice.amount_residual > 10:
            self.pay(invoice, round(invoice.amount_residual * rng.choice((0.3, 0.5, 0.9)), 2))

    def do_pay_the_rest(self, invoice, _rng):
        if invoice.state == "posted" and invoice.amount_residual:
            self.pay(invoice)

    def do_bank_line(self, invoice, _rng):
        """Money of the bank, booked against the invoice, as matching does."""
        receivable = self.receivable(invoice).filtered(lambda line: not line.reconciled)[:1]
        if invoice.state != "posted" or not receivable or invoice.currency_id != self.company.currency_id:
            return
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": self.today,
                "payment_ref": "money",
                "amount": receivable.amount_residual,
                "partner_id": self.customer.id,
                "counterpart_account_id": receivable.account_id.id,
            }
        )
        counterpart = line.line_ids.filtered(lambda entry: entry.account_id == receivable.account_id)
        (counterpart | receivable).reconcile()

    def do_credit_a_part(self, invoice, rng):
        if invoice.state == "posted" and invoice.amount_residual:
            refund = self.init_invoice(
                "out_refund",
                partner=self.customer,
                amounts=[rng.choice((50.0, 400.0))],
                taxes=[],
                post=True,
                currency=invoice.currency_id,
            )
            (self.receivable(invoice) | self.receivable(refund)).filtered(
                lambda line: not line.reconciled
            ).reconcile()

    def do_reverse(self, invoice, rng):
        if invoice.state == "posted" and rng.random() < 0.3:
            self.env["account.move.reversal"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({"journal_id": invoice.journal_id.id}).refund_moves()
            invoice.reversal_move_ids.filtered(lambda move: move.state == "draft").action_post()

    def do_undo_all(self, invoice, _rng):
        invoice.line_ids.remove_move_reconcile()

    def do_undo_one(self, invoice, rng):
        lines = self.receivable(invoice)
        partials = (lines.matched_credit_ids | lines.matched_debit_ids).sorted("id")
        if partials:
            partials[rng.randrange(len(partials))].unlink()

    def do_cancel_a_payment(self, invoice, rng):
        payments = self.receivable(invoice).matched_credit_ids.credit_move_id.move_id.origin_payment_id
        if payments:
            payment = payments.sorted("id")[rng.randrange(len(payments))]
            payment.action_draft()
            payment.action_cancel()

    def do_draft_and_back(self, invoice, rng):
        if invoice.state == "posted":
            invoice.button_draft()
            if rng.random() < 0.5:
                self.check(invoice)
                invoice.invoice_line_ids[:1].price_unit += 100
        if invoice.state == "draft":
            invoice.action_post()

    def do_another_due_date(self, invoice, rng):
        for line in self.receivable(invoice):
            line.date_maturity = self.today + timedelta(days=rng.choice((-40, -1, 0, 1, 3, 4, 40)))

    def do_send(self, invoice, _rng):
        if invoice.state == "posted":
            invoice._mark_sent(detail="buh@stroyservis.example")

    def do_view(self, invoice, _rng):
        if invoice.state == "posted":
            invoice._mark_viewed("link", "buh@stroyservis.example")

    # --- the check -----------------------------------------------------------
    @staticmethod
    def receivable(move):
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def check(self, invoice, *story):
        self.env.flush_all()
        self.env.invalidate_all()
        (row,) = self.env["account.move"].search_read(
            [("id", "=", invoice.id)], ["tracking_status", "status_next_date", "paid_how"]
        )
        if invoice.state != "posted":
            self.assertFalse(row["tracking_status"] or row["status_next_date"] or row["paid_how"], story)
            return
        status, change = statuses.status(
            invoice._get_status_facts(), self.today, self.company.receivables_due_soon_days
        )
        self.assertEqual((row["tracking_status"], row["status_next_date"] or None), (status, change), story)
        is_settled = invoice.currency_id.is_zero(invoice.amount_residual)
        self.assertEqual(row["tracking_status"] == "paid", is_settled, story)
        self.assertEqual(bool(row["paid_how"]), status == "paid", story)
        # What the hourly job would say, were the invoice's day today.
        self.env.cr.execute(
            "UPDATE account_move SET status_next_date = %s WHERE id = %s", [self.today, invoice.id]
        )
        self.env.invalidate_all()
        if status != "paid":
            self.env["account.move"]._move_statuses(self.company)
            self.env.invalidate_all()
            job = (invoice.tracking_status, invoice.status_next_date or None)
            self.assertEqual(job, (status, change), story)
        self.env.cr.execute(
            "UPDATE account_move SET status_next_date = %s WHERE id = %s", [change, invoice.id]
        )
        self.env.invalidate_all()

    def walk(self, seed, **values):
        rng = random.Random(seed)
        steps = sorted(name for name in dir(self) if name.startswith("do_"))
        invoice = self.make_invoice(amount=1000.0, due_in=rng.choice((-5, 0, 3, 30)), **values)
        story = []
        self.check(invoice)
        for _n in range(STEPS):
            step = rng.choice(steps)
            story.append(step)
            getattr(self, step)(invoice, rng)
            self.check(invoice, seed, *story)

    def test_plain(self):
        for seed in range(WALKS):
            self.walk(seed)

    def test_instalments(self):
        for seed in range(WALKS):
            self.walk(100 + seed, invoice_payment_term_id=self.term.id, invoice_date=self.today)

    def test_foreign_currency(self):
        for seed in range(WALKS):
            self.walk(200 + seed, currency_id=self.euro.id)

    def test_every_step_was_taken_and_worked(self):
        """The walks prove nothing about a step that never does anything."""
        rng = random.Random(1)
        for name in sorted(name for name in dir(self) if name.startswith("do_")):
            invoice = self.make_invoice()
            if "undo" in name or "cancel" in name:
                self.pay(invoice, 400.0)
            self.env.flush_all()
            before = self.picture(invoice)
            for _n in range(12):
                getattr(self, name)(invoice, rng)
                self.env.flush_all()
                if self.picture(invoice) != before:
                    break
            self.assertNotEqual(self.picture(invoice), before, name)

    def picture(self, invoice):
        return (
            invoice.tracking_status,
            invoice.amount_residual,
            invoice.amount_total,
            self.receivable(invoice).mapped("date_maturity"),
        )
