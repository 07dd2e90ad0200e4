"""Bank files from a folder of the server: real files, real renames, and kills in between."""

import contextlib
import os
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import config, mute_logger

from odoo.addons.invoice_to_cash.models.cash_application.feed_sources import FolderSource, SourceError

from .bank_feed_common import BankFeedCommon, kaspi

FEED = "odoo.addons.invoice_to_cash.models.cash_application.bank_feed_fetch"


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the code may catch it."""


@tagged("post_install", "-at_install")
class TestBankFeedFolder(BankFeedCommon):
    def setUp(self):
        super().setUp()
        temporary = tempfile.TemporaryDirectory(prefix="bank feeds ")
        self.addCleanup(temporary.cleanup)
        self.outside = Path(temporary.name)
        self.root = self.outside / "root"
        self.inbox = self.root / "kaspi"
        self.inbox.mkdir(parents=True)
        self.env.company.bank_feed_root = str(self.root)
        self.feed = self._feed("folder", folder="kaspi")

    def put(self, name, data):
        """A file that was written a while ago; ctime cannot be set, so the clock is what moves."""
        path = self.inbox / name
        path.write_bytes(data)
        return path

    def pull(self, later=60):
        """Run the feed as a worker of its own does; what it did not commit is gone afterwards."""
        clock = time.time
        with patch.object(time, "time", lambda: clock() + later):
            return self.run_feed(self.feed)

    def names(self, folder="."):
        return sorted(path.name for path in (self.inbox / folder).iterdir() if path.is_file())

    # --- the way of a file -------------------------------------------------
    def test_files_are_imported_and_moved_aside_with_a_report(self):
        self.put("kaspi.txt", kaspi(10, -4))
        self.put("cut.txt", kaspi(20)[:-80])
        results = self.pull()
        self.assertEqual(self.amounts(), [10, -4])
        self.assertEqual(
            {name: result["accepted"] for name, result in results.items()},
            {"kaspi.txt": True, "cut.txt": False},
        )
        self.assertEqual(self.names(), [])
        self.assertEqual(self.names("processing"), [])
        done, report = self.names("processed")
        self.assertRegex(done, r"^\d{8}-\d{6}-[0-9a-f]{8}_kaspi\.txt$")
        self.assertEqual(report, f"{done}.txt")
        self.assertEqual((self.inbox / "processed" / done).read_bytes(), kaspi(10, -4))
        self.assertIn("2 new lines", (self.inbox / "processed" / report).read_text())
        failed, report = self.names("failed")
        self.assertEqual((self.inbox / "failed" / failed).read_bytes(), kaspi(20)[:-80])
        self.assertIn("cut.txt, line", (self.inbox / "failed" / report).read_text())
        self.assertEqual(self.logs(self.feed).mapped("source"), ["folder", "folder"])
        self.assertIn("cut.txt", self.feed.file_error)
        self.assertTrue(self.feed.last_success and self.feed.next_run)

    def test_schedule_asks_the_feed_when_its_time_has_come(self):
        self.put("kaspi.txt", kaspi(10))
        cron = self.env.ref("invoice_to_cash.cron_bank_feed")
        clock = time.time
        with self.enter_registry_test_mode(), patch.object(time, "time", lambda: clock() + 60):
            cron.method_direct_trigger()
            self.assertEqual(self.amounts(), [10])
            self.put("more.txt", kaspi(11))
            cron.method_direct_trigger()
            self.assertEqual(self.amounts(), [10], "not yet")
            self.feed.next_run = "2026-01-01 00:00:00"
            cron.method_direct_trigger()
        self.assertEqual(self.amounts(), [10, 11])

    def test_killed_at_any_point_nothing_comes_twice_and_nothing_is_lost(self):
        """Kill before and after each step that leaves a trace on disk or in the database."""
        Cron = self.env.registry["ir.cron"]
        Journal = self.env.registry["account.journal"]
        steps = [
            (os, "rename"),
            (Journal, "_import_statement"),
            (Cron, "_commit_progress"),
            (FolderSource, "settle"),
        ]
        killed = 0
        for kill_at in range(1, 14):
            self.put(f"f{kill_at}.txt", kaspi(kill_at, first=kill_at))
            with contextlib.ExitStack() as stack:
                moments = iter([False] * (kill_at - 1) + [True])
                for target, name in steps:
                    stack.enter_context(patch.object(target, name, _killing(getattr(target, name), moments)))
                try:
                    self.pull()
                except Killed:
                    killed += 1
            self.pull()
            self.assertEqual(self.amounts(), [float(n) for n in range(1, kill_at + 1)])
            self.assertEqual(self.names() + self.names("processing") + self.names("failed"), [])
            kept = [name for name in self.names("processed") if not name.endswith(".txt.txt")]
            self.assertEqual(len(kept), kill_at, "each file is there once")
        self.assertGreater(killed, 9)

    def test_an_upload_in_progress_is_left_alone(self):
        self.put("kaspi.txt", kaspi(10))
        self.put("later.txt.part", kaspi(11))
        self.put(".hidden", kaspi(12))
        os.utime(self.inbox / "kaspi.txt", (0, 0))
        self.pull(later=0)
        self.assertFalse(self.amounts(), "written a moment ago, whatever its time says")
        self.pull()
        self.assertEqual(self.amounts(), [10])
        self.assertEqual(self.names(), [".hidden", "later.txt.part"])

    def test_a_second_worker_leaves_the_folder_to_the_first(self):
        self.put("kaspi.txt", kaspi(10))
        with FolderSource(str(self.root), "kaspi", 10**6, quiet=0):
            self.assertEqual(self.pull(), {})
        self.assertFalse(self.amounts() or self.feed.error)
        self.pull()
        self.assertEqual(self.amounts(), [10])

    def test_unexpected_error_names_itself_and_keeps_the_file(self):
        self.put("kaspi.txt", kaspi(10))
        Journal = self.env.registry["account.journal"]
        with patch.object(Journal, "_import_statement", side_effect=KeyError("x")), mute_logger(FEED):
            self.pull()
        self.assertIn("unexpected", self.feed.error)
        self.assertEqual(len(self.names("processing")), 1)
        self.pull()
        self.assertEqual(self.amounts(), [10])
        self.assertFalse(self.feed.error)

    def test_error_of_the_database_in_one_feed_leaves_the_others_their_turn(self):
        other = self._feed("folder", name="Second", folder="second")
        (self.root / "second").mkdir()
        clock, take = time.time, self.env.registry["bank.feed"]._take_file
        errors = {
            psycopg2.errors.SerializationFailure("conflict"): ("", "busy"),
            psycopg2.errors.CheckViolation("a mistake of ours"): ("unexpected error", "failed"),
            psycopg2.errors.DiskFull("no room"): ("unexpected error", "failed"),
        }
        for number, (error, (text, _kind)) in enumerate(errors.items(), 1):
            self.put("kaspi.txt", kaspi(10))
            (self.root / "second" / "kaspi.txt").write_bytes(kaspi(number, day=15 + number))

            def fail(feed, name, data, sender="", error=error):
                result = take(feed, name, data, sender)
                if feed.id == self.feed.id:
                    feed.env.cr.execute("SAVEPOINT broken")
                    raise error
                return result

            (self.feed | other).next_run = False
            self.env.flush_all()
            with (
                patch.object(self.env.registry["bank.feed"], "_take_file", fail),
                patch.object(time, "time", lambda: clock() + 60),
                mute_logger(FEED),
                self.enter_registry_test_mode(),
                self.registry.cursor() as cr,
            ):
                self.env(cr=cr, user=SUPERUSER_ID)["bank.feed"]._cron_pull()
            self.env.invalidate_all()
            self.assertIn(text, self.feed.error or "")
            self.assertEqual(bool(self.feed.error), bool(text))
            self.assertFalse(other.error)
            self.assertEqual(self.amounts(), list(range(1, number + 1)), error)
            # The file of the broken feed is where the next run finds it.
            self.assertEqual(self.names("failed") + self.names("processed"), [])

    def test_files_wait_while_nobody_is_responsible(self):
        self.put("kaspi.txt", kaspi(10))
        self.clerk.active = False
        self.pull()
        self.assertIn("archived", self.feed.error)
        self.assertEqual(self.names(), ["kaspi.txt"])
        with self.assertRaises(UserError):
            self.feed.user_id = self._user("i2c_no_clerk", "base.group_user")
        self.feed.user_id = self.manager
        self.pull()
        self.assertEqual((self.amounts(), self.feed.error), ([10], False))

    # --- nothing outside --------------------------------------------------
    def test_links_lead_nowhere(self):
        secret = self.outside / "secret.txt"
        secret.write_bytes(kaspi(10))
        (self.inbox / "link.txt").symlink_to(secret)
        os.mkfifo(self.inbox / "pipe.txt")
        self.pull()
        self.assertFalse(self.amounts())
        self.assertTrue(secret.exists())
        self.assertIn("link.txt is a link", self.feed.file_error)
        self.assertIn("pipe.txt", self.feed.file_error)

    def test_folders_that_are_links_are_not_entered(self):
        elsewhere = self.outside / "elsewhere"
        elsewhere.mkdir()
        (self.root / "linked").symlink_to(elsewhere)
        self.feed.folder = "linked"
        self.pull()
        self.assertIn("cannot be opened", self.feed.error)
        self.feed.folder = "kaspi"
        self.pull()
        self.assertFalse(self.feed.error)
        (self.inbox / "processed").rmdir()
        (self.inbox / "processed").symlink_to(elsewhere)
        self.put("kaspi.txt", kaspi(10))
        self.pull()
        self.assertIn("cannot be used", self.feed.error)
        self.assertFalse(list(elsewhere.iterdir()))

    def test_paths_out_of_the_root_are_refused(self):
        for wrong in ("../etc", "/etc", "a/../../b", "", False):
            with self.assertRaises(ValidationError):
                self.feed.folder = wrong
        with self.assertRaises(SourceError), FolderSource(str(self.root), "../root/kaspi", 1):
            pass

    def test_root_is_a_folder_of_its_own(self):
        for wrong in ("/", "/etc", "relative", str(self.root / "missing"), config["data_dir"]):
            with self.assertRaises(ValidationError):
                self.env.company.bank_feed_root = wrong
        other = self.env["res.company"].create({"name": "Other"})
        for wrong in (self.root, self.inbox, self.outside):
            with self.assertRaises(ValidationError):
                other.bank_feed_root = str(wrong)

    def test_only_the_system_administrator_sets_the_root(self):
        company = self.env.company.with_user(self.manager)
        with self.assertRaises(AccessError):
            company.bank_feed_root = "/tmp"
        with self.assertRaises(AccessError):
            company.read(["bank_feed_root"])
        self.assertEqual(self.feed.with_user(self.manager).folder_path, str(self.inbox))
        self.env.company.bank_feed_root = False
        self.pull()
        self.assertIn("not set", self.feed.error)

    def test_a_file_larger_than_allowed_is_moved_to_the_failed_ones(self):
        self.env["ir.config_parameter"].set_param("invoice_to_cash.bank_file_megabytes", "1")
        self.put("big.txt", b"x" * (1024 * 1024 + 1))
        self.pull()
        self.assertIn("big.txt is larger", self.feed.file_error)
        self.assertEqual(len(self.names("failed")), 2)
        self.assertEqual(self.logs(self.feed).state, "refused")

    # --- limits, freshness, the card --------------------------------------
    def test_limits_are_settings_of_all_readers(self):
        Settings = self.env["res.config.settings"]
        self.assertEqual(Settings.create({}).bank_file_lines, 100_000)
        Settings.create({"bank_file_lines": 100}).execute()
        rows = "".join(f"{n};16.09.2026;;10,00;A;B\n" for n in range(200))
        table = "№ документа;Дата операции;Дебет;Кредит;Контрагент;Назначение платежа\n" + rows
        with self.assertRaisesRegex(UserError, "100"):
            self.bank._read_bank_file("long.csv", table.encode())
        for nonsense in ("", "-5", "many", "0", "9" * 30):
            self.env["ir.config_parameter"].set_param("invoice_to_cash.bank_file_lines", nonsense)
            self.assertEqual(self.bank._get_bank_file_limits().lines, 100_000)

    def test_statement_is_missing_after_the_working_days_of_its_feed(self):
        self.assertTrue(self.bank._is_fresh(), "a new feed has time")
        self.put("kaspi.txt", kaspi(10))
        self.pull()
        # 15 September 2026 is a Tuesday.
        for day, fresh in (("2026-09-15", True), ("2026-09-17", True), ("2026-09-18", False)):
            self.assertEqual(self.bank._is_fresh(fields.Date.to_date(day)), fresh, day)
            self.assertEqual(self.feed._is_fresh(fields.Date.to_date(day)), fresh, day)
        self.assertEqual(str(self.feed.missing_since), "2026-09-16")
        self.feed.stale_days = 3
        self.assertTrue(self.bank._is_fresh(fields.Date.to_date("2026-09-18")))
        self.feed.active = False
        self.assertTrue(self.bank._is_fresh(), "nobody promised files any more")
        self.assertTrue(self.env["account.journal"]._is_fresh())

    def test_holidays_of_the_company_are_no_days_without_a_statement(self):
        self.put("kaspi.txt", kaspi(10))
        self.pull()
        friday = fields.Date.to_date("2026-09-18")
        self.assertFalse(self.bank._is_fresh(friday))
        calendar = self.env.company.resource_calendar_id
        values = {"name": "Holiday", "company_id": self.env.company.id, "resource_id": False}
        # Thursday the 17th in Almaty: from 19:00 of the day before, as UTC.
        day = {"date_from": "2026-09-16 19:00:00", "date_to": "2026-09-17 18:59:59"}
        leave = self.env["resource.calendar.leaves"].create({**values, **day, "calendar_id": calendar.id})
        self.assertTrue(self.bank._is_fresh(friday))
        self.assertFalse(self.bank._is_fresh(fields.Date.to_date("2026-09-21")))
        # An afternoon off and another schedule's holiday change nothing; one of all schedules does.
        leave.date_from = "2026-09-17 10:00:00"
        self.assertFalse(self.bank._is_fresh(friday))
        leave.write({**day, "calendar_id": calendar.copy().id})
        self.assertFalse(self.bank._is_fresh(friday))
        leave.calendar_id = False
        self.assertTrue(self.bank._is_fresh(friday))
        leave.resource_id = self.env["resource.resource"].sudo().create({"name": "A person"})
        self.assertFalse(self.bank._is_fresh(friday), "somebody's leave is no holiday")

    def test_freshness_of_many_journals_takes_the_same_queries(self):
        journals = self.bank
        for number in range(4):
            journal = self.bank.copy({"name": f"Bank {number}", "code": f"B{number}"})
            self.feed.copy({"folder": f"b{number}", "journal_ids": [Command.set(journal.ids)]})
            journals |= journal

        def queries(some):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._is_fresh()
            return self.env.cr.sql_log_count - before

        queries(journals)
        self.assertEqual(queries(journals), queries(self.bank))

    def test_card_of_the_journal_shows_trouble_to_those_who_import(self):
        self.feed.file_error = "cut.txt, line 5: the end is missing\nmore"
        data = self.bank._get_journal_dashboard_data_batched()[self.bank.id]
        self.assertEqual(data["bank_feed_error"], "cut.txt, line 5: the end is missing")
        self.assertFalse(data["bank_feed_missing"])
        action = self.bank.action_open_bank_feeds()
        self.assertEqual(action["res_id"], self.feed.id)
        reader = self._user("i2c_feed_reader", "account.group_account_readonly")
        data = self.bank.with_user(reader)._get_journal_dashboard_data_batched()[self.bank.id]
        self.assertNotIn("bank_feed_error", data)


def _killing(original, moments):
    """`original`, with a kill before or after it when `moments` says so."""

    def step(*args, **kwargs):
        if next(moments, False):
            raise Killed
        result = original(*args, **kwargs)
        if next(moments, False):
            raise Killed
        return result

    return step
