"""Parts of tests/e2e/durability."""
