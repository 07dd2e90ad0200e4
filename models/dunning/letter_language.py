from odoo import models

from ...core.documents import formats
from ...core.documents.texts import language_of
from ...core.dunning.words import Words


class DunningLetterLanguage(models.AbstractModel):
    """The languages of a mail to a customer: of its words, and of what Odoo prints around them."""

    _name = "dunning.letter.language"
    _description = "Language of a Letter"

    def _get_letter_contact(self):
        """Who gets the letter."""
        raise NotImplementedError

    def _get_words_lang(self) -> str:
        """The language of the fixed wording: ``ru``, ``kk`` or ``en``."""
        self.ensure_one()
        chosen = self._get_letter_contact().document_lang or self.partner_id.document_lang
        return chosen or language_of(self._get_letter_lang(), "en")

    def _get_letter_lang(self):
        """The installed language of the letter: of the customer's documents, else the recipient's."""
        self.ensure_one()
        contact = self._get_letter_contact()
        own = contact.lang or self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang
        chosen = contact.document_lang or self.partner_id.document_lang
        if not chosen or language_of(own, "en") == chosen:
            return own
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        return next((code for code in installed if code.split("_")[0] == chosen), own)

    def _say_money(self, amount, lang) -> str:
        """A Decimal with the sign of the letter's currency, as ``lang`` writes it."""
        self.ensure_one()
        currency, text = self.currency_id, formats.money(amount, lang)
        return (
            f"{currency.symbol}{text}" if currency.position == "before" else f"{text}\u00a0{currency.symbol}"
        )

    def _get_letter_greeting(self) -> str:
        """To a person by name, to a company without one."""
        self.ensure_one()
        contact = self._get_letter_contact()
        words = Words(self._get_words_lang())
        if contact.is_company or not contact.name:
            return words["greeting"]
        return words.say("greeting_name", name=contact.name)
