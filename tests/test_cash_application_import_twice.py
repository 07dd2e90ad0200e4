"""Never twice, never lost: other formats, gaps, undo."""

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .bank_common import BankFileCommon, kaspi, mt940


@tagged("post_install", "-at_install")
class TestBankImportTwice(BankFileCommon):
    def log(self, result):
        return self.env["bank.statement.import.log"].browse(result["log_id"])

    def lock(self, day):
        """Odoo locks no period with open bank lines; they come later, as a change of the exceptions does."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_company SET fiscalyear_lock_date = %s WHERE id = %s", [day, self.env.company.id]
        )
        self.env.invalidate_all()

    # --- the same period in another format -------------------------------
    def test_second_format_brings_only_what_is_missing(self):
        self.load(kaspi(10, 10, -5))
        result = self.load(mt940(10, 10, 10, -5), "july.sta")
        self.assertEqual((result["new"], result["duplicates"], result["known"]), (1, 3, 0))
        self.assertEqual(sorted(self.lines().mapped("amount")), [-5, 10, 10, 10])
        log = self.log(result)
        self.assertEqual((log.state, log.duplicate_count, len(log.duplicate_ids)), ("partial", 3, 3))
        self.assertEqual(set(log.duplicate_ids.existing_line_id.mapped("import_log_id.file_format")), {"1c"})
        self.assertIn("Оплата по счету", log.duplicate_ids[0].existing_text)
        self.assertTrue(any("is perhaps there already" in text for text in result["warnings"]))

    def test_line_entered_by_hand_counts(self):
        self.env["account.bank.statement.line"].create(
            {"journal_id": self.bank.id, "date": "2026-09-15", "amount": 10, "payment_ref": "by hand"}
        )
        result = self.load(kaspi(10, 20))
        self.assertEqual((result["new"], result["duplicates"]), (1, 1))
        duplicate = self.log(result).duplicate_ids
        self.assertEqual(duplicate.existing_text, "by hand")

    def test_one_click_imports_a_possible_duplicate_all_the_same(self):
        self.load(kaspi(10, -5))
        result = self.load(mt940(10, -5), "july.sta")
        self.assertEqual(result["new"], 0)
        duplicates = self.log(result).duplicate_ids.with_user(self.clerk)
        duplicates[0].action_import()
        self.assertEqual(duplicates.mapped("state"), ["imported", "open"])
        line = duplicates[0].imported_line_id.sudo()
        self.assertRecordValues(
            line,
            [
                {
                    "amount": duplicates[0].amount,
                    "date": fields.Date.to_date("2026-09-15"),
                    "i2c_fingerprint": duplicates[0].fingerprint,
                    "import_log_id": result["log_id"],
                    "state": "posted",
                }
            ],
        )
        with self.assertRaisesRegex(UserError, "decided already"):
            duplicates[0].action_import()
        # The same file once more: the one is known now, the other still a question.
        again = self.load(mt940(10, -5), "july.sta")
        self.assertEqual((again["known"], again["duplicates"], again["new"]), (1, 1, 0))
        duplicates[1].action_same()
        self.assertEqual(duplicates[1].state, "same")

    def test_possible_duplicate_in_a_locked_period_is_not_imported(self):
        self.load(kaspi(10))
        duplicates = self.log(self.load(mt940(10), "july.sta")).duplicate_ids
        self.lock("2026-09-15")
        with self.assertRaisesRegex(UserError, "on or before the lock date 2026-09-15"):
            duplicates.action_import()
        self.assertEqual(len(self.lines()), 1)

    def test_switch_in_the_preview_imports_them_at_once(self):
        self.load(kaspi(10))
        wizard = self.wizard(("july.sta", mt940(10)), user=self.clerk)
        self.assertRecordValues(wizard.line_ids, [{"state": "remarks", "new_count": 0, "duplicate_count": 1}])
        with Form(wizard) as form, form.line_ids.edit(0) as row:
            row.import_duplicates = True
            self.assertEqual((row.new_count, row.duplicate_count), (1, 0))
        wizard.action_import()
        self.assertEqual(self.lines().mapped("amount"), [10, 10])
        self.assertFalse(wizard.line_ids.log_id.duplicate_ids)

    def test_doubled_operations_of_one_file_come_in_once(self):
        # As ForteBank does: each operation as a statement entry and once more as a payment order.
        data = kaspi(10, 20).decode("cp1251")
        start, end = data.index("СекцияДокумент"), data.index("КонецФайла")
        double = data[start:end].replace("=выписка", "=ПлатежноеПоручение")
        result = self.load((data[:end] + double + data[end:]).encode("cp1251"), "forte.txt")
        self.assertEqual(sorted(self.lines().mapped("amount")), [10, 20], result["warnings"])

    def test_lines_keep_the_references_of_the_bank(self):
        self.load(mt940(10), "july.sta")
        self.assertEqual(self.lines().bank_reference, "B151")

    # --- balances --------------------------------------------------------
    def test_gap_to_the_statement_before_is_named(self):
        self.load(kaspi(10))
        result = self.load(kaspi(20, opening=150, day=17))
        self.assertEqual(result["new"], 1)
        text = next(text for text in result["warnings"] if "leads to" in text)
        self.assertIn("150.00", text)
        self.assertIn("110.00", text)
        self.assertIn("KSP 2026-09-15", text)

    def test_lines_without_a_statement_fill_the_gap(self):
        self.load(kaspi(10))
        self.env["account.bank.statement.line"].create(
            {"journal_id": self.bank.id, "date": "2026-09-16", "amount": 40, "payment_ref": "by hand"}
        )
        result = self.load(kaspi(20, opening=150, day=17))
        self.assertFalse(result["warnings"])

    def test_no_balances_are_taken_when_a_line_was_unread(self):
        data = kaspi(10, 20).replace(
            "СуммаПриход=20.00".encode("cp1251"), "СуммаПриход=20..0".encode("cp1251")
        )
        result = self.load(data)
        self.assertEqual((result["new"], result["statement_ids"]), (1, []))
        self.assertTrue(any("closing balance counts them" in text for text in result["warnings"]))

    # --- undo ------------------------------------------------------------
    def test_undo_removes_the_lines_and_the_file_can_come_again(self):
        result = self.load(kaspi(10, -5))
        log = self.log(result)
        self.assertTrue(result["statement_ids"])
        log.with_user(self.clerk).action_undo_import()
        self.assertFalse(self.lines())
        self.assertFalse(self.env["account.bank.statement"].browse(result["statement_ids"]).exists())
        self.assertEqual((log.state, log.undone_by_id), ("undone", self.clerk))
        with self.assertRaisesRegex(UserError, "nothing to undo"):
            log.action_undo_import()
        again = self.load(kaspi(10, -5))
        self.assertEqual(again["new"], 2)
        self.assertFalse(again["warnings"])

    def test_undo_of_a_reconciled_line_is_refused_and_removes_nothing(self):
        result = self.load(kaspi(10, 20))
        _liquidity, suspense, _other = self.lines()[1]._seek_for_lines()
        suspense.account_id = self.company_data["default_account_revenue"]
        self.assertTrue(self.lines()[1].is_reconciled)
        with self.assertRaisesRegex(UserError, r"1 lines of the file are reconciled.*20\.00"):
            self.log(result).action_undo_import()
        self.assertEqual(len(self.lines()), 2)

    def test_undo_in_a_locked_period_is_refused_and_removes_nothing(self):
        result = self.load(kaspi(10, 20))
        self.lock("2026-09-15")
        with self.assertRaisesRegex(UserError, "2 lines of the file are on or before the lock date"):
            self.log(result).action_undo_import()
        self.assertEqual(len(self.lines()), 2)

    def test_undo_takes_the_whole_file_with_all_of_its_accounts(self):
        halyk = self._journal("Halyk", "HLK", "KZ356017121000001925")
        one, two = mt940(10), mt940(20, account="KZ356017121000001925")
        wizard = self.wizard(("both.sta", one + two))
        wizard.action_import()
        self.assertEqual(len(self.lines() + self.lines(halyk)), 2)
        wizard.line_ids.log_id[0].action_undo_import()
        self.assertFalse(self.lines() + self.lines(halyk))
        self.assertEqual(set(wizard.line_ids.log_id.mapped("state")), {"undone"})

    def test_undo_needs_the_group(self):
        log = self.log(self.load(kaspi(10)))
        reader = new_test_user(
            self.env,
            login="i2c_reader",
            groups="base.group_user,account.group_account_readonly",
            company_id=self.env.company.id,
            company_ids=[Command.set(self.env.company.ids)],
        )
        self.assertEqual(log.with_user(reader).state, "done")
        for call in (log.action_undo_import, self.load(mt940(10), "a.sta") and log.duplicate_ids.action_same):
            with self.assertRaises(AccessError):
                getattr(call.__self__.with_user(reader), call.__name__)()

    # --- cost ------------------------------------------------------------
    def test_preview_of_many_lines_takes_no_more_queries_than_of_few(self):
        def queries(count):
            data = kaspi(*range(29, 29 + count), opening=500)
            statement = self.bank._read_bank_file("f.txt", data)[0]
            self.bank._plan_bank_import(statement)
            before = self.env.cr.sql_log_count
            plan = self.bank._plan_bank_import(statement)
            self.bank._get_import_remarks(statement, plan)
            return self.env.cr.sql_log_count - before

        self.load(mt940(*range(1, 31)), "a.sta")
        self.assertEqual(queries(4), queries(60))

    # --- what goes out ---------------------------------------------------
    def test_texts_of_the_bank_are_no_formulas_in_an_export(self):
        formula = '=HYPERLINK("http://evil.example","pay")'
        data = kaspi(10).replace("Оплата по счету 1".encode("cp1251"), formula.encode())
        self.load(data)
        self.assertEqual(self.lines().payment_purpose, formula)
        rows = self.lines().export_data(["date", "amount", "payment_purpose", "payer_name"])["datas"]
        self.assertEqual(rows, [[fields.Date.to_date("2026-09-15"), 10.0, f"'{formula}", 'ТОО "Альфа"']])
        for text in ("+7", "-5", "@cmd", "\tx"):
            self.lines().payment_purpose = text
            self.assertEqual(self.lines().export_data(["payment_purpose"])["datas"], [[f"'{text}"]])
        # The duplicates that wait, and the matches, show the same texts.
        for name in ("bank.statement.import.duplicate", "bank.statement.import.log", "payment.match"):
            self.assertIn("bank.text.export", self.env[name]._inherit)
