"""The ten-point check: each point turns on and off with the real settings and data."""

import datetime

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ..core.checkup import POINTS
from .common import ReceivablesCommon

DAY = datetime.timedelta(days=1)


@tagged("post_install", "-at_install")
class TestCheckup(ReceivablesCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("web.base.url", "https://pay.seller.example")

    def point(self, key):
        return next(p for p in self.env["receivable.checkup"].get_checkup()["points"] if p["key"] == key)

    def assert_state(self, key, state, missing=""):
        point = self.point(key)
        self.assertEqual(point["state"], state, point)
        self.assertIn(missing, " ".join(point["missing"]))

    def job(self, name, active):
        self.env.ref(f"invoice_to_cash.{name}").active = active

    def profile(self):
        return self.env["payer.profile"]._get_or_create(self.company, self.customer)

    def test_each_point_once_with_a_button_that_opens(self):
        data = self.env["receivable.checkup"].get_checkup()
        self.assertEqual([point["key"] for point in data["points"]], list(POINTS))
        self.assertEqual(data["living"], sum(point["state"] == "lives" for point in data["points"]))
        for key in POINTS:
            with self.subTest(key):
                action = self.env["receivable.checkup"].open_point(key)
                self.assertIn(action["type"], ("ir.actions.act_window", "ir.actions.client"))
        with self.assertRaises(UserError):
            self.env["receivable.checkup"].open_point("facts")

    def test_deals(self):
        rules = self.env["invoicing.rule"].search([("company_id", "=", self.company.id)])
        rules.active = False
        self.assert_state("deals", "off", "no invoicing rule")
        rule = self.env["invoicing.rule"].create(
            {"name": "All", "company_id": self.company.id, "moment": "confirmation", "depth": "draft"}
        )
        self.assert_state("deals", "waiting")
        order = self.make_order()
        order.action_confirm()
        order.sudo().write({"invoicing_state": "done", "invoicing_rule_id": rule.id})
        self.assert_state("deals", "lives")
        self.job("cron_continue_invoicing", False)
        self.assert_state("deals", "off", "switched off")

    def test_openings(self):
        self.assert_state("openings", "waiting")
        invoice = self.make_invoice()
        invoice._log_tracking_event("viewed", "portal")
        self.assert_state("openings", "lives")
        self.env["ir.config_parameter"].set_param("web.base.url", "http://localhost:8069")
        self.assert_state("openings", "off", "localhost")

    def test_reminders(self):
        self.company.write({"dunning_enabled": False, "dunning_auto_send": True})
        self.profile().reminders_enabled = True
        self.assert_state("reminders", "off", "off in the settings")
        self.env.user.group_ids |= self.env.ref("base.group_system")
        self.assertEqual(self.point("reminders")["button"], "Settings")
        manager = new_test_user(self.env, "check_manager", groups="invoice_to_cash.group_manager")
        points = self.env["receivable.checkup"].with_user(manager).get_checkup()["points"]
        self.assertEqual(points[2]["button"], "Outbox", "who may not change the settings")
        self.company.dunning_enabled = True
        self.assert_state("reminders", "waiting")
        self.env["dunning.reminder"].sudo().create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "date": self.today,
                "tone": "soft",
                "level": 1,
                "state": "sent",
                "sent_at": fields.Datetime.now(),
            }
        )
        self.assert_state("reminders", "lives")
        self.company.dunning_auto_send = False
        self.assert_state("reminders", "off", "for a click")
        self.company.dunning_auto_send = True
        self.profile().reminders_enabled = False
        self.assert_state("reminders", "off", "no customer")

    def test_chains(self):
        self.assert_state("chains", "waiting")
        self.profile().sudo().segment_id = self.env.ref("invoice_to_cash.segment_chronic")
        self.assert_state("chains", "lives")
        self.env["dunning.ladder"].search([("segment_ids", "!=", False)]).active = False
        self.assert_state("chains", "off", "for a segment")

    def test_pauses(self):
        self.profile().write({"paused_until": self.today + DAY, "pause_reason": "on leave"})
        self.assert_state("pauses", "lives")
        self.assertIn("paused now: 1", self.point("pauses")["evidence"])
        users = self.env["res.users"].search(
            [("all_group_ids", "in", self.env.ref("invoice_to_cash.group_collector").ids)]
        )
        other = self.setup_other_company()["company"]
        (users - self.env.user).write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        checkup = self.env["receivable.checkup"]
        self.assertIn("may pause: 1", self.point("pauses")["evidence"])
        self.env.cr.execute(
            "DELETE FROM res_company_users_rel WHERE user_id = %s AND cid = %s",
            [self.env.uid, self.company.id],
        )
        self.env.invalidate_all()
        facts = {"paused": 0}
        self.assertEqual(checkup._check_pauses(facts)[1], 0)
        self.assertTrue(checkup._check_pauses(facts)[0][0])

    def test_bank(self):
        self.assert_state("bank", "off", "no bank feed")
        journal = self.company_data["default_journal_bank"]
        feed = self.env["bank.feed"].create(
            {"name": "Halyk", "journal_ids": journal.ids, "kind": "mail", "alias_name": "check-halyk"}
        )
        self.assert_state("bank", "waiting")
        self.env["bank.statement.import.log"].sudo().create(
            {
                "company_id": self.company.id,
                "journal_id": journal.id,
                "feed_id": feed.id,
                "user_id": self.env.uid,
                "state": "done",
                "filename": "kaspi.txt",
            }
        )
        self.assert_state("bank", "lives")
        feed.error = "The server does not answer"
        self.assert_state("bank", "off", "Halyk")
        feed.error = False
        self.env.flush_all()
        self.env.cr.execute("UPDATE bank_statement_import_log SET create_date = now() - interval '20 days'")
        self.env.invalidate_all()
        self.assert_state("bank", "off", "missing since")

    def test_matching(self):
        self.assert_state("matching", "waiting")
        invoice = self.make_invoice(100.0)
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self.today,
                "amount": 100.0,
                "payment_ref": invoice.payment_code,
                "payment_purpose": f"pays {invoice.payment_code}",
            }
        ).match_payments()
        self.assert_state("matching", "lives")
        self.company.match_automation = "off"
        self.assert_state("matching", "off", "without a person")

    def test_card(self):
        self.assert_state("card", "waiting")
        invoice = self.make_invoice(due_in=5)
        self.assert_state("card", "lives")
        invoice.sudo().status_next_date = self.today - 5 * DAY
        self.assert_state("card", "off", "old status: 1")
        invoice.sudo().status_next_date = self.today + DAY
        self.job("cron_tracking_status", False)
        self.assert_state("card", "off", "switched off")

    def test_dashboard(self):
        self.assert_state("dashboard", "waiting")
        self.make_invoice(due_in=-5)
        self.env["receivable.kpi"].refresh_dashboard()
        self.assert_state("dashboard", "lives")
        self.env["receivable.kpi"].sudo().search([("date", ">=", self.today - DAY)]).unlink()
        self.assert_state("dashboard", "off", "last figures")

    def test_process(self):
        self.company.write(
            {"dunning_enabled": True, "dunning_user_id": self.env.uid, "dunning_last_run": False}
        )
        self.assert_state("process", "waiting")
        self.company.dunning_last_run = fields.Datetime.now()
        self.assert_state("process", "lives")
        self.company.dunning_last_run = fields.Datetime.now() - 9 * DAY
        self.assert_state("process", "off", "last run")
        self.company.write({"dunning_last_run": fields.Datetime.now(), "dunning_user_id": False})
        self.assert_state("process", "off", "Nobody is responsible")

    def test_only_this_company_counts(self):
        self.make_invoice(due_in=5)
        other = self.setup_other_company()["company"]
        points = self.env["receivable.checkup"].with_company(other).get_checkup()["points"]
        self.assertEqual(next(p for p in points if p["key"] == "card")["state"], "waiting")

    def test_access(self):
        clerk = new_test_user(self.env, "check_clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.env["receivable.checkup"].with_user(clerk).get_checkup()
        collector = new_test_user(self.env, "check_collector", groups="invoice_to_cash.group_collector")
        checkup = self.env["receivable.checkup"].with_user(collector)
        self.assertEqual(len(checkup.get_checkup()["points"]), 10)
        for key in POINTS:
            self.assertTrue(checkup.open_point(key))

    def test_it_opens(self):
        user = new_test_user(self.env, "check_reader", groups="base.group_user,invoice_to_cash.group_manager")
        self.start_tour("/odoo/action-invoice_to_cash.action_checkup", "i2c_checkup", login=user.login)
