"""Payments in another currency than their invoices, money that goes back, prepaid orders by hand."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_cash_application_matching import MatchingCommon


@tagged("post_install", "-at_install")
class TestOtherCurrency(MatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2016-01-01", 0.5), (cls.today, 0.4)])
        cls.own = cls.company.currency_id

    def receivable(self, move):
        return move.line_ids.filtered(lambda item: item.account_type == "asset_receivable")

    def match_one(self, amount, purpose, **values):
        line = self.make_line(amount, purpose, payer_tax_id=self.customer.vat, **values)
        line.match_payments()
        return line, self.match(line)

    def test_the_companys_money_pays_a_foreign_invoice_at_its_own_rate(self):
        invoice = self.make_invoice(100, currency_id=self.euro.id)  # 200 when it was made, 250 today
        line, match = self.match_one(245, f"по счету {invoice.name}")
        self.assertEqual((match.state, match.reason), ("suggested", "currency"))
        part = match.candidate_id.line_ids
        self.assertEqual((part.amount, part.document_amount), (245, 100))
        board = match.board_read()["lines"][0]["candidates"][0]
        self.assertEqual((board["rest"], board["short"], board["open"]), (0, 0, True))
        self.assertIn("day's rate", board["why"][-1]["text"])
        match.action_accept()
        self.assert_booked(line)
        self.assertEqual((invoice.amount_residual, invoice.tracking_status), (0, "paid"))
        paying = line.move_id.line_ids.filtered(lambda item: item.account_type == "asset_receivable")
        self.assertEqual(
            (paying.currency_id, paying.amount_currency, paying.balance), (self.euro, -100, -245)
        )
        exchange = self.receivable(invoice).matched_credit_ids.exchange_move_id
        self.assertTrue(exchange, "Odoo books the difference of the rates")
        everything = self.receivable(invoice | line.move_id | exchange)
        self.assertAlmostEqual(sum(everything.mapped("balance")), 0)
        match.action_undo()
        self.assertEqual((invoice.amount_residual, line.is_reconciled), (100, False))

    def test_far_from_the_days_rate_it_is_a_part_or_more(self):
        invoice = self.make_invoice(100, currency_id=self.euro.id)
        line, match = self.match_one(125, f"по счету {invoice.name}")
        self.assertEqual((match.state, match.reason, match.candidate_id.id), ("manual", "currency", False))
        match.action_apply(match.candidate_ids)
        self.assert_booked(line)
        self.assertEqual(invoice.amount_residual, 50)
        line, match = self.match_one(300, f"по счету {invoice.name}")
        match.action_apply(match.candidate_ids)
        self.assert_booked(line)
        self.assertEqual(invoice.amount_residual, 0)
        credit = self.receivable(line.move_id).filtered(lambda item: not item.reconciled)
        self.assertEqual((credit.amount_residual, credit.currency_id), (-175, self.own))

    def test_foreign_money_pays_an_invoice_in_the_companys_currency(self):
        journal = self.env["account.journal"].create(
            {"name": "EUR bank", "type": "bank", "code": "BEUR", "currency_id": self.euro.id}
        )
        invoice = self.make_invoice(247)
        line, match = self.match_one(100, f"invoice {invoice.name}", journal_id=journal.id)
        self.assertEqual((match.state, match.reason), ("suggested", "currency"))
        match.action_accept()
        self.assertTrue(line.is_reconciled)
        self.assertEqual((invoice.amount_residual, invoice.payment_state), (0, "paid"))
        paying = self.receivable(line.move_id)
        self.assertEqual((paying.currency_id, paying.balance), (self.own, -250))
        self.assertEqual(paying.amount_residual, -3, "what came more is the customer's credit")

    def test_items_of_another_currency_are_chosen_by_hand(self):
        invoice, own = self.make_invoice(100, currency_id=self.euro.id), self.make_invoice(50)
        line, match = self.match_one(300, "оплата")
        rows = {row["name"]: row for row in match.board_open_items()["items"]}
        self.assertEqual((rows[invoice.name]["residual"], rows[own.name]["residual"]), (250, 50))
        self.assertIn("100", rows[invoice.name]["foreign"])
        items = self.receivable(invoice) + self.receivable(own)
        with self.assertRaisesRegex(UserError, "another currency"):
            match.allocate([[items[0].id, 100]], outcome="fee")
        match.allocate([[items[0].id, 250], [items[1].id, 50]])
        self.assert_booked(line)
        self.assertEqual((invoice.amount_residual, own.amount_residual), (0, 0))

    # --- money that leaves ---------------------------------------------------
    def make_credit_note(self, amount, **values):
        return self.make_invoice(amount, move_type="out_refund", **values)

    def test_a_refund_pays_the_credit_note_that_it_quotes(self):
        note = self.make_credit_note(200)
        other = self.make_credit_note(300)
        line, match = self.match_one(-200, f"Возврат по {note.name}")
        self.assertEqual((match.state, match.reason, match.move_ids), ("suggested", "credit_refund", note))
        match.action_accept()
        self.assert_booked(line)
        self.assertEqual((note.amount_residual, other.amount_residual), (0, 300))
        self.assertEqual(note.payment_state, "paid")
        match.action_undo()
        self.assertEqual((note.amount_residual, line.is_reconciled), (200, False))

    def test_money_that_leaves_is_never_applied_by_itself_nor_to_debts(self):
        note, invoice = self.make_credit_note(200), self.make_invoice(200)
        line, match = self.match_one(-200, f"за {invoice.name}", payer_name="Поставщик")
        self.assertFalse(line.is_reconciled)
        self.assertNotIn(invoice, match.candidate_ids.line_ids.move_id)
        self.assertEqual([row["name"] for row in match.board_open_items()["items"]], [note.name])
        for wrong in ([[self.receivable(invoice).id, 200]], [[self.receivable(note).id, -150]]):
            with self.assertRaises(UserError):
                match.allocate(wrong)
        match.allocate([[self.receivable(note).id, -200]])
        self.assert_booked(line)
        self.assertEqual((note.amount_residual, invoice.amount_residual), (0, 200))

    def test_money_to_strangers_stays_outgoing(self):
        self.make_credit_note(200)
        line = self.make_line(-200, "оплата поставщику", payer_tax_id="990140001233")
        line.match_payments()
        self.assertEqual((self.match(line).state, self.match(line).reason), ("manual", "outgoing"))
        with self.assertRaises(UserError):
            self.match(line).set_as_advance(self.customer.id)

    # --- prepaid orders by hand ------------------------------------------------
    def test_a_prepaid_order_is_found_and_chosen(self):
        self.env["invoicing.rule"].search([]).active = False
        self.env["invoicing.rule"].create({"name": "Prepaid", "moment": "prepayment", "depth": "post"})
        order = self.make_order(amount=1000)
        order.action_confirm()
        invoice = self.make_invoice(300)
        line, match = self.match_one(900, "предоплата")
        for text in (order.name, order.payment_code, "стройсервис", "1000"):
            rows = match.board_open_items(text)["items"]
            self.assertEqual(rows[0]["id"], f"order-{order.id}", text)
        self.assertFalse([row for row in match.board_open_items("zzz")["items"] if row.get("is_order")])
        key = f"order-{order.id}"
        with self.assertRaisesRegex(UserError, order.name):
            match.allocate([[key, 1001]])
        match.allocate([[key, 600], [self.receivable(invoice).id, 300]])
        self.assert_booked(line)
        self.assertEqual((order.prepaid_amount, invoice.amount_residual), (600, 0))
        rest, other = self.match_one(400, "ещё")
        other.allocate([[key, 400]])
        self.assert_booked(rest)
        self.assertEqual(rest.partner_id, self.customer)
        order.invalidate_recordset(["prepaid_amount"])
        self.assertEqual(order.prepaid_amount, 1000)
        self.assertFalse([row for row in other.board_open_items()["items"] if row.get("is_order")])

    def test_many_prepaid_orders_take_no_more_queries(self):
        self.env["invoicing.rule"].search([]).active = False
        self.env["invoicing.rule"].create({"name": "Prepaid", "moment": "prepayment", "depth": "post"})
        _line, match = self.match_one(900, "предоплата")

        def queries(number):
            for place in range(number):
                self.make_order(self.make_customer(f"ТОО {number} {place}")).action_confirm()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(match.board_open_items()["items"])
            return self.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(1), queries(5))


@tagged("post_install", "-at_install")
class TestRestOfAnOrder(MatchingCommon):
    def test_an_order_of_another_company_is_refused(self):
        other = self.setup_other_company(name="Another")["company"]
        order = (
            self.env["sale.order"]
            .with_company(other)
            .create(
                {
                    "partner_id": self.other.id,
                    "company_id": other.id,
                    "order_line": [Command.create({"name": "x", "display_type": "line_note"})],
                }
            )
        )
        line = self.make_line(100, "x")
        line.match_payments()
        with self.assertRaises(UserError):
            self.match(line).allocate([[f"order-{order.id}", 100]])
