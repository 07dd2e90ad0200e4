"""What was learned about payers: under which names and from which accounts a customer pays."""

import unicodedata

from odoo import api, fields, models
from odoo.fields import Command

# So many confirmed decisions make a name or an account an alias.
CONFIRMATIONS = 2


class PayerAlias(models.Model):
    _name = "payer.alias"
    _description = "Learned Payer"
    _order = "value, id"
    _rec_name = "value"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Customer", required=True, index=True, ondelete="cascade")
    kind = fields.Selection([("name", "Name"), ("account", "Account")], required=True, readonly=True)
    value = fields.Char("Name or Account", required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    match_ids = fields.Many2many(
        "payment.match", "payer_alias_match_rel", string="Confirmed by", readonly=True
    )
    confirmations = fields.Integer(compute="_compute_confirmations", store=True)
    is_told = fields.Boolean(
        "Told by a Person", readonly=True, help="Somebody pressed “Remember payer”; one time is enough."
    )
    is_known = fields.Boolean(
        "In Use",
        compute="_compute_confirmations",
        store=True,
        help="After two confirmed payments, or when a person said so.",
    )

    _key_unique = models.UniqueIndex(
        "(company_id, kind, key, partner_id)", "This name or account is learned for the customer already."
    )

    @api.depends("match_ids", "is_told")
    def _compute_confirmations(self):
        for alias in self:
            alias.confirmations = len(alias.match_ids)
            alias.is_known = alias.is_told or alias.confirmations >= CONFIRMATIONS

    @api.model
    @api.private
    def _get_known(self, company, facts) -> dict[int, dict[str, list[str]]]:
        """The aliases in use for these payers; one that was confirmed for two customers proves nothing.

        :param facts: pairs of kind and value, as the bank wrote it
        :return: ``{commercial partner id: {"name": [...], "account": [...]}}``
        """
        keys = {alias_key(kind, value) for kind, value in facts if value}
        aliases = self.search_fetch(
            [("company_id", "=", company.id), ("key", "in", list(keys))],
            ["kind", "key", "value", "partner_id", "is_known"],
        )
        result: dict[int, dict[str, list[str]]] = {}
        for same in aliases.grouped(lambda alias: (alias.kind, alias.key)).values():
            partner = same.partner_id.commercial_partner_id
            if len(partner) == 1 and any(same.mapped("is_known")):
                kinds = result.setdefault(partner.id, {"name": [], "account": []})
                kinds[same[0].kind].append(same[0].value)
        return result

    @api.model
    @api.private
    def _learn(self, matches, is_told=False):
        """Note that these decisions confirm their payers' names and accounts."""
        wanted: dict[tuple, list] = {}
        for match, partner in matches._get_payers_to_learn():
            for kind, value in match.statement_line_id._get_payer_marks():
                key = (match.company_id.id, kind, alias_key(kind, value), partner.id)
                wanted.setdefault(key, [value]).append(match.id)
        if not wanted:
            return self.browse()
        found = {
            (alias.company_id.id, alias.kind, alias.key, alias.partner_id.id): alias
            for alias in self.search(
                [
                    ("company_id", "in", [key[0] for key in wanted]),
                    ("key", "in", [key[2] for key in wanted]),
                    ("partner_id", "in", [key[3] for key in wanted]),
                ]
            )
        }
        created = []
        for key, (value, *match_ids) in wanted.items():
            values = {"match_ids": [Command.link(match_id) for match_id in match_ids]}
            if is_told:
                values["is_told"] = True
            if key in found:
                found[key].write(values)
            else:
                company_id, kind, text, partner_id = key
                created.append(
                    {
                        "company_id": company_id,
                        "kind": kind,
                        "key": text,
                        "partner_id": partner_id,
                        "value": value,
                        **values,
                    }
                )
        return self.create(created)

    @api.model
    @api.private
    def _forget(self, matches):
        """What these decisions taught is not known any more; what others confirm as well stays counted."""
        aliases = self.search([("match_ids", "in", matches.ids)])
        aliases.write({"match_ids": [Command.unlink(match_id) for match_id in matches.ids], "is_told": False})
        aliases.filtered(lambda alias: not alias.match_ids).unlink()


def alias_key(kind: str, value: str) -> str:
    """The same for the same name or account, however it is spaced and capitalized."""
    text = unicodedata.normalize("NFKC", value).casefold()
    return "".join(text.split()) if kind == "account" else " ".join(text.split())
