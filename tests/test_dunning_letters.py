"""Letters: three languages, tones that rise, figures that stay as they were."""

import io
import re
from decimal import Decimal

import lxml.html
from pypdf import PdfReader

from odoo.tests import tagged

from ..models.dunning.dunning_letter import split_letter
from .test_dunning_reminders import DunningCommon

#: From the mildest on; what may be said from a tone on must not be said before it.
THREATS = {
    "official": r"suspend|приостановлен|тоқтатылды",
    "escalation": r"lawyer|management|юрист|руководств|заңгер|басшылығ",
    "manual": r"handed over|court|передано на|без суда|сотсыз",
}
TONES = ["soft", "neutral", "business", "official", "escalation", "manual"]


class LetterCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ru_RU")
        cls.env["ir.module.module"]._load_module_terms(["invoice_to_cash"], ["ru_RU"])
        cls.company.partner_id.write({"email": "office@seller.example", "phone": "+7 727 000 00 00"})
        cls.bank = cls.env["res.partner.bank"].create(
            {"acc_number": "KZ79722S000001674774", "partner_id": cls.company.partner_id.id}
        )

    def step(self, tone):
        return self.ladder.step_ids.filtered(lambda step: step.tone == tone)

    def text(self, html):
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", str(html))).strip()


@tagged("post_install", "-at_install")
class TestDunningLetters(LetterCommon):
    def templates(self):
        """(step tone, template) of all shipped ladders."""
        ladders = self.env["dunning.ladder"].search([("company_id", "=", False)])
        return {(step.tone, step.mail_template_id) for step in ladders.step_ids if step.mail_template_id}

    def test_each_letter_speaks_its_language_and_threatens_no_earlier_than_its_tone(self):
        self.invoice(self.alfa)
        reminder = self.generate(10)
        lines = {
            "en_US": ("Total to pay", "Good day"),
            "ru_RU": ("Итого к оплате", "Здравствуйте"),
            "kk": ("Барлығы төлеуге", "Құрметті"),
        }
        seen = 0
        for tone, template in self.templates():
            step = self.step(tone)
            step.mail_template_id = template
            step.holds_deliveries = tone in ("official", "escalation")
            reminder.write({"step_id": step.id, "tone": tone})
            for lang, words in lines.items():
                self.alfa.document_lang = "kk" if lang == "kk" else False
                self.alfa.lang = "ru_RU" if lang == "kk" else lang
                letter = reminder._render_letters()[reminder.id]
                text = self.text(letter["html"])
                name = f"{template.name}, {lang}"
                for word in (*words, reminder.line_ids.move_name, "1"):
                    self.assertIn(word, text, name)
                self.assertNotRegex(text + letter["subject"], r"\{\{|\bt-out|None|False", name)
                if lang != "en_US":
                    # The one Latin text may be names and numbers, never a sentence of ours.
                    self.assertNotRegex(text, r"(?i)please|payment|overdue|regards", name)
                if lang == "kk":
                    self.assertRegex(text, "[әғқңөұүһі]", name)
                for harsher, threat in THREATS.items():
                    if TONES.index(tone) < TONES.index(harsher):
                        self.assertNotRegex(text + letter["subject"], f"(?i){threat}", name)
                seen += 1
        self.assertGreaterEqual(seen, 3 * 14)

    def test_every_kazakh_letter_carries_its_note_and_no_customer_sees_it(self):
        for _tone, template in self.templates():
            kazakh = template.letter_kk_id
            self.assertTrue(kazakh, template.name)
            self.assertIn("native speaker", kazakh.with_context(lang="en_US").description)
            self.assertNotIn("native", kazakh.body_html)
        self.alfa.document_lang = "kk"
        self.invoice(self.alfa)
        sent = self.run_day(3)
        self.assertNotIn("native", sent.mail_id.body_html)
        self.assertIn("Төлем мерзімі өтті", sent.sent_subject)

    def test_the_letter_is_kept_as_it_was_queued_and_the_thread_has_its_words(self):
        self.invoice(self.alfa)
        sent = self.run_day(3)
        self.assertEqual(str(sent.sent_html), sent.mail_id.body_html)
        self.assertIn("KZ79722S000001674774", sent.sent_html)
        self.assertEqual(sent.mail_id.mail_message_id, sent.mail_message_id)
        self.assertEqual(
            (sent.mail_message_id.message_type, sent.mail_message_id.author_id, sent.mail_id.is_notification),
            ("email_outgoing", self.env.user.partner_id, False),
        )
        words = sent.mail_message_id.body
        self.assertIn("Good day", words)
        # Neither figures nor the looks of a mail.
        self.assertNotRegex(words, "style=|KZ79722S")

    def test_a_disputed_sum_keeps_the_two_columns_of_the_table(self):
        invoice = self.invoice(self.alfa)
        self.env["invoice.dispute"].create({"move_id": invoice.id, "amount": 300.0})
        page = lxml.html.fromstring(self.generate(3).letter_html)
        [table] = page.xpath("//table[not(.//table)][contains(., 'Total to pay')]")
        widths = {
            sum(int(cell.get("colspan") or 1) for cell in row.findall("td")) for row in table.iter("tr")
        }
        self.assertEqual(widths, {2})
        self.assertIn("300.00", table.text_content())

    def test_escalation_waits_for_approval_in_every_shipped_ladder(self):
        ladders = self.env["dunning.ladder"].search([("company_id", "=", False)])
        for step in ladders.step_ids.filtered(lambda step: step.tone == "escalation"):
            self.assertTrue(step.requires_approval, step.ladder_id.name)

    def test_deliveries_are_mentioned_only_where_the_step_stops_them(self):
        self.invoice(self.alfa)
        self.run_day(3)
        reminder = self.generate(7)
        self.assertIn("deliveries are suspended", reminder.letter_html)
        reminder.step_id.holds_deliveries = False
        reminder.invalidate_recordset(["letter_html"])
        self.assertNotIn("deliveries", reminder.letter_html)

    def test_the_deadline_is_the_last_of_the_days_to_answer(self):
        self.invoice(self.alfa)
        self.run_day(3)
        reminder = self.generate(7)
        self.assertEqual(reminder.step_id.patience, 3)
        day = self.on(10)
        self.assertIn(f"{day.day}\u00a0June {day.year}", reminder.letter_html)

    def test_the_letter_shows_the_running_account(self):
        invoice = self.invoice(self.alfa)
        self.invoice(self.alfa, 200.0, due=self.on(40))
        self.pay(invoice, 400.0)
        self.run_day(3)
        reminder = self.generate(7)
        statement = reminder._get_letter_figures()[reminder.id]["statement"]
        kinds = [row[1] for row in statement["rows"]]
        self.assertEqual(sorted(kinds), ["payment", "sale"])
        balance = Decimal(statement["opening"]) + sum(
            Decimal(debit) - Decimal(credit) for *_x, debit, credit in statement["rows"]
        )
        self.assertEqual(balance, Decimal(statement["closing"]))
        self.assertEqual(Decimal(statement["closing"]), Decimal(600))
        text = self.text(reminder.letter_html)
        self.assertIn("Your account with us", text)
        self.assertIn("You owe on", text)

    def test_the_statements_of_many_letters_cost_no_more_queries(self):
        self.step("business").show_statement = True

        def count(partners):
            for partner in partners:
                self.invoice(partner)
            reminders = self.generate(3).filtered(lambda r: r.partner_id in partners)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            found = reminders._get_letter_statements(self.company)
            return len(found), self.env.cr.sql_log_count - before

        many = self.env["res.partner"].create(
            [{"name": f"S{i}", "email": f"s{i}@example.com"} for i in range(7)]
        )
        count(self.alfa)
        one, queries_one = count(self.beta)
        seven, queries_many = count(many)
        self.assertEqual((one, seven), (1, 7))
        self.assertLessEqual(queries_many, queries_one + 1)

    def test_pdfs_of_the_oldest_invoices_go_along_up_to_the_limit(self):
        self.company.dunning_pdf_limit = 2
        invoices = [self.invoice(self.alfa, due=self.on(-n)) for n in range(3)]
        sent = self.run_day(4)
        names = sent.mail_id.attachment_ids.mapped("name")
        self.assertEqual(len(names), 2)
        for invoice in invoices[1:]:
            self.assertTrue(any(invoice.name.replace("/", "_") in name for name in names), names)
        self.assertIn("The oldest 2 of 3 invoices are attached", self.text(sent.sent_html))
        self.assertEqual(sent.sent_html.count("/i2c/invoice?t="), 5)  # three lines, two buttons
        self.assertEqual(sent.mail_id.attachment_ids.mapped("res_model"), ["dunning.reminder"] * 2)

    def test_a_step_without_attachments_and_a_limit_of_zero_attach_nothing(self):
        self.step("business").attach_invoices = False
        self.invoice(self.alfa)
        sent = self.run_day(3)
        self.assertFalse(sent.mail_id.attachment_ids)
        self.assertNotIn("attached", self.text(sent.sent_html))

    def test_who_signs_and_sends_is_said_by_the_step(self):
        seller, collector = self.env["res.users"].create(
            [
                {"name": name, "login": f"{name}@seller.example", "email": f"{name}@seller.example"}
                for name in ("Dana", "Timur")
            ]
        )
        self.company.dunning_user_id = collector
        self.alfa.user_id = seller
        self.invoice(self.alfa)
        step = self.step("business")
        for signer, name, address in (
            ("collector", "Timur", "timur@seller.example"),
            ("salesperson", "Dana", "dana@seller.example"),
            ("company", "", "office@seller.example"),
        ):
            step.signer = signer
            reminder = self.generate(3)
            letter = reminder._render_letters()[reminder.id]
            self.assertEqual(letter["figures"]["signer"], name)
            self.assertIn(address, letter["email_from"].lower())
            for other in {"Timur", "Dana"} - {name}:
                self.assertNotIn(other, letter["html"])

    def test_who_gets_it_is_said_by_the_step(self):
        roles = {"invoice": False, "accounting": "accounting", "management": "management"}
        contacts = {
            role: self.env["res.partner"].create(
                {
                    "name": role,
                    "parent_id": self.alfa.id,
                    "email": f"{role}@example.com",
                    "type": "invoice" if role == "invoice" else "contact",
                    "receivables_role": value,
                }
            )
            for role, value in roles.items()
        }
        contacts["company"] = self.alfa
        self.invoice(self.alfa)
        step = self.step("business")
        for role, contact in contacts.items():
            step.contact_role = role
            self.assertEqual(self.generate(3).contact_id, contact)
        step.contact_role = "invoice"
        contacts["invoice"].email = False
        reminder = self.generate(3)
        self.assertEqual(reminder.contact_id, contacts["accounting"])
        self.assertIn("Dear accounting,", reminder.letter_html)

    def test_a_letter_of_words_only_has_its_figures_below(self):
        template = self.step("business").mail_template_id
        template.body_html = "<p>Please pay.</p>"
        self.invoice(self.alfa)
        html = self.generate(3).letter_html
        self.assertLess(html.index("Please pay."), html.index("Total to pay"))
        self.assertNotIn("Kind regards", html)

    def test_the_payment_code_is_a_picture_that_the_letter_links_to(self):
        self.bank.write(
            {"payment_qr": "template", "payment_qr_template": "https://pay.example/{code}/{amount}"}
        )
        invoice = self.invoice(self.alfa)
        sent = self.run_day(3)
        self.assertEqual(
            sent.figures["qr"],
            {"number": invoice.name, "text": f"https://pay.example/{invoice.payment_code}/1000.00"},
        )
        self.assertIn("/i2c/qr/", sent.sent_html)


