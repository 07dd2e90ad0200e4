from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core.bank_formats import StatementFormatError, fold_account, parse_statement, unpack
from .bank_file_messages import describe_error

GROUP = "invoice_to_cash.group_cash_application"


class AccountJournal(models.Model):
    """Bank files before anything is written: reading them, and the journal that they belong to."""

    _inherit = "account.journal"

    bank_statement_profile_id = fields.Many2one(
        comodel_name="bank.statement.profile",
        string="Bank File Profile",
        help="Tells the columns of the CSV files of this bank. Not needed for 1C files.",
    )

    # --- reading ---------------------------------------------------------
    @api.model
    def _check_bank_import_access(self):
        if not (self.env.su or self.env.user.has_group(GROUP)):
            raise AccessError(
                self.env._("Bank files can be imported by users of the group Receivables / Cash application.")
            )

    @api.model
    def _read_bank_file(self, filename, data, profile=None):
        """Statements of `core`, or a `UserError` that names file and line."""
        profile = profile if profile is not None else self.bank_statement_profile_id
        try:
            return parse_statement(data, filename, profile.sudo()._to_core(), self._get_bank_file_limits())
        except StatementFormatError as error:
            raise UserError(describe_error(self.env, error)) from error

    @api.model
    def _unpack_bank_file(self, filename, data):
        """The files in a file, [(name, bytes)]: members of an archive, or the file itself."""
        try:
            return unpack(data, filename, self._get_bank_file_limits())
        except StatementFormatError as error:
            raise UserError(describe_error(self.env, error)) from error

    @api.model
    def _get_bank_journals(self, company):
        """Folded account number -> its bank and credit journals, by their number or as remembered."""
        found = {}
        # sudo: the numbers find the journal; whoever imports may read journals, not bank accounts.
        journals = self.sudo().search([("company_id", "in", company.ids), ("type", "in", ("bank", "credit"))])
        for journal in journals:
            if number := fold_account(journal.bank_account_id.acc_number or ""):
                found[number] = found.get(number, self.browse()) | journal.sudo(False)
        remembered = self.env["bank.file.account"].sudo().search([("journal_id", "in", journals.ids)])
        for number, accounts in remembered.grouped("account").items():
            # The number of a journal is stronger than what somebody has chosen.
            found.setdefault(number, accounts.journal_id.sudo(False))
        return found

    def _find_statement_journal(self, statement, journals=None, by_hand=False):
        """Where a statement belongs: (journal, problem).

        `self` is the journal that the user chose, or empty. Without a problem the statement
        may be imported into the journal; with the journal set beside a problem it is a remark.
        `by_hand`: chosen for just this statement, so that an account number that no journal has
        is no hindrance.
        """
        _ = self.env._
        if journals is None:
            journals = self._get_bank_journals(self.company_id or self.env.companies)
        account = fold_account(statement.account)
        owners = journals.get(account, self.browse()) if account else self.browse()
        remark = ""
        own = self.sudo().bank_account_id.acc_number if self else ""
        if self and (self in owners or by_hand):
            journal = self
            if account and own and fold_account(own) != account:
                remark = self._describe_other_account(statement, own)
        elif owners:
            journal = (
                owners.filtered(
                    lambda j: (
                        j._get_bank_currency().name == (statement.currency or j._get_bank_currency().name)
                    )
                )[:1]
                or owners[0]
            )
            if self:
                remark = _(
                    "Account %(account)s belongs to the journal %(other)s, not to %(journal)s.",
                    account=statement.account,
                    other=journal.sudo().display_name,
                    journal=self.sudo().display_name,
                )
        elif not self:
            return self, (
                _("No journal has the account %s. Choose the journal.", statement.account)
                if account
                else _("The file names no account. Choose the journal.")
            )
        elif account and own:
            return self.browse(), self._describe_other_account(statement, own)
        else:
            journal = self
            if account:
                remark = _(
                    "The journal %(journal)s has no account number. With %(account)s there, files find it.",
                    journal=self.sudo().display_name,
                    account=statement.account,
                )
        currency = journal._get_bank_currency().name
        if statement.currency and statement.currency != currency:
            return self.browse(), _(
                "The file is in %(currency)s, the journal %(journal)s in %(own)s.",
                currency=statement.currency,
                journal=journal.sudo().display_name,
                own=currency,
            )
        return journal, remark

    def _describe_other_account(self, statement, own):
        return self.env._(
            "The file is of account %(account)s, the journal %(journal)s is of account %(own)s.",
            account=statement.account,
            journal=self.sudo().display_name,
            own=own,
        )

    def _get_bank_currency(self):
        journal = self.sudo()
        return journal.currency_id or journal.company_id.currency_id
