"""Units of measure as documents abbreviate them: Odoo's own have long English names."""

#: the name after "uom." of Odoo's unit -> (Russian, Kazakh, English)
_UNITS = {
    "product_uom_unit": ("шт.", "дана", "pcs"),
    "product_uom_dozen": ("дюж.", "дюж.", "doz."),
    "product_uom_pack_6": ("упак. 6", "қап. 6", "pack of 6"),
    "product_uom_kgm": ("кг", "кг", "kg"),
    "product_uom_gram": ("г", "г", "g"),
    "product_uom_ton": ("т", "т", "t"),
    "product_uom_day": ("день", "күн", "day"),
    "product_uom_hour": ("час", "сағ.", "h"),
    "product_uom_minute": ("мин", "мин", "min"),
    "product_uom_meter": ("м", "м", "m"),
    "product_uom_km": ("км", "км", "km"),
    "product_uom_cm": ("см", "см", "cm"),
    "product_uom_millimeter": ("мм", "мм", "mm"),
    "product_uom_square_meter": ("м²", "м²", "m²"),
    "product_uom_cubic_meter": ("м³", "м³", "m³"),
    "product_uom_litre": ("л", "л", "l"),
}


def short_unit(external_name: str, lang: str, name: str) -> str:
    """The abbreviation of one of Odoo's units; ``name`` for a unit that a company made itself."""
    words = _UNITS.get(external_name)
    return words[("ru", "kk", "en").index(lang)] if words else name
