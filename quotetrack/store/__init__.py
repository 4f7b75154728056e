"""The database: the only package that imports SQLAlchemy. Its queries return plain rows."""
