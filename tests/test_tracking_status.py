import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..hooks import post_init_hook
from .common import ReceivablesCommon


@tagged("post_install", "-at_install")
class TestTrackingStatus(ReceivablesCommon):
    def kinds(self, invoice):
        return invoice.tracking_event_ids.sorted("id").mapped("kind")

    def test_the_life_of_an_invoice(self):
        invoice = self.make_invoice(due_in=30)
        self.assertEqual(invoice.tracking_status, "created")
        invoice._mark_sent(detail="buh@stroyservis.example")
        self.assertEqual(invoice.tracking_status, "sent")
        invoice._mark_viewed("link", "buh@stroyservis.example")
        invoice._mark_viewed("link", "buh@stroyservis.example")
        self.assertEqual(invoice.tracking_status, "viewed")
        self.pay(invoice, 400.0)
        self.assertEqual(invoice.tracking_status, "partial")
        self.assertAlmostEqual(invoice.paid_share, 40.0)
        self.pay(invoice)
        self.assertEqual(invoice.tracking_status, "paid")
        self.assertEqual(invoice.paid_how, "registered")
        self.assertEqual(self.kinds(invoice), ["created", "sent", "viewed", "partial", "paid"])

    def test_the_calendar_shows_sum_and_customer(self):
        currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", "KZT")])
        currency.active = True
        invoice = self.make_invoice(amount=1069500.4, due_in=-1, currency_id=currency.id)
        space = "\N{NO-BREAK SPACE}"
        self.assertEqual(invoice.due_title, f"1,069,500{space}₸ {self.customer.name}")
        late = invoice.tracking_color
        self.pay(invoice)
        self.assertEqual(invoice.due_title, f"1,069,500{space}₸ {self.customer.name}", "its total when paid")
        self.assertNotIn(invoice.tracking_color, (0, late))

    def test_drafts_bills_and_refunds_have_no_status(self):
        draft = self.make_invoice(post=False)
        bill = self.init_invoice("in_invoice", partner=self.customer, amounts=[10.0], post=True)
        self.assertFalse(draft.tracking_status)
        self.assertFalse(bill.tracking_status)
        invoice = self.make_invoice()
        invoice.button_draft()
        self.assertFalse(invoice.tracking_status)

    def test_a_partly_paid_late_invoice_is_overdue(self):
        invoice = self.make_invoice(due_in=-5)
        self.pay(invoice, 400.0)
        self.assertEqual(invoice.tracking_status, "overdue")
        self.assertEqual(invoice.days_overdue, 5)

    def test_taking_a_payment_back_opens_the_invoice_again(self):
        invoice = self.make_invoice()
        self.pay(invoice)
        invoice.line_ids.remove_move_reconcile()
        self.assertEqual(invoice.tracking_status, "created")
        self.assertFalse(invoice.paid_how)
        self.assertEqual(self.kinds(invoice)[-1], "reopened")

    def test_a_credit_note_settles_and_says_so(self):
        invoice = self.make_invoice()
        self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"journal_id": invoice.journal_id.id}).modify_moves()
        self.assertEqual(invoice.tracking_status, "paid")
        self.assertEqual(invoice.paid_how, "reversed")

    def test_time_moves_only_the_rows_whose_day_has_come(self):
        soon, later = self.make_invoice(due_in=10), self.make_invoice(due_in=60)
        self.assertEqual(soon.status_next_date, self.today + datetime.timedelta(days=7))
        start = self.company._receivables_day_start(self.today)
        with freeze_time(start + datetime.timedelta(days=7, hours=1)), self.enter_registry_test_mode():
            self.env.ref("invoice_to_cash.cron_tracking_status").method_direct_trigger()
        self.assertEqual(soon.tracking_status, "due_soon")
        self.assertEqual(later.tracking_status, "created")
        with freeze_time(start + datetime.timedelta(days=11, hours=1)), self.enter_registry_test_mode():
            self.env.ref("invoice_to_cash.cron_tracking_status").method_direct_trigger()
        self.assertEqual(soon.tracking_status, "overdue")

    def test_the_day_begins_in_the_time_zone_of_the_company(self):
        with freeze_time("2026-03-09 20:00:00"):
            self.assertEqual(self.company._receivables_today(), datetime.date(2026, 3, 10))
            self.company.receivables_tz = "UTC"
            self.assertEqual(self.company._receivables_today(), datetime.date(2026, 3, 9))

    def test_a_ledger_that_is_there_before_gets_its_statuses_without_noise(self):
        late, paid = self.make_invoice(due_in=-5), self.make_invoice()
        self.pay(paid)
        self.env.flush_all()
        events = self.env["invoice.tracking.event"].search_count([])
        messages = self.env["mail.message"].search_count([])
        self.env.cr.execute(
            "UPDATE account_move SET tracking_status = NULL, paid_how = NULL WHERE id IN %s",
            [tuple((late | paid).ids)],
        )
        self.env.invalidate_all()
        post_init_hook(self.env)
        self.assertEqual((late | paid).mapped("tracking_status"), ["overdue", "paid"])
        self.assertEqual(paid.paid_how, "registered")
        self.assertEqual(self.env["invoice.tracking.event"].search_count([]), events)
        self.assertEqual(self.env["mail.message"].search_count([]), messages)

    def test_the_log_is_append_only(self):
        event = self.make_invoice().tracking_event_ids
        with self.assertRaises(UserError):
            event.detail = "another story"
        with self.assertRaises(UserError):
            event.with_user(self.env.user).unlink()

    def test_a_customer_without_address_is_told_from_sent(self):
        self.customer.email = False
        invoice = self.make_invoice()
        self.env["account.move.send"]._generate_and_send_invoices(
            invoice, sending_methods=["email"], allow_raising=False
        )
        self.assertEqual(invoice.tracking_status, "created")
        self.assertEqual(invoice.delivery_state, "no_address")
        self.assertEqual(self.kinds(invoice)[-2:], ["no_address", "action"])

    def test_the_customer_card_sums_the_whole_entity(self):
        contact = self.env["res.partner"].create(
            {"name": "Branch", "parent_id": self.customer.id, "type": "invoice", "email": "branch@x.example"}
        )
        self.make_invoice(amount=100.0, due_in=-3, partner=contact)
        self.make_invoice(amount=50.0, due_in=20)
        self.env.flush_all()
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.receivable_overdue, 100.0)
        self.assertEqual(self.customer.receivable_open, 150.0)
        self.assertEqual(self.customer.receivable_status, "overdue")


