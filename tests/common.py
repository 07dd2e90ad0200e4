"""One base for the tests of the stages: a company with customers, invoices and a bank journal."""

import base64
import datetime
from unittest.mock import patch

from odoo import fields
from odoo.tests.common import ChromeBrowser

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

CUSTOMER_AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Safari/537.36"
)


class ReceivablesCommon(AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.receivables_tz = "Asia/Almaty"
        cls.today = cls.company._receivables_today()
        cls.customer = cls.make_customer("ТОО СтройСервис", email="buh@stroyservis.example")
        cls.company.partner_id.write({"email": "office@seller.example", "street": "Abay 1", "city": "Almaty"})
        cls.env["res.partner.bank"].create(
            {"acc_number": "KZ79722S000001674774", "partner_id": cls.company.partner_id.id}
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Cement M500",
                "type": "service",
                "invoice_policy": "order",
                "list_price": 1000.0,
                "taxes_id": False,
            }
        )
        cls.env.user.group_ids |= cls.env.ref("invoice_to_cash.group_manager")
        cls.env.user.group_ids |= cls.env.ref("sales_team.group_sale_manager")

    @classmethod
    def make_customer(cls, name, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "vat": "190640012345",
                "street": "Tole bi 10",
                "city": "Almaty",
                "lang": "en_US",
                **values,
            }
        )

    @classmethod
    def make_invoice(cls, amount=1000.0, due_in=30, partner=None, post=True, **values):
        """A customer invoice issued so that it is due in ``due_in`` days (negative: it is late)."""
        due = cls.today + datetime.timedelta(days=due_in)
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.customer).id,
                "invoice_date": min(cls.today, due) - datetime.timedelta(days=30),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    fields.Command.create({"name": "Cement", "price_unit": amount, "tax_ids": False})
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def pay(cls, invoice, amount=None):
        """Register a payment of the invoice, all of it or an amount."""
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"amount": amount or invoice.amount_residual, "payment_date": cls.today})
        )
        return wizard._create_payments()

    @classmethod
    def make_order(cls, partner=None, amount=1000.0, **values):
        return cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "payment_term_id": cls.env.ref("account.account_payment_term_30days").id,
                "order_line": [
                    fields.Command.create(
                        {
                            "product_id": cls.product.id,
                            "product_uom_qty": 1,
                            "price_unit": amount,
                            "tax_ids": False,
                        }
                    )
                ],
                **values,
            }
        )

    @staticmethod
    def browser_with_agent(agent=CUSTOMER_AGENT):
        """Context in which Odoo's test browser calls itself so, and not headless as scanners do."""
        start = ChromeBrowser._spawn_chrome

        def spawn(browser, command):
            return start(browser, [*command[:-1], f"--user-agent={agent}", command[-1]])

        return patch.object(ChromeBrowser, "_spawn_chrome", spawn)

    @staticmethod
    def encoded(content: bytes) -> str:
        return base64.b64encode(content).decode()
