"""Facts of Odoo that keep the reminders silent, or leave a sum out of them."""

import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from ..core.dunning import Cause, Reason
from .test_dunning_reminders import DUE, DunningCommon


@tagged("post_install", "-at_install")
class TestDunningSilence(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for group in ("sales_team.group_sale_manager", "stock.group_stock_manager", "base.group_system"):
            cls.env.user.group_ids |= cls.env.ref(group)

    def facts(self, partner, day=3):
        ((account, decision),) = self.company._decide_dunning(self.on(day), partner)
        return account, decision

    def reason(self, partner, day=3):
        return self.facts(partner, day)[1].reason

    # --- what they wrote -----------------------------------------------------
    def test_a_letter_about_anything_else_makes_the_step_wait(self):
        self.invoice(self.alfa)
        self.invoice(self.beta)
        order = self.env["sale.order"].create({"partner_id": self.alfa.id})
        with freeze_time("2026-06-12 10:00"):
            order.message_post(
                body="When will you deliver?", author_id=self.alfa.id, message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )  # fmt: skip
        self.assertEqual(self.reason(self.alfa), Reason.CUSTOMER_WROTE)
        self.assertEqual(self.reason(self.beta), Reason.STEP_DUE)
        # Three days of silence: the 12th, 13th and 14th.
        account, decision = self.facts(self.alfa, 4)
        self.assertEqual((account.wrote_until, decision.until), (self.on(4), self.on(5)))
        self.assertEqual(self.reason(self.alfa, 5), Reason.STEP_DUE)
        self.company.dunning_wrote_days = 0
        self.assertEqual(self.reason(self.alfa), Reason.STEP_DUE)

    def test_the_day_of_a_letter_is_the_companys_day(self):
        self.company.receivables_tz = "Asia/Almaty"
        self.invoice(self.alfa)
        with freeze_time("2026-06-12 22:00"):
            self.invoice(self.beta, due=self.on(60)).message_post(
                body="!", author_id=self.alfa.id, message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.assertEqual(self.facts(self.alfa)[0].wrote_until, self.on(5))

    def test_what_our_own_people_write_is_no_letter_of_the_customer(self):
        invoice = self.invoice(self.alfa)
        with freeze_time("2026-06-12 10:00"):
            invoice.message_post(
                body="I called them", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        self.assertEqual(self.reason(self.alfa), Reason.STEP_DUE)

    # --- what we owe them ----------------------------------------------------
    def bill(self, partner, amount):
        return self.invoice(partner, amount, move_type="in_invoice")

    def test_what_we_owe_as_their_customer_is_offered_for_set_off(self):
        self.invoice(self.alfa)
        self.bill(self.alfa, 400.0)
        self.assertEqual(self.reason(self.alfa), Reason.STEP_DUE)
        self.bill(self.alfa, 600.0)
        self.assertEqual(self.facts(self.alfa)[0].payable, 1000)
        self.assertEqual(self.reason(self.alfa), Reason.NETTING)
        reminder = self.generate(3)
        self.assertEqual((reminder.state, reminder.hold_reason), ("held", "netting"))
        self.assertEqual(
            reminder.activity_ids.activity_type_id, self.env.ref("invoice_to_cash.activity_netting")
        )
        self.generate(4)
        self.assertEqual(len(reminder.activity_ids), 1)

    def test_our_debt_in_another_currency_is_not_set_off(self):
        self.invoice(self.alfa)
        self.invoice(self.alfa, 9000.0, move_type="in_invoice", currency=self.setup_other_currency("EUR"))
        self.assertEqual(self.reason(self.alfa), Reason.STEP_DUE)

    # --- money under way -----------------------------------------------------
    def test_a_payment_in_draft_may_be_the_money(self):
        self.invoice(self.alfa)
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.alfa.id,
                "amount": 1000.0,
                "payment_type": "inbound",
                "date": self.company._receivables_today(),
            }
        )
        self.assertEqual(self.reason(self.alfa), Reason.UNMATCHED_CASH)
        payment.date = self.company._receivables_today() - datetime.timedelta(days=60)
        self.assertEqual(self.reason(self.alfa), Reason.STEP_DUE)

    def test_an_online_payment_under_way_may_be_the_money(self):
        invoice = self.invoice(self.alfa)
        provider = self.env["payment.provider"].create(
            {"name": "Test", "code": "none", "company_id": self.company.id}
        )
        method = self.env["payment.method"].search([], limit=1)
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": "i2c-under-way",
                "amount": 1000.0,
                "currency_id": invoice.currency_id.id,
                "partner_id": self.alfa.id,
                "operation": "online_direct",
            }
        )
        self.assertEqual(self.reason(self.alfa), Reason.STEP_DUE)
        transaction._set_pending()
        self.assertEqual(self.reason(self.alfa), Reason.UNMATCHED_CASH)

    def transaction(self, invoice, **values):
        provider = self.env["payment.provider"].create(
            {"name": "Test", "code": "none", "company_id": self.company.id}
        )
        return self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env["payment.method"].search([], limit=1).id,
                "reference": f"i2c-{invoice.id}-{provider.id}",
                "amount": invoice.amount_residual,
                "currency_id": invoice.currency_id.id,
                "partner_id": invoice.partner_id.id,
                "operation": "online_direct",
                "invoice_ids": [Command.set(invoice.ids)],
                **values,
            }
        )

    def told(self, partner, day=3):
        """{invoice: reason} of what has a step due."""
        decision = self.facts(partner, day)[1]
        return {item.position.key[0]: item.reason for item in decision.all_items if item.step}

    def test_an_invoice_that_somebody_else_is_paying_online_is_not_dunned(self):
        paid, other = self.invoice(self.alfa), self.invoice(self.alfa)
        transaction = self.transaction(paid, partner_id=self.beta.id)
        with freeze_time(self.on(2)):
            transaction._set_pending()
        self.assertEqual(self.told(self.alfa), {paid.id: Reason.PAYMENT_UNDER_WAY, other.id: Reason.DUE})
        alfas = self.generate(3).filtered(lambda reminder: reminder.partner_id == self.alfa)
        self.assertEqual(alfas.line_ids.move_id, other)
        with freeze_time(self.on(2)):
            transaction._set_canceled()
        self.assertEqual(set(self.told(self.alfa).values()), {Reason.DUE})

    def test_a_stored_means_of_payment_that_is_going_to_be_charged_silences_its_invoice(self):
        invoice = self.invoice(self.alfa)
        token = self.env["payment.token"].create(
            {
                "provider_id": self.transaction(self.invoice(self.beta)).provider_id.id,
                "payment_method_id": self.env["payment.method"].search([], limit=1).id,
                "partner_id": self.alfa.id,
                "provider_ref": "card",
                "payment_details": "1234",
            }
        )
        # The token alone charges nothing.
        self.assertEqual(self.told(self.alfa), {invoice.id: Reason.DUE})
        with freeze_time(self.on(2)):
            charge = self.transaction(
                invoice, provider_id=token.provider_id.id, token_id=token.id, operation="offline"
            )
        self.assertEqual(charge.state, "draft")
        self.assertEqual(self.told(self.alfa), {invoice.id: Reason.PAYMENT_UNDER_WAY})
        held = self.generate(3).filtered(lambda reminder: reminder.partner_id == self.alfa)
        self.assertEqual((held.state, held.hold_reason), ("held", "payment_under_way"))
        # It came to nothing: two weeks later the ladder goes on.
        self.assertEqual(self.told(self.alfa, 16), {invoice.id: Reason.PAYMENT_UNDER_WAY})
        self.assertEqual(self.told(self.alfa, 17), {invoice.id: Reason.DUE})

    def test_what_is_paid_online_and_not_booked_yet_is_not_dunned(self):
        invoice = self.invoice(self.alfa)
        transaction = self.transaction(invoice)
        with freeze_time(self.on(2)):
            transaction._set_done()
        self.assertEqual(self.told(self.alfa), {invoice.id: Reason.PAYMENT_UNDER_WAY})

    def test_a_payment_noted_without_an_entry_is_not_dunned(self):
        invoice = self.invoice(self.alfa)
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.alfa.id,
                "amount": 1000.0,
                "payment_type": "inbound",
                "date": self.on(2),
                "invoice_ids": [Command.set(invoice.ids)],
            }
        )
        payment.write({"state": "in_process", "outstanding_account_id": False, "move_id": False})
        self.assertEqual(self.told(self.alfa), {invoice.id: Reason.PAYMENT_UNDER_WAY})
        self.assertEqual(self.told(self.alfa, 17), {invoice.id: Reason.DUE})
        payment.state = "paid"
        self.assertEqual(self.told(self.alfa, 60), {invoice.id: Reason.PAYMENT_UNDER_WAY})
        payment.state = "canceled"
        self.assertEqual(self.told(self.alfa), {invoice.id: Reason.DUE})

    # --- holidays ------------------------------------------------------------
    def holiday(self, first, last):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "calendar_id": False,
                "date_from": first,
                "date_to": last,
            }
        )

    def test_nothing_goes_on_a_public_holiday(self):
        self.company.receivables_tz = "Asia/Almaty"
        # The 13th and 14th of June in Almaty.
        self.holiday("2026-06-12 19:00:00", "2026-06-14 18:59:59")
        self.invoice(self.alfa)
        decision = self.facts(self.alfa)[1]
        self.assertEqual((decision.reason, decision.until), (Reason.HOLIDAY, self.on(5)))
        self.assertEqual(self.generate(3).hold_reason, "holiday")
        self.assertEqual(self.reason(self.alfa, 5), Reason.STEP_DUE)
        self.ladder.skip_holidays = False
        self.assertEqual(self.reason(self.alfa), Reason.STEP_DUE)

    def test_the_leave_of_an_employee_or_a_morning_off_is_no_holiday(self):
        self.company.receivables_tz = "UTC"
        resource = (
            self.env["resource.resource"].sudo().create({"name": "Anna", "company_id": self.company.id})
        )
        self.holiday("2026-06-13 00:00:00", "2026-06-13 23:00:00").resource_id = resource
        self.holiday("2026-06-13 06:00:00", "2026-06-13 10:00:00")
        self.invoice(self.alfa)
        self.assertEqual(self.reason(self.alfa), Reason.STEP_DUE)

    # --- causes --------------------------------------------------------------
    def dispute(self, invoice, amount, reason="price"):
        return self.env["invoice.dispute"].create({"move_id": invoice.id, "amount": amount, "reason": reason})

    def test_only_the_disputed_sum_is_out_of_chasing(self):
        invoice = self.invoice(self.alfa)
        dispute = self.dispute(invoice, 300.0)
        reminder = self.generate(3)
        self.assertEqual(
            (reminder.amount_total, reminder.amount_disputed, reminder.amount_due), (1000, 300, 700)
        )
        dispute.amount = 1000.0
        reminder = self.generate(3)
        self.assertEqual((reminder.state, reminder.hold_reason), ("held", "disputed"))
        dispute.action_reject()
        self.assertEqual(self.run_day(3).amount_due, 1000.0)

    def test_a_dispute_takes_the_instalment_that_is_due_first(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "30/70",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 30, "nb_days": 14}),
                    Command.create({"value": "percent", "value_amount": 70, "nb_days": 44}),
                ],
            }
        )
        invoice = self.invoice(self.alfa, invoice_payment_term_id=term.id)
        self.dispute(invoice, 400.0)
        account = self.facts(self.alfa)[0]
        self.assertEqual([p.chased for p in account.positions], [0, 600])

    def test_missing_documents_are_ours_to_bring_and_no_cause_for_a_harsher_letter(self):
        invoice = self.invoice(self.alfa)
        self.dispute(invoice, 1.0, "documents")
        self.assertEqual(self.generate(0).level, 2)
        reminder = self.generate(3)
        self.assertEqual((reminder.state, reminder.hold_reason), ("held", "our_turn"))
        task = self.env.ref("invoice_to_cash.activity_put_right")
        self.assertEqual(reminder.activity_ids.activity_type_id, task)
        self.assertIn(Cause.DOCUMENT_MISSING, self.facts(self.alfa)[1].others[0].causes)

    def test_an_invoice_that_never_arrived_gets_no_harsh_letter(self):
        invoice = self.invoice(self.alfa)
        invoice.delivery_state = "bounced"
        self.assertEqual(self.generate(3).hold_reason, "our_turn")
        invoice.first_viewed_at = "2026-06-01 10:00:00"
        self.assertEqual(self.generate(3).state, "draft")

    def test_what_was_not_delivered_is_not_chased(self):
        product = self.env["product.product"].create(
            {
                "name": "Cement, bag",
                "type": "consu",
                "is_storable": True,
                "invoice_policy": "order",
                "list_price": 100.0,
                "taxes_id": False,
            }
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.alfa.id,
                "payment_term_id": False,
                "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 10})],
            }
        )
        order.action_confirm()
        order.is_prepaid = False
        invoice = order._create_invoices()
        invoice.write({"invoice_date": DUE - datetime.timedelta(14), "invoice_date_due": DUE})
        invoice.action_post()
        move = order.picking_ids.move_ids
        move.write({"quantity": 7, "picked": True})
        order.picking_ids.with_context(cancel_backorder=False)._action_done()
        self.assertEqual(order.order_line.qty_delivered, 7)
        reminder = self.generate(3)
        self.assertEqual((reminder.amount_total, reminder.amount_due), (1000, 700))
        order.is_prepaid = True
        self.assertEqual(self.generate(3).amount_due, 1000)
