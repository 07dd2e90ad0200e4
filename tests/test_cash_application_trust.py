"""Trust that is counted: what people confirmed, corrected and undid decides what applies by itself."""

import datetime

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .test_cash_application_outcomes import OutcomesCommon


@tagged("post_install", "-at_install")
class TestTrust(OutcomesCommon):
    def trust(self, reason="amount_unique"):
        self.env["payment.match.trust"].action_open_report()
        trust = self.env["payment.match.trust"].search(
            [("company_id", "=", self.company.id), ("reason", "=", reason)]
        )
        trust.invalidate_recordset()  # the figures are counted anew by every request
        return trust

    def remember(self, verdict, number, reason="amount_unique", **values):
        """Old decisions, as the figures see them."""
        lines = self.env["account.bank.statement.line"].create(
            [
                {"journal_id": self.journal.id, "date": self.today, "amount": 1, "payment_ref": "old"}
                for _place in range(number)
            ]
        )
        return (
            self.env["payment.match"]
            .sudo()
            .create(
                [
                    {
                        "statement_line_id": line.id,
                        "currency_id": self.company.currency_id.id,
                        "date": self.today,
                        "state": "dismissed",
                        "proposed_reason": reason,
                        "verdict": verdict,
                        **values,
                    }
                    for line in lines
                ]
            )
        )

    def propose(self, amount):
        self.make_invoice(amount)
        return self.undecided(amount, payer_tax_id=self.customer.vat)

    def test_accepting_confirms_choosing_otherwise_corrects_and_undoing_undoes(self):
        accepted = self.propose(111)
        accepted.action_accept()
        self.assertEqual(accepted.verdict, "confirmed")
        by_hand = self.propose(112)
        by_hand.allocate([(by_hand.candidate_id.line_ids.line_id.id, 112)])
        self.assertEqual(by_hand.verdict, "confirmed", "the same money to the same item")
        other = self.make_invoice(500)
        corrected = self.propose(113)
        corrected.allocate([(self.receivable(other).id, 113)])
        self.assertEqual((corrected.verdict, corrected.proposed_reason), ("corrected", "amount_unique"))
        dismissed = self.propose(114)
        dismissed.action_dismiss()
        self.assertEqual(dismissed.verdict, "corrected")
        self.assertEqual((self.trust().confirmed, self.trust().undone), (2, 2))
        accepted.action_undo()
        self.assertEqual((self.trust().confirmed, self.trust().undone), (1, 3))
        accepted.action_rematch()
        accepted.action_accept()
        self.assertEqual(accepted.verdict, "undone", "once undone, the proposal stays undone")

    def test_what_nobody_proposed_is_not_counted(self):
        invoice = self.make_invoice(500)
        match = self.undecided(77)
        match.allocate([(self.receivable(invoice).id, 77)])
        self.assertFalse(match.verdict or match.proposed_reason)

    def test_a_manager_switches_on_after_fifty_and_not_before(self):
        self.company.match_automation = "earned"
        self.remember("confirmed", 49)
        with self.assertRaises(UserError):
            self.trust().action_switch_on()
        self.remember("confirmed", 1)
        clerk = new_test_user(self.env, "c4", groups="base.group_user,invoice_to_cash.group_cash_application")
        with self.assertRaises(AccessError):
            self.trust().with_user(clerk).action_switch_on()
        self.assertEqual(self.propose(201).state, "suggested")
        self.trust().action_switch_on()
        self.assertEqual((self.trust().state, self.trust().switched_on_by_id), ("switched_on", self.env.user))
        match = self.propose(202)
        self.assertEqual((match.state, match.reason, match.is_automatic), ("applied", "amount_unique", True))
        self.company.match_automation = "trusted"
        self.assertEqual(self.propose(203).state, "suggested")
        self.company.match_automation = "earned"
        match.action_undo()
        self.assertEqual(self.propose(204).state, "suggested", "1 of 51 is below 97 %")
        self.assertEqual(self.trust().state, "lost")
        self.assertFalse(self.trust().switched_on_by_id)

    def test_381_clean_ones_earn_it(self):
        self.company.match_automation = "earned"
        self.remember("confirmed", 380)
        self.assertEqual(self.propose(301).state, "suggested")
        self.remember("confirmed", 1)
        self.assertEqual(self.propose(302).state, "applied")
        self.assertTrue(self.trust().was_earned)
        self.remember("undone", 3)
        self.assertEqual(self.propose(303).state, "applied", "above 97 % it keeps it")
        self.remember("undone", 3)
        self.assertEqual(self.propose(304).state, "suggested")
        self.assertEqual(self.trust().state, "lost")

    def test_automatic_ones_count_when_they_have_stood_for_a_month(self):
        now = fields.Datetime.now()
        for days, counted in ((29, 0), (31, 1)):
            self.remember(
                False,
                1,
                state="applied",
                is_automatic=True,
                decided_at=now - datetime.timedelta(days=days),
            )
            self.assertEqual(self.trust().confirmed, counted)

    def test_a_shipped_reason_that_is_often_wrong_is_only_suggested(self):
        self.remember("undone", 5, reason="code")
        invoice = self.make_invoice(500)
        match = self.undecided(500, invoice.payment_code)
        self.assertEqual((match.state, match.reason, self.trust("code").state), ("suggested", "code", "lost"))

    def test_off_means_off(self):
        self.company.match_automation = "off"
        invoice = self.make_invoice(500)
        self.assertEqual(self.undecided(500, invoice.payment_code).state, "suggested")

    def test_each_company_has_its_own_trust(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.remember("confirmed", 3)
        counts = self.env["payment.match.trust"]._count_decisions(company | self.company)
        self.assertEqual(counts, {(self.company.id, "amount_unique"): (3, 0)})

    def test_a_tolerance_is_a_fee_when_accepted(self):
        invoice = self.make_invoice(500)
        match = self.undecided(470, invoice.payment_code)
        self.assertEqual((match.state, match.reason, match.outcome), ("suggested", "tolerance", "fee"))
        match.action_accept()
        self.assert_booked(match.statement_line_id)
        self.assertEqual((invoice.amount_residual, invoice.payment_state), (0, "paid"))
        cost = match.statement_line_id.line_ids.filtered(lambda item: item.account_id == self.fee_account)
        self.assertEqual(cost.balance, 30)
