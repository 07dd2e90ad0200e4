"""Where pulled feeds get their files from: plain Python, without the ORM.

A source is a context manager with two methods. ``files()`` yields `FeedFile`s, each taken so that nobody
else takes it. ``settle(file, accepted, report)`` is called after the file's result was committed; it must
do no harm when it is called for the second time, or never, because the server may be killed at any moment.
What goes wrong with the source as a whole is a `SourceError`.
"""

from .base import FeedFile, SourceError
from .folder import FolderSource
from .http import HttpRequest, HttpSource
