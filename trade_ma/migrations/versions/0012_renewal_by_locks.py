"""Credentials are renewed under a lock that ends with its holder, not under a lease."""

from alembic import op
import catalog.columns
import sqlalchemy as sa

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not as a batch: SQLite would make the table anew, which the rows that name it forbid.
    op.drop_column("channel", "renewing_until")


def downgrade() -> None:
    op.add_column(
        "channel", sa.Column("renewing_until", catalog.columns.UtcDateTime(), nullable=True)
    )
