"""The address of an environment's dashboard."""

from environments.settings import Settings


def dashboard_address(settings: Settings) -> str:
    """Return the address of the dashboard in AWS's console, or where its picture is in a run that has no console."""
    name, region = settings.names.dashboard, settings.region
    if settings.custom_endpoint:
        return f"{name}, which only AWS's console shows; `make review` draws it without its values"
    return f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}#dashboards/dashboard/{name}"
