"""The printed documents, rendered by the real PDF engine and read back, in three languages."""

import base64
import io
import re

from PIL import Image

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from .document_common import LANGUAGES, DocumentCommon

TITLES = {
    "bill": ("Счёт на оплату № {0} от 1 февраля 2026", "№ {0} шот, 2026 жылғы 1", "Payment invoice No. {0}"),
    "act": ("Акт выполненных работ", "Орындалған жұмыстардың", "Act of works performed"),
    "waybill": ("Накладная на отпуск запасов", "жүкқұжат", "Delivery note"),
    "tax_invoice": ("Счёт-фактура №", "шот-фактура", "Tax invoice"),
    "retail": ("Счёт № {0}", "№ {0} шот", "Invoice {0}"),
}  # fmt: skip
# 100 × 1000 + 16 % of goods, 2 × 15000 + 16 % of service
WORDS = {
    "bill": (
        "Сто пятьдесят тысяч восемьсот тенге 00 тиын",
        "Жүз елу мың сегіз жүз теңге 00 тиын",
        "One hundred and fifty thousand, eight hundred tenge 00 tiyn",
    ),
    "act": (
        "Тридцать четыре тысячи восемьсот тенге 00 тиын",
        "Отыз төрт мың сегіз жүз теңге 00 тиын",
        "Thirty-four thousand, eight hundred tenge 00 tiyn",
    ),
    "waybill": (
        "Сто шестнадцать тысяч тенге 00 тиын",
        "Жүз он алты мың теңге 00 тиын",
        "One hundred and sixteen thousand tenge 00 tiyn",
    ),
}
SUMS = {
    "bill": ("150 800,00", "20 800,00"),
    "act": ("34 800,00",),
    "waybill": ("116 000,00", "16 000,00"),
    "tax_invoice": ("150 800,00", "130 000,00", "20 800,00"),
    "retail": ("150 800,00",),
}


