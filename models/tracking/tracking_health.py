"""Whether links and pictures in our mails can be reached at all: otherwise "not opened" says nothing."""

import ipaddress
from urllib.parse import urlsplit

import requests

from odoo import api, fields, models

from .tracked_link import PIXEL_PATH

SECONDS = 5
PRIVATE = ("local", "localhost", "internal", "lan")
# What the picture's route answers to a token that is none.
PROBE = f"{PIXEL_PATH}health.gif"


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_tracking_address_fault(self):
        """Why customers cannot reach the address in our mails, as far as its text tells, or nothing."""
        address = self.get_base_url()
        parts = urlsplit(address or "")
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or not host:
            return self.env._("“%s” is no web address.", address)
        try:
            is_private = not ipaddress.ip_address(host).is_global
        except ValueError:
            is_private = "." not in host or host.rpartition(".")[2] in PRIVATE
        if is_private:
            return self.env._("“%s” can be reached from this machine or network only.", host)
        if parts.scheme != "https":
            return self.env._("“%s” is not encrypted: many mail programs show no pictures from it.", address)
        return ""

    def action_check_tracking_health(self):
        """Load the picture over the address that stands in our mails, as a mail program would."""
        for company in self:
            fault = company._get_tracking_address_fault() or company._probe_tracking()
            company.write(
                {
                    "tracking_health": "bad" if fault else "ok",
                    "tracking_health_text": fault or company.get_base_url(),
                    "tracking_health_at": fields.Datetime.now(),
                }
            )

    def _probe_tracking(self):
        address = f"{self.get_base_url()}{PROBE}"
        try:
            answer = requests.get(address, timeout=SECONDS, allow_redirects=False)
        except requests.RequestException as error:
            return self.env._(
                "%(address)s does not answer: %(error)s", address=address, error=type(error).__name__
            )
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code != 200 or not kind.startswith("image/gif"):
            return self.env._(
                "%(address)s answers %(status)s %(kind)s and no picture: is it this database?",
                address=address,
                status=answer.status_code,
                kind=kind,
            )  # fmt: skip
        return ""

    @api.model
    def _cron_check_tracking_health(self):
        """Once a day, for the companies whose mails carry a picture."""
        self.search([("tracking_pixel", "=", True)]).action_check_tracking_health()


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    receivables_sla_days = fields.Integer(related="company_id.receivables_sla_days", readonly=False)
    tracking_pixel = fields.Boolean(related="company_id.tracking_pixel", readonly=False)
    tracking_keep_days = fields.Integer(related="company_id.tracking_keep_days", readonly=False)
    tracking_internal_networks = fields.Char(
        "Own Addresses",
        config_parameter="invoice_to_cash.internal_networks",
        help="Addresses and networks of the office, with commas: 203.0.113.7, 10.0.0.0/8. "
        "What is opened there is no customer's.",
    )
    tracking_health = fields.Selection(related="company_id.tracking_health")
    tracking_health_text = fields.Char(related="company_id.tracking_health_text")
    tracking_health_at = fields.Datetime(related="company_id.tracking_health_at")
    tracking_address_fault = fields.Char(compute="_compute_tracking_address_fault")

    @api.depends("company_id")
    def _compute_tracking_address_fault(self):
        for settings in self:
            settings.tracking_address_fault = settings.company_id._get_tracking_address_fault()

    def action_check_tracking_health(self):
        self.company_id.action_check_tracking_health()
        return {"type": "ir.actions.client", "tag": "reload"}
