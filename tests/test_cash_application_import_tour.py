"""The import wizard in the browser: archive, journal chosen in the row, possible duplicates."""

import io
import zipfile

from odoo.tests import HttpCase, tagged

from .bank_common import OTHER, BankFileCommon, kaspi, mt940


@tagged("post_install", "-at_install")
class TestBankImportTour(BankFileCommon, HttpCase):
    def test_rows_of_the_wizard_in_the_browser(self):
        forte = self._journal("Forte tour", "FRTT", "")
        self.env.user.group_ids |= self.env.ref("invoice_to_cash.group_manager")
        self.env.user.write({"lang": "en_US"})
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("july.sta", mt940(10, 20, 30))
            archive.writestr("cut.txt", kaspi(5)[:-80])
        self.load(kaspi(10, 20))
        files = {"forte.txt": kaspi(77, account=OTHER), "archive.zip": buffer.getvalue()}
        attachments = self.env["ir.attachment"].create(
            [{"name": name, "raw": data, "public": True} for name, data in files.items()]
        )
        ids = ",".join(map(str, attachments.ids))
        self.start_tour(
            f"/odoo/action-invoice_to_cash.action_bank_import?i2c_files={ids}",
            "i2c_bank_import_rows",
            login=self.env.user.login,
            timeout=180,
        )
        self.env.invalidate_all()
        self.assertEqual(self.lines(forte).mapped("amount"), [77])
        self.assertEqual(self.env["bank.file.account"].search([]).journal_id, forte)
        self.assertEqual(sorted(self.lines().mapped("amount")), [10, 10, 20, 30])
        states = self.env["bank.statement.import.duplicate"].search([]).mapped("state")
        self.assertEqual(sorted(states), ["imported", "same"])
