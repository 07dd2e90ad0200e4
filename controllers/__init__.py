from . import documents, tracked_link
