import io
from collections import OrderedDict

from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from odoo import api, models
from odoo.tools.pdf import merge_pdf

from odoo.addons.base.models.ir_actions_report import _wkhtml

DOCUMENT = "invoice_to_cash.document_"
DOCUMENT_SET = "invoice_to_cash.document_set"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _is_receivables_document(self, report_ref=None):
        report = self._get_report(report_ref) if report_ref else self
        return bool(report.report_name) and report.report_name.startswith(DOCUMENT)

    def _get_layout(self):
        """Override of base: our documents bring their own sheet, with styles inside.

        Nothing is then fetched from the web server while a PDF is made: a job renders the same as a browser
        does, also where the server's own address cannot be reached.
        """
        if len(self) == 1 and self._is_receivables_document():
            return self.env.ref("invoice_to_cash.document_sheet")
        return super()._get_layout()

    @api.model
    def _build_wkhtmltopdf_args(self, paperformat_id, *args, **kwargs):
        """Override of base: our sheets wait for nothing, so the engine need not wait a second for scripts."""
        command = super()._build_wkhtmltopdf_args(paperformat_id, *args, **kwargs)
        ours = (
            self.env.ref(f"invoice_to_cash.paperformat_{name}", raise_if_not_found=False)
            for name in ("portrait", "landscape")
        )
        if paperformat_id in list(ours) and "--javascript-delay" in command:
            command[command.index("--javascript-delay") + 1] = "50"
        return command

    @api.model
    def _run_wkhtmltopdf(self, bodies, report_ref=False, **kwargs):
        """Override of base to number the pages of our documents: the unpatched engine has no footers."""
        content = super()._run_wkhtmltopdf(bodies, report_ref=report_ref, **kwargs)
        if report_ref and self._is_receivables_document(report_ref):
            return number_pages(content)
        return content

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Override of base to render our documents one at a time: the unpatched engine can do no more."""
        if res_ids and self._get_report(report_ref).report_name == DOCUMENT_SET:
            return self._get_set_streams(res_ids)
        if not res_ids or len(res_ids) < 2 or not self._is_receivables_document(report_ref):
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        streams = OrderedDict()
        for res_id in res_ids:
            streams.update(super()._render_qweb_pdf_prepare_streams(report_ref, dict(data), res_ids=[res_id]))
        return streams

    @api.model
    def _get_set_streams(self, res_ids):
        """All documents of each invoice, one file per invoice; each on paper of its own format."""
        streams = OrderedDict()
        for move in self.env["account.move"].browse(res_ids):
            files = []
            for form in move._get_forms_of_set():
                report = self.env.ref(f"invoice_to_cash.report_{form}")
                parts = self._render_qweb_pdf_prepare_streams(
                    report.report_name, {"report_type": "pdf"}, res_ids=move.ids
                )
                files += [part["stream"].getvalue() for part in parts.values()]
            streams[move.id] = {"stream": io.BytesIO(merge_pdf(files)), "attachment": None}
        return streams

    @api.model
    def _engine_splits_tables(self):
        """Whether the PDF engine itself repeats the head of a table on each page."""
        return _wkhtml().is_patched_qt


def number_pages(content: bytes) -> bytes:
    """The PDF with "2 / 3" at the foot of each page; a single page stays as it is."""
    reader = PdfReader(io.BytesIO(content))
    count = len(reader.pages)
    if count < 2:
        return content
    writer = PdfWriter(clone_from=reader)
    for number, page in enumerate(writer.pages, 1):
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        stamp = io.BytesIO()
        canvas = Canvas(stamp, pagesize=(width, height))
        canvas.setFont("Helvetica", 8)
        canvas.setFillGray(0.35)
        canvas.drawRightString(width - 29, 16, f"{number} / {count}")
        canvas.save()
        stamp.seek(0)
        page.merge_page(PdfReader(stamp).pages[0])
        page.compress_content_streams()  # merging unpacks them
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()
