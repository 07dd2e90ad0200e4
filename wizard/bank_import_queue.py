from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class BankImportWizard(models.TransientModel):
    """Files that are too large for a request: they come in in the background."""

    _inherit = "bank.import.wizard"

    queued_count = fields.Integer(compute="_compute_queued_count")
    total_count = fields.Integer(compute="_compute_queued_count")

    @api.depends("line_ids.state")
    def _compute_queued_count(self):
        for wizard in self:
            wizard.queued_count = len(wizard.line_ids.job_id)
            wizard.total_count = len(wizard.line_ids)

    def _queue_file(self, file, journals, choices):
        """The rows of a file that was put into the queue; empty for one that can be imported at once.

        Into the queue go large files, and what goes into a journal that such a file is filling: it would
        only be told to wait.
        """
        Job, Journal = self.env["bank.import.job"], self.env["account.journal"]
        limit, busy = Journal._get_background_lines(), Job._get_busy_journals()
        count = sum(len(statement.transactions) for statement in file.statements)
        if file.problem or (count <= limit and not busy):
            return []
        rows, chosen = [], {}
        for place, statement in enumerate(file.statements):
            choice = choices.get((file.attachment.id, file.member, place))
            source = file.attachment, file.member, place, file.name
            rows.append(self._prepare_row(source, statement, journals, choice))
            if choice:
                chosen[str(place)] = [choice[0].id, choice[1]]
        count = sum(row["new_count"] for row in rows)
        wanted = Journal.browse({row["journal_id"] for row in rows if row["new_count"]})
        if count <= limit and not wanted & busy:
            return []
        job = Job._enqueue(
            {
                "company_id": (wanted.company_id or self.env.company)[0].id,
                "filename": file.name,
                "attachment_id": file.attachment.id,
                "member": file.member,
                "journal_id": self.journal_id.id,
                "journal_ids": wanted.ids,
                "profile_id": self.profile_id.id,
                "choices": chosen,
                "line_count": count,
            }
        )
        return [{**row, "state": "queued", "job_id": job.id} for row in rows]

    @api.model
    @api.private
    def _import_job(self, job):
        """Import the file of a `bank.import.job`, in the environment of its user.

        :return: its log entries; None when a journal of it is at work just now
        """
        wizard = self.create(
            {
                "journal_id": job.journal_id.id,
                "profile_id": job.profile_id.id,
                "attachment_ids": [Command.set(job.attachment_id.ids)],
            }
        )
        file = next(wizard._read_files(only=job.member or ""), None)
        if file is None:
            raise UserError(self.env._("The file %s is not there any more.", job.filename))
        if file.problem:
            raise UserError(file.problem)
        Journal = self.env["account.journal"]
        choices = {
            (file.attachment.id, file.member, int(place)): (Journal.browse(journal_id).exists(), duplicates)
            for place, (journal_id, duplicates) in (job.choices or {}).items()
        }
        journals, wanted = wizard._get_journals(), Journal
        for place, statement in enumerate(file.statements):
            chosen = choices.get((file.attachment.id, file.member, place), (Journal, False))[0]
            wanted |= wizard._find_row_journal(statement, journals, chosen)[0]
        # sudo: only the locks, which are let go with the transaction.
        if len(wanted.sudo().try_lock_for_update(allow_referencing=True)) < len(wanted):
            return None
        rows = wizard._import_file(file, journals, choices)
        return self.env["bank.statement.import.log"].browse(row["log_id"] for row in rows)

    def action_open_jobs(self):
        """The files that come in in the background."""
        action = self.env["ir.actions.act_window"]._for_xml_id("invoice_to_cash.action_bank_import_job")
        jobs = self.line_ids.job_id
        if len(jobs) == 1:
            return {**action, "res_id": jobs.id, "views": [(False, "form")], "view_mode": "form"}
        return {**action, "domain": [("id", "in", jobs.ids)], "context": {}}


class BankImportWizardLine(models.TransientModel):
    _inherit = "bank.import.wizard.line"

    job_id = fields.Many2one(comodel_name="bank.import.job")
