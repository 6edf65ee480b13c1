"""Imports as things of their own."""

from alembic import op
import catalog.columns
import sqlalchemy as sa

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(40), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.String(80), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("file_bytes", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("worker", sa.String(40), nullable=False),
        sa.Column("fetch", sa.Boolean(), nullable=False),
        sa.Column("mapping", catalog.columns.Json, nullable=False),
        sa.Column("totals", catalog.columns.Json, nullable=False),
        sa.Column("failure", sa.String(80), nullable=True),
        sa.Column("failure_details", catalog.columns.Json, nullable=False),
        sa.Column("created_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.Column("changed_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["maker_id"],
            ["maker.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("folder"),
    )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_run_maker_id"), ["maker_id"], unique=False)

    op.create_table(
        "import_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(500), nullable=False),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(40), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("sku", sa.String(200), nullable=True),
        sa.Column("findings", catalog.columns.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_run.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("import_id", "key"),
    )
    op.create_table(
        "import_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(200), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("standing", sa.String(20), nullable=False),
        sa.Column("warned", sa.Boolean(), nullable=False),
        sa.Column("complaints", catalog.columns.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["import_run.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("import_id", "number"),
    )


def downgrade() -> None:
    op.drop_table("import_row")
    op.drop_table("import_photo")
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_run_maker_id"))

    op.drop_table("import_run")
