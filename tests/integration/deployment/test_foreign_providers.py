"""A foreign provider or type in a state, a configuration or a folder never runs, with the real Terraform.

The foreign provider is a program that writes a file when it runs.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deployment import page_delivery, terraform
from deployment.apply_reviewed_plan import apply_reviewed_plans
from deployment.bootstrap import bootstrap
from deployment.cdktf import run_cdktf
from deployment.deploy import deploy_stack
from deployment.environment_stacks import is_deployed
from deployment.plan import plan
from deployment.stack import Stack
from deployment.terraform_provider import ADDRESS, LOCK, VERSION
from deployment.terraform_version import ask_version, version_and_platform
from deployment.unlock import unlock
from environments.user_error import UserError
from local.server_process import Server
from tests.integration.support.state_backend import aws_variables

NAMES = ("orders-local", "state-local")
FOREIGN = "registry.terraform.io/evil/x"
REQUIRED = {"aws": {"source": ADDRESS, "version": VERSION}}
PROVIDER = f'provider["{ADDRESS}"]'
REFUSED = rf"names the provider 'provider\[\"{FOREIGN}\"\]', allowed is {ADDRESS} alone: nothing was run"


def foreign_state(type_: str = "x_y", provider: str = f'provider["{FOREIGN}"]') -> dict[str, Any]:
    """Return a state as Terraform writes it, with one resource, of another provider where none is given."""
    instance = {"schema_version": 0, "attributes": {"id": "1"}}
    resource = {"mode": "managed", "type": type_, "name": "z", "provider": provider}
    head = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "a", "outputs": {}}
    return {**head, "resources": [{**resource, "instances": [instance]}], "check_results": None}


# A written state, and why it is refused.
STATES = {
    "provider": (foreign_state(), REFUSED),
    "type": (
        foreign_state("aws_lambda_invocation", PROVIDER),
        r"has 'aws_lambda_invocation\.z', which is of a type that this stack never has: nothing was run",
    ),
}


def put_package(mirror: Path, provider: str, version: str, *, leaves: Path) -> None:
    """Put a provider into an unpacked mirror: a program that writes a file."""
    folder = mirror / provider / version / version_and_platform(terraform.find_terraform())[1]
    folder.mkdir(parents=True)
    program = folder / f"terraform-provider-{Path(provider).name}_v{version}"
    program.write_text(f"#!/bin/sh\ntouch '{leaves}'\nexit 1\n")
    program.chmod(0o755)


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """The file that exists if a foreign provider has run."""
    return tmp_path / "ran"


@pytest.fixture
def offering(tmp_path: Path, ran: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own mirror, from which their configuration lets Terraform take any provider."""
    put_package(tmp_path / "mirror", FOREIGN, "1.0.0", leaves=ran)
    file = tmp_path / "own.tfrc"
    file.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{tmp_path}/mirror"\n  }}\n}}\n')
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(file))
    return tmp_path / "mirror"


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    """A stack with a local state."""
    (tmp_path / "stack").mkdir()
    stack = Stack("orders-local", tmp_path / "stack", {})
    stack.file.write_text(json.dumps({"terraform": {"backend": {"local": {"path": "terraform.tfstate"}}}}))
    return stack


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """No check of the states, as if they had changed after it."""
    monkeypatch.setattr("deployment.stack.checked_state", lambda *_, **__: None)


@pytest.fixture(params=STATES)
def written(request: pytest.FixtureRequest) -> tuple[dict[str, Any], str]:
    """A state that somebody wrote, and why it is refused."""
    return STATES[request.param]


