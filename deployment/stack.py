"""One synthesized stack of an environment, and Terraform run in its folder without cdktf."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError

from deployment.aws_account import account_of, local_session
from deployment.cdktf import cdktf_environment
from deployment.checked_state import checked_state
from deployment.child_environment import child_environment, refuse_variables
from deployment.disk_errors import reason_in
from deployment.loopback_without_proxy import proxies_for
from deployment.repository_paths import ROOT
from deployment.resource_types import resource_types
from deployment.run_command import run_to_its_end
from deployment.terraform_output import print_line
from deployment.terraform_provider import write_lock
from environments.names import stack_name
from environments.settings import environment_names
from environments.user_error import UserError


@dataclass(frozen=True)
class Stack:
    """A folder with a `cdk.tf.json`, and the variables of the account that it is in; none for the user's own."""

    name: str
    folder: Path
    aws: Mapping[str, str]

    @cached_property
    def environment(self) -> Mapping[str, str]:
        """The environment of a Terraform that works on it."""
        return cdktf_environment(self.aws)

    @property
    def file(self) -> Path:
        """The synthesized Terraform JSON."""
        return self.folder / "cdk.tf.json"

    def configuration(self) -> dict[str, Any]:
        """The synthesized Terraform JSON, read."""
        configuration: dict[str, Any] = json.loads(self.file.read_text(encoding="utf-8"))
        return configuration

    @property
    def types(self) -> frozenset[str]:
        """The types of the resources that its state may have."""
        return resource_types(self.configuration())

    def backend(self) -> dict[str, Any]:
        """The place of the stack's state: bucket, key, region."""
        return dict(self.configuration()["terraform"]["backend"]["s3"])

    def terraform(
        self, *arguments: str, allowed: Sequence[int] = (0,), on_line: Callable[[str], None] = print_line
    ) -> int:
        """Run Terraform in the folder, and print what it says; another exit code than the allowed is an error.

        It can ask nobody: what is printed is escaped line by line, and a question ends no line.
        """
        plain = [] if arguments[0] == "force-unlock" else ["-no-color"]
        command = [self.environment["TERRAFORM_BINARY_NAME"], arguments[0], *plain, *arguments[1:]]
        code = run_to_its_end(
            command, cwd=self.folder, env=dict(self.environment), stdin=subprocess.DEVNULL, on_line=on_line
        )
        if code not in allowed:
            raise UserError(f"terraform {arguments[0]} of {self.name} ended with exit code {code}")
        return code

    def initialize(self, *options: str, quiet: bool = False) -> None:
        """Run `terraform init` in the folder. This is the only way to it, because states may not choose what runs."""
        self.prepare()
        run = self.read_terraform if quiet else self.terraform
        run("init", "-input=false", *options)

    def prepare(self) -> None:
        """Make the folder ready for `terraform init`; raises UserError when a state there isn't of the stack."""
        terraform = self.configuration()["terraform"]
        if "s3" in terraform.get("backend", {}):
            self.state()
        for file in self.folder.glob("*.tfstate"):
            self._checked(file.read_bytes(), place=f"{file}")
        if terraform.get("required_providers"):
            write_lock(self.folder, self.environment)

    def state(self) -> dict[str, Any] | None:
        """The state in the stack's bucket, None before the first deployment; raises UserError as `prepare` does."""
        backend = self.backend()
        with self.calling_aws():
            try:
                answer = self.client("s3").get_object(Bucket=backend["bucket"], Key=backend["key"])
            except ClientError as error:
                if error.response["Error"]["Code"] in ("404", "NoSuchBucket", "NoSuchKey"):
                    return None
                raise
            content = answer["Body"].read()
        return self._checked(content, place=f"s3://{backend['bucket']}/{backend['key']}")

    def _checked(self, content: bytes, *, place: str) -> dict[str, Any] | None:
        return checked_state(content, called=f"the state {place} of {self.name}", types=self.types)

    def read_terraform(self, *arguments: str) -> str:
        """Run Terraform in the folder and return what it printed."""
        command = [self.environment["TERRAFORM_BINARY_NAME"], *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=dict(self.environment), check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise UserError(f"terraform {arguments[0]} of {self.name}: {done.stderr.strip()}")
        return done.stdout

    def sibling(self, name: str) -> "Stack":
        """Another stack of the same synthesis."""
        return replace(self, name=name, folder=self.folder.with_name(name))

    def outputs(self) -> dict[str, Any]:
        """Return what the deployed stack tells of itself; nothing before its deployment and after its removal."""
        state = self.state() or {}
        return {name: output["value"] for name, output in (state.get("outputs") or {}).items()}

    @contextmanager
    def calling_aws(self) -> Iterator[None]:
        """Make one line of what AWS refuses inside, or of an account that can't be reached."""
        try:
            yield
        except (BotoCoreError, ClientError, OSError) as error:
            advice = (
                "`make status` says how the local run is"
                if self.aws
                else "are you signed in to its account (`aws sso login`, or keys in the environment),"
                " and may you see its state bucket?"
            )
            raise UserError(f"{self.name} in {self.backend()['region']}: {error}; {advice}") from error

    def client(self, service: str) -> Any:
        """A boto3 client of the stack's account."""
        return self._client(service)

    def unsigned_client(self, service: str) -> Any:
        """A boto3 client that calls what anybody may call, without keys."""
        return self._client(service, signature_version=UNSIGNED)

    def _client(self, service: str, **settings: Any) -> Any:
        endpoint_url = self.aws.get("AWS_ENDPOINT_URL")
        return self._session().client(  # type: ignore[call-overload]  # the name is not a literal here
            service,
            region_name=self.backend()["region"],
            endpoint_url=endpoint_url,
            aws_access_key_id=self.aws.get("AWS_ACCESS_KEY_ID"),
            aws_secret_access_key=self.aws.get("AWS_SECRET_ACCESS_KEY"),
            aws_session_token=self.aws.get("AWS_SESSION_TOKEN"),
            config=Config(proxies=proxies_for(endpoint_url), **settings),
        )

    def credentials(self) -> Credentials:
        """Return the keys that the clients sign with; raises UserError when there are none."""
        if self.aws:
            token = self.aws.get("AWS_SESSION_TOKEN")
            return Credentials(self.aws["AWS_ACCESS_KEY_ID"], self.aws["AWS_SECRET_ACCESS_KEY"], token)
        found = self._session().get_credentials()
        if found is None:
            raise UserError(f"{self.name}: there are no AWS keys here: sign in, for example with `aws sso login`")
        return found

    def _session(self) -> boto3.Session:
        return local_session() if self.aws else boto3.Session()


def synthesized(
    noun: str, environment: str, *, output: Path | None = None, aws: Mapping[str, str] | None = None
) -> Stack:
    """Synthesize, and return the stack `<noun>-<environment>`; `aws` overrides how its account is reached."""
    names = environment_names()
    if environment not in names:
        raise UserError(f"ENV={environment or '(nothing)'} is not in environments.toml; it has {', '.join(names)}")
    refuse_variables()
    aws = account_of(environment) if aws is None else aws
    output = output or ROOT / "cdktf.out"
    synthesize(output, environment)
    name = stack_name(noun, environment)
    return Stack(name=name, folder=output / "stacks" / name, aws=aws)


def synthesize(output: Path, *names: str) -> None:
    """Write the stacks of these environments, or of all, to the folder; raises UserError with what is wrong."""
    environment = {**child_environment(), "CDKTF_OUTDIR": str(output)}
    done = subprocess.run(
        [sys.executable, "main.py", *names], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise UserError(reason_in(done.stderr.strip() or done.stdout.strip(), output))
