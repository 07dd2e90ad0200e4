from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import ReceivablesCommon


@tagged("post_install", "-at_install")
class TestInvoiceDispute(ReceivablesCommon):
    def dispute(self, invoice, **values):
        return self.env["invoice.dispute"].create({"move_id": invoice.id, "reason": "price", **values})

    def test_the_sum_is_what_is_open_and_never_counts_more(self):
        invoice = self.make_invoice(1000.0, due_in=-5)
        dispute = self.dispute(invoice)
        self.assertEqual(dispute.amount, 1000.0)
        self.assertEqual(invoice.disputed_amount, 1000.0)
        self.pay(invoice, 400.0)
        self.assertEqual(invoice.disputed_amount, 600.0, "what is paid is not disputed any more")
        dispute.action_reject()
        self.assertEqual(invoice.disputed_amount, 0.0)
        self.assertEqual(dispute.resolved_by_id, self.env.user)
        kinds = invoice.tracking_event_ids.mapped("kind")
        self.assertIn("disputed", kinds)
        self.assertIn("dispute_settled", kinds)

    def test_a_line_disputes_its_own_sum(self):
        invoice = self.make_invoice(
            invoice_line_ids=[
                Command.create({"name": "Cement", "price_unit": 700.0, "tax_ids": False}),
                Command.create({"name": "Sand", "price_unit": 300.0, "tax_ids": False}),
            ]
        )
        sand = invoice.invoice_line_ids.filtered(lambda line: line.name == "Sand")
        self.assertEqual(self.dispute(invoice, line_id=sand.id).amount, 300.0)
        with self.assertRaises(ValidationError):
            self.dispute(self.make_invoice(), line_id=sand.id)

    def test_what_cannot_be_disputed(self):
        with self.assertRaisesRegex(ValidationError, "posted"):
            self.dispute(self.make_invoice(post=False), amount=10.0)
        with self.assertRaisesRegex(ValidationError, "is only over"):
            self.dispute(self.make_invoice(100.0), amount=100.01)

    def test_an_owner_gets_a_task_that_ends_with_the_dispute(self):
        owner = new_test_user(self.env, "owner", groups="invoice_to_cash.group_collector")
        dispute = self.dispute(self.make_invoice(), owner_id=owner.id)
        self.assertEqual(dispute.activity_ids.user_id, owner)
        action = dispute.action_accept()
        self.assertFalse(dispute.activity_ids)
        self.assertEqual(action["res_model"], "account.move.reversal")

    def test_late_ones_are_found(self):
        late = self.dispute(self.make_invoice(), deadline="2020-01-01")
        self.assertTrue(late.is_late)
        found = self.env["invoice.dispute"].search([("is_late", "=", True)])
        self.assertIn(late, found)
        late.action_withdraw()
        self.assertFalse(late.is_late)

    def test_what_is_disputed_in_full_is_not_chased(self):
        invoice = self.make_invoice(1000.0, due_in=-5)

        def is_disputed():
            ((account, _decision),) = self.company._decide_dunning(self.today, self.customer)
            return account.positions[0].disputed

        dispute = self.dispute(invoice, amount=600.0)
        self.assertFalse(is_disputed())
        dispute.amount = 1000.0
        self.assertTrue(is_disputed())
        dispute.action_reject()
        self.assertFalse(is_disputed())

    def test_access(self):
        dispute = self.dispute(self.make_invoice())
        salesman = new_test_user(self.env, "seller", groups="sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            dispute.with_user(salesman).read(["amount"])
        other = self.setup_other_company()["company"]
        collector = new_test_user(
            self.env,
            "elsewhere",
            groups="invoice_to_cash.group_collector",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self.env["invoice.dispute"].with_user(collector).search([("id", "=", dispute.id)]))
