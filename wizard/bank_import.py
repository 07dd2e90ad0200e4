import hashlib

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..core.bank_formats import FORMATS


class BankImportWizard(models.TransientModel):
    """Many bank files at once: shown before anything is written, then imported."""

    _name = "bank.import.wizard"
    _description = "Import Bank Files"

    company_id = fields.Many2one(comodel_name="res.company", default=lambda self: self.env.company)
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Journal",
        domain="[('type', 'in', ('bank', 'credit'))]",
        help="Needed only for files that name no account, or an account that no journal has."
        " All others find their journal by themselves.",
    )
    profile_id = fields.Many2one(
        comodel_name="bank.statement.profile",
        string="CSV Profile",
        help="Columns of CSV files with unusual titles. Empty: the profile of the journal, or none.",
    )
    attachment_ids = fields.Many2many(comodel_name="ir.attachment", string="Add files")
    line_ids = fields.One2many(comodel_name="bank.import.wizard.line", inverse_name="wizard_id")
    state = fields.Selection(
        selection=[("draft", "Check"), ("done", "Result")], default="draft", required=True
    )
    ready_count = fields.Integer(compute="_compute_counts")
    problem_count = fields.Integer(compute="_compute_counts")
    new_count = fields.Integer(compute="_compute_counts")
    known_count = fields.Integer(compute="_compute_counts")
    applied_count = fields.Integer(compute="_compute_counts")
    suggested_count = fields.Integer(compute="_compute_counts")
    manual_count = fields.Integer(compute="_compute_counts")
    is_matched = fields.Boolean(compute="_compute_counts")
    remarks = fields.Html(compute="_compute_remarks", sanitize=False)

    @api.depends("line_ids")
    def _compute_counts(self):
        for wizard in self:
            lines = wizard.line_ids
            done = lines.filtered("log_id") if wizard.state == "done" else lines
            wizard.ready_count = len(lines.filtered(lambda line: line.state in ("ready", "remarks")))
            wizard.problem_count = len(lines.filtered(lambda line: line.state == "problem"))
            wizard.new_count = sum(done.mapped("new_count"))
            wizard.known_count = sum(done.mapped("known_count"))
            for name in ("applied_count", "suggested_count", "manual_count"):
                wizard[name] = sum(done.log_id.mapped(name))
            wizard.is_matched = any((wizard.applied_count, wizard.suggested_count, wizard.manual_count))

    @api.depends("line_ids")
    def _compute_remarks(self):
        """Everything worth saying about the files, below the table, where sentences have room."""
        for wizard in self:
            wizard.remarks = Markup().join(
                Markup('<p class="mb-1 fw-bold {}">{}</p><ul class="mb-3 {}">{}</ul>').format(
                    "text-danger" if line.state == "problem" else "",
                    line.filename,
                    "text-danger" if line.state == "problem" else "text-muted",
                    Markup().join(Markup("<li>{}</li>").format(text) for text in line.remarks.splitlines()),
                )
                for line in wizard.line_ids
                if line.remarks
            )

    @api.onchange("attachment_ids", "journal_id", "profile_id")
    def _onchange_files(self):
        self.line_ids = [Command.clear(), *(Command.create(vals) for vals in self._prepare_preview())]

    def _refresh_preview(self):
        """The same for a wizard that was made with its files."""
        self.ensure_one()
        self.line_ids = [Command.clear(), *(Command.create(vals) for vals in self._prepare_preview())]

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import bank files"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # --- preview ---------------------------------------------------------
    def _read_files(self):
        """Yield (attachment, data, statements, problem) for each file: read only, nothing is written."""
        Journal = self.env["account.journal"]
        journal = self.journal_id._origin or Journal
        profile = self.profile_id._origin or None
        for attachment in self.attachment_ids._origin.sorted("id"):
            # Uploads belong to their uploader until they are imported.
            data = attachment.raw or b""
            try:
                yield attachment, data, journal._read_bank_file(attachment.name, data, profile), ""
            except UserError as error:
                yield attachment, data, [], str(error)

    def _prepare_preview(self):
        """Values of the preview's rows: one per account of each file, or one with its problem."""
        journal = self.journal_id._origin
        journals = journal._get_bank_journals(journal.company_id or self.env.companies)
        seen, rows = {}, []
        for attachment, data, statements, problem in self._read_files():
            digest = hashlib.sha256(data).hexdigest()
            if digest in seen and not problem:
                problem = self.env._(
                    "%(file)s is the same file as %(other)s.", file=attachment.name, other=seen[digest]
                )
            seen.setdefault(digest, attachment.name)
            if problem:
                rows.append(self._prepare_problem(attachment, problem))
                continue
            rows += [self._prepare_row(attachment, statement, journals) for statement in statements]
        return rows

    def _prepare_problem(self, attachment, problem):
        return {
            "attachment_id": attachment.id,
            "filename": attachment.name,
            "state": "problem",
            "remarks": problem,
        }

    def _prepare_row(self, attachment, statement, journals):
        # A file that names the account of another journal goes there: the wizard routes.
        chosen = self.journal_id._origin
        journal, problem = chosen._find_statement_journal(statement, journals)
        row = {
            "attachment_id": attachment.id,
            "filename": attachment.name,
            "file_format": statement.format,
            "account": statement.account,
            "date_from": statement.date_from,
            "date_to": statement.date_to,
            "credited": float(statement.credited),
            "debited": float(statement.debited),
        }
        if not journal:
            return {**row, "state": "problem", "remarks": problem}
        plan = journal._plan_bank_import(statement)
        remarks = ([problem] if problem else []) + journal._get_import_remarks(statement, plan)
        if not plan.new and plan.known:
            remarks.insert(0, self.env._("What can be read is there already: nothing would be added."))
        if plan.new:
            state = "remarks" if remarks else "ready"
        else:
            state = "problem" if plan.locked or (plan.unread and not plan.known) else "nothing"
        return {
            **row,
            "journal_id": journal.id,
            "currency_id": journal._get_bank_currency().id,
            "opening": float(statement.opening or 0),
            "closing": float(statement.closing or 0),
            "has_balances": statement.opening is not None and statement.closing is not None,
            "new_count": len(plan.new),
            "known_count": len(plan.known),
            "refused_count": len(plan.locked) + len(plan.unread),
            "remarks": "\n".join(remarks),
            "state": state,
        }

    # --- import ----------------------------------------------------------
    def action_import(self):
        """Import what can be imported; a file that fails leaves the others alone."""
        self.ensure_one()
        self.env["account.journal"]._check_bank_import_access()
        if not self.attachment_ids:
            raise UserError(self.env._("Add at least one file."))
        rows = []
        journals = self.journal_id._get_bank_journals(self.journal_id.company_id or self.env.companies)
        for attachment, data, statements, problem in self._read_files():
            if problem:
                self._log_refused(attachment, data, problem)
                rows.append(self._prepare_problem(attachment, problem))
            for statement in statements:
                rows.append(self._import_row(attachment, data, statement, journals))
        self.write({"state": "done", "line_ids": [Command.clear(), *(Command.create(row) for row in rows)]})
        return self._get_action()

    def _import_row(self, attachment, data, statement, journals):
        row = self._prepare_row(attachment, statement, journals)
        journal = self.env["account.journal"].browse(row.get("journal_id"))
        if not journal:
            self._log_refused(attachment, data, row["remarks"])
            return row
        notes = [journal._find_statement_journal(statement, journals)[1]] if statement.account else []
        try:
            with self.env.cr.savepoint():
                result = journal._import_statement(
                    attachment.name, data, statement, [note for note in notes if note], attachment
                )
        except UserError as error:
            return self._prepare_problem(attachment, str(error))
        return {
            **row,
            "new_count": result["new"],
            "known_count": result["known"],
            "refused_count": result["locked"] + result["unread"],
            "remarks": "\n".join(result["warnings"]),
            "state": "imported" if result["new"] else row["state"],
            "log_id": result["log_id"],
        }

    def _log_refused(self, attachment, data, problem):
        """A refused file leaves its trace too: who tried what, and why it did not go in."""
        company = self.journal_id.company_id or self.env.company
        self.env["bank.statement.import.log"].sudo().create(
            {
                "company_id": company.id,
                "journal_id": self.journal_id.id,
                "currency_id": company.currency_id.id,
                "user_id": self.env.uid,
                "filename": attachment.name,
                "sha256": hashlib.sha256(data).hexdigest(),
                "warnings": problem,
                "state": "refused",
            }
        )

    def action_open_lines(self):
        """The lines that came in."""
        return self.line_ids.log_id.action_open_lines()

    def action_match(self):
        """The decisions that wait for a person, of the lines that came in."""
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_payment_match")
        return {**action, "domain": [("statement_line_id.import_log_id", "in", self.line_ids.log_id.ids)]}

    def action_open_logs(self):
        """The log entries of this import."""
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_bank_import_log")
        logs = self.line_ids.log_id
        if len(logs) == 1:
            action.update({"res_id": logs.id, "views": [(False, "form")], "view_mode": "form"})
        else:
            action["domain"] = [("id", "in", logs.ids)]
        return action

    def action_more(self):
        """An empty wizard for the next files."""
        return self.create({"journal_id": self.journal_id.id})._get_action()


