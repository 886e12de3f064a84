"""Named compatibility fixes: what xtuner 0.2.0 and mmengine 0.10 need to run on this machine.

Each fix names the line that it answers and the condition under which it is applied; the events of a
run list the names of those applied. A fix changes how the libraries run, never what a config means:
what we add to a run (events, a clean stop) is a hook.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..shared.rare_collection import rare_collection
from . import compat_libraries, compat_own_code, compat_xtuner, data_files, lora_targets
from .config_facts import ConfigFacts


@dataclass(frozen=True)
class Fix:
    """One compatibility fix."""

    name: str
    answers: str
    """The line of the library that needs it, and what happens there."""
    applies: Callable[[ConfigFacts], bool]
    """The condition, evaluated when the stage of the fix has come."""
    apply: Callable[[ConfigFacts], None]


def _always(_: ConfigFacts) -> bool:
    return True


BEFORE_IMPORTS: tuple[Fix, ...] = (
    Fix(
        "bitsandbytes_hidden",
        "mmengine/optim/optimizer/builder.py and peft/import_utils.py import bitsandbytes wherever"
        " they find it: 6 seconds for a run that quantises nothing",
        lambda facts: not facts.needs_bitsandbytes and "bitsandbytes" not in sys.modules,
        compat_libraries.hide_bitsandbytes,
    ),
)

BEFORE_XTUNER: tuple[Fix, ...] = (
    Fix(
        "cpu_bf16_support",
        "xtuner/model/sft.py:237 asks torch.cpu.is_bf16_supported(), which torch does not have",
        compat_libraries.lacks_cpu_bf16,
        compat_libraries.add_cpu_bf16,
    ),
    Fix(
        "set_device_without_cuda",
        "mmengine/dist/utils.py:130 calls torch.cuda.set_device also where there is no CUDA",
        compat_libraries.lacks_cuda,
        compat_libraries.ignore_set_device,
    ),
    Fix(
        "is_safetensors_available",
        "xtuner/utils/handle_moe_load_and_save.py:13 imports what transformers 5 has dropped",
        compat_libraries.lacks_is_safetensors_available,
        compat_libraries.add_is_safetensors_available,
    ),
    Fix(
        "tokenizer_as_in_its_file",
        "transformers 5 (tokenization_utils_tokenizers.py, convert_to_native_format) rebuilds"
        " the tokenizers of its own classes, and splits text in another way than tokenizer.json",
        compat_libraries.rebuilds_tokenizers,
        compat_libraries.load_tokenizers_from_file,
    ),
    Fix(
        "older_code_loads",
        "xtuner/dataset/utils.py:23 refuses the tokenizer of Qwen 1, which names no EOS;"
        " transformers 4.48 asks ChatGLM's to pad in a way that it does not know and Baichuan's for"
        " a vocabulary that it has not read yet, imports no code from a folder with a dot in its"
        " name, and quantises on no CPU without IPEX",
        compat_own_code.knows_older_code,
        compat_own_code.load_older_code,
    ),
    Fix(
        "checkpoints_as_data",
        "mmengine/runner/checkpoint.py:347 and xtuner/tools/utils.py:186 read a checkpoint with"
        " torch.load: torch 2.6 refuses mmengine's, an older one runs whatever is in it",
        _always,
        compat_libraries.read_checkpoints_as_data,
    ),
    Fix(
        "data_files_by_name",
        "datasets/data_files.py:374 globs the name of a data file, and fsspec/core.py chains it at"
        " `::`: another file is trained than the config names",
        _always,
        data_files.read_files_by_name,
    ),
    Fix(
        "quantised_weights_kept",
        "bitsandbytes/nn/modules.py:620 repacks 4-bit weights on some CPUs as soon as the model"
        " generates, and rounds their scales to bfloat16: evaluating would change what is trained",
        compat_libraries.repacks_quantised_weights,
        compat_libraries.keep_quantised_weights,
    ),
)

AFTER_XTUNER: tuple[Fix, ...] = (
    Fix(
        "bos_as_in_chat_template",
        "xtuner/dataset/utils.py:93 adds the tokenizer's BOS to every conversation: None crashes,"
        " and where the template begins with it already the model sees it twice",
        _always,
        compat_xtuner.choose_bos_by_chat_template,
    ),
    Fix(
        "remote_code_by_consent",
        "xtuner/model/sft.py:282 reads a model's config with trust_remote_code=True, whatever the"
        " user has said",
        lambda facts: not facts.trust_remote_code,
        compat_xtuner.refuse_remote_code,
    ),
    Fix(
        "frozen_base_kept_short",
        "xtuner/model/sft.py:161 has peft make a frozen base float32, which no step ever changes:"
        " twice the memory of a base in 16 bits",
        lambda facts: facts.trains_adapter and not facts.quantizes,
        compat_xtuner.keep_frozen_base_short,
    ),
    Fix(
        "adapter_in_language_model",
        "xtuner/model/utils.py:47 adapts every linear layer, also of what sees and hears, and those"
        " of state spaces whose fused kernels pass an adapter by",
        lambda facts: facts.trains_adapter,
        lora_targets.choose_targets,
    ),
    Fix(
        "no_pause_between_epochs",
        "mmengine/runner/loops.py:190 sleeps two seconds at each epoch's end for the sake of"
        " data-loader workers",
        _always,
        compat_xtuner.skip_pause_without_workers,
    ),
    Fix(
        "config_file_kept",
        "mmengine/runner/runner.py:2284 writes the config's dump over a config that lies in the"
        " work_dir: comments and hand edits are gone",
        _always,
        compat_xtuner.keep_config_file,
    ),
    Fix(
        "scalars_left_out_on_full_disk",
        "mmengine/visualization/vis_backend.py:324 ends the training where a line of its record"
        " cannot be written",
        _always,
        compat_xtuner.leave_out_scalars_on_full_disk,
    ),
    Fix(
        "optimizer_state_fits",
        "mmengine/optim/optimizer/optimizer_wrapper.py:330 takes an optimizer's state as it is:"
        " torch's fused kernels then write past tensors that are too short",
        _always,
        compat_xtuner.check_optimizer_state,
    ),
    Fix(
        "checkpoints_written_whole",
        "mmengine/runner/checkpoint.py:791 writes under the final name, from a second copy in"
        " memory",
        _always,
        compat_xtuner.write_checkpoints_whole,
    ),
    Fix(
        "rotation_after_writing",
        "mmengine/hooks/checkpoint_hook.py:431 deletes the oldest checkpoint before the new one"
        " is written",
        _always,
        compat_xtuner.rotate_after_writing,
    ),
)


def apply_fixes(fixes: tuple[Fix, ...], facts: ConfigFacts) -> list[str]:
    """Apply those of *fixes* whose condition holds, in order, and return their names."""
    applied = []
    for fix in fixes:
        if fix.applies(facts):
            fix.apply(facts)
            applied.append(fix.name)
    return applied


def import_xtuner(facts: ConfigFacts, applied: list[str]) -> Any:
    """Import xtuner.tools.train with all fixes around it; add their names to *applied*."""
    with rare_collection():
        applied += apply_fixes(BEFORE_IMPORTS, facts)
        applied += apply_fixes(BEFORE_XTUNER, facts)
        import xtuner.tools.train

        applied += apply_fixes(AFTER_XTUNER, facts)
    return xtuner.tools.train
