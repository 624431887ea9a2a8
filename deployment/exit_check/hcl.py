"""Check the plain HCL that `cdktf synth --hcl` writes: Terraform accepts it, and it says what the JSON says."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from deployment.cdktf import cdktf_environment, run_cdktf
from deployment.exit_check.comparison import NOTHING, Explanation, OutputDifference, compare_values
from deployment.repository_paths import NODE, ROOT
from deployment.terraform_provider import write_lock
from environments.user_error import UserError

EXPLANATIONS = (
    Explanation(
        "texts of several lines are heredocs, which end with one line break more: updated in place once",
        r"resource\..+",
        lambda before, after: isinstance(before, str) and after == f"{before}\n",
    ),
    Explanation(
        "objects in expressions have a space inside their braces",
        r"resource\.aws_s3_object\..+",
        lambda before, after: (
            isinstance(before, str) and after == before.replace("({", "({ ").replace("})", " })") != before
        ),
    ),
    Explanation(
        "an empty default gets lost: put it back by hand, or Terraform asks for the variable",
        r"variable\.\w+\.default",
        lambda before, after: before == "" and after is NOTHING,
    ),
    Explanation(
        "a variable's type is a keyword in HCL",
        r"variable\.\w+\.type",
        lambda before, after: after == f"${{{before}}}",
    ),
)
# Texts of Terraform about that HCL, and what each asks of whoever leaves this way.
KNOWN = {
    "warning: Quoted references are deprecated": "cdktf quotes depends_on, which Terraform takes",
    "error: Unsupported argument: statement": "make it a block by hand, the bindings have no types for WAF",
    "error: Insufficient statement blocks": "the same block",
}


def synthesize_hcl(folder: Path) -> Path:
    """Run `cdktf synth --hcl` and return the folder that holds a folder for each stack."""
    output, log = folder / "hcl", folder / "hcl.log"
    if run_cdktf(["synth", "--hcl", "--output", str(output)], aws={}, log=log):
        raise UserError(f"cdktf synth --hcl failed:\n{log.read_text(encoding='utf-8').strip()}")
    return output / "stacks"


def validate(stack: Path) -> list[str]:
    """Return the severity and summary of all that Terraform and the provider's schema say against a stack's folder."""
    environment = cdktf_environment({})
    write_lock(stack, environment)
    initialized = _terraform(stack, environment, "init", "-backend=false", "-input=false", "-no-color")
    if initialized.returncode:
        raise UserError(f"terraform init of {stack.name}: {initialized.stderr.strip()}")
    found = json.loads(_terraform(stack, environment, "validate", "-json").stdout)
    return [_line(one) for one in found["diagnostics"]]


def _line(diagnostic: Mapping[str, Any]) -> str:
    """Return severity and summary, and which argument it is that Terraform doesn't expect."""
    argument = re.search(r'An argument named "(\w+)" is not expected here', diagnostic.get("detail", ""))
    return f"{diagnostic['severity']}: {diagnostic['summary']}" + (f": {argument[1]}" if argument else "")


def compare_with_json(stacks: Path, synthesized: Path) -> Iterator[OutputDifference]:
    """Read the HCL of each stack back and compare it with the stack's JSON."""
    files = sorted(stacks.glob("*/cdk.tf"))
    wanted = sorted(path.parent.name for path in synthesized.glob("*/cdk.tf.json"))
    if [file.parent.name for file in files] != wanted:
        raise UserError(f"cdktf synth --hcl wrote {len(files)} stacks, cdktf synth {len(wanted)}")
    for name, content in _read(files).items():
        stack = Path(name).parent.name
        document = json.loads((synthesized / stack / "cdk.tf.json").read_bytes())
        yield from compare_values(normalized(document), normalized(content), file=stack)


def normalized(value: Any) -> Any:
    """The value in the one form that both notations have: no comments, single blocks bare, JSON texts parsed."""
    if isinstance(value, dict):
        return {key: normalized(inner) for key, inner in value.items() if key != "//"}
    if isinstance(value, list):
        return (
            normalized(value[0])
            if len(value) == 1 and isinstance(value[0], dict)
            else [normalized(one) for one in value]
        )
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return {"JSON text": json.loads(value)}
        except ValueError:
            return value
    return value


def _read(files: list[Path]) -> dict[str, Any]:
    script = Path(__file__).with_name("read_hcl.cjs")
    done = subprocess.run(
        [str(NODE), str(script), *map(str, files)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise UserError(f"the HCL can't be read back: {done.stderr.strip()}")
    contents: dict[str, Any] = json.loads(done.stdout)
    return contents


def _terraform(folder: Path, environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [environment["TERRAFORM_BINARY_NAME"], *arguments],
        cwd=folder,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
