"""Large bank files: put into a queue, imported by the schedule as a whole, and told of."""

import base64
import io
import zipfile
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .bank_common import OTHER, BankFileCommon, kaspi, mt940

MODULE = "odoo.addons.invoice_to_cash.models.cash_application"


@tagged("post_install", "-at_install")
class TestBankImportBackground(BankFileCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_limit(2)
        cls.clerk.write({"email": "clerk@seller.example", "notification_type": "inbox"})

    @classmethod
    def set_limit(cls, lines):
        cls.env["ir.config_parameter"].set_param("invoice_to_cash.bank_import_background_lines", str(lines))

    def jobs(self):
        return self.env["bank.import.job"].search([], order="id")

    def queue(self, *files, **kwargs):
        wizard = self.wizard(*files, user=self.clerk, **kwargs)
        wizard.action_import()
        return wizard

    def run_jobs(self):
        """The schedule, with a cursor of its own so that it may commit."""
        self.env.flush_all()
        try:
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                self.env(cr=cr, user=SUPERUSER_ID)["bank.import.job"]._cron_run()
        finally:
            self.env.invalidate_all()

    # --- the way of a file -------------------------------------------------
    def test_large_file_comes_in_with_the_schedule_and_its_user_is_told(self):
        cron = self.env.ref("invoice_to_cash.cron_bank_import_job")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        halyk = self._journal("Halyk", "HLK", OTHER)
        wizard = self.queue(("large.txt", kaspi(10, 20, -5)), ("small.txt", kaspi(7, account=OTHER)))
        self.assertEqual(wizard.line_ids.mapped("state"), ["queued", "imported"])
        self.assertEqual((wizard.queued_count, wizard.new_count), (1, 1))
        self.assertEqual((self.lines(halyk).mapped("amount"), len(self.lines())), ([7], 0))
        job = self.jobs()
        self.assertEqual(
            (job.state, job.filename, job.line_count, job.user_id), ("waiting", "large.txt", 3, self.clerk)
        )
        self.assertGreater(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), before)
        self.run_jobs()
        self.assertEqual((job.state, job.new_count, job.attempts), ("done", 3, 1))
        self.assertEqual(self.lines().mapped("amount"), [10, 20, -5])
        self.assertEqual(job.log_ids.user_id, self.clerk)
        self.assertEqual(job.log_ids.attachment_id.raw, kaspi(10, 20, -5))
        domain = [("model", "=", "bank.import.job"), ("res_id", "=", job.id)]
        message = self.env["mail.message"].sudo().search(domain)
        self.assertEqual(message.notification_ids.res_partner_id, self.clerk.partner_id)
        self.assertIn("3 new lines", message.body)
        # Once: nothing is left for the next run.
        self.run_jobs()
        self.assertEqual(len(self.lines()), 3)

    def test_lines_that_are_there_already_are_not_counted_as_large(self):
        self.load(kaspi(10, 20, -5))
        wizard = self.queue(("large.txt", kaspi(10, 20, -5, 8)))
        self.assertEqual((wizard.line_ids.state, wizard.new_count, wizard.known_count), ("imported", 1, 3))
        self.assertFalse(self.jobs())

    def test_small_file_waits_behind_the_large_one_of_its_journal(self):
        halyk = self._journal("Halyk", "HLK", OTHER)
        self.queue(("large.txt", kaspi(10, 20, -5)))
        self.assertEqual(self.jobs().journal_ids, self.bank)
        wizard = self.queue(
            ("next.txt", kaspi(7, day=16, opening=125)),
            ("halyk.txt", kaspi(8, account=OTHER)),
            ("again.txt", kaspi(8, account=OTHER, day=17)[:-80]),
        )
        self.assertEqual(wizard.line_ids.mapped("state"), ["queued", "imported", "problem"])
        self.assertEqual(self.lines(halyk).mapped("amount"), [8])
        self.run_jobs()
        self.assertEqual(self.lines().mapped("amount"), [10, 20, -5, 7])
        self.assertEqual(self.queue(("more.txt", kaspi(9, day=18))).line_ids.state, "imported")

    def test_threshold_is_a_setting(self):
        settings = self.env["res.config.settings"].create({"bank_import_background_lines": 3})
        settings.execute()
        self.assertEqual(self.queue(("a.txt", kaspi(10, 20, -5))).line_ids.state, "imported")
        self.env["res.config.settings"].create({"bank_import_background_lines": 1}).execute()
        self.assertEqual(self.queue(("b.txt", kaspi(3, 4, day=16))).line_ids.state, "queued")
        self.env["ir.config_parameter"].set_param("invoice_to_cash.bank_import_background_lines", "many")
        self.assertEqual(self.env["account.journal"]._get_background_lines(), 1500)

    def test_choices_of_the_rows_go_along(self):
        forte = self._journal("Forte", "FRT", "")
        self.load(kaspi(10, 20))
        wizard = self.wizard(
            ("forte.txt", kaspi(1, 2, 3, account=OTHER)), ("july.sta", mt940(10, 20, 30)), user=self.clerk
        )
        with Form(wizard) as form:
            with form.line_ids.edit(0) as line:
                line.journal_id = forte
            with form.line_ids.edit(1) as line:
                line.import_duplicates = True
        wizard.action_import()
        self.assertEqual(wizard.line_ids.mapped("state"), ["queued", "queued"])
        self.run_jobs()
        self.assertEqual(self.lines(forte).mapped("amount"), [1, 2, 3])
        self.assertEqual(self.lines().mapped("amount"), [10, 20, 10, 20, 30])
        self.assertEqual(self.env["bank.file.account"].search([]).journal_id, forte)

    def test_files_of_an_archive_come_in_one_by_one(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as packed:
            packed.writestr("a.txt", kaspi(10, 20, 30))
            packed.writestr("b.txt", kaspi(1, 2, 3, day=16, opening=160))
        self.queue(("july.zip", buffer.getvalue()))
        self.assertEqual(self.jobs().mapped("member"), ["a.txt", "b.txt"])
        self.run_jobs()
        self.assertEqual(self.jobs().mapped("state"), ["done", "done"])
        self.assertEqual(self.lines().mapped("amount"), [10, 20, 30, 1, 2, 3])
        self.assertEqual(self.jobs().log_ids.mapped("filename"), ["july.zip / a.txt", "july.zip / b.txt"])

    def test_api_puts_a_file_into_the_queue(self):
        journal = self.bank.with_user(self.clerk)
        job_id = journal.queue_statement_file("api.txt", base64.b64encode(kaspi(10, 20)))
        wrong_id = self._journal("Halyk", "HLK", OTHER).queue_statement_file(
            "wrong.txt", base64.b64encode(kaspi(30))
        )
        self.run_jobs()
        job, wrong = self.env["bank.import.job"].browse([job_id, wrong_id])
        self.assertEqual((job.state, job.new_count, job.log_ids.source), ("done", 2, "api"))
        # As `import_statement_file`: into this journal or not at all.
        self.assertEqual((wrong.state, wrong.log_ids.state), ("failed", "refused"))
        self.assertEqual(self.lines().mapped("amount"), [10, 20])

    # --- what goes wrong -----------------------------------------------------
    def test_import_that_was_cut_off_twice_is_not_tried_for_ever(self):
        self.queue(("large.txt", kaspi(10, 20, 30)))
        job = self.jobs()
        for _time in range(2):
            # The server is killed: nothing but the commit before the import is left.
            with patch(f"{MODULE}.bank_import_job.BankImportJob._run", lambda _self: None):
                self.run_jobs()
            self.assertEqual(job.state, "running")
        self.run_jobs()
        self.assertEqual((job.state, job.attempts), ("failed", 2))
        self.assertIn("limit_time_real_cron", job.remarks)
        self.assertEqual((job.log_ids.state, job.log_ids.attachment_id.raw), ("refused", kaspi(10, 20, 30)))
        self.assertFalse(self.lines())
        job.with_user(self.clerk).action_retry()
        self.run_jobs()
        self.assertEqual((job.state, len(self.lines())), ("done", 3))

    def test_journal_that_is_at_work_is_waited_for(self):
        self.queue(("large.txt", kaspi(10, 20, 30)))
        job = self.jobs()
        Journal = self.env.registry["account.journal"]
        with patch.object(Journal, "try_lock_for_update", lambda self, **_kwargs: self.browse()):
            self.run_jobs()
        self.assertEqual((job.state, job.attempts, len(self.lines())), ("waiting", 0, 0))
        self.run_jobs()
        self.assertEqual((job.state, len(self.lines())), ("done", 3))

    def test_one_that_fails_leaves_the_others_alone(self):
        self.queue(("a.txt", kaspi(10, 20, 30)), ("b.txt", kaspi(1, 2, 3, day=16, opening=160)))
        create = self.env.registry["account.journal"]._create_bank_lines
        errors = [ValueError("a mistake of ours"), psycopg2.errors.NotNullViolation("of the database")]
        for error in errors:

            def fail(journal, filename, log, plan, error=error):
                result = create(journal, filename, log, plan)
                if filename == "a.txt":
                    raise error
                return result

            with (
                patch.object(self.env.registry["account.journal"], "_create_bank_lines", fail),
                mute_logger(f"{MODULE}.bank_import_job", "odoo.addons.invoice_to_cash"),
                self.assertLogs(f"{MODULE}.bank_import_job", "ERROR"),
            ):
                self.run_jobs()
            first, second = self.jobs()
            self.assertEqual((first.state, second.state), ("failed", "done"))
            self.assertEqual(self.lines().mapped("amount"), [1, 2, 3])
            first.action_retry()
        with patch.object(
            self.env.registry["account.journal"],
            "_create_bank_lines",
            side_effect=psycopg2.errors.SerializationFailure("conflict"),
        ):
            self.run_jobs()
        self.assertEqual((first.state, first.attempts), ("waiting", 1))
        self.run_jobs()
        self.assertEqual((first.state, len(self.lines())), ("done", 6))

    def test_rights_are_those_of_the_user_when_it_runs(self):
        self.queue(("large.txt", kaspi(10, 20, 30)))
        self.clerk.group_ids -= self.env.ref("invoice_to_cash.group_cash_application")
        self.run_jobs()
        self.assertEqual((self.jobs().state, len(self.lines())), ("failed", 0))
        self.assertIn("Cash application", self.jobs().remarks)

    # --- the queue ----------------------------------------------------------
    def test_file_can_be_taken_out_of_the_queue(self):
        self.queue(("large.txt", kaspi(10, 20, 30)))
        job = self.jobs().with_user(self.clerk)
        job.action_cancel()
        self.run_jobs()
        self.assertEqual((job.state, len(self.lines())), ("cancelled", 0))
        with self.assertRaises(UserError):
            job.action_cancel()

    def test_queue_is_read_only_and_of_the_company(self):
        self.queue(("large.txt", kaspi(10, 20, 30)))
        job = self.jobs()
        with self.assertRaises(AccessError):
            job.with_user(self.clerk).write({"user_id": self.env.uid})
        with self.assertRaises(AccessError):
            self.env["bank.import.job"].with_user(self.clerk).create({"filename": "x"})
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "i2c_stranger",
            "base.group_user,invoice_to_cash.group_cash_application",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.assertFalse(self.env["bank.import.job"].with_user(stranger).search([]))
        for method in ("action_cancel", "action_retry", "get_progress"):
            with self.assertRaises(AccessError):
                getattr(job.with_user(stranger), method)()
        salesman = new_test_user(self.env, "i2c_salesman", "base.group_user")
        with self.assertRaises(AccessError):
            job.with_user(salesman).get_progress()

    def test_progress_is_seen_from_outside(self):
        self.queue(("large.txt", kaspi(10, 20, 30)))
        job = self.jobs()
        self.assertEqual(job.get_progress(), {"state": "waiting", "done": 0, "total": 3})
        with self.enter_registry_test_mode():
            working = self.env["bank.import.progress"].with_user(self.clerk)
            working.with_context(bank_import_progress=f"job-{job.id}")._report("large.txt", 2, 3)
        self.env.invalidate_all()
        self.assertEqual(job.with_user(self.clerk).get_progress()["done"], 2)
        self.assertEqual(job.done_count, 2)