@pytest.fixture
def deployed(
    synthesized_output: Path,
    emulator: Server,
    backend: dict[str, Any],
    written: tuple[dict[str, Any], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Stack]:
    """The synthesized stacks in a folder of their own, with states that somebody wrote."""
    stacks = tmp_path / "cdktf.out" / "stacks"
    s3, body = emulator.client("s3"), json.dumps(written[0]).encode()
    for name in NAMES:
        shutil.copytree(synthesized_output / "stacks" / name, stacks / name)
        s3.put_object(Bucket=backend["bucket"], Key=f"{name}.tfstate", Body=body)
    monkeypatch.setattr("deployment.bootstrap.synthesized", lambda *_, aws: Stack(NAMES[1], stacks / NAMES[1], aws))
    yield Stack(NAMES[0], stacks / NAMES[0], aws_variables(emulator))
    for name in NAMES:
        s3.delete_object(Bucket=backend["bucket"], Key=f"{name}.tfstate")


def cdktf(command: str) -> Callable[[Stack, Path], Any]:
    """Return a run of a cdktf command on the synthesized stack."""
    options = ("--auto-approve", "--skip-synth", "--output")
    return lambda stack, folder: run_cdktf([command, stack.name, *options, str(folder / "cdktf.out")], aws=stack.aws)


COMMANDS: dict[str, Callable[[Stack, Path], Any]] = {
    "plan": lambda stack, folder: plan(stack, to=folder / "plan.json", lock=False, allowed=[]),
    "deploy": lambda stack, _: deploy_stack(stack, confirm=None),
    "apply": lambda stack, _: apply_reviewed_plans([stack], "local", sha256="0" * 64),
    "the page": lambda stack, _: page_delivery.deployed_page(stack),
    "the API is deployed": lambda stack, _: is_deployed(stack),
    "bootstrap": lambda stack, folder: bootstrap("local", folder=folder / "bootstrap", aws=stack.aws),
    **{f"cdktf {command}": cdktf(command) for command in ("diff", "deploy", "destroy")},
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_state_that_somebody_wrote_is_refused_before_init(
    command: str, deployed: Stack, written: tuple[dict[str, Any], str], tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=written[1]) as refused:
        COMMANDS[command](deployed, tmp_path)

    assert "\n" not in str(refused.value)
    assert f"the state s3://{deployed.backend()['bucket']}/" in str(refused.value)
    assert list(tmp_path.glob("**/.terraform")) == []


def test_a_lock_on_such_a_state_is_not_removed(
    deployed: Stack, written: tuple[dict[str, Any], str], emulator: Server
) -> None:
    backend, lock = deployed.backend(), json.dumps({"ID": "1"}).encode()
    emulator.client("s3").put_object(Bucket=backend["bucket"], Key=f"{backend['key']}.tflock", Body=lock)

    try:
        with pytest.raises(UserError, match=written[1]):
            unlock(deployed, confirm=lambda _: deployed.name)
    finally:
        emulator.client("s3").delete_object(Bucket=backend["bucket"], Key=f"{backend['key']}.tflock")

    assert not (deployed.folder / ".terraform").exists()


def test_a_local_state_that_names_another_provider_is_refused_too(stack: Stack) -> None:
    (stack.folder / "terraform.tfstate").write_text(json.dumps(foreign_state()))

    with pytest.raises(UserError, match=REFUSED):
        stack.initialize()

    assert not (stack.folder / ".terraform").exists()


@pytest.mark.usefixtures("unchecked")
def test_a_state_that_is_written_over_meanwhile_has_no_other_provider_installed(
    stack: Stack, offering: Path, ran: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    put_package(offering, ADDRESS, VERSION, leaves=ran)
    (stack.folder / "terraform.tfstate").write_text(json.dumps(foreign_state()))

    with pytest.raises(UserError, match="terraform init of orders-local ended with exit code 1"):
        stack.initialize()

    assert f"provider {FOREIGN} was not found in any of the search" in " ".join(capfd.readouterr().out.split())
    assert not (stack.folder / ".terraform" / "providers").exists()
    assert not ran.exists()


@pytest.mark.usefixtures("unchecked")
def test_a_provider_that_is_in_the_folder_already_is_not_run(stack: Stack, offering: Path, ran: Path) -> None:
    (stack.folder / "terraform.tfstate").write_text(json.dumps(foreign_state()))
    careless = {name: value for name, value in stack.environment.items() if name != "TF_CLI_ARGS_init"}
    before = Stack(stack.name, stack.folder, {})
    before.__dict__["environment"] = {**careless, "TF_CLI_CONFIG_FILE": str(offering.parent / "own.tfrc")}
    before.terraform("init", "-input=false")
    with pytest.raises(UserError):
        before.terraform("plan", "-input=false")
    assert ran.exists()
    ran.unlink()
    stack.file.write_text(json.dumps({**stack.configuration(), "terraform": {"required_providers": REQUIRED}}))

    with pytest.raises(UserError, match="terraform init"):
        stack.initialize()
    with pytest.raises(UserError, match="terraform plan"):
        stack.terraform("plan", "-input=false")

    assert not ran.exists()


def test_another_package_under_the_name_of_ours_is_not_installed(
    stack: Stack, offering: Path, ran: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    put_package(offering, ADDRESS, VERSION, leaves=ran)
    stack.file.write_text(json.dumps({"terraform": {"required_providers": REQUIRED}}))

    with pytest.raises(UserError, match="terraform init of orders-local ended with exit code 1"):
        stack.initialize()

    said = " ".join(capfd.readouterr().out.split())
    assert "doesn't match any of the checksums previously recorded in the dependency lock file" in said
    assert not ran.exists()


def test_the_locked_package_is_installed_and_the_lock_stays_as_it_is(stack: Stack) -> None:
    stack.file.write_text(json.dumps({"terraform": {"required_providers": REQUIRED}}))

    stack.initialize(quiet=True)

    assert (stack.folder / LOCK.name).read_bytes() == LOCK.read_bytes()
    assert (stack.folder / ".terraform" / "providers" / ADDRESS / VERSION).is_dir()


def test_terraform_takes_what_is_kept_of_the_users_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "own.tfrc"
    file.write_text("""
        credentials "mirror.example" {
          token = "with \\"quotes\\""
        }
        credentials_helper "helper" {
          args = ["--fast"]
        }
        host "mirror.example" {
          services = { "providers.v1" = "https://mirror.example/" }
        }
        provider_installation {
          network_mirror {
            url = "https://mirror.example/"
          }
          direct {
            exclude = ["hashicorp/*"]
          }
        }
    """)
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(file))

    variables = terraform.terraform_environment()

    said = ask_version(terraform.find_terraform(), {"TF_CLI_CONFIG_FILE": variables["TF_CLI_CONFIG_FILE"]})
    written = json.loads(Path(variables["TF_CLI_CONFIG_FILE"]).read_text())
    assert said.stderr == ""
    assert written["provider_installation"] == {
        "network_mirror": [{"url": "https://mirror.example/", "include": [ADDRESS]}]
    }
    assert written["credentials"] == {"mirror.example": {"token": 'with "quotes"'}}
