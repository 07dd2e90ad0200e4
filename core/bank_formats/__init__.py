"""Bank files: bytes in, `Statement` out. `parse_statement` is the way in."""

from .archive import unpack
from .model import Notice, Statement, StatementFormatError, Transaction, Unread
from .plan import Booked, Duplicate, ImportPlan, opening_gap, pair_duplicates, plan_import
from .profile import HALYK, KASPI, ROLES, Profile
from .registry import FORMATS, detect, parse_statement, preview
from .source import Format, Limits, Source
from .table import Guess, Preview, PreviewCell, PreviewRow, guess_columns
from .text import fold_account
