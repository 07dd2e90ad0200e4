"""How far a large import is."""

from unittest.mock import patch

from odoo.tests import tagged

from .bank_common import BankFileCommon, kaspi


@tagged("post_install", "-at_install")
class TestBankImportProgress(BankFileCommon):
    def test_progress_is_told_batch_by_batch_to_whoever_waits(self):
        module = "odoo.addons.invoice_to_cash.models.cash_application.bank_file_import"
        told = []
        Progress = self.env.registry["bank.import.progress"]
        with (
            patch(f"{module}.BATCH", 2),
            patch.object(Progress, "_report", lambda _self, *values: told.append(values)),
        ):
            self.load(kaspi(1, 2, 3, 4, 5))
        self.assertEqual(told, [("kaspi.txt", 2, 5), ("kaspi.txt", 4, 5), ("kaspi.txt", 5, 5)])
        self.assertEqual(len(self.lines()), 5)
        with self.enter_registry_test_mode():
            waiting = self.env["bank.import.wizard"].with_context(bank_import_progress="window")
            waiting.env["bank.import.progress"]._report("a.txt", 250, 900)
            waiting.env["bank.import.progress"]._report("a.txt", 500, 900)
        answer = {"filename": "a.txt", "done": 500, "total": 900}
        self.assertEqual(self.env["bank.import.wizard"].get_progress("window"), answer)
        # Nobody else's import is told of.
        other = self.env["bank.import.wizard"].with_user(self.clerk).get_progress("window")
        self.assertEqual(other["total"], 0)
