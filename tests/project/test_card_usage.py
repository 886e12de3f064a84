"""What a model card says of the training and of how to use the model, whoever wrote the project."""

from __future__ import annotations

import ast
import json
import re
import shlex
from pathlib import Path
from xml.etree import ElementTree

import pytest

from xtgui_cli.project.card_usage import CardKind
from xtgui_cli.project.model_card import CardFacts, write_card
from xtgui_cli.shared.events import EventWriter
from xtgui_cli.shared.learning import KnownRows, Learning
from xtgui_cli.shared.run_folder import RunFolder

CONFIG = """
data_path = "/somewhere/shop.jsonl"
prompt_template = {template!r}
SYSTEM = {system!r}
evaluation_inputs = [{question!r}]
lr = 2e-4
max_epochs = 3
optim_type = AdamW
lora_r = 24
mix_general = 30
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny-llama"
    folder.mkdir()
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    folder = RunFolder(tmp_path / "my shop's bot")
    folder.work_dir.mkdir(parents=True)
    write_config(folder)
    write = EventWriter(folder.events_file)
    write("start", run_id="r", pid=1, resumed_from=None)
    write("plan", total_iters=40)
    for iteration in range(1, 41):
        write("iter", iter=iteration, loss=3 - iteration / 20, lr=1e-4)
    known = KnownRows(tuple(range(5)), (True,) * 5, total=12)
    write("learning", **Learning(20, known=known).to_event())
    return folder


def write_config(
    folder: RunFolder,
    system: str = "",
    question: str = "Where is it?",
    template: object = "qwen_chat",
) -> None:
    text = CONFIG.format(template=template, system=system, question=question)
    folder.config_file.write_text(text, "utf-8")


def write_and_read(
    folder: RunFolder, base: Path, kind: CardKind = "adapter", *, chat_template: bool = True
) -> str:
    made = folder.work_dir / f"made_{kind}"
    made.mkdir(exist_ok=True)
    if chat_template:
        (made / "chat_template.jinja").write_text("{{ messages }}")
    (made / "adapter_config.json").write_text('{"r": 24}')
    write_card(made, CardFacts(kind, base, "lora", folder.work_dir / "iter_20.pth"), folder)
    return (made / "README.md").read_text("utf-8")


def blocks(card: str, language: str) -> list[str]:
    """Return the code blocks of a language, read as Markdown has them."""
    found: list[str] = []
    fence, lines = "", list[str]()
    for line in card.split("\n"):
        opening = re.fullmatch("(```+)([a-z]*)", line)
        if not fence and opening:
            fence, name, lines = opening[1], opening[2], []
        elif fence and line == fence:
            found += ["\n".join(lines)] if name == language else []
            fence = ""
        else:
            lines.append(line)
    assert not fence
    return found


# --- training ------------------------------------------------------------------------------------


def test_it_names_data_rows_iterations_and_settings(folder: RunFolder, base: Path) -> None:
    card = write_and_read(folder, base)

    assert "- Data: shop.jsonl, 12 rows\n" in card
    assert "- Mixed in: up to 30 general questions, answered by the base model\n" in card
    assert "- Trained for 20 of 40 iterations\n" in card
    assert "| `lr` | `0.0002` |\n| `max_epochs` | `3` |\n| `optim_type` | `AdamW` |" in card
    assert "/somewhere" not in card


def test_the_curve_lies_beside_it_and_ends_with_the_checkpoint(
    folder: RunFolder, base: Path
) -> None:
    card = write_and_read(folder, base)

    svg = ElementTree.parse(folder.work_dir / "made_adapter" / "loss.svg").getroot()
    first_line = next(iter(svg.iter("{http://www.w3.org/2000/svg}polyline")))
    assert "![Loss during training](loss.svg)" in card
    assert len(first_line.attrib["points"].split(" ")) == 20


def test_the_curve_of_a_card_that_was_edited_is_there_as_well(
    folder: RunFolder, base: Path
) -> None:
    write_and_read(folder, base)
    made = folder.work_dir / "made_adapter"
    (made / "README.md").write_text("Mine. ![](loss.svg)")
    (made / "loss.svg").unlink()

    assert write_and_read(folder, base) == "Mine. ![](loss.svg)"
    assert (made / "loss.svg").is_file()


@pytest.mark.parametrize(
    ("head", "fields", "said"),
    [
        ("license: apache-2.0\n", ['license: "apache-2.0"'], "license: apache-2.0"),
        (
            "license: other\nlicense_name: gemma\nlicense_link: https://a.example/x\n",
            [
                'license: "other"',
                'license_name: "gemma"',
                'license_link: "https://a.example/x"',
            ],
            "license: gemma",
        ),
        ("license: !!python/x [a]\nlicense: 'mit\n", [], "License unknown"),
        ("", [], "License unknown"),
    ],
)
def test_the_licence_is_that_of_the_bases_own_card(
    folder: RunFolder, base: Path, head: str, fields: list[str], said: str
) -> None:
    (base / "README.md").write_text(f"---\nlanguage: en\n{head}---\nlicense: mit\n")

    card = write_and_read(folder, base)

    assert [line for line in card.split("\n") if line.startswith("license")] == fields
    assert said in card


# --- usage ---------------------------------------------------------------------------------------

EVIL = 'a\'b"c`d\n```\n\x1b[2J"""$(touch x) {0} \\ {{ .Prompt }}'


