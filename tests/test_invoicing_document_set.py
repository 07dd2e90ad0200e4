from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged

from .document_common import DocumentCommon


@tagged("post_install", "-at_install")
class TestDocumentSet(DocumentCommon):
    """All documents of an invoice, or of an order, in one file."""

    def make_order_of_goods(self, partner):
        return self.make_order(
            partner=partner,
            order_line=[
                (0, 0, {"product_id": self.goods.id, "product_uom_qty": 3, "price_unit": 1000.0}),
                (0, 0, {"product_id": self.service.id, "product_uom_qty": 1, "price_unit": 500.0}),
            ],
        )

    def deliver(self, order):
        for move in order.picking_ids.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        order.picking_ids._action_done()

    def test_each_document_once_and_in_the_order_of_the_folder(self):
        invoice = self.make_document_invoice()
        _text, pages = self.read(self.render("report_set", invoice))
        titles = ("Счёт на оплату №", "Акт выполненных работ", "Накладная на отпуск", "Счёт-фактура №")
        self.assertEqual(len(pages), len(titles))
        for page, title in zip(pages, titles, strict=True):
            self.assertIn(title, "\n".join(page))
        self.assertIn(
            f"№ {invoice.waybill_number}", "\n".join(pages[3]), "the счёт-фактура names the waybill"
        )

    def test_several_invoices_are_one_file(self):
        invoices = self.make_document_invoice() | self.make_document_invoice("en")
        text, pages = self.read(self.render("report_set", invoices))
        self.assertEqual(len(pages), 8)
        for invoice in invoices:
            self.assertIn(invoice.name, text)

    def test_nothing_says_that_goods_were_handed_over_before_they_were(self):
        self.env["invoicing.rule"].search([]).active = False
        self.env["invoicing.rule"].create({"name": "All", "moment": "confirmation", "depth": "post"})
        order = self.make_order_of_goods(self.customers["ru"])
        with self.assertRaises(UserError):
            order.action_print_documents()
        order.action_confirm()
        invoice = order.invoice_ids
        self.assertEqual(invoice._get_forms_of_set(), ["bill"])
        self.deliver(order)
        self.assertEqual(invoice._get_forms_of_set(), ["bill", "act", "waybill", "tax_invoice"])
        self.assertEqual(order.action_print_documents()["context"]["active_ids"], invoice.ids)

    def test_retail_has_its_own_and_a_draft_none(self):
        self.customers["ru"].customer_kind = "retail"
        self.assertEqual(self.make_document_invoice()._get_forms_of_set(), ["retail"])
        with self.assertRaises(UserError):
            self.make_document_invoice(post=False)._get_forms_of_set()

    def test_a_salesperson_prints_the_set_of_his_order(self):
        self.env["invoicing.rule"].search([]).active = False
        self.env["invoicing.rule"].create({"name": "All", "moment": "confirmation", "depth": "post"})
        seller = new_test_user(
            self.env, "set-seller", groups="sales_team.group_sale_salesman,base.group_user"
        )
        order = self.make_order_of_goods(self.customers["ru"])
        order.user_id = seller
        order.action_confirm()
        self.deliver(order)
        action = order.with_user(seller).action_print_documents()
        invoice = self.env["account.move"].with_user(seller).browse(action["context"]["active_ids"])
        content, kind = (
            self.env["ir.actions.report"]
            .with_user(seller)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("invoice_to_cash.report_set", invoice.ids)
        )
        self.assertEqual(kind, "pdf")
        self.assertEqual(len(self.read(content)[1]), 4)


@tagged("post_install", "-at_install")
class TestPortalBill(DocumentCommon, HttpCase):
    """The customer of a prepaid order finds code, day and счёт where the order is."""

    def test_code_day_and_paper_on_the_page_of_the_order(self):
        self.env["invoicing.rule"].search([]).active = False
        order = self.make_order(partner=self.customers["ru"], is_prepaid=True)
        token = order._portal_ensure_token()
        page = f"/my/orders/{order.id}?access_token={token}"
        bill = f"/my/orders/{order.id}/bill"
        self.assertEqual(
            self.url_open(f"{bill}?access_token={token}").status_code, 404, "a quotation has none"
        )
        order.action_confirm()
        shown = self.url_open(page).text
        self.assertIn(order.payment_code, shown)
        self.assertIn(f"{bill}?access_token={token}", shown)
        self.assertIn(order.payment_code, self.url_open(f"{bill}?access_token={token}").text)
        for wrong in ("", "?access_token=wrong"):
            self.assertNotIn(
                order.payment_code, self.url_open(bill + wrong).text, "a stranger reads the счёт"
            )
        order.is_prepaid = False
        self.assertNotIn(f"{bill}?access_token={token}", self.url_open(page).text)
