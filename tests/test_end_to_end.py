"""The whole chain with real parts: an SMTP server, Chromium, PostgreSQL, the PDF engine."""

import email
import email.policy
import re
import socket
import time
from datetime import timedelta
from unittest.mock import patch

from aiosmtpd.controller import Controller
from freezegun import freeze_time

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .common import ReceivablesCommon

OWN = "KZ79722S000001674774"


class Mailbox:
    """An SMTP server on 127.0.0.1 that keeps what it gets."""

    def __init__(self):
        self.messages = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, _server, _session, envelope):
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 accepted"

    def __enter__(self):
        self._controller.start()
        return self

    def __exit__(self, *_exc):
        self._controller.stop()


def body(message) -> str:
    return message.get_body(("html", "plain")).get_content()


def kaspi_file(day, *payments) -> bytes:
    """A 1C file as Kaspi Business writes it; payments are (number, amount, name, tax id, purpose)."""
    date = day.strftime("%d.%m.%Y")
    total = sum(amount for _number, amount, *_rest in payments)
    lines = [
        *("1CClientBankExchange", "ВерсияФормата=1.01", "Кодировка=Windows", "Получатель=1C"),
        *(f"ДатаНачала={date}", f"ДатаКонца={date}", f"РасчСчет={OWN}"),
        *("СекцияРасчСчет", f"ДатаНачала={date}", f"ДатаКонца={date}", f"РасчСчет={OWN}"),
        *("НачальныйОстаток=0.00", f"ВсегоПоступило={total:.2f}", "ВсегоСписано=0.00"),
        *(f"КонечныйОстаток={total:.2f}", "КонецРасчСчет"),
    ]
    for number, amount, name, tax_id, purpose in payments:
        lines += [
            *("СекцияДокумент=выписка", f"НомерДокумента={number}", f"ДатаДокумента={date}"),
            *("ВидДокумента=Платежное поручение", f"ПлательщикНаименование={name}"),
            *(f"ПлательщикБИН_ИИН={tax_id}", "ПлательщикИИК=KZ698562203124676325"),
            *("ПлательщикБанкБИК=KCJBKZKX", "ПлательщикКБЕ=17", f"ПолучательИИК={OWN}"),
            *("ПолучательБанкБИК=CASPKZKA", "ПолучательКБЕ=17", f"СуммаПриход={amount:.2f}"),
            *(f"ДатаОперации={date}", f"НазначениеПлатежа={purpose}", "КодНазначенияПлатежа=710"),
            "КонецДокумента",
        ]
    return "\r\n".join([*lines, "КонецФайла", ""]).encode("utf-8")


