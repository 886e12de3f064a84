"""The reader of checkpoints by itself, without torch: what is good, and what is refused."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from checkpoint_files import (
    STORAGES,
    Opcodes,
    call,
    checkpoint_content,
    name,
    numpy_array,
    ordered,
    pickled,
    small_checkpoint,
    tensor,
    torch_file,
    torch_zip,
)
from evil_checkpoints import EVIL, EVIL_FOR_RESUME
from evil_file import Evil

from xtgui_cli.engine.checkpoint_reader import checkpoint_file, interpreter
from xtgui_cli.engine.checkpoint_reader.checkpoint_file import open_checkpoint, require_intact
from xtgui_cli.engine.checkpoint_reader.errors import CheckpointError
from xtgui_cli.engine.checkpoint_reader.stand_ins import History, Tensor
from xtgui_cli.engine.resumable import require_resumable
from xtgui_cli.shared.checkpoint_faults import CheckpointFault


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def read(path: Path) -> object:
    with open_checkpoint(path) as file:
        content = file.read()
        file.verify()
        return content


def test_a_checkpoint_is_read_into_containers_and_stand_ins(tmp_path: Path) -> None:
    path = write(tmp_path / "iter_20.pth", small_checkpoint())

    content = read(path)

    assert isinstance(content, dict)
    assert content["meta"] == {"epoch": 0, "iter": 20, "seed": 42, "cfg": "lr = 1", "time": "now"}
    weight = next(iter(content["state_dict"].values()))
    assert isinstance(weight, Tensor)
    assert (weight.shape, weight.stride, weight.storage.dtype.name) == ((2, 4), (4, 1), "float32")
    history = content["message_hub"]["log_scalars"]["train/loss"]
    assert isinstance(history, History)
    assert history.values is not None
    assert (history.values.shape, history.max_length) == ((2,), 1000000)
    assert content["optimizer"]["param_groups"][0]["betas"] == (0.9, 0.999)
    require_intact(path, require_resumable)


def test_the_bytes_of_a_tensor_lie_where_its_record_says(tmp_path: Path) -> None:
    path = write(tmp_path / "iter_20.pth", small_checkpoint())

    with open_checkpoint(path) as file:
        weight = next(iter(file.read()["state_dict"].values()))
        mapped = file.map()

    record = weight.storage.record
    assert mapped[record.offset : record.offset + record.size] == STORAGES["0"]


@pytest.mark.parametrize(
    ("shape", "stride", "offset", "elements"),
    [
        ((2, 4), (4, 1), 0, [0, 1, 2, 3, 4, 5, 6, 7]),
        ((4, 2), (1, 4), 0, [0, 4, 1, 5, 2, 6, 3, 7]),
        ((2, 2), (4, 1), 1, [1, 2, 5, 6]),
        ((1, 3, 1), (99, 1, 7), 5, [5, 6, 7]),
        ((3,), (2,), 2, [2, 4, 6]),
        ((), (), 7, [7]),
        ((0, 4), (4, 1), 0, []),
    ],
)
def test_the_elements_of_a_view_come_in_their_own_order(
    tmp_path: Path,
    shape: tuple[int, ...],
    stride: tuple[int, ...],
    offset: int,
    elements: list[int],
) -> None:
    view = tensor("0", shape, stride=stride, offset=offset, elements=8)
    path = write(tmp_path / "iter_20.pth", torch_file({"view": view}, {"0": STORAGES["0"]}))

    with open_checkpoint(path) as file:
        content = b"".join(file.pieces(file.read()["view"]))

    assert content == struct.pack(f"<{len(elements)}f", *elements)


def test_a_file_that_is_cut_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "iter_20.pth", small_checkpoint())

    with open_checkpoint(path) as file:
        weight = next(iter(file.read()["state_dict"].values()))
        os.truncate(path, weight.storage.record.offset + 3)
        with pytest.raises(CheckpointError) as caught:
            b"".join(file.pieces(weight))

    assert caught.value.fault == CheckpointFault.CUT_OFF


@pytest.mark.parametrize("evil", [pytest.param(evil, id=label) for label, evil in EVIL.items()])
def test_what_is_made_to_do_harm_is_refused_and_does_nothing(evil: Evil, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    path = write(tmp_path / "iter_20.pth", evil.make(mark))

    with pytest.raises(CheckpointError) as caught:
        read(path)

    assert caught.value.fault is evil.fault, caught.value
    assert caught.value.data["file"] == str(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["iter_20.pth"]


@pytest.mark.parametrize(
    "evil", [pytest.param(evil, id=label) for label, evil in EVIL_FOR_RESUME.items()]
)
def test_what_mmengine_would_do_harm_with_is_not_resumed_from(evil: Evil, tmp_path: Path) -> None:
    path = write(tmp_path / "iter_20.pth", evil.make(tmp_path / "mark"))

    with pytest.raises(CheckpointError) as caught:
        require_intact(path, require_resumable)

    assert caught.value.fault is evil.fault, caught.value


@pytest.mark.parametrize(
    ("label", "wrong"),
    [
        ("a_flipped_bit_in_the_weights", {"record": "data/1"}),
        ("os_system", {"name": "posix.system"}),
        ("a_storage_larger_than_its_record", {"detail": "data/9 holds 16 bytes, not 262144 × 4"}),
        ("two_directories", {"detail": "no directory of 64 bits"}),
    ],
)
def test_an_error_names_what_is_wrong(label: str, wrong: dict[str, str], tmp_path: Path) -> None:
    path = write(tmp_path / "iter_20.pth", EVIL[label].make(tmp_path / "mark"))

    with pytest.raises(CheckpointError) as caught:
        read(path)

    assert caught.value.data == {"file": str(path), **wrong}


@pytest.mark.parametrize(
    "label",
    [
        "a_storage_of_64_gib",
        "a_view_of_4_tib_of_one_number",
        "a_numpy_array_of_64_gib",
        "a_text_of_4_gib",
        "a_record_of_64_gib",
        "more_records_than_there_are",
        "a_billion_laughs",
        "a_zip_bomb",
    ],
)
def test_a_refused_file_takes_no_memory_for_what_it_claims(label: str, tmp_path: Path) -> None:
    path = write(tmp_path / "iter_20.pth", EVIL[label].make(tmp_path / "mark"))

    tracemalloc.start()
    with pytest.raises(CheckpointError):
        read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 4 << 20


def test_a_memo_of_4_billion_entries_takes_no_memory(tmp_path: Path) -> None:
    """Python's own unpickler makes room for 32 GiB of them."""
    path = write(tmp_path / "x.pth", torch_file({"a": Opcodes(b"Nr\xff\xff\xff\xff")}, {}))

    tracemalloc.start()
    content = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert content == {"a": None}
    assert peak < 4 << 20


