"""The facts of all accounts of a company: one query per kind of fact, then the decisions."""

import datetime
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...core import dunning


class ResCompany(models.Model):
    _inherit = "res.company"

    def _decide_dunning(self, today: datetime.date, partners=None) -> list[tuple]:
        """What to do today with each customer that has something open.

        :param partners: commercial partners to look at; all when None.
        :return: pairs (``core.dunning.Account``, ``core.dunning.Decision``), one
            per customer and currency
        """
        return [
            (account, dunning.decide(account, ladder, today))
            for account, ladder in self._get_dunning_accounts(today, partners)
        ]

    def _get_dunning_accounts(self, today: datetime.date, partners=None) -> list[tuple]:
        """The facts of each customer that has something open, and the ladder of each.

        The number of queries does not depend on the number of customers.

        :param partners: commercial partners to look at; all when None.
        :return: pairs (``core.dunning.Account``, ``core.dunning.Ladder``), one per
            customer and currency
        """
        self.ensure_one()
        # sudo: whether a reminder goes out must not depend on what its author may read.
        company = self.sudo()
        positions = [p for p in company._get_receivable_positions(partners) if p.partner_id]
        if not positions:
            return []
        debtors = self.env["res.partner"].sudo().browse({p.partner_id for p in positions})
        profiles = company._get_dunning_profiles(debtors)
        of_position = company._get_dunning_position_facts(positions, today)
        of_account = company._get_dunning_account_facts(debtors, today)
        minimum = company._get_dunning_minimums({p.currency for p in positions}, today)
        shared = company._get_dunning_company_facts(today)
        holidays = company._get_dunning_holidays(today)
        ladders = {}
        chosen = company._choose_dunning_ladders(debtors, profiles)
        by_account = {}
        for position in positions:
            by_account.setdefault((position.partner_id, position.currency), []).append(position)
        found = []
        for (partner_id, currency), items in by_account.items():
            profile = profiles.get(partner_id)
            ladder = chosen[partner_id]
            if ladder not in ladders:
                ladders[ladder] = ladder._to_core(holidays) if ladder else dunning.Ladder(())
            facts = {
                "switched_on": profile.reminders_enabled if profile else company.dunning_new_customers,
                "minimum": minimum[currency],
                **shared,
                **of_account.get((partner_id, None), {}),
                **of_account.get((partner_id, currency), {}),
            }
            account = dunning.Account(
                partner=partner_id,
                currency=currency,
                positions=tuple(
                    dunning.Position(
                        key=item.key,
                        due_date=item.due_date,
                        residual=item.residual,
                        currency=currency,
                        issue_date=item.invoice_date,
                        **of_position.get(item.key, {}),
                    )
                    for item in items
                    if item.residual > 0
                ),
                credit=-sum((item.residual for item in items if item.residual < 0), Decimal(0)),
                **facts,
            )
            found.append((account, ladders[ladder]))
        return found

    # -- facts by topic: each file of the room extends these with its own -------------
    def _get_dunning_position_facts(self, positions, today) -> dict:
        """What is known of the positions besides the ledger; a fixed number of queries.

        :param positions: ``core.positions.ReceivablePosition``
        :return: {(move, position): {field of ``core.dunning.Position``: value}}; extend with
            ``setdefault(key, {}).update(...)``
        """
        sent = self._get_dunning_history({p.move_id for p in positions})
        return {key: {"sent": tuple(messages)} for key, messages in sent.items()}

    def _get_dunning_account_facts(self, partners, today) -> dict:
        """What is known of the customers; a fixed number of queries.

        :return: {(commercial partner id, currency name, or None for all): {field of
            ``core.dunning.Account``: value}}; what is said for the currency counts
        """
        contacted, skipped = self._get_dunning_contacts(partners, today)
        reachable = {commercial.id for commercial in partners._get_reminder_contacts()}
        unmatched = self._get_partners_of_unmatched_cash(partners)
        facts = {
            (partner_id, None): {
                "has_email": partner_id in reachable,
                "unmatched_cash": partner_id in unmatched,
            }
            for partner_id in partners.ids
        }
        for account, day in contacted.items():
            facts.setdefault(account, {})["last_contact"] = day
        for account in skipped:
            facts.setdefault(account, {})["skipped_on"] = today
        return facts

    def _get_dunning_company_facts(self, today) -> dict:
        """{field of ``core.dunning.Account``: value} for all customers alike."""
        return {"statement_missing": self._is_bank_statement_missing(today)}

    def _get_dunning_holidays(self, today) -> frozenset:
        """The days without messages from today on."""
        return frozenset()

    def _get_dunning_ladder(self):
        self.ensure_one()
        return self.dunning_ladder_id or self.env["dunning.ladder"].search(
            [("company_id", "in", (False, self.id))], limit=1
        )

    def _get_dunning_profiles(self, partners) -> dict:
        profiles = self.env["payer.profile"].sudo().with_context(active_test=False)
        return {
            profile.partner_id.id: profile
            for profile in profiles.search_fetch(
                [("company_id", "=", self.id), ("partner_id", "in", partners.ids)],
                ["partner_id", "reminders_enabled", "ladder_id", "segment_id"],
            )
        }

    def _get_dunning_history(self, move_ids: set[int]) -> dict:
        """What was sent for each position of the moves: {(move, position): [Sent]}."""
        self.env["dunning.reminder"].flush_model(["state", "date"])
        self.env["dunning.reminder.line"].flush_model()
        history = {}
        for move, position, level, occurrence, day, manual in self.env.execute_query(
            SQL(
                """
                SELECT line.move_id, line.position, line.level, line.occurrence, reminder.date,
                       reminder.state = 'handed_over'
                  FROM dunning_reminder_line line
                  JOIN dunning_reminder reminder ON reminder.id = line.reminder_id
                 WHERE line.move_id IN %s AND line.active_key
                   AND reminder.state IN ('sent', 'handed_over', 'skipped')
                """,
                tuple(move_ids),
            )
        ):
            history.setdefault((move, position), []).append(dunning.Sent(level, occurrence, day, manual))
        return history

    def _get_dunning_contacts(self, partners, today):
        """The day of the last message per account, and the accounts cancelled by hand today.

        A message in another currency counts from the next day on: a customer
        with two currencies gets two messages on the same day.

        :return: {(partner, currency or None for all others): date}, {(partner, currency)}
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT reminder.partner_id, currency.name, reminder.date, reminder.state
                  FROM dunning_reminder reminder
                  JOIN res_currency currency ON currency.id = reminder.currency_id
                 WHERE reminder.company_id = %(company)s AND reminder.partner_id IN %(partners)s
                   AND reminder.date <= %(today)s
                   AND (reminder.state = 'sent' OR (reminder.state = 'cancelled'
                        AND reminder.hold_reason = 'by_hand' AND reminder.date = %(today)s))
                 GROUP BY reminder.partner_id, currency.name, reminder.date, reminder.state
                """,
                today=today,
                company=self.id,
                partners=tuple(partners.ids),
            )
        )
        contacted, skipped = {}, set()
        for partner, currency, day, state in rows:
            if state == "cancelled":
                skipped.add((partner, currency))
            elif day == today:
                contacted[partner, currency] = day
            else:
                contacted[partner, None] = max(day, contacted.get((partner, None), day))
        return contacted, skipped

    def _get_dunning_minimums(self, currency_names, today) -> dict[str, Decimal]:
        """The company's minimum in each of the currencies."""
        result = dict.fromkeys(currency_names, Decimal(0))
        if self.dunning_minimum:
            for currency in (
                self.env["res.currency"]
                .with_context(active_test=False)
                .search([("name", "in", list(currency_names))])
            ):
                amount = self.currency_id._convert(self.dunning_minimum, currency, self, today)
                result[currency.name] = Decimal(str(amount))
        return result

    def _is_bank_statement_missing(self, today) -> bool:
        """Whether a journal that a feed fills lacks the statements to say who has not paid."""
        journals = self.env["account.journal"].search(
            [("company_id", "=", self.id), ("type", "in", ("bank", "credit")), ("bank_feed_ids", "!=", False)]
        )
        return not journals._is_fresh(today)

    def _get_partners_of_unmatched_cash(self, partners) -> set[int]:
        """Customers whose money may lie in a bank line that is not applied yet; three queries.

        Named by the line itself, by the decision about it, or among its candidates.
        """
        wanted = ("partner_id.commercial_partner_id", "in", partners.ids)
        line = [("company_id", "=", self.id), ("is_reconciled", "=", False), ("amount", ">", 0), wanted]
        decision = [
            ("company_id", "=", self.id),
            ("state", "in", ("suggested", "manual")),
            ("statement_line_id.is_reconciled", "=", False),
            ("amount", ">", 0),
            wanted,
        ]
        candidate = [
            ("company_id", "=", self.id),
            ("match_id.state", "in", ("suggested", "manual")),
            ("match_id.statement_line_id.is_reconciled", "=", False),
            ("match_id.amount", ">", 0),
            wanted,
        ]
        found = self.env["res.partner"]
        for model, domain in (
            ("account.bank.statement.line", line),
            ("payment.match", decision),
            ("payment.match.candidate", candidate),
        ):
            for (partner,) in self.env[model].sudo()._read_group(domain, ["partner_id"]):
                found |= partner
        return set(found.commercial_partner_id.ids)
