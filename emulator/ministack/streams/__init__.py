"""Batches of stream records, as Lambda's event source mapping passes them."""
