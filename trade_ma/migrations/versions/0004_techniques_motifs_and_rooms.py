"""Techniques, motifs and rooms of a product."""

from alembic import op
import catalog.columns
import sqlalchemy as sa

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLUMNS = ("techniques", "motifs", "rooms")


def upgrade() -> None:
    with op.batch_alter_table("product", schema=None) as batch_op:
        for name in COLUMNS:
            empty = sa.text("'[]'")
            batch_op.add_column(
                sa.Column(name, catalog.columns.Json, nullable=False, server_default=empty)
            )


def downgrade() -> None:
    with op.batch_alter_table("product", schema=None) as batch_op:
        for name in reversed(COLUMNS):
            batch_op.drop_column(name)
