"""The table of suggestions that a person refused."""

from sqlmodel import Field, SQLModel


class RefusedSuggestion(SQLModel, table=True):
    """A value that a product's words seem to say, and that a person found wrong."""

    __tablename__ = "refused_suggestion"

    product_id: int = Field(foreign_key="product.id", primary_key=True)
    field: str = Field(primary_key=True, max_length=40)
    value: str = Field(primary_key=True, max_length=120)
