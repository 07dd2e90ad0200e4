"""The weekly mail: the figures of the ledger, per company, with how they changed; and it can be read."""

import datetime

from odoo import Command
from odoo.tests import new_test_user, tagged

from ..models.digest.digest import NO_VALUE
from .analytics_common import AnalyticsCommon

DAY = datetime.timedelta(days=1)


@tagged("post_install", "-at_install")
class TestDigest(AnalyticsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digest = cls.env.ref("invoice_to_cash.digest_receivables")
        cls.reader = new_test_user(
            cls.env,
            "digest_cfo",
            groups="base.group_user,invoice_to_cash.group_manager",
            email="cfo@seller.example",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def kpis(self, user=None, digest=None):
        user = user or self.reader
        digest = digest or self.digest
        return {kpi["kpi_name"]: kpi for kpi in digest._compute_kpis(user.company_id, user)}

    def test_figures_and_changes(self):
        self.env["receivable.kpi"].compute(self.company, self.today - 60 * DAY, self.today)
        rows = {
            row.date: row for row in self.env["receivable.kpi"].search([("company_id", "=", self.company.id)])
        }
        # The period of the mail ends today by the server's clock, which is at most a day behind.
        now, before = (
            rows[max(day for day in rows if day <= self.env.cr.now().date() - back * DAY)] for back in (0, 7)
        )
        kpis = self.kpis()
        self.assertEqual(kpis["kpi_receivable_dso"]["kpi_col2"]["value"], f"{now.dso:.1f}")
        self.assertAlmostEqual(
            kpis["kpi_receivable_dso"]["kpi_col2"]["margin"], 100 * (now.dso - before.dso) / before.dso, 1
        )
        symbol = self.company.currency_id.symbol
        self.assertEqual(self.company.currency_id.position, "before")
        self.assertEqual(kpis["kpi_receivable_open"]["kpi_col1"]["value"], f"{symbol}1,600")
        self.assertEqual(kpis["kpi_receivable_overdue"]["kpi_col1"]["value"], f"{symbol}1,300")
        self.assertIn("200", kpis["kpi_receivable_collected"]["kpi_col2"]["value"], "of the last 7 days")
        self.assertIn("400", kpis["kpi_receivable_collected"]["kpi_col3"]["value"], "of the last 30 days")
        self.assertTrue(kpis["kpi_receivable_dso"]["less_is_better"])
        self.assertEqual(self.digest._compute_tips(self.company, self.reader), [])

    def test_sums_are_written_in_full_as_the_reader_writes_numbers(self):
        self.make_invoice(1_234_567.4, due_in=-3)
        self.env["receivable.kpi"].compute(self.company, self.today - 60 * DAY, self.today)
        self.env["res.lang"]._activate_lang("ru_RU")
        self.reader.lang = "ru_RU"
        self.company.currency_id.position = "after"
        value = self.kpis()["kpi_receivable_open"]["kpi_col1"]["value"]
        self.assertEqual(value.split(), ["1", "236", "167", self.company.currency_id.symbol])
        self.assertNotIn(" ", value, "never torn apart at the end of a line")

    def test_without_a_base_a_dash(self):
        kpis = self.kpis()
        for name in ("kpi_receivable_dso", "kpi_receivable_in_time", "kpi_receivable_over_90"):
            self.assertEqual(
                [
                    (kpis[name][f"kpi_col{n}"]["value"], kpis[name][f"kpi_col{n}"]["margin"])
                    for n in (1, 2, 3)
                ],
                [("–", 0.0)] * 3,
            )
        self.assertEqual(self.digest._get_margin_value(30.0, NO_VALUE), 0.0)

    def test_who_may_not_read_the_figures_does_not_get_them(self):
        clerk = new_test_user(self.env, "digest_clerk", groups="base.group_user")
        self.assertEqual(self.kpis(clerk), {})

    def test_a_digest_of_another_company_has_its_figures_and_currency(self):
        other = self.setup_other_company()
        company = other["company"]
        company.currency_id = self.setup_other_currency("EUR")
        self.env["receivable.kpi"].sudo().create(
            {"company_id": company.id, "date": self.today - DAY, "receivable": 7000.0, "dso": 12.0}
        )
        self.reader.company_ids |= company
        digest = self.digest.copy({"company_id": company.id})
        kpis = self.kpis(digest=digest)
        self.assertIn("7", kpis["kpi_receivable_open"]["kpi_col1"]["value"])
        self.assertIn(company.currency_id.symbol, kpis["kpi_receivable_open"]["kpi_col1"]["value"])
        self.assertEqual(kpis["kpi_receivable_dso"]["kpi_col1"]["value"], "12.0")
        self.reader.company_ids -= company
        self.assertEqual(self.kpis(digest=digest), {}, "not for who has no access to the company")

    def test_the_mail(self):
        self.env["receivable.kpi"].compute(self.company, self.today - 60 * DAY, self.today)
        self.digest.user_ids = self.reader
        self.digest.action_send_manual()
        mail = self.env["mail.mail"].search(
            [("email_to", "like", "cfo@seller.example")], order="id desc", limit=1
        )
        self.assertIn(self.company.name, mail.subject)
        for text in ("DSO", "Money Received", "Overdue Receivables", "80.0"):
            self.assertIn(text, mail.body_html)

    def test_switch_in_the_settings(self):
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.receivables_digest)
        settings.receivables_digest = False
        settings.execute()
        self.assertEqual(self.digest.state, "deactivated")
        self.assertEqual(settings.action_open_receivables_digest()["res_id"], self.digest.id)
