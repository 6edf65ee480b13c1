"""Lists of listings, complaints, runs and translations are walked along indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Indexes by name: their table, and their columns.
WHOLE = {
    "ix_listing_of_state": ("listing", ["state", "id"]),
    "ix_listing_issue_severity": ("listing_issue", ["severity", "listing_id"]),
    "ix_run_state": ("run", ["state", "id"]),
    "ix_translation_held": ("translation", ["language", "held", "segment_id"]),
    "ix_translation_state": ("translation", ["state", "language", "segment_id"]),
}
HELD = sa.text("held_at IS NOT NULL")


def upgrade() -> None:
    for name, (table, columns) in WHOLE.items():
        op.create_index(name, table, columns)
    op.create_index(
        "ix_listing_held",
        "listing",
        ["channel_id", "product_id"],
        sqlite_where=HELD,
        postgresql_where=HELD,
    )
    if op.get_bind().dialect.name == "postgresql":
        # Of more words it is known how seldom they are, and a search for one begins at its index.
        op.execute("ALTER TABLE product_search ALTER COLUMN words SET STATISTICS 1000")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE product_search ALTER COLUMN words SET STATISTICS -1")
    op.drop_index("ix_listing_held", "listing")
    for name, (table, _) in WHOLE.items():
        op.drop_index(name, table)
