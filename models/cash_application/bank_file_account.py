from odoo import api, fields, models

from ...core.bank_formats import fold_account


class BankFileAccount(models.Model):
    """An account number that no journal has, and the journal that somebody chose for its files."""

    _name = "bank.file.account"
    _description = "Remembered Account of Bank Files"
    _order = "account, id"
    _rec_name = "account"
    _check_company_auto = True

    account = fields.Char(string="Account in File", required=True, readonly=True)
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        required=True,
        ondelete="cascade",
        index=True,
        check_company=True,
        domain="[('type', 'in', ('bank', 'credit'))]",
    )
    company_id = fields.Many2one(related="journal_id.company_id", store=True, index=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Chosen by", readonly=True)

    _journal_account_unique = models.UniqueIndex(
        "(journal_id, account)", "This account is remembered for the journal already."
    )

    @api.model
    @api.private
    def _remember(self, account, journal):
        """Files of the account go to the journal from now on, and no longer to another of its currency."""
        number = fold_account(account or "")
        if not number:
            return
        # sudo: only after the import into the journal was allowed; it stores that choice and nothing else.
        memory = self.sudo()
        same = memory.search([("account", "=", number), ("company_id", "=", journal.company_id.id)])
        currency = journal._get_bank_currency()
        same.filtered(
            lambda known: known.journal_id != journal and known.journal_id._get_bank_currency() == currency
        ).unlink()
        if journal not in same.exists().journal_id:
            memory.create({"account": number, "journal_id": journal.id, "user_id": self.env.uid})