class ChainCommon(ReceivablesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kzt = cls.env.ref("base.KZT")
        kzt.active = True
        cls.bank = cls.env["account.journal"].create(
            {
                "name": "Kaspi",
                "code": "KSP",
                "type": "bank",
                "currency_id": cls.company.currency_id.id if cls.company.currency_id == kzt else kzt.id,
                "bank_account_id": cls.company.partner_id.bank_ids.filtered(
                    lambda bank: bank.sanitized_acc_number == OWN
                ).id,
            }
        )
        cls.kzt = kzt

    @classmethod
    def make_tenge_invoice(cls, amount, due_in=30, partner=None):
        return cls.make_invoice(amount, due_in, partner, currency_id=cls.kzt.id)


@tagged("post_install", "-at_install")
class TestEndToEnd(ChainCommon, HttpCase):
    def deliver(self):
        """Let the jobs send what is queued, over SMTP, as they do outside of tests."""
        # Sending mails and making PDFs are switched off inside tests; these are the switches.
        with patch.object(IrMail_Server, "_disable_send", return_value=False):
            queued = self.env["account.move"].search(
                [("sending_data", "!=", False), ("state", "=", "posted")]
            )
            self.env["account.move.send"].with_context(
                force_report_rendering=True
            )._generate_and_send_invoices(queued, from_cron=True)
            self.env.ref("mail.ir_cron_mail_scheduler_action").method_direct_trigger()
        self.env.invalidate_all()

    def test_from_the_deal_to_the_money_and_to_the_reminder(self):
        self.env["invoicing.rule"].search([]).active = False
        self.env["invoicing.rule"].create({"name": "All by itself", "depth": "send"})
        self.env["ir.mail_server"].search([]).active = False
        self.company.dunning_new_customers = True
        late_customer = self.make_customer("ТОО Должник", email="director@late.example", vat="180540009999")
        late = self.make_tenge_invoice(333.0, due_in=0, partner=late_customer)
        with Mailbox() as mailbox:
            self.env["ir.mail_server"].create(
                {"name": "Test", "smtp_host": "127.0.0.1", "smtp_port": mailbox.port}
            )
            # An order is confirmed: the invoice is made, posted and sent.
            pricelist = self.env["product.pricelist"].create({"name": "KZT", "currency_id": self.kzt.id})
            orders = self.make_order(amount=1500.0, pricelist_id=pricelist.id)
            orders |= self.make_order(amount=2600.0, pricelist_id=pricelist.id)
            orders.action_confirm()
            first, second = orders[0].invoice_ids, orders[1].invoice_ids
            self.assertEqual((first | second).mapped("tracking_status"), ["created", "created"])
            self.deliver()
            self.assertEqual((first | second).mapped("tracking_status"), ["sent", "sent"])
            invoice_mails = [message for message in mailbox.messages if first.name in message["subject"]]
            self.assertEqual(len(invoice_mails), 1)
            mail = invoice_mails[0]
            self.assertIn("buh@stroyservis.example", mail["to"])
            self.assertIn(first.payment_code, body(mail))
            pdf = [part for part in mail.iter_attachments() if part.get_content_type() == "application/pdf"]
            self.assertEqual(len(pdf), 1)
            self.assertTrue(pdf[0].get_content().startswith(b"%PDF"), "the attachment is no PDF")

            # The customer opens the link in a browser, a little later.
            link = re.findall(r'href="([^"]*/i2c/invoice\?t=[^"]+)"', body(mail))[-1].replace("&amp;", "&")
            time.sleep(0.1)
            first.tracking_event_ids.flush_recordset()
            self.env.cr.execute(
                "UPDATE invoice_tracking_event SET moment = moment - interval '1 minute' WHERE move_id = %s",
                [first.id],
            )
            with self.browser_with_agent():
                self.browser_js(
                    link[link.index("/i2c/") :],
                    "console.log('test successful')",
                    ready=f"document.body.innerText.includes('{first.name}')",
                    login=None,
                )
            self.env.invalidate_all()
            self.assertEqual(first.tracking_status, "viewed")

            # The bank file comes: a code, a number with less than is due, a stranger.
            content = kaspi_file(
                self.today,
                (
                    1,
                    1500.0,
                    "ТОО СтройСервис",
                    self.customer.vat,
                    f"оплата {first.payment_code} в т.ч. НДС 16%",
                ),
                (2, 2000.0, "ТОО СтройСервис", self.customer.vat, f"Оплата по счету № {second.name}"),
                (3, 77.0, "Незнакомец", "", "перевод собственных средств"),
            )
            result = self.bank.import_statement_file("kaspi.txt", self.encoded(content))
            self.assertEqual(result["new"], 3)
            self.assertEqual(first.tracking_status, "paid")
            self.assertEqual(first.paid_how, "bank")
            self.assertEqual(second.tracking_status, "sent", "500 less is not paid by itself")
            match = self.env["payment.match"].search([("statement_line_id", "in", result["line_ids"])])
            self.assertEqual(sorted(match.mapped("state")), ["applied", "manual", "suggested"])
            match.filtered(lambda one: one.state == "suggested").action_apply()
            self.assertEqual(second.tracking_status, "partial")
            again = self.bank.import_statement_file("kaspi.txt", self.encoded(content))
            self.assertEqual((again["new"], again["known"]), (0, 3))

            # Three days after the due date the reminder leaves, once.
            number = len(mailbox.messages)
            monday = self.today + timedelta(days=3)
            self.env["dunning.ladder"].search([]).skip_weekend = False
            with freeze_time(fields.Datetime.now() + timedelta(days=3)):
                self.env["dunning.reminder"].generate(self.company, today=monday).filtered(
                    lambda one: one.partner_id == late_customer
                ).send()
                self.deliver()
                self.env["dunning.reminder"].generate(self.company, today=monday).filtered(
                    lambda one: one.partner_id == late_customer
                ).send()
                self.deliver()
            reminders = [message for message in mailbox.messages[number:] if "late.example" in message["to"]]
            self.assertEqual(len(reminders), 1, "one letter a day to one customer")
            self.assertIn(late.name, body(reminders[0]))
            self.assertIn("/i2c/invoice?t=", body(reminders[0]))
            self.assertNotIn("access_token", body(reminders[0]))
            self.assertIn("reminded", late.tracking_event_ids.mapped("kind"))
            self.assertTrue(late.dunning_level)


@tagged("post_install", "-at_install")
class TestBankTour(ChainCommon, HttpCase):
    def test_import_and_match_in_the_browser(self):
        self.customer.name = "ТОО СтройСервис"
        paid = self.make_tenge_invoice(1500.0)
        proposed = self.make_tenge_invoice(2600.0)
        content = kaspi_file(
            self.today,
            (1, 1500.0, "ТОО СтройСервис", self.customer.vat, f"оплата {paid.payment_code}"),
            (2, 2600.0, "ТОО СтройСервис", self.customer.vat, "за товар"),
            (3, 77.0, "Незнакомец", "", "перевод"),
        )
        attachment = self.env["ir.attachment"].create(
            {"name": "source.txt", "raw": content, "public": True, "mimetype": "text/plain"}
        )
        user = self.env.user
        user.write({"lang": "en_US"})
        self.start_tour(
            f"/odoo?i2c_file={attachment.id}", "i2c_bank_import_and_match", login=user.login, timeout=120
        )
        self.env.invalidate_all()
        self.assertEqual(paid.tracking_status, "paid")
        self.assertEqual(proposed.tracking_status, "paid")
