"""Hand-over, folder of evidence, write-off with approval, other terms, and the start with the largest."""

import io
import zipfile

from pypdf import PdfReader

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .dunning_records_common import RecordsCommon


@tagged("post_install", "-at_install")
class TestDunningHandover(RecordsCommon):
    def at_the_last_step(self, **values):
        """An invoice whose manual step is due."""
        move = self.debt(late=22, **values)
        for level in (3, 4, 5):
            self.env["dunning.reminder"].sudo().create(
                {
                    "partner_id": self.alfa.id,
                    "company_id": self.company.id,
                    "currency_id": self.currency.id,
                    "date": self.day(-22 + 4 * (level - 2)),
                    "tone": "business",
                    "level": level,
                    "state": "sent",
                    "line_ids": [
                        Command.create(
                            {
                                "move_id": move.id,
                                "position": 1,
                                "level": level,
                                "move_name": move.name,
                                "due_date": move.invoice_date_due,
                                "residual": 1000.0,
                            }
                        )
                    ],
                }
            )
        return move

    def handed_over(self, **values):
        """A case that the ladder made."""
        self.at_the_last_step(**values)
        reminder = self.generate_today()
        self.assertEqual(reminder.state, "handed_over")
        return reminder.handover_id

    def noted(self, move):
        return {
            (note.level, note.reason)
            for note in self.env["dunning.silence"].search([("move_id", "=", move.id)])
        }

    def run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref("invoice_to_cash.cron_agreements").method_direct_trigger()

    def test_the_invoice_says_on_the_same_day_that_it_was_handed_over(self):
        move = self.handed_over().reminder_ids.line_ids.move_id
        self.assertEqual((move.dunning_level, move.dunning_next_date), (6, False))

    def test_what_else_is_due_on_the_day_of_the_hand_over_has_its_reason(self):
        other = self.debt(late=4)
        self.handed_over()
        self.assertIn((3, "with_person"), self.noted(other))

    def test_what_else_is_due_while_the_hand_over_waits_has_its_reason(self):
        other, move = self.debt(late=4), self.at_the_last_step()
        self.env["dunning.pause"].create(
            {"partner_id": self.alfa.id, "date_until": self.day(5), "reason": "on leave"}
        )
        self.generate_today()
        self.assertIn((6, "paused"), self.noted(move))
        self.assertIn((3, "paused"), self.noted(other))

    def test_the_manual_step_makes_a_case_with_owner_and_checklist(self):
        case = self.handed_over()
        self.assertEqual((case.partner_id, case.state, case.owner_id), (self.alfa, "open", self.env.user))
        self.assertEqual(len(case.task_ids), 7)
        self.generate_today(1)
        self.assertEqual(self.env["dunning.handover"].search_count([("partner_id", "=", self.alfa.id)]), 1)
        self.assertEqual(self.decision().reason.value, "with_person")
        case.task_ids[0].is_done = True
        self.assertEqual(case.task_ids[0].done_by_id, self.env.user)
        self.assertAlmostEqual(case.done_share, 100 / 7)

    def test_handed_over_by_hand_silences_the_letters(self):
        self.debt()
        profile = self.env["payer.profile"]._get_or_create(self.company, self.alfa)
        profile.action_hand_over()
        self.assertEqual(self.decision().reason.value, "with_person")
        self.assertIn(self.env.user.name, profile.agreement_notice)

    def test_back_in_the_reminders_it_rests_and_then_comes_again(self):
        case = self.handed_over()
        with self.assertRaisesRegex(UserError, "until when"):
            case.action_return()
        case.return_until = self.day(5)
        case.action_return()
        self.assertEqual((case.state, case.reminder_ids.state), ("returned", "returned"))
        self.assertFalse(case.reminder_ids.activity_ids)
        self.assertEqual(self.decision(day=5).reason.value, "paused")
        again = self.generate_today(6)
        self.assertEqual(again.state, "handed_over")
        self.assertNotEqual(again.handover_id, case)

    def test_a_paid_case_closes_by_itself(self):
        case = self.handed_over()
        self.run_job()
        self.assertEqual(case.state, "open")
        self.paid(self.env["account.move"].search([("partner_id", "=", self.alfa.id)]), 1000.0)
        self.run_job()
        self.assertEqual(case.state, "paid")

    def test_the_folder_holds_letters_invoices_statement_and_log(self):
        move = self.debt(late=3)
        letter = self.generate_today().send()
        self.promise(move, note="on Friday, says the director")
        self.env["invoice.dispute"].create(
            {"move_id": move.id, "amount": 10.0, "description": "a bag is wet"}
        )
        self.env["payer.profile"]._get_or_create(self.company, self.alfa).action_hand_over()
        case = self.env["dunning.handover"].search([("partner_id", "=", self.alfa.id)])
        case = case.with_context(force_report_rendering=True)
        content, merged = case._get_evidence_zip(), case._get_evidence_pdf()
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        self.assertEqual(len(names), 4, names)
        self.assertIn(f"Invoices/{move.name.replace('/', '_')}.pdf", names)
        self.assertEqual(len([name for name in names if name.startswith("Letters/")]), 1)
        text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(merged)).pages).split())
        for words in (
            move.name,
            letter.mail_message_id.subject,
            "on Friday",
            "a bag is wet",
            "alfa@example.com",
        ):
            self.assertIn(words, text)
        self.assertFalse(move.first_viewed_at, "making the folder is no opening by the customer")

    def test_given_to_the_lawyer_the_file_stays_with_the_case(self):
        self.debt()
        self.env["payer.profile"]._get_or_create(self.company, self.alfa).action_hand_over()
        case = self.env["dunning.handover"].search([("partner_id", "=", self.alfa.id)])
        action = case.action_lawyer()
        case.action_evidence_zip()
        self.assertEqual((case.state, action["type"]), ("lawyer", "ir.actions.act_url"))
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "dunning.handover"), ("res_id", "=", case.id)]
        )
        self.assertEqual(len(files), 1)