@tagged("post_install", "-at_install")
class TestReceivablePositions(ReceivablesCommon):
    def test_an_invoice_has_a_position_per_instalment(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "30/70",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 30, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 70, "nb_days": 30}),
                ],
            }
        )
        invoice = self.make_invoice(invoice_payment_term_id=term.id)
        positions = [p for p in self.company._get_receivable_positions() if p.move_id == invoice.id]
        self.assertEqual(
            [(p.position, p.positions, int(p.residual)) for p in positions], [(1, 2, 300), (2, 2, 700)]
        )
        self.assertEqual(positions[0].payment_code, invoice.payment_code)
        self.pay(invoice, 300.0)
        positions = [p for p in self.company._get_receivable_positions() if p.move_id == invoice.id]
        self.assertEqual(
            [p.position for p in positions], [2], "a position keeps its number when another is paid"
        )
        settled = self.company._get_receivable_positions(include_settled=True)
        self.assertEqual([p.position for p in settled if p.move_id == invoice.id], [1, 2])

    def test_credits_are_negative_and_orders_are_named(self):
        order = self.make_order()
        order.action_confirm()
        invoice = order.invoice_ids or order._create_invoices()
        if invoice.state == "draft":
            invoice.action_post()
        refund = self.init_invoice("out_refund", partner=self.customer, amounts=[10.0], post=True)
        found = {p.move_id: p for p in self.company._get_receivable_positions(self.customer)}
        self.assertEqual(found[invoice.id].order_names, (order.name,))
        self.assertEqual(found[refund.id].kind, "credit_note")
        self.assertLess(found[refund.id].residual, 0)

    def test_two_queries_whatever_the_number(self):
        for _n in range(6):
            self.make_invoice()
        self.env.flush_all()
        with self.assertQueryCount(2):
            self.company._get_receivable_positions()
