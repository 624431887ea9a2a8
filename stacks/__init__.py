"""The infrastructure: settings and Python in, Terraform JSON out."""
