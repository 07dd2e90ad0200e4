"""The overview: its figures are those of the ledger, and it opens in a browser."""

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .analytics_common import DAY, AnalyticsCommon


@tagged("post_install", "-at_install")
class TestDashboard(AnalyticsCommon, HttpCase):
    def test_before_the_first_night_it_says_so(self):
        data = self.env["receivable.kpi"].get_dashboard()
        self.assertFalse(data["as_of"])
        self.assertTrue(all(card["value"] is None and card["grade"] == "none" for card in data["cards"]))

    def test_figures(self):
        data = self.env["receivable.kpi"].refresh_dashboard()
        self.assertEqual(data["as_of"], str(self.today))
        self.assertEqual(
            [card["key"] for card in data["cards"]],
            [
                *("dso", "share_young", "share_over_90", "collection_rate", "bad_debt_ratio"),
                *("effectiveness", "match_rate", "match_precision", "promise_kept_rate", "reconciling_hours"),
            ],
        )
        aging = {bucket["key"]: bucket["amount"] for bucket in data["aging"]}
        self.assertEqual(aging, {"b0": 300.0, "b1": 300.0, "b2": 1000.0, "b3": 0.0, "b4": 0.0, "b5": 0.0})
        cards = {card["key"]: card for card in data["cards"]}
        self.assertAlmostEqual(cards["dso"]["value"], 80.0)
        self.assertEqual(cards["dso"]["grade"], "alarm")
        self.assertAlmostEqual(cards["share_young"]["value"], 600 / 1600)
        self.assertEqual(
            [(row["id"], row["amount"], row["items"], row["days"]) for row in data["debtors"]],
            [(self.customer.id, 1300.0, 2, 40)],
        )
        self.assertEqual(sum(week["collected"] or 0 for week in data["weeks"]), 400.0)
        self.assertEqual(sum(week["due"] or 0 for week in data["weeks"]), 300.0)
        expected = [week["forecast"] for week in data["weeks"] if week["forecast"]]
        rows = self.env["cash.forecast"].search([("period", "=", "week")])
        self.assertEqual([row["expected"] for row in expected], rows.mapped("expected"))
        self.assertEqual([change["span"] for change in data["changes"]], ["month", "quarter"])
        self.assertEqual(len(data["changes"][0]["steps"]), 8)
        stuck = {place["key"]: (place["amount"], place["count"]) for place in data["stuck"]}
        self.assertEqual(stuck["not_sent"], (1600.0, 3))
        self.assertEqual(list(stuck), ["not_sent", "not_opened", "disputed", "promised", "unmatched"])

    def test_the_other_ways_to_count_the_dso(self):
        """By hand: age x amount / sales of its month, added up; and by the last full month."""
        data = self.env["receivable.kpi"].refresh_dashboard()
        month = {move: move.invoice_date.replace(day=1) for move in (self.late, self.partial, self.future)}
        sales = {}
        for move in (self.late, self.partial, self.future, self.paid):
            first = move.invoice_date.replace(day=1)
            sales[first] = sales.get(first, 0.0) + move.amount_total
        expected = sum(
            (self.today - move.invoice_date).days * move.amount_residual / sales[month[move]]
            for move in month
        )
        variants = data["dso_variants"]
        self.assertAlmostEqual(variants["true"], expected)
        before = (self.today.replace(day=1) - DAY).replace(day=1)
        self.assertAlmostEqual(
            variants["conventional"] or 0, 1600.0 * 30 / sales[before] if before in sales else 0
        )
        row = self.env["receivable.kpi"].search([("company_id", "=", self.company.id)], limit=1)
        self.assertAlmostEqual(variants["count_back"], row.dso_count_back)
        self.assertAlmostEqual(variants["best"], row.dso_best)

    def test_each_place_where_money_is_stuck_leads_to_its_list(self):
        self.late.sent_at = self.partial.sent_at = self.env.cr.now()
        self.partial.first_viewed_at = self.env.cr.now()
        self.env["payment.promise"].register(self.customer, self.today + 3 * DAY, self.late, 400.0)
        found = {}
        for place in self.env["receivable.kpi"].get_dashboard()["stuck"]:
            records = self.env[place["model"]].search(place["domain"])
            self.assertEqual(len(records), place["count"])
            found[place["key"]] = (records, place["amount"])
        self.assertEqual(found["not_sent"], (self.future, 300.0))
        self.assertEqual(found["not_opened"], (self.late, 1000.0))
        self.assertEqual((found["promised"][0].move_ids, found["promised"][1]), (self.late, 400.0))

    def test_promised_is_what_is_still_to_come(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        foreign = self.make_invoice(80.0, due_in=-1, currency_id=currency.id)
        self.env["payment.promise"].register(self.customer, self.today + 3 * DAY, foreign)
        promise = self.env["payment.promise"].register(self.customer, self.today + 3 * DAY, self.late)
        promise.paid_amount = 150.0
        kept = self.env["payment.promise"].register(self.customer, self.today + 3 * DAY, self.future)
        kept.state = "kept"
        stuck = {place["key"]: place for place in self.env["receivable.kpi"].get_dashboard()["stuck"]}
        self.assertEqual((stuck["promised"]["amount"], stuck["promised"]["count"]), (890.0, 2))

    def test_disputes_in_another_currency_are_converted(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        invoice = self.make_invoice(80.0, due_in=-1, currency_id=currency.id)
        for move, amount in ((invoice, 80.0), (self.late, 100.0)):
            self.env["invoice.dispute"].create({"move_id": move.id, "amount": amount, "reason": "price"})
        stuck = {place["key"]: place for place in self.env["receivable.kpi"].get_dashboard()["stuck"]}
        self.assertEqual((stuck["disputed"]["amount"], stuck["disputed"]["count"]), (140.0, 2))

    def test_queries_do_not_grow_with_the_ledger(self):
        kpi = self.env["receivable.kpi"]
        kpi.refresh_dashboard()

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            kpi.get_dashboard()
            return self.env.cr.sql_log_count - before

        queries()
        few = queries()
        for number in range(6):
            self.make_invoice(10.0, due_in=-5, partner=self.make_customer(f"ТОО {number}"))
        self.assertEqual(queries(), few)

    def test_access(self):
        clerk = new_test_user(self.env, "dashboard_clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.env["receivable.kpi"].with_user(clerk).get_dashboard()
        collector = new_test_user(self.env, "dashboard_collector", groups="invoice_to_cash.group_collector")
        self.assertTrue(self.env["receivable.kpi"].with_user(collector).refresh_dashboard()["as_of"])

    def test_it_opens(self):
        self.env["receivable.kpi"].refresh_dashboard()
        user = new_test_user(
            self.env, "dashboard_reader", groups="base.group_user,invoice_to_cash.group_collector"
        )
        self.start_tour(
            "/odoo/action-invoice_to_cash.action_receivable_dashboard", "i2c_dashboard", login=user.login
        )
