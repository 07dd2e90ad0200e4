"""The screens of the bank in Chromium: unit tests of the components, a tour with real parts."""

from odoo.tests import HttpCase, tagged

from .test_cash_application_wizard import WizardCommon


def hoot_id(name: str) -> str:
    """The number by which Hoot knows a suite: a hash of its name, as its own runner makes it."""
    value = 0
    for sign in name:
        value = (value * 31 + ord(sign)) & 0xFFFFFFFF
    return f"{value:08x}"


@tagged("post_install", "-at_install")
class TestComponents(HttpCase):
    def test_components(self):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={hoot_id('@invoice_to_cash')}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )


@tagged("post_install", "-at_install")
class TestScreens(WizardCommon, HttpCase):
    def test_one_line_after_the_other(self):
        one = self.make_invoice(777)
        twins = self.make_invoice(555) | self.make_invoice(555)
        theirs = self.make_invoice(400, partner=self.other)
        lines = self.make_line(777, "за товар", payer_tax_id="850540011223", payer_name="ТОО СтройСервис")
        lines |= self.make_line(555, "за товар", payer_tax_id="850540011223", payer_name="ТОО СтройСервис")
        lines |= self.make_line(350, "за ремонт", payer_name="Петров")
        matches = self.decided(lines)
        # Made before: on a busy machine the page would wait longer for them than its requests for each other.
        bundle = self.env["ir.qweb"]._get_asset_bundle("web.assets_web", assets_params={})
        bundle.css()
        bundle.js()
        self.start_tour("/odoo/match-payments", "i2c_reconciliation", login="i2c_clerk")
        self.env.invalidate_all()
        by_line = {match.statement_line_id: match for match in matches}
        self.assertEqual([by_line[line].state for line in lines], ["applied", "applied", "undone"])
        self.assertEqual([one.amount_residual, *sorted(twins.mapped("amount_residual"))], [0, 0, 555])
        self.assertEqual(theirs.amount_residual, 400, "what was undone is open again")
        self.assertEqual({match.decided_by_id for match in matches}, {self.clerk})
        row = self.env["reconciling.time"].search([("user_id", "=", self.clerk.id)])
        self.assertTrue(row, "the screens have started the clock")
