"""Bank files by mail: through Odoo's own gateway, from raw mails as mail programs write them."""

import email.encoders
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .bank_feed_common import OTHER, BankFeedCommon, kaspi

BANK = "statements@bank.example"
ROUTING = "odoo.addons.mail.models.mail_thread"


@tagged("post_install", "-at_install")
class TestBankFeedMail(BankFeedCommon, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": "seller.example", "catchall_alias": "catchall", "bounce_alias": "bounce"}
        )
        cls.env.company.alias_domain_id = cls.domain
        cls.feed = cls._feed("mail", alias_name="kaspi-files", allowed_senders=f"{BANK}\n@accounting.example")
        cls.number = 0

    def send(self, *files, sender=f"Bank <{BANK}>", to="kaspi-files@seller.example", **headers):
        """Feed a raw mail to the gateway; the mails that Odoo sends meanwhile are in `self._new_mails`."""
        type(self).number += 1
        mail = MIMEMultipart()
        mail["From"], mail["To"], mail["Subject"] = sender, to, "Statement"
        mail["Message-Id"] = f"<{self.number}.feed@bank.example>"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.attach(MIMEText("See the attached file.", "plain", "utf-8"))
        for file in files:
            if isinstance(file, tuple):
                name, data = file
                file = MIMEApplication(data)
                file.add_header("Content-Disposition", "attachment", filename=name)
            mail.attach(file)
        with self.mock_mail_gateway(), mute_logger(ROUTING):
            self.env["mail.thread"].sudo().message_process(None, mail.as_bytes())
        return mail["Message-Id"]

    def answers(self):
        return self._new_mails.filtered(lambda mail: "auto-replied" in (mail.headers or ""))

    # --- what comes in ---------------------------------------------------
    def test_file_of_a_known_sender_is_imported_and_the_sender_answered(self):
        self.send(("kaspi.txt", kaspi(1500.5, -40)))
        self.assertEqual(self.amounts(), [1500.5, -40])
        log = self.logs(self.feed)
        self.assertRecordValues(
            log,
            [{"user_id": self.clerk.id, "source": "mail", "sender": BANK, "new_count": 2, "state": "done"}],
        )
        self.assertEqual(log.attachment_id.raw, kaspi(1500.5, -40))
        answer = self.answers()
        self.assertEqual(len(answer), 1)
        self.assertIn("2 new lines", answer.body)
        self.assertEqual(answer.email_to, BANK)
        self.assertIn("auto-replied", answer.headers)
        self.assertEqual(answer.reply_to, "kaspi-files@seller.example")
        self.assertEqual(self.feed.health, "stale", "the file ends in September")
        self.assertTrue(self.feed.last_success)

    def test_text_attachment_with_a_wrong_character_set_keeps_its_letters(self):
        for number, charset in enumerate((None, "utf-8", "windows-1251", "iso-8859-1")):
            part = MIMENonMultipart("text", "plain", **({"charset": charset} if charset else {}))
            part.set_payload(kaspi(10 + number))
            email.encoders.encode_base64(part)
            part.add_header("Content-Disposition", "attachment", filename="kaspi.txt")
            self.send(part)
        lines = self.env["account.bank.statement.line"].search([("journal_id", "=", self.bank.id)])
        self.assertEqual(len(lines), 4)
        self.assertEqual(set(lines.mapped("payer_name")), {'ТОО "Альфа"'})

    def test_same_mail_and_same_file_again_bring_nothing(self):
        self.send(("kaspi.txt", kaspi(10)))
        self.send(("kaspi.txt", kaspi(10)))
        self.assertEqual(self.amounts(), [10])
        self.assertIn("1 were there already", self.answers().body)
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Message-Id"] = BANK, "kaspi-files@seller.example", "<1@x.example>"
        mail.set_content("Hello")
        mail.add_attachment(kaspi(77), maintype="application", subtype="octet-stream", filename="k.txt")
        for _attempt in range(2):
            with self.mock_mail_gateway(), mute_logger(ROUTING):
                self.env["mail.thread"].sudo().message_process(None, mail.as_bytes())
        self.assertEqual(self.amounts(), [10, 77])
        self.assertEqual(len(self.logs(self.feed)), 3, "the gateway knows the mail")

    def test_broken_file_is_told_to_sender_and_responsible_and_stops_no_other(self):
        self.send(("cut.txt", kaspi(10)[:-80]), ("kaspi.txt", kaspi(20)))
        self.assertEqual(self.amounts(), [20])
        self.assertIn("cut.txt, line", self.answers().body)
        self.assertIn("cut.txt, line", self.feed.file_error)
        self.assertEqual(self.feed.health, "file")
        self.assertEqual(self.feed.activity_ids.user_id, self.clerk)
        refused = self.logs(self.feed).filtered(lambda log: log.state == "refused")
        self.assertEqual(refused.attachment_id.raw, kaspi(10)[:-80])
        self.send(("cut.txt", kaspi(10)[:-80]))
        self.assertEqual(len(self.feed.activity_ids), 1)
        self.send(("kaspi.txt", kaspi(10)))
        self.assertFalse(self.feed.file_error or self.feed.activity_ids)

    def test_logo_and_letter_beside_a_statement_are_no_problem(self):
        logo = MIMENonMultipart("image", "png")
        logo.set_payload(b"\x89PNG")
        email.encoders.encode_base64(logo)
        logo.add_header("Content-Disposition", "inline", filename="logo.png")
        self.send(logo, ("letter.pdf", b"%PDF-1.7 letter"), ("kaspi.txt", kaspi(10)))
        self.assertEqual(self.amounts(), [10])
        self.assertFalse(self.feed.file_error)
        self.assertIn("left aside", self.answers().body)
        self.assertNotIn("logo.png", self.answers().body)

    def test_accounts_find_their_journals_and_others_are_refused(self):
        halyk = self._journal("Halyk", "HLK", OTHER)
        self.send(("halyk.txt", kaspi(30, account=OTHER)))
        self.assertFalse(self.amounts(halyk), "the feed is not for this journal")
        self.feed.journal_ids |= halyk
        self.send(("halyk.txt", kaspi(30, account=OTHER)), ("kaspi.txt", kaspi(20)))
        self.assertEqual((self.amounts(halyk), self.amounts()), ([30], [20]))
        self.assertEqual(set(self.logs(self.feed).mapped("state")), {"refused", "done"})

    # --- who may send ----------------------------------------------------
    def test_unknown_sender_is_refused_and_answered_once(self):
        for sender in ("eve@evil.example", "Eve <eve@evil.example>"):
            self.send(("kaspi.txt", kaspi(10)), sender=sender)
        self.assertFalse(self.amounts())
        self.assertFalse(self._new_mails, "the second mail of a stranger is not answered")
        logs = self.logs(self.feed)
        self.assertEqual(logs.mapped("state"), ["refused", "refused"])
        self.assertFalse(logs.attachment_id, "files of strangers are not kept")
        self.send(("kaspi.txt", kaspi(10)), sender="mallory@evil.example")
        self.assertEqual(len(self._new_mails), 1)
        self.assertIn("MAILER-DAEMON", self._new_mails.email_from)

    def test_strangers_cannot_fill_the_log(self):
        for number in range(23):
            self.send(("kaspi.txt", kaspi(10)), sender=f"eve{number}@evil.example")
        self.assertEqual(len(self.logs(self.feed)), 20)
        self.assertFalse(self._new_mails)

    def test_domain_colleague_and_nobody_else(self):
        self.send(("a.txt", kaspi(1)), sender="anna@accounting.example")
        self.send(("b.txt", kaspi(2)), sender="i2c_feed_clerk@seller.example")
        self.assertEqual(self.amounts(), [1, 2])
        self._user("i2c_other", "base.group_user")
        for sender in (
            "anna@accounting.example.evil.example",
            "anna@notaccounting.example",
            "i2c_other@seller.example",
            f"{BANK} <eve@evil.example>",
        ):
            self.send(("c.txt", kaspi(3)), sender=sender)
        self.feed.allow_users = False
        self.send(("d.txt", kaspi(4)), sender="i2c_feed_clerk@seller.example")
        self.assertEqual(self.amounts(), [1, 2])

    def test_senders_are_addresses_or_domains(self):
        for wrong in ("bank.example", "@bank", "a b@bank.example", "*@bank.example, x@y.example"):
            with self.assertRaises(ValidationError):
                self.feed.allowed_senders = wrong

    # --- no loops --------------------------------------------------------
    def test_automatic_mails_are_imported_and_never_answered(self):
        headers = [
            {"Auto_Submitted": "auto-generated"},
            {"Precedence": "bulk"},
            {"Return_Path": "<>"},
            {"List_Id": "<statements.bank.example>"},
        ]
        for number, header in enumerate(headers, 1):
            self.send(("kaspi.txt", kaspi(number)), **header)
            self.assertFalse(self._new_mails, header)
        self.assertEqual(self.amounts(), [1, 2, 3, 4])
        self.send(("kaspi.txt", kaspi(9)), sender="robot@evil.example", Auto_Submitted="auto-replied")
        self.assertFalse(self._new_mails)

    def test_mail_without_a_file_is_kept_and_not_answered(self):
        self.send()
        self.assertFalse(self._new_mails)
        self.assertIn("See the attached file", self.feed.message_ids[0].body)

    def test_answers_to_one_sender_are_bounded_and_imports_are_not(self):
        answered = 0
        for number in range(1, 24):
            self.send(("kaspi.txt", kaspi(number)))
            answered += len(self._new_mails)
        self.assertEqual(answered, 20)
        self.assertEqual(len(self.amounts()), 23, "Odoo's guard against loops does not stop a bank")

    def test_an_answer_to_our_answer_brings_the_right_file(self):
        self.send(("cut.txt", kaspi(10)[:-80]))
        self.send(("kaspi.txt", kaspi(10)), In_Reply_To=self.answers().message_id)
        self.assertEqual(self.amounts(), [10])
        self.send(("kaspi.txt", kaspi(11)), sender="eve@evil.example", In_Reply_To="<1.feed@bank.example>")
        self.assertEqual(self.amounts(), [10])

    def test_reply_past_the_address_imports_nothing(self):
        self.send(("kaspi.txt", kaspi(10)))
        self.send(
            ("kaspi.txt", kaspi(11)), to="catchall@seller.example", In_Reply_To=self.answers().message_id
        )
        self.assertEqual(self.amounts(), [10])

    # --- rights ----------------------------------------------------------
    def test_files_come_in_with_the_rights_of_the_responsible_user(self):
        self.clerk.group_ids -= self.env.ref("invoice_to_cash.group_cash_application")
        self.send(("kaspi.txt", kaspi(10)))
        self.assertFalse(self.amounts())
        self.assertIn("Cash application", self.feed.file_error)
        self.feed.user_id = self.manager
        self.manager.active = False
        self.send(("kaspi.txt", kaspi(10)))
        self.assertFalse(self.amounts())
        self.assertIn("archived", self.feed.file_error)

    def test_clerk_reads_feeds_and_only_managers_change_them(self):
        feed = self.feed.with_user(self.clerk)
        self.assertEqual(feed.name, "Kaspi by mail")
        with self.assertRaises(AccessError):
            feed.allowed_senders = "@evil.example"
        feed.action_dismiss()
        self.feed.with_user(self.manager).allowed_senders = "@bank.example"
        salesman = self._user("i2c_feed_sales", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.feed.with_user(salesman).read(["name"])
        with self.assertRaises(AccessError):
            self.feed.with_user(salesman).action_dismiss()

    def test_other_companies_do_not_see_the_feed(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.manager.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        self.assertFalse(self.env["bank.feed"].with_user(self.manager).search([]))
        with self.assertRaises(AccessError):
            self.feed.with_user(self.manager).read(["name"])

    def test_archived_feed_takes_nothing(self):
        self.feed.active = False
        self.send(("kaspi.txt", kaspi(10)))
        self.assertFalse(self.amounts())
