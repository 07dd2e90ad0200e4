import datetime

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_dunning_reminders import DUE, DunningCommon


@tagged("post_install", "-at_install")
class TestDunningInterest(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls.env["payer.profile"]._get_or_create(cls.company, cls.alfa)
        cls.profile.write({"interest_rate": 0.1, "interest_cap": 10, "interest_grace": 2})
        cls.product = cls.env["product.product"].create(
            {"name": "Late charges", "type": "service", "taxes_id": False}
        )
        cls.company.dunning_interest_product_id = cls.product

    def wizard(self, day):
        return self.env["dunning.interest.wizard"].create(
            {"profile_id": self.profile.id, "date": self.on(day)}
        )

    def test_the_letter_tells_what_has_accrued_where_the_contract_has_a_rate(self):
        self.invoice(self.alfa)
        self.invoice(self.beta)
        reminders = self.generate(7)
        told = {reminder.partner_id: reminder.amount_interest for reminder in reminders}
        # Five days at 0.1 % of 1,000; told, not part of what is to pay.
        self.assertEqual(told, {self.alfa: 5.0, self.beta: 0.0})
        self.assertEqual(set(reminders.mapped("amount_due")), {1000.0})

    def test_the_figure_is_that_of_the_day_of_sending(self):
        self.invoice(self.alfa)
        reminder = self.generate(6)
        self.assertEqual(self.generate(7), reminder)
        self.assertEqual(reminder.amount_interest, 5.0)

    def test_an_invoice_of_the_charges_is_a_draft_and_nothing_is_charged_twice(self):
        invoice = self.invoice(self.alfa)
        wizard = self.wizard(12)
        self.assertEqual((wizard.line_ids.move_id, wizard.line_ids.amount), (invoice, 10.0))
        action = wizard.action_invoice()
        charges = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(
            (charges.state, charges.amount_total, charges.partner_id), ("draft", 10.0, self.alfa)
        )
        self.assertIn(invoice.name, charges.invoice_line_ids.name)
        with self.assertRaises(UserError):
            wizard.action_invoice()
        self.assertFalse(self.wizard(12).line_ids)
        self.assertEqual(self.wizard(14).line_ids.amount, 2.0)

    def test_charges_stay_owed_after_the_principal_is_paid(self):
        invoice = self.invoice(self.alfa)
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        wizard.create({"amount": 1000.0, "payment_date": self.on(8)}).action_create_payments()
        # The days 3 to 7; the day of the money is free.
        self.assertEqual(self.wizard(300).line_ids.amount, 5.0)

    def test_a_cancelled_or_deleted_draft_gives_the_charges_back(self):
        self.invoice(self.alfa)
        action = self.wizard(12).action_invoice()
        charges = self.env["account.move"].browse(action["res_id"])
        charges.button_cancel()
        self.assertEqual(self.wizard(12).line_ids.amount, 10.0)
        action = self.wizard(12).action_invoice()
        self.env["account.move"].browse(action["res_id"]).unlink()
        self.assertEqual(self.wizard(12).line_ids.amount, 10.0)

    def test_there_are_no_charges_on_charges_nor_on_what_is_disputed(self):
        invoice = self.invoice(self.alfa)
        action = self.wizard(12).action_invoice()
        charges = self.env["account.move"].browse(action["res_id"])
        charges.write({"invoice_date": self.on(12), "invoice_date_due": self.on(12)})
        charges.action_post()
        self.assertEqual(self.wizard(40).line_ids.move_id, invoice)
        self.env["invoice.dispute"].create({"move_id": invoice.id, "amount": 500.0})
        # 38 days on 500, less the 10 that are invoiced.
        self.assertEqual(self.wizard(40).line_ids.amount, 9.0)

    def test_more_than_has_accrued_is_refused_and_less_is_possible(self):
        self.invoice(self.alfa)
        wizard = self.wizard(12)
        wizard.line_ids.amount = 10.01
        with self.assertRaises(UserError):
            wizard.action_invoice()
        wizard.line_ids.amount = 4.0
        wizard.action_invoice()
        self.assertEqual(self.wizard(12).line_ids.amount, 6.0)

    def test_without_a_rate_or_a_product_it_says_so(self):
        self.invoice(self.alfa)
        self.company.dunning_interest_product_id = False
        with self.assertRaises(UserError):
            self.wizard(12).action_invoice()
        self.profile.interest_rate = 0
        with self.assertRaises(UserError):
            self.profile.action_invoice_interest()

    def test_who_may_not_make_invoices_cannot_charge(self):
        today = self.company._receivables_today()
        self.invoice(self.alfa, due=today - datetime.timedelta(days=30))
        user = self.env["res.users"].create(
            {
                "name": "C",
                "login": "i2c_charges",
                "group_ids": [fields.Command.set(self.env.ref("invoice_to_cash.group_collector").ids)],
                "company_id": self.company.id,
                "company_ids": [fields.Command.set(self.company.ids)],
            }
        )
        if not user.has_group("account.group_account_invoice"):
            with self.assertRaises(AccessError):
                self.profile.with_user(user).action_invoice_interest()
        self.assertTrue(self.profile.action_invoice_interest()["res_id"])
        self.assertGreater(today, DUE)