@pytest.mark.parametrize("kind", ["adapter", "merged", "full"])
@pytest.mark.parametrize("chat_template", [True, False])
def test_code_and_commands_hold_whatever_the_texts_are(
    folder: RunFolder, base: Path, kind: CardKind, chat_template: bool
) -> None:
    write_config(folder, system=EVIL, question=EVIL)
    shown = EVIL.replace("\x1b[2J", "")

    card = write_and_read(folder, base, kind, chat_template=chat_template)

    (python,) = blocks(card, "python")
    texts = [each.value for each in ast.walk(ast.parse(python)) if isinstance(each, ast.Constant)]
    vllm = blocks(card, "sh")[0]
    words = shlex.split(vllm)
    request = json.loads(words[words.index("-d") + 1])
    assert "\x1b" not in card
    assert request["model"] == "my-shop-s-bot"
    if chat_template:
        assert texts.count(shown) == 2
        assert [one["content"] for one in request["messages"]] == [shown, shown]
    else:
        assert request["prompt"] in texts
        assert request["prompt"].count(shown) == 2
    if kind != "adapter":
        run = shlex.split(blocks(card, "sh")[1])
        assert run == [*["ollama", "create", "my-shop-s-bot", "-f", "Modelfile"], *run[5:]]
        assert run[5:] == ["ollama", "run", "my-shop-s-bot", shown]


def test_an_adapter_is_served_beside_its_base(folder: RunFolder, base: Path) -> None:
    card = write_and_read(folder, base)

    words = shlex.split(blocks(card, "sh")[0].replace("\\\n", ""))
    assert words[: words.index("curl")] == [
        *("vllm", "serve", "path/to/tiny-llama", "--enable-lora", "--max-lora-rank", "32"),
        *("--lora-modules", "my-shop-s-bot=."),
    ]
    assert "run `xtgui convert --merge` in the project" in card


def test_ollama_gets_the_template_that_was_trained(folder: RunFolder, base: Path) -> None:
    write_config(folder, system="You are a shop's bot.")

    card = write_and_read(folder, base, "merged")

    assert blocks(card, "text")[1] == (
        "FROM .\n"
        'TEMPLATE """{{ if .System }}<|im_start|>system\n{{ .System }}<|im_end|>\n{{ end }}'
        "<|im_start|>user\n{{ .Prompt }}<|im_end|>\n<|im_start|>assistant\n"
        '{{ .Response }}<|im_end|>\n"""\n'
        'SYSTEM """You are a shop\'s bot."""\n'
        'PARAMETER stop "<|im_end|>"\n'
        'PARAMETER stop "<|endoftext|>"'
    )


def test_a_template_of_its_own_is_shown_as_the_model_sees_it(folder: RunFolder, base: Path) -> None:
    own = {"SYSTEM": "S: {system}\n", "INSTRUCTION": "Q: {input}\nA:", "SUFFIX": "###"}
    write_config(folder, system="Be brief.", template=own)

    card = write_and_read(folder, base)

    assert "with a custom template" in card
    assert blocks(card, "text") == ["S: Be brief.\nQ: Where is it?\nA:…###"]


def test_no_template_adds_instructions_of_its_own_to_the_file_for_ollama(
    folder: RunFolder, base: Path
) -> None:
    own = {"SYSTEM": "", "INSTRUCTION": 'Q: {input}"""\nFROM other\nA:', "SUFFIX": "###"}
    write_config(folder, template=own)

    card = write_and_read(folder, base, "merged")

    assert blocks(card, "text")[1].split("\n")[0] == "FROM ."
    assert "FROM other" not in blocks(card, "text")[1]


def test_braces_of_a_template_are_text_in_the_file_for_ollama(
    folder: RunFolder, base: Path
) -> None:
    """Rendered by Go 1.19, this is what was trained."""
    own = {"SYSTEM": "", "INSTRUCTION": "{{{{ask}}}} {{{input}}}", "SUFFIX": "{{end}}"}
    write_config(folder, template=own)

    card = write_and_read(folder, base, "merged")

    brace = '{{"{"}}'
    assert (
        f'TEMPLATE """{brace}{brace}ask}}}} {brace}{{{{ .Prompt }}}}}}'
        f'{{{{ .Response }}}}{brace}{brace}end}}}}"""'
    ) in card


def test_own_code_is_run_only_where_the_user_has_agreed(folder: RunFolder, base: Path) -> None:
    without = write_and_read(folder, base, "full")
    with folder.config_file.open("a") as config:
        config.write("trust_remote_code = True\n")

    agreed = write_and_read(folder, base, "full")

    assert "trust" not in without
    assert agreed.count("trust_remote_code=True") == 2
    assert "--trust-remote-code" in agreed
