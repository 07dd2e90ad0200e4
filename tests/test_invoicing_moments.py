from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import ReceivablesCommon


@tagged("post_install", "-at_install")
class TestInvoicingMoments(ReceivablesCommon):
    """When an order becomes an invoice: on confirmation, on delivery, in two parts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["invoicing.rule"].search([]).active = False
        cls.rule = cls.env["invoicing.rule"].create(
            {"name": "On delivery", "moment": "delivery", "depth": "post"}
        )
        cls.goods, cls.ordered_goods = cls.env["product.product"].create(
            [
                {"name": name, "type": "consu", "invoice_policy": policy, "taxes_id": False}
                for name, policy in (("Brick", "delivery"), ("Beam", "order"))
            ]
        )

    def make_goods_order(self, *products, quantity=10.0, **values):
        lines = [
            Command.create(
                {"product_id": product.id, "product_uom_qty": quantity, "price_unit": 10.0, "tax_ids": False}
            )
            for product in products
        ]
        return self.make_order(order_line=lines, **values)

    def deliver(self, order, quantity=None):
        picking = order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))[:1]
        for move in picking.move_ids:
            move.quantity = quantity if quantity is not None else move.product_uom_qty
            move.picked = True
        picking.with_context(skip_backorder=True)._action_done()
        return picking

    def work(self):
        """The job, as it runs after a delivery."""
        with self.enter_registry_test_mode():
            self.env.ref("invoice_to_cash.cron_continue_invoicing").method_direct_trigger()
        self.env.invalidate_all()

    def test_goods_are_invoiced_when_they_have_left(self):
        order = self.make_goods_order(self.goods)
        order.action_confirm()
        self.assertFalse(order.invoice_ids)
        self.assertEqual(order.invoicing_state, "waiting")
        self.deliver(order)
        self.assertFalse(order.invoice_ids, "the invoice is made inside the warehouse's transaction")
        self.work()
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertEqual(order.invoice_ids.amount_total, 100.0)
        self.assertEqual(order.invoicing_state, "done")

    def test_each_partial_delivery_has_its_invoice(self):
        order = self.make_goods_order(self.goods)
        order.action_confirm()
        self.deliver(order, 4)
        self.work()
        self.assertEqual(order.invoice_ids.mapped("amount_total"), [40.0])
        self.assertEqual(order.invoicing_state, "waiting")
        self.work()
        self.assertEqual(len(order.invoice_ids), 1)
        self.deliver(order)
        self.work()
        self.assertEqual(sorted(order.invoice_ids.mapped("amount_total")), [40.0, 60.0])
        self.assertEqual(order.invoicing_state, "done")

    def test_what_is_invoiced_by_order_waits_until_all_of_it_has_left(self):
        order = self.make_goods_order(self.goods, self.ordered_goods)
        order.action_confirm()
        self.work()
        self.assertFalse(order.invoice_ids)
        self.deliver(order, 4)
        self.work()
        self.assertEqual(order.invoice_ids.invoice_line_ids.product_id, self.goods)
        self.deliver(order)
        self.work()
        self.assertEqual(sum(order.invoice_ids.mapped("amount_total")), 200.0)

    def test_services_alone_are_invoiced_with_the_order(self):
        order = self.make_order()
        order.action_confirm()
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertEqual(order.invoicing_state, "done")

    def test_goods_by_delivery_under_a_rule_on_confirmation_wait_for_the_delivery(self):
        self.rule.moment = "confirmation"
        order = self.make_goods_order(self.goods)
        order.action_confirm()
        self.assertEqual(order.invoicing_state, "waiting")
        self.assertFalse(order.invoicing_review)
        self.deliver(order)
        self.work()
        self.assertEqual(order.invoicing_state, "done")
        self.assertEqual(order.invoice_ids.amount_total, 100.0)

    def test_down_payment_then_the_rest_with_codes_of_their_own(self):
        self.rule.write({"moment": "down_payment", "down_payment_percent": 30})
        order = self.make_goods_order(self.goods)
        order.action_confirm()
        first = order.invoice_ids
        self.assertEqual((first.state, first.amount_total), ("posted", 30.0))
        self.assertEqual(order.invoicing_state, "waiting")
        self.work()
        self.assertEqual(order.invoice_ids, first, "a second down payment was made")
        self.pay(first)
        self.deliver(order)
        self.work()
        final = order.invoice_ids - first
        self.assertEqual((final.state, final.amount_total), ("posted", 70.0))
        self.assertEqual(order.invoicing_state, "done")
        self.assertTrue(first.payment_code)
        self.assertTrue(final.payment_code)
        self.assertNotEqual(first.payment_code, final.payment_code)

    def test_a_down_payment_lies_between_nothing_and_everything(self):
        for percent in (0, 100, -5):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.rule.write({"moment": "down_payment", "down_payment_percent": percent})

    def test_after_a_credit_note_only_a_person_invoices_again(self):
        order = self.make_goods_order(self.goods)
        order.action_confirm()
        self.deliver(order, 4)
        self.work()
        self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=order.invoice_ids.ids
        ).create({"journal_id": order.invoice_ids.journal_id.id}).refund_moves()
        order.invoice_ids.filtered(lambda move: move.state == "draft").action_post()
        count = len(order.invoice_ids)
        self.deliver(order)
        self.work()
        self.assertEqual(len(order.invoice_ids), count)
        self.assertEqual(order.invoicing_state, "review")
        self.assertTrue(order.invoicing_needs_person)
        order.action_approve_invoicing()
        self.assertEqual(len(order.invoice_ids), count + 1)

    def test_a_deleted_draft_is_not_made_again(self):
        self.rule.write({"moment": "confirmation", "depth": "draft"})
        order = self.make_order()
        order.action_confirm()
        order.invoice_ids.unlink()
        self.work()
        order._apply_invoicing_rules()
        self.assertFalse(order.invoice_ids)

    def test_only_confirmed_orders_can_be_invoiced(self):
        draft = self.make_order()
        with self.assertRaises(UserError):
            draft.action_apply_invoicing_rule()
        with self.assertRaises(UserError):
            draft.action_approve_invoicing()
        cancelled = self.make_goods_order(self.goods)
        cancelled.action_confirm()
        cancelled._action_cancel()
        with self.assertRaises(UserError):
            cancelled.action_apply_invoicing_rule()
        self.work()
        self.assertFalse((draft | cancelled).invoice_ids)

    def test_headings_without_lines_are_left_out(self):
        order = self.make_order(
            order_line=[
                Command.create({"display_type": "line_section", "name": "Beams"}),
                Command.create({"product_id": self.ordered_goods.id, "product_uom_qty": 2, "tax_ids": False}),
                Command.create({"display_type": "line_section", "name": "Bricks"}),
                Command.create({"product_id": self.goods.id, "product_uom_qty": 2, "tax_ids": False}),
            ]
        )
        order.action_confirm()
        self.deliver(order, 1)
        self.work()
        names = order.invoice_ids.invoice_line_ids.filtered("display_type").mapped("name")
        self.assertIn("Bricks", names)
        self.assertNotIn("Beams", names)
