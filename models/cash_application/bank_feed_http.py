import re
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import NO_ACCESS

from .feed_sources import HttpRequest, HttpSource
from .feed_sources.http import basic

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class BankFeed(models.Model):
    """Feeds that download a statement."""

    _inherit = "bank.feed"

    http_url = fields.Char(
        string="Address",
        help="https://… The address answers with the statement. {date_from} and {date_to} are replaced by"
        " dates as 2026-11-25; {date_from:%d.%m.%Y} by 25.11.2026.",
    )
    http_days = fields.Integer(
        string="Days Back",
        default=5,
        help="{date_from} lies this many days before today, {date_to} is today.",
    )
    http_auth = fields.Selection(
        selection=[
            ("none", "None"),
            ("basic", "User and password"),
            ("bearer", "Token"),
            ("header", "Own header"),
        ],
        string="Authentication",
        default="none",
        required=True,
    )
    http_user = fields.Char(string="User", copy=False)
    http_header = fields.Char(string="Header", help="e.g. X-Api-Key")
    # Nobody reads it back, not even the manager who set it.
    http_secret = fields.Char(groups=NO_ACCESS, copy=False, export_string_translation=False)
    http_new_secret = fields.Char(
        string="Password or Token", compute="_compute_http_new_secret", inverse="_inverse_http_new_secret"
    )
    # Computed with all rights: only whether there is a secret is told.
    http_has_secret = fields.Boolean(
        compute="_compute_http_has_secret", compute_sudo=True, string="Secret Stored"
    )

    def _compute_http_new_secret(self):
        self.http_new_secret = False

    def _inverse_http_new_secret(self):
        for feed in self.filtered("http_new_secret"):
            # Whoever may write the feed may set its secret; the field itself is closed to all.
            feed.sudo().http_secret = feed.http_new_secret
        self.invalidate_recordset(["http_new_secret"])

    @api.depends("http_secret")
    def _compute_http_has_secret(self):
        for feed in self:
            feed.http_has_secret = bool(feed.http_secret)

    def write(self, vals):
        """Extend: a secret is for the host it was given for."""
        if "http_url" in vals and not vals.get("http_new_secret"):
            moved = self.filtered(
                lambda feed: feed.http_url and _host(feed.http_url) != _host(vals["http_url"])
            )
            # Else a manager could have the secret sent to a server of their own.
            moved.sudo().write({"http_secret": False})
        return super().write(vals)

    @api.constrains("kind", "http_url", "http_auth", "http_user", "http_header", "http_days")
    def _check_http(self):
        _ = self.env._
        for feed in self.filtered(lambda feed: feed.kind == "http"):
            try:
                parts = urlsplit(feed.http_url or "")
                valid = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
            except ValueError:
                valid = False
            if not valid:
                raise ValidationError(_("The address of %s must begin with https://.", feed.name))
            if parts.username or parts.password:
                raise ValidationError(_("User and password have fields of their own, outside the address."))
            if feed.http_auth == "header" and not _TOKEN.fullmatch(feed.http_header or ""):
                raise ValidationError(_("The name of the header is missing or no name of a header."))
            if not 0 <= feed.http_days <= 366:
                raise ValidationError(_("Days back: between 0 and 366."))

    def _get_http_header(self):
        # Needed to speak to the bank, and goes nowhere else.
        secret = (self.sudo().http_secret or "").strip()
        match self.http_auth:
            case "basic":
                return basic(self.http_user or "", secret)
            case "bearer":
                return ("Authorization", f"Bearer {secret}")
            case "header":
                return (self.http_header, secret)
        return ()

    def _open_source(self):
        if self.kind != "http":
            return super()._open_source()
        today = self.company_id._receivables_today()
        hosts = self.env["ir.config_parameter"].sudo().get_param("invoice_to_cash.bank_feed_hosts") or ""
        request = HttpRequest(
            url=self.http_url,
            date_from=today - timedelta(days=self.http_days),
            date_to=today,
            limit=self.env["account.journal"]._get_bank_file_limits().bytes,
            header=self._get_http_header(),
            hosts=frozenset(hosts.lower().replace(",", " ").split()),
        )
        return HttpSource(request, self.source_state)

    @api.model
    def _source_problems(self):
        _ = self.env._
        return {
            **super()._source_problems(),
            "http_url": _("The address is not a valid one."),
            "http_plain": _(
                "%(host)s would be asked without encryption. Use https, or have the system administrator"
                " add it to the trusted hosts."
            ),
            "http_private": _(
                "%(host)s is not on the internet but in a private network. The system administrator can add"
                " it to the trusted hosts."
            ),
            "http_unknown_host": _("The host %(host)s was not found."),
            "http_certificate": _("The certificate of %(host)s is not valid: %(text)s."),
            "http_timeout": _("%(host)s did not answer in time."),
            "http_cut": _("%(host)s ended in the middle of the file."),
            "http_failed": _("%(host)s cannot be reached: %(text)s."),
            "http_redirect": _("%(host)s leads on to %(place)s. Enter the final address."),
            "http_denied": _("%(host)s refuses access (%(status)s): user, password or token are not right."),
            "http_status": _("%(host)s answers with the error %(status)s."),
        }


def _host(url):
    try:
        parts = urlsplit(url or "")
        return parts.scheme, parts.hostname, parts.port
    except ValueError:
        return None
