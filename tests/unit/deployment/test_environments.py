"""What `environments.toml` says, as commands read it that don't synthesize."""

from deployment.environments import environments, settings


def test_the_local_environment_is_the_first_and_has_a_region() -> None:
    assert environments()[0] == "local"
    assert settings("local")["region"] == "us-east-1"
