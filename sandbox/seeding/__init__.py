"""What fills the sandbox's database, one module a kind of record."""
