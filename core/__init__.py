"""Business rules without Odoo.

Plain values in, plain values out: no ``import odoo``, no clock, no files, no
global state. Whatever decides about money or about a customer lies here, where
it can be tested by the thousand and explained; ``models`` fetch the facts,
call this, and apply what it decided.
"""
