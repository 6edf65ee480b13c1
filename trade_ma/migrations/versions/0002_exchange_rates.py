"""The history of exchange rates."""

from alembic import op
import catalog.columns
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exchange_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("mad_per_unit", catalog.columns.ExactDecimal(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("fetched_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("currency", "date", "source"),
    )


def downgrade() -> None:
    op.drop_table("exchange_rate")