@tagged("post_install", "-at_install")
class TestDunningWriteOff(RecordsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.bad_debt_account_id = cls.company_data["default_account_expense"]

    def proposal(self, *moves):
        self.env["payer.profile"]._get_or_create(self.company, self.alfa).action_hand_over()
        case = self.env["dunning.handover"].search([("partner_id", "=", self.alfa.id)], limit=1)
        return self.env["dunning.write.off"].browse(case.action_propose_write_off()["res_id"])

    def test_approved_it_is_booked_and_undone_it_is_open_again(self):
        move, other = self.debt(), self.debt(amount=500.0)
        proposal = self.proposal()
        self.assertEqual((proposal.amount_total, proposal.line_ids.move_id), (1500.0, move | other))
        self.assertEqual(len(proposal.activity_ids), 1)
        proposal.action_approve()
        self.assertEqual(
            (proposal.state, move.payment_state, other.payment_state), ("approved", "paid", "paid")
        )
        self.assertEqual((move.tracking_status, move.paid_how), ("paid", "write_off"))
        debit = proposal.entry_id.line_ids.filtered("debit")
        self.assertEqual(debit.account_id, self.company.bad_debt_account_id)
        self.assertEqual(sum(debit.mapped("debit")), 1500.0)
        self.assertEqual(proposal.handover_id.state, "written_off")
        self.assertFalse(proposal.activity_ids)
        proposal.action_undo()
        self.assertEqual(
            (proposal.state, move.amount_residual, other.amount_residual), ("undone", 1000.0, 500.0)
        )
        self.assertEqual(proposal.reversal_id.reversed_entry_id, proposal.entry_id)
        self.assertEqual(proposal.handover_id.state, "open")

    def test_a_part_and_another_currency(self):
        eur = self.setup_other_currency("EUR", rates=[("1900-01-01", 2.0)])
        move = self.debt(currency=eur)
        proposal = self.proposal()
        proposal.line_ids.amount = 400.0
        proposal.action_approve()
        self.assertEqual(move.amount_residual, 600.0)
        debit = proposal.entry_id.line_ids.filtered("debit")
        self.assertEqual((debit.amount_currency, debit.debit), (400.0, 200.0))

    def test_only_a_manager_decides(self):
        self.debt()
        proposal = self.proposal()
        collector = new_test_user(
            self.env,
            "writeoff_collector",
            groups="invoice_to_cash.group_collector",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        for button in ("action_approve", "action_reject", "action_undo"):
            with self.assertRaises(AccessError):
                getattr(proposal.with_user(collector), button)()
        manager = new_test_user(
            self.env,
            "writeoff_manager",
            groups="invoice_to_cash.group_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        proposal.with_user(manager).action_approve()
        self.assertEqual((proposal.state, proposal.decided_by_id), ("approved", manager))

    def test_money_that_came_since_is_not_written_off(self):
        move = self.debt()
        proposal = self.proposal()
        self.paid(move, 600.0)
        with self.assertRaisesRegex(UserError, "400.00"):
            proposal.action_approve()
        proposal.action_reject()
        self.assertEqual((proposal.state, move.amount_residual), ("rejected", 400.0))

    def test_without_an_account_it_says_so(self):
        self.company.bad_debt_account_id = False
        self.debt()
        with self.assertRaisesRegex(UserError, "account for bad debts"):
            self.proposal().action_approve()


@tagged("post_install", "-at_install")
class TestPayerProposals(RecordsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        terms = cls.env["account.payment.term"]
        terms.search([]).write({"company_id": False})
        cls.long, cls.short = (
            terms.create(
                {
                    "name": f"{days} days net",
                    "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": days})],
                }
            )
            for days in (44, 22)
        )
        cls.prepaid = terms.create(
            {
                "name": "Prepayment",
                "sequence": 0,
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 0})],
                "is_prepayment": True,
            }
        )
        cls.alfa.property_payment_term_id = cls.long
        cls.profile = cls.env["payer.profile"]._get_or_create(cls.company, cls.alfa)

    def segment(self, code):
        self.profile.write(
            {
                "override_segment_id": self.env.ref(f"invoice_to_cash.segment_{code}").id,
                "override_reason": "test",
                "override_until": self.day(30),
            }
        )

    def test_the_chronic_get_shorter_terms_with_one_click_and_one_to_undo(self):
        self.segment("chronic")
        proposal = self.profile.proposal_id
        self.assertEqual((proposal.kind, proposal.new_term_id), ("shorter", self.short))
        self.assertIn("22 days net", self.profile.proposal_text)
        self.profile.action_apply_proposal()
        self.assertEqual(self.alfa.property_payment_term_id, self.short)
        self.assertEqual(proposal.decided_by_id, self.env.user)
        self.profile.invalidate_recordset()
        self.profile.action_undo_proposal()
        self.assertEqual((self.alfa.property_payment_term_id, proposal.state), (self.long, "undone"))

    def test_problem_customers_are_to_prepay(self):
        self.segment("problem")
        self.assertEqual(
            (self.profile.proposal_id.kind, self.profile.proposal_id.new_term_id),
            ("prepayment", self.prepaid),
        )

    def test_a_refusal_is_respected(self):
        self.segment("chronic")
        self.profile.action_decline_proposal()
        self.profile._update_proposals(self.day(100))
        self.assertFalse(self.profile.proposal_id)
        self.profile._update_proposals(self.day(200))
        self.assertTrue(self.profile.proposal_id)

    def test_who_pays_better_gets_no_proposal(self):
        self.segment("chronic")
        self.segment("reliable")
        self.assertFalse(self.profile.proposal_id)
        self.assertEqual(self.profile.proposal_ids.state, "outdated")

    def test_undo_does_not_overwrite_a_later_change(self):
        self.segment("chronic")
        self.profile.action_apply_proposal()
        self.alfa.property_payment_term_id = self.prepaid
        with self.assertRaisesRegex(UserError, "other terms by now"):
            self.profile.proposal_ids.action_undo()

    def test_start_with_the_largest(self):
        self.company.dunning_new_customers = self.profile.reminders_enabled = False
        self.debt(amount=100.0)
        self.debt(self.beta, 900.0, late=40)
        self.debt(self.beta, 900.0, late=-40)
        form = Form(self.env["dunning.start"])
        form.count = 1
        wizard = form.save()
        self.assertEqual(wizard.line_ids.partner_id, self.beta)
        self.assertEqual((wizard.amount_total, wizard.share, wizard.line_ids.days), (900.0, 90.0, 40))
        wizard.action_start()
        on = self.env["payer.profile"].search(
            [("reminders_enabled", "=", True), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(on.partner_id & (self.alfa | self.beta), self.beta)
        self.assertEqual(self.decision(self.beta).kind.value, "send")
        self.assertEqual(self.decision(self.alfa).reason.value, "not_switched_on")
