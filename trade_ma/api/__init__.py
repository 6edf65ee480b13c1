"""The admin API: what a console or a program may see and do, over HTTP under /api/v1."""
