"""Imports as the API shows them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field

from catalog.importing.problems import message
from images.advice import sentence
from jobs.import_models import ImportPhoto, ImportRow, ImportRun, ImportState, Standing
from jobs.import_photos import finding_of
from jobs.import_progress import doing
from jobs.import_rows import problem_of
from trade_ma.api.subject import Text


class Language(StrEnum):
    """A language that rows and photos are told of in; the reader's own without."""

    FR = "fr"
    AR = "ar"
    EN = "en"


def language_of(language: Language | None, locale: str) -> str:
    """The language asked for, else the reader's, else English."""
    known = set(Language)
    return language or (locale if locale in known else Language.EN)


class Failure(BaseModel):
    """Why an import failed. Nothing of it is in the catalog."""

    code: str = Field(examples=["import_failed.interrupted"])
    message: str


class Progress(BaseModel):
    """Photos and rows that are read, of how many; 0 of 0 before it begins."""

    done: int
    total: int


class ImportShown(BaseModel):
    """An import."""

    id: int
    file_name: str = Field(examples=["catalogue.xlsx"])
    file_bytes: int
    maker_id: int | None = Field(description="Null where the file says whose its products are.")
    state: ImportState
    fetch: bool
    progress: Progress | None = Field(description="While it is checked or applied.")
    totals: dict[str, int] = Field(
        description="Rows and photos, once it was checked.",
        examples=[{"accepted": 21, "rejected": 2, "created": 20, "updated": 1, "unchanged": 0}],
    )
    failure: Failure | None
    created_at: datetime


class ColumnShown(BaseModel):
    """A column of the file; `field` is null where it is read as nothing."""

    letters: str = Field(examples=["D"])
    title: str = Field(examples=["Prix"])
    field: str | None = Field(examples=["price"])
    samples: list[str] = Field(examples=[["1 250,00", "850"]])


class ColumnsShown(BaseModel):
    """The columns of a file, and the fields that they may be read as."""

    header_found: bool
    columns: list[ColumnShown]
    fields: list[str]


class ColumnsChange(BaseModel):
    """Headers and the fields that they are; an empty field for a column that says nothing."""

    mapping: dict[Annotated[Text, Field(max_length=500)], Text] = Field(
        max_length=500, examples=[{"Coût public": "price", "Remarques": ""}]
    )


class Complaint(BaseModel):
    """What is wrong with a cell, and what to write instead."""

    code: str = Field(examples=["bad_price"])
    refuses: bool = Field(description="Whether the row is refused for it.")
    field: str = Field(examples=["price"])
    cell: str = Field(examples=["D8 (Prix)"])
    value: str = Field(examples=["sur demande"])
    message: str


class RowShown(BaseModel):
    """A row of the file below its header, counted from 1; `record` is that of the sheet."""

    row: int
    record: int
    sku: str
    title: str
    standing: Standing
    problems: list[Complaint]


class Advice(BaseModel):
    """What would make a photo sell better, or why it is no photo."""

    code: str = Field(examples=["too_dark"])
    severity: str = Field(examples=["advice"])
    message: str


class PhotoShown(BaseModel):
    """A photo of an import; `row` is the first that names it, once the import was checked."""

    id: int
    name: str
    bytes: int
    width: int
    height: int
    usable: bool
    row: int | None
    sku: str | None
    advice: list[Advice]


def shown(run: ImportRun, folder: Path, locale: str) -> ImportShown:
    """An import as its sender sees it; `folder` is where the files of imports are."""
    now = doing(folder / run.folder)
    busy = run.state in {ImportState.CHECKING, ImportState.APPLYING}
    return ImportShown(
        id=run.id or 0,
        file_name=run.file_name,
        file_bytes=run.file_bytes,
        maker_id=run.maker_id,
        state=run.state,
        fetch=run.fetch,
        progress=Progress(done=now.done, total=now.total) if busy else None,
        totals=run.totals,
        failure=failure_of(run, locale),
        created_at=run.created_at,
    )


def failure_of(run: ImportRun, locale: str) -> Failure | None:
    """Why an import failed, in words; None where it did not."""
    if run.failure is None:
        return None
    told = message(run.failure, run.failure_details, language_of(None, locale))
    return Failure(code=run.failure, message=told)


def row_shown(row: ImportRow, language: str) -> RowShown:
    """A row with its problems in words."""
    return RowShown(
        row=row.number,
        record=row.record,
        sku=row.sku,
        title=row.title,
        standing=row.standing,
        problems=[_complaint(one, language) for one in row.complaints],
    )


def _complaint(kept: Mapping[str, Any], language: str) -> Complaint:
    problem = problem_of(kept)
    return Complaint(
        code=problem.code,
        refuses=kept["refuses"],
        field=problem.field,
        cell=problem.cell,
        value=problem.value,
        message=problem.message(language),
    )


def photo_shown(photo: ImportPhoto, locale: str) -> PhotoShown:
    """A photo with its advice in words."""
    language = language_of(None, locale)
    return PhotoShown(
        id=photo.id or 0,
        name=photo.name,
        bytes=photo.bytes,
        width=photo.width,
        height=photo.height,
        usable=photo.trouble is None,
        row=photo.row,
        sku=photo.sku,
        advice=[
            Advice(code=one["code"], severity=one["severity"], message=sentence(finding, language))
            for one in photo.findings
            if (finding := finding_of(one))
        ],
    )
