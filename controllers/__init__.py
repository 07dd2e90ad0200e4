from . import tracked_link
