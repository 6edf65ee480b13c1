"""Texts and their translations."""

from alembic import op
import catalog.columns
import sqlalchemy as sa

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    with op.batch_alter_table("segment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_segment_language"), ["language"], unique=False)

    op.create_table(
        "text_cut",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.PrimaryKeyConstraint("product_id"),
    )
    op.create_table(
        "translation_claim",
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("run", sa.String(32), nullable=False),
        sa.Column("until", catalog.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"]),
        sa.PrimaryKeyConstraint("segment_id", "language"),
    )
    with op.batch_alter_table("translation_claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_translation_claim_run"), ["run"], unique=False)

    op.create_table(
        "translation_spend",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("engine", sa.String(60), nullable=False),
        sa.Column("characters", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "engine"),
    )
    op.create_table(
        "segment_use",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column(
            "field",
            sa.Enum("title", "description", name="textfield", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"]),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"]),
        sa.PrimaryKeyConstraint("product_id", "field", "position"),
    )
    with op.batch_alter_table("segment_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_segment_use_segment_id"), ["segment_id"], unique=False)

    op.create_table(
        "translation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "machine", "reviewed", "rejected", name="textstate", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("engine", sa.String(60), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("problems", catalog.columns.Json, nullable=False),
        sa.Column("made_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.Column("reviewed_at", catalog.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("segment_id", "language"),
    )
    with op.batch_alter_table("translation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_translation_segment_id"), ["segment_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("translation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_translation_segment_id"))

    op.drop_table("translation")
    with op.batch_alter_table("segment_use", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_segment_use_segment_id"))

    op.drop_table("segment_use")
    op.drop_table("translation_spend")
    with op.batch_alter_table("translation_claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_translation_claim_run"))

    op.drop_table("translation_claim")
    op.drop_table("text_cut")
    with op.batch_alter_table("segment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_segment_language"))

    op.drop_table("segment")
