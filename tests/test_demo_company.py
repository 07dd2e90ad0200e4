import base64
from datetime import timedelta

from odoo.tests import tagged
from odoo.tests.common import TransactionCase

from odoo.addons.invoice_to_cash import demo
from odoo.addons.invoice_to_cash.demo.bank_files import csv_statement, kaspi_1c
from odoo.addons.invoice_to_cash.demo.morning import morning_statements
from odoo.addons.invoice_to_cash.demo.plan import make_plan


@tagged("post_install", "-at_install")
class TestDemoCompany(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env["ir.module.module"]._get("l10n_kz").state != "installed":
            cls.skipTest(cls, "l10n_kz is not installed")
        cls.company = demo.load(cls.env)
        cls.today = cls.company._receivables_today()
        cls.plan = make_plan(cls.today)
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        cls.company = cls.company.with_env(cls.env)
        cls.moves = cls.env["account.move"].search([("company_id", "=", cls.company.id)])
        cls.invoices = cls.moves.filtered(lambda move: move.move_type == "out_invoice")

    def test_it_is_a_kazakh_company_with_two_banks_and_sixteen_percent(self):
        self.assertEqual(self.company.currency_id.name, "KZT")
        self.assertEqual(self.company.chart_template, "kz")
        self.assertEqual(self.company.account_sale_tax_id.amount, 16)
        journals = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(
            sorted((journal.name, journal.bank_account_id.sanitized_acc_number[4:7]) for journal in journals),
            [("Halyk", "601"), ("Kaspi", "722")],
        )

    def test_everything_of_the_plan_is_posted_and_the_ledger_balances(self):
        planned = [invoice for invoice in self.plan.invoices if not invoice.credits]
        self.assertEqual(len(self.invoices), len(planned))
        self.assertEqual(set(self.moves.mapped("state")), {"posted"})
        [[balance]] = self.env["account.move.line"]._read_group(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")],
            aggregates=["balance:sum"],
        )
        self.assertAlmostEqual(balance, 0, 2)
        self.assertAlmostEqual(
            sum(self.invoices.mapped("amount_total")), float(sum(invoice.total for invoice in planned)), 2
        )

    def test_open_positions_are_those_of_the_plan(self):
        positions = [p for p in self.company._get_receivable_positions() if p.kind == "invoice"]
        self.assertEqual(
            sorted((position.due_date, position.residual) for position in positions),
            sorted((due, amount) for _invoice, due, amount in self.plan.open_positions()),
        )

    def test_numbers_follow_the_dates_without_a_gap(self):
        ordered = self.invoices.sorted(lambda move: (move.date, move.sequence_number))
        for year in {move.date.year for move in ordered}:
            numbers = [move.sequence_number for move in ordered if move.date.year == year]
            self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        self.assertTrue(all(move.name.startswith("INV/") for move in ordered))
        self.assertFalse(any(self.moves.mapped("made_sequence_gap")))
        following = ordered[-1].copy({"invoice_date": self.today})
        following.action_post()
        self.assertEqual(following.sequence_number, ordered[-1].sequence_number + 1)

    def test_the_entries_are_what_odoo_would_have_made(self):
        """A copy goes through Odoo's own computation of taxes and instalments."""

        def items(move):
            return sorted(
                (
                    line.display_type,
                    line.account_id.code,
                    round(line.balance, 2),
                    str(line.date_maturity),
                    tuple(line.tax_tag_ids.ids),
                    tuple(line.tax_ids.ids),
                    line.tax_base_amount,
                )
                for line in move.line_ids
            )

        for invoice in self.invoices.sorted("id")[:: len(self.invoices) // 12]:
            copy = invoice.copy({"invoice_date": invoice.invoice_date, "date": invoice.date})
            self.assertEqual(items(invoice), items(copy), invoice.name)

    def test_statuses_tell_the_story(self):
        groups = dict(
            self.env["account.move"]._read_group(
                [("id", "in", self.invoices.ids)], ["tracking_status"], ["__count"]
            )
        )
        self.assertGreater(groups["paid"], 300)
        for status in ("sent", "viewed", "due_soon", "overdue", "partial"):
            self.assertGreater(groups.get(status, 0), 0, status)
        paid = self.invoices.filtered(lambda move: not move.amount_residual)
        self.assertLessEqual(set(paid.mapped("payment_state")), {"paid", "reversed"})
        self.assertEqual(set(paid.mapped("tracking_status")), {"paid"})
        self.assertIn("bank", paid.mapped("paid_how"))
        old = self.invoices.filtered(lambda move: move.invoice_date < self.today - timedelta(days=2))
        self.assertTrue(all(old.mapped("sent_at")))
        self.assertTrue(all(self.invoices.mapped("payment_code")))

    def test_money_came_by_bank_lines_without_suspense(self):
        lines = self.env["account.bank.statement.line"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(lines), len(self.plan.receipts) + len(self.plan.costs))
        self.assertTrue(all(lines.mapped("is_reconciled")))
        suspense = self.company.account_journal_suspense_account_id
        self.assertFalse(lines.line_ids.filtered(lambda item: item.account_id == suspense))
        self.assertFalse(self.env["account.payment"].search_count([("company_id", "=", self.company.id)]))

    def test_quotations_wait_to_be_confirmed(self):
        orders = self.env["sale.order"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(orders), len(self.plan.orders))
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        self.assertEqual(set(orders.order_line.tax_ids.mapped("amount")), {16.0})
        orders[0].action_confirm()
        self.assertEqual(orders[0].state, "sale")

    def test_a_second_load_does_nothing(self):
        before = self.env["account.move"].search_count([]), self.env["res.partner"].search_count([])
        self.assertEqual(demo.load(self.env, company=self.company), self.company)
        self.assertEqual(demo.load(self.env), self.company)
        after = self.env["account.move"].search_count([]), self.env["res.partner"].search_count([])
        self.assertEqual(before, after)

    def test_the_morning_has_a_case_for_each_outcome_and_is_always_the_same(self):
        lines = demo.morning_payments(self.env, self.company, self.today)
        self.assertEqual(lines, demo.morning_payments(self.env, self.company, self.today))
        self.assertTrue(35 <= len(lines) <= 45, len(lines))
        expected = {line.expected for line in lines}
        self.assertEqual(expected, {"applied", "suggested", "manual", "unsure"})
        self.assertGreater(sum(line.expected == "applied" for line in lines), len(lines) / 2)
        cases = {line.case for line in lines}
        for case in (
            "code",
            "code typed with Cyrillic letters",
            "number in a sentence",
            "several in one line",
            "first instalment",
            "ambiguous pair",
            "third-party payer",
            "part payment",
            "overpayment",
            "advance without invoice",
            "own transfer",
        ):
            self.assertIn(case, cases)

    def test_the_morning_files_open_with_the_balance_of_the_ledger(self):
        statements = morning_statements(self.env, self.company, self.today)
        self.assertEqual(set(statements), {"kaspi", "halyk"})
        for statement in statements.values():
            self.assertGreater(statement.opening, 0)
        self.assertIn("СуммаПриход", kaspi_1c(statements["kaspi"]).decode())
        self.assertIn("Контрагент", csv_statement(statements["halyk"]).decode("cp1251"))

    def test_letters_go_out_after_the_morning_on_every_day_of_the_week(self):
        self.company.dunning_enabled = True
        # As dev/run has it: the demo shows letters on a Sunday too.
        self.env["dunning.ladder"].search([]).skip_weekend = False
        self._import_the_morning()
        reminders = self.env["dunning.reminder"].generate(self.company)
        ready = reminders.filtered(lambda reminder: reminder.state == "draft")
        self.assertGreaterEqual(len(ready), 3, reminders.mapped("why"))
        self.assertGreaterEqual(len(set(ready.mapped("tone"))), 2)

    def test_the_letters_of_the_past_are_steps_of_the_customers_own_ladders(self):
        sent = self.env["dunning.reminder"].search([("company_id", "=", self.company.id)])
        ladders = sent.step_id.ladder_id
        self.assertIn(self.env.ref("invoice_to_cash.ladder_occasional"), ladders)
        self.assertIn(self.env.ref("invoice_to_cash.ladder_chronic"), ladders)
        self.assertTrue(all(sent.profile_id.mapped("segment_id")))

    def _import_the_morning(self):
        for key, name, write in (("kaspi", "kaspi.txt", kaspi_1c), ("halyk", "halyk.csv", csv_statement)):
            journal = self.env["account.journal"].search(
                [("type", "=", "bank"), ("company_id", "=", self.company.id), ("code", "=", key.upper())]
            )
            statement = morning_statements(self.env, self.company, self.today)[key]
            journal.import_statement_file(name, base64.b64encode(write(statement)))

    def test_every_line_of_the_morning_is_matched_as_expected(self):
        for key, name, write in (("kaspi", "kaspi.txt", kaspi_1c), ("halyk", "halyk.csv", csv_statement)):
            statement = morning_statements(self.env, self.company, self.today)[key]
            journal = self.env["account.journal"].search(
                [("type", "=", "bank"), ("company_id", "=", self.company.id), ("code", "=", key.upper())]
            )
            content = base64.b64encode(write(statement))
            result = journal.import_statement_file(name, content)
            self.assertEqual((result["new"], result["unread"]), (len(statement.lines), 0))
            matches = self.env["payment.match"].search([("statement_line_id", "in", result["line_ids"])])
            outcomes = {
                (match.statement_line_id.amount, match.statement_line_id.payment_ref): match.state
                for match in matches
            }
            for line in statement.lines:
                with self.subTest(case=line.case, purpose=line.purpose):
                    self.assertIn(outcomes.get((float(line.amount), line.purpose)), line.outcomes)
            self.assertEqual(journal.import_statement_file(name, content)["new"], 0)
