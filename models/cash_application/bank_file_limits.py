from odoo import api, fields, models

from ...core.bank_formats import Limits

MEGABYTE = 1024 * 1024
# Field of Limits -> (system parameter, unit, least and greatest value that may be set).
# The greatest keep a typing error from switching the guard off.
_LIMITS = {
    "bytes": ("invoice_to_cash.bank_file_megabytes", MEGABYTE, 1, 500),
    "lines": ("invoice_to_cash.bank_file_lines", 1, 100, 5_000_000),
    "columns": ("invoice_to_cash.bank_file_columns", 1, 10, 16_384),
    "unpacked_bytes": ("invoice_to_cash.bank_file_unpacked_megabytes", MEGABYTE, 1, 2_000),
    "members": ("invoice_to_cash.bank_file_members", 1, 1, 10_000),
    "ratio": ("invoice_to_cash.bank_file_ratio", 1, 10, 1_100),
}

# Creating a line takes Odoo 20 to 30 ms, and a request may take two minutes by default.
BACKGROUND_LINES, DEFAULT_BACKGROUND_LINES = "invoice_to_cash.bank_import_background_lines", 1_500


class AccountJournal(models.Model):
    _inherit = "account.journal"

    @api.model
    def _get_bank_file_limits(self) -> Limits:
        """How large a bank file may be; what is not set, or no number, has its default."""
        get_param = self.env["ir.config_parameter"].sudo().get_param
        values = {}
        for name, (key, unit, least, greatest) in _LIMITS.items():
            value = (get_param(key) or "").strip()
            if value.isascii() and value.isdigit() and len(value) < 10 and int(value):
                values[name] = min(max(int(value), least), greatest) * unit
        return Limits(**values)

    @api.model
    def _get_background_lines(self) -> int:
        """Files with more new lines than this are imported in the background."""
        value = (self.env["ir.config_parameter"].sudo().get_param(BACKGROUND_LINES) or "").strip()
        return int(value) if value.isascii() and value.isdigit() else DEFAULT_BACKGROUND_LINES


def _default(name):
    return getattr(Limits(), name) // _LIMITS[name][1]


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    bank_file_megabytes = fields.Integer(
        string="Size of a Bank File (MB)",
        config_parameter=_LIMITS["bytes"][0],
        default=lambda self: _default("bytes"),
    )
    bank_file_lines = fields.Integer(
        string="Lines of a Bank File",
        config_parameter=_LIMITS["lines"][0],
        default=lambda self: _default("lines"),
    )
    bank_file_columns = fields.Integer(
        string="Columns of a Bank File",
        config_parameter=_LIMITS["columns"][0],
        default=lambda self: _default("columns"),
    )
    bank_file_unpacked_megabytes = fields.Integer(
        string="Size of an Unpacked Archive (MB)",
        config_parameter=_LIMITS["unpacked_bytes"][0],
        default=lambda self: _default("unpacked_bytes"),
    )
    bank_file_members = fields.Integer(
        string="Files in an Archive",
        config_parameter=_LIMITS["members"][0],
        default=lambda self: _default("members"),
    )
    bank_file_ratio = fields.Integer(
        string="Packed How Tightly at Most",
        config_parameter=_LIMITS["ratio"][0],
        default=lambda self: _default("ratio"),
    )
    bank_import_background_lines = fields.Integer(
        string="Lines Imported at Once",
        config_parameter=BACKGROUND_LINES,
        default=DEFAULT_BACKGROUND_LINES,
    )
    bank_feed_root = fields.Char(related="company_id.bank_feed_root", readonly=False)
    bank_feed_hosts = fields.Char(
        string="Trusted Hosts of Bank Feeds", config_parameter="invoice_to_cash.bank_feed_hosts"
    )
