"""The folder of evidence of a debtor: one PDF to read, and a zip of single files for the lawyer."""

import base64
import io
import re
import zipfile
from dataclasses import dataclass

from lxml import html
from pypdf import PdfReader, PdfWriter

from odoo import models
from odoo.tools import format_datetime

from ...core.documents import texts
from .payment_promise import to_decimal

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Paper:
    """A file of the folder: ``folder`` is "" for the first page."""

    folder: str
    name: str
    data: bytes
    mimetype: str = PDF

    @property
    def path(self) -> str:
        return f"{self.folder}/{self.name}" if self.folder else self.name


def safe_name(text: str) -> str:
    """A name that every archive program writes to a disk."""
    return re.sub(r"[^\w.\- №]+", "_", text).strip(" ._")[:100] or "document"


class DunningHandover(models.Model):
    _inherit = "dunning.handover"

    def action_evidence_pdf(self):
        """Make the folder as one PDF and offer it."""
        self.ensure_one()
        return self._offer(self._get_evidence_name("pdf"), self._get_evidence_pdf(), PDF)

    def action_evidence_zip(self):
        """Make the folder as a zip of single files and offer it."""
        self.ensure_one()
        return self._offer(self._get_evidence_name("zip"), self._get_evidence_zip(), "application/zip")

    def _offer(self, name, data, mimetype):
        """Keep the file with the case, in place of an earlier one of the day, and download it."""
        attachments = self.env["ir.attachment"]
        attachments.search(
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("name", "=", name)]
        ).unlink()
        attachment = attachments.create(
            {
                "name": name,
                "datas": base64.b64encode(data),
                "mimetype": mimetype,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def _get_evidence_name(self, extension):
        day = self.company_id._receivables_today()
        return safe_name(f"{self.partner_id.name} {day:%Y-%m-%d}") + f".{extension}"

    def _get_evidence_pdf(self) -> bytes:
        """All papers one after the other, with an outline; what is no PDF stands in the contents only."""
        self.ensure_one()
        writer = PdfWriter()
        for paper in self._get_papers():
            if paper.mimetype != PDF:
                continue
            page = len(writer.pages)
            for each in PdfReader(io.BytesIO(paper.data)).pages:
                writer.add_page(each)
            writer.add_outline_item(title=paper.path, page_number=page)
        target = io.BytesIO()
        writer.write(target)
        return target.getvalue()

    def _get_evidence_zip(self) -> bytes:
        self.ensure_one()
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for paper in self._get_papers():
                archive.writestr(paper.path, paper.data)
        return target.getvalue()

    # --- the papers ---

    def _get_evidence_lang(self):
        """The folder is for our side: the company's language."""
        return self.company_id.partner_id._get_document_lang(self.company_id)

    def _get_papers(self) -> list[Paper]:
        """First page, statement, invoices, deliveries and closing documents, letters, agreements."""
        self.ensure_one()
        self.check_access("read")
        # sudo: who may read the case may have its papers; they are of this customer and company only.
        case = self.sudo().with_company(self.company_id)
        words = texts.Texts(case._get_evidence_lang())
        invoices = case._get_evidence_invoices()
        papers = [
            *case._get_statement_papers(words, invoices),
            *case._get_invoice_papers(words, invoices),
            *case._get_closing_papers(words, invoices),
            *case._get_letter_papers(words),
            *case._get_plan_papers(words),
        ]
        names, unique = set(), []
        for paper in papers:
            stem, dot, extension = paper.name.rpartition(".")
            number, name = 1, paper.name
            while (paper.folder, name) in names:
                number += 1
                name = f"{stem} ({number}){dot}{extension}"
            names.add((paper.folder, name))
            unique.append(Paper(paper.folder, name, paper.data, paper.mimetype))
        content, _kind = (
            self.env["ir.actions.report"]
            .sudo()
            ._render_qweb_pdf(
                "invoice_to_cash.report_evidence", case.ids, data={"papers": [paper.path for paper in unique]}
            )
        )
        return [Paper("", f"00 {safe_name(words['evidence_title'])}.pdf", content), *unique]

    def _get_evidence_invoices(self):
        """What is open, and what was when a letter or the hand-over named it."""
        self.ensure_one()
        opened = self.env["account.move"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("commercial_partner_id", "=", self.partner_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("amount_residual", ">", 0),
            ]
        )
        return (opened | self.reminder_ids.line_ids.move_id).sorted(
            lambda move: (move.invoice_date_due or move.date, move.id)
        )

    def _get_statement_papers(self, words, invoices):
        """The act of reconciliation from the first open invoice to today."""
        today = self.company_id._receivables_today()
        act = self.env["reconciliation.act"].create(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "date_from": min(invoices.mapped("invoice_date"), default=today),
                "date_to": today,
            }
        )
        return [
            Paper("", f"{safe_name(words['recon_title'])}.pdf", self._render("report_reconciliation", act))
        ]

    def _render(self, report, record) -> bytes:
        name = report if "." in report else f"invoice_to_cash.{report}"
        return self.env["ir.actions.report"]._render_qweb_pdf(name, record.ids)[0]

    def _get_invoice_papers(self, words, invoices):
        """The invoices as they were sent; those that never were, as they would be."""
        papers = []
        for move in invoices:
            pdf = move.invoice_pdf_report_id
            if pdf:
                data = pdf.raw
            else:
                report = self.env["account.move.send"]._get_default_pdf_report_id(move)
                data = self.env["ir.actions.report"]._render_qweb_pdf(report, move.ids)[0]
            papers.append(Paper(words["folder_invoices"], safe_name(move.name) + ".pdf", data))
        return papers

    def _get_closing_papers(self, words, invoices):
        """Acts, waybills, счета-фактуры, and the delivery slips of what left the warehouse."""
        folder = words["folder_closing"]
        papers = [
            Paper(folder, safe_name(file.name), file.raw or b"", file.mimetype)
            for file in invoices.closing_attachment_ids
        ]
        for picking in self._get_deliveries(invoices):
            data = self._render("stock.action_report_delivery", picking)
            papers.append(Paper(folder, safe_name(picking.name) + ".pdf", data))
        return papers

    def _get_deliveries(self, invoices):
        pickings = invoices.line_ids.sale_line_ids.order_id.picking_ids
        return pickings.filtered(
            lambda one: one.state == "done" and one.picking_type_code == "outgoing"
        ).sorted("date_done")

    def _get_evidence_reminders(self):
        return self.env["dunning.reminder"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("state", "in", ("sent", "handed_over", "returned")),
            ],
            order="date, id",
        )

    def _get_letter_papers(self, words):
        """Each letter as it was sent: subject, addressee and moment above it."""
        papers = []
        for reminder in self._get_evidence_reminders():
            name = safe_name(f"{reminder.date:%Y-%m-%d} {reminder.step_id.name or reminder.tone}")
            # As it left; letters from before they were kept are in their message.
            body = reminder.sent_html or reminder.mail_message_id.body
            by_mail = reminder.mail_message_id or "mail" in reminder.dispatch_ids.mapped("channel")
            if body and by_mail:
                sheet = self._render_letter(reminder, body)
                papers.append(Paper(words["folder_letters"], f"{name}.pdf", sheet))
            # sudo: the letter on paper of a reminder that may be read.
            paper = reminder.sudo().letter_attachment_id
            if paper.mimetype == "application/pdf":
                papers.append(Paper(words["folder_letters"], f"{name} {paper.id}.pdf", paper.raw))
        return papers

    def _render_letter(self, reminder, body) -> bytes:
        head = [
            reminder.sent_subject or reminder.mail_message_id.subject or "",
            reminder.contact_id.email_formatted or reminder.partner_id.email_formatted or "",
            format_datetime(self.env, reminder.sent_at, tz=self.company_id.receivables_tz)
            if reminder.sent_at
            else "",
        ]
        page = html.fromstring(f"<div>{body}</div>")
        # Pictures are fetched, and one of them would count as the customer's reading of the letter.
        for image in page.xpath("//img"):
            image.drop_tree()
        top = html.fromstring(
            "<div style='font-family: Arial; border-bottom: 1px solid #999; margin-bottom: 12px'/>"
        )
        for line in head:
            paragraph = html.Element("p", style="margin: 0 0 4px; font-size: 14px")
            paragraph.text = line
            top.append(paragraph)
        page.insert(0, top)
        sheet = (
            "<!DOCTYPE html><html><head><meta charset='utf-8'/></head><body>"
            + html.tostring(page, encoding="unicode")
            + "</body></html>"
        )
        return self.env["ir.actions.report"]._run_wkhtmltopdf(
            [sheet], report_ref="invoice_to_cash.report_evidence"
        )

    def _get_plan_papers(self, words):
        plans = self.env["payment.plan"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("agreed_on", "!=", False),
            ]
        )
        return [
            Paper(words["folder_plans"], safe_name(plan.name) + ".pdf", self._render("report_plan", plan))
            for plan in plans
        ]

    # --- the first page ---

    def _get_document(self):
        """Data of the first page for reports/document_evidence.xml."""
        self.ensure_one()
        # sudo: see `_get_papers`.
        case = self.sudo().with_company(self.company_id)
        document = case.env["invoice.document"]._get_base(
            case.company_id, case.partner_id, case._get_evidence_lang()
        )
        today = case.company_id._receivables_today()
        invoices = case._get_evidence_invoices()
        of_customer = [("company_id", "=", case.company_id.id), ("partner_id", "=", case.partner_id.id)]
        totals = {}
        for move in invoices:
            totals[move.currency_id] = totals.get(move.currency_id, 0) + move.amount_residual
        disputes = case.env["invoice.dispute"].search(of_customer, order="date, id")
        reasons = dict(disputes._fields["reason"]._description_selection(case.env))
        return {
            **document,
            "case": case,
            "today": today,
            "amount": lambda value, currency: document["money"](to_decimal(value, currency)),
            "invoices": invoices,
            "totals": totals,
            "days_late": lambda move: max((today - (move.invoice_date_due or today)).days, 0),
            "reminders": case._get_evidence_reminders(),
            "promises": case.env["payment.promise"].search(of_customer, order="given_on, id"),
            "plans": case.env["payment.plan"].search(
                [*of_customer, ("agreed_on", "!=", False)], order="agreed_on, id"
            ),
            "disputes": disputes,
            "reason": lambda dispute: reasons[dispute.reason],
            "replies": case.env["dunning.reply"].search(of_customer, order="received_at, id"),
            "deliveries": case._get_deliveries(invoices),
        }
