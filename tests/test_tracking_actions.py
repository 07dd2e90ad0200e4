import hashlib
import hmac
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .tracking_common import TrackingCommon


@tagged("post_install", "-at_install")
class TestShippedActions(TrackingCommon):
    def shipped(self, name):
        return self.env.ref(f"invoice_to_cash.action_{name}")

    def wait(self, invoice, **span):
        """Time passes and the job runs."""
        self.age(invoice, **span)
        self.run_actions()
        return self.tasks(invoice)

    def test_not_sent_in_a_day(self):
        invoice = self.make_invoice(invoice_user_id=self.salesperson.id)
        self.assertFalse(self.wait(invoice, hours=23))
        task = self.wait(invoice, hours=2)
        self.assertEqual(task.summary, "The invoice has not been sent")
        self.assertEqual(task.user_id, self.salesperson)
        self.run_actions()
        self.assertEqual(len(self.tasks(invoice)), 1, "told twice")
        self.send(invoice)
        self.run_actions()
        self.assertFalse(self.tasks(invoice), "the reason is gone")

    def test_not_opened_is_a_call(self):
        invoice = self.make_invoice(invoice_user_id=self.salesperson.id)
        self.send(invoice)
        self.assertFalse(self.wait(invoice, days=2, hours=23))
        task = self.wait(invoice, hours=2)
        self.assertEqual(task.activity_type_id, self.env.ref("mail.mail_activity_data_call"))
        invoice._mark_viewed("link")
        self.run_actions()
        self.assertFalse(self.tasks(invoice))

    def test_opened_and_not_paid(self):
        invoice = self.make_invoice()
        self.send(invoice)
        invoice._mark_viewed("link")
        self.assertFalse(self.wait(invoice, days=6))
        self.assertEqual(self.wait(invoice, days=1, hours=1).summary, "Call: what keeps the payment?")
        self.pay(invoice)
        self.run_actions()
        self.assertFalse(self.tasks(invoice))

    def test_who_is_excluded_or_disputes_is_not_called(self):
        invoice = self.make_invoice()
        self.send(invoice)
        self.customer.opens_not_tracked = True
        other = self.make_invoice(partner=self.make_customer("Other", email="o@o.example"))
        self.send(other)
        self.env["invoice.dispute"].create({"move_id": other.id, "amount": 10.0, "owner_id": self.env.uid})
        self.assertFalse(self.wait(invoice | other, days=4))

    def test_the_sla_clock(self):
        kept, broken = self.make_invoice(), self.make_invoice()
        self.send(kept | broken)
        kept._mark_viewed("link")
        self.age(kept | broken, days=5, hours=1)
        with self.enter_registry_test_mode():
            self.env.ref("invoice_to_cash.cron_tracking_status").method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(kept.sla_broken_at)
        self.assertTrue(broken.sla_broken_at)
        self.assertFalse((kept | broken).filtered("sla_deadline"), "the clock has stopped")
        self.assertIn("sla_broken", self.kinds(broken))
        domain = [("sla_broken_at", "!=", False), ("tracking_status", "not in", ("paid", False))]
        self.assertEqual(self.env["account.move"].search(domain) & (kept | broken), broken)
        self.run_actions()
        self.assertIn("No sign of life from the customer in time", self.tasks(broken).mapped("summary"))
        self.assertNotIn("No sign of life from the customer in time", self.tasks(kept).mapped("summary"))

    def test_a_part_payment_is_told_with_what_is_open_each_time(self):
        invoice = self.make_invoice(invoice_user_id=self.salesperson.id)
        for paid, rest in ((400.0, "600.00"), (100.0, "500.00")):
            self.pay(invoice, paid)
            self.env.flush_all()
            self.run_actions()
            # sudo: a notice is its recipient's own.
            notice = (
                self.env["mail.message"]
                .sudo()
                .search(
                    [
                        ("model", "=", "account.move"),
                        ("res_id", "=", invoice.id),
                        ("notified_partner_ids", "in", self.salesperson.partner_id.ids),
                    ],
                    limit=1,
                )
            )
            self.assertIn(rest, notice.body)
            if rest == "600.00":
                # A payment makes an event when the status changes; the next one is partial as before.
                self.assertEqual(self.kinds(invoice).count("partial"), 1)
                invoice._log_tracking_event("partial")

    def test_thanks_once(self):
        invoice = self.make_invoice()
        self.send(invoice)
        self.age(invoice, days=3)
        invoice.line_ids.remove_move_reconcile()
        self.pay(invoice)
        self.run_actions()
        self.run_queue()
        thanks = [mail for mail in self.mails_to("buh@stroyservis.example") if "Thank you" in mail["subject"]]
        self.assertEqual(len(thanks), 1)
        self.assertIn(invoice.name, self.html(thanks[0]))
        # Taken back and paid again: thanked already.
        invoice.line_ids.remove_move_reconcile()
        self.pay(invoice)
        self.run_actions()
        self.run_queue()
        thanks = [mail for mail in self.mails_to("buh@stroyservis.example") if "Thank you" in mail["subject"]]
        self.assertEqual(len(thanks), 1)

    def test_no_thanks_for_what_is_paid_on_the_spot_or_not_with_money(self):
        spot = self.make_invoice(invoice_date=self.today)
        self.pay(spot)
        credited = self.make_invoice()
        self.age(credited, days=3)
        self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=credited.ids
        ).create({"journal_id": credited.journal_id.id}).modify_moves()
        self.run_actions()
        self.run_queue()
        self.assertFalse([mail for mail in self.server.messages if "Thank you" in mail["subject"]])

    def test_no_flood_when_switched_on(self):
        action = self.shipped("not_opened")
        action.active = False
        invoice = self.make_invoice()
        self.send(invoice)
        self.assertFalse(self.wait(invoice, days=30))
        action.active = True
        self.run_actions()
        self.assertFalse(self.tasks(invoice))

    def test_done_by_hand_stays_done(self):
        invoice = self.make_invoice()
        task = self.wait(invoice, hours=25)
        task.action_feedback("called")
        self.run_actions()
        self.assertFalse(self.tasks(invoice))
        self.assertEqual(
            self.shipped("created_not_sent").run_ids.filtered(lambda r: r.move_id == invoice).state, "done"
        )

    def test_due_soon_is_noted(self):
        invoice = self.make_invoice(due_in=3)
        invoice._log_tracking_event("due_soon")
        self.assertEqual(invoice.tracking_status, "due_soon")
        self.run_actions()
        self.assertTrue(invoice.message_ids.filtered(lambda message: "soft reminder" in (message.body or "")))