class BankImportWizardLine(models.TransientModel):
    _name = "bank.import.wizard.line"
    _description = "File in a Bank Import"
    _order = "id"

    wizard_id = fields.Many2one(
        comodel_name="bank.import.wizard", required=True, ondelete="cascade", index=True
    )
    attachment_id = fields.Many2one(comodel_name="ir.attachment", ondelete="cascade")
    filename = fields.Char(string="File")
    file_format = fields.Selection(selection="_selection_file_format", string="Format")
    account = fields.Char()
    journal_id = fields.Many2one(comodel_name="account.journal", string="Journal")
    currency_id = fields.Many2one(comodel_name="res.currency")
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To")
    credited = fields.Monetary(string="Received")
    debited = fields.Monetary(string="Spent")
    opening = fields.Monetary(string="Opening Balance")
    closing = fields.Monetary(string="Closing Balance")
    has_balances = fields.Boolean()
    new_count = fields.Integer(string="New")
    known_count = fields.Integer(
        string="Known", help="Lines that an earlier import brought: left as they are."
    )
    refused_count = fields.Integer(string="Refused", help="Unreadable lines, and lines in a locked period.")
    remarks = fields.Text()
    state = fields.Selection(
        selection=[
            ("ready", "Ready"),
            ("remarks", "With remarks"),
            ("imported", "Imported"),
            ("nothing", "Nothing new"),
            ("problem", "Problem"),
        ]
    )
    log_id = fields.Many2one(comodel_name="bank.statement.import.log")

    @api.model
    def _selection_file_format(self):
        """Every format that has a reader: a new one is a new file there, and nothing here."""
        return [(fmt.code, fmt.name) for fmt in FORMATS]
