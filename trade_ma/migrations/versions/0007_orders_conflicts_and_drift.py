"""The life of orders, units sold twice, comparing with the world, and alerts."""

from alembic import op
import catalog.columns
import sqlalchemy as sa

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("told", catalog.columns.Json, nullable=False),
        sa.Column("began_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.Column("ended_at", catalog.columns.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "subject"),
    )
    op.create_table(
        "reconcile_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("started_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.Column("finished_at", catalog.columns.UtcDateTime(), nullable=True),
        sa.Column("counts", catalog.columns.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channel.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("reconcile_report", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reconcile_report_channel_id"), ["channel_id"], unique=False
        )

    op.create_table(
        "settlement_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.String(200), nullable=False),
        sa.Column("order_remote_id", sa.String(200), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("fees_minor", sa.BigInteger(), nullable=False),
        sa.Column("posted_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channel.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel_id", "remote_id"),
    )
    with op.batch_alter_table("settlement_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_settlement_entry_channel_id"), ["channel_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_settlement_entry_order_remote_id"), ["order_remote_id"], unique=False
        )

    op.create_table(
        "adoption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.String(200), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("remote", catalog.columns.Json, nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("likeness", sa.String(20), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("found_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(100), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channel.id"],
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel_id", "remote_id"),
    )
    with op.batch_alter_table("adoption", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adoption_channel_id"), ["channel_id"], unique=False)

    op.create_table(
        "parcel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.String(60), nullable=False),
        sa.Column("tracking_number", sa.String(100), nullable=False),
        sa.Column("lines", catalog.columns.Json, nullable=False),
        sa.Column("shipped_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.Column("told_at", catalog.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["sales_order.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_id", "tracking_number"),
    )
    with op.batch_alter_table("parcel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parcel_order_id"), ["order_id"], unique=False)

    op.create_table(
        "difference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=True),
        sa.Column("ours", sa.String(), nullable=False),
        sa.Column("theirs", sa.String(), nullable=False),
        sa.Column("answer", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listing.id"],
        ),
        sa.ForeignKeyConstraint(
            ["report_id"],
            ["reconcile_report.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("difference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_difference_report_id"), ["report_id"], unique=False)

    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("found_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.Column("settled", sa.String(20), nullable=True),
        sa.Column("settled_at", catalog.columns.UtcDateTime(), nullable=True),
        sa.Column("settled_by", sa.String(100), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["sales_order_line.id"],
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variant.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_line_id"),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_settled"), ["settled"], unique=False)
        batch_op.create_index(batch_op.f("ix_conflict_variant_id"), ["variant_id"], unique=False)

    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("orders_pulled_at", catalog.columns.UtcDateTime(), nullable=True)
        )
        batch_op.add_column(
            sa.Column("settled_until", catalog.columns.UtcDateTime(), nullable=True)
        )

    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("handled_at", catalog.columns.UtcDateTime(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_notification_handled_at"), ["handled_at"], unique=False
        )

    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.add_column(sa.Column("exclusive_to", sa.String(60), nullable=True))

    with op.batch_alter_table("sales_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stage", sa.String(20), nullable=True))
        batch_op.add_column(
            sa.Column("refunded_minor", sa.BigInteger(), nullable=False, server_default="0")
        )
        batch_op.add_column(sa.Column("fees_minor", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("total_mad_minor", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("mad_rate", catalog.columns.ExactDecimal(), nullable=True))
        batch_op.add_column(sa.Column("mad_rate_date", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("sealed_buyer", sa.LargeBinary(), nullable=True))
        batch_op.add_column(
            sa.Column("buyer_erased_at", catalog.columns.UtcDateTime(), nullable=True)
        )
        batch_op.add_column(sa.Column("shipped_at", catalog.columns.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("delivered_at", catalog.columns.UtcDateTime(), nullable=True))
        batch_op.create_index(batch_op.f("ix_sales_order_placed_at"), ["placed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sales_order_stage"), ["stage"], unique=False)

    with op.batch_alter_table("sales_order_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shipped", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("sales_order_line", schema=None) as batch_op:
        batch_op.drop_column("shipped")

    with op.batch_alter_table("sales_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sales_order_stage"))
        batch_op.drop_index(batch_op.f("ix_sales_order_placed_at"))
        batch_op.drop_column("delivered_at")
        batch_op.drop_column("shipped_at")
        batch_op.drop_column("buyer_erased_at")
        batch_op.drop_column("sealed_buyer")
        batch_op.drop_column("mad_rate_date")
        batch_op.drop_column("mad_rate")
        batch_op.drop_column("total_mad_minor")
        batch_op.drop_column("fees_minor")
        batch_op.drop_column("refunded_minor")
        batch_op.drop_column("stage")

    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_column("exclusive_to")

    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notification_handled_at"))
        batch_op.drop_column("handled_at")

    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.drop_column("settled_until")
        batch_op.drop_column("orders_pulled_at")

    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conflict_variant_id"))
        batch_op.drop_index(batch_op.f("ix_conflict_settled"))

    op.drop_table("conflict")
    with op.batch_alter_table("difference", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_difference_report_id"))

    op.drop_table("difference")
    with op.batch_alter_table("parcel", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parcel_order_id"))

    op.drop_table("parcel")
    with op.batch_alter_table("adoption", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adoption_channel_id"))

    op.drop_table("adoption")
    with op.batch_alter_table("settlement_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_settlement_entry_order_remote_id"))
        batch_op.drop_index(batch_op.f("ix_settlement_entry_channel_id"))

    op.drop_table("settlement_entry")
    with op.batch_alter_table("reconcile_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reconcile_report_channel_id"))

    op.drop_table("reconcile_report")
    op.drop_table("alert")
