import os
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import config

from .feed_sources import FolderSource


class ResCompany(models.Model):
    _inherit = "res.company"

    bank_feed_root = fields.Char(
        string="Folder of Bank Feeds",
        groups="base.group_system",
        help="Absolute path on the server. Folder feeds of this company read below it and nowhere else.",
    )

    @api.constrains("bank_feed_root")
    def _check_bank_feed_root(self):
        """A folder of its own: not Odoo's, not the whole disk, not another company's."""
        others = self.sudo().search([("bank_feed_root", "!=", False)])
        for company in self.filtered("bank_feed_root"):
            root = Path(company.bank_feed_root)
            if not root.is_absolute() or not root.is_dir():
                raise ValidationError(
                    self.env._("%s is no folder of the server. Give its absolute path.", root)
                )
            real = Path(os.path.realpath(root))
            taken = [Path(config["data_dir"]), *map(Path, config["addons_path"])]
            taken += [Path(other.bank_feed_root) for other in others - company]
            if len(real.parts) < 3 or any(_overlap(real, Path(os.path.realpath(path))) for path in taken):
                raise ValidationError(
                    self.env._(
                        "%s cannot be used: the folder of bank feeds must hold nothing else, neither files"
                        " of the system or of Odoo nor the bank files of another company.",
                        root,
                    )
                )


def _overlap(one, other):
    return one == other or one in other.parents or other in one.parents


class BankFeed(models.Model):
    """Feeds that read a folder of the server."""

    _inherit = "bank.feed"

    folder = fields.Char(
        tracking=True,
        help="Below the folder that the system administrator allows for the company.",
    )
    folder_path = fields.Char(compute="_compute_folder_path", string="Full Path")

    # No company reads another's root, so the name alone is enough.
    _folder_unique = models.UniqueIndex(
        "(company_id, folder) WHERE kind = 'folder' AND active", "Two feeds cannot read the same folder."
    )

    @api.depends("folder", "company_id.bank_feed_root")
    def _compute_folder_path(self):
        for feed in self:
            # The manager has to know where files must be put; the setting is the administrator's.
            root = feed.company_id.sudo().bank_feed_root
            feed.folder_path = os.path.join(root, feed.folder) if root and feed.folder else False

    @api.constrains("kind", "folder")
    def _check_folder(self):
        for feed in self.filtered(lambda feed: feed.kind == "folder"):
            parts = Path(feed.folder or "").parts
            if not parts or Path(feed.folder).is_absolute() or ".." in parts or "\0" in feed.folder:
                raise ValidationError(
                    self.env._("The folder of %s must be a path like “kaspi” or “banks/kaspi”.", feed.name)
                )

    def _open_source(self):
        if self.kind != "folder":
            return super()._open_source()
        # The allowed root is the administrator's setting: read, not given away.
        root = self.company_id.sudo().bank_feed_root
        return FolderSource(root, self.folder, self.env["account.journal"]._get_bank_file_limits().bytes)

    @api.model
    def _source_problems(self):
        _ = self.env._
        return {
            **super()._source_problems(),
            "folder_root": _(
                "The folder of bank feeds is not set, or is not there. The system administrator sets it under"
                " Settings › Receivables › Bank files."
            ),
            "folder_path": _("The folder %(folder)s leads out of the allowed one."),
            "folder_missing": _("The folder %(folder)s cannot be opened: %(text)s."),
            "folder_unusable": _("The folder %(folder)s cannot be used: %(text)s."),
            "file_unreadable": _("%(name)s cannot be read: Odoo has no right to, or it is a link."),
            "file_unmovable": _("%(name)s cannot be moved: Odoo needs the right to write into the folder."),
            "file_no_file": _("%(name)s is a link or no plain file; such entries are not read."),
        }
