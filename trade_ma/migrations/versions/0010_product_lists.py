"""What lists of products and listings are filtered and searched by."""

from alembic import op
import catalog.columns
import sqlalchemy as sa
from sqlmodel import Session

from catalog import search
from catalog.chunks import chunks

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


# Products whose words are taken in at a time.
BATCH = 500

STATE = """
UPDATE listing SET state = CASE
    WHEN EXISTS (SELECT 1 FROM listing_facet f
        WHERE f.listing_id = listing.id AND coalesce(f.refused_digest, '') <> '')
        THEN CASE WHEN remote_id IS NULL THEN 'refused' ELSE 'change refused' END
    WHEN EXISTS (SELECT 1 FROM listing_facet f
        WHERE f.listing_id = listing.id AND coalesce(f.pending_operation, '') <> '')
        THEN 'being judged'
    WHEN remote_id IS NULL
        THEN CASE WHEN in_flight_since IS NULL THEN 'waiting' ELSE 'in flight' END
    ELSE coalesce((SELECT CASE WHEN {present} THEN 'live' ELSE 'ended' END FROM listing_facet f
        WHERE f.listing_id = listing.id AND f.facet = 'presence' AND {known}), 'begun')
END
"""
AVAILABLE = """
UPDATE product SET available = coalesce((SELECT sum(m.quantity) FROM stock_movement m
    JOIN variant v ON v.id = m.variant_id
    WHERE v.product_id = product.id AND m.kind <> 'shipment'), 0)
"""
PHOTOS = """
UPDATE product SET photo_count = (SELECT count(*) FROM photo
    WHERE photo.product_id = product.id AND photo.sha256 IS NOT NULL)
"""


def upgrade() -> None:
    add_columns()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    # The words are folded before they get here, and parted by blanks: nothing is left to tokenize.
    if is_sqlite:
        op.execute(
            "CREATE VIRTUAL TABLE product_search USING fts5(words, detail=none, tokenize='ascii')"
        )
        state = STATE.format(
            present="json_extract(f.accepted, '$.present')",
            known="json_type(f.accepted) = 'object'",
        )
    else:
        op.execute(
            "CREATE TABLE product_search (product_id integer PRIMARY KEY"
            " REFERENCES product(id) ON DELETE CASCADE, words tsvector NOT NULL)"
        )
        op.execute("CREATE INDEX ix_product_search_words ON product_search USING gin (words)")
        state = STATE.format(
            present="(f.accepted ->> 'present')::boolean",
            known="jsonb_typeof(f.accepted) = 'object'",
        )
    for statement in (state, AVAILABLE, PHOTOS):
        op.get_bind().exec_driver_sql(statement)
    take_in_words()


def take_in_words() -> None:
    with Session(op.get_bind()) as session:
        ids = session.execute(sa.text("SELECT id FROM product ORDER BY id")).scalars().all()
        for batch in chunks(ids, BATCH):
            search.index(session, batch)
        session.flush()


def add_columns() -> None:
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(20), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("held_at", catalog.columns.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("held_by", sa.String(200), nullable=True))
        batch_op.drop_index(batch_op.f("ix_listing_channel_id"))
        batch_op.create_index(
            "ix_listing_state", ["channel_id", "state", "product_id"], unique=False
        )

    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("available", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("photo_count", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("completeness", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("scored_at", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.drop_index(batch_op.f("ix_product_craft"))
        batch_op.create_index("ix_product_craft", ["craft", "updated_at", "id"], unique=False)
        batch_op.drop_index(batch_op.f("ix_product_maker_id"))
        batch_op.create_index("ix_product_maker_id", ["maker_id", "updated_at", "id"], unique=False)
        batch_op.create_index("ix_product_completeness", ["completeness", "id"], unique=False)
        batch_op.create_index(
            "ix_product_out_of_stock",
            ["updated_at", "id"],
            unique=False,
            sqlite_where=sa.text("available <= 0"),
            postgresql_where=sa.text("available <= 0"),
        )
        batch_op.create_index("ix_product_title", ["title", "id"], unique=False)
        batch_op.create_index("ix_product_updated_at", ["updated_at", "id"], unique=False)
        batch_op.create_index(
            "ix_product_withdrawn", ["withdrawn", "updated_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_product_without_photos",
            ["updated_at", "id"],
            unique=False,
            sqlite_where=sa.text("photo_count = 0"),
            postgresql_where=sa.text("photo_count = 0"),
        )


def downgrade() -> None:
    op.execute("DROP TABLE product_search")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_product_without_photos",
            sqlite_where=sa.text("photo_count = 0"),
            postgresql_where=sa.text("photo_count = 0"),
        )
        batch_op.drop_index("ix_product_withdrawn")
        batch_op.drop_index("ix_product_updated_at")
        batch_op.drop_index("ix_product_title")
        batch_op.drop_index(
            "ix_product_out_of_stock",
            sqlite_where=sa.text("available <= 0"),
            postgresql_where=sa.text("available <= 0"),
        )
        batch_op.drop_index("ix_product_completeness")
        batch_op.drop_index("ix_product_maker_id")
        batch_op.create_index(batch_op.f("ix_product_maker_id"), ["maker_id"], unique=False)
        batch_op.drop_index("ix_product_craft")
        batch_op.create_index(batch_op.f("ix_product_craft"), ["craft"], unique=False)
        batch_op.drop_column("scored_at")
        batch_op.drop_column("completeness")
        batch_op.drop_column("photo_count")
        batch_op.drop_column("available")

    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_index("ix_listing_state")
        batch_op.create_index(batch_op.f("ix_listing_channel_id"), ["channel_id"], unique=False)
        batch_op.drop_column("held_by")
        batch_op.drop_column("held_at")
        batch_op.drop_column("state")
