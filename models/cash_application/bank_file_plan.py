from datetime import timedelta
from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL, format_amount, format_date

from ...core.bank_formats import Booked, opening_gap, plan_import
from .bank_file_messages import describe, describe_all

# More remarks than this help nobody; the rest is counted.
MAX_REMARKS = 100


def _as_booked(file_format, line):
    names = (
        "date",
        "amount",
        "document_number",
        "counterparty_account",
        "counterparty_tax_id",
        "bank_reference",
        "end_to_end",
        "purpose",
    )
    return Booked(id=0, format=file_format, **{name: getattr(line, name) for name in names})


class AccountJournal(models.Model):
    """What an import would do, and how it is told. Nothing is written here."""

    _inherit = "account.journal"

    def _plan_bank_import(self, statement, accepted=frozenset(), earlier=()):
        """What importing the statement here would do; two queries, whatever its size.

        `accepted`: fingerprints that are imported although they may be duplicates; `earlier`: pairs
        (format, transaction) that other files will have brought by then.
        """
        self.ensure_one()
        known = self._get_known_fingerprints(statement)
        mine = {line.fingerprint for line in statement.transactions}
        known |= {line.fingerprint for _format, line in earlier if line.fingerprint in mine}
        coming = [
            _as_booked(file_format, line) for file_format, line in earlier if line.fingerprint not in mine
        ]
        currency = self._get_bank_currency()
        return plan_import(
            statement,
            known,
            lock_date=self.company_id._get_user_fiscal_lock_date(self.sudo()),
            currency=currency.name,
            digits=currency.decimal_places,
            booked=[*self._get_booked_lines(statement, known), *coming],
            accepted=accepted,
        )

    def _get_known_fingerprints(self, statement):
        fingerprints = [transaction.fingerprint for transaction in statement.transactions]
        Line = self.env["account.bank.statement.line"].sudo()
        Line.flush_model(["journal_id", "i2c_fingerprint"])
        rows = self.env.execute_query(
            SQL(
                "SELECT i2c_fingerprint FROM account_bank_statement_line"
                " WHERE journal_id = %s AND i2c_fingerprint = ANY(%s)",
                self.id,
                fingerprints,
            )
        )
        return {fingerprint for (fingerprint,) in rows}

    def _get_booked_lines(self, statement, known):
        """Lines of the journal on the days and with the amounts of the new operations, brought by others."""
        fresh = [line for line in statement.transactions if line.fingerprint not in known]
        if not fresh:
            return []
        self.env["account.bank.statement.line"].sudo().flush_model()
        self.env["account.move"].sudo().flush_model(["date", "state"])
        # By the index on journal and day: the look-up grows with the period, not with the journal.
        first, last = min(line.date for line in fresh), max(line.date for line in fresh)
        rows = self.env.execute_query(
            SQL(
                "SELECT line.id, move.date, line.amount, log.file_format, line.bank_document_number,"
                " COALESCE(line.payer_account, line.account_number), line.payer_tax_id, line.bank_reference,"
                " line.end_to_end, COALESCE(line.payment_purpose, line.payment_ref)"
                " FROM account_bank_statement_line line"
                " JOIN account_move move ON move.id = line.move_id"
                " LEFT JOIN bank_statement_import_log log ON log.id = line.import_log_id"
                " WHERE line.journal_id = %s AND move.state <> 'cancel'"
                " AND line.internal_index >= %s AND line.internal_index < %s AND line.amount = ANY(%s)"
                " AND NOT COALESCE(line.i2c_fingerprint, '') = ANY(%s)"
                " ORDER BY line.id",
                self.id,
                f"{first:%Y%m%d}",
                f"{last + timedelta(days=1):%Y%m%d}",
                list({line.amount for line in fresh}),
                list(known),
            )
        )
        digits = self._get_bank_currency().decimal_places
        return [
            Booked(line_id, day, round(Decimal(amount), digits), *(text or "" for text in texts))
            for line_id, day, amount, *texts in rows
        ]

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
        gap = self._get_opening_gap(plan)
        remarks += [gap] if gap else []
        remarks += describe_all(self.env, (*plan.notices, *statement.warnings))
        remarks += self._get_duplicate_remarks(plan)
        if len(remarks) > MAX_REMARKS:
            rest = len(remarks) - MAX_REMARKS
            remarks = [*remarks[:MAX_REMARKS], self.env._("… and %s more remarks.", rest)]
        return remarks

    def _get_duplicate_remarks(self, plan):
        """One sentence for each possible duplicate that would be left out."""
        currency = self._get_bank_currency()
        return [
            self.env._(
                "Line %(line)s: %(day)s, %(amount)s %(text)s is perhaps there already, from another file or"
                " entered by hand; left out",
                line=item.transaction.line,
                day=format_date(self.env, item.transaction.date),
                amount=format_amount(self.env, float(item.transaction.amount), currency),
                text=(item.transaction.counterparty_name or item.transaction.purpose)[:80],
            )
            for item in plan.duplicates[: MAX_REMARKS + 1]
        ]

    def _get_opening_gap(self, plan):
        """A sentence when the file does not begin where the statement before it in the journal ends."""
        if plan.balance_start is None:
            return ""
        before, expected = self._get_balance_before(plan.new[0].date)
        currency = self._get_bank_currency()
        gap = before and opening_gap(plan, round(Decimal(expected), currency.decimal_places))
        if not gap:
            return ""
        return describe(self.env, gap.code, {**gap.params, "statement": before.name or before.reference})

    def _get_balance_before(self, day):
        """(last bank statement up to that day or empty, its closing balance with what came after it)."""
        # sudo: balances of the journal that the user may import into; only numbers leave this method.
        Statement, Line = (
            self.env["account.bank.statement"].sudo(),
            self.env["account.bank.statement.line"].sudo(),
        )
        end = f"{day + timedelta(days=1):%Y%m%d}"
        before = Statement.search(
            [("journal_id", "=", self.id), ("first_line_index", "<", end), ("first_line_index", "!=", False)],
            order="first_line_index DESC",
            limit=1,
        )
        if not before:
            return before, 0.0
        ((last,),) = Line._read_group([("statement_id", "=", before.id)], aggregates=["internal_index:max"])
        ((between,),) = Line._read_group(
            [
                ("journal_id", "=", self.id),
                ("internal_index", ">", last),
                ("internal_index", "<", end),
                ("statement_id", "=", False),
                ("state", "=", "posted"),
            ],
            aggregates=["amount:sum"],
        )
        return before, before.balance_end_real + (between or 0.0)

    def _get_nothing_new(self, filename, sha256):
        """One sentence: why nothing was imported, and since when it is there."""
        before = self._get_earlier_import(sha256)
        if before:
            return self.env._(
                "%(file)s was imported already on %(day)s by %(user)s. Nothing was added.",
                file=filename,
                day=fields.Date.to_string(before.create_date),
                user=before.user_id.name,
            )
        return self.env._("%s holds only lines that are there already. Nothing was added.", filename)

    def _get_earlier_import(self, sha256):
        """The log of the same bytes in this journal, if they brought something that still stands."""
        return (
            self.env["bank.statement.import.log"]
            .sudo()
            .search(
                [
                    ("journal_id", "=", self.id),
                    ("sha256", "=", sha256),
                    ("new_count", ">", 0),
                    ("state", "!=", "undone"),
                ],
                limit=1,
            )
        )
