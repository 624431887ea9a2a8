"""Users, codes and the number of attempts left survive a restart with a saved state."""

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployment.repository_paths import ROOT
from emulator.ministack.one_time_codes import WRONG_ENTRIES_AN_HOUR
from emulator.ministack.state import saved_state
from local.server_process import free_port, start_server
from tests.emulator.support.user_pools import EMAIL, EXACT_CASE, PASSWORD, Pool, error_of, other_than

SPELLINGS = ("Anna@example.com", "anna@example.com")


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    """A pool on a server of its own that saves its state."""
    saved_state.enable_saving(tmp_path)
    server = start_server(port=free_port(), directory=tmp_path, root=ROOT, log=tmp_path / "server.log")
    made = Pool.make(server, tmp_path, **EMAIL, **EXACT_CASE)
    try:
        yield made
    finally:
        made.server.stop()


def restart(pool: Pool, before: str = "", after: str = "") -> None:
    """Restart the server; meanwhile, replace a text in the saved state of Cognito."""
    pool.server.stop()
    change_kept_state(pool.directory, before, after)
    port = int(pool.server.endpoint_url.rpartition(":")[2])
    pool.server = start_server(port=port, directory=pool.directory, root=ROOT, log=pool.directory / "server.log")


def change_kept_state(directory: Path, before: str, after: str) -> None:
    kept, name = directory / saved_state.KEPT, "services/cognito.json"
    changed = directory / "changed.zip"
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(changed, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info, content.replace(before.encode(), after.encode()) if info.filename == name else content)
    shutil.move(changed, kept)


def test_users_whose_names_differ_in_case_only_are_told_apart_by_their_spelling(pool: Pool) -> None:
    subs = {username: pool.sign_up(username) for username in SPELLINGS}
    for username in SPELLINGS:
        pool.administrator.admin_confirm_sign_up(UserPoolId=pool.pool_id, Username=username)

    restart(pool, '"CaseSensitive": true', '"CaseSensitive": false')

    signed_in = {username: pool.sign_in(username)["AccessToken"] for username in (*SPELLINGS, "ANNA@example.com")}
    found = {name: pool.anybody.get_user(AccessToken=token)["Username"] for name, token in signed_in.items()}
    assert found == {**subs, "ANNA@example.com": subs["Anna@example.com"]}
    assert error_of(pool.sign_up, username="aNNa@example.com") == "UsernameExistsException"


def test_a_code_is_good_after_a_restart(pool: Pool) -> None:
    names = {"ClientId": pool.client_id, "Username": "anna@example.com"}
    pool.sign_up("anna@example.com")
    code = pool.code_for("anna@example.com")

    restart(pool)

    pool.anybody.confirm_sign_up(**names, ConfirmationCode=code)
    assert pool.sign_in("anna@example.com", PASSWORD)["AccessToken"]


def test_a_restart_gives_no_new_attempts(pool: Pool) -> None:
    names = {"ClientId": pool.client_id, "Username": "anna@example.com"}
    pool.sign_up("anna@example.com")
    code = pool.code_for("anna@example.com")
    for _ in range(WRONG_ENTRIES_AN_HOUR):
        error_of(pool.anybody.confirm_sign_up, **names, ConfirmationCode=other_than(code))

    restart(pool)

    assert error_of(pool.anybody.confirm_sign_up, **names, ConfirmationCode=code) == "LimitExceededException"
