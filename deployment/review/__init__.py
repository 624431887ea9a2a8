"""Writes what a reviewer reads: HCL, resources, permissions, a picture, and the difference to the main branch."""
