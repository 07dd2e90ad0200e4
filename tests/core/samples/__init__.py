"""What the public sample files hold, one table for each folder of them.

A row is `Read(…)`, or the code of the error with which a file is refused. ``ROWS`` of each module are
checked twice by `test_bank_formats_samples`: against what we read, and against what the
sample's own source states (column ``expected_stated_by_source`` of MANIFEST.tsv).
"""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Read:
    """Figures over all statements of the file; `opening` is the first one's, `closing` the last one's.

    `differs` names what the source states otherwise, and why ours is right.
    """

    operations: int
    credited: Decimal | str
    debited: Decimal | str
    statements: int = 1
    unread: int = 0
    opening: Decimal | str | None = None
    closing: Decimal | str | None = None
    incomplete: bool = False
    differs: dict[str, str] = field(default_factory=dict)
