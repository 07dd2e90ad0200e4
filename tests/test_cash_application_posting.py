"""Match before you post: imported lines that are decided are created with their final counterpart."""

import base64

from odoo import fields
from odoo.tests import tagged

from .test_cash_application_matching import MatchingCommon

OWN = "KZ79722S000001674774"


def bank_file(lines, day):
    """A 1C file with incoming payments: pairs of amount and purpose."""
    total = sum(amount for amount, _purpose in lines)
    rows = [
        "1CClientBankExchange",
        "ВерсияФормата=1.01",
        "Кодировка=Windows",
        f"РасчСчет={OWN}",
        "СекцияРасчСчет",
        f"ДатаНачала={day:%d.%m.%Y}",
        f"ДатаКонца={day:%d.%m.%Y}",
        f"РасчСчет={OWN}",
        "НачальныйОстаток=0.00",
        f"ВсегоПоступило={total:.2f}",
        "ВсегоСписано=0.00",
        f"КонечныйОстаток={total:.2f}",
        "КонецРасчСчет",
    ]
    for number, (amount, purpose) in enumerate(lines, 1):
        rows += [
            "СекцияДокумент=выписка",
            f"НомерДокумента={number}",
            f"ДатаДокумента={day:%d.%m.%Y}",
            'ПлательщикНаименование=ТОО "СтройСервис"',
            "ПлательщикБИН_ИИН=850540011223",
            "ПлательщикИИК=KZ698562203124676325",
            f"ПолучательИИК={OWN}",
            f"СуммаПриход={amount:.2f}",
            f"ДатаОперации={day:%d.%m.%Y}",
            f"НазначениеПлатежа={purpose}",
            "КонецДокумента",
        ]
    return "\r\n".join([*rows, "КонецФайла"]).encode("cp1251")


