"""Each customer on the ladder that was made for its kind."""

from odoo.tests import tagged

from .common import ReceivablesCommon


@tagged("post_install", "-at_install")
class TestLadderChoice(ReceivablesCommon):
    def ladder(self, partner=None):
        partner = partner or self.customer
        profile = self.env["payer.profile"]._get_or_create(self.company, partner)
        return self.company._choose_dunning_ladders(partner, {partner.id: profile})[partner.id]

    def put(self, code):
        profile = self.env["payer.profile"]._get_or_create(self.company, self.customer)
        profile.segment_id = self.env["payer.segment"].search([("code", "=", code)])
        return profile

    def test_by_segment(self):
        self.put("chronic")
        self.assertEqual(self.ladder(), self.env.ref("invoice_to_cash.ladder_chronic"))
        self.put("new")
        self.assertEqual(self.ladder(), self.env.ref("invoice_to_cash.ladder_standard"))

    def test_by_kind_and_terms(self):
        self.customer.customer_kind = "government"
        self.assertEqual(self.ladder(), self.env.ref("invoice_to_cash.ladder_government"))
        self.customer.customer_kind = "retail"
        self.assertEqual(self.ladder(), self.env.ref("invoice_to_cash.ladder_standard"))
        self.customer.property_payment_term_id = self.env["account.payment.term"].create(
            {"name": "a week", "line_ids": [(0, 0, {"value": "percent", "value_amount": 100, "nb_days": 7})]}
        )
        self.assertEqual(self.ladder(), self.env.ref("invoice_to_cash.ladder_retail_short"))

    def test_the_hand_wins(self):
        profile = self.put("chronic")
        profile.ladder_id = self.env.ref("invoice_to_cash.ladder_standard")
        self.assertEqual(self.ladder(), profile.ladder_id)

    def test_no_shipped_ladder_begins_aggressively(self):
        for ladder in self.env["dunning.ladder"].search([]):
            self.assertLessEqual(ladder._to_core().steps[0].level, 2, ladder.name)

    def test_the_decision_takes_it(self):
        """One day late: the strict ladder writes, the standard one waits for the third day."""
        self.make_invoice(500.0, due_in=-1)
        profile = self.put("chronic")
        profile.reminders_enabled = True
        standard = self.env.ref("invoice_to_cash.ladder_standard")

        def offsets():
            decided = self.company._decide_dunning(self.today, self.customer)
            return {item.step.offset for _account, decision in decided for item in decision.all_items}

        self.assertEqual(offsets(), {1})
        profile.ladder_id = standard
        self.assertEqual(offsets(), {0})

    def test_shipped_steps_have_russian_names(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.env["ir.module.module"]._load_module_terms(["invoice_to_cash"], ["ru_RU"])
        ids = self.env["ir.model.data"].search(
            [("module", "=", "invoice_to_cash"), ("model", "=", "dunning.step")]
        )
        steps = self.env["dunning.step"].browse(ids.mapped("res_id")).with_context(lang="ru_RU")
        self.assertEqual(len(steps), 29)
        self.assertFalse([name for name in steps.mapped("name") if name.isascii()])
