from dataclasses import asdict
from dataclasses import fields as dataclass_fields
from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.bank_formats import Transaction


class BankStatementImportDuplicate(models.Model):
    """An operation that an import left out: the journal holds one of its day and amount from elsewhere."""

    _name = "bank.statement.import.duplicate"
    _description = "Possible Duplicate of a Bank File"
    _order = "date, id"
    _rec_name = "payment_purpose"

    log_id = fields.Many2one(
        comodel_name="bank.statement.import.log",
        string="File",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="log_id.company_id", store=True, index=True)
    journal_id = fields.Many2one(related="log_id.journal_id", store=True)
    currency_id = fields.Many2one(related="log_id.currency_id")
    line_number = fields.Integer(string="Line of File", readonly=True)
    date = fields.Date(readonly=True)
    amount = fields.Monetary(readonly=True)
    payer_name = fields.Char(string="Counterparty", readonly=True)
    document_number = fields.Char(string="Document No.", readonly=True)
    payment_purpose = fields.Text(string="Purpose", readonly=True)
    fingerprint = fields.Char(readonly=True, index=True)
    existing_line_id = fields.Many2one(
        comodel_name="account.bank.statement.line",
        string="There Already",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The line of the same day and amount that answers for this operation.",
    )
    existing_text = fields.Char(string="There as", compute="_compute_existing_text")
    imported_line_id = fields.Many2one(
        comodel_name="account.bank.statement.line",
        string="Imported as",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    content = fields.Json(readonly=True, help="The operation as it was read.")
    state = fields.Selection(
        selection=[
            ("open", "To Decide"),
            ("imported", "Imported all the Same"),
            ("same", "The Same"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )

    @api.depends("existing_line_id")
    def _compute_existing_text(self):
        for duplicate in self:
            line = duplicate.existing_line_id
            duplicate.existing_text = " · ".join(
                text
                for text in (
                    line.bank_document_number,
                    line.payer_name or line.partner_name or line.partner_id.name,
                    line.payment_purpose or line.payment_ref,
                )
                if text
            )

    @api.model
    @api.private
    def _keep(self, log, duplicates):
        """Keep what an import left out (`core` `Duplicate`s), so that a person can decide on it."""
        return self.create(
            [
                {
                    "log_id": log.id,
                    "line_number": item.transaction.line,
                    "date": item.transaction.date,
                    "amount": float(item.transaction.amount),
                    "payer_name": item.transaction.counterparty_name,
                    "document_number": item.transaction.document_number,
                    "payment_purpose": item.transaction.purpose,
                    "fingerprint": item.transaction.fingerprint,
                    "existing_line_id": item.booked_id,
                    "content": _dump(item.transaction),
                }
                for item in duplicates
            ]
        )

    def action_import(self):
        """Import these operations all the same.

        :raise UserError: one lies in a locked period; nothing is imported then
        """
        self.env["account.journal"]._check_bank_import_access()
        self.check_access("read")
        waiting = self.filtered(lambda duplicate: duplicate.state == "open")
        if not waiting:
            raise UserError(self.env._("These operations are decided already."))
        for journal, duplicates in waiting.grouped("journal_id").items():
            # sudo: the rights of an import, checked above; the user stays the author.
            duplicates.sudo()._import_into(journal.sudo())
        return True

    def _import_into(self, journal):
        journal._lock_bank_import()
        lock_date = journal.company_id._get_user_fiscal_lock_date(journal)
        locked = self.filtered(lambda duplicate: lock_date and duplicate.date <= lock_date)
        if locked:
            raise UserError(
                self.env._(
                    "%(day)s is on or before the lock date %(lock)s: %(text)s cannot be imported.",
                    day=fields.Date.to_string(locked[0].date),
                    lock=fields.Date.to_string(lock_date),
                    text=locked[0].payer_name or locked[0].payment_purpose or locked[0].amount,
                )
            )
        lines = journal.env["account.bank.statement.line"].search(
            [("journal_id", "=", journal.id), ("i2c_fingerprint", "in", self.mapped("fingerprint"))]
        )
        there = {line.i2c_fingerprint: line for line in lines}
        fresh = {duplicate.fingerprint: duplicate for duplicate in self if duplicate.fingerprint not in there}
        new = lines.browse()
        if fresh:
            transactions = [_load(duplicate.content) for duplicate in fresh.values()]
            values_list = [
                {
                    **journal._prepare_bank_line(transaction),
                    "journal_id": journal.id,
                    "import_log_id": duplicate.log_id.id,
                }
                for transaction, duplicate in zip(transactions, fresh.values(), strict=True)
            ]
            with journal._refuse_what_others_imported():
                new = journal._create_bank_line_batch(values_list, transactions)
            there.update((line.i2c_fingerprint, line) for line in new)
        # The same file may have been imported twice meanwhile: each operation is decided once.
        twins = self.search([("journal_id", "=", journal.id), ("fingerprint", "in", list(there))])
        for fingerprint, duplicates in (self | twins).grouped("fingerprint").items():
            duplicates.write({"state": "imported", "imported_line_id": there[fingerprint].id})
        for log, lines_of_log in new.grouped("import_log_id").items():
            log.write({"new_count": log.new_count + len(lines_of_log)})
        if new:
            journal._match_imported(new.with_env(self.sudo(False).env))

    def action_same(self):
        """It is the same operation: nothing to import, and nobody is asked again."""
        self.env["account.journal"]._check_bank_import_access()
        self.check_access("read")
        # sudo: the group was checked; only the decision is stored.
        self.filtered(lambda duplicate: duplicate.state == "open").sudo().state = "same"
        return True


def _dump(transaction: Transaction) -> dict:
    """The operation as JSON: exact amounts as text; what the file said word for word stays in the file."""
    values = asdict(transaction)
    values.pop("raw")
    return {
        name: str(value) if isinstance(value, (Decimal, date)) else value for name, value in values.items()
    }


def _load(content: dict) -> Transaction:
    names = {field.name for field in dataclass_fields(Transaction)}
    values = {name: value for name, value in content.items() if name in names}
    for name in ("date", "value_date"):
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    return Transaction(**{**values, "amount": Decimal(values["amount"])})
