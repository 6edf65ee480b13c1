"""Photos out of a zip archive that a stranger may have made."""

import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from catalog.importing.problems import message

# Of one import: photos, and bytes of all of them together.
MOST_PHOTOS = 2_000
MOST_PHOTO_BYTES = 1 << 30
# What a computer adds by itself to an archive; it is no photo of anybody.
_SYSTEM = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
# The flag of an entry that wants a password. Source: PKWARE APPNOTE 6.3.10, 4.4.4.
_LOCKED = 0x1
_PIECE = 1 << 16
ZIP = b"PK\x03\x04"


class UploadRefused(Exception):
    """Something that is not taken in. `reason` is a key of the import's messages."""

    def __init__(self, reason: str, **details: object) -> None:
        super().__init__(reason)
        self.reason = f"refused_upload.{reason}"
        self.details = details

    def sentence(self, language: str) -> str:
        """What is wrong and what to do, in fr, ar or en."""
        return message(self.reason, self.details, language)


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A photo's bytes, and what it was called by who sent it. The name is opened nowhere."""

    name: str
    content: bytes


def unpacked(archive: Path, name: str, most_bytes: int) -> Iterator[PhotoFile]:
    """The files in an archive called `name`, `most_bytes` of each at the most.

    All names are looked at before anything is read, so that a bad one refuses the whole archive.

    Raises:
        UploadRefused: a name or a link leads out of it, it is broken, locked or too much.
    """
    try:
        with zipfile.ZipFile(archive) as files:
            entries = [one for one in files.infolist() if not _is_passed_over(one)]
            _check(entries, name)
            for entry in entries:
                yield PhotoFile(entry.filename, _content(files, entry, most_bytes))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise UploadRefused("broken_archive", name=name) from error


def _is_passed_over(entry: zipfile.ZipInfo) -> bool:
    return entry.is_dir() or entry.filename.startswith(_SYSTEM) or entry.filename.endswith(_SYSTEM)


def _check(entries: list[zipfile.ZipInfo], name: str) -> None:
    if any(map(_leads_out, entries)):
        raise UploadRefused("unsafe_archive", name=name)
    if any(entry.flag_bits & _LOCKED for entry in entries):
        raise UploadRefused("broken_archive", name=name)
    if len(entries) > MOST_PHOTOS:
        raise UploadRefused("many_photos", most=MOST_PHOTOS)
    # zipfile never unfolds more of an entry than the archive declares.
    if sum(entry.file_size for entry in entries) > MOST_PHOTO_BYTES:
        raise UploadRefused("large_photos", most=MOST_PHOTO_BYTES >> 20)


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.orig_filename.replace("\\", "/"))
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    is_drive = path.parts[:1] and path.parts[0].endswith(":")
    return bool(
        is_link or is_drive or path.is_absolute() or ".." in path.parts or "\0" in str(path)
    )


def _content(files: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    with files.open(entry) as file:
        content = file.read(most + 1)
        while len(content) <= most and (piece := file.read(_PIECE)):
            content += piece
    return content
