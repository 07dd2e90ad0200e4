"""By which ways a reminder reaches its customer: each once, each on record."""

import io
import re
from unittest.mock import patch

from psycopg2 import IntegrityError
from pypdf import PdfReader

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .test_dunning_letters import LetterCommon
from .tracking_common import AnsweringServer


class ChannelCommon(LetterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_user_id = cls.env.user
        cls.business = cls.ladder.step_ids.filtered(lambda step: step.tone == "business")

    def ways(self, reminder):
        return {way.channel: way.state for way in reminder.dispatch_ids}


@tagged("post_install", "-at_install")
class TestDunningChannels(ChannelCommon):
    def test_a_step_goes_by_all_its_channels_once(self):
        self.alfa.phone = "+7 701 111 22 33"
        self.business.write({"send_letter": True, "make_call": True, "show_notice": True, "send_sms": True})
        self.invoice(self.alfa)
        sent = self.run_day(3)
        expected = {"mail": "sent", "letter": "to_do", "call": "to_do", "notice": "sent"}
        if "sms.sms" in self.env:
            expected["sms"] = "sent"
            [sms] = self.env["sms.sms"].search([("partner_id", "=", self.alfa.id)])
            self.assertIn("1,000.00", sms.body)
            self.assertIn("/i2c/invoice?t=", sms.body)
            self.assertTrue(sms.number.replace(" ", "").endswith("7011112233"))
        self.assertEqual(self.ways(sent), expected)
        self.assertTrue(sent.letter_attachment_id)
        self.assertIn(sent.letter_attachment_id, sent.mail_id.attachment_ids)
        self.assertFalse(self.run_day(3))
        self.assertEqual(self.ways(sent), expected)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            sent.dispatch_ids[0].sudo().copy()

    def test_the_ways_are_named_in_the_readers_language(self):
        self.business.write({"send_letter": False, "make_call": False, "show_notice": True})
        self.invoice(self.alfa)
        ways = self.run_day(3).dispatch_ids.sorted("channel")
        self.assertEqual(ways.mapped("display_name"), ["Mail", "Portal Notice"])
        for way in ways.with_context(lang="ru_RU"):
            self.assertRegex(way.display_name, "[А-я]")

    def test_mails_of_one_batch_differ_in_their_words_alone(self):
        """The second is a copy of the first one's rows: nothing of the first customer may be left in it."""
        self.business.attach_invoices = True
        for partner in (self.alfa, self.beta):
            self.invoice(partner)
        sent = self.run_day(3).sorted("id")
        self.assertEqual(len(sent), 2)
        self.env.invalidate_all()
        first, second = sent.mail_id
        own = {"id", "subject", "res_id", "message_id", "body", "body_html", "mail_message_id"}
        for record, other in ((first, second), (first.mail_message_id, second.mail_message_id)):
            for name, field in record._fields.items():
                if field.store and field.column_type and name not in own:
                    self.assertEqual(record[name], other[name], name)
        for reminder, partner in zip(sent, sent.partner_id, strict=True):
            mail = reminder.mail_id
            self.assertEqual((mail.model, mail.res_id), ("dunning.reminder", reminder.id))
            self.assertEqual(mail.mail_message_id, reminder.mail_message_id)
            self.assertEqual(mail.recipient_ids, partner)
            self.assertEqual(mail.body_html, str(reminder.sent_html))
            self.assertEqual(mail.subject, reminder.sent_subject)
            self.assertIn(reminder.line_ids.move_name, mail.body_html)
            self.assertTrue(mail.attachment_ids)
            self.assertEqual(set(mail.attachment_ids.mapped("res_id")), {reminder.id})
            self.assertIn(mail.mail_message_id, reminder.message_ids)
        self.assertFalse(first.attachment_ids & second.attachment_ids)
        self.assertNotEqual(first.message_id, second.message_id)

    def test_new_messages_are_as_the_orm_would_compute_them(self):
        self.invoice(self.alfa, 1000.1)
        self.invoice(self.alfa, 200.2, self.on(-4))
        reminder = self.generate(3).sudo()
        self.assertEqual(reminder.amount_total, 1200.3)
        for records in (reminder, reminder.line_ids):
            names = [name for name, field in records._fields.items() if field.store and field.compute]
            names = [name for name in names if records._fields[name].column_type]
            before = records.read(names)
            for name in names:
                self.env.add_to_compute(records._fields[name], records)
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(records.read(names), before)

    def test_without_the_sms_app_its_step_goes_on_without_it(self):
        self.business.send_sms = True
        known = type(self.env).__contains__
        with patch.object(
            type(self.env), "__contains__", lambda env, name: name != "sms.sms" and known(env, name)
        ):
            self.assertNotIn("sms", self.business._get_channels())
            self.invoice(self.alfa)
            self.assertEqual(set(self.ways(self.run_day(3))), {"mail", "notice"})

    def test_no_telephone_is_said_on_record(self):
        if "sms.sms" not in self.env:
            self.skipTest("the SMS app is not installed")
        self.business.send_sms = True
        self.invoice(self.alfa)
        sent = self.run_day(3)
        self.assertEqual(self.ways(sent)["sms"], "failed")
        self.assertTrue(sent.dispatch_ids.filtered(lambda way: way.channel == "sms").detail)

    def test_a_call_is_a_task_with_script_and_history_and_is_done_with_it(self):
        self.ladder.step_ids.filtered(lambda step: step.tone == "official").make_call = True
        self.alfa.phone = "+7 701 111 22 33"
        invoice = self.invoice(self.alfa)
        self.run_day(3)
        sent = self.run_day(7)
        way = sent.dispatch_ids.filtered(lambda way: way.channel == "call")
        task = way.activity_id
        self.assertEqual(task.user_id, self.env.user)
        self.assertIn("+7 701 111 22 33", task.summary)
        for text in ("1,000.00", invoice.name, "When may we expect the payment", "Business-like"):
            self.assertIn(text, task.note)
        task.action_feedback(feedback="pays on Friday")
        self.assertEqual((way.state, way.user_id, way.detail), ("done", self.env.user, "pays on Friday"))

    def test_paper_reaches_a_customer_without_a_mail_address(self):
        self.business.send_letter = True
        self.alfa.email = False
        self.invoice(self.alfa)
        sent = self.run_day(3)
        self.assertEqual(sent.state, "sent")
        self.assertEqual(set(self.ways(sent)), {"letter", "notice"})
        self.assertFalse(sent.mail_id)

    def test_a_mail_that_fails_beside_a_letter_is_no_second_reminder(self):
        self.business.send_letter = True
        self.invoice(self.alfa)
        sent = self.run_day(3)
        sent.mail_id._postprocess_sent_message(
            [], [], failure_reason="no such user", failure_type="mail_smtp"
        )
        self.assertEqual(sent.state, "sent")
        self.assertEqual(self.ways(sent)["mail"], "failed")
        self.assertTrue(self.alfa.activity_ids)
        self.assertFalse(self.run_day(6))

    def test_letters_to_print_come_in_one_file_and_count_as_printed(self):
        self.business.send_letter = True
        self.invoice(self.alfa)
        self.invoice(self.beta)
        sent = self.run_day(3)
        domain = [("letter_to_print", "=", True), ("id", "in", sent.ids)]
        self.assertEqual(self.reminders.search(domain), sent.sorted(lambda r: -r.id))
        action = sent.action_print_letters()
        self.assertIn(str(sent[0].id), action["url"])
        self.assertFalse(self.reminders.search(domain))
        self.assertEqual(
            set(sent.dispatch_ids.filtered(lambda w: w.channel == "letter").mapped("state")), {"done"}
        )

    def test_the_hand_over_is_told_on_a_click_and_once(self):
        self.invoice(self.alfa)
        for day in (3, 7):
            self.run_day(day)
        self.generate(14).action_approve()
        self.run_day(14)
        handed = self.generate(21)
        self.assertEqual((handed.state, handed.mail_id.id), ("handed_over", False))
        handed.action_send_handover_letter()
        self.assertEqual(handed.state, "handed_over")
        self.assertIn("handed over for collection", handed.mail_id.body_html)
        with self.assertRaises(UserError):
            handed.action_send_handover_letter()

    def test_a_step_needs_some_way_and_its_letter(self):
        with self.assertRaises(ValidationError):
            self.business.write({"send_mail": False, "show_notice": False})
        with self.assertRaises(ValidationError):
            self.business.mail_template_id = False
        self.business.write({"send_mail": False, "make_call": True, "mail_template_id": False})
        self.alfa.email = False
        self.invoice(self.alfa)
        self.assertEqual(set(self.ways(self.run_day(3))), {"call", "notice"})

    def test_the_notice_is_there_while_its_step_is_current(self):
        invoice = self.invoice(self.alfa)
        self.assertFalse(invoice._get_portal_notice())
        self.run_day(3)
        notice = invoice._get_portal_notice()
        self.assertEqual(notice["colour"], "warning")
        self.assertIn("10\u00a0June 2026", notice["text"])
        self.run_day(7)
        self.assertEqual(invoice._get_portal_notice()["colour"], "danger")
        self.alfa.document_lang = "kk"
        self.assertIn("Төлеу мерзімі", invoice._get_portal_notice()["text"])
        self.pay(invoice, 1000.0)
        self.assertFalse(invoice._get_portal_notice())

    def test_a_step_without_a_notice_takes_the_last_one_away(self):
        invoice = self.invoice(self.alfa)
        self.ladder.step_ids.filtered(lambda step: step.tone == "official").show_notice = False
        self.run_day(3)
        self.assertTrue(invoice._get_portal_notice())
        self.run_day(7)
        self.assertFalse(invoice._get_portal_notice())

    def test_a_collector_reads_what_went_out_and_cannot_change_it(self):
        self.invoice(self.alfa)
        sent = self.run_day(3)
        collector = self.env["res.users"].create(
            {
                "name": "Collector",
                "login": "i2c_channels",
                "group_ids": [Command.set(self.env.ref("invoice_to_cash.group_collector").ids)],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        way = sent.dispatch_ids[0].with_user(collector)
        self.assertEqual(way.channel, "mail")
        with self.assertRaises(AccessError):
            way.state = "failed"


@tagged("post_install", "-at_install")
class TestDunningOverSmtp(ChannelCommon):
    """Real mails to a real server, read as the customer gets them."""

    def setUp(self):
        super().setUp()
        self.server = self.enterContext(AnsweringServer())
        self.env["ir.mail_server"].search([]).active = False
        self.env["ir.mail_server"].create(
            {"name": "Test", "smtp_host": "127.0.0.1", "smtp_port": self.server.port}
        )

    def run_queue(self, mails):
        with patch.object(IrMail_Server, "_disable_send", return_value=False):
            mails.send()
        self.env.flush_all()

    def test_the_mail_arrives_with_letter_links_and_files(self):
        self.step("business").send_letter = True
        first, second = self.invoice(self.alfa), self.invoice(self.alfa, 500.0, self.on(1))
        self.invoice(self.beta)
        self.beta.lang = "ru_RU"
        sent = self.run_day(3)
        self.run_queue(sent.mail_id)
        self.assertEqual(set(sent.mapped("state")), {"sent"})
        by_address = {address: m for m in self.server.messages for address in m.envelope_to}
        self.assertEqual(set(by_address), {"alfa@example.com", "beta@example.com"})
        mail = by_address["alfa@example.com"]
        self.assertEqual(mail["Subject"], f"Overdue payment: {first.name} and 1 more")
        html = mail.get_body(("html",)).get_content()
        self.assertIn("1,500.00", html)
        self.assertEqual(html.count("/i2c/invoice?t="), 4)
        self.assertNotIn("access_token", html)
        names = [part.get_filename() for part in mail.iter_attachments()]
        self.assertEqual(len(names), 3)  # two invoices and the letter
        self.assertTrue(any(second.name.replace("/", "_") in name for name in names))
        russian = by_address["beta@example.com"]
        self.assertIn("Просроченная оплата", russian["Subject"])
        self.assertIn("Итого к оплате", russian.get_body(("html",)).get_content())

    def test_a_refused_address_fails_the_reminder_and_the_step_comes_again(self):
        self.invoice(self.alfa)
        self.server.answers["alfa@example.com"] = "550 no such user"
        sent = self.run_day(3)
        with mute_logger("odoo.addons.mail.models.mail_mail", "odoo.addons.base.models.ir_mail_server"):
            self.run_queue(sent.mail_id)
        self.assertEqual((sent.state, self.ways(sent)["mail"]), ("failed", "failed"))
        self.server.answers.clear()
        again = self.run_day(4)
        self.assertEqual(again.level, 3)
        self.run_queue(again.mail_id)
        self.assertEqual(self.ways(again)["mail"], "sent")
        self.assertEqual(len(self.server.messages), 1)


@tagged("post_install", "-at_install")
class TestLettersOverHttp(ChannelCommon, HttpCase):
    def test_the_notice_stands_on_the_invoices_page(self):
        due = fields.Date.subtract(self.company._receivables_today(), days=3)
        self.env["ir.config_parameter"].sudo().set_param("invoice_to_cash.internal_networks", "")
        invoice = self.invoice(self.alfa, due=due)
        self.reminders.generate(self.company).send()
        page = self.url_open(f"/my/invoices/{invoice.id}?access_token={invoice._portal_ensure_token()}")
        self.assertIn("i2c_notice", page.text)
        self.assertIn("Please pay it, or write to us", page.text)

    def test_the_payment_code_is_drawn_from_its_own_address_only(self):
        self.bank.write({"payment_qr": "template", "payment_qr_template": "https://pay.example/{code}"})
        self.invoice(self.alfa)
        reminder = self.generate(3)
        [path] = re.findall(r"/i2c/qr/[\w-]+\.png", reminder.letter_html)
        picture = self.url_open(path)
        self.assertEqual((picture.status_code, picture.headers["Content-Type"]), (200, "image/png"))
        self.assertTrue(picture.content.startswith(b"\x89PNG"))
        self.assertEqual(self.url_open(path[:-8] + "AAAA.png").status_code, 404)

    def test_the_letters_of_a_batch_are_one_pdf_for_staff_only(self):
        self.invoice(self.alfa)
        self.invoice(self.beta)
        reminders = self.generate(3)
        url = "/i2c/letters.pdf?ids=" + ",".join(map(str, reminders.ids))
        self.assertNotIn("pdf", self.url_open(url).headers["Content-Type"])
        self.env.user.password = "letters-letters"
        self.authenticate(self.env.user.login, "letters-letters")
        printed = type(reminders)._print_letter

        def print_for_real(reminder):
            return printed(reminder.with_context(force_report_rendering=True))

        with patch.object(type(reminders), "_print_letter", print_for_real):
            answer = self.url_open(url)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertEqual(len(PdfReader(io.BytesIO(answer.content)).pages), 2)
        page = self.url_open(f"/i2c/letter/{reminders[0].id}")
        self.assertIn("Total to pay", page.text)
        self.assertIn("script-src 'none'", page.headers["Content-Security-Policy"])
