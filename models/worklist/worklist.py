"""The morning screen: what needs a person, from all sources, in one statement.

A source is one small file that extends ``_get_sources``; see any of its neighbours.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...core import worklist

COLLECTOR = "invoice_to_cash.group_collector"
CASH = "invoice_to_cash.group_cash_application"
#: Of each source so many are fetched: nobody works on more in a morning, and the list behind has them all.
PER_SOURCE = 40
SCOPES = ("mine", "team", "all")
#: Between the parts of a detail.
SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Action:
    """A button: ``run`` takes the key of the work and returns an action, or words for what was done."""

    key: str
    label: str
    run: Callable[[int], dict | str]


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of work that waits for a person.

    ``query`` gives: res_id, partner_id (commercial, or NULL), user_id (its owner, or NULL), amount
    (company currency), days (waiting), number (how many things), detail (text). ``describe`` makes words
    of a row of it. The first action is the one-click next step. ``open_all`` returns the list behind.
    """

    label: str
    icon: str
    weight: worklist.Weight
    query: SQL
    describe: Callable[[dict], str]
    actions: tuple[Action, ...]
    open_all: Callable[[], dict]
    groups: tuple[str, ...] = (COLLECTOR,)


class ReceivableWorklist(models.AbstractModel):
    _name = "receivable.worklist"
    _description = "Work of Today"

    def _get_sources(self) -> dict[str, Source]:
        """The sources of the current company by key; extended by each source."""
        return {}

    @api.model
    def get_today(self, scope="all", source=None) -> dict:
        """All that the screen shows, in a fixed number of queries.

        :param scope: "mine", "team" (my sales teams, and what is nobody's) or "all"
        :param source: only this one
        :raises AccessError: for who works neither on receivables nor on payments
        """
        sources = self._get_allowed_sources()
        if scope not in SCOPES:
            raise UserError(self.env._("There is no list “%s”.", scope))
        rows = self._fetch(sources, scope)
        shown = {key: rows_of for key, rows_of in rows.items() if source in (None, key)}
        company = self.env.company
        return {
            "scope": scope,
            "source": source,
            "company": company.name,
            "currency_id": company.currency_id.id,
            "items": self._get_items(sources, shown),
            "sources": [
                {
                    "key": key,
                    "label": found.label,
                    "icon": found.icon,
                    "count": rows[key][0]["total_count"],
                    "amount": float(rows[key][0]["total_amount"] or 0),
                }
                for key, found in sources.items()
                if rows.get(key)
            ],
            "by_itself": self._get_done_by_itself(),
            "user_id": self.env.uid,
        }

    @api.model
    def act(self, source, key, action) -> dict:
        """Do the next step of one work.

        :return: an action to open, or {"done": words}
        :raises UserError: when there is no such step, or the work is done already
        """
        found = self._get_allowed_sources().get(source)
        chosen = found and next((step for step in found.actions if step.key == action), None)
        if not chosen:
            raise UserError(self.env._("This step is not possible for you."))
        if not self._is_waiting(found, int(key)):
            return {"done": self.env._("Somebody has done this already."), "type": "info"}
        result = chosen.run(int(key))
        return result if isinstance(result, dict) else {"done": result or found.label, "type": "success"}

    @api.model
    def open_all(self, source) -> dict:
        """The list behind a source."""
        found = self._get_allowed_sources().get(source)
        if not found:
            raise UserError(self.env._("This step is not possible for you."))
        return found.open_all()

    @api.model
    def _get_allowed_sources(self):
        user = self.env.user
        if not user.has_group(COLLECTOR) and not user.has_group(CASH):
            raise AccessError(self.env._("The work of today is for those who work on receivables."))
        return {
            key: source
            for key, source in self._get_sources().items()
            if any(user.has_group(group) for group in source.groups)
        }

    @api.model
    def _fetch(self, sources, scope, per_source=PER_SOURCE) -> dict[str, list[dict]]:
        """{source: its rows, the most worthwhile first}: one statement for all sources."""
        if not sources:
            return {}
        self.env.flush_all()
        today = self.env.company._receivables_today()
        rows = self.env.execute_query_dict(
            SQL(" UNION ALL ").join(
                self._get_source_query(key, source, scope, today, per_source)
                for key, source in sources.items()
            )
        )
        result = {}
        for row in rows:
            result.setdefault(row["source"], []).append(row)
        return result

    @api.model
    def _get_source_query(self, key, source, scope, today, limit):
        weight = source.weight
        fades = (
            SQL("POWER(0.5, GREATEST(item.days, 0)::float / %s)", weight.half_life)
            if weight.half_life
            else SQL("1")
        )
        owner = SQL(
            "COALESCE(mark.user_id, item.user_id, partner.user_id, %s)",
            self.env.company.dunning_user_id.id or None,
        )
        return SQL(
            """
            (SELECT %(key)s AS source, item.res_id, item.partner_id, %(owner)s::int AS owner_id,
                    ROUND(COALESCE(item.amount, 0)::numeric, 2)::text AS amount, item.days::int AS days,
                    item.number::int AS number, item.detail::text AS detail,
                    COUNT(*) OVER () AS total_count, SUM(item.amount) OVER ()::numeric AS total_amount
               FROM (%(query)s) AS item
               LEFT JOIN res_partner partner ON partner.id = item.partner_id
               LEFT JOIN receivable_work_mark mark
                 ON mark.source = %(key)s AND mark.res_id = item.res_id AND mark.company_id = %(company)s
              WHERE (mark.until IS NULL OR mark.until <= %(today)s) %(scope)s
              ORDER BY GREATEST(item.amount, 0)::float * %(fades)s
                       * (1 + LEAST(GREATEST(item.days, 0), %(horizon)s)::float / %(horizon)s) DESC,
                       item.days DESC, item.res_id
              LIMIT %(limit)s)
            """,
            key=key,
            owner=owner,
            query=source.query,
            company=self.env.company.id,
            today=today,
            scope=self._get_scope_condition(scope, owner),
            fades=fades,
            horizon=weight.horizon,
            limit=limit,
        )

    @api.model
    def _get_scope_condition(self, scope, owner):
        if scope == "mine":
            return SQL("AND %s = %s", owner, self.env.uid)
        if scope == "team":
            return SQL(
                """AND (%(owner)s IS NULL OR %(owner)s = %(me)s OR %(owner)s IN (
                       SELECT member.user_id FROM crm_team_member member
                         JOIN crm_team team ON team.id = member.crm_team_id
                        WHERE member.active AND (team.user_id = %(me)s OR EXISTS (
                              SELECT 1 FROM crm_team_member mine
                               WHERE mine.crm_team_id = team.id AND mine.active AND mine.user_id = %(me)s))))
                """,
                owner=owner,
                me=self.env.uid,
            )
        return SQL()

    @api.model
    def _is_waiting(self, source, key) -> bool:
        """Whether the work still waits: the screen may be an hour old."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL("SELECT EXISTS (SELECT 1 FROM (%s) AS item WHERE item.res_id = %s)", source.query, key)
        )[0][0]

    @api.model
    def _get_items(self, sources, rows) -> list[dict]:
        by_key = {(row["source"], row["res_id"]): row for found in rows.values() for row in found}
        ranked = worklist.rank(
            (
                worklist.Work(
                    row["source"], row["res_id"], row["partner_id"] or 0, Decimal(row["amount"]), row["days"]
                )
                for row in by_key.values()
            ),
            {key: source.weight for key, source in sources.items()},
        )
        # sudo: names only, of what this company's receivables are about.
        partners = (
            self.env["res.partner"].sudo().browse({row["partner_id"] for row in by_key.values()} - {None})
        )
        owners = self.env["res.users"].sudo().browse({row["owner_id"] for row in by_key.values()} - {None})
        names = {record.id: record.display_name for record in partners}
        users = {record.id: record.name for record in owners}
        items = []
        for found in ranked:
            row, source = by_key[found.work.source, found.work.key], sources[found.work.source]
            items.append(
                {
                    "source": row["source"],
                    "label": source.label,
                    "icon": source.icon,
                    "res_id": row["res_id"],
                    "partner_id": row["partner_id"],
                    "title": names.get(row["partner_id"]) or "",
                    "text": source.describe(row),
                    "also": [sources[key].label for key in found.also],
                    "amount": float(row["amount"]),
                    "days": row["days"],
                    "worth": float(found.worth),
                    "urgency": float(found.urgency),
                    "chance": float(found.chance),
                    "chance_word": found.chance_word,
                    "owner": row["owner_id"] and {"id": row["owner_id"], "name": users[row["owner_id"]]},
                    "actions": [{"key": step.key, "label": step.label} for step in source.actions],
                }
            )
        return items

    @api.model
    def _get_done_by_itself(self) -> dict:
        """What ran without anybody during the last 24 hours; one query, of counts only."""
        since = fields.Datetime.now() - datetime.timedelta(days=1)
        row = self.env.execute_query(
            SQL(
                """
                SELECT (SELECT COUNT(*) FROM payment_match
                         WHERE company_id = %(company)s AND is_automatic AND state = 'applied'
                           AND decided_at >= %(since)s),
                       (SELECT COUNT(*) FROM dunning_reminder
                         WHERE company_id = %(company)s AND state = 'sent' AND sent_at >= %(since)s),
                       (SELECT COUNT(*) FROM account_move
                         WHERE company_id = %(company)s AND move_type = 'out_invoice'
                           AND sent_at >= %(since)s)
                """,
                company=self.env.company.id,
                since=since,
            )
        )[0]
        return dict(zip(("payments", "reminders", "invoices"), row, strict=True))

    # -- what sources share ------------------------------------------------------
    def _in_days(self, days):
        return fields.Date.add(self.env.company._receivables_today(), days=days)

    def _open(self, name, model, domain=(), res_id=None, context=None):
        """A window action on a record or a list of this company."""
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "context": {"create": False, **(context or {})},
        }
        if res_id:
            return {**action, "res_id": res_id, "views": [(False, "form")]}
        return {**action, "domain": list(domain), "views": [(False, "list"), (False, "form")]}

    def _open_xmlid(self, xmlid, **values):
        action = self.env["ir.actions.act_window"]._for_xml_id(f"invoice_to_cash.{xmlid}")
        return {**action, **values}

    def _open_debts(self, partner_id):
        """What the customer owes, item by item."""
        return self._open(
            self.env["res.partner"].browse(partner_id).display_name,
            "receivable.aging",
            [("partner_id.commercial_partner_id", "=", partner_id), ("company_id", "=", self.env.company.id)],
        )

    def _open_partner(self, partner_id):
        return self._open(self.env._("Customer"), "res.partner", res_id=partner_id)

    def _open_profile(self, partner_id):
        """All that is known of the payer."""
        partner = self.env["res.partner"].browse(partner_id)
        profile = self.env["payer.profile"]._get_or_create(self.env.company, partner)
        return self._open(self.env._("Payer"), "payer.profile", res_id=profile.id)

    def _send_again(self, domain):
        """Odoo's dialog for sending, with the invoices of the domain."""
        invoices = self.env["account.move"].search(
            [("company_id", "=", self.env.company.id), ("state", "=", "posted"), *domain]
        )
        if not invoices:
            return self.env._("Somebody has done this already.")
        return invoices.action_send_and_print()
