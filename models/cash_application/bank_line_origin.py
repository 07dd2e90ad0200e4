from odoo import fields, models


class AccountBankStatementLine(models.Model):
    """What the bank said about a line, kept as it came; nothing here is ever computed anew."""

    _inherit = "account.bank.statement.line"

    i2c_fingerprint = fields.Char(
        string="Fingerprint",
        readonly=True,
        copy=False,
        help="The same for the same operation in every file of the bank: what keeps it from being"
        " imported twice.",
    )
    import_log_id = fields.Many2one(
        comodel_name="bank.statement.import.log",
        string="Imported from",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    bank_booking_date = fields.Date(
        string="Bank Date", readonly=True, copy=False, help="The day on which the bank booked the operation."
    )
    bank_value_date = fields.Date(
        string="Value Date",
        readonly=True,
        copy=False,
        help="The day from which the money counts, if the bank says so.",
    )
    bank_document_number = fields.Char(string="Document No.", readonly=True, copy=False)
    payer_name = fields.Char(
        string="Counterparty",
        readonly=True,
        copy=False,
        help="Name of the other side as the bank wrote it.",
    )
    payer_tax_id = fields.Char(
        string="BIN/IIN",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="BIN, IIN or INN of the other side as the bank wrote it.",
    )
    payer_account = fields.Char(
        string="Counterparty Account", readonly=True, copy=False, index="btree_not_null"
    )
    payer_bank = fields.Char(string="Counterparty Bank", readonly=True, copy=False)
    ultimate_payer_name = fields.Char(
        string="Actual Payer",
        readonly=True,
        copy=False,
        help="Who pays in fact, when the bank names somebody behind the owner of the account.",
    )
    ultimate_payer_tax_id = fields.Char(string="Actual Payer BIN/IIN", readonly=True, copy=False)
    payment_purpose = fields.Text(readonly=True, copy=False)
    purpose_code = fields.Char(
        string="KNP", readonly=True, copy=False, help="Payment purpose code (КНП) of Kazakh payments."
    )
    bank_reference = fields.Char(
        readonly=True, copy=False, help="The bank's own id of the operation, if it gives one."
    )
    end_to_end = fields.Char(
        string="End-to-End Reference",
        readonly=True,
        copy=False,
        help="The reference that the payer gave the payment and that travelled with it.",
    )
    own_transfer = fields.Boolean(
        string="Own Transfer",
        readonly=True,
        copy=False,
        help="Money moved between two accounts of the company: never matched with invoices.",
    )

    # Serves the duplicate look-up of every import, and keeps two imports at once apart.
    _i2c_fingerprint_unique = models.UniqueIndex(
        "(journal_id, i2c_fingerprint) WHERE i2c_fingerprint IS NOT NULL",
        "This bank operation is in the journal already.",
    )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_payment_order_numbers(self) -> dict[int, str]:
        """{id of an entry: number of the payment order that the bank told for it}; one query."""
        # sudo: who may read the entry may know by which payment order it came.
        lines = (
            self.env["account.bank.statement.line"]
            .sudo()
            .search_fetch(
                [("move_id", "in", self.ids), ("bank_document_number", "not in", (False, ""))],
                ["move_id", "bank_document_number"],
            )
        )
        return {line.move_id.id: line.bank_document_number for line in lines}
