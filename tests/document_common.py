"""A company in Kazakhstan with customers in three languages, and PDFs that are read back."""

import re
import subprocess
import tempfile
from pathlib import Path

import zxingcpp
from PIL import Image

from odoo import Command

from .common import ReceivablesCommon

LANGUAGES = ("ru", "kk", "en")


class DocumentCommon(ReceivablesCommon):
    @classmethod
    @ReceivablesCommon.setup_country("kz")
    def setUpClass(cls):
        super().setUpClass()
        cls.kzt = cls.env.ref("base.KZT")
        kz = cls.env.ref("base.kz")
        cls.company.write(
            {
                "name": "ТОО «АлатауСнаб»",
                "vat": "180340021457",
                "director_name": "Ахметов Д. К.",
                "accountant_name": "Ли С. В.",
                "invoice_form": "kind",
            }
        )
        cls.company.partner_id.write({"country_id": kz.id, "city": "Алматы", "street": "пр. Суюнбая, 284А"})
        cls.bank = cls.company.partner_id.bank_ids[:1]
        cls.bank.bank_id = cls.env["res.bank"].create({"name": "АО «Kaspi Bank»", "bic": "CASPKZKA"})
        cls.tax16 = cls.env["account.tax"].create(
            {
                "name": "VAT 16 (test)",
                "amount": 16,
                "amount_type": "percent",
                "type_tax_use": "sale",
                "price_include_override": "tax_excluded",
            }
        )
        cls.tax12 = cls.tax16.copy({"name": "VAT 12 (test)", "amount": 12})
        cls.goods = cls.env["product.product"].create(
            {"name": "Цемент М500", "default_code": "ЦМ-500", "type": "consu", "invoice_policy": "order"}
        )
        cls.service = cls.env["product.product"].create(
            {"name": "Доставка", "default_code": "ДОС", "type": "service", "invoice_policy": "order"}
        )
        cls.customers = {
            lang: cls.make_customer(
                name,
                document_lang=lang,
                country_id=kz.id,
                vat="990340001459",
                customer_kind="corporate",
                email=f"{lang}@buyer.example",
            )
            for lang, name in (("ru", "ТОО «СтройСервис»"), ("kk", "«Іле Құрылыс» ЖШС"), ("en", "Basis LLP"))
        }

    @classmethod
    def make_document_invoice(cls, lang="ru", lines=None, post=True, **values):
        """An invoice in tenge; lines are (product, quantity, price, taxes)."""
        lines = lines or [(cls.goods, 100, 1000.0, cls.tax16), (cls.service, 2, 15000.0, cls.tax16)]
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customers[lang].id,
                "currency_id": cls.kzt.id,
                "invoice_date": "2026-02-01",
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.set(taxes.ids if taxes else [])],
                        }
                    )
                    for product, quantity, price, taxes in lines
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    def render(self, report, records):
        """The PDF of a report, by the real engine."""
        content, kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(f"invoice_to_cash.{report}", records.ids)
        )
        self.assertEqual(kind, "pdf")
        return content

    def read(self, content):
        """(text with single blanks, pages as lists of lines) of a PDF."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "document.pdf")
            path.write_bytes(content)
            text = subprocess.run(
                ["pdftotext", "-layout", path, "-"], check=True, capture_output=True
            ).stdout.decode()
        pages = [page.split("\n") for page in text.split("\f") if page.strip()]
        return re.sub(r"\s+", " ", text), pages

    def decode_qr(self, content):
        """The texts of the QR codes on the first page of a PDF, as a phone's camera would read them."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "document.pdf")
            path.write_bytes(content)
            subprocess.run(
                [
                    "pdftoppm",
                    "-r",
                    "110",
                    "-png",
                    "-f",
                    "1",
                    "-l",
                    "1",
                    "-singlefile",
                    path,
                    path.with_suffix(""),
                ],
                check=True,
            )
            with Image.open(path.with_suffix(".png")) as image:
                return [found.text for found in zxingcpp.read_barcodes(image)]