@tagged("post_install", "-at_install")
class TestLettersStayAsTheyWere(LetterCommon):
    def test_what_the_ledger_does_later_changes_no_reprint(self):
        """Paid, reset to draft, renamed, another account, another template: the letter says what it said."""
        self.step("official").send_letter = True
        invoice = self.invoice(self.alfa)
        self.invoice(self.alfa, 250.0, due=self.on(1))
        self.run_day(3)
        sent = self.run_day(7)
        self.assertEqual((sent.state, sent.level), ("sent", 4))

        def shown():
            self.env.flush_all()
            self.env.invalidate_all()
            document = sent._get_document()
            values = {
                key: str(document[key]) for key in ("subject", "before", "after", "number", "seller", "buyer")
            }
            return {
                **values,
                "figures": document["f"],
                "html": str(sent.letter_html),
                "subject_of_mail": sent.letter_subject,
                "paper": sent._get_letter_pdf(),
                "files": [(file.name, file.checksum) for file in sent.mail_id.attachment_ids],
                "lines": [(line.move_name, line.residual, line.due_date) for line in sent.line_ids],
            }

        before = shown()
        self.assertEqual(before["figures"]["to_pay"], "1250.00")
        self.pay(invoice, 600.0)
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 5000.0
        invoice.action_post()
        self.alfa.write({"name": "Alfa Renamed", "vat": "123456789012", "lang": "ru_RU"})
        self.company.partner_id.name = "Seller Renamed"
        self.bank.acc_number = "KZ00000000000000000000"
        self.step("official").mail_template_id.write({"subject": "Other", "body_html": "<p>Other</p>"})
        sent.mail_id.sudo().unlink()
        after = shown()
        before.pop("files"), after.pop("files")
        self.assertEqual(after, before)

    def test_a_mail_without_paper_is_printed_from_the_same_figures_once(self):
        invoice = self.invoice(self.alfa)
        sent = self.run_day(3)
        self.assertFalse(sent.letter_attachment_id)
        self.pay(invoice, 1000.0)
        first = sent._get_letter_pdf()
        self.assertTrue(sent.letter_attachment_id)
        self.alfa.name = "Someone Else"
        self.assertEqual(sent._get_letter_pdf(), first)
        self.assertIn("1,000.00", first.decode())
        self.assertIn("Alfa Stroy", first.decode())

    def test_the_files_of_a_mail_outlive_the_invoices_pdf(self):
        invoice = self.invoice(self.alfa)
        pdf = self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": b"%PDF-1.4 first",
                "res_model": "account.move",
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        invoice.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])
        sent = self.run_day(3)
        pdf.unlink()
        self.assertEqual(sent.mail_id.attachment_ids.mapped("raw"), [b"%PDF-1.4 first"])

    def test_a_draft_shows_the_figures_of_now(self):
        invoice = self.invoice(self.alfa)
        reminder = self.generate(3)
        self.assertFalse(reminder.figures)
        self.assertIn("1,000.00", reminder.letter_html)
        self.pay(invoice, 400.0)
        self.generate(3)
        self.assertIn("600.00", reminder.letter_html)

    def test_the_letter_on_paper_is_a_pdf_in_three_languages(self):
        """Rendered for real; the words and the sum are found in the file's text."""
        self.step("business").show_statement = True
        self.invoice(self.alfa)
        reminder = self.generate(3)
        for lang, document_lang, word in (
            ("en_US", False, "Total to pay"),
            ("ru_RU", False, "Итого к оплате"),
            ("ru_RU", "kk", "Барлығы төлеуге"),
        ):
            self.alfa.write({"lang": lang, "document_lang": document_lang})
            content, kind = reminder.with_context(force_report_rendering=True)._print_letter()
            self.assertEqual(kind, "pdf")
            text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
            # The engine sets tabs between the words.
            text = " ".join(text.split())
            self.assertIn(word, text)
            self.assertIn("Alfa Stroy", text)


