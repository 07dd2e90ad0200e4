"""Letters and ladders that nobody has changed follow what a new version ships; others are their owner's."""

import json
import logging

from lxml import etree

from odoo import SUPERUSER_ID, api, models
from odoo.tools import file_open
from odoo.tools.convert import xml_import
from odoo.tools.translate import TranslationImporter, get_po_paths

from ...core import shipped

_logger = logging.getLogger(__name__)
MODULE = "invoice_to_cash"
#: In the order in which they refer to each other.
FILES = (
    "data/mail_template_invoice.xml",
    "data/mail_template_order_bill.xml",
    "data/mail_template_reminders_kk.xml",
    "data/mail_template_reminders.xml",
    "data/dunning_agreements.xml",
    "data/dunning_ladder.xml",
    "data/dunning_ladder_variants.xml",
)
#: {name of the record: fingerprints of all that was ever shipped under it}; ``dev/shipped`` adds to it.
HISTORY = "data/shipped_history.json"


class ShippedRecords(models.AbstractModel):
    _name = "invoice_to_cash.shipped"
    _description = "Shipped Letters and Ladders"

    @api.model
    def _refresh(self):
        """Bring what an earlier version shipped up to date; called by each installation and update.

        A record is renewed when it is, word by word, one that was shipped before and nobody has saved it
        since. Everything else stays as it is: also a letter of which only the translation was changed.

        :return: the names of what was renewed
        """
        history = self._get_history()
        renewed, kept = [], []
        for path in FILES:
            name = f"{MODULE}/{path}"
            with file_open(name, "rb") as file:
                root = etree.fromstring(file.read())
            wanted = []
            for node in root.findall("record"):
                record = self._get_outdated(node)
                if record is None:
                    continue
                if shipped_before(record, history.get(node.get("id"), ())):
                    wanted.append(node)
                else:
                    kept.append(node.get("id"))
            if wanted:
                for node in [child for child in root if child not in wanted]:
                    root.remove(node)
                # As on installation, for these records alone; what people edit stays protected.
                xml_import(self.env, MODULE, {}, "init", noupdate=True, xml_filename=name).parse(root)
                renewed += [node.get("id") for node in wanted]
        self._translate(renewed)
        if renewed:
            _logger.info("shipped letters and ladders renewed: %s", ", ".join(renewed))
        if kept:
            _logger.info("shipped letters and ladders changed by users, left alone: %s", ", ".join(kept))
        return renewed

    @api.model
    def _get_history(self) -> dict:
        with file_open(f"{MODULE}/{HISTORY}") as file:
            return json.load(file)

    def _get_outdated(self, node):
        """The record of a node that says something else than the node; None where there is none."""
        if node.get("model") not in ("mail.template", "dunning.ladder"):
            return None
        record = self.env.ref(f"{MODULE}.{node.get('id')}", raise_if_not_found=False)
        if not record or fingerprint(record) == shipped.of_node(node):
            return None
        if node.get("model") == "dunning.ladder":
            # Steps without the shipped names would come a second time.
            names = {step.get("id") for step in node.findall("field[@name='step_ids']/record")}
            if {_name(step) for step in record.step_ids} != names:
                return None
        return record

    def _translate(self, names):
        """Give the renewed records the translations of this version."""
        if not names:
            return
        self.env.flush_all()
        xmlids = self._get_renewed_xmlids(names)
        importer = TranslationImporter(self.env.cr, verbose=False)
        for lang, _label in self.env["res.lang"].get_installed():
            for path in get_po_paths(MODULE, lang):
                importer.load_file(path, lang, xmlids=xmlids)
        importer.save(overwrite=True, force_overwrite=True)
        self.env.invalidate_all()

    def _get_renewed_xmlids(self, names):
        """The renewed records and the steps of renewed ladders."""
        records = [self.env.ref(f"{MODULE}.{name}") for name in names]
        steps = self.env["dunning.step"].union(
            *(record.step_ids for record in records if record._name == "dunning.ladder")
        )
        return {f"{MODULE}.{name}" for name in names} | set(steps.get_external_id().values())


def shipped_before(record, known) -> bool:
    """Whether nobody but the system has ever saved the record, and it is what was shipped once."""
    records = [record, *(record.step_ids if record._name == "dunning.ladder" else ())]
    return all(one.write_uid.id == SUPERUSER_ID for one in records) and fingerprint(record) in known


def fingerprint(record) -> str:
    """Of a letter or a ladder of the database, as ``core.shipped`` has it of a data file."""
    record = record.with_context(lang="en_US")
    if record._name == "mail.template":
        fields = {name: record[name] or "" for name in shipped.LETTER_FIELDS}
        fields["letter_kk_id"] = _name(record.letter_kk_id)
        return shipped.letter(fields, record.body_html)
    return shipped.ladder(
        [
            {name: step[name] for name in shipped.STEP_FIELDS}
            | {"mail_template_id": _name(step.mail_template_id)}
            for step in record.step_ids
        ]
    )


def _name(record) -> str:
    """The name under which a record was shipped, "" for one of a user's own."""
    module, _dot, name = (record.get_external_id().get(record.id) or "").partition(".")
    return name if module == MODULE else ""
