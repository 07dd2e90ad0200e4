from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...core.bank_formats import StatementFormatError, fold_account, parse_statement, plan_import
from .bank_file_messages import describe_all, describe_error

GROUP = "invoice_to_cash.group_cash_application"
# More remarks than this help nobody; the rest is counted.
MAX_REMARKS = 100


class AccountJournal(models.Model):
    """Bank files before anything is written: reading, the journal they belong to, the plan."""

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
            return parse_statement(data, filename, profile.sudo()._to_core())
        except StatementFormatError as error:
            raise UserError(describe_error(self.env, error)) from error

    @api.model
    def _get_bank_journals(self, company):
        """Folded account number -> its bank and credit journals."""
        found = {}
        journals = self.sudo().search([("company_id", "in", company.ids), ("type", "in", ("bank", "credit"))])
        for journal in journals:
            if number := fold_account(journal.bank_account_id.acc_number or ""):
                found[number] = found.get(number, self.browse()) | journal.sudo(False)
        return found

    def _find_statement_journal(self, statement, journals=None):
        """Where a statement belongs: (journal, problem).

        `self` is the journal that the user chose, or empty. Without a problem the statement
        may be imported into the journal; with the journal set beside a problem it is a remark.
        """
        _ = self.env._
        if journals is None:
            journals = self._get_bank_journals(self.company_id or self.env.companies)
        account = fold_account(statement.account)
        owners = journals.get(account, self.browse()) if account else self.browse()
        remark = ""
        if self and self in owners:
            journal = self
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
        elif account and (own := self.sudo().bank_account_id.acc_number):
            return self.browse(), _(
                "The file is of account %(account)s, the journal %(journal)s is of account %(own)s.",
                account=statement.account,
                journal=self.sudo().display_name,
                own=own,
            )
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

    def _get_bank_currency(self):
        journal = self.sudo()
        return journal.currency_id or journal.company_id.currency_id

    def _plan_bank_import(self, statement):
        """What importing the statement here would do; one query for the lines already there."""
        self.ensure_one()
        fingerprints = [transaction.fingerprint for transaction in statement.transactions]
        Line = self.env["account.bank.statement.line"].sudo()
        Line.flush_model(["journal_id", "i2c_fingerprint"])
        known = self.env.execute_query(
            SQL(
                "SELECT i2c_fingerprint FROM account_bank_statement_line"
                " WHERE journal_id = %s AND i2c_fingerprint = ANY(%s)",
                self.id,
                fingerprints,
            )
        )
        currency = self._get_bank_currency()
        return plan_import(
            statement,
            {fingerprint for (fingerprint,) in known},
            lock_date=self.company_id._get_user_fiscal_lock_date(self.sudo()),
            currency=currency.name,
            digits=currency.decimal_places,
        )

    # --- telling ---------------------------------------------------------
    def _get_import_remarks(self, statement, plan):
        """What the user should know, unread and locked lines first, each with its line of the file."""
        remarks = describe_all(self.env, plan.unread)
        if plan.locked:
            lock_date = self.company_id._get_user_fiscal_lock_date(self.sudo())
            remarks += [
                self.env._(
                    "Line %(line)s: %(day)s is on or before the lock date %(lock)s, not imported (%(text)s)",
                    line=line.line,
                    day=fields.Date.to_string(line.date),
                    lock=fields.Date.to_string(lock_date),
                    text=f"{line.amount:.2f} {line.counterparty_name or line.purpose}"[:120],
                )
                for line in plan.locked
            ]
        remarks += describe_all(self.env, (*statement.warnings, *plan.notices))
        if len(remarks) > MAX_REMARKS:
            rest = len(remarks) - MAX_REMARKS
            remarks = [*remarks[:MAX_REMARKS], self.env._("… and %s more remarks.", rest)]
        return remarks

    def _get_nothing_new(self, filename, sha256):
        """One sentence: why nothing was imported, and since when it is there."""
        before = (
            self.env["bank.statement.import.log"]
            .sudo()
            .search([("journal_id", "=", self.id), ("sha256", "=", sha256), ("new_count", ">", 0)], limit=1)
        )
        if before:
            return self.env._(
                "%(file)s was imported already on %(day)s by %(user)s. Nothing was added.",
                file=filename,
                day=fields.Date.to_string(before.create_date),
                user=before.user_id.name,
            )
        return self.env._("%s holds only lines that are there already. Nothing was added.", filename)
