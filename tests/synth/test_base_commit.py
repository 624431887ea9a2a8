"""The commit that a review compares with, and the error if there is none."""

import subprocess
from pathlib import Path

import pytest

from deployment.review import base_commit
from environments.user_error import UserError

IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *IDENTITY, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, what: str) -> str:
    (folder / "file").write_text(what, encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", what)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository in place of this checkout, whose main branch has one commit."""
    folder = tmp_path / "a checkout"
    (folder / "requirements").mkdir(parents=True)
    (folder / base_commit.REQUIREMENTS).write_text("boto3==1.2.3 \\\n    --hash=sha256:0\n", encoding="utf-8")
    (folder / base_commit.SHIPPED).write_text("boto3/session.py\n", encoding="utf-8")
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder, "first")
    monkeypatch.setattr(base_commit, "ROOT", folder)
    return folder


def test_a_branch_is_compared_with_where_it_left_main(repository: Path) -> None:
    left = git(repository, "rev-parse", "HEAD")
    git(repository, "checkout", "--quiet", "-b", "mine")
    commit(repository, "mine")
    git(repository, "checkout", "--quiet", "main")
    commit(repository, "somebody else's")
    git(repository, "checkout", "--quiet", "mine")

    assert base_commit.find_base(None) == left


def test_origins_main_comes_before_the_local_one(repository: Path) -> None:
    first = git(repository, "rev-parse", "HEAD")
    git(repository, "update-ref", "refs/remotes/origin/main", first)
    second = commit(repository, "second")

    assert base_commit.find_base(None) == first
    assert base_commit.find_base("main") == second


def test_an_unknown_base_is_one_clear_line(repository: Path) -> None:
    with pytest.raises(UserError, match=r"^git knows no nowhere: fetch it, or name another base") as raised:
        base_commit.find_base("nowhere")

    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("option", ["--help", "--output=x", "--since=yesterday", "--all", "-"])
def test_a_base_cant_be_an_option_of_gits(repository: Path, option: str) -> None:
    with pytest.raises(UserError, match=f"^git knows no {option}: fetch it"):
        base_commit.find_base(option)

    assert not (repository / "x").exists()


@pytest.mark.parametrize("named", ["main; touch x", "main\ntouch x", "$(touch x)", "main..HEAD", " "])
def test_a_base_that_is_none_is_one_line_whatever_it_is(repository: Path, named: str) -> None:
    with pytest.raises(UserError, match=r"^git knows no .*: fetch it, or name another base") as raised:
        base_commit.find_base(named)

    assert "\n" not in str(raised.value)
    assert not (repository / "x").exists()


def test_a_repository_without_main_says_what_it_looked_for(repository: Path) -> None:
    git(repository, "branch", "--move", "trunk")

    with pytest.raises(UserError, match="git knows no origin/main nor main"):
        base_commit.find_base(None)


def test_a_base_without_a_common_commit_is_one_clear_line(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "--orphan", "other")
    commit(repository, "other")

    with pytest.raises(UserError, match="main and HEAD have no commit in common here: fetch the whole history"):
        base_commit.find_base(None)


def test_a_folder_outside_of_git_is_one_clear_line(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base_commit, "ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    with pytest.raises(UserError, match="this is not a git checkout"):
        base_commit.find_base(None)


def test_the_base_stands_in_a_worktree_that_goes_away(repository: Path) -> None:
    first = git(repository, "rev-parse", "HEAD")
    commit(repository, "second")
    (repository / base_commit.REQUIREMENTS).write_text("boto3==4.5.6\n", encoding="utf-8")
    (repository / base_commit.SHIPPED).write_text("boto3/client.py\n", encoding="utf-8")

    with base_commit.check_out(first) as worktree:
        assert (worktree / "file").read_text(encoding="utf-8") == "first"
        # The packages are this checkout's: no others are installed.
        assert (worktree / base_commit.REQUIREMENTS).read_text(encoding="utf-8") == "boto3==4.5.6\n"
        assert (worktree / base_commit.SHIPPED).read_text(encoding="utf-8") == "boto3/client.py\n"

    assert not worktree.exists()
    assert len(git(repository, "worktree", "list").splitlines()) == 1
    assert (base_commit.package_pins(first), base_commit.package_pins()) == ({"boto3": "1.2.3"}, {"boto3": "4.5.6"})


def test_the_worktree_goes_away_after_a_failure_too(repository: Path) -> None:
    with pytest.raises(KeyboardInterrupt), base_commit.check_out(git(repository, "rev-parse", "HEAD")):
        raise KeyboardInterrupt

    assert len(git(repository, "worktree", "list").splitlines()) == 1
