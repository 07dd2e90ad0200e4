from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ReceivablesCommon


@tagged("post_install", "-at_install")
class TestInvoicingReview(ReceivablesCommon):
    """The queue of orders that wait for a look."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["invoicing.rule"].search([]).active = False
        cls.rule = cls.env["invoicing.rule"].create({"name": "Small ones", "depth": "post"})
        cls.kz = cls.env.ref("base.kz")

    def work(self):
        with self.enter_registry_test_mode():
            self.env.ref("invoice_to_cash.cron_continue_invoicing").method_direct_trigger()
        self.env.invalidate_all()

    def test_above_the_ceiling_an_order_waits_for_a_person_who_may_let_it_through(self):
        self.rule.amount_to = 500
        seller = new_test_user(self.env, "ceiling_seller", groups="sales_team.group_sale_salesman")
        order = self.make_order(amount=501, user_id=seller.id)
        order.with_user(seller).action_confirm()
        self.assertEqual(order.invoicing_state, "review")
        self.assertEqual(order.invoicing_reason_ids.mapped("reason"), ["ceiling"])
        self.work()
        self.assertFalse(order.invoice_ids, "the job let an order through that a person has to")
        with self.assertRaises(AccessError):
            order.with_user(seller).action_approve_invoicing()
        order.action_approve_invoicing()
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertEqual(order.invoicing_approved_by_id, self.env.user)

    def test_a_later_rule_takes_what_is_above_the_ceiling(self):
        self.rule.amount_to = 500
        self.env["invoicing.rule"].create({"name": "Large", "depth": "draft", "sequence": 20})
        order = self.make_order(amount=501)
        order.action_confirm()
        self.assertEqual(order.invoice_ids.state, "draft")

    def test_a_rule_can_ask_for_a_look(self):
        self.rule.depth = "review"
        order = self.make_order()
        order.action_confirm()
        self.assertEqual(order.invoicing_reason_ids.mapped("reason"), ["rule_asks"])
        order.action_approve_invoicing()
        self.assertEqual(order.invoice_ids.state, "draft")

    def test_filling_in_what_is_missing_lets_the_order_go_on_by_itself(self):
        self.rule.depth = "send"
        bare = self.env["res.partner"].create(
            {"name": "ТОО Без всего", "is_company": True, "country_id": self.kz.id}
        )
        order = self.make_order(partner=bare)
        order.action_confirm()
        self.assertEqual(set(order.invoicing_reason_ids.mapped("reason")), {"email", "tax_id", "address"})
        for reason in order.invoicing_reason_ids:
            self.assertEqual(reason.action_open()["res_id"], bare.id)
            self.assertEqual(reason.action_open()["res_model"], "res.partner")
        self.assertEqual(order.activity_ids.summary, "The invoice waits for a look")
        bare.write({"email": "a@b.example", "vat": "000140002217"})
        self.work()
        self.assertEqual(order.invoicing_reason_ids.mapped("reason"), ["address"])
        self.assertEqual(len(order.activity_ids), 1)
        cron = self.env.ref("invoice_to_cash.cron_continue_invoicing")
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        bare.write({"street": "Abay 1", "city": "Almaty"})
        self.assertGreater(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]),
            triggers,
            "nothing starts the job",
        )
        self.work()
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertFalse(order.invoicing_reason_ids)
        self.assertFalse(order.activity_ids)

    def test_a_wrong_check_digit_is_told_and_stops_nothing(self):
        self.customer.write({"country_id": self.kz.id, "vat": "000140002218"})
        order = self.make_order()
        order.action_confirm()
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertEqual(order.invoicing_reason_ids.mapped("reason"), ["tax_id_check"])
        self.assertTrue(order.invoicing_reason_ids.warning)
        self.assertFalse(order.invoicing_review)

    def test_our_account_must_be_in_the_currency_of_the_order(self):
        self.company.partner_id.bank_ids.currency_id = self.company.currency_id
        euro = self.setup_other_currency("EUR")
        pricelist = self.env["product.pricelist"].create({"name": "Euro", "currency_id": euro.id})
        order = self.make_order(pricelist_id=pricelist.id)
        order.action_confirm()
        self.assertEqual(order.invoicing_reason_ids.mapped("reason"), ["bank_currency"])
        self.assertEqual(order.invoicing_reason_ids.res_id, self.company.partner_id.id)
        self.env["res.partner.bank"].create(
            {
                "acc_number": "KZ40856D350000654321",
                "partner_id": self.company.partner_id.id,
                "currency_id": euro.id,
            }
        )
        self.work()
        self.assertEqual(order.invoice_ids.state, "posted")

    def test_a_contract_where_the_rule_asks_for_one(self):
        self.rule.require_contract = True
        order = self.make_order()
        order.action_confirm()
        self.assertEqual(order.invoicing_reason_ids.mapped("reason"), ["contract"])
        order.contract_reference = "12 of 01.02.2026"
        self.work()
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertEqual(order.invoice_ids._get_document_contract(), "12 of 01.02.2026")
        self.customer.contract_reference = "13 of 02.02.2026"
        self.assertEqual(self.make_order().contract_reference, "13 of 02.02.2026")

    def test_one_order_that_fails_stops_no_other(self):
        orders = self.make_order() | self.make_order(amount=7) | self.make_order()
        real = type(self.env["account.move"])._post

        def fail_on_seven(moves, soft=True):
            for move in moves:
                if move.amount_total == 7:
                    raise UserError("the period is closed")
            return real(moves, soft=soft)

        with patch.object(type(self.env["account.move"]), "_post", fail_on_seven):
            orders.action_confirm()
        self.assertEqual([len(order.invoice_ids) for order in orders], [1, 0, 1])
        self.assertEqual(set(orders.mapped("state")), {"sale"})
        self.assertIn("period is closed", orders[1].invoicing_review)
        self.work()
        self.assertEqual(orders[1].invoice_ids.state, "posted", "what was mended did not go on")

    def test_an_unexpected_failure_shows_no_traceback(self):
        order = self.make_order()
        with (
            patch.object(type(self.env["account.move"]), "_post", side_effect=ValueError("secret")),
            mute_logger("odoo.addons.invoice_to_cash.models.invoicing.sale_order"),
        ):
            order.action_confirm()
        self.assertEqual(order.invoicing_state, "review")
        self.assertNotIn("secret", order.invoicing_review)

    def test_the_order_says_which_rule_will_take_it_and_why_not_the_others(self):
        self.rule.write({"customer_kind": "retail", "name": "Shop"})
        second = self.env["invoicing.rule"].create(
            {"name": "Firms", "depth": "send", "amount_to": 5000, "sequence": 20}
        )
        order = self.make_order()
        self.assertIn("Firms", order.invoicing_outlook)
        self.assertIn("Shop: not for this order (Retail)", order.invoicing_outlook)
        self.assertIn(second.summary, order.invoicing_outlook)
        self.assertIn("up to", second.summary)
        self.customer.email = False
        order.invalidate_recordset(["invoicing_outlook"])
        self.assertIn("no e-mail address", order.invoicing_outlook)
        settings = self.env["res.config.settings"].create({})
        self.assertIn("1. Shop", settings.invoicing_rule_texts)
        self.assertIn("2. Firms", settings.invoicing_rule_texts)

    def test_first_orders_can_have_a_rule_of_their_own(self):
        self.rule.write({"first_order": "first", "depth": "draft"})
        self.env["invoicing.rule"].create({"name": "Known", "depth": "post", "sequence": 20})
        new = self.make_customer("ТОО Новый", email="new@new.example")
        orders = self.make_order(partner=new) | self.make_order(partner=new)
        orders.action_confirm()
        self.assertEqual(orders.mapped("invoice_ids.state"), ["draft", "posted"])

    def test_a_dry_run_tells_what_each_rule_would_have_done_and_changes_nothing(self):
        self.rule.active = False
        fine, large, bare_order = self.make_order(), self.make_order(amount=9000), self.make_order()
        bare = self.env["res.partner"].create({"name": "Bare Ltd", "is_company": True})
        bare_order.partner_id = bare
        shop = self.make_order(partner=self.env["res.partner"].create({"name": "A Person"}))
        (fine | large | bare_order | shop).action_confirm()
        self.rule.write({"active": True, "customer_kind": "corporate", "amount_to": 5000, "depth": "send"})
        run = self.env["invoicing.dry.run"].create({})
        run.action_run()
        outcome = {line.order_id: line.outcome for line in run.line_ids}
        self.assertEqual(
            [outcome[order] for order in (fine, large, bare_order, shop)],
            ["send", "review", "missing", "none"],
        )
        why = run.line_ids.filtered(lambda line: line.order_id == bare_order).why
        self.assertIn("e-mail", why)
        self.assertFalse((fine | large | bare_order | shop).invoice_ids)
        self.assertFalse((fine | large | bare_order | shop).invoicing_reason_ids)
        (fine | large).date_order = "2020-01-01 00:00:00"
        run.action_run()
        self.assertNotIn(fine, run.line_ids.order_id)
