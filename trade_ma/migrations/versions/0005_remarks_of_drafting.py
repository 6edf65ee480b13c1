"""Who complained of a listing, and when it is due again."""

from alembic import op
import catalog.columns
import sqlalchemy as sa

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("look_again_at", catalog.columns.UtcDateTime(), nullable=True)
        )
    with op.batch_alter_table("listing_issue", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("origin", sa.String(20), nullable=False, server_default="market")
        )


def downgrade() -> None:
    with op.batch_alter_table("listing_issue", schema=None) as batch_op:
        batch_op.drop_column("origin")
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_column("look_again_at")
