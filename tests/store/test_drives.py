"""A database on a network drive is known by the table of what is mounted."""

from pathlib import Path

import pytest

from quotetrack.store.drives import network_drive

MOUNTS = r"""
proc /proc proc rw,nosuid 0 0
/dev/sda1 / ext4 rw,relatime 0 0
desk:/news /srv/news nfs4 rw,vers=4.2 0 0
//desk/share /srv/with\040space cifs rw 0 0
tmpfs /srv/news/scratch tmpfs rw 0 0
ana@desk:/home /home/ana/far fuse.sshfs rw 0 0
desk:/old /srv/over nfs rw 0 0
/dev/sdb1 /srv/over xfs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/news/team.sqlite", "nfs4"),
        ("/srv/news", "nfs4"),
        ("/srv/newsroom/team.sqlite", None),
        ("/srv/news/scratch/team.sqlite", None),
        ("/srv/with space/a/team.sqlite", "cifs"),
        ("/home/ana/far/../far/team.sqlite", "fuse.sshfs"),
        ("/home/ana/team.sqlite", None),
        ("/srv/over/team.sqlite", None),
    ],
)
def test_what_lies_on_a_network_drive(path: str, kind: str | None) -> None:
    assert network_drive(Path(path), MOUNTS) == kind


def test_a_link_is_where_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "near").symlink_to(tmp_path / "far")
    table = f"/dev/sda1 / ext4 rw 0 0\ndesk:/ {tmp_path.resolve()}/far nfs rw 0 0\n"
    assert network_drive(tmp_path / "near" / "team.sqlite", table) == "nfs"
    assert network_drive(tmp_path / "team.sqlite", table) is None


def test_this_machine_has_a_table_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert network_drive(tmp_path) is None
    monkeypatch.setattr("quotetrack.store.drives.MOUNTS", tmp_path / "none")
    assert network_drive(tmp_path) is None
