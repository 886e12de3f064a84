"""Renders chat templates in a separate process: one JSON request on stdin, one reply on stdout.

Both sides run it by path, each with its own interpreter: see `shared.chat_template`. A template can
use what transformers offers (transformers 5.23, utils/chat_template_utils.py): trimmed blocks, loop
controls, the `generation` tag, `raise_exception`, `strftime_now`, a `tojson` that escapes nothing.
Thinking is switched off, as for answers without thoughts: Qwen3 and others then write an empty
thinking block, which belongs to the prompt.
"""

from __future__ import annotations

import contextlib
import json
import math
import signal
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

MEMORY_LIMIT_BYTES = 1 << 30
TEXT_LIMIT = 1_000_000

_DATE = datetime(2024, 7, 26)
"""The date for templates that name today's: Llama 3.1's own default. A model has the same template
on every day; what is trained must not depend on the date."""


def limit_resources(cpu_limit_s: float) -> None:
    """Bound memory and processor time from now on, if the system can.

    The timer is exact; the limit, in whole seconds, holds even if a signal is held back.
    """
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        signal.setitimer(signal.ITIMER_PROF, cpu_limit_s)
        until_s = math.ceil(time.process_time() + cpu_limit_s)
        resource.setrlimit(resource.RLIMIT_CPU, (until_s, until_s + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))


def compile_template(source: str) -> Any:
    """Compile a jinja template in the sandbox."""
    import jinja2
    from jinja2.ext import Extension, loopcontrols
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Generation(Extension):
        """Makes `{% generation %}...{% endgeneration %}` stand for its content."""

        tags = {"generation"}  # noqa: RUF012 (jinja's own way)

        def parse(self, parser: Any) -> Any:
            line = next(parser.stream).lineno
            body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
            return jinja2.nodes.Scope(body, lineno=line)

    def raise_exception(message: str) -> None:
        raise jinja2.TemplateError(message)

    def tojson(
        value: Any,
        ensure_ascii: bool = False,  # noqa: FBT001, FBT002 (templates call it as transformers does)
        **options: Any,
    ) -> str:
        return json.dumps(value, ensure_ascii=ensure_ascii, **options)

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols]
    )
    environment.filters["tojson"] = tojson
    environment.globals["raise_exception"] = raise_exception
    environment.globals["strftime_now"] = _DATE.strftime
    return environment.from_string(source)


def render(template: Any, special_tokens: dict[str, str], probe: dict[str, Any]) -> str | None:
    """Return the text of one probe; None if the template refuses it or fails."""
    try:
        given = {**special_tokens, "tools": None, "documents": None, "enable_thinking": False}
        text = str(template.render(**given, **probe))
        text.encode("utf-8")  # half a surrogate pair cannot be tokenized
    except Exception:  # a stranger's program may raise anything
        return None
    return text if len(text) <= TEXT_LIMIT else None


def main() -> None:
    """Render the probes of the request on stdin and write their texts to stdout as JSON."""
    request = json.loads(sys.stdin.buffer.read())
    compile_template("")  # its imports are not the template's doing
    limit_resources(request["cpu_limit_s"])
    try:
        template = compile_template(request["template"])
    except Exception:  # not jinja, or more than the limits allow
        sys.stdout.write(json.dumps([None] * len(request["probes"])))
        return
    special_tokens = request["special_tokens"]
    texts = [render(template, special_tokens, probe) for probe in request["probes"]]
    sys.stdout.write(json.dumps(texts))


if __name__ == "__main__":
    # this folder: its modules are not to hide others
    sys.path[:] = [entry for entry in sys.path if entry != str(Path(__file__).parent)]
    main()
