"""Trust in folders: a folder found somewhere is a stranger's until the user says otherwise.

A config is Python that the engine runs, a model folder may come with its own code, and xtgui.toml
can switch that code on. Each folder is trusted once. The user's own settings note what was trusted:
which folder it was, whose files were in it, and which models' code it ran. The user is asked again
if one of these changes, and for no other reason.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..shared import own_files
from ..shared.errors import Exit, Notice, XtguiError
from ..shared.run_folder import RunFolder, find_root
from . import toml_file
from .user_config import save_user_config, user_table

_RECORDS = "trusted"
"""The section of the user's settings with a record for each folder."""


@dataclass(frozen=True, kw_only=True)
class _Grounds:
    """What consent to a folder is based on."""

    inode: int
    """The number of the folder itself, which differs for another one of the same name."""
    owners: frozenset[int]
    """The owners of the folder and of the files that decide."""
    code: frozenset[str]
    """Digests of the models whose own code its files switch on."""

    def objection_to(self, now: _Grounds) -> Notice | None:
        """Return what is new and was not agreed to, None if nothing is."""
        strangers = _strangers(now.owners - self.owners)
        if self.inode != now.inode:
            return Notice("trust.why_other_folder")
        if strangers:
            return Notice("trust.why_owners", {"owner": _names_of(strangers)})
        return None if now.code <= self.code else Notice("trust.why_code")


def is_trusted(root: Path) -> bool:
    """Return whether the user has trusted this folder, or it holds nothing that could be run."""
    return not holds_project(root) or was_trusted(root)


def holds_project(root: Path) -> bool:
    """Return whether a folder holds anything that could be run."""
    folder = RunFolder(root)
    return folder.settings_file.exists() or folder.work_dir.exists()


def was_trusted(folder: Path, config: Path | None = None) -> bool:
    """Return whether the user has agreed, and everything that this is based on is unchanged.

    Args:
        folder: A project, or any other folder.
        config: A config in it that is not the project's own.
    """
    return _objection(folder, config) is None


def trust(folder: Path, config: Path | None = None) -> None:
    """Remember that this folder's files are the user's own, as they are now."""
    known, now = _known(folder), _grounds(folder, config)
    if known is not None and known.inode == now.inode:  # earlier consent stays
        now = replace(now, owners=now.owners | known.owners, code=now.code | known.code)
    changes: dict[str, Any] = {}
    if now != known:
        changes[f"{_RECORDS}.{_name(folder)}"] = {
            "inode": now.inode,
            "owners": sorted(now.owners),
            "code": sorted(now.code),
        }
    older = _older_records()
    if _name(folder) in older:
        changes["trust.roots"] = [name for name in older if name != _name(folder)]
    if changes:
        save_user_config(changes)


def trust_config(config: Path) -> None:
    """Remember that a config, and the folder it is in, are the user's own."""
    real = config.resolve()
    trust(real.parent, real)


def require_trust(root: Path, *, may_ask: bool) -> None:
    """Raise an error unless the folder is trusted, asking the user once if possible.

    Raises:
        XtguiError: "trust.not_trusted" if the user does not agree.
    """
    objection = _objection(root, None) if holds_project(root) else None
    if objection is None:
        return
    if not (may_ask and _agrees("trust.explained", root, path=root, why=objection)):
        raise XtguiError("trust.not_trusted", Exit.ANSWERS, path=root, why=objection)
    trust(root)


def require_trusted_config(config: Path, root: Path, *, may_ask: bool) -> None:
    """Raise an error unless a config that `train` was given may be run.

    It may if it is, links followed, in the project of *root*, in another project or directly in any
    other folder, and that is trusted.

    Raises:
        XtguiError: "trust.config_not_trusted" if the user does not agree.
    """
    real = config.resolve()
    deciding = {real.parent, find_root(real.parent), root.resolve()}
    if any(folder in deciding and was_trusted(folder, real) for folder in real.parents):
        return
    if not (may_ask and _agrees("trust.config_explained", real.parent, path=real)):
        raise XtguiError("trust.config_not_trusted", Exit.ANSWERS, path=real)
    trust_config(config)


def is_own(root: Path) -> bool:
    """Return whether a project is the user's own, or somebody else's that the user trusts."""
    return not _strangers(_owners(root)) or was_trusted(root)


def name_of_owners(root: Path) -> str:
    """Name the users, other than the current one and root, that own a project's files."""
    return _names_of(_strangers(_owners(root)))


def lets_models_run_code(folder: Path) -> bool:
    """Return whether a folder's files allow a model to run its own Python files."""
    return bool(_grounds(folder, None).code)


# --- what consent rests on --------------------------------------------------------------------