def test_a_pickle_has_a_largest_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint_file, "LARGEST_PICKLE", 1000)
    path = write(tmp_path / "iter_20.pth", small_checkpoint())

    with pytest.raises(CheckpointError, match=r"data\.pkl takes"):
        read(path)


def test_a_pickle_has_a_largest_number_of_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interpreter, "MOST_STEPS", 50)
    path = write(tmp_path / "iter_20.pth", small_checkpoint())

    with pytest.raises(CheckpointError, match="too many steps"):
        read(path)


def test_a_fifo_is_no_checkpoint_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "iter_20.pth")

    with pytest.raises(CheckpointError) as caught:
        read(tmp_path / "iter_20.pth")

    assert caught.value.fault is CheckpointFault.FOREIGN


def test_a_folder_and_a_file_that_is_gone_are_told_by_the_system(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        read(tmp_path)
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "gone.pth")


def test_what_was_checked_is_what_is_read_though_the_path_changes(tmp_path: Path) -> None:
    path = write(tmp_path / "iter_20.pth", small_checkpoint())

    with open_checkpoint(path) as file:
        write(tmp_path / "other", EVIL["os_system"].make(tmp_path / "mark")).replace(path)
        content = file.read()
        file.verify()

    assert content["meta"]["iter"] == 20


