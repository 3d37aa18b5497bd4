"""Parts of tests/e2e/tampering."""
