from odoo import api, fields, models


class BankStatementImportLog(models.Model):
    """One file imported into one journal: who, when, what came of it."""

    _name = "bank.statement.import.log"
    _description = "Bank File Import"
    _order = "id desc"
    _rec_name = "filename"
    _check_company_auto = True

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    journal_id = fields.Many2one(
        comodel_name="account.journal", readonly=True, index="btree_not_null", check_company=True
    )
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Imported by", required=True, readonly=True)
    create_date = fields.Datetime(string="Imported on", readonly=True)
    filename = fields.Char(string="File", required=True, readonly=True)
    sha256 = fields.Char(
        string="Checksum",
        readonly=True,
        index=True,
        help="SHA-256 of the file: the same for a file that is byte by byte the same.",
    )
    attachment_id = fields.Many2one(comodel_name="ir.attachment", string="Original File", readonly=True)
    file_format = fields.Char(string="Format", readonly=True)
    account_number = fields.Char(string="Account in File", readonly=True)
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="To", readonly=True)
    credited = fields.Monetary(string="Received", readonly=True, help="Money received, of the new lines.")
    debited = fields.Monetary(string="Spent", readonly=True, help="Money spent, of the new lines.")
    new_count = fields.Integer(string="New", readonly=True)
    known_count = fields.Integer(
        string="Known", readonly=True, help="Lines that an earlier import brought: left as they are."
    )
    locked_count = fields.Integer(
        string="Locked", readonly=True, help="Lines refused because their date lies in a locked period."
    )
    duplicate_count = fields.Integer(
        string="Possible Duplicates",
        readonly=True,
        help="Lines left out because the journal holds one of the same day and amount from elsewhere.",
    )
    unread_count = fields.Integer(
        string="Unread", readonly=True, help="Lines whose amount, date or direction could not be read."
    )
    applied_count = fields.Integer(string="Applied", readonly=True)
    suggested_count = fields.Integer(string="Suggested", readonly=True)
    manual_count = fields.Integer(string="To Decide", readonly=True)
    warnings = fields.Text(readonly=True)
    state = fields.Selection(
        selection=[
            ("done", "Imported"),
            ("partial", "Imported with gaps"),
            ("duplicate", "Nothing new"),
            ("refused", "Refused"),
            ("undone", "Undone"),
        ],
        string="Result",
        required=True,
        readonly=True,
        default="done",
        index=True,
    )
    line_ids = fields.One2many(
        comodel_name="account.bank.statement.line",
        inverse_name="import_log_id",
        string="Lines",
        readonly=True,
    )
    duplicate_ids = fields.One2many(
        comodel_name="bank.statement.import.duplicate",
        inverse_name="log_id",
        string="Possible Duplicates Left Out",
        readonly=True,
    )
    statement_ids = fields.Many2many(
        comodel_name="account.bank.statement", string="Statements", readonly=True
    )

    @api.private
    def _keep_original(self, data, attachment=None):
        """Attach the file as it came: the upload itself, a copy when it belongs to something else."""
        self.ensure_one()
        free = attachment and (
            not attachment.sudo().res_id
            or attachment.sudo().res_model in (self._name, "bank.import.wizard", "bank.import.job")
        )
        if not free:
            if not data:
                return
            attachment = self.env["ir.attachment"].create({"name": self.filename, "raw": data})
        # sudo: logs are nobody's to write; the upload was read with the rights of its uploader.
        attachment = attachment.sudo()
        if attachment.res_model != self._name:
            attachment.write({"res_model": self._name, "res_id": self.id})
        self.attachment_id = attachment

    def action_open_lines(self):
        """The lines that these imports brought."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Imported Lines"),
            "res_model": "account.bank.statement.line",
            "view_mode": "list",
            "views": [(self.env.ref("invoice_to_cash.view_imported_line_list").id, "list")],
            "search_view_id": [self.env.ref("invoice_to_cash.view_imported_line_search").id, "search"],
            "domain": [("import_log_id", "in", self.ids)],
            "context": {"create": False},
        }

    def action_open_duplicates(self):
        """What was left out because it may be in the journal already."""
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_bank_import_duplicate")
        return {**action, "domain": [("log_id", "in", self.ids)]}

    def action_download(self):
        """The file as it came."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "download",
        }
