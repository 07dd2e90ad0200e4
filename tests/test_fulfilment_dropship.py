import datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ReceivablesCommon


@tagged("post_install", "-at_install")
class TestDirectDelivery(ReceivablesCommon):
    """A supplier who delivers straight to a customer who has to wait.

    Made by hand, as the purchase makes it: the add-on of dropshipping need not be installed.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["invoicing.rule"].search([]).active = False
        cls.env["invoicing.rule"].create({"name": "Prepaid", "moment": "prepayment", "depth": "post"})
        cls.goods = cls.env["product.product"].create(
            {"name": "Crane", "type": "consu", "invoice_policy": "delivery", "taxes_id": False}
        )
        line = Command.create(
            {"product_id": cls.goods.id, "product_uom_qty": 1, "price_unit": 1000.0, "tax_ids": False}
        )
        cls.order = cls.make_order(order_line=[line])
        cls.order.action_confirm()
        # Our warehouse has no part in it.
        cls.order.picking_ids.action_cancel()
        cls.order.picking_ids.unlink()

    def make_direct_delivery(self):
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        places = {
            "location_id": self.env.ref("stock.stock_location_suppliers").id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
        }
        return self.env["stock.picking"].create(
            {
                **places,
                "picking_type_id": warehouse.in_type_id.id,
                "move_ids": [
                    Command.create(
                        {
                            **places,
                            "product_id": self.goods.id,
                            "product_uom_qty": 1,
                            "sale_line_id": self.order.order_line.id,
                        }
                    )
                ],
            }
        )

    def let_through(self, until=None, user=None):
        action = self.order.action_override_payment_hold()
        wizard = (
            self.env["payment.hold.override"]
            .with_user(user or self.env.user)
            .with_context(**action["context"])
            .create({"reason": "The director agreed", "until": until or self.today})
        )
        wizard.action_apply()

    def pay(self):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.customer.id,
                "amount": 1000.0,
                "journal_id": self.company_data["default_journal_cash"].id,
                "memo": self.order.payment_code,
            }
        )
        payment.action_post()

    def test_the_purchase_waits_until_it_is_paid(self):
        picking = self.make_direct_delivery()
        self.assertEqual(picking.sale_id, self.order)
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            picking.action_confirm()
        self.assertIn(self.order.name, str(caught.exception))
        self.assertIn("prepayment", str(caught.exception))
        self.pay()
        picking.action_confirm()
        self.assertFalse(picking.payment_hold)

    def test_a_hold_that_comes_later_stops_its_validation(self):
        self.pay()
        picking = self.make_direct_delivery()
        picking.action_confirm()
        profile = self.env["payer.profile"]._get_or_create(self.company, self.customer)
        profile.write({"delivery_hold": True, "delivery_hold_reason": "Lawsuit"})
        self.assertTrue(picking.payment_hold)
        self.assertIn("Lawsuit", picking.payment_hold_reason)
        for move in picking.move_ids:
            move.quantity = 1
            move.picked = True
        with self.assertRaises(UserError), self.cr.savepoint():
            picking.button_validate()

    def test_a_manager_lets_it_through_on_the_order_until_a_day(self):
        self.let_through()
        self.assertIn("The director agreed", self.order.message_ids[0].body)
        picking = self.make_direct_delivery()
        picking.action_confirm()
        self.assertFalse(picking.payment_hold)
        self.order.direct_delivery_until = self.today - datetime.timedelta(days=1)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.make_direct_delivery().action_confirm()
        self.assertFalse(self.order.copy().direct_delivery_until, "a copy slips through")

    def test_a_salesperson_lets_nothing_through(self):
        seller = new_test_user(
            self.env, "dropship-seller", groups="sales_team.group_sale_manager,base.group_user"
        )
        with self.assertRaises(AccessError):
            self.let_through(user=seller)

    def test_it_does_not_let_through_what_leaves_our_warehouse(self):
        order = self.order.copy()
        order.action_confirm()
        self.assertTrue(order.picking_ids.payment_hold)
        order.direct_delivery_until = self.today
        order.picking_ids._update_payment_hold()
        self.assertTrue(order.picking_ids.payment_hold)

    def test_delivered_by_the_supplier_it_is_invoiced(self):
        self.pay()
        picking = self.make_direct_delivery()
        picking.action_confirm()
        for move in picking.move_ids:
            move.quantity = 1
            move.picked = True
        picking._action_done()
        self.assertEqual(self.order.order_line.qty_delivered, 1)
        with self.enter_registry_test_mode():
            self.env.ref("invoice_to_cash.cron_continue_invoicing").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.order.invoice_ids.state, "posted")
        self.assertEqual(self.order.invoice_ids.amount_residual, 0.0)