@tagged("post_install", "-at_install")
class TestDocuments(DocumentCommon):
    def check(self, form, lang, invoice):
        content = self.render(f"report_{form}", invoice)
        text, pages = self.read(content)
        place = LANGUAGES.index(lang)
        self.assertEqual(len(pages), 1, f"{form} in {lang} takes {len(pages)} pages")
        self.assertIn(TITLES[form][place].format(invoice.name), text)
        words = WORDS.get(form, WORDS["bill"])[place]
        # A column may break the sentence: compare without blanks.
        self.assertIn(words.replace(" ", ""), text.replace(" ", ""), text)
        for amount in SUMS[form]:
            shown = amount.translate(str.maketrans(" ,", ",.")) if lang == "en" else amount
            self.assertIn(shown, text)
        self.assertNotIn("False", text)
        self.assertNotIn("None", text)
        return text

    def test_each_document_in_each_language(self):
        for lang in LANGUAGES:
            invoice = self.make_document_invoice(lang)
            for form in TITLES:
                with self.subTest(form=form, lang=lang):
                    text = self.check(form, lang, invoice)
                    self.assertIn("180340021457", text, "the seller's BIN")
                    self.assertIn(self.customers[lang].name, text)
                    if form in ("bill", "retail"):
                        for requisite in (
                            "KZ79722S000001674774",
                            "CASPKZKA",
                            "859",
                            "17",
                            invoice.payment_code,
                        ):
                            self.assertIn(requisite, text)

    def test_kazakh_customer_by_the_language_of_odoo(self):
        """Odoo ships no Kazakh: a company that adds the language gets Kazakh documents all the same."""
        self.env["res.lang"].create(
            {"name": "Қазақша", "code": "kk_KZ", "iso_code": "kk", "url_code": "kk", "active": True}
        )
        partner = self.customers["ru"]
        partner.write({"document_lang": False, "lang": "kk_KZ"})
        text, _pages = self.read(self.render("report_bill", self.make_document_invoice()))
        self.assertIn("Төлеуге барлығы", text)

    def test_rates_together_and_none(self):
        text, _pages = self.read(
            self.render(
                "report_bill",
                self.make_document_invoice(
                    lines=[(self.goods, 1, 1000.0, self.tax16), (self.goods, 1, 2000.0, self.tax12)]
                ),
            )
        )
        self.assertIn("НДС 16 % 160,00", text)
        self.assertIn("НДС 12 % 240,00", text)
        text, _pages = self.read(
            self.render("report_bill", self.make_document_invoice(lines=[(self.goods, 3, 1000.0, None)]))
        )
        self.assertIn("Без НДС", text)
        self.assertIn("Три тысячи тенге 00 тиын", text)

    def test_tax_inside_the_price(self):
        inside = self.tax16.copy({"name": "16% in", "price_include_override": "tax_included"})
        text, _pages = self.read(
            self.render("report_bill", self.make_document_invoice(lines=[(self.goods, 2, 1160.0, inside)]))
        )
        self.assertIn("В том числе НДС 16 % 320,00", text)
        self.assertIn("1 160,00", text)

    def test_sixty_lines_break_between_rows_and_repeat_the_head(self):
        lines = [(self.goods, i + 1, 10.55 + i, self.tax16 if i % 2 else self.tax12) for i in range(60)]
        invoice = self.make_document_invoice(lines=lines)
        for index, line in enumerate(invoice.invoice_line_ids, 1):
            line.name = f"Позиция{index:02d} кабель силовой ВВГнг(А)-LS ГОСТ 31996-2012 " + "медный " * (
                index % 9
            )
        heads = {
            "bill": "Наименование",
            "waybill": "Наименование, характеристика",
            "tax_invoice": "Всего стоимость",
            "retail": "Наименование",
        }
        for form, head in heads.items():
            with self.subTest(form=form):
                text, pages = self.read(self.render(f"report_{form}", invoice))
                self.assertGreater(len(pages), 1)
                for number, page in enumerate(pages, 1):
                    whole = "\n".join(page)
                    self.assertRegex(whole, rf"\b{number} ?/ ?{len(pages)}\s*$")
                    rows = re.findall(r"Позиция\d\d", whole)
                    self.assertTrue(rows, f"page {number} of {form} has signatures and no line")
                    if number < len(pages):
                        self.assertGreater(len(rows), 8, f"page {number} of {form} is nearly empty")
                    self.assertIn(head.split()[0], whole, f"page {number} of {form} has no head")
                self.assertEqual(
                    re.findall(r"Позиция(\d\d)", text), [f"{index:02d}" for index in range(1, 61)]
                )

    def test_a_logo_that_loads_late_pushes_no_row_over_the_edge(self):
        picture = io.BytesIO()
        Image.new("RGB", (320, 200), "navy").save(picture, "PNG")
        self.company.logo = base64.b64encode(picture.getvalue())
        invoice = self.make_document_invoice(lines=[(self.goods, 1, 100.0, self.tax16)] * 45)
        for shift in range(3):
            # The place of the last row on the page differs by a line of text.
            invoice.invoice_line_ids[:1].name = "Позиция" + "\nстрока" * shift
            invoice.invoice_line_ids[1:].name = "Позиция"
            _text, pages = self.read(self.render("report_retail", invoice))
            self.assertEqual(len(pages), 2)
            for page in pages:
                self.assertIn("Наименование", "\n".join(page))

    def test_an_order_has_its_own_bill(self):
        order = self.make_order(partner=self.customers["ru"], amount=2500.0)
        text, pages = self.read(self.render("report_order_bill", order))
        self.assertEqual(len(pages), 1)
        self.assertIn(f"Счёт на оплату № {order.name}", text)
        self.assertIn("KZ79722S000001674774", text)
        # Dollars or tenge: the currency of the order's price list.
        self.assertIn("Две тысячи пятьсот", text)

    def test_several_at_once_become_one_file(self):
        invoices = self.make_document_invoice() | self.make_document_invoice("en")
        text, pages = self.read(self.render("report_bill", invoices))
        self.assertEqual(len(pages), 2)
        for invoice in invoices:
            self.assertIn(invoice.name, text)

    def test_partly_paid_asks_for_the_rest(self):
        invoice = self.make_document_invoice()
        self.pay(invoice, 50800.0)
        text, _pages = self.read(self.render("report_bill", invoice))
        self.assertIn("Осталось оплатить: Сто тысяч тенге 00 тиын", text)

    # -- numbers ------------------------------------------------------------------
    def test_numbers_are_own_and_stable(self):
        first, second = self.make_document_invoice(), self.make_document_invoice()
        for invoice in (first, second, first):
            self.render("report_act", invoice)
        self.assertEqual((first.act_number, second.act_number), ("1", "2"))
        self.render("report_waybill", second)
        self.assertEqual(second.waybill_number, "1", "each form counts by itself")
        later = self.make_document_invoice(invoice_date="2027-01-10")
        self.render("report_act", later)
        self.assertEqual(later.act_number, "1", "numbers begin anew each year")
        self.assertFalse(first.copy().act_number)

    def test_a_draft_and_what_does_not_apply_are_refused(self):
        draft = self.make_document_invoice(post=False)
        with self.assertRaises(UserError):
            draft._get_document("act")
        self.assertFalse(draft.act_number)
        goods_only = self.make_document_invoice(lines=[(self.goods, 1, 5.0, None)])
        with self.assertRaises(UserError):
            goods_only._get_document("act")
        self.customers["ru"].customer_kind = "retail"
        self.assertEqual(goods_only._get_closing_forms(), [])

    def test_number_of_the_electronic_invoice_is_kept_printed_and_found(self):
        invoice = self.make_document_invoice()
        invoice.write({"esf_number": "KZ-2026-778812", "esf_date": "2026-02-03"})
        text, _pages = self.read(self.render("report_tax_invoice", invoice))
        self.assertIn("Не является электронным счётом-фактурой", text)
        self.assertIn("KZ-2026-778812, 03.02.2026", text)
        self.assertEqual(self.env["account.move"].search([("esf_number", "=", "KZ-2026-778812")]), invoice)

    # -- QR ---------------------------------------------------------------------------
    def test_the_qr_reads_back_as_the_template_filled(self):
        self.bank.write(
            {"payment_qr": "template", "payment_qr_template": "https://pay.example/p?s={amount}&r={code}"}
        )
        invoice = self.make_document_invoice()
        for report in ("report_retail", "report_bill"):
            self.assertEqual(
                self.decode_qr(self.render(report, invoice)),
                [f"https://pay.example/p?s=150800.00&r={invoice.payment_code}"],
            )

    def test_no_qr_without_what_it_needs(self):
        invoice = self.make_document_invoice()
        self.assertEqual(self.decode_qr(self.render("report_retail", invoice)), [])
        self.bank.payment_qr = "emv"
        self.assertIn("scheme and merchant", self.bank.payment_qr_problem)
        self.assertEqual(self.decode_qr(self.render("report_retail", invoice)), [])
        self.bank.write({"emv_guid": "kz.bank", "emv_merchant": "M1"})
        self.assertFalse(self.bank.payment_qr_problem)
        [text] = self.decode_qr(self.render("report_retail", invoice))
        self.assertIn("5303398", text)
        self.assertIn("5409150800.00", text)

    def test_a_russian_account_has_st00012(self):
        rub = self.env.ref("base.RUB")
        rub.active = True
        self.env["res.partner.bank"].create(
            {
                "partner_id": self.company.partner_id.id,
                "acc_number": "40702810138250123017",
                "currency_id": rub.id,
                "bank_id": self.env["res.bank"].create({"name": "АО «БАНК»", "bic": "044525225"}).id,
                "payment_qr": "st00012",
                "correspondent_account": "30101810400000000225",
            }
        )
        invoice = self.make_document_invoice(currency_id=rub.id)
        invoice.partner_bank_id = False
        content = self.render("report_bill", invoice)
        [text] = self.decode_qr(content)
        self.assertTrue(text.startswith("ST00012|Name=ТОО «АлатауСнаб»|PersonalAcc=40702810138250123017|"))
        self.assertIn("|Sum=15080000|", text)
        self.assertIn(invoice.payment_code, text)
        self.assertIn("рублей 00 копеек", self.read(content)[0])

    def test_a_template_that_nothing_fills_is_refused_on_saving(self):
        with self.assertRaises(ValidationError):
            self.bank.payment_qr_template = "https://x.example/{nobody}"

    # -- which document goes out ----------------------------------------------------------
    def test_the_form_follows_the_kind_of_customer(self):
        send = self.env["account.move.send"]
        invoice = self.make_document_invoice()
        for kind, report in (
            ("corporate", "report_bill"),
            ("government", "report_bill"),
            ("retail", "report_retail"),
        ):
            self.customers["ru"].customer_kind = kind
            self.assertEqual(
                send._get_default_pdf_report_id(invoice), self.env.ref(f"invoice_to_cash.{report}"), kind
            )
            extra = [
                one["name"]
                for one in send._get_placeholder_mail_template_dynamic_attachments_data(
                    invoice, send._get_default_mail_template_id(invoice)
                )
            ]
            self.assertEqual(any("фактура" in name for name in extra), kind == "government")
        self.company.invoice_form = "odoo"
        self.assertEqual(send._get_default_pdf_report_id(invoice), self.env.ref("account.account_invoices"))

    # -- access ----------------------------------------------------------------------------
    def test_a_salesperson_prints_the_bill_of_his_order(self):
        seller = new_test_user(self.env, "doc_seller", groups="sales_team.group_sale_salesman")
        order = self.make_order(partner=self.customers["ru"], user_id=seller.id).with_user(seller)
        self.assertIn("KZ79722S000001674774", str(order._get_document()["bank"]))

    def test_the_act_of_reconciliation_is_for_those_who_see_the_books(self):
        values = {
            "partner_id": self.customers["ru"].id,
            "company_id": self.company.id,
            "date_from": "2026-01-01",
            "date_to": "2026-03-31",
        }
        seller = new_test_user(self.env, "doc_seller2", groups="sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.env["reconciliation.act"].with_user(seller).create(values)
        other = self.env["res.company"].create({"name": "Other"})
        clerk = new_test_user(
            self.env,
            "doc_clerk",
            groups="account.group_account_invoice",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        with self.assertRaises(AccessError):
            self.env["reconciliation.act"].with_user(clerk).create(values)._get_document()


@tagged("post_install", "-at_install")
class TestReconciliationAct(DocumentCommon):
    def make_act(self, partner, **values):
        return self.env["reconciliation.act"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                **values,
            }
        )

    def test_opening_movements_and_closing_per_currency(self):
        usd = self.env.ref("base.USD")
        partner = self.customers["ru"]
        self.make_document_invoice(invoice_date="2025-12-01", lines=[(self.service, 1, 100.0, None)])
        invoice = self.make_document_invoice(lines=[(self.service, 1, 1000.0, None)])
        self.make_document_invoice(lines=[(self.service, 1, 7.5, None)], currency_id=usd.id)
        refund = invoice._reverse_moves([{"invoice_date": "2026-03-01", "date": "2026-03-01"}])
        refund.invoice_line_ids.price_unit = 300.0
        refund.action_post()
        document = self.make_act(partner)._get_document()
        by_currency = {account.currency: account for account in document["statements"]}
        kzt = by_currency["KZT"]
        self.assertEqual(
            [float(x) for x in (kzt.opening, kzt.debit, kzt.credit, kzt.closing)], [100, 1000, 300, 800]
        )
        self.assertEqual(float(by_currency["USD"].closing), 7.5)
        text, pages = self.read(self.render("report_reconciliation", self.make_act(partner)))
        self.assertEqual(len(pages), 1)
        self.assertIn("задолженность ТОО «СтройСервис» в пользу ТОО «АлатауСнаб» составляет 800,00 KZT", text)
        self.assertIn("Восемьсот тенге 00 тиын", text)
        self.assertIn("Семь долларов США 50 центов", text)

    def test_movements_are_named_as_the_customer_knows_them(self):
        partner = self.customers["ru"]
        invoice = self.make_document_invoice()
        for form in ("act", "waybill"):
            invoice._assign_closing_number(form)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "payment_ref": "Оплата",
                "amount": 1000.0,
                "date": "2026-03-01",
                "partner_id": partner.id,
                "bank_document_number": "345",
            }
        )
        line._seek_for_lines()[1].account_id = partner.property_account_receivable_id
        names = [
            row.name
            for statement in self.make_act(partner)._get_document()["statements"]
            for row in statement.rows
        ]
        self.assertIn("Оплата, п/п № 345", names)
        self.assertIn(
            f"Реализация, счёт № {invoice.name}, акт № {invoice.act_number}, "
            f"накладная № {invoice.waybill_number}",
            names,
        )

    def test_each_language_and_nothing_owed(self):
        for lang, word in (("ru", "отсутствует"), ("kk", "берешек жоқ"), ("en", "nothing is owed")):
            text, _pages = self.read(
                self.render("report_reconciliation", self.make_act(self.customers[lang]))
            )
            self.assertIn(word, text)

    def test_the_period_in_order(self):
        with self.assertRaises(UserError):
            self.make_act(self.customers["ru"], date_from="2027-01-01").action_print()


