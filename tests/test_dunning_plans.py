"""Payment plans: agreed, paid, reminded of gently, broken; and their agreement on paper."""

import re
from itertools import pairwise

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .document_common import DocumentCommon
from .dunning_records_common import RecordsCommon


@tagged("post_install", "-at_install")
class TestPaymentPlans(RecordsCommon):
    def plan(self, moves=None, count=3, first=10, **values):
        moves = moves if moves is not None else self.debt() | self.debt(amount=500.0)
        plan = self.env["payment.plan"].create(
            {
                "move_ids": [Command.set(moves.ids)],
                "count": count,
                "first_date": self.day(first),
                "every": 10,
                "unit": "day",
                "company_id": self.company.id,
                **values,
            }
        )
        plan.action_divide()
        return plan

    def agreed(self, *args, **values):
        plan = self.plan(*args, **values)
        plan.action_confirm()
        return plan

    def reminders_of(self, plan):
        return self.env["mail.mail"].search([("model", "=", "payment.plan"), ("res_id", "=", plan.id)])

    def test_the_form_shows_the_instalments_while_they_are_chosen(self):
        moves = self.debt() | self.debt(amount=500.0)
        form = Form(self.env["payment.plan"].with_context(default_move_ids=[Command.set(moves.ids)]))
        form.count = 4
        form.unit = "week"
        plan = form.save()
        self.assertEqual((plan.partner_id, plan.amount_total), (self.alfa, 1500.0))
        self.assertEqual(plan.line_ids.mapped("amount"), [375.0] * 4)
        dates = plan.line_ids.mapped("date")
        self.assertEqual({(b - a).days for a, b in pairwise(dates)}, {7})

    def test_agreed_it_has_a_number_and_silences_its_invoices(self):
        moves = self.debt() | self.debt(amount=500.0)
        other = self.debt(amount=70.0)
        plan = self.agreed(moves)
        self.assertRegex(plan.name, r"^PLAN/\d{4}/\d{4}$")
        self.assertEqual(plan.state, "active")
        self.assertEqual(self.generate_today().line_ids.move_id, other)
        self.assertIn(plan.name, moves[0].agreement_notice)

    def test_own_dates_and_amounts_have_to_make_what_is_open(self):
        plan = self.plan()
        plan.line_ids[0].amount = 400.0
        with self.assertRaisesRegex(UserError, "1,400.00"):
            plan.action_confirm()
        plan.line_ids[2].write({"amount": 600.0, "date": self.day(60)})
        plan.action_confirm()
        self.assertEqual(plan.line_ids.mapped("amount"), [400.0, 500.0, 600.0])

    def test_plans_that_cannot_be(self):
        with self.assertRaises(ValidationError):
            self.plan(self.debt() | self.debt(self.beta))
        with self.assertRaisesRegex(UserError, "in the past"):
            self.plan(first=-1).action_confirm()
        plan = self.agreed()
        with self.assertRaisesRegex(UserError, plan.name):
            self.plan(plan.move_ids[0]).action_confirm()
        with self.assertRaises(UserError):
            plan.with_user(self.env.user).line_ids[0].amount = 1.0
        with self.assertRaises(UserError):
            plan.unlink()

    def test_money_fills_it_from_the_first_instalment(self):
        plan = self.agreed()
        self.paid(plan.move_ids[0], 700.0)
        self.assertEqual(plan.line_ids.mapped("paid_amount"), [500.0, 200.0, 0.0])
        self.assertEqual(plan.line_ids.mapped("state"), ["paid", "open", "open"])
        self.assertEqual((plan.next_date, plan.next_amount), (self.day(20), 300.0))
        self.paid(plan.move_ids[0], 300.0)
        self.paid(plan.move_ids[1], 500.0)
        self.assertEqual((plan.state, plan.progress), ("done", 100.0))

    def test_what_was_paid_before_does_not_count(self):
        move = self.debt()
        self.paid(move, 400.0)
        plan = self.agreed(move)
        self.assertEqual((plan.amount_total, sum(plan.line_ids.mapped("paid_amount"))), (600.0, 0.0))

    def test_a_missed_instalment_breaks_it_and_the_ladder_goes_on(self):
        plan = self.agreed()
        plan._follow(self.day(12))
        self.assertEqual(plan.state, "active")
        for _again in range(2):
            plan._follow(self.day(13))
        self.assertEqual((plan.state, plan.broken_on), ("broken", self.day(12)))
        self.assertEqual(plan.activity_ids.user_id, self.env.user)
        self.assertEqual(len(plan.activity_ids), 1)
        positions = self.company._decide_dunning(self.day(13), self.alfa)[0][0].positions
        self.assertEqual({(p.planned, p.plan_broken) for p in positions}, {(False, self.day(12))})
        self.assertEqual(self.generate_today(13).line_ids.move_id, plan.move_ids)

    def test_a_late_instalment_can_be_let_pass(self):
        plan = self.agreed(first=0)
        plan._follow(self.day(3))
        self.assertEqual(plan.state, "broken")
        self.paid(plan.move_ids[0], 500.0, day=3)
        self.assertEqual(plan.state, "broken")
        plan.action_forgive()
        self.assertEqual(plan.state, "active")
        plan._follow(self.day(13))
        self.assertEqual(plan.state, "broken")

    def test_negotiated_again_it_divides_what_is_open(self):
        plan = self.agreed()
        self.paid(plan.move_ids[0], 600.0)
        plan.action_change()
        self.assertEqual((plan.state, plan.amount_total), ("draft", 900.0))
        self.assertEqual(sum(plan.line_ids.mapped("amount")), 900.0)
        number = plan.name
        plan.action_confirm()
        self.assertEqual((plan.name, plan.state), (number, "active"))
        self.assertEqual(sum(plan.line_ids.mapped("paid_amount")), 0.0)

    def test_cancelled_the_ladder_goes_on(self):
        plan = self.agreed()
        plan.action_cancel()
        self.assertEqual(self.generate_today().line_ids.move_id, plan.move_ids)

    def test_a_promise_for_the_same_invoices_is_replaced(self):
        move = self.debt()
        promise = self.promise(move)
        self.agreed(move)
        self.assertEqual(promise.state, "replaced")

    def test_its_own_reminders_go_once_each_and_are_gentle(self):
        plan = self.agreed()
        for day in (7, 8, 8, 9):
            plan._remind(self.day(day))
        before = self.reminders_of(plan)
        self.assertEqual(len(before), 1)
        self.assertEqual(before.recipient_ids, self.alfa)
        self.assertIn("500.00", before.body_html)
        for day in (10, 11, 11, 12):
            plan._remind(self.day(day))
        self.assertEqual(len(self.reminders_of(plan)), 2)

    def test_its_reminders_are_silent_while_paused_and_after_payment(self):
        plan = self.agreed()
        pause = self.env["dunning.pause"].create(
            {"partner_id": self.alfa.id, "date_until": self.day(30), "reason": "leave"}
        )
        plan._remind(self.day(9))
        self.assertFalse(self.reminders_of(plan))
        pause.action_end()
        self.paid(plan.move_ids[0], 500.0)
        plan._remind(self.day(9))
        self.assertFalse(self.reminders_of(plan))

    def test_without_an_address_somebody_is_asked_to_find_one(self):
        plan = self.agreed()
        self.alfa.email = False
        for day in (8, 9):
            plan._remind(self.day(day))
        self.assertFalse(self.reminders_of(plan))
        self.assertEqual(len(self.alfa.activity_ids), 1)

    def test_the_job_reminds(self):
        plan = self.agreed(first=1)
        with self.enter_registry_test_mode():
            self.env.ref("invoice_to_cash.cron_agreements").method_direct_trigger()
        self.assertEqual(len(self.reminders_of(plan)), 1)