class PostingCommon(MatchingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal.bank_account_id = cls.env["res.partner.bank"].search(
            [("partner_id", "=", cls.company.partner_id.id)], limit=1
        )

    def load(self, *lines):
        content = base64.b64encode(bank_file(lines, self.today))
        result = self.journal.import_statement_file("bank.txt", content)
        return result, self.env["account.bank.statement.line"].browse(result["line_ids"])

    def bring(self, *lines, journal=None, **values):
        """Lines through the hook of the import: pairs of amount and purpose."""
        journal = journal or self.journal
        values_list = [
            {
                "journal_id": journal.id,
                "date": self.today,
                "amount": amount,
                "payment_ref": purpose,
                "payment_purpose": purpose,
                "i2c_fingerprint": f"{self.id()}{self.env.cr.sql_log_count}-{place}",
                **values,
            }
            for place, (amount, purpose) in enumerate(lines)
        ]
        return journal.sudo()._create_bank_line_batch(values_list, [None] * len(lines))

    def counterparts(self, line):
        return line.line_ids.filtered(lambda item: item.account_id != line.journal_id.default_account_id)


@tagged("post_install", "-at_install")
class TestPosting(PostingCommon):
    def test_a_file_pays_what_it_quotes_and_keeps_the_rest_for_a_person(self):
        one, two = self.make_invoice(500), self.make_invoice(300)
        result, lines = self.load(
            (500, f"Оплата по реф. {one.payment_code}"),
            (300, f"Оплата по счету {two.name}"),
            (123, "Оплата за товар"),
        )
        self.assertEqual(result["matching"], {"applied": 2, "suggested": 0, "manual": 1})
        for line in lines[:2]:
            self.assert_booked(line)
            self.assertEqual(line.partner_id, self.customer)
            self.assertEqual(len(line.line_ids), 2)
        self.assertFalse(lines[2].is_reconciled)
        self.assertEqual((one.payment_state, two.payment_state), ("paid", "paid"))
        self.assertEqual((one.tracking_status, two.tracking_status), ("paid", "paid"))
        matches = self.match(lines)
        applied = matches.filtered(lambda match: match.state == "applied")
        self.assertEqual((len(applied), set(applied.mapped("is_automatic"))), (2, {True}))
        self.assertEqual(applied.candidate_id.line_ids.move_id, one | two)
        self.assertTrue(all(applied.mapped("decided_at")))

    def test_nothing_passes_through_suspense(self):
        invoice = self.make_invoice(500)
        line = self.bring((500, invoice.payment_code))
        self.assert_booked(line)
        item = self.counterparts(line)
        self.assertEqual(item.matched_debit_ids.debit_move_id.move_id, invoice)
        self.assertEqual(item.create_date, item.write_date, "written once")

    def test_the_same_file_twice_books_once(self):
        invoice = self.make_invoice(500)
        line = (500, invoice.payment_code)
        self.load(line)
        result, _lines = self.load(line)
        self.assertEqual((result["new"], invoice.amount_residual), (0, 0))
        self.assertEqual(len(invoice.line_ids.matched_credit_ids), 1)

    def test_two_lines_of_a_file_do_not_pay_one_invoice_twice(self):
        invoice = self.make_invoice(500)
        lines = self.bring((500, invoice.payment_code), (500, invoice.payment_code))
        self.assertEqual(lines.mapped("is_reconciled"), [True, False])
        self.assertEqual(self.match(lines[1]).reason, "already_paid")

    def test_instalments_and_several_invoices(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "30/70",
                "line_ids": [
                    fields.Command.create({"value": "percent", "value_amount": 30, "nb_days": 5}),
                    fields.Command.create({"value": "percent", "value_amount": 70, "nb_days": 30}),
                ],
            }
        )
        invoice = self.make_invoice(1000, invoice_payment_term_id=term.id, invoice_date_due=False)
        one, two = self.make_invoice(200), self.make_invoice(300)
        lines = self.bring((300, invoice.payment_code), (500, f"по счетам {one.name} и {two.name}"))
        for line in lines:
            self.assert_booked(line)
        self.assertEqual(len(self.counterparts(lines[1])), 2)
        items = invoice.line_ids.filtered(lambda item: item.account_type == "asset_receivable")
        self.assertEqual(items.sorted("date_maturity").mapped("amount_residual"), [0, 700])
        self.assertEqual((one.amount_residual, two.amount_residual), (0, 0))
        self.assertEqual(invoice.tracking_status, "partial")

    def test_an_undo_puts_it_into_suspense_for_a_person(self):
        invoice = self.make_invoice(500)
        line = self.bring((500, invoice.payment_code))
        self.match(line).action_undo()
        self.assertFalse(line.is_reconciled or line.partner_id)
        self.assertEqual((invoice.amount_residual, invoice.tracking_status), (500, "created"))
        self.assertEqual(
            line.line_ids.account_id, self.journal.default_account_id | self.journal.suspense_account_id
        )
        line.match_payments()
        self.assertFalse(line.is_reconciled)
        self.match(line).action_rematch()
        self.match(line).action_accept()
        self.assert_booked(line)

    def test_foreign_currency_and_its_exchange_difference(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.5), (self.today, 0.4)])
        journal = self.env["account.journal"].create(
            {"name": "EUR bank", "type": "bank", "code": "BEUR", "currency_id": currency.id}
        )
        for way in ("import", "suspense"):
            invoice = self.make_invoice(100, currency_id=currency.id)
            if way == "import":
                line = self.bring((100, invoice.payment_code), journal=journal)
            else:
                line = self.make_line(100, invoice.payment_code, journal_id=journal.id)
                line.match_payments()
            self.assertTrue(line.is_reconciled, (way, self.match(line).reason, self.match(line).note))
            self.assertEqual((invoice.amount_residual, invoice.payment_state), (0, "paid"))
            item = self.counterparts(line)
            self.assertEqual((item.amount_currency, item.balance), (-100, -250), way)
            exchange = invoice.line_ids.matched_credit_ids.exchange_move_id
            self.assertTrue(exchange, "Odoo books the difference")
            self.assertEqual(
                abs(exchange.line_ids.filtered(lambda i: i.account_type == "asset_receivable").balance), 50
            )
            receivable = (invoice | line.move_id | exchange).line_ids.filtered(
                lambda i: i.account_type == "asset_receivable"
            )
            self.assertEqual(sum(receivable.mapped("balance")), 0)
            self.match(line).action_undo()
            self.assertEqual(invoice.amount_residual, 100)

    def test_cash_basis_taxes_become_due_with_the_payment(self):
        self.company.tax_exigibility = True
        transition = self.company_data["default_account_tax_sale"].copy(
            {"name": "Not yet due", "code": "259998"}
        )
        transition.reconcile = True
        tax = self.company_data["default_tax_sale"].copy(
            {
                "name": "Cash basis",
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": transition.id,
            }
        )
        for way in ("import", "suspense"):
            invoice = self.make_invoice(
                100,
                invoice_line_ids=[
                    fields.Command.create(
                        {"name": "Cement", "price_unit": 100, "tax_ids": [fields.Command.set(tax.ids)]}
                    )
                ],
            )
            total = invoice.amount_total
            if way == "import":
                line = self.bring((total, invoice.payment_code))
            else:
                line = self.make_line(total, invoice.payment_code)
                line.match_payments()
            self.assertTrue(line.is_reconciled, (way, self.match(line).reason, self.match(line).note))
            self.assert_booked(line)
            entry = self.env["account.move"].search([("tax_cash_basis_origin_move_id", "=", invoice.id)])
            self.assertEqual(len(entry), 1, way)
            due = entry.line_ids.filtered("tax_repartition_line_id")
            self.assertEqual(-sum(due.mapped("balance")), total - 100)
            self.match(line).action_undo()
            entries = self.env["account.move"].search([("tax_cash_basis_origin_move_id", "=", invoice.id)])
            self.assertEqual(sum(entries.line_ids.filtered("tax_repartition_line_id").mapped("balance")), 0)

    def test_without_permission_nothing_is_applied_by_itself(self):
        self.company.match_automation = "off"
        invoice = self.make_invoice(500)
        line = self.bring((500, invoice.payment_code))
        self.assertFalse(line.is_reconciled)
        match = self.match(line)
        self.assertEqual((match.state, match.reason, match.move_ids), ("suggested", "code", invoice))
        match.action_accept()
        self.assert_booked(line)

    def test_a_batch_that_cannot_be_booked_comes_in_all_the_same(self):
        invoice = self.make_invoice(500)
        # An account that was closed after the invoice refuses further entries.
        account = invoice.line_ids.filtered(lambda item: item.account_type == "asset_receivable").account_id
        account.active = False
        lines = self.bring((500, invoice.payment_code), (77, "за товар"))
        self.assertEqual(len(lines), 2)
        counts = self.journal._match_imported(lines)
        self.assertEqual(sum(counts.values()), 2)
        self.assertEqual(set(self.match(lines).statement_line_id), set(lines))

    def test_the_job_looks_again_when_an_invoice_has_come(self):
        line = self.bring((500, "за товар"), payer_tax_id=self.customer.vat)
        self.assertEqual(self.match(line).reason, "no_open_items")
        late = self.make_invoice(500)
        fresh = self.make_line(300, self.make_invoice(300).payment_code)
        with self.enter_registry_test_mode():
            self.env.ref("invoice_to_cash.cron_match_payments").method_direct_trigger()
        self.env.invalidate_all()
        self.assert_booked(fresh)
        self.assertEqual((self.match(line).reason, self.match(line).move_ids), ("amount_unique", late))

    def test_import_match_and_post_ask_no_more_for_many_lines_than_for_few(self):
        """Odoo itself asks some queries for each line; ours are counted beside booking them plainly."""

        def queries(action):
            self.env.cr.flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            action()
            self.env.cr.flush()
            return self.env.cr.sql_log_count - before

        def count(number):
            # Sums of their own: equal ones of a day may be duplicates.
            invoices = [self.make_invoice(100 + number) for _place in range(number)]
            plainly = queries(lambda: self.post_plainly(invoices))
            invoices = [self.make_invoice(200 + number) for _place in range(number)]
            lines = [(200 + number, invoice.payment_code) for invoice in invoices]
            whole = queries(lambda: self.assertEqual(self.load(*lines)[0]["matching"]["applied"], number))
            return whole - plainly

        count(2)
        few, many = count(4), count(40)
        self.assertLessEqual(many - few, 10, f"{few} more queries for 4 lines, {many} for 40")

    def post_plainly(self, invoices):
        """The least that it takes: final items at creation, then one plan."""
        items = [
            invoice.line_ids.filtered(lambda item: item.account_type == "asset_receivable")
            for invoice in invoices
        ]
        common = {"name": "x", "partner_id": self.customer.id, "currency_id": self.company.currency_id.id}
        lines = (
            self.env["account.bank.statement.line"]
            .with_context(tracking_disable=True)
            .create(
                [
                    {
                        "journal_id": self.journal.id,
                        "date": self.today,
                        "amount": item.balance,
                        "payment_ref": "x",
                        "partner_id": self.customer.id,
                        "line_ids": [
                            fields.Command.create(
                                {**common, "account_id": account.id, "amount_currency": sum_, "balance": sum_}
                            )
                            for account, sum_ in (
                                (self.journal.default_account_id, item.balance),
                                (item.account_id, -item.balance),
                            )
                        ],
                    }
                    for item in items
                ]
            )
        )
        plan = [
            self.counterparts(line).with_context(tracking_disable=False) + item
            for line, item in zip(lines, items, strict=True)
        ]
        self.env["account.move.line"]._reconcile_plan(plan)

    def test_chatter_says_once_that_it_is_paid_and_followers_are_told_by_odoo(self):
        invoice, followed = self.make_invoice(500), self.make_invoice(600)
        paid = self.env.ref("account.mt_invoice_paid")
        followed._message_subscribe(self.other.ids, paid.ids)
        self.env.cr.flush()
        for way in ("import", "suspense"):
            before = (invoice | followed).message_ids
            if way == "import":
                lines = self.bring((500, invoice.payment_code), (600, followed.payment_code))
            else:
                lines = self.make_line(500, invoice.payment_code) | self.make_line(600, followed.payment_code)
                lines.match_payments()
            self.env.cr.flush()
            self.assertEqual(lines.mapped("is_reconciled"), [True, True])
            new = (invoice | followed).message_ids - before
            self.assertEqual(len(new.filtered(lambda message: message.res_id == invoice.id)), 1, way)
            told = new.filtered(lambda message: message.subtype_id == paid)
            self.assertEqual(told.mapped("res_id"), followed.ids, way)
            self.match(lines).action_undo()
            self.env.cr.flush()
