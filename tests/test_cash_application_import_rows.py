"""The import wizard row by row: archives, the journal that somebody chooses, what two files share."""

import io
import zipfile

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .bank_common import OTHER, OWN, BankFileCommon, kaspi, mt940


def archive(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(f"2026/{name}.txt", data)
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestBankImportRows(BankFileCommon):
    def logs(self, **domain):
        return self.env["bank.statement.import.log"].search([(k, "=", v) for k, v in domain.items()])

    # --- archives --------------------------------------------------------
    def test_files_of_an_archive_are_rows_and_a_bad_one_stops_no_other(self):
        halyk = self._journal("Halyk", "HLK", OTHER)
        data = archive(kaspi=kaspi(10), halyk=kaspi(20, account=OTHER), cut=kaspi(30)[:-80])
        wizard = self.wizard(("july.zip", data), user=self.clerk)
        self.assertEqual(
            wizard.line_ids.mapped("filename"),
            ["july.zip / 2026/kaspi.txt", "july.zip / 2026/halyk.txt", "july.zip / 2026/cut.txt"],
        )
        self.assertEqual(wizard.line_ids.mapped("state"), ["ready", "ready", "problem"])
        wizard.action_import()
        self.assertEqual(wizard.line_ids.mapped("state"), ["imported", "imported", "problem"])
        self.assertEqual(self.lines().mapped("amount"), [10])
        self.assertEqual(self.lines(halyk).mapped("amount"), [20])
        # Each file of the archive is kept for itself, the refused one too.
        self.assertEqual(
            [log.attachment_id.raw for log in wizard.line_ids.log_id],
            [kaspi(10), kaspi(20, account=OTHER), kaspi(30)[:-80]],
        )
        self.assertEqual(wizard.line_ids[2].log_id.state, "refused")

    def test_archive_by_the_api_imports_all_of_its_files(self):
        result = self.load(archive(a=kaspi(10), b=kaspi(20, day=16, opening=110)), "july.zip")
        self.assertEqual((result["new"], len(result["log_ids"])), (2, 2))
        logs = self.env["bank.statement.import.log"].browse(result["log_ids"])
        self.assertEqual(logs.mapped("filename"), ["2026/a.txt", "2026/b.txt"])

    def test_archive_with_a_broken_member_is_refused_by_its_name(self):
        with self.assertRaisesRegex(UserError, r"2026/b\.txt, line"):
            self.load(archive(a=kaspi(10), b=kaspi(20)[:-80]), "july.zip")

    # --- the journal -----------------------------------------------------
    def choose(self, wizard, journal, row=0):
        with Form(wizard) as form, form.line_ids.edit(row) as line:
            line.journal_id = journal
        return wizard

    def test_journal_chosen_in_the_row_is_remembered_for_the_account(self):
        plain = self._journal("Plain", "PLN", "")
        wizard = self.wizard(("a.txt", kaspi(10, account=OTHER)), ("b.txt", kaspi(20)), user=self.clerk)
        self.assertEqual(wizard.line_ids.mapped("state"), ["journal", "ready"])
        self.choose(wizard, plain)
        self.assertEqual(wizard.line_ids.mapped("state"), ["ready", "ready"])
        self.assertEqual(wizard.line_ids.journal_id, plain | self.bank)
        wizard.action_import()
        self.assertEqual(self.lines(plain).mapped("amount"), [10])
        remembered = self.env["bank.file.account"].search([("account", "=", OTHER)])
        self.assertEqual((remembered.journal_id, remembered.user_id), (plain, self.clerk))
        # The next file finds its way alone, also by drop, feed or API of that journal.
        wizard = self.wizard(("c.txt", kaspi(30, account=OTHER, day=16, opening=110)), user=self.clerk)
        self.assertEqual((wizard.line_ids.state, wizard.line_ids.journal_id), ("ready", plain))
        self.assertEqual(self.load(kaspi(40, account=OTHER, day=17, opening=140), journal=plain)["new"], 1)

    def test_another_choice_replaces_the_remembered_one(self):
        first, second = self._journal("First", "FST", ""), self._journal("Second", "SND", "")
        self.choose(self.wizard(("a.txt", kaspi(10, account=OTHER))), first).action_import()
        wizard = self.wizard(("b.txt", kaspi(20, account=OTHER, day=16)))
        self.assertEqual(wizard.line_ids.journal_id, first)
        self.choose(wizard, second).action_import()
        self.assertEqual(self.env["bank.file.account"].search([]).journal_id, second)
        self.assertEqual(self.lines(second).mapped("amount"), [20])

    def test_journal_whose_number_stands_in_the_file_cannot_be_changed(self):
        wizard = self.wizard(("a.txt", kaspi(10)))
        self.assertTrue(wizard.line_ids.is_journal_fixed)
        wizard.line_ids.write({"journal_id": self._journal("Plain", "PLN", "").id, "is_chosen": True})
        wizard.action_import()
        self.assertEqual(self.lines().mapped("amount"), [10])

    def test_journal_with_another_number_is_taken_only_when_chosen_in_the_row_and_that_is_said(self):
        halyk = self._journal("Halyk", "HLK", OTHER)
        data = kaspi(10, account="KZ95856220411282038X")
        wizard = self.wizard(("a.txt", data), journal=halyk)
        self.assertEqual(wizard.line_ids.state, "journal")
        self.choose(wizard, halyk)
        self.assertEqual(wizard.line_ids.state, "remarks")
        self.assertIn(f"is of account {OTHER}", wizard.line_ids.remarks)

    def test_choice_in_the_row_survives_another_file(self):
        plain = self._journal("Plain", "PLN", "")
        wizard = self.choose(self.wizard(("a.txt", kaspi(10, account=OTHER))), plain)
        with Form(wizard) as form:
            form.attachment_ids.add(self.env["ir.attachment"].create({"name": "b.txt", "raw": kaspi(20)}))
        self.assertEqual(wizard.line_ids.mapped("journal_id"), plain | self.bank)

    def test_files_without_a_journal_are_refused_in_the_log_with_the_file(self):
        data = kaspi(10, account=OTHER)
        wizard = self.wizard(("a.txt", data))
        wizard.action_import()
        self.assertEqual(wizard.line_ids.state, "problem")
        log = self.logs(filename="a.txt")
        self.assertEqual((log.state, log.account_number, log.attachment_id.raw), ("refused", OTHER, data))
        self.assertIn("Choose the journal", log.warnings)

    # --- several files ---------------------------------------------------
    def test_preview_counts_what_the_files_before_will_bring(self):
        wizard = self.wizard(("a.txt", kaspi(10, 20)), ("b.sta", mt940(10, 20, 30)))
        self.assertEqual(wizard.line_ids.mapped("new_count"), [2, 1])
        self.assertEqual(wizard.line_ids.mapped("duplicate_count"), [0, 2])
        wizard.action_import()
        self.assertEqual(sorted(self.lines().mapped("amount")), [10, 20, 30])
        self.assertEqual(wizard.duplicate_count, 2)

    def test_purposes_are_shown_as_text(self):
        data = kaspi(10).replace("Оплата по счету 1".encode("cp1251"), b"<img src=x onerror=alert(1)>")
        data = data.replace("СуммаПриход=10.00".encode("cp1251"), "СуммаПриход=x".encode("cp1251"))
        wizard = self.wizard(("<b>a</b>.txt", data))
        self.assertNotIn("<img", wizard.remarks)
        self.assertNotIn("<b>a", wizard.remarks)
        self.assertIn("&lt;img", wizard.remarks)

    # --- rights ----------------------------------------------------------
    def test_uploads_that_belong_to_something_else_stay_there(self):
        partner = self.env["res.partner"].create({"name": "Owner"})
        attachment = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": kaspi(10), "res_model": partner._name, "res_id": partner.id}
        )
        wizard = self.env["bank.import.wizard"].create({"attachment_ids": [Command.set(attachment.ids)]})
        wizard._refresh_preview()
        wizard.action_import()
        self.assertEqual((attachment.res_model, attachment.res_id), (partner._name, partner.id))
        self.assertEqual(wizard.line_ids.log_id.attachment_id.raw, attachment.raw)
        self.assertNotEqual(wizard.line_ids.log_id.attachment_id, attachment)

    def test_other_companies_see_nothing_of_it(self):
        plain = self._journal("Plain", "PLN", "")
        self.choose(self.wizard(("a.txt", kaspi(10, account=OTHER))), plain).action_import()
        self.load(mt940(10, account=OTHER), "a.sta", journal=plain)
        company = self.env["res.company"].create({"name": "Other company"})
        stranger = new_test_user(
            self.env,
            login="i2c_stranger",
            groups="base.group_user,invoice_to_cash.group_cash_application",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        for model in ("bank.file.account", "bank.statement.import.log", "bank.statement.import.duplicate"):
            self.assertTrue(self.env[model].search([]), model)
            self.assertFalse(self.env[model].with_user(stranger).search([]), model)
        with self.assertRaises(UserError):
            plain.with_user(stranger).import_statement_file("a.txt", "MQ==")
        with self.assertRaises(UserError):
            self.logs().with_user(stranger)[:1].action_undo_import()
        # A file of ours that a stranger has is of no journal of theirs.
        wizard = self.wizard(("a.txt", kaspi(10, account=OWN)), user=stranger)
        self.assertEqual((wizard.line_ids.state, wizard.line_ids.journal_id.ids), ("journal", []))

    # --- texts of strangers ------------------------------------------------
    def test_html_of_a_purpose_is_text_wherever_it_is_shown(self):
        evil = '<img src=x onerror="alert(1)">'
        data = kaspi(10, 20).decode("cp1251").replace("Оплата по счету", evil)
        # The second document has no readable amount: it is told of, with its text.
        data = data.replace("СуммаПриход=20.00", f"СуммаПриход={evil}").encode("cp1251")
        wizard = self.wizard((f"{evil}.txt", data), user=self.clerk)
        wizard.action_import()
        self.assertEqual(wizard.line_ids.state, "imported")
        self.assertIn("&lt;img", wizard.remarks)
        self.assertNotIn("<img", wizard.remarks)
        line = self.lines()
        self.assertEqual(line.payment_purpose, f"{evil} 1")
        self.assertNotIn("<img", "".join(map(str, line.move_id.message_ids.mapped("body"))))
        self.assertNotIn("<img", line.move_id.narration or "")
