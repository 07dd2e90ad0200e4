"""The aging as files: Odoo's own spreadsheet export, and the PDF."""

import io
import json

import openpyxl

from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged

from .analytics_common import DAY, AnalyticsCommon


@tagged("post_install", "-at_install")
class TestAgingFiles(AnalyticsCommon, HttpCase):
    def test_spreadsheet_of_a_past_day(self):
        user = new_test_user(
            self.env,
            "aging_exporter",
            groups="base.group_user,base.group_allow_export,invoice_to_cash.group_collector",
        )
        self.authenticate(user.login, user.login)
        day = self.today - 6 * DAY
        fields = ("move_id", "partner_id", "date_due", "bucket", "residual")
        response = self.url_open(
            "/web/export/xlsx",
            data={
                "data": json.dumps(
                    {
                        "model": "receivable.aging",
                        "fields": [{"name": name, "label": name, "type": "char"} for name in fields],
                        "ids": False,
                        "domain": [],
                        "groupby": [],
                        "context": {"receivable_as_of": str(day)},
                        "import_compat": False,
                    }
                ),
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        self.assertEqual(response.status_code, 200)
        rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.values)
        self.assertEqual(rows[0], fields)
        amounts = {row[0].split(" ")[0]: row[4] for row in rows[1:]}
        # As it was before the partial payment of five days ago.
        self.assertEqual(amounts[self.partial.name], 500.0)
        self.assertEqual(sum(amounts.values()), sum(self.by_definition(day).values()))

    def test_pdf(self):
        wizard = self.env["receivable.aging.date"].create({"date": self.today})
        content, kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("invoice_to_cash.receivable_aging_table", wizard.ids)
        )
        self.assertEqual(kind, "pdf")
        self.assertTrue(content.startswith(b"%PDF"))