def test_checksums_are_compared_once_as_long_as_the_file_is_the_same(tmp_path: Path) -> None:
    path = write(tmp_path / "iter_20.pth", small_checkpoint())
    read(path)

    write(path, EVIL["a_flipped_bit_in_the_weights"].make(tmp_path / "mark"))
    os.utime(path, ns=(1, 1))

    with pytest.raises(CheckpointError) as caught:
        read(path)
    assert caught.value.fault is CheckpointFault.CHECKSUM


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2**40, 2**40),
        (-1, -1),
        (1e300, 1e300),
        ("数据 \ud800", "数据 \ud800"),
        ([(1, (2.5, None, True)), {"a": b"\xe9\0"}], [(1, (2.5, None, True)), {"a": b"\xe9\0"}]),
        (call(name("__builtin__", "bytes")), b""),
        (Opcodes(b"](J\x01\x00\x00\x00q\x05h\x05e"), [1, 1]),
    ],
)
def test_plain_values_come_back_as_they_were(
    value: object, expected: object, tmp_path: Path
) -> None:
    path = write(tmp_path / "x.pth", torch_file({"value": value}, {}))

    assert read(path) == {"value": expected}


@pytest.mark.parametrize("kind", ["Double", "Half", "BFloat16", "Long", "Byte", "Bool"])
def test_tensors_of_every_kind_fit_their_records(kind: str, tmp_path: Path) -> None:
    size = {"Double": 8, "Long": 8, "Half": 2, "BFloat16": 2}.get(kind, 1)
    content = {"w": tensor("0", (2, 3), kind=kind), "none": tensor("1", (0,), kind=kind)}
    path = write(tmp_path / "x.pth", torch_file(content, {"0": bytes(6 * size), "1": b""}))

    tensors = read(path)

    assert isinstance(tensors, dict)
    assert (tensors["w"].count, tensors["none"].count) == (6, 0)


def test_two_tensors_may_share_a_storage_and_parts_of_it(tmp_path: Path) -> None:
    content = {"a": tensor("0", (4,)), "b": tensor("0", (2,), offset=2, elements=4)}
    path = write(tmp_path / "x.pth", torch_file(content, {"0": bytes(16)}))

    tensors = read(path)

    assert isinstance(tensors, dict)
    assert tensors["a"].storage == tensors["b"].storage


def test_the_state_of_a_run_of_a_million_iterations_fits() -> None:
    """mmengine keeps a million values of each kind; here one kind of 300,000."""
    count = 300_000
    array = numpy_array("f8", (count,), bytes(8 * count))

    content = interpreter.interpret(pickled({"history": array}), {})

    assert len(content["history"].data) == 8 * count


def test_reading_a_checkpoint_imports_neither_torch_nor_numpy(tmp_path: Path) -> None:
    path = write(tmp_path / "iter_20.pth", small_checkpoint())
    code = (
        "import sys; from pathlib import Path\n"
        "from xtgui_cli.engine.checkpoint_reader.checkpoint_file import require_intact\n"
        "from xtgui_cli.engine.resumable import require_resumable\n"
        f"require_intact(Path({str(path)!r}), require_resumable)\n"
        "print([name for name in ('torch', 'numpy', 'mmengine') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_metadata_of_a_state_dict_is_kept(tmp_path: Path) -> None:
    metadata = ordered({"": {"version": 2}})
    path = write(tmp_path / "x.pth", torch_file({"s": ordered({}, metadata)}, {}))

    content = read(path)

    assert isinstance(content, dict)
    assert content["s"]._metadata == {"": {"version": 2}}


def test_an_archive_of_an_older_torch_without_a_byte_order_is_read(tmp_path: Path) -> None:
    content = pickled(checkpoint_content())
    records = {"data.pkl": content, **{f"data/{key}": data for key, data in STORAGES.items()}}
    path = write(tmp_path / "x.pth", torch_zip({**records, "version": b"3\n"}))

    require_intact(path, require_resumable)
