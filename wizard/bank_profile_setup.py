import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..core.bank_formats import Profile, preview
from ..models.cash_application.bank_file_messages import describe, describe_error
from .bank_profile_preview import KNOWN, draw_preview

PREVIEW_ROWS = 8


class BankProfileSetup(models.TransientModel):
    """A profile made by looking at a file: its columns, what they may be, and how rows will be read.

    What a column may be is offered; only the user makes it so. The sample is a bank statement: it stays in
    this wizard, which only its user sees, and goes when wizards are cleaned up.
    """

    _name = "bank.profile.setup"
    _description = "Set up a Bank File Profile"

    profile_id = fields.Many2one(comodel_name="bank.statement.profile", string="Profile", readonly=True)
    name = fields.Char(string="Name of the Profile")
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Use for the Journal",
        domain="[('type', 'in', ('bank', 'credit'))]",
        help="Files imported into this journal are read with the profile from now on.",
    )
    import_wizard_id = fields.Many2one(comodel_name="bank.import.wizard", readonly=True)
    sample = fields.Binary(string="File", attachment=False)
    sample_name = fields.Char()
    delimiter = fields.Selection(selection=lambda self: self._selection("delimiter"))
    decimal_mark = fields.Selection(selection=lambda self: self._selection("decimal_mark"))
    date_order = fields.Selection(selection=lambda self: self._selection("date_order"))
    unsigned_amount = fields.Selection(
        selection=lambda self: self._selection("unsigned_amount"), string="Amounts without Sign"
    )
    column_ids = fields.One2many(comodel_name="bank.profile.setup.column", inverse_name="setup_id")
    has_guesses = fields.Boolean(compute="_compute_has_guesses")
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    problem = fields.Text(compute="_compute_preview")

    @api.model
    def _selection(self, name):
        return self.env["bank.statement.profile"]._fields[name]._description_selection(self.env)

    # --- reading the sample ----------------------------------------------
    def _get_profile(self):
        """The profile as it stands on the screen, for `core`."""
        self.ensure_one()
        columns = {}
        for column in self.column_ids:
            if column.role and column.title:
                columns[column.role] = (*columns.get(column.role, ()), column.title)
        if self.profile_id and not self.column_ids:
            columns = self.profile_id.sudo()._to_core().columns
        return Profile(
            name=self.name or "",
            columns=columns,
            delimiter=self.delimiter or "",
            decimal=self.decimal_mark or "",
            date_order=self.date_order or "",
            unsigned_amount=self.unsigned_amount or "",
        )

    def _read_sample(self):
        limits = self.env["account.journal"]._get_bank_file_limits()
        # The web client asks for sizes instead of contents.
        data = base64.b64decode(self.with_context(bin_size=False).sample or b"")
        return preview(data, self.sample_name or "", self._get_profile(), limits, PREVIEW_ROWS)

    @api.onchange("sample", "delimiter")
    def _onchange_sample(self):
        """The columns of another file; what was chosen for a title stays chosen."""
        self._load_columns()

    def _load_columns(self):
        chosen = {column.title: column.role for column in self.column_ids if column.role}
        commands = [Command.clear()]
        if self.sample:
            shown = self._read_sample()
            commands += [Command.create(values) for values in self._prepare_columns(shown, chosen)]
        self.column_ids = commands

    def _prepare_columns(self, shown, chosen):
        for guess in shown.columns:
            cells = [row.cells[guess.column].text for row in shown.rows if guess.column < len(row.cells)]
            known = guess.role if guess.confidence >= KNOWN else False
            yield {
                "sequence": guess.column,
                "title": guess.title,
                "example": " · ".join([cell.strip()[:40] for cell in cells if cell.strip()][:2]),
                "role": chosen.get(guess.title, known),
                "guess_role": guess.role if not known else False,
                "reason": describe(self.env, guess.reason, guess.params) if guess.reason else "",
            }

    @api.depends("column_ids.guess_role", "column_ids.role")
    def _compute_has_guesses(self):
        for setup in self:
            setup.has_guesses = bool(setup.column_ids._get_open_guesses())

    @api.depends(
        "sample",
        "sample_name",
        "delimiter",
        "decimal_mark",
        "date_order",
        "unsigned_amount",
        "column_ids.role",
        "column_ids.title",
    )
    def _compute_preview(self):
        for setup in self:
            setup.preview = setup.problem = False
            if setup.sample:
                shown = setup._read_sample()
                setup.problem = describe_error(self.env, shown.error) if shown.error else False
                setup.preview = draw_preview(self.env, shown)

    # --- buttons ---------------------------------------------------------
    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set up columns"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_take_guesses(self):
        """Take over what is offered, where nothing was chosen yet."""
        self.ensure_one()
        for column in self.column_ids._get_open_guesses():
            column.role = column.guess_role
        return self._get_action()

    def action_save(self):
        """Make or change the profile; one with which the sample cannot be read is refused."""
        self.ensure_one()
        self.env["account.journal"]._check_bank_import_access()
        if not self.sample:
            raise UserError(self.env._("Add a file first."))
        if not self.name:
            raise UserError(self.env._("Give the profile a name."))
        if self.problem:
            raise UserError(self.problem)
        rows = self.column_ids.filtered(lambda column: column.role and column.title)
        values = {
            "name": self.name,
            "delimiter": self.delimiter,
            "decimal_mark": self.decimal_mark,
            "date_order": self.date_order,
            "unsigned_amount": self.unsigned_amount,
            "column_ids": [
                Command.clear(),
                *(
                    Command.create({"sequence": row.sequence, "title": row.title, "role": row.role})
                    for row in rows
                ),
            ],
        }
        if self.profile_id:
            self.profile_id.write(values)
            profile = self.profile_id
        else:
            profile = self.env["bank.statement.profile"].create(
                {**values, "company_id": self.journal_id.company_id.id or self.env.company.id}
            )
        if self.journal_id:
            self.journal_id.check_access("read")
            # sudo: cash application may say how its bank's files are read, and nothing else of a journal.
            self.journal_id.sudo().bank_statement_profile_id = profile
        if wizard := self.import_wizard_id:
            wizard.profile_id = profile
            wizard._refresh_preview()
            return wizard._get_action()
        return {
            "type": "ir.actions.act_window",
            "res_model": profile._name,
            "res_id": profile.id,
            "views": [(False, "form")],
        }

    def action_back(self):
        """To the import, without a profile."""
        return self.import_wizard_id._get_action()


