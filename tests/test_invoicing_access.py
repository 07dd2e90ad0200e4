import datetime

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ReceivablesCommon


@tagged("post_install", "-at_install")
class TestInvoicingAccess(ReceivablesCommon):
    """Who may do what: salesperson, warehouse, accountant, manager, another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["invoicing.rule"].search([]).active = False
        cls.rule = cls.env["invoicing.rule"].create({"name": "Small", "depth": "post", "amount_to": 5000})
        users = {
            "seller": "sales_team.group_sale_salesman",
            "colleague": "sales_team.group_sale_salesman",
            "clerk": "stock.group_stock_user",
            "accountant": "account.group_account_invoice,sales_team.group_sale_salesman_all_leads",
            "manager": "invoice_to_cash.group_manager",
        }
        for name, groups in users.items():
            setattr(cls, name, new_test_user(cls.env, f"i5_{name}", groups=f"base.group_user,{groups}"))

    def make_waiting_order(self, **values):
        order = self.make_order(amount=6000, user_id=self.seller.id, **values)
        order.with_user(self.seller).action_confirm()
        self.assertEqual(order.invoicing_state, "review")
        return order

    def test_a_salesperson_closes_a_deal_without_accounting_rights(self):
        order = self.make_order(user_id=self.seller.id)
        self.assertFalse(self.seller.has_group("account.group_account_invoice"))
        self.assertFalse(self.env["account.move"].with_user(self.seller).has_access("create"))
        mine = order.with_user(self.seller)
        self.assertIn("Small", mine.invoicing_outlook)
        mine.action_confirm()
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertEqual(mine.tracking_status, "created")
        self.assertEqual(mine.invoicing_rule_id.name, "Small")

    def test_a_salesperson_sees_reasons_of_own_orders_only_and_lets_none_through(self):
        order = self.make_waiting_order()
        Reason = self.env["invoicing.review.reason"]
        self.assertEqual(Reason.with_user(self.seller).search([]).order_id, order)
        self.assertFalse(Reason.with_user(self.colleague).search([]))
        with self.assertRaises(AccessError):
            order.with_user(self.seller).action_approve_invoicing()
        with self.assertRaises(AccessError):
            Reason.with_user(self.seller).search([]).unlink()
        with self.assertRaises(AccessError):
            self.rule.with_user(self.seller).amount_to = 10**6
        order.with_user(self.seller).action_apply_invoicing_rule()
        self.assertFalse(order.invoice_ids)

    def test_an_accountant_lets_it_through(self):
        order = self.make_waiting_order()
        self.assertTrue(self.env["invoicing.review.reason"].with_user(self.accountant).search([]))
        order.with_user(self.accountant).action_approve_invoicing()
        self.assertEqual(order.invoice_ids.state, "posted")

    def test_a_warehouse_clerk_delivers_and_the_job_invoices(self):
        self.rule.moment = "delivery"
        goods = self.env["product.product"].create(
            {"name": "Brick", "type": "consu", "invoice_policy": "delivery", "taxes_id": False}
        )
        order = self.make_order(
            user_id=self.seller.id,
            order_line=[Command.create({"product_id": goods.id, "product_uom_qty": 2, "price_unit": 5.0})],
        )
        order.with_user(self.seller).action_confirm()
        picking = order.picking_ids.with_user(self.clerk)
        picking.move_ids.quantity = 2
        picking.move_ids.picked = True
        picking.button_validate()
        with self.enter_registry_test_mode():
            self.env.ref("invoice_to_cash.cron_continue_invoicing").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(order.invoice_ids.state, "posted")
        with self.assertRaises(AccessError):
            order.invoice_ids.with_user(self.clerk).read(["name"])
        with self.assertRaises(AccessError):
            self.env["invoicing.rule"].with_user(self.clerk).search([])

    def test_only_a_manager_changes_and_tries_rules(self):
        self.rule.with_user(self.manager).amount_to = 7000
        self.env["invoicing.dry.run"].with_user(self.manager).create({})
        self.env["delivery.hold.simulation"].with_user(self.manager).create({})
        for user in (self.seller, self.clerk, self.accountant):
            for model in ("invoicing.dry.run", "delivery.hold.simulation", "payment.hold.override"):
                with self.assertRaises(AccessError, msg=f"{user.login} {model}"):
                    self.env[model].with_user(user).create({})

    def test_another_company_sees_and_uses_nothing_of_it(self):
        other = self.company_data_2["company"] if hasattr(self, "company_data_2") else self._make_company()
        order = self.make_waiting_order()
        stranger = new_test_user(
            self.env,
            "i5_stranger",
            groups="base.group_user,invoice_to_cash.group_manager,sales_team.group_sale_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self.env["invoicing.rule"].with_user(stranger).search([]))
        self.assertFalse(self.env["invoicing.review.reason"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            order.with_user(stranger).action_approve_invoicing()
        with self.assertRaises(AccessError):
            self.rule.with_user(stranger).amount_to = 1
        # A rule of one company takes no order of another.
        theirs = self.env["sale.order"].create({"partner_id": self.customer.id, "company_id": other.id})
        choices = self.env["invoicing.rule"]._choose_for_orders(order | theirs)
        self.assertEqual(choices[order].rule_id, self.rule.id)
        self.assertEqual(choices[theirs].rule_id, 0)

    @classmethod
    def _make_company(cls):
        return cls.env["res.company"].create({"name": "Other Ltd"})

    def test_a_colleagues_order_is_out_of_reach(self):
        order = self.make_waiting_order()
        with self.assertRaises(AccessError):
            order.with_user(self.colleague).action_apply_invoicing_rule()
        with self.assertRaises(AccessError):
            order.with_user(self.colleague).action_send_bill()


@tagged("post_install", "-at_install")
class TestWonDeals(ReceivablesCommon):
    """A won opportunity confirms its only open quotation, where the company wants it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["invoicing.rule"].search([]).active = False
        cls.env["invoicing.rule"].create({"name": "All", "depth": "post"})
        cls.company.confirm_won_quotation = True
        cls.seller = new_test_user(cls.env, "won_seller", groups="sales_team.group_sale_salesman")

    def make_deal(self, quotations=1):
        lead = self.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "partner_id": self.customer.id,
                "user_id": self.seller.id,
                "company_id": self.company.id,
            }
        )
        for _number in range(quotations):
            self.make_order(opportunity_id=lead.id, user_id=self.seller.id)
        return lead.with_user(self.seller)

    def test_the_only_quotation_is_confirmed_and_invoiced(self):
        lead = self.make_deal()
        lead.action_set_won()
        self.assertEqual(lead.sudo().order_ids.state, "sale")
        self.assertEqual(lead.sudo().order_ids.invoice_ids.state, "posted")

    def test_cancelled_and_confirmed_ones_do_not_count(self):
        lead = self.make_deal(2)
        lead.sudo().order_ids[0]._action_cancel()
        lead.action_set_won()
        self.assertEqual(lead.sudo().order_ids.mapped("state").count("sale"), 1)
        lead.sudo().write({"name": "Deal again"})
        self.assertEqual(len(lead.sudo().order_ids.invoice_ids), 1)

    def test_several_are_left_to_a_person(self):
        lead = self.make_deal(2)
        lead.action_set_won()
        self.assertEqual(set(lead.sudo().order_ids.mapped("state")), {"draft"})
        self.assertEqual(lead.sudo().activity_ids.user_id, self.seller)

    def test_one_that_cannot_be_confirmed_does_not_stop_the_win(self):
        lead = self.make_deal()
        lead.sudo().order_ids.order_line.create(
            {"order_id": lead.sudo().order_ids.id, "name": "No product", "product_uom_qty": 1}
        )
        lead.action_set_won()
        self.assertEqual(lead.won_status, "won")
        self.assertEqual(lead.sudo().order_ids.state, "draft")
        self.assertIn("missing a product", lead.sudo().activity_ids.note)

    def test_without_the_switch_nothing_happens(self):
        self.company.confirm_won_quotation = False
        lead = self.make_deal()
        lead.action_set_won()
        self.assertEqual(lead.sudo().order_ids.state, "draft")


