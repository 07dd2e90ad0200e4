import datetime

from odoo import models
from odoo.tools import format_datetime

#: The daily run may rest over a weekend.
RUN_DAYS = 3


class ReceivableCheckup(models.AbstractModel):
    """The points of reminders."""

    _inherit = "receivable.checkup"

    def _check_reminders(self, facts):
        _ = self.env._
        company = self.env.company
        return (
            [
                None if company.dunning_enabled else _("Daily reminders are off in the settings."),
                None if company.dunning_auto_send else _("Letters wait in the outbox for a click."),
                None if facts["reminded"] else _("Reminders are on for no customer."),
                self._say_job("cron_remind"),
            ],
            facts["reminders"],
            _("Reminders sent in 30 days: %s", facts["reminders"]),
        )

    def _open_reminders(self):
        company = self.env.company
        if company.dunning_enabled and company.dunning_auto_send:
            return self._act("action_outbox")
        return self._open_settings("action_outbox")

    def _check_chains(self, facts):
        _ = self.env._
        ladders = self.env["dunning.ladder"].search([("company_id", "in", (False, self.env.company.id))])
        special = ladders.filtered("segment_ids")
        served = self.env["payer.profile"].search_count(
            [
                ("company_id", "=", self.env.company.id),
                ("ladder_id", "=", False),
                ("segment_id", "in", special.segment_ids.ids),
            ]
        )
        return (
            [
                None if len(ladders) > 1 else _("There is only one ladder."),
                None if special else _("No ladder is for a segment."),
                self._say_job("cron_payer_segments"),
            ],
            served,
            _(
                "Ladders for segments: %(ladders)s, customers on them: %(customers)s",
                ladders=len(special),
                customers=served,
            ),
        )

    def _open_chains(self):
        return self._act("action_ladders")

    def _check_pauses(self, facts):
        """A pause is there for who may pause; whether somebody does is nobody's duty."""
        _ = self.env._
        group = self.env.ref("invoice_to_cash.group_collector")
        # sudo: a count of people; the superuser is nobody.
        people = (
            self.env["res.users"]
            .sudo()
            .search_count(
                [
                    ("all_group_ids", "in", group.ids),
                    ("share", "=", False),
                    ("company_ids", "in", self.env.company.ids),
                ]
            )
        )
        return (
            [None if people else _("Nobody may pause reminders.")],
            people,
            _(
                "People who may pause: %(people)s, paused now: %(paused)s",
                people=people,
                paused=facts["paused"],
            ),
        )

    def _open_pauses(self):
        return self._act("action_payer_profiles")

    def _check_process(self, facts):
        _ = self.env._
        company = self.env.company
        ladder = company._get_dunning_ladder()
        wordless = ladder.step_ids.filtered(lambda step: step.send_mail and not step.mail_template_id)
        last = company.dunning_last_run
        is_late = last and last.date() < facts["today"] - datetime.timedelta(days=RUN_DAYS)
        return (
            [
                None if ladder.step_ids else _("The standard ladder has no steps."),
                wordless and _("Steps without a letter: %s", ", ".join(wordless.mapped("name"))),
                None
                if company.dunning_user_id
                else _("Nobody is responsible for reminders (settings, Responsible)."),
                None if company.dunning_enabled else _("Daily reminders are off in the settings."),
                is_late and _("The last run was on %s.", format_datetime(self.env, last)),
            ],
            int(bool(last)),
            _("%(ladder)s, steps: %(steps)s", ladder=ladder.name or "", steps=len(ladder.step_ids))
            + (" · " + _("last run %s", format_datetime(self.env, last)) if last else ""),
        )

    def _open_process(self):
        company = self.env.company
        ladder = company._get_dunning_ladder()
        if ladder.step_ids and not (company.dunning_user_id and company.dunning_enabled):
            return self._open_settings("action_ladders")
        return self._act("action_ladders", res_id=ladder.id, views=[(False, "form")])
