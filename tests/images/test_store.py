"""Photos kept by content."""

from pathlib import Path

import pytest

from images.store import PhotoStore, original_name, write

SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> PhotoStore:
    """A store in a folder, and one that is no folder, as an object store is none."""
    if request.param == "folder":
        return PhotoStore(tmp_path / "photos")
    return PhotoStore(f"memory://{tmp_path.name}")


def test_a_photo_is_found_again_by_the_digest_of_its_bytes(store: PhotoStore) -> None:
    assert store.add(b"abc") == SHA256_OF_ABC
    assert store.open(SHA256_OF_ABC) == b"abc"
    assert original_name(SHA256_OF_ABC) == f"originals/ba/{SHA256_OF_ABC}"


def test_the_same_photo_twice_is_kept_once(tmp_path: Path) -> None:
    store = PhotoStore(tmp_path)
    store.add(b"abc")
    kept = tmp_path / original_name(SHA256_OF_ABC)
    first = kept.stat().st_ino
    store.add(b"abc")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [kept]
    assert kept.stat().st_ino == first


def test_a_name_that_is_no_digest_never_becomes_a_path(store: PhotoStore) -> None:
    with pytest.raises(ValueError, match="no SHA-256"):
        store.open("../../../../etc/passwd")


def test_a_rendition_is_there_once_it_was_kept(store: PhotoStore) -> None:
    name = f"ba/{SHA256_OF_ABC}-0123456789abcdef.jpg"
    assert (store.has_rendition(name), store.rendition(name)) == (False, None)
    store.keep_rendition(name, b"made")
    assert (store.has_rendition(name), store.rendition(name)) == (True, b"made")


@pytest.mark.parametrize("name", ["../originals/ba/x", "ba/x.jpg", f"aa/{SHA256_OF_ABC}.jpg", ""])
def test_only_the_name_of_a_rendition_is_read_below_renditions(
    store: PhotoStore, name: str
) -> None:
    with pytest.raises(ValueError, match="no name of a rendition"):
        store.rendition(name)


def test_what_was_taken_out_is_gone(store: PhotoStore) -> None:
    store.forget(store.add(b"abc"))
    with pytest.raises(FileNotFoundError):
        store.open(SHA256_OF_ABC)


def test_a_photo_never_added_is_not_found(store: PhotoStore) -> None:
    with pytest.raises(FileNotFoundError):
        store.open(SHA256_OF_ABC)


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_bytes(b"old")
    with pytest.raises(TypeError):
        write(path, "no bytes")  # type: ignore[arg-type]  # the failure under test
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"kept": b"old"}