@tagged("post_install", "-at_install")
class TestWordsOfOneLetter(LetterCommon):
    def edit(self, reminder, before="<p>Dear friends</p>", subject="As agreed"):
        wizard = self.env["dunning.letter.edit"].create({"reminder_id": reminder.id})
        self.assertTrue(wizard.text_before)
        wizard.write({"subject": subject, "text_before": before})
        wizard.action_save()
        return wizard

    def test_changed_words_go_out_with_the_figures_of_the_ledger(self):
        first, _second = self.invoice(self.alfa), self.invoice(self.alfa, 500.0)
        reminder = self.generate(3)
        self.edit(reminder)
        self.pay(first, 400.0)
        sent = reminder.send()
        self.assertEqual(sent, reminder)
        self.assertEqual(sent.mail_id.subject, "As agreed")
        self.assertIn("Dear friends", sent.mail_id.body_html)
        self.assertIn("1,100.00", sent.mail_id.body_html)
        self.assertNotIn("is overdue by", sent.mail_id.body_html)
        self.assertEqual(sent.edited_by_id, self.env.user)

    def test_changed_words_wait_when_the_day_has_passed(self):
        self.invoice(self.alfa)
        reminder = self.generate(3)
        self.edit(reminder)
        self.assertEqual(self.generate(3).state, "draft")
        self.generate(4)
        self.assertEqual((reminder.state, reminder.edit_is_stale), ("waiting", True))
        self.assertFalse(reminder.send())
        reminder.action_approve()
        self.assertEqual((self.generate(4).state, reminder.edit_is_stale), ("draft", False))
        self.assertEqual(self.run_day(4).sent_subject, "As agreed")

    def test_changed_words_are_dropped_when_another_step_is_due(self):
        self.invoice(self.alfa, due=self.on(3))
        reminder = self.generate(3)
        self.assertEqual(reminder.level, 2)
        self.edit(reminder)
        self.generate(6)
        self.assertEqual((reminder.level, reminder.state, reminder.edited_on), (3, "draft", False))
        self.assertNotIn("Dear friends", reminder.letter_html)

    def test_back_to_the_template(self):
        self.invoice(self.alfa)
        reminder = self.generate(3)
        original = reminder.letter_subject
        self.edit(reminder).action_reset()
        self.assertEqual(reminder.letter_subject, original)
        self.assertEqual(reminder.letter_subject, self.run_day(3).sent_subject)

    def test_scripts_in_changed_words_do_not_run(self):
        self.invoice(self.alfa)
        reminder = self.generate(3)
        self.edit(reminder, before="<p>Hello</p><script>alert(1)</script><img src=x onerror=alert(1)>")
        self.assertNotRegex(reminder.letter_html, "alert|<script|onerror")


@tagged("post_install", "-at_install")
class TestSplit(LetterCommon):
    def test_words_around_the_figures_are_found_wherever_they_stand(self):
        block, closing = '<div class="i2c-letter-block"></div>', '<div class="i2c-letter-closing"></div>'
        self.assertEqual(
            split_letter(f"<div><p>A</p>{block}<p>B</p>{closing}</div>"), ("<p>A</p>", "<p>B</p>", True)
        )
        self.assertEqual(split_letter(f"text {block} tail"), ("text", "tail", False))
        self.assertEqual(
            split_letter(f"<div><h1>T</h1><div>x{block}y</div>z</div>"), ("<h1>T</h1>x", "yz", False)
        )
        self.assertEqual(split_letter("<p>only words</p>"), ("<p>only words</p>", "", False))
