"""Bank files into the journal: once, whole, in the right place, and told plainly."""

import re
from pathlib import Path

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.invoice_to_cash.core import bank_formats
from odoo.addons.invoice_to_cash.models.cash_application.bank_file_messages import _texts

from .bank_common import CSV, OTHER, OWN, PAYER, BankFileCommon, kaspi


@tagged("post_install", "-at_install")
class TestBankImport(BankFileCommon):
    # --- what comes in ---------------------------------------------------
    def test_kaspi_file_brings_lines_with_what_the_bank_said(self):
        result = self.load(kaspi(1500.5, -40))
        self.assertEqual((result["new"], result["known"], result["unread"]), (2, 0, 0))
        line = self.lines()[0]
        self.assertEqual(line.ids, result["line_ids"][:1])
        self.assertRecordValues(
            line,
            [
                {
                    "amount": 1500.5,
                    "date": fields.Date.to_date("2026-09-15"),
                    "bank_booking_date": fields.Date.to_date("2026-09-15"),
                    "payment_ref": "Оплата по счету 1",
                    "payment_purpose": "Оплата по счету 1",
                    "payer_name": 'ТОО "Альфа"',
                    "payer_tax_id": "200940008138",
                    "payer_account": PAYER,
                    "payer_bank": "KCJBKZKX",
                    "purpose_code": "710",
                    "bank_document_number": "1",
                    "import_log_id": result["log_id"],
                    "state": "posted",
                }
            ],
        )
        self.assertEqual(self.lines()[1].amount, -40)

    def test_statement_takes_the_balances_of_the_file(self):
        result = self.load(kaspi(1500.5, -40))
        statement = self.env["account.bank.statement"].browse(result["statement_ids"])
        self.assertEqual((statement.balance_start, statement.balance_end_real), (100, 1560.5))
        self.assertEqual(set(statement.line_ids.ids), set(result["line_ids"]))
        self.assertTrue(statement.is_complete)

    def test_csv_brings_lines_and_no_statement_without_balances(self):
        result = self.load(CSV.format(account=OWN).encode(), "kaspi.csv")
        self.assertEqual(self.lines().mapped("amount"), [1500.5, -40])
        self.assertEqual(self.lines()[0].payer_tax_id, "190540007001")
        self.assertFalse(result["statement_ids"])

    # --- never twice -----------------------------------------------------
    def test_second_import_adds_nothing_and_says_so(self):
        self.load(kaspi(1500.5, -40))
        result = self.load(kaspi(1500.5, -40))
        self.assertEqual((result["new"], result["known"]), (0, 2))
        self.assertFalse(result["line_ids"] or result["statement_ids"])
        self.assertIn("imported already", result["warnings"][0])
        self.assertEqual(len(self.lines()), 2)
        self.assertEqual(self.env["bank.statement.import.log"].browse(result["log_id"]).state, "duplicate")

    def test_overlapping_file_adds_only_what_is_new_with_its_own_opening_balance(self):
        self.load(kaspi(10, 20))
        later = kaspi(10, 20).replace("КонецФайла".encode("cp1251"), b"").strip()
        more = kaspi(5, day=16, first=9)
        later += b"\r\n" + more[more.index("СекцияДокумент".encode("cp1251")) :]
        later = later.replace(
            "КонечныйОстаток=130.00".encode("cp1251"), "КонечныйОстаток=135.00".encode("cp1251")
        )
        result = self.load(later)
        self.assertEqual((result["new"], result["known"]), (1, 2))
        statement = self.env["account.bank.statement"].browse(result["statement_ids"])
        self.assertEqual((statement.balance_start, statement.balance_end_real), (130, 135))
        self.assertTrue(statement.is_complete and statement.is_valid)

    def test_equal_payments_of_one_file_are_both_imported(self):
        data = kaspi(10, 10).replace("НомерДокумента=2".encode("cp1251"), "НомерДокумента=1".encode("cp1251"))
        data = data.replace("счету 2".encode("cp1251"), "счету 1".encode("cp1251"))
        self.assertEqual(self.load(data)["new"], 2)
        self.assertEqual(self.load(data)["new"], 0)

    def test_look_up_of_what_is_there_takes_two_queries_for_any_number_of_lines(self):
        def queries(count):
            statement = self.bank._read_bank_file("f.txt", kaspi(*range(1, count + 1)))[0]
            self.bank._plan_bank_import(statement)
            with self.assertQueryCount(2):
                self.bank._plan_bank_import(statement)

        queries(2)
        queries(60)

    # --- what is refused -------------------------------------------------
    def test_truncated_file_names_file_and_line_and_imports_nothing(self):
        data = kaspi(10, 20)
        with self.assertRaisesRegex(UserError, r"kaspi\.txt, line \d+: .*document 2"):
            self.load(data[: data.rindex("КодНазначения".encode("cp1251"))])
        self.assertFalse(self.lines())

    def test_rubbish_is_refused_by_name(self):
        for data in (b"", b"\x89PNG\r\n\x1a\n\x00\x01\x02\x03\x04\x05", b"%PDF-1.7", b"PK\x03\x04"):
            with self.assertRaisesRegex(UserError, r"photo\.txt"):
                self.load(data, "photo.txt")

    def test_lines_up_to_the_lock_date_are_refused_by_name(self):
        self.env.company.fiscalyear_lock_date = "2026-09-15"
        result = self.load(kaspi(10))
        self.assertEqual((result["new"], result["locked"]), (0, 1))
        self.assertIn("2026-09-15 is on or before the lock date", result["warnings"][0])
        self.assertFalse(self.lines())
        self.env.company.fiscalyear_lock_date = "2026-09-14"
        self.assertEqual(self.load(kaspi(10))["new"], 1)
        self.assertEqual(self.lines().date, fields.Date.to_date("2026-09-15"))

    def test_file_of_another_journal_is_refused_by_name(self):
        self._journal("Halyk", "HLK", OTHER)
        with self.assertRaisesRegex(UserError, f"{OTHER} belongs to the journal Halyk"):
            self.load(kaspi(10, account=OTHER))
        with self.assertRaisesRegex(UserError, "is of account KZ95"):
            self.load(kaspi(10, account="KZ95856220411282038X"))
        self.assertFalse(self.lines())

    def test_file_in_another_currency_is_refused(self):
        with self.assertRaisesRegex(UserError, "is in USD"):
            self.load(CSV.format(account=OWN).replace("KZT", "USD").encode(), "kaspi.csv")

    def test_unreadable_line_is_listed_and_the_others_come_in(self):
        data = kaspi(10, 20).replace(
            "СуммаПриход=20.00".encode("cp1251"), "СуммаПриход=20..0".encode("cp1251")
        )
        result = self.load(data)
        self.assertEqual((result["new"], result["unread"]), (1, 1))
        self.assertIn("Line 28", result["warnings"][0])
        self.assertEqual(self.env["bank.statement.import.log"].browse(result["log_id"]).state, "partial")

    # --- rights ----------------------------------------------------------
    def test_cash_application_imports_without_accounting_rights(self):
        result = self.load(kaspi(10), user=self.clerk)
        self.assertEqual(result["new"], 1)
        log = self.env["bank.statement.import.log"].browse(result["log_id"])
        self.assertEqual((log.user_id, log.new_count), (self.clerk, 1))
        self.assertEqual(self.lines().create_uid, self.clerk)

    def test_others_may_not_import(self):
        user = new_test_user(
            self.env, login="i2c_no_bank", groups="base.group_user,account.group_account_invoice"
        )
        with self.assertRaises(AccessError):
            self.load(kaspi(10), user=user)

    # --- matching --------------------------------------------------------
    def test_all_new_lines_are_decided(self):
        result = self.load(kaspi(10, 20))
        self.assertEqual(result["matching"], {"applied": 0, "suggested": 0, "manual": 2})
        matches = self.env["payment.match"].search([("statement_line_id", "in", result["line_ids"])])
        self.assertEqual(set(matches.mapped("state")), {"manual"})
        log = self.env["bank.statement.import.log"].browse(result["log_id"])
        self.assertEqual((log.applied_count, log.suggested_count, log.manual_count), (0, 0, 2))

    # --- wizard ----------------------------------------------------------
    def test_preview_shows_and_writes_nothing(self):
        wizard = self.wizard(("kaspi.txt", kaspi(10, -4)), ("cut.txt", kaspi(10)[:-80]))
        self.assertRecordValues(
            wizard.line_ids,
            [
                {"filename": "kaspi.txt", "state": "ready", "journal_id": self.bank.id, "new_count": 2}
                | {"credited": 10, "debited": 4, "opening": 100, "closing": 106},
                {"filename": "cut.txt", "state": "problem", "journal_id": False, "new_count": 0}
                | {"credited": 0, "debited": 0, "opening": 0, "closing": 0},
            ],
        )
        self.assertIn("cut.txt, line", wizard.line_ids[1].remarks)
        self.assertFalse(self.lines())
        self.assertFalse(self.env["bank.statement.import.log"].search([("filename", "=", "kaspi.txt")]))

    def test_wizard_takes_every_format_that_has_a_reader(self):
        formats = {fmt.code for fmt in bank_formats.FORMATS}
        offered = self.env["bank.import.wizard.line"].fields_get(["file_format"])["file_format"]["selection"]
        self.assertEqual({code for code, _name in offered}, formats)
        mt940 = (
            f":20:START\r\n:25:{OWN}\r\n:28C:1/1\r\n:60F:C260914KZT100,00\r\n"
            ":61:2609150915C10,50NTRFREF1//BANK1\r\n:86:Payment for invoice 7\r\n"
            ":62F:C260915KZT110,50\r\n-\r\n"
        )
        wizard = self.wizard(("july.sta", mt940.encode()))
        self.assertEqual((wizard.line_ids.file_format, wizard.new_count), ("mt940", 1))
        wizard.action_import()
        self.assertEqual((wizard.line_ids.state, wizard.line_ids.journal_id), ("imported", self.bank))
        self.assertEqual(wizard.line_ids.log_id.file_format, "mt940")

    def test_wizard_routes_files_to_their_journals_and_a_bad_one_stops_no_other(self):
        halyk = self._journal("Halyk", "HLK", OTHER)
        wizard = self.wizard(
            ("kaspi.txt", kaspi(10)),
            ("halyk.txt", kaspi(20, account=OTHER)),
            ("cut.txt", kaspi(30)[:-80]),
            journal=self.bank,
            user=self.clerk,
        )
        wizard.action_import()
        self.assertEqual(self.lines().mapped("amount"), [10])
        self.assertEqual(self.lines(halyk).mapped("amount"), [20])
        self.assertEqual(wizard.state, "done")
        self.assertEqual((wizard.new_count, wizard.problem_count), (2, 1))
        refused = self.env["bank.statement.import.log"].search([("filename", "=", "cut.txt")])
        self.assertEqual((refused.state, refused.user_id), ("refused", self.clerk))
        action = wizard.action_open_lines()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self.lines() + self.lines(halyk))

    def test_file_with_an_account_nobody_has_asks_for_the_journal(self):
        wizard = self.wizard(("kaspi.txt", kaspi(10, account=OTHER)))
        self.assertEqual((wizard.line_ids.state, wizard.ready_count), ("journal", 0))
        plain = self._journal("Plain", "PLN", "")
        wizard = self.wizard(("kaspi.txt", kaspi(10, account=OTHER)), journal=plain)
        self.assertEqual((wizard.line_ids.state, wizard.line_ids.journal_id), ("remarks", plain))
        wizard.action_import()
        self.assertEqual(self.lines(plain).mapped("amount"), [10])

    def test_same_file_twice_in_one_go_is_imported_once(self):
        wizard = self.wizard(("a.txt", kaspi(10)), ("b.txt", kaspi(10)))
        self.assertEqual(wizard.line_ids.mapped("state"), ["ready", "problem"])
        wizard.action_import()
        self.assertEqual(wizard.line_ids.mapped("state"), ["imported", "nothing"])
        self.assertIn("imported already", wizard.line_ids[1].remarks)
        self.assertEqual(len(self.lines()), 1)

    def test_file_dropped_on_the_bank_journal_opens_the_wizard_with_its_preview(self):
        attachment = self.env["ir.attachment"].create({"name": "kaspi.txt", "raw": kaspi(10)})
        action = (
            self.env["account.journal"]
            .with_context(default_journal_id=self.bank.id, default_move_type="entry")
            .create_document_from_attachment(attachment.ids)
        )
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((wizard.journal_id, wizard.line_ids.new_count), (self.bank, 1))
        self.assertFalse(self.lines())

    def test_log_keeps_the_file(self):
        data = kaspi(10)
        log = self.env["bank.statement.import.log"].browse(self.load(data)["log_id"])
        self.assertEqual(log.attachment_id.raw, data)
        self.assertEqual((log.attachment_id.res_model, log.attachment_id.res_id), (log._name, log.id))

    def test_journal_uses_its_profile(self):
        text = "Buchungstag;Betrag;Text\n16.09.2026;-10,50;Fee\n17.09.2026;20,00;In\n"
        with self.assertRaisesRegex(UserError, "column titles"):
            self.load(text.encode(), "x.csv")
        self.bank.bank_statement_profile_id = self.env["bank.statement.profile"].create(
            {
                "name": "German",
                "column_ids": [
                    Command.create({"title": "Buchungstag", "role": "date"}),
                    Command.create({"title": "Betrag", "role": "amount"}),
                    Command.create({"title": "Text", "role": "purpose"}),
                ],
            }
        )
        self.load(text.encode(), "x.csv")
        self.assertEqual(self.lines().mapped("amount"), [-10.5, 20])

    def test_every_message_of_the_readers_has_a_sentence(self):
        source = "".join(path.read_text() for path in Path(bank_formats.__file__).parent.rglob("*.py"))
        pattern = r"(?:StatementFormatError|Skip|Notice|ValueError|Unread\([\w.]+,)\(?\s*\"([a-z_]+)\""
        codes = set(re.findall(pattern, source)) | {"credits_differ", "debits_differ", "pdf_not_supported"}
        self.assertGreater(len(codes), 25)
        self.assertFalse(codes - set(_texts(self.env)))
