import base64

from odoo import api, fields, models

from ..core.bank_formats import preview

# Problems of a table that a profile solves.
_SOLVED = ("header_not_found", "amount_without_direction", "date_order_undecided", "amount_ambiguous")


class BankImportWizard(models.TransientModel):
    """Files whose columns are unknown: a profile is offered."""

    _inherit = "bank.import.wizard"

    offers_profile = fields.Boolean(compute="_compute_offers_profile")

    @api.depends("line_ids.offers_profile")
    def _compute_offers_profile(self):
        for wizard in self:
            wizard.offers_profile = any(wizard.line_ids.mapped("offers_profile"))

    def _prepare_problem(self, attachment, problem, name=None, member=""):
        """Extend: whether the file is a table whose columns somebody could name."""
        row = super()._prepare_problem(attachment, problem, name, member)
        shown = self._preview_table(attachment, member)
        solved = shown.error and shown.error.code in _SOLVED and shown.columns
        return {**row, "offers_profile": bool(solved)}

    def _get_table(self, attachment, member):
        """The bytes of a file, or of a member of an archive; empty when it is not there."""
        data = attachment.raw or b""
        if not member:
            return data
        files = dict(self.env["account.journal"]._unpack_bank_file(attachment.name, data))
        return files.get(member, b"")

    def _preview_table(self, attachment, member):
        limits = self.env["account.journal"]._get_bank_file_limits()
        profile = self.profile_id._origin or self.journal_id._origin.bank_statement_profile_id
        data = self._get_table(attachment, member)
        return preview(data, member or attachment.name, profile.sudo()._to_core(), limits)

    def action_set_up_columns(self):
        """Make a profile by the first file whose columns are unknown."""
        self.ensure_one()
        line = self.line_ids.filtered("offers_profile")[:1]
        name = line.member or line.attachment_id.name
        setup = self.env["bank.profile.setup"].create(
            {
                "name": self.journal_id.name,
                "journal_id": self.journal_id.id,
                "import_wizard_id": self.id,
                "sample": base64.b64encode(self._get_table(line.attachment_id, line.member)),
                "sample_name": name,
            }
        )
        setup._load_columns()
        return setup._get_action()


class BankImportWizardLine(models.TransientModel):
    _inherit = "bank.import.wizard.line"

    offers_profile = fields.Boolean()
