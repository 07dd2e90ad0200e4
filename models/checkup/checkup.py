"""The ten-point check: whether each part of the process lives in this company, from settings and data."""

import datetime

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date
from odoo.tools.misc import formatLang

from ...core import checkup

COLLECTOR = "invoice_to_cash.group_collector"
SETTINGS = "invoice_to_cash.action_settings"
#: What happened within so many days counts as alive: invoices and openings, letters and payments, files.
SLOW, QUICK, FILES = 90, 30, 10


class ReceivableCheckup(models.AbstractModel):
    _name = "receivable.checkup"
    _description = "Ten-point Check"

    @api.model
    def get_checkup(self) -> dict:
        """The ten points of the current company, each with state, evidence, what is missing, and a button.

        :raises AccessError: for who does not work on receivables
        """
        facts = self._get_facts()
        titles, buttons = self._get_titles(), self._get_buttons()
        answers = [self._answer(key, facts) for key in checkup.POINTS]
        return {
            "company": self.env.company.name,
            "living": checkup.living(answer for answer, _evidence in answers),
            "points": [
                {
                    "key": answer.key,
                    "title": titles[answer.key],
                    "button": self._get_button(answer, buttons[answer.key]),
                    "state": answer.state,
                    "evidence": evidence,
                    "missing": list(answer.missing),
                }
                for answer, evidence in answers
            ],
        }

    def _get_button(self, answer, label):
        """What the button says: where a setting is missing, it leads there."""
        if answer.state == "off" and self.open_point(answer.key).get("xml_id") == SETTINGS:
            return self.env._("Settings")
        return label

    @api.model
    def open_point(self, key) -> dict:
        """Where the point is looked at, or mended."""
        self._check_reader()
        if key not in checkup.POINTS:
            raise UserError(self.env._("There is no such point."))
        return getattr(self, f"_open_{key}")()

    def _check_reader(self):
        if not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("The check is for those who work on receivables."))

    def _answer(self, key, facts):
        """(core Answer, evidence in words) of one point."""
        missing, seen, evidence = getattr(self, f"_check_{key}")(facts)
        return checkup.Answer(key, tuple(filter(None, missing)), seen), evidence

    def _get_titles(self):
        """{point: its question as a statement}"""
        _ = self.env._
        return {
            "deals": _("Invoices are made from deals"),
            "openings": _("Opening of mails is tracked"),
            "reminders": _("Reminders are sent by themselves"),
            "chains": _("Different chains per segment"),
            "pauses": _("Reminders can be paused"),
            "bank": _("Bank payments arrive by themselves"),
            "matching": _("Payments are matched by themselves"),
            "card": _("Status on the customer's card"),
            "dashboard": _("Dashboard with DSO and aging"),
            "process": _("Dunning process documented and running"),
        }

    def _get_buttons(self):
        """{point: the words of its button}"""
        _ = self.env._
        return {
            "deals": _("Invoicing rules"),
            "openings": _("What happened"),
            "reminders": _("Outbox"),
            "chains": _("Ladders"),
            "pauses": _("Customers"),
            "bank": _("Bank feeds"),
            "matching": _("Payments"),
            "card": _("Customers"),
            "dashboard": _("Overview"),
            "process": _("Standard ladder"),
        }

    # -- facts -----------------------------------------------------------------------
    def _get_facts(self) -> dict:
        """Counts of what happened in the current company; two queries."""
        self._check_reader()
        self.env.flush_all()
        company = self.env.company
        today = company._receivables_today()
        row = self.env.execute_query_dict(
            SQL(
                """
                SELECT (SELECT COUNT(*) FROM sale_order
                         WHERE company_id = %(company)s AND invoicing_state = 'done'
                           AND invoicing_rule_id IS NOT NULL AND date_order >= %(slow)s) AS orders,
                       (SELECT COUNT(*) FROM invoice_tracking_event
                         WHERE company_id = %(company)s AND kind IN ('viewed', 'pdf_viewed')
                           AND moment >= %(slow)s) AS openings,
                       (SELECT COUNT(*) FROM dunning_reminder
                         WHERE company_id = %(company)s AND state = 'sent'
                           AND sent_at >= %(quick)s) AS reminders,
                       (SELECT COUNT(*) FROM payer_profile
                         WHERE company_id = %(company)s AND reminders_enabled AND active) AS reminded,
                       (SELECT COUNT(*) FROM bank_statement_import_log log
                          JOIN account_journal journal ON journal.id = log.journal_id
                         WHERE journal.company_id = %(company)s AND log.feed_id IS NOT NULL
                           AND log.state != 'refused' AND log.create_date >= %(files)s) AS files,
                       (SELECT COUNT(*) FROM payment_match
                         WHERE company_id = %(company)s AND state = 'applied' AND is_automatic
                           AND decided_at >= %(quick)s) AS automatic,
                       (SELECT COUNT(*) FROM payment_match
                         WHERE company_id = %(company)s AND state = 'applied'
                           AND decided_at >= %(quick)s) AS applied,
                       (SELECT COUNT(*) FROM account_move
                         WHERE company_id = %(company)s AND move_type = 'out_invoice' AND state = 'posted'
                           AND tracking_status IS NOT NULL) AS with_status,
                       (SELECT COUNT(*) FROM account_move
                         WHERE company_id = %(company)s AND move_type = 'out_invoice' AND state = 'posted'
                           AND (tracking_status IS NULL OR status_next_date < %(today)s - 1)) AS stale_status,
                       (SELECT MAX(date) FROM receivable_kpi
                         WHERE company_id = %(company)s) AS last_figures,
                       (SELECT dso FROM receivable_kpi WHERE company_id = %(company)s
                         ORDER BY date DESC LIMIT 1) AS dso
                """,
                company=company.id,
                today=today,
                slow=today - datetime.timedelta(days=SLOW),
                quick=today - datetime.timedelta(days=QUICK),
                files=today - datetime.timedelta(days=FILES),
            )
        )[0]
        paused = self.env["payer.profile"].search_count(
            [("company_id", "=", company.id), ("paused_until", ">=", today)]
        )
        return {**row, "paused": paused, "today": today}

    def _is_running(self, *xmlids):
        """Whether all of these jobs are switched on."""
        # sudo: on or off only; scheduled jobs are an administrator's to see.
        jobs = (self.env.ref(f"invoice_to_cash.{xmlid}", raise_if_not_found=False) for xmlid in xmlids)
        return all(job and job.sudo().active for job in jobs)

    def _say_job(self, *xmlids):
        return None if self._is_running(*xmlids) else self.env._("The nightly or hourly job is switched off.")

    def _act(self, xmlid, **values):
        action = self.env["ir.actions.actions"]._for_xml_id(f"invoice_to_cash.{xmlid}")
        return {**action, "xml_id": f"invoice_to_cash.{xmlid}", **values}

    def _open_settings(self, otherwise):
        """The settings for who may change them, else the list that shows the matter."""
        if self.env.user.has_group("base.group_system"):
            return self._act("action_settings")
        return self._act(otherwise)

    # -- the points of invoices -------------------------------------------------------
    def _check_deals(self, facts):
        _ = self.env._
        rules = self.env["invoicing.rule"].search_count([("company_id", "=", self.env.company.id)])
        return (
            [None if rules else _("There is no invoicing rule."), self._say_job("cron_continue_invoicing")],
            facts["orders"],
            _("Orders invoiced by a rule in 90 days: %s", facts["orders"]),
        )

    def _open_deals(self):
        return self._act("action_invoicing_rules")

    def _check_openings(self, facts):
        return (
            [self.env.company._get_tracking_address_fault()],
            facts["openings"],
            self.env._("Openings in 90 days: %s", facts["openings"])
            + ("" if self.env.company.tracking_pixel else " · " + self.env._("links and portal only")),
        )

    def _open_openings(self):
        if self.env.company._get_tracking_address_fault():
            return self._open_settings("action_events")
        return self._act("action_events")

    def _check_card(self, facts):
        _ = self.env._
        view = self.env.ref("invoice_to_cash.view_partner_form", raise_if_not_found=False)
        return (
            [
                self._say_job("cron_tracking_status"),
                # sudo: on or off only.
                None
                if view and view.sudo().active
                else _("The view of the customer's card is switched off."),
                facts["stale_status"] and _("Invoices with an old status: %s", facts["stale_status"]),
            ],
            facts["with_status"],
            _("Invoices with a status: %s", facts["with_status"]),
        )

    def _open_card(self):
        # Odoo's own list of customers: the status stands on the card and in the list.
        return self.env["ir.actions.actions"]._for_xml_id("account.res_partner_action_customer")

    def _check_dashboard(self, facts):
        _ = self.env._
        yesterday = facts["today"] - datetime.timedelta(days=1)
        last = facts["last_figures"]
        return (
            [
                self._say_job("cron_receivable_kpi"),
                last and last < yesterday and _("The last figures are of %s.", format_date(self.env, last)),
            ],
            int(bool(last) and facts["dso"] is not None),
            _("DSO: %s days", formatLang(self.env, facts["dso"], digits=1))
            if facts["dso"] is not None
            else _("No figures yet: they come with the first night and the first sales."),
        )

    def _open_dashboard(self):
        return self._act("action_receivable_dashboard")
