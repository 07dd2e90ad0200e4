from odoo import api, fields, models
from odoo.exceptions import UserError


class ReceivableWorkMark(models.Model):
    """Who takes a work of the morning screen, and until when it stays out of sight."""

    _name = "receivable.work.mark"
    _description = "Mark on Work of Today"
    _rec_name = "source"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    source = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True)
    title = fields.Char(readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "Taken By",
        index="btree_not_null",
        ondelete="set null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    until = fields.Date("Not Before", help="The day on which it comes back, if it still waits.")
    note = fields.Char(help="Why it can wait, or what was agreed.")

    _once = models.UniqueIndex("(company_id, source, res_id)")

    @api.model
    def set_mark(self, works, user_id=None, days=None) -> bool:
        """Take works, or put them off.

        :param works: list of (source, key)
        :param user_id: who takes them; None leaves it as it is
        :param days: how many days they stay out of sight; None leaves it as it is
        :raises UserError: for a number of days that is none
        """
        if days is not None and not 0 <= int(days) <= 365:
            raise UserError(self.env._("Work can be put off for at most a year."))
        values = {}
        if user_id:
            values["user_id"] = int(user_id)
        if days is not None:
            values["until"] = fields.Date.add(self.env.company._receivables_today(), days=int(days))
        for source, key in works:
            self._get_or_create(source, int(key)).write(values)
        return True

    @api.model
    def open_mark(self, source, key, title="") -> dict:
        """The dialog in which somebody else is asked, with a day and a note."""
        mark = self._get_or_create(source, int(key))
        if title:
            mark.title = title
        return {
            "type": "ir.actions.act_window",
            "name": title or self.env._("Work of Today"),
            "res_model": self._name,
            "res_id": mark.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _get_or_create(self, source, key):
        if source not in self.env["receivable.worklist"]._get_allowed_sources():
            raise UserError(self.env._("This step is not possible for you."))
        company = self.env.company
        found = self.search([("company_id", "=", company.id), ("source", "=", source), ("res_id", "=", key)])
        return found or self.create({"company_id": company.id, "source": source, "res_id": key})

    @api.autovacuum
    def _forget_old(self):
        """What nobody has touched for half a year marks nothing any more."""
        old = fields.Datetime.subtract(fields.Datetime.now(), months=6)
        self.search(
            [("write_date", "<", old), "|", ("until", "=", False), ("until", "<", old.date())], limit=10_000
        ).unlink()
