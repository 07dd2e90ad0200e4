import io

from pypdf import PdfReader, PdfWriter

from odoo import http
from odoo.http import request

from ..models.dunning.dunning_letter import QR_SCOPE

PDF_LIMIT = 500


class Letters(http.Controller):
    @http.route("/i2c/letter/<int:reminder_id>", type="http", auth="user", methods=["GET"])
    def show_letter(self, reminder_id, **_kwargs):
        """The mail of a reminder alone: as it was sent, or as it would be sent now."""
        reminder = request.env["dunning.reminder"].browse(reminder_id).exists()
        if not reminder:
            raise request.not_found()
        reminder.check_access("read")
        return request.make_response(
            reminder.letter_html or "",
            [
                ("Content-Type", "text/html; charset=utf-8"),
                # The words come from templates that people write: they may show, not act.
                ("Content-Security-Policy", "script-src 'none'; form-action 'none'; object-src 'none'"),
                ("Cache-Control", "no-store"),
            ],
        )

    @http.route("/i2c/letters.pdf", type="http", auth="user", methods=["GET"], readonly=False)
    def print_letters(self, ids="", **_kwargs):
        """The letters on paper of some reminders in one file, in the order asked for."""
        wanted = [int(part) for part in ids.split(",") if part.strip().isdigit()][:PDF_LIMIT]
        reminders = request.env["dunning.reminder"].browse(dict.fromkeys(wanted)).exists()
        if not reminders:
            raise request.not_found()
        reminders.check_access("read")
        writer = PdfWriter()
        for reminder in reminders:
            writer.append(PdfReader(io.BytesIO(reminder._get_letter_pdf())))
        target = io.BytesIO()
        writer.write(target)
        content = target.getvalue()
        return request.make_response(
            content,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Length", str(len(content))),
                ("Content-Disposition", 'inline; filename="letters.pdf"'),
            ],
        )


class LetterQr(http.Controller):
    @http.route("/i2c/qr/<string:token>.png", type="http", auth="none", methods=["GET"], save_session=False)
    def show_qr(self, token, **_kwargs):
        """The payment code of a letter: what it says is in the signed address itself."""
        values = request.db and request.env["account.move"]._verify(QR_SCOPE, token)
        if not values or len(values) != 1:
            raise request.not_found()
        picture = request.env["invoice.document"]._draw_qr_png(values[0])
        return request.make_response(
            picture,
            [
                ("Content-Type", "image/png"),
                ("Content-Length", str(len(picture))),
                ("Cache-Control", "private, max-age=86400"),
            ],
        )
