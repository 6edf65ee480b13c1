"""The demo: six makers, their files and photos, and practice markets to sell them on."""
