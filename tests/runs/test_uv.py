"""pip's configuration reaches uv, and uv's output is understood."""

from __future__ import annotations

import pytest

from xtgui_cli.runs import uv
from xtgui_cli.runs.uv_output import InstallProgress, advance, explain_failure
from xtgui_cli.shared.errors import Exit

LISTING = """\
:env:.cert='/certs/company.pem'
global.cert='/certs/other.pem'
global.extra-index-url='file:///mirror/simple https://extra.example/simple'
global.index-url='https://mirror.example/simple'
install.trusted-host='mirror.example'
global.timeout='7'
download.index-url='https://not-for-install.example/simple'
a line that is none
"""


def test_pips_environment_wins_over_its_files() -> None:
    config = uv.parse_pip_config(LISTING)

    assert config["cert"] == "/certs/company.pem"
    assert config["index-url"] == "https://mirror.example/simple"


def test_uv_is_told_where_pip_looks() -> None:
    given = uv.uv_environment({"HOME": "/home/u"}, uv.parse_pip_config(LISTING))

    assert given == {
        "HOME": "/home/u",
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_INDEX": "https://extra.example/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_INSECURE_HOST": "mirror.example",
        "SSL_CERT_FILE": "/certs/company.pem",
        "UV_HTTP_TIMEOUT": "7",
    }


def test_what_the_user_told_uv_itself_is_kept() -> None:
    own = {
        "UV_INDEX_URL": "https://mine.example/simple",
        "https_proxy": "http://mine.example:1",
        "SSL_CERT_FILE": "/mine.pem",
    }

    given = uv.uv_environment(
        own,
        {
            "index-url": "https://pips.example/simple",
            "proxy": "http://pips.example:1",
            "cert": "/pips.pem",
        },
    )

    assert given == own | {"HTTP_PROXY": "http://pips.example:1"}


def test_a_pip_without_configuration_changes_nothing() -> None:
    assert uv.uv_environment({"A": "b"}, {}) == {"A": "b"}


def test_the_stack_pins_every_package_to_one_version() -> None:
    pins = uv.pinned_versions("modern")

    assert pins["xtuner"] == "0.2.0"
    assert all(version[0].isdigit() for version in pins.values())


def test_progress_counts_the_large_packages() -> None:
    progress = InstallProgress()

    for line in (
        "Resolved 120 packages in 1.2s",
        "Downloading torch (858.1MiB)",
        "Downloading triton (162.4MiB)",
        " Downloaded torch",
    ):
        progress = advance(progress, line)

    assert progress == InstallProgress(("torch", "triton"), ("torch",))
    assert progress.current == "triton"
    assert advance(progress, "Prepared 120 packages in 9.0s").prepared == 120


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("error: Failed to fetch: `http://127.0.0.1:9/simple/torch/`", "setup.unreachable"),
        ("  cause: No space left on device (os error 28)", "setup.disk_full"),
        ("  × No solution found when resolving dependencies:", "setup.index_lacks"),
        ("error: something nobody has seen before", "setup.install_failed"),
    ],
)
def test_a_failure_of_uv_is_explained(line: str, code: str) -> None:
    error = explain_failure(["Resolved 3 packages", line], "/cache/setup.log")

    assert error.code == code
    assert error.exit is Exit.FAILED
    assert error.data.get("log") == (None if code == "setup.disk_full" else "/cache/setup.log")
