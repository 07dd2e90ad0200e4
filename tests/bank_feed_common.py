"""One base for the tests of bank feeds: a bank journal, a clerk, files as Kaspi writes them."""

import datetime

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .test_cash_application_import import OTHER, OWN, PAYER, kaspi

__all__ = ["OTHER", "OWN", "PAYER", "BankFeedCommon", "kaspi"]


class BankFeedCommon(AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kzt = cls.env.ref("base.KZT")
        cls.kzt.active = True
        cls.env.company.receivables_tz = "Asia/Almaty"
        cls.today = cls.env.company._receivables_today()
        cls.bank = cls._journal("Kaspi", "KSP", OWN)
        cls.env.user.group_ids |= cls.env.ref("invoice_to_cash.group_manager")
        cls.clerk = cls._user("i2c_feed_clerk", "invoice_to_cash.group_cash_application")
        cls.manager = cls._user("i2c_feed_manager", "invoice_to_cash.group_manager")

    @classmethod
    def _user(cls, login, group):
        return new_test_user(
            cls.env,
            login=login,
            email=f"{login}@seller.example",
            groups=f"base.group_user,{group}",
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )

    @classmethod
    def _journal(cls, name, code, account):
        journal = cls.env["account.journal"].create(
            {"name": name, "code": code, "type": "bank", "currency_id": cls.kzt.id}
        )
        journal.set_bank_account(account)
        return journal

    @classmethod
    def _feed(cls, kind, **values):
        return cls.env["bank.feed"].create(
            {
                "name": f"Kaspi by {kind}",
                "kind": kind,
                "journal_ids": [Command.set(cls.bank.ids)],
                "user_id": cls.clerk.id,
                **values,
            }
        )

    def run_feed(self, feed):
        """`_pull` with a cursor of its own, so that it may commit; uncommitted work is lost as in a kill."""
        self.env.flush_all()
        try:
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                return feed.with_env(self.env(cr=cr))._pull()
        finally:
            self.env.invalidate_all()

    def amounts(self, journal=None):
        lines = self.env["account.bank.statement.line"].search(
            [("journal_id", "=", (journal or self.bank).id)], order="id"
        )
        return lines.mapped("amount")

    def logs(self, feed):
        return self.env["bank.statement.import.log"].search([("feed_id", "=", feed.id)], order="id")

    def days_ago(self, days):
        return self.today - datetime.timedelta(days=days)
