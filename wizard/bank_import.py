import hashlib
from collections import defaultdict
from typing import NamedTuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..core.bank_formats import fold_account


class BankFile(NamedTuple):
    """A file of the wizard as it was read: of an archive one for each member."""

    attachment: models.BaseModel
    member: str
    name: str
    data: bytes
    statements: list
    problem: str


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
        string="Table Profile",
        help="Columns of CSV and Excel files with unusual titles. Empty: the journal's profile, or none.",
    )
    attachment_ids = fields.Many2many(comodel_name="ir.attachment", string="Add files")
    line_ids = fields.One2many(comodel_name="bank.import.wizard.line", inverse_name="wizard_id")
    state = fields.Selection(
        selection=[("draft", "Check"), ("done", "Result")], default="draft", required=True
    )
    ready_count = fields.Integer(compute="_compute_counts")
    problem_count = fields.Integer(compute="_compute_counts")
    choice_count = fields.Integer(compute="_compute_counts")
    new_count = fields.Integer(compute="_compute_counts")
    known_count = fields.Integer(compute="_compute_counts")
    duplicate_count = fields.Integer(compute="_compute_counts")
    with_duplicates = fields.Boolean(compute="_compute_counts")
    refused_count = fields.Integer(compute="_compute_counts")
    applied_count = fields.Integer(compute="_compute_counts")
    suggested_count = fields.Integer(compute="_compute_counts")
    manual_count = fields.Integer(compute="_compute_counts")
    is_matched = fields.Boolean(compute="_compute_counts")
    remarks = fields.Html(compute="_compute_remarks", sanitize=False)

    @api.depends(
        "line_ids.state", "line_ids.new_count", "line_ids.duplicate_count", "line_ids.import_duplicates"
    )
    def _compute_counts(self):
        for wizard in self:
            lines = wizard.line_ids
            done = lines.filtered("log_id") if wizard.state == "done" else lines
            wizard.ready_count = len(lines.filtered(lambda line: line.state in ("ready", "remarks")))
            wizard.problem_count = len(lines.filtered(lambda line: line.state == "problem"))
            wizard.choice_count = len(lines.filtered(lambda line: line.state == "journal"))
            wizard.new_count = sum(done.mapped("new_count"))
            wizard.known_count = sum(done.mapped("known_count"))
            wizard.duplicate_count = sum(done.mapped("duplicate_count"))
            wizard.refused_count = sum(lines.mapped("refused_count"))
            wizard.with_duplicates = any(lines.mapped("import_duplicates"))
            for name in ("applied_count", "suggested_count", "manual_count"):
                wizard[name] = sum(done.log_id.mapped(name))
            wizard.is_matched = any((wizard.applied_count, wizard.suggested_count, wizard.manual_count))

    @api.depends("line_ids.remarks", "line_ids.state", "line_ids.filename")
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
        self._refresh_preview()

    def _refresh_preview(self):
        """Read all files again; what was chosen in a row stays chosen."""
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
    def _read_files(self, attachments=None, only=None):
        """Yield a `BankFile` for each file, those of an archive one by one: nothing is written.

        `only`: the name of the one member of an archive that is wanted; "" for a file that is no archive.
        """
        journal = self.journal_id._origin or self.env["account.journal"]
        profile = self.profile_id._origin or None
        for attachment in (self.attachment_ids._origin if attachments is None else attachments).sorted("id"):
            # Uploads belong to their uploader until they are imported.
            data = attachment.raw or b""
            try:
                files = journal._unpack_bank_file(attachment.name, data)
            except UserError as error:
                yield BankFile(attachment, "", attachment.name, data, [], str(error))
                continue
            for name, content in files:
                member = "" if content is data else name
                if only is not None and member != only:
                    continue
                shown = f"{attachment.name} / {name}" if member else name
                try:
                    statements, problem = journal._read_bank_file(name, content, profile), ""
                except UserError as error:
                    statements, problem = [], str(error)
                yield BankFile(attachment, member, shown, content, statements, problem)

    def _get_journals(self):
        journal = self.journal_id._origin
        return self.env["account.journal"]._get_bank_journals(journal.company_id or self.env.companies)

    def _get_choices(self):
        """What the user has chosen in the rows: (attachment, member, place) -> (journal, duplicates too)."""
        return {
            (line.attachment_id._origin.id, line.member or "", line.place): line._get_choice()
            for line in self.line_ids
        }

    def _prepare_preview(self):
        """Values of the preview's rows: one per account of each file, or one with its problem."""
        journals, choices = self._get_journals(), self._get_choices()
        seen, rows, earlier = {}, [], defaultdict(list)
        for file in self._read_files():
            digest, problem = hashlib.sha256(file.data).hexdigest(), file.problem
            if digest in seen and not problem:
                problem = self.env._(
                    "%(file)s is the same file as %(other)s.", file=file.name, other=seen[digest]
                )
            seen.setdefault(digest, file.name)
            if problem:
                rows.append(self._prepare_problem(file.attachment, problem, file.name, file.member))
                continue
            for place, statement in enumerate(file.statements):
                source = file.attachment, file.member, place, file.name
                choice = choices.get((file.attachment.id, file.member, place))
                rows.append(self._prepare_row(source, statement, journals, choice, earlier))
        return rows

    def _prepare_problem(self, attachment, problem, name=None, member=""):
        return {
            "attachment_id": attachment.id,
            "member": member,
            "filename": name or attachment.name,
            "state": "problem",
            "remarks": problem,
        }

    def _find_row_journal(self, statement, journals, chosen):
        """(journal or empty, problem or remark, whether the account number leaves no choice)."""
        account = fold_account(statement.account)
        owners = (account and journals.get(account)) or self.env["account.journal"]
        # sudo: compared only; bank accounts are not for everybody to read.
        numbers = owners.sudo().bank_account_id.mapped("acc_number")
        if account in map(fold_account, numbers):
            # A file that names the account of a journal goes there: the wizard routes.
            return *self.journal_id._origin._find_statement_journal(statement, journals), True
        if chosen:
            return *chosen._find_statement_journal(statement, journals, by_hand=True), False
        return *self.journal_id._origin._find_statement_journal(statement, journals), False

    def _prepare_row(self, source, statement, journals=None, choice=None, earlier=None):
        """Values of a row: (attachment, member, place, name) of the file, and what importing it would do.

        `earlier`: journal id -> (format, transaction) of the rows before, added to.
        """
        attachment, member, place, name = source
        chosen, with_duplicates = choice or (self.env["account.journal"], False)
        if journals is None:
            journals = self._get_journals()
        journal, problem, fixed = self._find_row_journal(statement, journals, chosen)
        row = {
            "attachment_id": attachment.id,
            "member": member,
            "place": place,
            "filename": name,
            "file_format": statement.format,
            "account": statement.account,
            "date_from": statement.date_from,
            "date_to": statement.date_to,
            "credited": float(statement.credited),
            "debited": float(statement.debited),
            "journal_id": journal.id or chosen.id,
            "is_journal_fixed": fixed,
            "is_chosen": bool(chosen) and not fixed,
            "import_duplicates": with_duplicates,
            "currency_id": False,
            "new_count": 0,
            "known_count": 0,
            "duplicate_count": 0,
            "refused_count": 0,
        }
        if not journal:
            return {**row, "state": "problem" if fixed else "journal", "remarks": problem}
        earlier = defaultdict(list) if earlier is None else earlier
        accepted = {line.fingerprint for line in statement.transactions} if with_duplicates else set()
        plan = journal._plan_bank_import(statement, accepted, earlier[journal.id])
        earlier[journal.id] += [(statement.format, line) for line in plan.new]
        remarks = ([problem] if problem else []) + journal._get_import_remarks(statement, plan)
        if not plan.new and plan.known:
            remarks.insert(0, self.env._("What can be read is there already: nothing would be added."))
        if plan.new:
            state = "remarks" if remarks else "ready"
        else:
            state = "problem" if plan.locked or (plan.unread and not plan.known) else "nothing"
        if plan.duplicates:
            # Nothing to import perhaps, but something to decide: the file is not to be passed over.
            state = "remarks"
        return {
            **row,
            "currency_id": journal._get_bank_currency().id,
            "opening": float(statement.opening or 0),
            "closing": float(statement.closing or 0),
            "has_balances": statement.opening is not None and statement.closing is not None,
            "new_count": len(plan.new),
            "known_count": len(plan.known),
            "duplicate_count": len(plan.duplicates),
            "refused_count": len(plan.locked) + len(plan.unread),
            "remarks": "\n".join(remarks),
            "state": state,
        }
