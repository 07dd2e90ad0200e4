from odoo import api, fields, models

from ..core.bank_formats import FORMATS


class BankImportWizardLine(models.TransientModel):
    """One account of one file, as the preview shows it and as it came in."""

    _name = "bank.import.wizard.line"
    _description = "File in a Bank Import"
    _order = "id"

    wizard_id = fields.Many2one(
        comodel_name="bank.import.wizard", required=True, ondelete="cascade", index=True
    )
    attachment_id = fields.Many2one(comodel_name="ir.attachment", ondelete="cascade")
    # Which part of the attachment: the file of an archive, and the account of that file, counted from 0.
    member = fields.Char()
    place = fields.Integer()
    filename = fields.Char(string="File")
    file_format = fields.Selection(selection="_selection_file_format", string="Format")
    account = fields.Char()
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Journal",
        domain="[('type', 'in', ('bank', 'credit'))]",
        help="Found by the account number. For a number that no journal has, choose one:"
        " it is remembered for the next file.",
    )
    is_journal_fixed = fields.Boolean(help="The account number of the journal stands in the file.")
    is_chosen = fields.Boolean(help="The journal was chosen by hand, for this file.")
    import_duplicates = fields.Boolean(
        string="Import All the Same",
        help="Import the possible duplicates too: lines whose day and amount the journal holds already,"
        " from a file of another format or entered by hand.",
    )
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
    duplicate_count = fields.Integer(
        string="Possible Duplicates",
        help="Lines of a day and amount that the journal holds already, from a file of another format or"
        " entered by hand. They are left out unless you say otherwise.",
    )
    refused_count = fields.Integer(string="Refused", help="Unreadable lines, and lines in a locked period.")
    remarks = fields.Text()
    state = fields.Selection(
        selection=[
            ("ready", "Ready"),
            ("remarks", "With remarks"),
            ("journal", "Choose the journal"),
            ("imported", "Imported"),
            ("queued", "In the background"),
            ("nothing", "Nothing new"),
            ("problem", "Problem"),
        ]
    )
    log_id = fields.Many2one(comodel_name="bank.statement.import.log")

    @api.model
    def _selection_file_format(self):
        """Every format that has a reader: a new one is a new file there, and nothing here."""
        return [(fmt.code, fmt.name) for fmt in FORMATS]

    @api.onchange("journal_id")
    def _onchange_journal_id(self):
        if not self.is_journal_fixed:
            self.is_chosen = bool(self.journal_id)
            self._plan_again()

    @api.onchange("import_duplicates")
    def _onchange_import_duplicates(self):
        self._plan_again()

    def _plan_again(self):
        """The row as it is with what the user has chosen in it."""
        statement = self._read_statement()
        if statement:
            choice = self._get_choice()
            self.update(self.wizard_id._prepare_row(self._get_source(), statement, choice=choice))

    def _read_statement(self):
        """The statement of this row, read again; None when it cannot be."""
        wizard = self.wizard_id
        for source in wizard._read_files(self.attachment_id._origin):
            if source.member == (self.member or "") and self.place < len(source.statements):
                return source.statements[self.place]
        return None

    def _get_source(self):
        return self.attachment_id._origin, self.member or "", self.place, self.filename

    def _get_choice(self):
        """(journal chosen by hand or empty, whether possible duplicates are wanted)."""
        journal = self.journal_id._origin if self.is_chosen else self.env["account.journal"]
        return journal, self.import_duplicates
