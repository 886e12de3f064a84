"""Whose files these are: a folder found somewhere is a stranger's until the user says otherwise.

A config is Python that the engine runs, a model folder may bring code of its own, and xtgui.toml
can switch that code on. Each root is trusted once; the list is in the user's own config folder.
"""

from __future__ import annotations

from pathlib import Path

from ..shared.errors import Exit, XtguiError
from ..shared.run_folder import RunFolder
from .user_config import save_user_config, user_table


def is_trusted(root: Path) -> bool:
    """Whether the user has trusted this folder, or it holds nothing that could be run."""
    folder = RunFolder(root)
    if not folder.settings_file.exists() and not folder.work_dir.exists():
        return True
    return str(root.resolve()) in _trusted_roots()


def trust(root: Path) -> None:
    """Remember that this folder's files are the user's own."""
    roots = _trusted_roots()
    name = str(root.resolve())
    if name not in roots:
        save_user_config({"trust.roots": [*roots, name]})


def require_trust(root: Path, *, may_ask: bool) -> None:
    """Go on only if the folder is trusted, asking once where a person can be asked.

    Raises — XtguiError "wizard.not_trusted" where nobody says yes.
    """
    if is_trusted(root):
        return
    if may_ask:
        from ..texts import t
        from ..ui import ask
        from ..ui.console import say

        say("wizard.trust_explained", path=root)
        if ask.confirm(t("wizard.trust_question"), default=False):
            trust(root)
            return
    raise XtguiError("wizard.not_trusted", Exit.ANSWERS, path=root)


def _trusted_roots() -> list[str]:
    roots = user_table("trust").get("roots", [])
    return [str(root) for root in roots] if isinstance(roots, list) else []