class Receiver(BaseHTTPRequestHandler):
    calls, answer = [], 200

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).calls.append((dict(self.headers), body))
        self.send_response(self.answer)
        self.end_headers()

    def log_message(self, *_args):
        pass


@tagged("post_install", "-at_install")
class TestOwnActions(TrackingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.web = HTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=cls.web.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.web.server_close)
        cls.addClassCleanup(cls.web.shutdown)
        cls.env["tracking.action"].search([]).active = False

    def setUp(self):
        super().setUp()
        Receiver.calls.clear()
        Receiver.answer = 200

    @classmethod
    def make_action(cls, **values):
        return cls.env["tracking.action"].create({"name": "Ours", "situation": "partial", **values})

    def webhook(self, **values):
        return self.make_action(
            channel="webhook", webhook_url=f"http://127.0.0.1:{self.web.server_port}/hook", **values
        )

    def test_a_webhook_is_signed_and_called_once(self):
        action = self.webhook()
        invoice = self.make_invoice()
        self.pay(invoice, 400.0)
        self.run_actions()
        self.run_actions()
        self.assertEqual(len(Receiver.calls), 1)
        headers, body = Receiver.calls[0]
        expected = hmac.new(action.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
        self.assertEqual(headers["X-I2C-Signature"], expected)
        data = json.loads(body)
        self.assertEqual(data["event"], "partial")
        self.assertEqual((data["invoice"]["number"], data["invoice"]["open"]), (invoice.name, "600.0"))

    def test_a_webhook_that_fails_is_called_again_and_given_up(self):
        Receiver.answer = 500
        action = self.webhook()
        self.pay(self.make_invoice(), 400.0)
        for _n in range(8):
            self.run_actions()
        self.assertEqual(len(Receiver.calls), 6)
        self.assertEqual((action.run_ids.state, action.run_ids.failure), ("failed", "HTTP 500"))

    def test_filters(self):
        self.make_action(name="Large ones", minimum=5000.0, summary="large")
        self.make_action(name="Retail", customer_kind="retail", summary="retail")
        small, large = self.make_invoice(1000.0), self.make_invoice(9000.0)
        retail = self.make_invoice(partner=self.make_customer("Ivan", is_company=False, email="i@i.example"))
        for invoice in (small, large, retail):
            self.pay(invoice, 100.0)
        self.run_actions()
        self.assertFalse(self.tasks(small))
        self.assertEqual(self.tasks(large).summary, "large")
        self.assertEqual(self.tasks(retail).summary, "retail")

    def test_other_companies_are_left_alone(self):
        other = self.setup_other_company()["company"]
        self.make_action(company_id=other.id)
        invoice = self.make_invoice()
        self.pay(invoice, 100.0)
        self.run_actions()
        self.assertFalse(self.tasks(invoice))

    def test_incomplete_ones_are_refused(self):
        for values in (
            {"channel": "webhook"},
            {"channel": "webhook", "webhook_url": "file:///etc/passwd"},
            {"channel": "mail", "recipient": "customer"},
            {"channel": "activity", "recipient": "customer"},
            {"recipient": "user"},
        ):
            with self.assertRaises(ValidationError, msg=str(values)):
                self.make_action(**values)

    def test_rights(self):
        action = self.make_action()
        collector = new_test_user(self.env, "i2c-collector", groups="invoice_to_cash.group_collector")
        sales = new_test_user(self.env, "i2c-sales", groups="sales_team.group_sale_salesman")
        mine = action.with_user(collector)
        self.assertEqual(mine.name, "Ours")
        with self.assertRaises(AccessError):
            mine.name = "Theirs"
        with self.assertRaises(AccessError):
            mine.read(["webhook_secret"])
        with self.assertRaises(AccessError):
            action.with_user(sales).read(["name"])
        invoice = self.make_invoice(invoice_user_id=sales.id)
        with self.assertRaises(AccessError):
            self.env["invoice.tracking.event"].with_user(collector).create(
                {"move_id": invoice.id, "kind": "viewed"}
            )
        with self.assertRaises(AccessError):
            invoice.with_user(sales).action_mark_sent_by_hand()
        self.assertEqual(self.customer.with_user(sales).receivable_status, "created")
        self.assertTrue(invoice.with_user(sales).last_event)

    def test_events_of_other_companies_are_not_seen(self):
        other = self.setup_other_company()["company"]
        invoice = self.make_invoice()
        user = new_test_user(
            self.env,
            "i2c-other",
            groups="invoice_to_cash.group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        events = self.env["invoice.tracking.event"].with_user(user).with_company(other)
        self.assertFalse(events.search([("move_id", "=", invoice.id)]))
        runs = self.env["tracking.action.run"].with_user(user)
        self.age(invoice, hours=25)
        self.assertFalse(runs.search([("move_id", "=", invoice.id)]))

    def test_two_workers_claim_once(self):
        action = self.make_action()
        invoice = self.make_invoice()
        runs = self.env["tracking.action.run"]
        self.assertTrue(runs._claim(action, {invoice: 0}))
        self.assertFalse(runs._claim(action, {invoice: 0}))

    def test_an_event_committed_late_is_not_missed(self):
        action = self.make_action(situation="partial")
        invoice = self.make_invoice()
        self.pay(invoice, 100.0)
        self.env.flush_all()
        action._advance(fields.Datetime.now() + timedelta(minutes=5))
        self.run_actions()
        self.assertEqual(len(self.tasks(invoice)), 1)
