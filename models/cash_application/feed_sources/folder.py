"""A folder of the server into which a bank's host-to-host client, SFTP or a person puts files.

A file goes from the folder to ``processing`` by renaming, is read there, and after its result is committed
goes to ``processed`` or ``failed`` with a report beside it. A kill at any point leaves it in exactly one of
these places; what lies in ``processing`` is read again by the next run, and the import knows its lines.

All access is relative to open folders and follows no link, so that whoever may write into the folder
cannot lead us out of it by swapping a name for a link at the right moment.
"""

import contextlib
import fcntl
import os
import re
import secrets
import stat
import time
from datetime import datetime, timezone
from pathlib import PurePosixPath

from .base import FeedFile, SourceError

PROCESSING, PROCESSED, FAILED = "processing", "processed", "failed"
# Uploads in progress, as common SFTP and browser clients name them.
_UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload", ".swp", "~")
_CLAIMED = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}_")
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def open_below(root, folder):
    """A descriptor of `folder` (relative) below `root`, no part of it being a link.

    :raise SourceError: ``folder_root``, ``folder_path`` or ``folder_missing``
    """
    parts = PurePosixPath(folder or ".").parts
    if not root or not os.path.isabs(root):
        raise SourceError("folder_root")
    if PurePosixPath(folder or ".").is_absolute() or ".." in parts or "\0" in (folder or ""):
        raise SourceError("folder_path", folder=folder)
    try:
        # The root itself may be a link: the administrator chose it.
        descriptor = os.open(os.path.realpath(root), _FOLDER)
    except OSError:
        raise SourceError("folder_root") from None
    for part in parts:
        try:
            below = os.open(part, _FOLDER, dir_fd=descriptor)
        except OSError as error:
            raise SourceError("folder_missing", folder=folder, text=error.strerror) from None
        finally:
            os.close(descriptor)
        descriptor = below
    return descriptor


class FolderSource:
    """See the module.

    :param root: absolute path that the administrator allows
    :param folder: path below it
    :param limit: bytes that a file may have
    :param quiet: seconds for which a file must not have changed before it is taken
    """

    def __init__(self, root, folder, limit, quiet=30):
        self.root, self.folder, self.limit, self.quiet = root, folder, limit, quiet
        self.problems = []  # (name, code) of entries that are left where they are
        self._folders = {}

    def __enter__(self):
        inbox = self._folders["inbox"] = open_below(self.root, self.folder)
        try:
            for name in (PROCESSING, PROCESSED, FAILED):
                with contextlib.suppress(FileExistsError):
                    os.mkdir(name, 0o750, dir_fd=inbox)
                self._folders[name] = os.open(name, _FOLDER, dir_fd=inbox)
            # Another worker in the same folder: it has the work already. A kill releases the lock.
            fcntl.flock(self._folders[PROCESSING], fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.__exit__()
            raise SourceError("busy") from None
        except OSError as error:
            self.__exit__()
            raise SourceError("folder_unusable", folder=self.folder, text=error.strerror) from None
        return self

    def __exit__(self, *_error):
        while self._folders:
            os.close(self._folders.popitem()[1])

    def files(self):
        """Yield the files left over by a killed run, then those waiting, oldest first."""
        processing = self._folders[PROCESSING]
        for key in sorted(os.listdir(processing)):
            yield self._read(key)
        for name in self._waiting():
            stamp = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")
            key = f"{stamp}-{secrets.token_hex(4)}_{name}"
            try:
                os.rename(name, key, src_dir_fd=self._folders["inbox"], dst_dir_fd=processing)
            except FileNotFoundError:
                continue  # taken away meanwhile by whoever put it there
            except OSError:
                self.problems.append((_shown(name), "file_unmovable"))
                continue
            yield self._read(key)

    def _waiting(self):
        found = []
        for name in os.listdir(self._folders["inbox"]):
            if name.startswith(".") or name.lower().endswith(_UNFINISHED):
                continue
            try:
                status = os.stat(name, dir_fd=self._folders["inbox"], follow_symlinks=False)
            except FileNotFoundError:
                continue
            if stat.S_ISDIR(status.st_mode):
                continue
            if not stat.S_ISREG(status.st_mode):
                self.problems.append((_shown(name), "file_no_file"))
            # Clients that keep the time of the original set mtime back; ctime they cannot set.
            elif abs(time.time() - max(status.st_mtime, status.st_ctime)) >= self.quiet:
                found.append((status.st_mtime, name))
        return [name for _time, name in sorted(found)]

    def _read(self, key):
        name = _shown(_CLAIMED.sub("", key, count=1))
        try:
            # Not blocking: a named pipe would wait for ever.
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            descriptor = os.open(key, flags, dir_fd=self._folders[PROCESSING])
        except OSError:
            return FeedFile(name, None, "file_unreadable", key)
        with open(descriptor, "rb") as handle:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return FeedFile(name, None, "file_no_file", key)
            data = handle.read(self.limit + 1)
        if len(data) > self.limit:
            return FeedFile(name, None, "too_large", key)
        return FeedFile(name, data, key=key)

    def settle(self, file, accepted, report):
        """Move the file aside, the report beside it; both are the same when done twice."""
        target = self._folders[PROCESSED if accepted else FAILED]
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        # The name may be as long as the file system allows: then the report has a shorter one.
        for name in (f"{file.key}.txt", f"{file.key[:60]}.txt"):
            with contextlib.suppress(OSError):
                with open(os.open(name, flags, 0o640, dir_fd=target), "w", encoding="utf-8") as handle:
                    handle.write(report)
                break
        with contextlib.suppress(FileNotFoundError):
            os.rename(file.key, file.key, src_dir_fd=self._folders[PROCESSING], dst_dir_fd=target)


def _shown(name):
    """A file name as text: bytes that are no UTF-8 become a question mark."""
    return os.fsencode(name).decode("utf-8", "replace")
