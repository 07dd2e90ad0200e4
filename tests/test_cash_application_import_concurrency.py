"""Two imports at the same moment, and what is left of a refused one: with real transactions."""

import base64
import contextlib
import logging
from contextlib import closing

import odoo
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from .bank_common import OWN, kaspi

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestImportConcurrency(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(odoo.tests.common.get_db_name())
        cls.registry.clear_all_caches()
        with cls.registry.cursor() as cr:
            env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
            cls.currency_was_active = env.ref("base.KZT").active
            env.ref("base.KZT").active = True
            journal = env["account.journal"].create(
                {
                    "name": "I2C concurrency",
                    "code": "I2CC",
                    "type": "bank",
                    "currency_id": env.ref("base.KZT").id,
                }
            )
            journal.set_bank_account(OWN)
            cls.journal_id, cls.bank_account_id = journal.id, journal.bank_account_id.id
        cls.addClassCleanup(cls.clean)

    @classmethod
    def clean(cls):
        with cls.registry.cursor() as cr:
            env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
            cls.remove_imports(env)
            journal = env["account.journal"].browse(cls.journal_id)
            account = journal.default_account_id
            journal.unlink()
            account.unlink()
            env["res.partner.bank"].browse(cls.bank_account_id).unlink()
            env.ref("base.KZT").active = cls.currency_was_active
        cls.registry.clear_all_caches()

    @classmethod
    def remove_imports(cls, env):
        lines = env["account.bank.statement.line"].search([("journal_id", "=", cls.journal_id)])
        lines.statement_id.unlink()
        lines.unlink()
        logs = env["bank.statement.import.log"].search([("journal_id", "=", cls.journal_id)])
        logs.attachment_id.unlink()
        logs.unlink()

    def setUp(self):
        super().setUp()

        def remove():
            with self.registry.cursor() as cr:
                self.remove_imports(odoo.api.Environment(cr, odoo.SUPERUSER_ID, {}))

        self.addCleanup(remove)

    def journal(self, cr):
        return odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})["account.journal"].browse(self.journal_id)

    def amounts(self):
        with closing(self.registry.cursor()) as cr:
            lines = self.journal(cr).env["account.bank.statement.line"]
            return sorted(lines.search([("journal_id", "=", self.journal_id)]).mapped("amount"))

    def test_second_import_that_does_not_see_the_first_adds_nothing(self):
        data = base64.b64encode(kaspi(10, 20))
        with closing(self.registry.cursor()) as late:
            # Its picture of the database is taken here, before the other import.
            late.execute("SELECT count(*) FROM account_bank_statement_line")
            with self.registry.cursor() as cr:
                self.assertEqual(self.journal(cr).import_statement_file("a.txt", data)["new"], 2)
            with mute_logger("odoo.sql_db"), self.assertRaisesRegex(UserError, "just imported the same"):
                self.journal(late).import_statement_file("b.txt", data)
        self.assertEqual(self.amounts(), [10, 20])
        with self.registry.cursor() as cr:
            again = self.journal(cr).import_statement_file("b.txt", data)
        self.assertEqual((again["new"], again["known"]), (0, 2))

    def test_two_imports_into_a_journal_wait_for_nobody(self):
        with closing(self.registry.cursor()) as first, closing(self.registry.cursor()) as second:
            self.journal(first).import_statement_file("a.txt", base64.b64encode(kaspi(10)))
            with self.assertRaisesRegex(UserError, "is running"):
                self.journal(second).import_statement_file("b.txt", base64.b64encode(kaspi(30)))
            first.rollback()
        # Nothing of the first is left, and it stands in nobody's way.
        self.assertEqual(self.amounts(), [])
        with self.registry.cursor() as cr:
            self.journal(cr).import_statement_file("a.txt", base64.b64encode(kaspi(10)))
        self.assertEqual(self.amounts(), [10])

    def test_refused_call_leaves_its_log_with_the_file(self):
        data = kaspi(10)[:-80]
        with closing(self.registry.cursor()) as cr, self.assertRaises(UserError):
            self.journal(cr).import_statement_file("cut.txt", base64.b64encode(data))
        with closing(self.registry.cursor()) as cr:
            log = self.journal(cr).env["bank.statement.import.log"].search([("filename", "=", "cut.txt")])
            self.assertEqual(
                (log.state, log.journal_id.id, log.attachment_id.raw), ("refused", self.journal_id, data)
            )
            self.assertIn("cut.txt, line", log.warnings)

    def test_refusal_is_kept_when_the_caller_catches_it_and_goes_on(self):
        good, bad = base64.b64encode(kaspi(10)), base64.b64encode(kaspi(20)[:-80])
        with self.registry.cursor() as cr:
            journal = self.journal(cr)
            for name, data in (("bad.txt", bad), ("good.txt", good)):
                with contextlib.suppress(UserError), cr.savepoint():
                    journal.import_statement_file(name, data)
        with self.registry.cursor() as cr:
            logs = (
                self.journal(cr)
                .env["bank.statement.import.log"]
                .search([("journal_id", "=", self.journal_id)], order="filename")
            )
            self.assertEqual(logs.mapped("filename"), ["bad.txt", "good.txt"])
            self.assertEqual(logs.mapped("state"), ["refused", "done"])
        self.assertEqual(self.amounts(), [10])

    def test_refusal_waits_for_no_lock_of_its_caller(self):
        """A caller that holds the journal for itself would wait for itself; the log is written afterwards."""
        data = base64.b64encode(kaspi(20)[:-80])
        with self.registry.cursor() as cr:
            journal = self.journal(cr)
            journal.lock_for_update()
            with mute_logger("odoo.sql_db"), self.assertRaises(UserError):
                journal.import_statement_file("held.txt", data)
            cr.rollback()
            log = journal.env["bank.statement.import.log"].search([("filename", "=", "held.txt")])
            self.assertEqual(log.state, "refused")
