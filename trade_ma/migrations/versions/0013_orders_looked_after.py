"""Orders are flagged and released, and their lists are walked along indexes."""

from alembic import op
import catalog.columns
import sqlalchemy as sa

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


# What statistics add up, read from the indexes alone.
PLACED = [
    "placed_at",
    "id",
    "stage",
    "channel_id",
    "ship_to_country",
    "currency",
    "total_minor",
    "refunded_minor",
    "fees_minor",
    "total_mad_minor",
]
LINES = ["order_id", "variant_id", "quantity", "cancelled", "unit_price_minor"]
# The indexes of lists by name, and the column that each begins with.
LISTS = {
    "ix_sales_order_of_channel": "channel_id",
    "ix_sales_order_of_country": "ship_to_country",
    "ix_sales_order_of_stage": "stage",
}
# Those of the few orders that have something: the column that says so, and their order.
FEW = {
    "ix_sales_order_flagged": ("flagged_at", ["placed_at", "id"]),
    "ix_sales_order_unreadable": ("unreadable", ["placed_at", "id"]),
    "ix_sales_order_unread": ("unreadable", ["id"]),
}
REPLACED = ("channel_id", "placed_at", "stage")
LOOKED_UP = ("number", "remote_id")


def upgrade() -> None:
    op.add_column("sales_order", sa.Column("flag", sa.String(200), nullable=True))
    op.add_column(
        "sales_order", sa.Column("flagged_at", catalog.columns.UtcDateTime(), nullable=True)
    )
    op.add_column("sales_order", sa.Column("flagged_by", sa.String(200), nullable=True))
    op.add_column(
        "sales_order_line",
        sa.Column("released", sa.Integer(), nullable=False, server_default="0"),
    )
    for column in REPLACED:
        op.drop_index(op.f(f"ix_sales_order_{column}"), "sales_order")
    op.create_index("ix_sales_order_placed", "sales_order", PLACED)
    op.drop_index(op.f("ix_sales_order_line_order_id"), "sales_order_line")
    op.create_index("ix_sales_order_line_of_order", "sales_order_line", LINES)
    for name, column in LISTS.items():
        op.create_index(name, "sales_order", [column, "placed_at", "id"])
    for name, (column, by) in FEW.items():
        has = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, "sales_order", by, sqlite_where=has, postgresql_where=has)
    for column in LOOKED_UP:
        op.create_index(op.f(f"ix_sales_order_{column}"), "sales_order", [column])


def downgrade() -> None:
    op.create_index(op.f("ix_sales_order_line_order_id"), "sales_order_line", ["order_id"])
    op.drop_index("ix_sales_order_line_of_order", "sales_order_line")
    for column in LOOKED_UP:
        op.drop_index(op.f(f"ix_sales_order_{column}"), "sales_order")
    for name in ("ix_sales_order_placed", *LISTS, *FEW):
        op.drop_index(name, "sales_order")
    for column in REPLACED:
        op.create_index(op.f(f"ix_sales_order_{column}"), "sales_order", [column])
    # Not as a batch: SQLite would make the tables anew, which the rows that name them forbid.
    op.drop_column("sales_order_line", "released")
    for name in ("flagged_by", "flagged_at", "flag"):
        op.drop_column("sales_order", name)
