from . import documents, letters, reconciliation, tracked_link
