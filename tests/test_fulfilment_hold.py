import datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ReceivablesCommon


@tagged("post_install", "-at_install")
class TestDeliveryHold(ReceivablesCommon):
    """The delivery that waits for money, and what lets it go."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["invoicing.rule"].search([]).active = False
        cls.rule = cls.env["invoicing.rule"].create(
            {"name": "Prepaid", "moment": "prepayment", "depth": "post"}
        )
        cls.goods = cls.env["product.product"].create(
            {
                "name": "Brick",
                "type": "consu",
                "is_storable": True,
                "invoice_policy": "delivery",
                "taxes_id": False,
            }
        )
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)], limit=1)
        cls.env["stock.quant"]._update_available_quantity(cls.goods, cls.warehouse.lot_stock_id, 1000)

    def make_goods_order(self, amount=1000.0, confirm=True, **values):
        line = Command.create(
            {"product_id": self.goods.id, "product_uom_qty": 10, "price_unit": amount / 10, "tax_ids": False}
        )
        order = self.make_order(order_line=[line], **values)
        if confirm:
            order.action_confirm()
        return order

    def make_free(self):
        """No prepayment: orders wait only for what the test says."""
        self.rule.moment = "delivery"

    def pay_in_advance(self, order, amount):
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "payment_ref": order.payment_code,
                "amount": amount,
                "date": self.today,
                "partner_id": order.partner_id.id,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.write(
            {
                "account_id": order.partner_id.property_account_receivable_id.id,
                "advance_order_id": order.id,
            }
        )

    def triggers(self):
        cron = self.env.ref("invoice_to_cash.cron_release_deliveries")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    def work(self):
        with self.enter_registry_test_mode():
            self.env.ref("invoice_to_cash.cron_release_deliveries").method_direct_trigger()
        self.env.invalidate_all()

    def fill_in(self, picking, quantity=10):
        for move in picking.move_ids:
            move.quantity = quantity
            move.picked = True

    def set_limit(self, limit):
        self.company.write({"account_use_credit_limit": True, "hold_over_limit": True})
        self.customer.credit_limit = limit

    # -- waiting ---------------------------------------------------------------------
    def test_an_unpaid_prepaid_order_waits_at_reservation_with_its_reason_everywhere(self):
        order = self.make_goods_order()
        picking = order.picking_ids
        self.assertEqual(picking.state, "confirmed")
        self.assertEqual(sum(picking.move_ids.mapped("quantity")), 0)
        self.assertTrue(picking.payment_hold)
        self.assertIn("1,000.00", picking.payment_hold_reason)
        self.assertEqual(order.payment_hold_reason, picking.payment_hold_reason)
        self.assertEqual(self.customer.held_picking_count, 1)
        self.assertEqual(self.customer.held_picking_reason, picking.payment_hold_reason)
        picking.action_assign()
        self.assertEqual(sum(picking.move_ids.mapped("quantity")), 0)

    def test_a_quantity_typed_by_hand_does_not_get_around_it(self):
        picking = self.make_goods_order().picking_ids
        self.fill_in(picking)
        for act in (picking.button_validate, picking._action_done, picking.move_ids._action_done):
            with self.assertRaises(UserError, msg="goods left") as caught, self.cr.savepoint():
                act()
            self.assertIn(picking.name, str(caught.exception))
        self.assertNotEqual(picking.state, "done")

    def test_a_copied_quotation_and_a_backorder_do_not_slip_through(self):
        order = self.make_goods_order()
        order.picking_ids._update_payment_hold()
        self.let_through(order.picking_ids)
        self.assertFalse(order.picking_ids.payment_hold)
        copy = order.copy()
        copy.action_confirm()
        self.assertTrue(copy.picking_ids.payment_hold)
        picking = order.picking_ids
        self.fill_in(picking, 4)
        picking._action_done()
        backorder = order.picking_ids - picking
        self.assertEqual(picking.state, "done")
        self.assertTrue(backorder.payment_hold, "the override of the delivery let its backorder through")
        self.assertEqual(sum(backorder.move_ids.mapped("quantity")), 0)

    def test_what_comes_back_never_waits(self):
        order = self.make_goods_order()
        self.let_through(order.picking_ids)
        self.fill_in(order.picking_ids)
        order.picking_ids._action_done()
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=order.picking_ids.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 10
        back = wizard._create_return()
        self.fill_in(back)
        back.button_validate()
        self.assertEqual(back.state, "done")

    def test_delivered_goods_can_always_be_invoiced(self):
        order = self.make_goods_order()
        self.let_through(order.picking_ids)
        self.fill_in(order.picking_ids)
        order.picking_ids._action_done()
        self.env["payer.profile"]._get_or_create(self.company, self.customer).write(
            {"delivery_hold": True, "delivery_hold_reason": "in court"}
        )
        order._create_invoices().action_post()
        self.assertEqual(order.invoice_ids.state, "posted")

    # -- release ---------------------------------------------------------------------
    def test_money_lets_it_go_and_tells_the_warehouse(self):
        clerk = new_test_user(self.env, "clerk", groups="stock.group_stock_user")
        self.warehouse.out_type_id.release_user_id = clerk
        order = self.make_goods_order()
        picking = order.picking_ids
        before = self.triggers()
        self.pay_in_advance(order, 999.0)
        self.work()
        self.assertTrue(picking.payment_hold)
        before = self.triggers()
        self.pay_in_advance(order, 1.0)
        self.assertGreater(self.triggers(), before, "nothing starts the job")
        self.assertTrue(picking.payment_hold, "stock was touched inside the bank's transaction")
        self.work()
        self.assertFalse(picking.payment_hold)
        self.assertFalse(picking.payment_hold_reason)
        self.assertEqual(picking.state, "assigned")
        self.assertEqual(sum(picking.move_ids.mapped("quantity")), 10)
        self.assertEqual(picking.activity_ids.user_id, clerk)
        self.fill_in(picking)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_a_paid_down_payment_lets_it_go(self):
        self.rule.write({"moment": "down_payment", "down_payment_percent": 30})
        order = self.make_goods_order()
        picking = order.picking_ids
        picking._update_payment_hold()
        self.assertIn("300.00", picking.payment_hold_reason)
        self.pay(order.invoice_ids)
        self.work()
        self.assertFalse(picking.payment_hold)

    def test_a_hold_by_hand_and_its_end(self):
        self.make_free()
        order = self.make_goods_order()
        picking = order.picking_ids
        self.assertEqual(picking.state, "assigned")
        collector = new_test_user(
            self.env, "hold_collector", groups="invoice_to_cash.group_collector,base.group_user"
        )
        profile = self.env["payer.profile"]._get_or_create(self.company, self.customer)
        profile.with_user(collector).write(
            {"delivery_hold": True, "delivery_hold_reason": "Contract in court"}
        )
        self.assertTrue(picking.payment_hold)
        self.assertIn("Contract in court", picking.payment_hold_reason)
        self.fill_in(picking)
        with self.assertRaises(UserError), self.cr.savepoint():
            picking.button_validate()
        before = self.triggers()
        profile.with_user(collector).delivery_hold = False
        self.assertGreater(self.triggers(), before)
        self.work()
        self.assertFalse(picking.payment_hold)
        self.assertFalse(profile.delivery_hold_reason)

    def test_a_hold_of_the_reminders_ends_with_the_overdue_debt(self):
        self.make_free()
        late = self.make_invoice(due_in=-5)
        profile = self.env["payer.profile"]._get_or_create(self.company, self.customer)
        profile._set_delivery_hold("Official letter of 02.03.2026")
        picking = self.make_goods_order().picking_ids
        self.assertTrue(picking.payment_hold)
        self.work()
        self.assertTrue(picking.payment_hold)
        before = self.triggers()
        self.pay(late)
        self.assertGreater(self.triggers(), before)
        self.work()
        self.assertFalse(profile.delivery_hold)
        self.assertFalse(picking.payment_hold)
        profile.delivery_hold = True
        profile._set_delivery_hold("Official letter")
        self.assertEqual(profile.delivery_hold_by, "person", "the reminders took over what a person had put")

    def test_the_credit_limit_with_unbilled_orders_stops_the_later_order(self):
        self.make_free()
        self.set_limit(2500)
        self.make_invoice(amount=1000)
        first, second = self.make_goods_order(), self.make_goods_order()
        self.assertFalse(first.picking_ids.payment_hold)
        self.assertIn("500.00", second.picking_ids.payment_hold_reason)
        before = self.triggers()
        self.customer.credit_limit = 3000
        self.assertGreater(self.triggers(), before)
        self.work()
        self.assertFalse(second.picking_ids.payment_hold)

    def test_the_payment_that_brings_the_debt_under_the_limit_releases(self):
        self.make_free()
        self.set_limit(1500)
        invoice = self.make_invoice(amount=1000)
        picking = self.make_goods_order().picking_ids
        self.assertTrue(picking.payment_hold)
        self.pay(invoice, 499)
        self.work()
        self.assertTrue(picking.payment_hold)
        self.pay(invoice, 1)
        self.work()
        self.assertFalse(picking.payment_hold)

    def test_without_the_switch_a_limit_stops_nothing(self):
        self.make_free()
        self.set_limit(10)
        self.company.hold_over_limit = False
        self.assertFalse(self.make_goods_order().picking_ids.payment_hold)

    def test_overdue_debt_where_the_company_says_so(self):
        self.make_free()
        self.make_invoice(due_in=-15)
        self.assertFalse(self.make_goods_order().picking_ids.payment_hold)
        self.company.hold_overdue_days = 15
        self.assertIn("15 days", self.make_goods_order().picking_ids.payment_hold_reason)
        self.company.hold_overdue_days = 16
        self.assertFalse(self.make_goods_order().picking_ids.payment_hold)

    # -- override --------------------------------------------------------------------
    def let_through(self, pickings, until=None):
        wizard = self.env["payment.hold.override"].create(
            {"picking_ids": pickings.ids, "reason": "agreed", "until": until or self.today}
        )
        wizard.action_apply()

    def test_a_manager_lets_it_through_until_a_day_with_a_reason(self):
        picking = self.make_goods_order().picking_ids
        self.let_through(picking)
        self.assertFalse(picking.payment_hold)
        self.assertEqual(picking.state, "assigned")
        self.assertEqual(picking.payment_hold_override_user_id, self.env.user)
        self.assertIn("agreed", picking.message_ids[0].body)
        picking.payment_hold_override_until = self.today - datetime.timedelta(days=1)
        self.fill_in(picking)
        with self.assertRaises(UserError):
            picking.button_validate()
        with self.assertRaises(UserError):
            self.let_through(picking, self.today - datetime.timedelta(days=1))

    def test_another_companys_hold_stops_nothing_here_and_its_manager_lets_nothing_through(self):
        self.make_free()
        other = self.setup_other_company()["company"]
        self.env["payer.profile"]._get_or_create(other, self.customer).write(
            {"delivery_hold": True, "delivery_hold_reason": "Theirs"}
        )
        self.assertFalse(self.make_goods_order().picking_ids.payment_hold)
        self.env["payer.profile"]._get_or_create(self.company, self.customer).delivery_hold = True
        picking = self.make_goods_order().picking_ids
        stranger = new_test_user(
            self.env,
            "ov_stranger",
            groups="base.group_user,invoice_to_cash.group_manager,stock.group_stock_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.assertFalse(self.env["stock.picking"].with_user(stranger).search([("id", "=", picking.id)]))
        with self.assertRaises(AccessError):
            self.env["payment.hold.override"].with_user(stranger).create(
                {"picking_ids": picking.ids, "reason": "please", "until": self.today}
            ).action_apply()
        self.assertTrue(picking.payment_hold)

    def test_nobody_else_lets_it_through(self):
        picking = self.make_goods_order().picking_ids
        for name, groups in (
            ("ov_clerk", "stock.group_stock_manager"),
            ("ov_seller", "sales_team.group_sale_manager"),
            ("ov_collector", "invoice_to_cash.group_collector,stock.group_stock_user"),
        ):
            user = new_test_user(self.env, name, groups=f"base.group_user,{groups}")
            with self.assertRaises(AccessError, msg=name):
                self.env["payment.hold.override"].with_user(user).create(
                    {"picking_ids": picking.ids, "reason": "please", "until": self.today}
                )
            if name != "ov_seller":
                with self.assertRaises(UserError, msg=name), self.cr.savepoint():
                    picking.with_user(user).button_validate()

    def test_a_warehouse_clerk_sees_the_reason_and_works_as_before(self):
        self.make_free()
        clerk = new_test_user(self.env, "plain_clerk", groups="stock.group_stock_user")
        free = self.make_goods_order().picking_ids
        self.fill_in(free)
        free.with_user(clerk).button_validate()
        self.assertEqual(free.state, "done")
        self.rule.moment = "prepayment"
        held = self.make_goods_order().picking_ids
        self.assertIn("prepayment", held.with_user(clerk).payment_hold_reason)
        held.with_user(clerk).action_assign()
        self.assertTrue(held.payment_hold)

    # -- simulator -------------------------------------------------------------------
    def test_the_simulator_tells_orders_and_revenue_and_changes_nothing(self):
        self.make_free()
        first, second = self.make_goods_order(), self.make_goods_order(amount=700)
        self.make_order()  # services: nothing to deliver
        self.company.account_use_credit_limit = True
        simulation = self.env["delivery.hold.simulation"].create({"limit_amount": 1200})
        simulation.action_run()
        held = {line.order_id: line.is_held for line in simulation.line_ids}
        self.assertEqual(held, {first: False, second: True})
        self.assertEqual((simulation.order_count, simulation.order_amount), (2, 1700.0))
        self.assertEqual((simulation.held_count, simulation.held_amount), (1, 700.0))
        self.assertFalse((first | second).picking_ids.filtered("payment_hold"))
        simulation.write({"over_limit": False, "overdue_days": 3})
        self.make_invoice(due_in=-3)
        simulation.action_run()
        self.assertEqual(simulation.held_count, 2)

    def test_many_deliveries_take_no_more_queries_than_few(self):
        self.set_limit(10**6)

        def queries(number):
            orders = self.env["sale.order"].concat(*[self.make_goods_order() for _n in range(number)])
            self.env.flush_all()
            self.env.invalidate_all()
            pickings = self.env["stock.picking"].browse(orders.picking_ids.ids)
            before = self.cr.sql_log_count
            pickings._update_payment_hold()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        queries(1)  # warms the caches
        self.assertEqual(queries(2), queries(8))
