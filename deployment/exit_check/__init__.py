"""Prove that the way out of CDKTF is open; docs/leaving-cdktf.md says why and has the last result."""
