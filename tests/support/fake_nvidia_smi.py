"""An executable `nvidia-smi` that says what it is told to: what real drivers print, by reading."""

from __future__ import annotations

from pathlib import Path

TABLE = """\
+-----------------------------------------------------------------------------+
| NVIDIA-SMI {driver}   Driver Version: {driver}   CUDA Version: {cuda}     |
+-----------------------------------------------------------------------------+
"""
FIELDS = "index,uuid,name,driver_version,memory.total,memory.free,compute_cap"


def row(index: int, name: str, capability: str, driver: str = "570.86.10") -> str:
    return f"{index}, GPU-{index}a, {name}, {driver}, 24576, 24064, {capability}"


def install(folder: Path, *rows: str, cuda: str = "12.8", script: str = "") -> Path:
    """Write the command into a folder that is put on the PATH; give the folder.

    Args:
        folder: Where it goes.
        rows: What it answers to the query with all fields; without any it knows no compute_cap.
        cuda: The newest CUDA that the driver knows.
        script: A shell script in place of all that.
    """
    folder.mkdir(parents=True, exist_ok=True)
    driver = rows[0].split(", ")[3] if rows else ""
    lines = "\n".join(rows)
    program = folder / "nvidia-smi"
    program.write_text(
        "#!/bin/sh\n"
        + (
            script
            or f"""case "$*" in
"--query-gpu={FIELDS} --format=csv,noheader,nounits") cat <<'END'
{lines}
END
;;
"") cat <<'END'
{TABLE.format(driver=driver, cuda=cuda)}
END
;;
*) echo "not asked for: $*"; exit 2;;
esac
"""
        )
    )
    program.chmod(0o755)
    return folder
