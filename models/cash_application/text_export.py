from odoo import models

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class BankTextExport(models.AbstractModel):
    """Texts of strangers in a spreadsheet: a purpose that begins like a formula stays a text.

    Odoo guards its CSV export against `=`, `+` and `-`, and its Excel export against nothing.
    """

    _name = "bank.text.export"
    _description = "Export of Texts That Banks Send"

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        rows = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        return [[_harmless(cell) for cell in row] for row in rows]


def _harmless(cell):
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


class AccountBankStatementLine(models.Model):
    _name = "account.bank.statement.line"
    _inherit = ["account.bank.statement.line", "bank.text.export"]


class BankStatementImportDuplicate(models.Model):
    _name = "bank.statement.import.duplicate"
    _inherit = ["bank.statement.import.duplicate", "bank.text.export"]


class BankStatementImportLog(models.Model):
    _name = "bank.statement.import.log"
    _inherit = ["bank.statement.import.log", "bank.text.export"]


class PaymentMatch(models.Model):
    _name = "payment.match"
    _inherit = ["payment.match", "bank.text.export"]


class PayerAlias(models.Model):
    _name = "payer.alias"
    _inherit = ["payer.alias", "bank.text.export"]


class AccountMoveLine(models.Model):
    """The purpose of a bank line is the label of its entries."""

    _name = "account.move.line"
    _inherit = ["account.move.line", "bank.text.export"]
