"""Protection of resources that can't be restored: tables, queues, buckets, user pools, keys."""

from cdktf import TerraformResourceLifecycle


def lifecycle(removal_protection: bool) -> TerraformResourceLifecycle | None:
    """Let Terraform refuse every plan that would remove or replace the resource."""
    return TerraformResourceLifecycle(prevent_destroy=True) if removal_protection else None
