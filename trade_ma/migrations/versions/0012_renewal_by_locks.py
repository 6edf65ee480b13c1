"""Credentials are renewed under a lock that ends with its holder, not under a lease."""

from alembic import op
import catalog.columns
import sqlalchemy as sa

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.drop_column("renewing_until")


def downgrade() -> None:
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("renewing_until", catalog.columns.UtcDateTime(), nullable=True)
        )