class BankProfileSetupColumn(models.TransientModel):
    _name = "bank.profile.setup.column"
    _description = "Column of a Sample File"
    _order = "sequence, id"

    setup_id = fields.Many2one(
        comodel_name="bank.profile.setup", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer()
    title = fields.Char(string="Title in the File")
    example = fields.Char(string="First Rows")
    role = fields.Selection(selection=lambda self: self._selection_role(), string="Meaning")
    guess_role = fields.Selection(selection=lambda self: self._selection_role(), string="Perhaps")
    reason = fields.Char(string="Because")

    @api.model
    def _selection_role(self):
        return self.env["bank.statement.profile.column"]._fields["role"]._description_selection(self.env)

    def _get_open_guesses(self):
        """Columns with an offer that nobody has taken, for meanings that no other column has."""
        taken = set(self.mapped("role"))
        return self.filtered(
            lambda column: (
                column.title and column.guess_role and not column.role and column.guess_role not in taken
            )
        )


class BankStatementProfile(models.Model):
    _inherit = "bank.statement.profile"

    def action_set_up(self):
        """Look at a file through this profile."""
        self.ensure_one()
        setup = self.env["bank.profile.setup"].create(
            {
                "profile_id": self.id,
                "name": self.name,
                "delimiter": self.delimiter,
                "decimal_mark": self.decimal_mark,
                "date_order": self.date_order,
                "unsigned_amount": self.unsigned_amount,
            }
        )
        return setup._get_action()