@tagged("post_install", "-at_install")
class TestRecurring(ReceivablesCommon):
    """Odoo's own recurring invoices are sent and tracked."""

    def make_recurring(self):
        move = self.make_invoice(post=False, invoice_date=self.today, date=self.today)
        move.auto_post = "monthly"
        return move

    def post_due(self):
        with self.enter_registry_test_mode():
            self.env.ref("account.ir_cron_auto_post_draft_entry").method_direct_trigger()
        self.env.invalidate_all()

    def test_they_are_queued_for_sending_with_a_code_and_a_status(self):
        self.company.send_recurring_invoices = True
        move = self.make_recurring()
        self.post_due()
        self.assertEqual(move.state, "posted")
        self.assertTrue(move.sending_data, "a recurring invoice is not queued for sending")
        self.assertTrue(move.payment_code)
        self.assertEqual(move.tracking_status, "created")

    def test_they_are_posted_on_the_day_of_their_company(self):
        # 25 hours lie between the two: their days differ at any time.
        other = self.setup_other_company()["company"]
        self.company.receivables_tz, other.receivables_tz = "Pacific/Kiritimati", "Pacific/Pago_Pago"
        days = {company: company._receivables_today() for company in (self.company, other)}
        self.assertGreater(days[self.company], days[other])
        moves = {}
        for company, day in days.items():
            for name, when in (("due", day), ("later", day + datetime.timedelta(days=1))):
                moves[company, name] = (
                    self.env["account.move"]
                    .with_company(company)
                    .create(
                        {
                            "move_type": "out_invoice",
                            "partner_id": self.customer.id,
                            "invoice_date": when,
                            "date": when,
                            "auto_post": "at_date",
                            "invoice_line_ids": [
                                Command.create({"name": "Rent", "price_unit": 100, "tax_ids": False})
                            ],
                        }
                    )
                )
        self.post_due()
        states = {(company.name, name): move.state for (company, name), move in moves.items()}
        for company in days:
            self.assertEqual(states[company.name, "due"], "posted")
            self.assertEqual(states[company.name, "later"], "draft")

    def test_without_the_switch_they_are_only_posted(self):
        move = self.make_recurring()
        self.post_due()
        self.assertEqual(move.state, "posted")
        self.assertFalse(move.sending_data)

    def test_other_entries_are_never_sent(self):
        self.company.send_recurring_invoices = True
        entry = self.make_invoice(post=False, move_type="in_invoice", invoice_date=self.today)
        entry.auto_post = "at_date"
        self.post_due()
        self.assertFalse(entry.sending_data)


@tagged("post_install", "-at_install")
class TestJournalSettings(ReceivablesCommon):
    def test_changing_the_journal_back_changes_no_invoice_and_breaks_none(self):
        journal = self.company_data["default_journal_sale"]
        journal.invoice_reference_model = "i2c"
        coded = self.make_invoice()
        for model in ("odoo", "euro", "number", "i2c"):
            if model in dict(journal._fields["invoice_reference_model"]._description_selection(self.env)):
                journal.invoice_reference_model = model
                self.assertTrue(self.make_invoice().payment_reference)
        self.assertEqual(coded.payment_reference, coded.payment_code)

    def test_the_key_is_no_countrys_default(self):
        # Odoo takes a key that begins with a country's code as the default of its journals.
        codes = set(self.env["res.country"].search([]).mapped("code"))
        self.assertNotIn("I2", codes)
        self.assertNotEqual(self.company_data["default_journal_sale"].invoice_reference_model, "i2c")

    def test_the_selection_falls_back_when_the_add_on_goes(self):
        field = self.env["account.journal"]._fields["invoice_reference_model"]
        self.assertEqual(field.ondelete["i2c"], "set default")