@tagged("post_install", "-at_install")
class TestPortalDocuments(DocumentCommon, HttpCase):
    def test_the_customer_downloads_where_the_invoice_is(self):
        invoice = self.make_document_invoice()
        other = self.make_document_invoice("en")
        token = invoice._portal_ensure_token()
        address = f"/my/invoices/{invoice.id}/document/"
        page = self.url_open(f"/my/invoices/{invoice.id}?access_token={token}")
        self.assertIn(f"{address}bill?access_token={token}", page.text)
        self.assertNotIn(f"{address}act", page.text, "an act that was not issued is not offered")
        shown = self.url_open(f"/my/invoices/{invoice.id}?access_token={token}&report_type=html")
        self.assertIn("Счёт на оплату", shown.content.decode())
        document = self.url_open(f"{address}bill?access_token={token}")
        self.assertEqual(document.status_code, 200)
        self.assertIn(invoice.payment_code, document.text)
        self.assertEqual(self.url_open(f"{address}act?access_token={token}").status_code, 404)
        self.assertEqual(self.url_open(f"{address}../../passwd?access_token={token}").status_code, 404)
        invoice._assign_closing_number("act")
        self.env.flush_all()
        self.assertEqual(self.url_open(f"{address}act?access_token={token}").status_code, 200)
        # A token opens its own invoice only.
        for wrong in ("", "?access_token=wrong", f"?access_token={token}"):
            answer = self.url_open(f"/my/invoices/{other.id}/document/bill{wrong}", allow_redirects=False)
            self.assertNotEqual(answer.status_code, 200)


