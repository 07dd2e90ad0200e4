"""What the tests of tracking share: a mail server that answers as told, and a clock to turn."""

import email
import email.policy
import re
import socket
from datetime import timedelta
from unittest.mock import patch

from aiosmtpd.controller import Controller

from odoo import fields

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .common import ReceivablesCommon


class AnsweringServer:
    """An SMTP server on 127.0.0.1 that keeps what it takes; ``answers``: replies to addresses it refuses."""

    def __init__(self):
        self.messages, self.answers = [], {}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if reply := self.answers.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, _server, _session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        message.envelope_to = envelope.rcpt_tos
        self.messages.append(message)
        return "250 accepted"

    def __enter__(self):
        self._controller.start()
        return self

    def __exit__(self, *_exc):
        self._controller.stop()


class TrackingCommon(ReceivablesCommon):
    """Mails go over SMTP to ``self.server``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = AnsweringServer()
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__)
        cls.env["ir.mail_server"].search([]).active = False
        cls.env["ir.mail_server"].create(
            {"name": "Test", "smtp_host": "127.0.0.1", "smtp_port": cls.server.port}
        )
        cls.env["mail.alias.domain"].search([], limit=1) or cls.env["mail.alias.domain"].create(
            {"name": "seller.example"}
        )
        cls.salesperson = cls.env["res.users"].create(
            {
                "name": "Aliya",
                "login": "aliya@seller.example",
                "email": "aliya@seller.example",
                "group_ids": [(4, cls.env.ref("sales_team.group_sale_salesman").id)],
            }
        )

    def setUp(self):
        super().setUp()
        self.server.messages.clear()
        self.server.answers.clear()

    def send(self, invoices):
        """Send the invoices by mail and let the queue go out, as the jobs do."""
        with patch.object(IrMail_Server, "_disable_send", return_value=False):
            self.env["account.move.send"]._generate_and_send_invoices(
                invoices, sending_methods=["email"], allow_raising=False
            )
            self.run_queue()

    def run_queue(self):
        with patch.object(IrMail_Server, "_disable_send", return_value=False):
            self.env["mail.mail"].search([("state", "=", "outgoing")]).filtered(
                lambda mail: not mail.scheduled_date or mail.scheduled_date <= fields.Datetime.now()
            ).send()
        self.env.flush_all()

    def mails_to(self, address):
        # The heading names all recipients; the envelope the one who gets this copy.
        return [message for message in self.server.messages if address in message.envelope_to]

    @staticmethod
    def html(message):
        return message.get_body(("html", "plain")).get_content()

    @classmethod
    def pixel_path(cls, message):
        found = re.search(r'src="[^"]*(/i2c/p/[^"]+)"', cls.html(message))
        return found and found[1]

    @classmethod
    def link_path(cls, message):
        found = re.search(r'href="[^"]*(/i2c/invoice\?t=[\w-]+)"', cls.html(message))
        return found and found[1]

    def age(self, invoices, **span):
        """Let what happened to the invoices lie this much longer back."""
        self.env.flush_all()
        moves, back = tuple(invoices.ids), timedelta(**span)
        # The log is append-only for the ORM.
        self.env.cr.execute(
            "UPDATE invoice_tracking_event SET moment = moment - %s, opening_hour = opening_hour - %s "
            "WHERE move_id IN %s",
            [back, back, moves],
        )
        self.env.cr.execute(
            "UPDATE account_move SET sent_at = sent_at - %s, first_viewed_at = first_viewed_at - %s, "
            "sla_deadline = sla_deadline - %s WHERE id IN %s",
            [back, back, back, moves],
        )
        self.env.invalidate_all()

    def kinds(self, invoice):
        return invoice.tracking_event_ids.sorted("id").mapped("kind")

    def run_actions(self):
        with self.enter_registry_test_mode():
            self.env.ref("invoice_to_cash.cron_tracking_action").method_direct_trigger()
        self.env.invalidate_all()

    def tasks(self, invoice):
        return self.env["mail.activity"].search(
            [("res_model", "=", "account.move"), ("res_id", "in", invoice.ids)]
        )
