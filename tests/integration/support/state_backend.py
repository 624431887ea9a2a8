"""A stack of one slow resource, with the backend of the synthesized stacks."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

from deployment.local_outputs import aws_environment
from deployment.stack import Stack
from local.server_process import Server


def aws_variables(emulator: Server) -> dict[str, str]:
    """Return the variables with which AWS's clients and Terraform use the emulator."""
    return aws_environment(emulator.account)


def make_stack(folder: Path, emulator: Server, backend: dict[str, Any], *, seconds: float = 0) -> Stack:
    """Write a stack for Terraform with one resource that takes so long to make."""
    folder.mkdir(parents=True)
    resource = {"slow": {"provisioner": [{"local-exec": {"command": f"sleep {seconds}"}}]}}
    document = {"terraform": {"backend": {"s3": backend}}, "resource": {"terraform_data": resource}}
    stack = Stack(name="orders-local", folder=folder, aws=aws_variables(emulator))
    stack.file.write_text(json.dumps(document))
    stack.initialize()
    return stack


def copy_of(stack: Stack, folder: Path) -> Stack:
    """Copy the stack to another folder, like a second person's checkout."""
    folder.mkdir(parents=True)
    (folder / stack.file.name).write_text(stack.file.read_text())
    copy = replace(stack, folder=folder)
    copy.initialize()
    return copy


def start(stack: Stack, *arguments: str) -> subprocess.Popen[str]:
    """Start Terraform in the background."""
    return subprocess.Popen(
        [stack.environment["TERRAFORM_BINARY_NAME"], *arguments],
        cwd=stack.folder,
        env=dict(stack.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def output_of(process: subprocess.Popen[str]) -> str:
    """Wait for a background Terraform to end; return its output."""
    output, _ = process.communicate(timeout=60)
    return output
