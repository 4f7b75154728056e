"""Whether a SQLite file lies where SQLite is not safe: on a drive that other machines may write to as well.

SQLite's write-ahead log needs memory that all who have the file open share, which no network drive offers, and locks,
which many pretend to have (https://sqlite.org/wal.html, https://sqlite.org/faq.html#q5).
"""

import os
import re
from pathlib import Path

MOUNTS = Path("/proc/mounts")
"""Where Linux lists what is mounted; elsewhere there is none."""
NETWORK = frozenset(
    "nfs nfs4 cifs smb3 smbfs ncpfs afs 9p davfs ceph glusterfs lustre beegfs ocfs2 gfs2 vboxsf prl_fs vmhgfs "
    "fuse.sshfs fuse.davfs2 fuse.rclone fuse.s3fs fuse.gvfsd-fuse fuse.glusterfs fuse.ceph fuse.smbnetfs "
    "fuse.vmhgfs-fuse".split()
)


def network_drive(path: Path, mounts: str | None = None) -> str | None:
    """The kind of network drive, such as `nfs4`, on which a path lies; None on a local one, or where it cannot be told.

    `mounts` is a table like that of /proc/mounts.
    """
    if mounts is None:
        try:
            mounts = MOUNTS.read_text("utf-8", "surrogateescape")
        except OSError:
            return None
    real = Path(os.path.realpath(path))
    best, kind = 0, None
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        mounted = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[1]))
        if real.is_relative_to(mounted) and len(mounted.parts) >= best:  # a later one lies over an earlier one
            best, kind = len(mounted.parts), fields[2]
    return kind if kind in NETWORK else None
