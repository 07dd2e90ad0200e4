"""Bank lines against the books: applied, suggested, refused, undone."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import format_date

from .common import ReceivablesCommon


class MatchingCommon(ReceivablesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal = cls.company_data["default_journal_bank"]
        cls.other = cls.make_customer("ИП Иванов", vat="861040022334")
        cls.customer.vat = "850540011223"

    @classmethod
    def make_line(cls, amount, purpose="", **values):
        return cls.env["account.bank.statement.line"].create(
            {
                "journal_id": cls.journal.id,
                "date": cls.today,
                "amount": amount,
                "payment_ref": purpose or "/",
                "payment_purpose": purpose,
                **values,
            }
        )

    def match(self, line):
        return self.env["payment.match"].search([("statement_line_id", "in", line.ids)])

    def assert_booked(self, line):
        self.assertTrue(line.is_reconciled, "the bank line is settled")
        self.assertAlmostEqual(sum(line.move_id.line_ids.mapped("balance")), 0.0, msg="the entry balances")
        suspense = line.move_id.line_ids.filtered(
            lambda item: item.account_id == self.journal.suspense_account_id
        )
        self.assertFalse(suspense, "nothing stays in suspense")


@tagged("post_install", "-at_install")
class TestMatching(MatchingCommon):
    def test_our_code_pays_the_invoice(self):
        invoice = self.make_invoice(500)
        cyrillic = invoice.payment_code.translate(str.maketrans("ABCEHKMPTXY", "АВСЕНКМРТХУ"))
        line = self.make_line(500, f"Оплата по реф. {cyrillic} за цемент")
        self.assertEqual(line.match_payments(), {"applied": 1, "suggested": 0, "manual": 0})
        self.assert_booked(line)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(invoice.tracking_status, "paid")
        self.assertEqual(line.partner_id, self.customer)
        match = self.match(line)
        self.assertEqual((match.state, match.reason, match.is_automatic), ("applied", "code", True))
        self.assertIn(cyrillic, match.evidence)
        self.assertIn(f">{cyrillic}</span>", match.purpose_html)
        self.assertEqual(invoice.bank_match_count, 1)

    def test_the_number_in_a_sentence_pays_the_invoice(self):
        invoice, other = self.make_invoice(200), self.make_invoice(200)
        line = self.make_line(200, f"Оплата по счету № {invoice.name} от 01.02.2026, в т.ч. НДС 16% 27-59")
        line.match_payments()
        self.assert_booked(line)
        self.assertEqual((invoice.amount_residual, other.amount_residual), (0, 200))

    def test_500_never_pays_200(self):
        invoice = self.make_invoice(200)
        line = self.make_line(500, invoice.name)
        self.assertEqual(line.match_payments()["suggested"], 1)
        self.assertFalse(line.is_reconciled)
        self.assertEqual(invoice.amount_residual, 200)
        self.match(line).action_accept()
        self.assert_booked(line)
        self.assertEqual(invoice.amount_residual, 0)
        credit = line.move_id.line_ids.filtered(
            lambda item: item.account_type == "asset_receivable" and not item.reconciled
        )
        self.assertEqual(credit.amount_residual, -300, "the rest stays the customer's credit")

    def test_a_text_of_signs_books_nothing(self):
        self.make_invoice(1)
        lines = self.env["account.bank.statement.line"]
        for text in ("/", "%", "_", "2026", "INV", "0"):
            lines |= self.make_line(1, text)
        self.assertEqual(lines.match_payments(), {"applied": 0, "suggested": 0, "manual": 6})
        self.assertFalse(any(lines.mapped("is_reconciled")))

    def test_instalments_are_paid_in_their_order(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "30/70",
                "line_ids": [
                    fields.Command.create({"value": "percent", "value_amount": 30, "nb_days": 5}),
                    fields.Command.create({"value": "percent", "value_amount": 70, "nb_days": 30}),
                ],
            }
        )
        invoice = self.make_invoice(1000, invoice_payment_term_id=term.id, invoice_date_due=False)
        first = self.make_line(300, invoice.payment_code)
        first.match_payments()
        self.assert_booked(first)
        self.assertEqual(invoice.amount_residual, 700)
        items = invoice.line_ids.filtered(lambda item: item.account_type == "asset_receivable").sorted(
            "date_maturity"
        )
        self.assertEqual(items.mapped("amount_residual"), [0, 700])
        part = self.make_line(100, invoice.payment_code)
        self.assertEqual(part.match_payments()["suggested"], 1)
        rest = self.make_line(700, f"{invoice.name}-2")
        rest.match_payments()
        self.assert_booked(rest)
        self.assertEqual(invoice.payment_state, "paid")

    def test_one_line_pays_two_invoices(self):
        one, two = self.make_invoice(200), self.make_invoice(300)
        line = self.make_line(500, f"по счетам {one.name} и {two.name}")
        line.match_payments()
        self.assert_booked(line)
        self.assertEqual((one.amount_residual, two.amount_residual), (0, 0))
        self.assertEqual(self.match(line).reason, "several")

    def test_the_amount_of_a_known_payer_is_suggested_and_accepted(self):
        invoice = self.make_invoice(777)
        line = self.make_line(777, "за товар", payer_tax_id="850540011223")
        self.assertEqual(line.match_payments()["suggested"], 1)
        match = self.match(line)
        self.assertEqual((match.reason, match.move_ids), ("amount_unique", invoice))
        match.action_accept()
        self.assert_booked(line)
        self.assertEqual(
            (match.state, match.is_automatic, match.decided_by_id), ("applied", False, self.env.user)
        )

    def test_equal_invoices_are_shown_and_one_is_applied_by_click(self):
        one, two = self.make_invoice(400), self.make_invoice(400)
        line = self.make_line(400, "за товар", payer_tax_id="850540011223")
        line.match_payments()
        match = self.match(line)
        self.assertEqual(
            (match.state, match.reason, len(match.candidate_ids)), ("suggested", "amount_ambiguous", 2)
        )
        self.assertFalse(match.candidate_id, "nothing is preselected")
        with self.assertRaises(UserError):
            match.action_apply()
        match.candidate_ids.filtered(lambda candidate: candidate.move_ids == two).action_apply()
        self.assertEqual((one.amount_residual, two.amount_residual), (400, 0))

    def test_a_third_party_is_suggested_unless_the_company_says_otherwise(self):
        invoice = self.make_invoice(250)
        line = self.make_line(250, invoice.payment_code, payer_tax_id=self.other.vat)
        line.match_payments()
        self.assertEqual((self.match(line).state, self.match(line).reason), ("suggested", "third_party"))
        self.company.match_third_party = "apply"
        line.match_payments()
        self.assert_booked(line)
        self.assertEqual(line.partner_id, self.customer)

    def test_a_known_account_tells_the_payer(self):
        self.env["res.partner.bank"].create(
            {"acc_number": "KZ698562203124676325", "partner_id": self.customer.id}
        )
        invoice = self.make_invoice(321)
        line = self.make_line(321, "за товар", payer_account="KZ698562203124676325")
        line.match_payments()
        self.assertEqual(self.match(line).move_ids, invoice)

    def test_undo_restores_everything_and_the_line_is_left_alone(self):
        invoice = self.make_invoice(500)
        line = self.make_line(500, invoice.payment_code)
        line.match_payments()
        match = self.match(line)
        match.action_undo()
        self.assertEqual((match.state, invoice.amount_residual), ("undone", 500))
        self.assertEqual(invoice.tracking_status, "created")
        self.assertFalse(line.is_reconciled or line.partner_id)
        self.assertEqual(line.match_payments(), {"applied": 0, "suggested": 0, "manual": 0})
        self.assertEqual(invoice.amount_residual, 500)
        match.action_rematch()
        self.assertEqual(match.state, "suggested", "looked at again, it is only suggested")
        line.match_payments()
        self.assertFalse(line.is_reconciled, "never applied by itself again")
        match.action_apply()
        self.assert_booked(line)

    def test_undoing_it_in_accounting_counts_as_undone(self):
        invoice = self.make_invoice(500)
        line = self.make_line(500, invoice.payment_code)
        line.match_payments()
        line.action_undo_reconciliation()
        self.assertEqual(self.match(line).state, "undone")

    def test_a_second_run_is_harmless(self):
        invoice = self.make_invoice(500)
        self.make_invoice(300)
        lines = self.make_line(500, invoice.payment_code) | self.make_line(
            300, "x", payer_tax_id=self.customer.vat
        )
        lines.match_payments()
        before = self.match(lines)
        entries = self.env["account.partial.reconcile"].search_count([])
        self.assertEqual(lines.match_payments(), {"applied": 0, "suggested": 1, "manual": 0})
        self.assertEqual(self.match(lines), before)
        self.assertEqual(self.env["account.partial.reconcile"].search_count([]), entries)

    def test_the_same_invoice_is_not_paid_twice(self):
        invoice = self.make_invoice(500)
        lines = self.make_line(500, invoice.payment_code) | self.make_line(500, invoice.payment_code)
        self.assertEqual(lines.match_payments()["applied"], 1)
        self.assertEqual(sorted(self.match(lines).mapped("reason")), ["already_paid", "code"])

    def test_what_changed_since_the_proposal_is_not_booked(self):
        invoice = self.make_invoice(500)
        line = self.make_line(500, "за товар", payer_tax_id=self.customer.vat)
        line.match_payments()
        self.pay(invoice, 100)
        match = self.match(line)
        with self.assertRaises(UserError):
            match.action_apply()
        match.action_accept()
        self.assertEqual((match.state, match.reason), ("suggested", "changed"))
        self.assertFalse(line.is_reconciled)

    def test_a_credit_note_is_netted_when_accepted(self):
        invoice = self.make_invoice(500)
        credit = self.make_invoice(120, move_type="out_refund")
        line = self.make_line(380, "за товар", payer_tax_id=self.customer.vat)
        line.match_payments()
        match = self.match(line)
        self.assertEqual(match.reason, "sum_unique")
        match.action_accept()
        self.assert_booked(line)
        self.assertEqual((invoice.amount_residual, credit.amount_residual), (0, 0))

    def test_chosen_by_hand(self):
        one, two = self.make_invoice(200, due_in=5), self.make_invoice(300, due_in=10)
        line = self.make_line(350, "за товар")
        line.match_payments()
        match = self.match(line)
        self.assertEqual(match.state, "manual")
        match.hand_line_ids = (one | two).line_ids.filtered(
            lambda item: item.account_type == "asset_receivable"
        )
        match.action_apply_chosen()
        self.assert_booked(line)
        self.assertEqual((one.amount_residual, two.amount_residual), (0, 150))
        self.assertEqual((match.reason, match.partner_id), ("by_hand", self.customer))

    def test_a_remote_call_books_nothing_that_the_screen_does_not_offer(self):
        invoice = self.make_invoice(200)
        line, other = self.make_line(350, "за товар"), self.make_line(200, "за товар")
        (line | other).match_payments()
        match = self.match(line)
        match.hand_line_ids = invoice.line_ids.filtered(lambda item: item.account_type == "income")
        with self.assertRaises(UserError):
            match.action_apply_chosen()
        foreign = self.match(other).candidate_ids[:1]
        self.assertTrue(foreign)
        for candidate in (foreign, foreign.id):
            with self.assertRaises(UserError):
                match.action_apply(candidate)
        match.candidate_id = foreign
        with self.assertRaises(UserError):
            match.action_apply()
        self.assertFalse(line.is_reconciled)
        self.assertEqual(invoice.amount_residual, 200)

    def test_a_number_that_is_not_open_is_marked_as_such(self):
        self.make_invoice(200)
        line = self.make_line(200, "по счету INV/2099/00777 <b>", payer_tax_id=self.customer.vat)
        line.match_payments()
        match = self.match(line)
        self.assertEqual((match.state, match.reason), ("suggested", "reference_closed"))
        self.assertFalse(match.candidate_id)
        self.assertIn("INV/2099/00777", match.evidence)
        self.assertIn("bg-warning-subtle", match.purpose_html)
        self.assertIn("&lt;b&gt;", match.purpose_html, "the bank's text is escaped")

    def test_outgoing_money_and_dismissed_lines_are_left(self):
        line = self.make_line(-500, "аренда")
        self.assertEqual(line.match_payments()["manual"], 1)
        self.match(line).action_dismiss()
        self.assertEqual(sum(line.match_payments().values()), 0)

    def test_a_locked_period_is_said(self):
        invoice = self.make_invoice(500)
        line = self.make_line(500, invoice.payment_code)
        # Odoo locks no period with open lines; an undo may reopen one all the same.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_company SET fiscalyear_lock_date = %s WHERE id = %s", (self.today, self.company.id)
        )
        self.env.invalidate_all()
        line.match_payments()
        match = self.match(line)
        self.assertEqual((match.state, match.reason), ("suggested", "locked"))
        self.assertIn(format_date(self.env, self.today), match.note)
        self.assertFalse(line.is_reconciled)
        with self.assertRaisesRegex(UserError, "locked period"):
            match.action_apply()

    def test_the_companys_foreign_currency_is_paid_at_the_banks_rate(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.002)])
        journal = self.env["account.journal"].create(
            {"name": "USD bank", "type": "bank", "code": "BUSD", "currency_id": currency.id}
        )
        invoice = self.make_invoice(100, currency_id=currency.id)
        line = self.make_line(100, invoice.payment_code, journal_id=journal.id)
        line.match_payments()
        self.assertTrue(line.is_reconciled)
        self.assertEqual(invoice.amount_residual, 0)

    def test_queries_do_not_grow_per_decided_line(self):
        def count(number):
            lines = self.env["account.bank.statement.line"]
            for _place in range(number):
                lines |= self.make_line(11, "за товар", payer_tax_id=self.customer.vat)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lines.match_payments()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        few, many = count(5), count(25)
        self.assertLessEqual(many - few, 20, f"{few} queries for 5 lines, {many} for 25")

    def test_queries_grow_slowly_per_applied_line(self):
        def count(number):
            lines = self.env["account.bank.statement.line"]
            for _place in range(number):
                lines |= self.make_line(50, self.make_invoice(50).payment_code)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(lines.match_payments()["applied"], number)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        few, many = count(5), count(25)
        self.assertLessEqual((many - few) / 20, 8, f"{few} queries for 5 lines, {many} for 25")

    def test_a_bookkeeper_matches_applies_and_undoes(self):
        self._match_apply_undo_as("base.group_user,account.group_account_user")

    def test_cash_application_alone_is_enough(self):
        self._match_apply_undo_as("base.group_user,invoice_to_cash.group_cash_application")

    def _match_apply_undo_as(self, groups):
        user = new_test_user(self.env, "clerk", groups=groups)
        invoice = self.make_invoice(500)
        line = self.make_line(500, invoice.payment_code)
        line.with_user(user).match_payments()
        self.assert_booked(line)
        match = self.match(line).with_user(user)
        match.action_undo()
        self.assertEqual((match.decided_by_id, invoice.amount_residual), (user, 500))
        match.action_rematch()
        match.action_accept()
        self.assertEqual(invoice.amount_residual, 0)

    def test_others_may_not_match(self):
        user = new_test_user(self.env, "seller", groups="base.group_user,account.group_account_invoice")
        line = self.make_line(500, "x")
        line.match_payments()
        with self.assertRaises(AccessError):
            line.with_user(user).match_payments()
        with self.assertRaises(AccessError):
            self.match(line).with_user(user).action_dismiss()