def _objection(folder: Path, config: Path | None) -> Notice | None:
    """Return why a folder is not trusted, None if it is."""
    now, known = _grounds(folder, config), _known(folder)
    if known is not None:
        return known.objection_to(now)
    return None if _take_over(folder, now) else Notice("trust.why_new")


def _grounds(folder: Path, config: Path | None) -> _Grounds:
    whole = _whole(folder)
    return _Grounds(
        inode=whole.stat().st_ino if whole.exists() else 0,
        owners=frozenset(_owners(folder, config)),
        code=frozenset(map(_digest, _models_with_code(folder, config))),
    )


def _whole(folder: Path) -> Path:
    """Return the folder that is trusted: for an archived run, its project."""
    project = RunFolder(folder.resolve()).project_root
    return project if project != folder.resolve() and holds_project(project) else folder


def _owners(root: Path, config: Path | None = None) -> set[int]:
    """Return the owners of a folder and of the files in it that decide: links and their targets."""
    files = [config] if config is not None else []
    for folder in {RunFolder(root), RunFolder(_whole(root))}:
        files += [folder.root, folder.settings_file, folder.work_dir, folder.config_file]
    return set().union(*map(owners_of, files))


def owners_of(path: Path) -> set[int]:
    """Return the owners of a path and of a link's target; empty if it does not exist."""
    owners = {os.lstat(path).st_uid} if os.path.lexists(path) else set()
    return owners | ({path.stat().st_uid} if path.exists() else set())


def _strangers(owners: Iterable[int]) -> set[int]:
    """Return those that are neither the user nor root, who can change all files anyway."""
    return set(owners) - {own_files.user_id(), 0}


def _models_with_code(root: Path, config: Path | None) -> Iterator[str]:
    """Yield the paths of models whose own Python files a folder's files allow to run."""
    from ..shared.config_file import read_known

    folder, own_config = RunFolder(_whole(root).resolve()), RunFolder(root.resolve()).config_file
    with contextlib.suppress(XtguiError):  # a file that cannot be read allows nothing
        model = toml_file.read(folder.settings_file).get("model")
        if isinstance(model, dict) and model.get("trust_remote_code") is True:
            yield os.path.realpath(folder.root / str(model.get("path")))
    for file in {folder.config_file, own_config, config}:
        said = read_known(file) if file is not None and file.is_file() else {}
        if said.get("trust_remote_code") is True:
            yield os.path.realpath(folder.root / str(said.get("pretrained_model_name_or_path")))


def _digest(model: str) -> str:
    import hashlib  # loads a library, and few projects need it

    return hashlib.sha256(f"model.trust_remote_code {model}".encode(errors="replace")).hexdigest()


# --- what is remembered -----------------------------------------------------------------------


def _known(folder: Path) -> _Grounds | None:
    record = user_table(_RECORDS).get(_name(folder))
    if not isinstance(record, dict):
        return None
    inode, owners, code = (record.get(name) for name in ("inode", "owners", "code"))
    if not (isinstance(inode, int) and isinstance(owners, list) and isinstance(code, list)):
        return None
    return _Grounds(
        inode=inode,
        owners=frozenset(owner for owner in owners if isinstance(owner, int)),
        code=frozenset(digest for digest in code if isinstance(digest, str)),
    )


def _take_over(folder: Path, now: _Grounds) -> bool:
    """Return whether an older version, which kept only names, trusted it, and make a record then.

    This is only done for the user's own folders: of others a name says too little.
    """
    if _name(folder) not in _older_records() or _strangers(now.owners):
        return False
    with contextlib.suppress(OSError):
        trust(folder)
    return True


def _older_records() -> list[str]:
    roots = user_table("trust").get("roots", [])
    return [str(root) for root in roots] if isinstance(roots, list) else []


def _name(folder: Path) -> str:
    r"""Return what a folder is called in the records; bytes that are not UTF-8 as \xNN."""
    return os.fsencode(_whole(folder).resolve()).decode("utf-8", "backslashreplace")


def _agrees(explanation: str, folder: Path, **data: Any) -> bool:
    from ..texts import t
    from ..ui import ask
    from ..ui.console import say

    say(explanation, style="", **data)
    if owners := name_of_owners(folder):
        say("trust.owned_by", path=folder, owner=owners)
    return ask.confirm(t("trust.question"), default=False, name="trust")


def _names_of(users: Iterable[int]) -> str:
    return ", ".join(map(_name_of, sorted(users)))


def _name_of(user: int) -> str:
    try:
        import pwd

        return pwd.getpwuid(user).pw_name
    except (ImportError, KeyError):
        return f"uid {user}"
