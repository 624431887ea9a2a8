"""A local run that is up, as a measurement sees it: its API, a customer, and what its processes have used."""

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from deployment.local_outputs import read_outputs
from deployment.run_port import FILE_NAME
from environments.user_error import UserError
from local.run_record import RunRecord
from local.sample_data import make_demo_user
from local.sign_in import sign_in
from verify.customer import Customer

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Cost:
    """Seconds of processor time that the main process used, and that it and all its children did."""

    main_seconds: float
    all_seconds: float

    def since(self, before: "Cost") -> "Cost":
        """Return what was used in between."""
        return Cost(self.main_seconds - before.main_seconds, self.all_seconds - before.all_seconds)


class RunUnderTest:
    """One local run, found by its folder (`.local`), under a name that the tables show."""

    def __init__(self, name: str, directory: Path) -> None:
        record = RunRecord.read(directory / FILE_NAME)
        if record is None:
            raise UserError(f"no local run is up in {directory}: start it with `make up`")
        self.name = name
        self.directory = directory
        self.outputs: dict[str, Any] = read_outputs(directory)
        try:
            self._main = psutil.Process(record.pid)
        except psutil.NoSuchProcess as error:
            raise UserError(f"the local run in {directory} has ended: start it with `make up`") from error

    @property
    def graphql_url(self) -> str:
        """The address of the API."""
        return str(self.outputs["graphql_url"])

    def new_customer(self) -> Customer:
        """Sign a new customer up, so that each measurement begins with no orders."""
        credentials = {"username": f"{uuid.uuid4().hex}@example.com", "password": f"Aa1-{uuid.uuid4().hex}"}
        return sign_in(self.outputs, **make_demo_user(self.outputs, credentials))

    def cost(self) -> Cost:
        """Return what the processes have used since they began; a child that ended counts with its parent."""
        own = self._main.cpu_times()
        main = own.user + own.system
        return Cost(main, main + own.children_user + own.children_system + sum(map(_seconds, self._children())))

    def resident_megabytes(self) -> tuple[float, float]:
        """Return the memory of the main process, and of all; what processes share counts for each of them."""
        main = self._main.memory_info().rss / MEGABYTE
        return main, main + sum(map(_megabytes, self._children()))

    def _children(self) -> list[psutil.Process]:
        return self._main.children(recursive=True)


def _seconds(process: psutil.Process) -> float:
    try:
        used = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(used.user + used.system)


def _megabytes(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss / MEGABYTE)
    except psutil.NoSuchProcess:
        return 0.0
