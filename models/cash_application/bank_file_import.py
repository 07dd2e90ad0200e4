import base64
import binascii
import contextlib
import hashlib
from collections import Counter

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import split_every

BATCH = 250


class AccountJournal(models.Model):
    _inherit = "account.journal"

    # --- entry points ----------------------------------------------------
    def import_statement_file(self, filename, content_base64, profile=None):
        """Import a bank file, or an archive of them, into this journal.

        :param str filename: shown in messages and kept in the log
        :param content_base64: the file, base64 (str or bytes)
        :param profile: `bank.statement.profile` for tables (CSV, XLSX), default the journal's
        :return dict: counts `new`, `known`, `duplicates` (perhaps there already, left out), `locked`,
            `unread`; `line_ids`, `statement_ids`, `log_id` (of the last account) and `log_ids`;
            `warnings` (list of sentences); `matching` (what `match_payments` returned)
        :raise UserError: the file cannot be read (names file and line), belongs to another
            journal or is in another currency; nothing is imported then
        """
        self.ensure_one()
        self._check_bank_import_access()
        try:
            data = base64.b64decode(content_base64 or b"", validate=False)
        except (binascii.Error, ValueError):
            raise UserError(
                self.env._("%s: the content of the file did not arrive whole.", filename)
            ) from None
        try:
            return self._import_bank_data(filename, data, profile)
        except UserError as error:
            self._log_refused_apart(filename, data, str(error))
            raise

    def _import_bank_data(self, filename, data, profile=None):
        """See `import_statement_file`; `data` are the bytes."""
        mine, notes = [], []
        for name, content in self._unpack_bank_file(filename, data):
            for statement in self._read_bank_file(name, content, profile):
                journal, problem = self._find_statement_journal(statement)
                if journal == self:
                    mine.append((name, content, statement))
                if journal != self or problem:
                    notes.append(problem)
        if not mine:
            raise UserError(self.env._("%(file)s: %(problem)s", file=filename, problem="\n".join(notes)))
        results, originals = [], {}
        for name, content, statement in mine:
            result = self._import_statement(name, content, statement, notes, originals.get(name))
            originals[name] = self.env["bank.statement.import.log"].browse(result["log_id"]).attachment_id
            results.append(result)
        return self._merge_results(results)

    @api.model
    def _merge_results(self, results):
        merged = dict.fromkeys(("new", "known", "duplicates", "locked", "unread"), 0)
        merged |= {"line_ids": [], "statement_ids": [], "warnings": [], "matching": Counter()}
        for result in results:
            for key in merged:
                if key == "matching":
                    merged[key].update(result[key])
                else:
                    merged[key] += result[key]
        logs = [result["log_id"] for result in results]
        return {**merged, "matching": dict(merged["matching"]), "log_id": logs[-1], "log_ids": logs}

    def create_document_from_attachment(self, attachment_ids):
        """Override of `account`: files dropped on a bank journal's card open the import wizard."""
        journal = self or self.browse(self.env.context.get("default_journal_id"))
        if len(journal) == 1 and journal.type in ("bank", "credit"):
            return journal._open_bank_import(attachment_ids)
        return super().create_document_from_attachment(attachment_ids)

    def action_import_bank_files(self):
        """The wizard, for this journal."""
        self.ensure_one()
        return self._open_bank_import([])

    def _open_bank_import(self, attachment_ids):
        self._check_bank_import_access()
        wizard = self.env["bank.import.wizard"].create(
            {"journal_id": self.id, "attachment_ids": [Command.set(attachment_ids)]}
        )
        wizard._refresh_preview()
        return wizard._get_action()

    # --- writing ---------------------------------------------------------
    def _import_statement(
        self, filename, data, statement, notes=(), attachment=None, accept_duplicates=False
    ):
        """Create the new lines of one statement, its log and, with balances, its bank statement.

        `accept_duplicates`: also the lines that are perhaps there already.
        """
        self.ensure_one()
        self._check_bank_import_access()
        self.check_access("read")
        # Posting bank lines takes rights on entries that cash application has nowhere else:
        # sudo creates them, the user stays the author.
        journal = self.sudo()
        journal._lock_bank_import()
        accepted = {line.fingerprint for line in statement.transactions} if accept_duplicates else set()
        plan = self._plan_bank_import(statement, accepted)
        remarks = [*notes, *self._get_import_remarks(statement, plan)]
        sha256 = hashlib.sha256(data).hexdigest()
        if not plan.new and plan.known and not plan.locked and not plan.duplicates:
            remarks.insert(0, self._get_nothing_new(filename, sha256))
        log = (
            self.env["bank.statement.import.log"]
            .sudo()
            .create(self._prepare_import_log(filename, sha256, statement, plan))
        )
        log._keep_original(data, attachment)
        bank_statement, lines = journal._create_bank_lines(filename, log, plan)
        matching = self._match_imported(lines.with_env(self.env))
        log.write(
            {
                "warnings": "\n".join(remarks),
                "statement_ids": [Command.set(bank_statement.ids)],
                "applied_count": matching.get("applied", 0),
                "suggested_count": matching.get("suggested", 0),
                "manual_count": matching.get("manual", 0),
            }
        )
        # sudo: like the log, written by imports only.
        self.env["bank.statement.import.duplicate"].sudo()._keep(log, plan.duplicates)
        return {
            "new": len(lines),
            "known": len(plan.known),
            "duplicates": len(plan.duplicates),
            "locked": len(plan.locked),
            "unread": len(plan.unread),
            "line_ids": lines.ids,
            "statement_ids": bank_statement.ids,
            "log_id": log.id,
            "warnings": remarks,
            "matching": matching,
        }

    def _lock_bank_import(self):
        """One import into a journal at a time; the second one is told so at once."""
        if not self.try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._("Another import into the journal %s is running. Try again in a minute.", self.name)
            )

    @api.model
    def _match_imported(self, lines):
        """Matching takes over from here; a database without it just keeps the lines."""
        if lines and hasattr(lines, "match_payments"):
            return dict(lines.match_payments() or {})
        return {}

    def _create_bank_lines(self, filename, log, plan):
        """(bank statement or empty, lines), in batches: memory grows with the size of a batch."""
        context = {"tracking_disable": not self.company_id.restrictive_audit_trail}
        BankStatement = self.env["account.bank.statement"].with_context(**context)
        journal = self.with_context(**context)
        bank_statement, lines = BankStatement.browse(), self.env["account.bank.statement.line"].browse()
        if plan.balance_end is not None:
            bank_statement = BankStatement.create(
                {
                    "journal_id": self.id,
                    "name": self.env._(
                        "%(journal)s %(start)s to %(end)s",
                        journal=self.code,
                        start=fields.Date.to_string(plan.new[0].date),
                        end=fields.Date.to_string(plan.new[-1].date),
                    ),
                    "reference": filename,
                    "balance_start": float(plan.balance_start),
                    "balance_end_real": float(plan.balance_end),
                }
            )
        common = {"journal_id": self.id, "statement_id": bank_statement.id, "import_log_id": log.id}
        ids = []
        with self._refuse_what_others_imported():
            for batch in split_every(BATCH, plan.new):
                values_list = [{**self._prepare_bank_line(line), **common} for line in batch]
                ids += journal._create_bank_line_batch(values_list, batch).ids
                if len(plan.new) > BATCH:
                    # What the ORM remembers of a batch is of no use to the next one.
                    self.env.invalidate_all()
                    self.env["bank.import.progress"]._report(filename, len(ids), len(plan.new))
        return bank_statement, lines.browse(ids)

    @contextlib.contextmanager
    def _refuse_what_others_imported(self):
        """Two imports at the same moment: the second does not see the lines of the first, the index does."""
        try:
            with self.env.cr.savepoint():
                yield
        except psycopg2.errors.UniqueViolation as error:
            if "i2c_fingerprint" not in (error.diag.constraint_name or ""):
                raise
            raise UserError(
                self.env._(
                    "Somebody has just imported the same operations into the journal %s. Nothing of this"
                    " file was added; import it again to get what is still missing.",
                    self.name,
                )
            ) from None

    @api.private
    def _create_bank_line_batch(self, values_list, transactions):
        """Create the bank lines of one batch of an import; matching gives decided ones their counterparts.

        :param list[dict] values_list: values for `create`, one for each transaction
        :param transactions: the `core.bank_formats.Transaction` of each, in the same order
        :return: the lines, in the same order
        """
        return self.env["account.bank.statement.line"].create(values_list)

    @api.model
    def _prepare_bank_line(self, line):
        """Values of one line; matching finds the partner later."""
        return {
            "date": line.date,
            "amount": float(line.amount),
            "payment_ref": line.purpose or line.counterparty_name or line.document_number or "/",
            "partner_name": line.counterparty_name,
            "account_number": line.counterparty_account,
            "transaction_type": line.document_kind,
            "i2c_fingerprint": line.fingerprint,
            "bank_booking_date": line.date,
            "bank_value_date": line.value_date,
            "bank_document_number": line.document_number,
            "payer_name": line.counterparty_name,
            "payer_tax_id": line.counterparty_tax_id,
            "payer_account": line.counterparty_account,
            "payer_bank": line.counterparty_bank,
            "ultimate_payer_name": line.ultimate_name,
            "ultimate_payer_tax_id": line.ultimate_tax_id,
            "payment_purpose": line.purpose,
            "purpose_code": line.purpose_code,
            "bank_reference": line.bank_reference,
            "end_to_end": line.end_to_end,
            "own_transfer": line.own_transfer,
        }

    def _prepare_import_log(self, filename, sha256, statement, plan):
        if plan.new:
            state = "partial" if plan.unread or plan.locked or plan.duplicates else "done"
        else:
            state = "refused" if plan.locked or (plan.unread and not plan.known) else "duplicate"
        return {
            "company_id": self.company_id.id,
            "journal_id": self.id,
            "currency_id": self._get_bank_currency().id,
            "user_id": self.env.uid,
            "filename": filename or "/",
            "sha256": sha256,
            "file_format": statement.format,
            "account_number": statement.account,
            "date_from": statement.date_from,
            "date_to": statement.date_to,
            "credited": float(sum(line.amount for line in plan.new if line.amount > 0)),
            "debited": float(-sum(line.amount for line in plan.new if line.amount < 0)),
            "new_count": len(plan.new),
            "known_count": len(plan.known),
            "duplicate_count": len(plan.duplicates),
            "locked_count": len(plan.locked),
            "unread_count": len(plan.unread),
            "state": state,
        }
