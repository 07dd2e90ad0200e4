"""Writers of bank files, for tests only: what a reader must find again, field by field.

Each module has ``write(statements, …) -> bytes`` and ``FIELDS``, the names of the fields of `Transaction`
that its format can carry.
"""
