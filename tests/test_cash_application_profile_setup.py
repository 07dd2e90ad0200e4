"""Profiles made by looking at a file: suggestions are offered, the preview shows what will be read."""

import base64

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.invoice_to_cash.core.bank_formats import HALYK, KASPI

from .bank_feed_common import BankFeedCommon

GERMAN = """\
Buchungstag;Betrag;Verwendungszweck;Konto
16.09.2026;-10,50;Fee for <script>alert(1)</script> of the month;KZ698562203124676325
17.09.2026;20,00;Payment of invoice 7 by Alpha LLP;KZ698562203124676325
18.09.2026;30,00;Payment of invoice 8 by Alpha LLP;KZ698562203124676325
"""
ROLES = {"Buchungstag": "date", "Betrag": "amount", "Verwendungszweck": "purpose", "Konto": "account"}


@tagged("post_install", "-at_install")
class TestProfileSetup(BankFeedCommon):
    def import_wizard(self, text=GERMAN, user=None):
        env = self.env(user=user or self.clerk)
        attachment = env["ir.attachment"].create({"name": "german.csv", "raw": text.encode()})
        form = Form(env["bank.import.wizard"])
        form.journal_id = self.bank.with_env(env)
        form.attachment_ids.add(attachment)
        return form.save()

    def open(self, action, user=None):
        return self.env(user=user or self.clerk)[action["res_model"]].browse(action["res_id"])

    def test_import_of_unknown_columns_leads_to_a_profile_and_back(self):
        wizard = self.import_wizard()
        self.assertEqual((wizard.line_ids.state, wizard.offers_profile), ("problem", True))
        setup = self.open(wizard.action_set_up_columns())
        self.assertEqual(setup.column_ids.mapped("title"), list(ROLES))
        self.assertFalse(any(setup.column_ids.mapped("role")), "nothing is assumed")
        self.assertTrue(setup.has_guesses)
        self.assertIn("column titles", setup.problem)
        with self.assertRaisesRegex(UserError, "column titles"):
            setup.action_save()
        self.assertEqual(self.open(setup.action_take_guesses()), setup)
        self.assertEqual({c.title: c.role for c in setup.column_ids if c.role}, ROLES)
        self.assertFalse(setup.problem)
        self.assertIn("is imported", setup.preview)
        self.assertNotIn("<script>", setup.preview)
        setup.name = "German bank"
        again = self.open(setup.action_save())
        self.assertEqual(again, wizard)
        self.assertEqual((wizard.line_ids.state in ("ready", "remarks"), wizard.new_count), (True, 3))
        self.assertFalse(wizard.offers_profile)
        self.assertEqual(self.bank.bank_statement_profile_id.name, "German bank")
        wizard.action_import()
        self.assertEqual(self.amounts(), [-10.5, 20, 30])

    def test_preview_follows_each_choice(self):
        with Form(self.env["bank.profile.setup"].with_user(self.clerk)) as form:
            form.name = "German"
            form.sample = base64.b64encode(GERMAN.encode())
            self.assertTrue(form.problem)
            for index, role in enumerate(("date", "amount", "purpose")):
                with form.column_ids.edit(index) as column:
                    column.role = role
            self.assertFalse(form.problem)
            self.assertIn("Payment of invoice 7", form.preview)
            with form.column_ids.edit(1) as column:
                column.role = "debit"
            debit = form.preview
            with form.column_ids.edit(1) as column:
                column.role = "amount"
            self.assertNotEqual(form.preview, debit)
        profile = self.open(form.save().action_save())
        self.assertEqual(profile.column_ids.mapped("role"), ["date", "amount", "purpose"])

    def test_an_amount_without_direction_is_asked_for(self):
        text = GERMAN.replace("-10,50", "10,50")
        wizard = self.import_wizard(text)
        setup = self.open(wizard.action_set_up_columns())
        setup.action_take_guesses()
        self.assertTrue(setup.problem)
        setup.unsigned_amount = "credit"
        self.assertFalse(setup.problem)

    def test_what_no_profile_can_cure_offers_none(self):
        for name, data in (
            ("x.txt", b"1CClientBankExchange"),
            ("x.pdf", b"%PDF-1.7"),
            ("x.png", b"\x89PNG\r\n"),
        ):
            attachment = self.env["ir.attachment"].create({"name": name, "raw": data})
            wizard = self.env["bank.import.wizard"].create({"attachment_ids": [Command.set(attachment.ids)]})
            wizard._refresh_preview()
            self.assertFalse(wizard.offers_profile, name)

    def test_profile_is_tried_on_a_file_and_changed_by_managers_only(self):
        profile = self.env.ref("invoice_to_cash.bank_profile_kaspi")
        setup = self.open(profile.with_user(self.clerk).action_set_up())
        setup.write({"sample": base64.b64encode(GERMAN.encode()), "sample_name": "german.csv"})
        self.assertIn("column titles", setup.problem)
        setup._load_columns()
        setup.action_take_guesses()
        with self.assertRaises(AccessError):
            setup.action_save()
        salesman = self._user("i2c_profile_sales", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.env["bank.profile.setup"].with_user(salesman).create({"name": "x"})

    def test_shipped_profiles_are_those_of_the_readers(self):
        for xmlid, expected in (("bank_profile_kaspi", KASPI), ("bank_profile_halyk", HALYK)):
            profile = self.env.ref(f"invoice_to_cash.{xmlid}")._to_core()
            self.assertEqual(dict(profile.columns), dict(expected.columns))
            self.assertEqual(profile.date_order, expected.date_order)
