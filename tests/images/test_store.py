"""Photos kept by content."""

from pathlib import Path

import pytest

from images.store import PhotoStore, write

SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return PhotoStore(tmp_path / "photos")


def test_a_photo_is_found_again_by_the_digest_of_its_bytes(store: PhotoStore) -> None:
    assert store.add(b"abc") == SHA256_OF_ABC
    assert store.open(SHA256_OF_ABC) == b"abc"
    assert store.path(SHA256_OF_ABC) == store.folder / "originals" / "ba" / SHA256_OF_ABC


def test_the_same_photo_twice_is_kept_once(store: PhotoStore) -> None:
    store.add(b"abc")
    first = store.path(SHA256_OF_ABC).stat()
    store.add(b"abc")
    files = [path for path in store.folder.rglob("*") if path.is_file()]
    assert files == [store.path(SHA256_OF_ABC)]
    assert files[0].stat().st_ino == first.st_ino


def test_a_name_that_is_no_digest_never_becomes_a_path(store: PhotoStore) -> None:
    with pytest.raises(ValueError, match="no SHA-256"):
        store.open("../../../../etc/passwd")


def test_a_photo_never_added_is_not_found(store: PhotoStore) -> None:
    with pytest.raises(FileNotFoundError):
        store.open(SHA256_OF_ABC)


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_bytes(b"old")
    with pytest.raises(TypeError):
        write(path, "no bytes")  # type: ignore[arg-type]  # the failure under test
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"kept": b"old"}
