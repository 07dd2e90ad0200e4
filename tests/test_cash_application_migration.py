"""Old databases: what an update does to records that it does not overwrite."""

import importlib.util
from pathlib import Path

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged

SCRIPT = Path(get_module_path("invoice_to_cash")) / "migrations/19.0.1.1.0/post-bank_profiles.py"


@tagged("post_install", "-at_install")
class TestBankProfileMigration(TransactionCase):
    def migrate(self, version):
        spec = importlib.util.spec_from_file_location("bank_profiles", SCRIPT)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.env.flush_all()
        script.migrate(self.env.cr, version)
        self.env.invalidate_all()

    def test_shipped_profiles_get_the_order_of_dates_unless_somebody_changed_them(self):
        kaspi = self.env.ref("invoice_to_cash.bank_profile_kaspi")
        halyk = self.env.ref("invoice_to_cash.bank_profile_halyk")
        self.assertEqual((kaspi.date_order, halyk.date_order), ("dmy", "dmy"))
        own = self.env["bank.statement.profile"].create({"name": "Own"})
        (kaspi | halyk).sudo().date_order = False
        self.migrate(None)
        self.assertFalse(kaspi.date_order, "a new database has them as shipped")
        admin = self.env.ref("base.user_admin")
        admin.group_ids |= self.env.ref("invoice_to_cash.group_manager")
        halyk.column_ids[0].with_user(admin).title = "Күні"
        self.migrate("19.0.1.0.0")
        self.assertEqual((kaspi.date_order, halyk.date_order, own.date_order), ("dmy", False, False))
