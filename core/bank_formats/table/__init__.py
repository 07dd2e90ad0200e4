"""Statements that are tables: delimited text, workbooks, HTML. One reader for all of them.

A format of this kind turns its bytes into `Table`s (``Format.tables``); titles, rows, balances around them,
guesses and the preview are the same for all and stand here.
"""

from .cells import Day, Number, Row, Table
from .guess import Guess, guess_columns
from .preview import Preview, PreviewCell, PreviewRow, preview_tables
from .statement import read_tables
