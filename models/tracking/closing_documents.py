import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

_logger = logging.getLogger(__name__)
BATCH = 100


class AccountMove(models.Model):
    """Act, waybill and счёт-фактура, made and sent by themselves on delivery or on payment."""

    _inherit = "account.move"

    closing_state = fields.Selection(
        [("made", "Made"), ("none", "Not needed"), ("failed", "Failed")],
        "Closing Documents",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="Whether act, waybill and счёт-фактура were made. Empty: not yet.",
    )
    closing_error = fields.Char(copy=False, readonly=True)
    closing_attachment_ids = fields.Many2many(
        "ir.attachment",
        "account_move_closing_attachment_rel",
        string="Acts, Waybills, Tax Invoices",
        copy=False,
        readonly=True,
    )

    def action_make_closing_documents(self):
        """Make and send the closing documents now, whatever the company's moment is."""
        for move in self:
            if move.state != "posted" or not move._get_closing_forms():
                raise UserError(
                    self.env._(
                        "%s has no closing documents: it is not posted, or a down payment, or for retail.",
                        move.display_name,
                    )
                )
            move._make_closing_documents()
        return True

    # -- when ----------------------------------------------------------------------
    def _post(self, soft=True):
        """Override of account: services are closed, and goods may have been delivered before."""
        posted = super()._post(soft=soft)
        posted._trigger_closing_documents("delivery")
        return posted

    def _log_tracking_event(self, kind, channel="system", detail=None, moment=None):
        """Override of the log of statuses: with "paid" the moment for closing documents may have come."""
        events = super()._log_tracking_event(kind, channel, detail, moment)
        if kind == "paid":
            self._trigger_closing_documents("payment")
        return events

    def _trigger_closing_documents(self, moment):
        if any(company.closing_documents == moment for company in self.company_id):
            # sudo: whoever posts, pays or delivers, the job works for the company.
            self.env.ref("invoice_to_cash.cron_closing_documents").sudo()._trigger()

    @api.model
    def _get_closing_candidates(self, company, limit=BATCH, after=0):
        """Posted invoices of a company whose closing documents are due now.

        :return: (invoices that are due, id of the last invoice looked at, or 0 when there is none left)
        """
        domain = [
            ("id", ">", after),
            ("company_id", "=", company.id),
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("closing_state", "=", False),
            ("invoice_date", ">=", company.closing_documents_from),
        ]
        if company.closing_documents == "payment":
            domain.append(("tracking_status", "=", "paid"))
        moves = self.search(domain, order="id", limit=limit)
        due = moves
        if company.closing_documents == "delivery":
            due = moves.filtered(lambda move: move._is_delivered())
        return due, moves[-1:].id or 0

    def _is_delivered(self):
        """Whether all goods of the invoice have left; services count as rendered when they are invoiced."""
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for line in self._get_closing_lines():
            if self._is_service(line):
                continue
            for sale_line in line.sale_line_ids:
                missing = sale_line.qty_invoiced - sale_line.qty_delivered
                if float_compare(missing, 0, precision_digits=digits) > 0:
                    return False
        return True

    # -- make ------------------------------------------------------------------------
    @api.model
    def _cron_make_closing_documents(self):
        """Make what is due, one invoice per transaction; what fails waits for a person with its reason."""
        cron = self.env["ir.cron"]
        for company in self.env["res.company"].search([("closing_documents", "!=", False)]):
            # The company's own documents, in its name.
            moves = company._for_job(self).with_context(allowed_company_ids=company.ids)
            after = 0
            while True:
                due, after = moves._get_closing_candidates(company, after=after)
                for move in due:
                    # Two workers, or the same job twice: the second passes over what the first holds.
                    if move.try_lock_for_update() and not move._is_closed():
                        move._make_closing_documents_safely()
                    if not cron._commit_progress(1):
                        return
                if not after:
                    break

    def _is_closed(self):
        self.invalidate_recordset(["closing_state"])
        return bool(self.closing_state)

    def _make_closing_documents_safely(self):
        try:
            with self.env.cr.savepoint():
                self._make_closing_documents()
        except OperationalError:
            raise  # a lost race or connection is Odoo's to retry
        except Exception as error:
            _logger.warning("Closing documents of %s could not be made", self.name, exc_info=True)
            text = str(error) if isinstance(error, UserError) else self.env._("see the server's log")
            self.write({"closing_state": "failed", "closing_error": text})
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Closing documents could not be made"),
                note=text,
                user_id=(self.invoice_user_id or self.env.user).id,
            )

    def _make_closing_documents(self):
        """Number, render, attach and send the documents of one invoice."""
        self.ensure_one()
        forms = self._get_closing_forms()
        if not forms:
            self.closing_state = "none"
            return
        if not self.closing_date:
            self.closing_date = self._get_closing_day()
        attachments = self._render_closing_documents(forms)
        self.write(
            {
                "closing_state": "made",
                "closing_error": False,
                "closing_attachment_ids": [fields.Command.set(attachments.ids)],
            }
        )
        self._send_closing_documents(attachments)

    def _get_closing_day(self):
        """The day of the turnover: of the last delivery, else of the invoice."""
        moves = self.invoice_line_ids.sale_line_ids.move_ids.filtered(
            lambda move: move.state == "done" and move.location_dest_id.usage == "customer"
        )
        if not moves:
            return self.invoice_date
        last = max(moves.mapped("date"))
        company = self.company_id
        return fields.Datetime.context_timestamp(self.with_context(tz=company.receivables_tz), last).date()

    def _render_closing_documents(self, forms):
        reports = self.env["ir.actions.report"].with_company(self.company_id)
        values = []
        for form in forms:
            report = self.env.ref(f"invoice_to_cash.report_{form}")
            content, kind = reports._render(report.report_name, self.ids)
            values.append(
                {
                    "name": f"{self._get_closing_name(form)}.{kind}",
                    "raw": content,
                    "res_model": self._name,
                    "res_id": self.id,
                    "mimetype": "application/pdf" if kind == "pdf" else "text/html",
                }
            )
        # sudo: an accountant may attach to an invoice; a job triggered by a delivery or a payment as well.
        return self.env["ir.attachment"].sudo().create(values)

    def _get_closing_name(self, form):
        label = {"act": "Акт", "waybill": "Накладная", "tax_invoice": "Счёт-фактура"}[form]
        number = self[f"{form}_number"] or ""
        return f"{label} {number} {self.name}".replace("/", "-")

    def _send_closing_documents(self, attachments):
        template = self.env.ref("invoice_to_cash.mail_template_closing", raise_if_not_found=False)
        partner = self.partner_id if self.partner_id.email else self.commercial_partner_id
        if not template or not partner.email:
            self.message_post(
                body=self.env._("Closing documents were made; the customer has no e-mail address."),
                attachment_ids=attachments.ids,
            )
            return
        # sudo: templates are rendered by the system, as Odoo's own sending does.
        rendered = template.sudo().with_context(lang=partner.lang)
        self.with_context(i2c_own_links=True).message_post(
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            subject=rendered._render_field("subject", self.ids)[self.id],
            body=rendered._render_field("body_html", self.ids, options={"post_process": True})[self.id],
            email_from=rendered._render_field("email_from", self.ids)[self.id],
            partner_ids=partner.ids,
            attachment_ids=attachments.ids,
            email_layout_xmlid="invoice_to_cash.mail_layout_letter",
            email_add_signature=False,
            notify_skip_followers=True,
        )


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        """Override of stock: with the delivery the moment for closing documents may have come."""
        result = super()._action_done()
        invoices = self.filtered(
            lambda picking: (
                picking.picking_type_code == "outgoing" or picking.location_dest_id.usage == "customer"
            )
        ).sale_id.sudo()
        # sudo: a warehouse clerk may not read invoices; only whether a job is to start is asked.
        invoices.invoice_ids._trigger_closing_documents("delivery")
        return result
