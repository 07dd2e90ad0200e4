from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.bank_formats import ROLES, Profile


class BankStatementProfile(models.Model):
    """Which column of a bank's delimited file is what."""

    _name = "bank.statement.profile"
    _description = "Bank File Profile"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company", help="Empty: the profile can be used in every company."
    )
    column_ids = fields.One2many(
        comodel_name="bank.statement.profile.column", inverse_name="profile_id", string="Columns", copy=True
    )
    delimiter = fields.Selection(
        selection=[(";", "Semicolon"), (",", "Comma"), ("\t", "Tab"), ("|", "Vertical bar")],
        help="Empty: found by looking at the file.",
    )
    decimal_mark = fields.Selection(
        selection=[(",", "Comma (1 234,56)"), (".", "Point (1,234.56)")],
        help="Needed only where a file leaves it open, as 1.234 does. Empty: the amounts of the file decide.",
    )
    date_order = fields.Selection(
        selection=[("dmy", "Day first"), ("mdy", "Month first")],
        help="Empty: day first, unless the dates of the file are only possible with the month first.",
    )
    unsigned_amount = fields.Selection(
        selection=[("credit", "Money received"), ("debit", "Money spent")],
        string="Amounts without Sign",
        help="For files with one amount column that has no sign and no direction. Empty: such a file is"
        " refused, because the direction of money is never guessed.",
    )

    def _to_core(self):
        """The profile as the readers take it; None for an empty recordset."""
        if not self:
            return None
        columns = {}
        for column in self.column_ids:
            columns[column.role] = (*columns.get(column.role, ()), column.title)
        return Profile(
            name=self.name,
            columns=columns,
            delimiter=self.delimiter or "",
            decimal=self.decimal_mark or "",
            date_order=self.date_order or "",
            unsigned_amount=self.unsigned_amount or "",
        )


class BankStatementProfileColumn(models.Model):
    _name = "bank.statement.profile.column"
    _description = "Column of a Bank File Profile"
    _order = "sequence, id"

    profile_id = fields.Many2one(
        comodel_name="bank.statement.profile", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="profile_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    title = fields.Char(
        string="Title in the File", required=True, help="As in the header row; capitals and № do not matter."
    )
    role = fields.Selection(
        selection=[
            ("date", "Date"),
            ("value_date", "Value date"),
            ("number", "Document number"),
            ("debit", "Debit (money spent)"),
            ("credit", "Credit (money received)"),
            ("amount", "Amount with sign"),
            ("direction", "Direction"),
            ("party", "Counterparty"),
            ("tax_id", "BIN/IIN"),
            ("account", "Counterparty account"),
            ("bank", "Counterparty bank (BIC)"),
            ("purpose_code", "KNP"),
            ("purpose", "Purpose"),
            ("balance", "Balance"),
            ("currency", "Currency"),
        ],
        string="Meaning",
        required=True,
    )

    @api.constrains("role")
    def _check_role(self):
        for column in self:
            if column.role not in ROLES:
                raise ValidationError(
                    self.env._("The column %s has a meaning that no reader knows.", column.title)
                )