LETTERS = ("mail_template_plan_due", "mail_template_plan_missed", "mail_template_plan_agreement")
#: What each language says in every letter, and in those with a schedule.
SAID = {
    "en": (r"Kind regards", r"Instalment.*Paying by bank transfer"),
    "ru": (r"С уважением", r"Платёж по графику.*Оплата банковским переводом"),
    "kk": (r"Құрметпен", r"Кесте бойынша төлем.*Банк аударымымен төлеу"),
}


@tagged("post_install", "-at_install")
class TestPlanLetters(DocumentCommon):
    """The mails of a plan: three languages, gentle, and with everything to pay by."""

    def test_each_letter_speaks_the_language_of_the_customers_documents(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.env["ir.module.module"]._load_module_terms(["invoice_to_cash"], ["ru_RU"])
        for lang, (closing, schedule) in SAID.items():
            customer = self.customers[lang]
            customer.email = f"{lang}@example.com"
            move = self.make_invoice(90000.0, due_in=-5, partner=customer)
            plan = self.env["payment.plan"].create(
                {
                    "move_ids": [Command.set(move.ids)],
                    "company_id": self.company.id,
                    "first_date": self.today,
                    "count": 3,
                }
            )
            plan.action_divide()
            plan.action_confirm()
            for name in LETTERS:
                if name == "mail_template_plan_agreement":
                    action = plan.action_send_agreement()
                    template = self.env["mail.template"].browse(action["context"]["default_template_id"])
                    template.send_mail_batch(plan.ids)
                else:
                    plan._send_reminder(name)
                mail = self.env["mail.mail"].search(
                    [("model", "=", "payment.plan"), ("res_id", "=", plan.id)], order="id desc", limit=1
                )
                text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", mail.body_html))
                said = f"{name} {lang}: {mail.subject} {text}"
                self.assertRegex(text, closing, said)
                self.assertNotRegex(said, r"\{\{|\bt-out|None|False|native")
                if name != "mail_template_plan_agreement":
                    self.assertRegex(text, schedule, said)
                    self.assertIn(move.payment_code, text, said)
                if lang != "en":
                    self.assertNotRegex(text + mail.subject, r"(?i)instalment|regards|payment", said)
                if lang == "kk":
                    self.assertRegex(mail.subject, "[әғқңөұүһі]", said)
                    self.assertRegex(text, "[әғқңөұүһі]", said)

    def test_every_kazakh_letter_is_marked_for_review(self):
        for name in LETTERS:
            kazakh = self.env.ref(f"invoice_to_cash.{name}").letter_kk_id
            self.assertIn("native speaker", kazakh.with_context(lang="en_US").description, name)


@tagged("post_install", "-at_install")
class TestPlanAgreement(DocumentCommon):
    def test_the_agreement_in_three_languages(self):
        words = {
            "ru": "Соглашение о рассрочке",
            "kk": "Берешекті бөліп төлеу",
            "en": "Payment-plan agreement",
        }
        for lang, title in words.items():
            move = self.make_invoice(90000.0, due_in=-5, partner=self.customers[lang])
            plan = self.env["payment.plan"].create(
                {
                    "move_ids": [Command.set(move.ids)],
                    "company_id": self.company.id,
                    "first_date": self.today,
                    "count": 3,
                }
            )
            plan.action_divide()
            plan.action_confirm()
            html = str(
                self.env["ir.actions.report"]._render_qweb_html("invoice_to_cash.document_plan", plan.ids)[0],
                "utf-8",
            )
            self.assertIn(title, html)
            self.assertIn(move.name, html)
            self.assertIn(move.payment_code, html)
            self.assertEqual(
                html.count("30 000,00") + html.count("30\u00a0000,00") + html.count("30,000.00"), 3
            )
