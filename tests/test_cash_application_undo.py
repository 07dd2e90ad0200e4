"""Undo gives back what a decision took, un-learns what it taught, and tells what cannot come back."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .test_cash_application_outcomes import OutcomesCommon

ACCOUNT = "KZ698562203124676325"


@tagged("post_install", "-at_install")
class TestUndo(OutcomesCommon):
    def alias(self, kind="name"):
        return self.env["payer.alias"].search(
            [("company_id", "=", self.company.id), ("kind", "=", kind), ("partner_id", "=", self.customer.id)]
        )

    def confirm(self, amount, name="Петров П. П.", **values):
        invoice = self.make_invoice(amount)
        match = self.undecided(amount, payer_name=name, **values)
        match.allocate([(self.receivable(invoice).id, amount)])
        return match

    def snapshot(self, moves):
        self.env.flush_all()
        self.env.invalidate_all()
        return [
            (move.amount_residual, move.payment_state, move.tracking_status, move.disputed_amount)
            for move in moves
        ] + [self.customer.credit, self.other.credit]

    def test_whatever_was_done_all_is_as_before(self):
        one, two = self.make_invoice(500), self.make_invoice(300, partner=self.other)
        items = self.receivable(one | two).ids
        before = self.snapshot(one | two)
        for amount, act in (
            (500, lambda match: match.allocate([(items[0], 500)])),
            (700, lambda match: match.allocate([(items[0], 500), (items[1], 100)])),
            (480, lambda match: match.allocate([(items[0], 480)], outcome="write_off")),
            (480, lambda match: match.allocate([(items[0], 480)], outcome="dispute")),
            (100, lambda match: match.set_as_advance(self.customer.id)),
        ):
            match = self.undecided(amount)
            act(match)
            self.assertNotEqual(self.snapshot(one | two), before)
            match.action_undo()
            self.assertEqual(self.snapshot(one | two), before)
            line = match.statement_line_id
            self.assertFalse(line.is_reconciled or line.partner_id)
            self.assertEqual(sum(line.line_ids.mapped("balance")), 0)
            self.assertEqual((match.state, match.is_hands_only), ("undone", True))

    def test_an_undone_line_is_never_applied_by_itself(self):
        invoice = self.make_invoice(500)
        match = self.undecided(500, invoice.payment_code)
        self.assertEqual(match.state, "applied")
        match.action_undo()
        for _time in range(2):
            match.statement_line_id.match_payments()
            self.env["payment.match"].action_match_open()
            self.assertEqual((match.state, invoice.amount_residual), ("undone", 500))
        match.action_rematch()
        match.statement_line_id.match_payments()
        self.assertEqual((match.state, invoice.amount_residual), ("suggested", 500))

    def test_the_partner_that_the_line_had_comes_back(self):
        invoice = self.make_invoice(500)
        match = self.undecided(500, invoice.payment_code, partner_id=self.other.id)
        if match.state != "applied":
            match.action_apply(match.candidate_ids[:1])
        self.assertEqual(match.statement_line_id.partner_id, self.customer)
        match.action_undo()
        self.assertEqual(match.statement_line_id.partner_id, self.other)

    def test_letters_and_deliveries_that_left_are_named(self):
        invoice = self.make_invoice(500)
        match = self.undecided(500, invoice.payment_code)
        self.assertTrue(match.action_undo() is True, "nothing has left")
        match.action_apply()
        invoice._log_tracking_event("sent", "mail", "receipt")
        answer = match.action_undo()
        self.assertEqual(len(answer["cannot_come_back"]), 1)
        self.assertIn(invoice.name, answer["cannot_come_back"][0])
        self.assertIn(invoice.name, answer["params"]["message"])

    def test_a_delivery_of_the_order_is_named(self):
        product = self.env["product.product"].create(
            {"name": "Bag", "is_storable": True, "invoice_policy": "order", "taxes_id": False}
        )
        order = self.make_order(
            order_line=[
                fields.Command.create({"product_id": product.id, "price_unit": 100, "tax_ids": False})
            ]
        )
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        match = self.undecided(100, invoice.payment_code)
        self.assertEqual(match.state, "applied")
        picking = order.picking_ids
        picking.move_ids.quantity = 1
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")
        answer = match.action_undo()
        self.assertIn(picking.name, "".join(answer["cannot_come_back"]))

    def test_two_confirmations_teach_and_an_undo_unlearns(self):
        first = self.confirm(101, payer_account=ACCOUNT)
        self.assertEqual((self.alias().confirmations, self.alias().is_known), (1, False))
        invoice = self.make_invoice(777)
        self.assertEqual(self.undecided(777, payer_name="Петров П. П.").reason, "payer_unknown")
        second = self.confirm(102, payer_account=ACCOUNT)
        self.assertTrue(self.alias().is_known and self.alias("account").is_known)
        for values in ({"payer_name": "ПЕТРОВ  П. П."}, {"payer_account": ACCOUNT}):
            match = self.undecided(777, **values)
            self.assertEqual((match.reason, match.move_ids), ("amount_unique", invoice), values)
        second.action_undo()
        self.assertFalse(self.alias().is_known)
        self.assertEqual(self.undecided(777, payer_name="Петров П. П.").reason, "payer_unknown")
        first.action_undo()
        self.assertFalse(self.alias() | self.alias("account"))

    def test_a_person_teaches_at_once(self):
        match = self.undecided(50, payer_name="Сидоров")
        match.remember_payer(self.customer.id)
        self.assertTrue(self.alias().is_known and self.alias().is_told)
        with self.assertRaises(UserError):
            self.undecided(51).remember_payer(self.customer.id)
        with self.assertRaises(UserError):
            match.remember_payer(0)

    def test_a_name_confirmed_for_two_customers_proves_nothing(self):
        for _time in range(2):
            self.confirm(103, name="Касса")
        invoice = self.make_invoice(55, partner=self.other)
        self.undecided(55, payer_name="Касса").allocate([(self.receivable(invoice).id, 55)])
        self.make_invoice(888)
        self.assertEqual(self.undecided(888, payer_name="Касса").reason, "payer_unknown")

    def test_somebody_elses_tax_id_teaches_nothing(self):
        for _time in range(2):
            self.confirm(104, name="ИП Иванов, за СтройСервис", payer_tax_id=self.other.vat)
        self.assertFalse(self.alias())

    def test_an_exact_reference_beats_every_learned_payer(self):
        for _time in range(2):
            self.confirm(105)
        invoice = self.make_invoice(300, partner=self.other)
        self.make_invoice(300)
        match = self.undecided(300, invoice.payment_code, payer_name="Петров П. П.")
        self.assertEqual((match.state, match.reason), ("suggested", "third_party"))
        self.assertEqual(match.candidate_ids[0].move_ids, invoice)

    def test_aliases_of_another_company_are_not_used_or_seen(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.env["payer.alias"].sudo().create(
            {
                "company_id": company.id,
                "partner_id": self.customer.id,
                "kind": "name",
                "value": "Петров",
                "key": "петров",
                "is_told": True,
            }
        )
        self.make_invoice(999)
        self.assertEqual(self.undecided(999, payer_name="Петров").reason, "payer_unknown")
        clerk = new_test_user(self.env, "c3", groups="base.group_user,invoice_to_cash.group_cash_application")
        self.assertFalse(self.env["payer.alias"].with_user(clerk).search([("key", "=", "петров")]))
