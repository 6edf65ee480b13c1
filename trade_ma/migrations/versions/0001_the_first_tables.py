"""The first tables."""

from alembic import op
import catalog.columns
import sqlalchemy as sa

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("marketplace", sa.String(40), nullable=False),
        sa.Column("site", sa.String(20), nullable=False),
        sa.Column("account", sa.String(60), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("locales", catalog.columns.Json, nullable=False),
        sa.Column("settings", catalog.columns.Json, nullable=False),
        sa.Column("policy", catalog.columns.Json, nullable=False),
        sa.Column("inputs_digest", sa.String(32), nullable=False),
        sa.Column("policy_revision", sa.Integer(), nullable=False),
        sa.Column("sealed_credentials", sa.LargeBinary(), nullable=False),
        sa.Column("renewing_until", catalog.columns.UtcDateTime(), nullable=True),
        sa.Column("paused_reason", sa.String(), nullable=True),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("orders_seen_until", catalog.columns.UtcDateTime(), nullable=True),
        sa.Column("created_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "maker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("is_cooperative", sa.Boolean(), nullable=False),
        sa.Column("region", sa.String(120), nullable=True),
        sa.Column("column_mapping", catalog.columns.Json, nullable=False),
        sa.Column("created_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "quota_bucket",
        sa.Column("account", sa.String(60), nullable=False),
        sa.Column("operation", sa.String(80), nullable=False),
        sa.Column("arrival", catalog.columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("account", "operation"),
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.String(200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "orders",
                "listings",
                "stock",
                "operation",
                "privacy",
                "gone",
                name="noticekind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("topic", sa.String(120), nullable=False),
        sa.Column("references", catalog.columns.Json, nullable=False),
        sa.Column("received_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channel.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel_id", "remote_id"),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notification_channel_id"), ["channel_id"], unique=False
        )

    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(120), nullable=False),
        sa.Column("craft", sa.String(60), nullable=True),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("materials", catalog.columns.Json, nullable=False),
        sa.Column("colours", catalog.columns.Json, nullable=False),
        sa.Column("tags", catalog.columns.Json, nullable=False),
        sa.Column("region", sa.String(120), nullable=True),
        sa.Column("care", sa.String(), nullable=True),
        sa.Column("made_in_year", sa.Integer(), nullable=True),
        sa.Column("made_to_order", sa.Boolean(), nullable=False),
        sa.Column("lead_time_days", sa.Integer(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("stock_revision", sa.Integer(), nullable=False),
        sa.Column("created_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.Column("updated_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["maker_id"],
            ["maker.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_craft"), ["craft"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_maker_id"), ["maker_id"], unique=False)

    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(40), nullable=False),
        sa.Column(
            "state",
            sa.Enum("running", "done", "failed", name="runstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("started_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.Column("finished_at", catalog.columns.UtcDateTime(), nullable=True),
        sa.Column("counts", catalog.columns.Json, nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channel.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_channel_id"), ["channel_id"], unique=False)

    op.create_table(
        "sales_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.String(200), nullable=False),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "paid",
                "partly_shipped",
                "shipped",
                "cancelled",
                "refunded",
                name="orderstatus",
                native_enum=False,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("currency", sa.String(3), nullable=True),
        sa.Column("total_minor", sa.BigInteger(), nullable=True),
        sa.Column("ship_to_country", sa.String(2), nullable=True),
        sa.Column("placed_at", catalog.columns.UtcDateTime(), nullable=True),
        sa.Column("updated_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.Column("unreadable", sa.String(), nullable=True),
        sa.Column("sealed_raw", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channel.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel_id", "remote_id"),
    )
    with op.batch_alter_table("sales_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sales_order_channel_id"), ["channel_id"], unique=False)

    op.create_table(
        "listing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.String(200), nullable=True),
        sa.Column("remote_parts", catalog.columns.Json, nullable=False),
        sa.Column("in_flight_since", catalog.columns.UtcDateTime(), nullable=True),
        sa.Column("seen_product", sa.Integer(), nullable=False),
        sa.Column("seen_stock", sa.Integer(), nullable=False),
        sa.Column("seen_policy", sa.Integer(), nullable=False),
        sa.Column("deferred_until", catalog.columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channel.id"],
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel_id", "product_id"),
    )
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_channel_id"), ["channel_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_remote_id"), ["remote_id"], unique=False)

    op.create_table(
        "variant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("options", catalog.columns.Json, nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("gtin", sa.String(14), nullable=True),
        sa.Column("weight_g", sa.Integer(), nullable=True),
        sa.Column("length_cm", sa.Float(), nullable=True),
        sa.Column("width_cm", sa.Float(), nullable=True),
        sa.Column("height_cm", sa.Float(), nullable=True),
        sa.Column("diameter_cm", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sku"),
    )
    with op.batch_alter_table("variant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_variant_product_id"), ["product_id"], unique=False)

    op.create_table(
        "listing_facet",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column(
            "facet",
            sa.Enum(
                "stock",
                "presence",
                "price",
                "content",
                "media",
                name="facet",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("accepted_digest", sa.String(32), nullable=True),
        sa.Column("accepted", catalog.columns.Json, nullable=True),
        sa.Column("accepted_at", catalog.columns.UtcDateTime(), nullable=True),
        sa.Column("refused_digest", sa.String(32), nullable=True),
        sa.Column("pending_digest", sa.String(32), nullable=True),
        sa.Column("pending", catalog.columns.Json, nullable=True),
        sa.Column("pending_operation", sa.String(200), nullable=True),
        sa.Column("pending_place", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listing.id"],
        ),
        sa.PrimaryKeyConstraint("listing_id", "facet"),
    )
    with op.batch_alter_table("listing_facet", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_listing_facet_pending_operation"), ["pending_operation"], unique=False
        )

    op.create_table(
        "listing_issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column(
            "facet",
            sa.Enum(
                "stock",
                "presence",
                "price",
                "content",
                "media",
                name="facet",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(120), nullable=False),
        sa.Column(
            "severity",
            sa.Enum("error", "warning", name="severity", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("field", sa.String(60), nullable=True),
        sa.Column("sku", sa.String(100), nullable=True),
        sa.Column("raised_at", catalog.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"],
            ["listing.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("listing_issue", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_listing_issue_listing_id"), ["listing_id"], unique=False
        )

    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("alt", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product.id"],
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variant.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("product_id", "name"),
    )
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_photo_product_id"), ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_photo_sha256"), ["sha256"], unique=False)

    op.create_table(
        "sales_order_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("remote_id", sa.String(200), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=True),
        sa.Column("sku", sa.String(100), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["sales_order.id"],
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variant.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_id", "remote_id"),
    )
    with op.batch_alter_table("sales_order_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sales_order_line_order_id"), ["order_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_sales_order_line_variant_id"), ["variant_id"], unique=False
        )

    op.create_table(
        "stock_movement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "count",
                "sale",
                "cancellation",
                "return",
                "adjustment",
                name="movementkind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("reference", sa.String(300), nullable=False),
        sa.Column("at", catalog.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variant.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "reference"),
    )
    with op.batch_alter_table("stock_movement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stock_movement_variant_id"), ["variant_id"], unique=False
        )



def downgrade() -> None:
    with op.batch_alter_table("stock_movement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stock_movement_variant_id"))

    op.drop_table("stock_movement")
    with op.batch_alter_table("sales_order_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sales_order_line_variant_id"))
        batch_op.drop_index(batch_op.f("ix_sales_order_line_order_id"))

    op.drop_table("sales_order_line")
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_photo_sha256"))
        batch_op.drop_index(batch_op.f("ix_photo_product_id"))

    op.drop_table("photo")
    with op.batch_alter_table("listing_issue", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_issue_listing_id"))

    op.drop_table("listing_issue")
    with op.batch_alter_table("listing_facet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_facet_pending_operation"))

    op.drop_table("listing_facet")
    with op.batch_alter_table("variant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_variant_product_id"))

    op.drop_table("variant")
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_remote_id"))
        batch_op.drop_index(batch_op.f("ix_listing_product_id"))
        batch_op.drop_index(batch_op.f("ix_listing_channel_id"))

    op.drop_table("listing")
    with op.batch_alter_table("sales_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sales_order_channel_id"))

    op.drop_table("sales_order")
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_run_channel_id"))

    op.drop_table("run")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_maker_id"))
        batch_op.drop_index(batch_op.f("ix_product_craft"))

    op.drop_table("product")
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notification_channel_id"))

    op.drop_table("notification")
    op.drop_table("quota_bucket")
    op.drop_table("maker")
    op.drop_table("channel")