@tagged("post_install", "-at_install")
class TestPortalReconciliation(DocumentCommon, HttpCase):
    def test_a_customer_downloads_his_act_and_nobody_elses(self):
        invoice = self.make_document_invoice()
        other = self.make_document_invoice("en")
        customer = invoice.commercial_partner_id
        contact = self.env["res.partner"].create({"name": "Accountant", "parent_id": customer.id})
        user = new_test_user(self.env, "portal_buh", groups="base.group_portal")
        user.partner_id = contact
        self.assertNotEqual(
            self.url_open("/my/reconciliation/act", allow_redirects=False).status_code, 200, "without a login"
        )
        self.authenticate("portal_buh", "portal_buh")
        page = self.url_open("/my/reconciliation")
        self.assertIn("date_from", page.text)
        day = invoice.invoice_date
        address = f"/my/reconciliation/act?date_from={day}&date_to={day}"
        act = self.url_open(f"{address}&partner_id={other.commercial_partner_id.id}&company_id=999999")
        self.assertEqual(act.status_code, 200)
        self.assertIn(invoice.name, act.text)
        self.assertIn(customer.name, act.text)
        self.assertNotIn(other.name, act.text)
        self.assertNotIn(other.commercial_partner_id.name, act.text)

    def test_a_wrong_period_is_told(self):
        new_test_user(self.env, "portal_new", groups="base.group_portal")
        self.authenticate("portal_new", "portal_new")
        self.assertIn("no invoices", self.url_open("/my/reconciliation").text)
        invoice = self.make_document_invoice()
        contact = self.env["res.partner"].create(
            {"name": "Buh", "parent_id": invoice.commercial_partner_id.id}
        )
        other = new_test_user(self.env, "portal_old", groups="base.group_portal")
        other.partner_id = contact
        self.authenticate("portal_old", "portal_old")
        for period in ("", "?date_from=x&date_to=y", "?date_from=2026-02-01&date_to=2026-01-01",
                       "?date_from=1990-01-01&date_to=2026-01-01"):  # fmt: skip
            answer = self.url_open(f"/my/reconciliation/act{period}")
            self.assertIn("three years at most", answer.text)
