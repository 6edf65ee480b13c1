"""A photo that a person has just added: measured at once, so that its page can speak of it."""

from dataclasses import asdict

from sqlmodel import Session

from images.measures import VERSION, measure
from jobs.models import PhotoCheck


def keep_measures(session: Session, sha256: str, content: bytes) -> None:
    """Measure a photo, and keep that. The caller commits.

    Raises:
        BadPhoto: it is no whole picture.
    """
    measures = asdict(measure(content))
    session.merge(PhotoCheck(sha256=sha256, version=VERSION, measures=measures))
