import email.message
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .tracking_common import TrackingCommon

LOGS = ("odoo.addons.mail.models.mail_mail", "odoo.addons.base.models.ir_mail_server", "mail.log")

REPORT = """From: MAILER-DAEMON@mx.example
To: {to}
Subject: Delivery Status Notification
MIME-Version: 1.0
Message-ID: <report-{stamp}@mx.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

The mail could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--b
Content-Type: message/rfc822

From: office@seller.example
To: {address}
Message-ID: {message_id}
Subject: Invoice

text
--b--
"""


@tagged("post_install", "-at_install")
class TestDelivery(TrackingCommon):
    def report(
        self, mail, action="failed", status="5.1.1", diagnostic="550 5.1.1 no such user", address=None
    ):
        """A delivery report about a mail comes in through the mail gateway."""
        content = REPORT.format(
            to=mail["from"],
            stamp=fields.Datetime.now().timestamp(),
            address=address or "buh@stroyservis.example",
            action=action,
            status=status,
            diagnostic=diagnostic,
            message_id=mail["message-id"],
        )
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process("res.partner", content.encode())

    def test_sent(self):
        invoice = self.make_invoice()
        self.send(invoice)
        self.assertEqual((invoice.delivery_state, invoice.tracking_status), ("sent", "sent"))
        self.assertTrue(invoice.sent_at)
        self.assertTrue(invoice.sla_deadline, "the SLA clock starts with the sending")
        event = invoice.tracking_event_ids.filtered(lambda one: one.kind == "sent")
        self.assertEqual(event.recipient_id, self.customer)
        self.assertIn("buh@stroyservis.example", event.detail)

    def test_many_mails_cost_one_statement_each(self):
        invoices = self.env["account.move"].union(*(self.make_invoice() for _n in range(3)))
        statements, execute = [], Cursor.execute

        def noted(cursor, query, *args, **kwargs):
            statements.append(str(query))
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", noted):
            self.send(invoices)
        self.assertEqual(len(self.server.messages), 3)
        self.assertEqual(invoices.mapped("delivery_state"), ["sent"] * 3)
        inserts = [one for one in statements if "INSERT INTO invoice_tracking_event" in one]
        self.assertEqual(len(inserts), 1 + 3, "'queued' of all at once, then each mail's own")
        self.assertFalse([one for one in statements if "dunning_reminder" in one])

    def test_no_address_is_told_at_once_with_another_contact(self):
        self.customer.email = False
        accountant = self.env["res.partner"].create(
            {"name": "Gulnara", "parent_id": self.customer.id, "type": "invoice", "email": "g@stroy.example"}
        )
        stranger = self.make_customer("Other", email="other@other.example")
        invoice = self.make_invoice(invoice_user_id=self.salesperson.id)
        self.send(invoice)
        self.assertEqual((invoice.delivery_state, invoice.tracking_status), ("no_address", "created"))
        self.assertFalse(self.server.messages)
        self.assertFalse(invoice.sent_at)
        task = self.tasks(invoice)
        self.assertEqual(task.user_id, self.salesperson)
        self.assertIn(accountant.email, task.note)
        self.assertNotIn(stranger.email, task.note)

    @mute_logger(*LOGS)
    def test_refused(self):
        self.server.answers["buh@stroyservis.example"] = "550 5.1.1 no such user"
        invoice = self.make_invoice()
        self.send(invoice)
        self.assertEqual((invoice.delivery_state, invoice.tracking_status), ("refused", "created"))
        self.assertIn(
            "no such user", invoice.tracking_event_ids.filtered(lambda e: e.kind == "refused").detail
        )
        self.assertEqual(len(self.tasks(invoice)), 1)

    @mute_logger(*LOGS)
    def test_put_off_is_offered_again_to_who_has_not_got_it(self):
        colleague = self.env["res.partner"].create(
            {"name": "Colleague", "parent_id": self.customer.id, "email": "zz@stroyservis.example"}
        )
        self.server.answers[colleague.email] = "450 4.2.0 greylisted, come back"
        invoice = self.make_invoice()
        with patch.object(IrMail_Server, "_disable_send", return_value=False):
            self.env["account.move.send"]._generate_and_send_invoices(
                invoice,
                sending_methods=["email"],
                allow_raising=False,
                mail_partner_ids=(self.customer | colleague).ids,
            )
        self.run_queue()
        self.assertEqual(invoice.delivery_state, "postponed")
        self.assertTrue(invoice.sent_at, "the other has got it")
        self.assertFalse(self.tasks(invoice), "nobody has to act yet")
        self.server.answers.clear()
        self.run_queue()
        self.assertFalse(self.mails_to(colleague.email), "offered again before its time")
        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            self.run_queue()
        self.assertEqual(len(self.mails_to(colleague.email)), 1)
        self.assertEqual(len(self.mails_to("buh@stroyservis.example")), 1, "sent twice to the one who had it")
        self.assertEqual(invoice.delivery_state, "sent")

    @mute_logger(*LOGS)
    def test_put_off_for_days_is_refused(self):
        self.server.answers["buh@stroyservis.example"] = "450 4.2.0 greylisted"
        invoice = self.make_invoice()
        self.send(invoice)
        now = fields.Datetime.now()
        for days in range(1, 8):
            with freeze_time(now + timedelta(days=4 * days)):
                self.run_queue()
        self.assertEqual(invoice.delivery_state, "refused")
        self.assertEqual(self.kinds(invoice).count("postponed"), 5)
        self.assertEqual(len(self.tasks(invoice)), 1)

    def test_a_bounce_comes_back_through_the_gateway(self):
        invoice = self.make_invoice(invoice_user_id=self.salesperson.id)
        self.send(invoice)
        self.report(self.server.messages[0])
        self.assertEqual(invoice.delivery_state, "bounced")
        event = invoice.tracking_event_ids.filtered(lambda one: one.kind == "bounced")
        self.assertIn("no such user", event.detail)
        self.assertEqual(event.recipient_id, self.customer)
        self.assertEqual(self.tasks(invoice).user_id, self.salesperson)
        # Sent again to a right address: the task is gone.
        self.customer.email = "right@stroyservis.example"
        self.send(invoice)
        self.run_actions()
        self.assertEqual(invoice.delivery_state, "sent")
        self.assertFalse(self.tasks(invoice))

    def test_a_second_bounce_is_a_second_task(self):
        invoice = self.make_invoice()
        for number in (1, 2):
            self.send(invoice)
            self.report(self.server.messages[-1])
            self.assertEqual(len(self.tasks(invoice)), number)

    def test_a_report_of_a_delay_is_no_bounce(self):
        invoice = self.make_invoice()
        self.send(invoice)
        self.report(self.server.messages[0], "delayed", "4.4.1", "421 no answer")
        self.assertEqual(invoice.delivery_state, "postponed")
        self.assertFalse(self.tasks(invoice))
        self.report(self.server.messages[0], "delivered", "2.1.5", "250 ok")
        self.assertEqual(invoice.delivery_state, "postponed", "a report of success says nothing bad")

    def test_a_bounce_of_another_mail_is_not_the_invoices(self):
        invoice = self.make_invoice()
        self.send(invoice)
        foreign = email.message.EmailMessage()
        foreign["from"], foreign["message-id"] = "office@seller.example", "<nobody-knows@seller.example>"
        self.report(foreign)
        self.assertEqual(invoice.delivery_state, "sent")

    def test_the_truth_outlives_odoos_own_trace(self):
        invoice = self.make_invoice()
        self.send(invoice)
        self.env["mail.notification"].search([]).unlink()
        self.assertFalse(
            self.env["mail.mail"].search([("res_id", "=", invoice.id), ("model", "=", "account.move")])
        )
        self.assertEqual(invoice.delivery_state, "sent")
        self.assertIn("sent", self.kinds(invoice))

    def test_handed_over(self):
        invoice = self.make_invoice()
        invoice.action_mark_sent_by_hand()
        self.assertEqual(invoice.tracking_status, "sent")
