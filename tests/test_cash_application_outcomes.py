"""What a person makes of a payment: split, the four ends of a short one, advances, no customer payment."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .test_cash_application_matching import MatchingCommon


class OutcomesCommon(MatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expense = cls.company_data["default_account_expense"]
        cls.fee_account = cls.expense.copy({"name": "Bank fees", "code": "649999"})
        cls.company.write(
            {
                "match_tolerance": 50,
                "match_write_off_account_id": cls.expense.id,
                "match_fee_account_id": cls.fee_account.id,
            }
        )

    def receivable(self, moves):
        return moves.line_ids.filtered(lambda item: item.account_type == "asset_receivable")

    def undecided(self, amount, purpose="за товар", **values):
        line = self.make_line(amount, purpose, **values)
        line.match_payments()
        return self.match(line)


@tagged("post_install", "-at_install")
class TestOutcomes(OutcomesCommon):
    def test_a_payment_is_split_over_several_items(self):
        one, two = self.make_invoice(200), self.make_invoice(300, partner=self.other)
        match = self.undecided(350)
        match.allocate(
            [(self.receivable(one).id, 200), (self.receivable(two).id, 100)], partner_id=self.customer.id
        )
        self.assert_booked(match.statement_line_id)
        self.assertEqual((one.amount_residual, two.amount_residual), (0, 200))
        credit = match.statement_line_id.line_ids.filtered(lambda item: item.amount_residual < 0)
        self.assertEqual((credit.amount_residual, credit.partner_id), (-50, self.customer))
        self.assertEqual((one.tracking_status, two.tracking_status), ("paid", "partial"))

    def test_a_credit_note_is_used_up(self):
        invoice, refund = self.make_invoice(500), self.make_invoice(120, move_type="out_refund")
        match = self.undecided(380)
        match.allocate([(self.receivable(invoice).id, 500), (self.receivable(refund).id, -120)])
        self.assert_booked(match.statement_line_id)
        self.assertEqual((invoice.amount_residual, refund.amount_residual), (0, 0))

    def test_a_short_payment_leaves_the_rest_open(self):
        invoice = self.make_invoice(500)
        match = self.undecided(470)
        match.allocate([(self.receivable(invoice).id, 470)], outcome="partial")
        self.assert_booked(match.statement_line_id)
        self.assertEqual((invoice.amount_residual, match.outcome), (30, "partial"))

    def test_the_rest_is_a_bank_fee_or_written_off(self):
        for outcome, account in (("fee", self.fee_account), ("write_off", self.expense)):
            invoice = self.make_invoice(500)
            match = self.undecided(470)
            match.allocate([(self.receivable(invoice).id, 470)], outcome=outcome)
            self.assert_booked(match.statement_line_id)
            self.assertEqual((invoice.amount_residual, invoice.payment_state), (0, "paid"))
            cost = match.statement_line_id.line_ids.filtered(
                lambda item, kept=account: item.account_id == kept
            )
            self.assertEqual((cost.balance, match.outcome), (30, outcome))
            match.action_undo()
            self.assertEqual(invoice.amount_residual, 500)
            self.assertEqual(len(match.statement_line_id.line_ids), 2, "only liquidity and suspense are left")

    def test_more_than_the_tolerance_is_never_written_off(self):
        invoice = self.make_invoice(500)
        match = self.undecided(449.99)
        with self.assertRaisesRegex(UserError, "50.01"):
            match.allocate([(self.receivable(invoice).id, 449.99)], outcome="write_off")
        self.company.match_write_off_account_id = False
        with self.assertRaisesRegex(UserError, "account"):
            match.allocate([(self.receivable(invoice).id, 449.99)], outcome="write_off")
        self.assertEqual((match.state, invoice.amount_residual), ("manual", 500))

    def test_the_tolerance_is_in_the_currency_of_the_company(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.1)])
        journal = self.env["account.journal"].create(
            {"name": "EUR bank", "type": "bank", "code": "BEUR", "currency_id": currency.id}
        )
        invoice = self.make_invoice(100, currency_id=currency.id)
        match = self.undecided(94, journal_id=journal.id)
        with self.assertRaises(UserError):
            match.allocate([(self.receivable(invoice).id, 94)], outcome="fee")
        match = self.undecided(95, journal_id=journal.id)
        match.allocate([(self.receivable(invoice).id, 95)], outcome="fee")
        self.assert_booked(match.statement_line_id)
        cost = match.statement_line_id.line_ids.filtered(lambda item: item.account_id == self.fee_account)
        self.assertEqual((cost.amount_currency, cost.balance, invoice.amount_residual), (5, 50, 0))

    def test_the_rest_is_disputed_and_an_undo_withdraws_it(self):
        invoice = self.make_invoice(500)
        match = self.undecided(300)
        match.allocate([(self.receivable(invoice).id, 300)], outcome="dispute")
        dispute = invoice.dispute_ids
        self.assertEqual((dispute.amount, dispute.reason, dispute.state), (200, "short_payment", "open"))
        self.assertEqual(invoice.amount_residual, 200)
        match.action_undo()
        self.assertEqual((dispute.state, invoice.amount_residual), ("withdrawn", 500))

    def test_what_does_not_fit_is_refused_in_words(self):
        invoice = self.make_invoice(500)
        item = self.receivable(invoice)
        match = self.undecided(1000)
        income = invoice.line_ids.filtered(lambda line: line.account_type == "income")
        for allocations in (
            [],
            [(item.id, 0)],
            [(item.id, -10)],
            [(item.id, 501)],
            [(item.id, 300), (item.id, 300)],
            [(income.id, 100)],
            [(0, 100)],
        ):
            with self.assertRaises(UserError, msg=allocations):
                match.allocate(allocations)
        with self.assertRaises(UserError):
            self.undecided(100).allocate([(item.id, 101)])
        self.assertEqual(invoice.amount_residual, 500)

    def test_an_advance_is_the_customers_credit(self):
        order = self.make_order()
        match = self.undecided(1000)
        with self.assertRaises(UserError):
            match.set_as_advance(self.other.id, order.id)
        match.set_as_advance(self.customer.id, order.id)
        line = match.statement_line_id
        self.assert_booked(line)
        credit = line.line_ids.filtered(lambda item: item.account_type == "asset_receivable")
        self.assertEqual((credit.amount_residual, credit.partner_id), (-1000, self.customer))
        self.assertIn(order.name, credit.name)
        self.assertEqual(
            (match.reason, match.outcome, line.partner_id), ("advance", "advance", self.customer)
        )

    def test_a_model_books_what_no_customer_paid(self):
        model = self.env["account.reconcile.model"].create(
            {
                "name": "Bank fees",
                "line_ids": [
                    fields.Command.create({"account_id": self.fee_account.id, "amount_string": "100"})
                ],
            }
        )
        match = self.undecided(-500, "комиссия банка")
        match.apply_reco_model(model.id)
        line = match.statement_line_id
        self.assert_booked(line)
        cost = line.line_ids.filtered(lambda item: item.account_id == self.fee_account)
        self.assertEqual((cost.balance, match.state, match.reason), (500, "applied", "reco_model"))
        match.action_undo()
        self.assertFalse(line.is_reconciled)

    def test_a_model_divides_by_text_percent_and_tax(self):
        tax = self.company_data["default_tax_purchase"]
        model = self.env["account.reconcile.model"].create(
            {
                "name": "Fee with tax",
                "line_ids": [
                    fields.Command.create(
                        {
                            "account_id": self.expense.id,
                            "amount_type": "regex",
                            "amount_string": r"комиссия ([\d,\s]+)",
                        }
                    ),
                    fields.Command.create(
                        {
                            "account_id": self.fee_account.id,
                            "amount_string": "100",
                            "tax_ids": [fields.Command.set(tax.ids)],
                        }
                    ),
                ],
            }
        )
        match = self.undecided(-1500, "комиссия 350,00 и абонплата")
        match.apply_reco_model(model.id)
        line = match.statement_line_id
        self.assert_booked(line)
        balances = {
            (item.account_id, bool(item.tax_repartition_line_id)): item.balance for item in line.line_ids
        }
        self.assertEqual(balances[self.expense, False], 350)
        base = balances[self.fee_account, False]
        self.assertAlmostEqual(base, 1150 / (1 + tax.amount / 100), 2)
        self.assertAlmostEqual(
            sum(item.balance for item in line.line_ids if item.tax_line_id), 1150 - base, 2
        )

    def test_a_model_that_leaves_money_without_account_books_nothing(self):
        model = self.env["account.reconcile.model"].create(
            {
                "name": "Half",
                "line_ids": [
                    fields.Command.create({"account_id": self.fee_account.id, "amount_string": "50"})
                ],
            }
        )
        match = self.undecided(-500, "комиссия банка")
        with self.assertRaisesRegex(UserError, "250"):
            match.apply_reco_model(model.id)
        self.assertFalse(match.statement_line_id.is_reconciled)

    def test_accept_above_a_threshold_after_a_preview(self):
        for amount in (111, 222):
            self.make_invoice(amount)
        matches = self.env["payment.match"].union(
            *[self.undecided(amount, payer_tax_id=self.customer.vat) for amount in (111, 222)]
        )
        low = min(matches.mapped("score"))
        domain = [("id", "in", matches.ids)]
        Match = self.env["payment.match"]
        self.assertEqual(Match._preview_accept(101, domain)["count"], 0)
        preview = Match._preview_accept(low, domain)
        self.assertEqual((preview["count"], preview["total"]), (2, 333))
        self.assertEqual(preview["by_reason"][0][0], "amount_unique")
        Match.accept_above(low, domain)
        self.assertEqual(set(matches.mapped("state")), {"applied"})

    def test_cash_application_alone_is_enough_and_others_may_not(self):
        invoice = self.make_invoice(500)
        item = self.receivable(invoice)
        match = self.undecided(470)
        collector = new_test_user(self.env, "c1", groups="base.group_user,invoice_to_cash.group_collector")
        for call in (
            lambda match: match.allocate([(item.id, 470)]),
            lambda match: match.set_as_advance(self.customer.id),
            lambda match: match.remember_payer(self.customer.id),
            lambda match: match.apply_reco_model(1),
        ):
            with self.assertRaises(AccessError):
                call(match.with_user(collector))
        clerk = new_test_user(self.env, "c2", groups="base.group_user,invoice_to_cash.group_cash_application")
        match.with_user(clerk).allocate([(item.id, 470)], outcome="dispute")
        self.assertEqual((invoice.amount_residual, invoice.dispute_ids.owner_id), (30, clerk))
        match.with_user(clerk).action_undo()
        self.assertEqual(invoice.amount_residual, 500)
