"""Bank money for prepaid orders, from the bank line to the invoice that takes it over."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .test_cash_application_posting import PostingCommon


@tagged("post_install", "-at_install")
class TestMoneyForOrders(PostingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["invoicing.rule"].search([]).active = False
        cls.env["invoicing.rule"].create({"name": "Prepaid", "moment": "prepayment", "depth": "post"})
        cls.goods = cls.env["product.product"].create(
            {
                "name": "Brick",
                "type": "consu",
                "is_storable": True,
                "invoice_policy": "delivery",
                "taxes_id": False,
            }
        )
        warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.env["stock.quant"]._update_available_quantity(cls.goods, warehouse.lot_stock_id, 1000)

    def make_prepaid(self, amount=1000.0, partner=None):
        line = {"product_id": self.goods.id, "product_uom_qty": 1, "price_unit": amount, "tax_ids": False}
        order = self.make_order(partner, order_line=[Command.create(line)])
        order.action_confirm()
        return order

    def advance(self, line):
        return line.move_id.line_ids.filtered("advance_order_id")

    def run_jobs(self):
        with self.enter_registry_test_mode():
            for name in ("cron_release_deliveries", "cron_continue_invoicing"):
                self.env.ref(f"invoice_to_cash.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def assert_advance(self, line, order, amount):
        self.assert_booked(line)
        item = self.advance(line)
        self.assertEqual((item.advance_order_id, item.amount_residual), (order, -amount))
        self.assertEqual((item.account_type, item.partner_id), ("asset_receivable", self.customer))
        self.assertIn(order.name, item.name)

    def test_from_the_bill_to_the_paid_invoice(self):
        order = self.make_prepaid()
        self.assertTrue(order.picking_ids.payment_hold)
        line = self.make_line(1000, f"Оплата по реф. {order.payment_code} за кирпич")
        triggers = self.env["ir.cron.trigger"].search_count([])
        self.assertEqual(line.match_payments(), {"applied": 1, "suggested": 0, "manual": 0})
        self.assertGreater(self.env["ir.cron.trigger"].search_count([]), triggers, "nothing starts the jobs")
        self.assert_advance(line, order, 1000)
        match = self.match(line)
        self.assertEqual((match.reason, match.is_automatic, match.proposal), ("code", True, order.name))
        self.assertEqual(order.prepaid_amount, 1000)
        self.assertFalse(self.company._get_prepaid_orders())
        self.run_jobs()
        picking = order.picking_ids
        self.assertFalse(picking.payment_hold)
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking.button_validate()
        self.run_jobs()
        self.assertEqual((order.invoice_ids.amount_residual, order.invoice_ids.tracking_status), (0, "paid"))
        gone = match.action_undo()["cannot_come_back"]
        self.assertTrue(any(picking.name in text for text in gone), gone)
        self.assertEqual(order.invoice_ids.amount_residual, 1000)
        self.assertFalse(self.advance(line))

    def test_imported_lines_are_created_as_advances(self):
        order, other = self.make_prepaid(), self.make_prepaid(500)
        invoice = self.make_invoice(300)
        result, lines = self.load(
            (1000, f"за кирпич {order.payment_code}"),
            (800, f"{other.payment_code}, {invoice.payment_code}"),
            (1000, f"опять {order.payment_code}"),
        )
        self.assertEqual(result["matching"]["applied"], 2)
        self.assert_advance(lines[0], order, 1000)
        self.assert_booked(lines[1])
        self.assertEqual(self.advance(lines[1]).mapped("amount_residual"), [-500])
        self.assertEqual((invoice.amount_residual, other.prepaid_amount), (0, 500))
        self.assertFalse(lines[2].is_reconciled, "the order is paid once")
        self.assertEqual(order.prepaid_amount, 1000)

    def test_another_amount_waits_for_a_person(self):
        order = self.make_prepaid()
        short = self.make_line(400, order.payment_code)
        self.assertEqual(short.match_payments()["suggested"], 1)
        board = self.match(short).candidate_id._board_values({})
        self.assertEqual([(item["name"], item["applied"]) for item in board["items"]], [(order.name, 400)])
        self.assertIn(order.name, board["why"][-1]["text"])
        self.match(short).action_accept()
        self.assert_advance(short, order, 400)
        self.assertTrue(order.picking_ids.payment_hold)
        over = self.make_line(700, order.payment_code)
        self.assertEqual(over.match_payments()["suggested"], 1)
        self.match(over).action_accept()
        self.assert_advance(over, order, 600)
        credit = over.move_id.line_ids.filtered(
            lambda item: item.account_type == "asset_receivable" and not item.advance_order_id
        )
        self.assertEqual(credit.amount_residual, -100)
        self.run_jobs()
        self.assertFalse(order.picking_ids.payment_hold)

    def test_an_undone_advance_holds_the_delivery_again(self):
        order = self.make_prepaid()
        line = self.make_line(1000, order.payment_code)
        line.match_payments()
        self.run_jobs()
        self.assertFalse(order.picking_ids.payment_hold)
        self.match(line).action_undo()
        self.assertFalse(line.is_reconciled or self.advance(line))
        self.assertEqual(order.prepaid_amount, 0)
        self.assertTrue(order.picking_ids.payment_hold)
        line.match_payments()
        self.assertFalse(line.is_reconciled, "an undone line was applied by itself")
        self.match(line).set_as_advance(self.customer.id, order.id)
        self.assert_advance(line, order, 1000)

    def test_an_order_that_has_been_paid_meanwhile_is_refused(self):
        order = self.make_prepaid()
        line = self.make_line(400, order.payment_code)
        line.match_payments()
        other = self.make_line(1000, order.payment_code)
        other.match_payments()
        self.assert_advance(other, order, 1000)
        with self.assertRaises(UserError):
            self.match(line).action_apply()
        self.assertFalse(line.is_reconciled)

    def test_money_kept_for_an_order_is_no_credit_for_invoices(self):
        order = self.make_prepaid()
        self.make_line(1000, order.payment_code).match_payments()
        self.make_invoice(1500)
        line = self.make_line(500, "оплата", payer_tax_id=self.customer.vat)
        line.match_payments()
        self.assertNotIn("sum", self.match(line).reason)
        self.assertFalse(
            [item for item in self.match(line).candidate_ids.line_ids if item.line_id.advance_order_id]
        )

    def test_whoever_applies_cash_need_not_sell(self):
        order = self.make_prepaid()
        clerk = new_test_user(self.env, "cash", groups="invoice_to_cash.group_cash_application")
        line = self.make_line(400, order.payment_code)
        line.match_payments()
        match = self.match(line).with_user(clerk)
        self.assertEqual(match.candidate_ids.mapped("order_names"), [order.name])
        match.web_read({"proposal": {}, "candidate_ids": {"fields": {"order_names": {}, "why": {}}}})
        match.action_apply()
        self.assert_advance(line, order, 400)

    def test_many_take_no_more_queries_than_few_to_decide(self):
        def queries(number):
            orders = [self.make_prepaid() for _n in range(number)]
            lines = self.env["account.bank.statement.line"].union(
                *(self.make_line(400, order.payment_code) for order in orders)
            )
            transactions = [line._to_match_transaction() for line in lines]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.company._decide_transactions(transactions)
            return self.cr.sql_log_count - before

        queries(1)  # warms the caches
        self.assertEqual(queries(1), queries(5))
