"""Everything said and done with a payer, newest first: mails, events, calls, promises, money, disputes."""

import datetime

from odoo import fields, models
from odoo.tools import SQL, format_date, html2plaintext

from ..tracking.timeline import LOOK

LIMIT = 150
PREVIEW = 160
GIVEN_LOOK = ("fa-handshake-o", "info", True)
PROMISE_LOOK = {
    "kept": ("fa-handshake-o", "success", True),
    "broken": ("fa-chain-broken", "danger", False),
}
LETTER_LOOK = {
    "sent": ("fa-bullhorn", "info", False),
    "handed_over": ("fa-hand-paper-o", "danger", False),
    "failed": ("fa-exclamation-triangle", "danger", False),
}
#: Told once, by what is more exact: the letter, the payment, the message.
LEFT_OUT = ("queued", "action", "reminded", "partial", "sent")


class PayerProfile(models.Model):
    _inherit = "payer.profile"

    timeline = fields.Json("Timeline", compute="_compute_timeline")

    def _compute_timeline(self):
        """The last 150 things, as the timeline's widget shows them; a fixed number of queries a customer."""
        may_open = self.env.user.has_group("invoice_to_cash.group_collector")
        for profile in self:
            # sudo: whoever may read the profile may read its story; only documents with this customer.
            story = profile._origin.sudo()._get_story() if profile._origin else []
            story.sort(key=lambda event: event["moment"], reverse=True)
            profile.timeline = [
                {**event, "id": place, **({} if may_open else {"model": False})}
                for place, event in enumerate(story[:LIMIT])
            ]

    def _get_story(self) -> list[dict]:
        """Events of all kinds; extended by what else happens with a payer."""
        self.env.flush_all()
        return [
            *self._get_story_of_invoices(),
            *self._get_story_of_letters(),
            *self._get_story_of_money(),
            *self._get_story_of_messages(),
            *self._get_story_of_segments(),
            *self._get_story_of_agreements(),
        ]

    def _make_event(self, moment, label, words="", look=("fa-circle-o", "muted", False), record=("", 0)):
        """An event of the timeline; a date without a time is noon, and shown without one."""
        whole_day = not isinstance(moment, datetime.datetime)
        if whole_day:
            moment = datetime.datetime.combine(moment, datetime.time(12))
        icon, tone, by_customer = look
        return {
            "moment": fields.Datetime.to_string(moment),
            "whole_day": whole_day,
            "label": label,
            "words": words or "",
            "icon": icon,
            "tone": tone,
            "by_customer": by_customer,
            "model": record[0],
            "res_id": record[1],
        }

    def _get_story_of_invoices(self):
        log = self.env["invoice.tracking.event"]
        labels = dict(log._fields["kind"]._description_selection(self.env))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT event.moment, event.kind, move.name, event.detail, move.id
                  FROM invoice_tracking_event event JOIN account_move move ON move.id = event.move_id
                 WHERE event.partner_id = %s AND event.company_id = %s AND event.kind NOT IN %s
                 ORDER BY event.moment DESC, event.id DESC LIMIT %s
                """,
                self.partner_id.id,
                self.company_id.id,
                LEFT_OUT,
                LIMIT,
            )
        )
        return [
            self._make_event(
                moment,
                labels.get(kind, kind),
                " · ".join(filter(None, (name, detail))),
                LOOK.get(kind, ("fa-circle-o", "muted", False)),
                ("account.move", move),
            )
            for moment, kind, name, detail, move in rows
        ]

    def _get_story_of_letters(self):
        letters = self.env["dunning.reminder"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("sent", "handed_over", "failed")),
            ],
            limit=LIMIT,
        )
        labels = {
            "sent": self.env._("Reminder"),
            "handed_over": self.env._("Handed over to a person"),
            "failed": self.env._("Reminder failed"),
        }
        tones = dict(letters._fields["tone"]._description_selection(self.env))
        return [
            self._make_event(
                letter.sent_at or letter.date,
                labels[letter.state],
                f"{tones[letter.tone]} · {letter.currency_id.format(letter.amount_due)}",
                LETTER_LOOK[letter.state],
                (letter._name, letter.id),
            )
            for letter in letters
        ]

    def _get_story_of_money(self):
        """What came in on the ledger: bank lines and payments, not what only settles against them."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.date, item.currency_id, -SUM(item.amount_currency), move.ref, move.id
                  FROM account_move_line item
                  JOIN account_move move ON move.id = item.move_id
                  JOIN res_partner customer ON customer.id = item.partner_id
                 WHERE item.company_id = %s AND item.parent_state = 'posted' AND item.account_id IN %s
                   AND customer.commercial_partner_id = %s AND item.balance < 0
                   AND (move.statement_line_id IS NOT NULL OR move.origin_payment_id IS NOT NULL)
                 GROUP BY move.id, item.date, item.currency_id, move.ref
                 ORDER BY item.date DESC, move.id DESC LIMIT %s
                """,
                self.company_id.id,
                self.company_id._get_receivable_account_ids(),
                self.partner_id.id,
                LIMIT,
            )
        )
        currencies = self.env["res.currency"].browse({row[1] for row in rows})
        names = {currency.id: currency for currency in currencies}
        return [
            self._make_event(
                day,
                self.env._("Payment: %s", names[currency].format(amount)),
                ref,
                ("fa-money", "success", True),
                ("account.move", move),
            )
            for day, currency, amount, ref, move in rows
        ]

    def _get_story_of_messages(self):
        """Mails, notes and finished tasks on the customer, its invoices, orders, letters and disputes."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH family AS (SELECT id FROM res_partner WHERE commercial_partner_id = %(partner)s)
                SELECT message.date, message.message_type, message.subject, message.body, message.model,
                       message.res_id, author.commercial_partner_id, author.name,
                       message.mail_activity_type_id
                  FROM mail_message message
                  LEFT JOIN res_partner author ON author.id = message.author_id
                 WHERE (message.message_type IN ('email', 'comment', 'email_outgoing')
                        OR message.mail_activity_type_id IS NOT NULL)
                   AND message.is_invoice_delivery IS NOT TRUE
                   AND ((message.model = 'res.partner' AND message.res_id IN (SELECT id FROM family))
                     OR (message.model = 'account.move' AND message.res_id IN (
                         SELECT id FROM account_move
                          WHERE commercial_partner_id = %(partner)s AND company_id = %(company)s
                            AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')))
                     OR (message.model = 'sale.order' AND message.res_id IN (
                         SELECT id FROM sale_order
                          WHERE partner_id IN (SELECT id FROM family) AND company_id = %(company)s))
                     OR (message.model = 'invoice.dispute' AND message.res_id IN (
                         SELECT id FROM invoice_dispute
                          WHERE partner_id = %(partner)s AND company_id = %(company)s))
                     OR (message.model = 'dunning.reminder' AND message.message_type = 'email'
                         AND message.res_id IN (
                         SELECT id FROM dunning_reminder
                          WHERE partner_id = %(partner)s AND company_id = %(company)s)))
                 ORDER BY message.date DESC, message.id DESC LIMIT %(limit)s
                """,
                partner=self.partner_id.id,
                company=self.company_id.id,
                limit=LIMIT,
            )
        )
        kinds = self.env["mail.activity.type"].browse({row[8] for row in rows if row[8]})
        names = {kind.id: kind.name for kind in kinds}
        events = []
        for moment, _type, subject, body, model, res_id, author, name, activity in rows:
            by_customer = author == self.partner_id.id
            text = " ".join(html2plaintext(body or "", include_references=False).split())
            if not text and not subject:
                continue
            if activity:
                label, look = names.get(activity, ""), ("fa-check-square-o", "info", False)
            elif by_customer:
                label, look = self.env._("%s writes", name), ("fa-comment", "success", True)
            else:
                label, look = name or "", ("fa-comment-o", "muted", False)
            words = " · ".join(filter(None, (subject, text)))[:PREVIEW]
            events.append(self._make_event(moment, label, words, look, (model, res_id)))
        return events

    def _get_story_of_segments(self):
        return [
            self._make_event(
                change.date,
                self.env._("Segment: %s", change.new_segment_id.name or "–"),
                change.reason,
                ("fa-tag", "warning", False),
            )
            for change in self.segment_change_ids[:LIMIT]
        ]

    def _get_story_of_agreements(self):
        """Promises as they were given and as they ended, and hand-overs."""
        domain = [("partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id)]
        events = []
        promises = self.env["payment.promise"].search(domain, limit=LIMIT)
        states = dict(promises._fields["state"]._description_selection(self.env))
        for promise in promises:
            record = (promise._name, promise.id)
            amount = promise.currency_id.format(promise.amount)
            until = format_date(self.env, promise.date)
            words = self.env._("%(amount)s until %(date)s", amount=amount, date=until)
            events.append(
                self._make_event(promise.given_on, self.env._("Promise"), words, GIVEN_LOOK, record)
            )
            if promise.decided_on and promise.state in PROMISE_LOOK:
                label = self.env._("Promise: %s", states[promise.state])
                look = PROMISE_LOOK[promise.state]
                events.append(self._make_event(promise.decided_on, label, words, look, record))
        return events
