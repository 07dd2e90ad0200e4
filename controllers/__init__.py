from . import documents, reconciliation, tracked_link
