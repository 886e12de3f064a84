"""Loads a base model and its fine-tuned version, and answers questions as in training."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..shared.custom_template import as_template
from ..shared.errors import Exit, XtguiError
from ..shared.generation_options import GenerationOptions
from ..shared.templates import Encoder, PromptTemplate
from .base_model import check_base
from .compat_libraries import import_peft, keep_to_file
from .compat_own_code import load_older_code
from .device import choose_device, choose_loading
from .prompt import encoder_of, prompt_ids, stop_ids, stop_texts
from .quick_imports import import_transformers
from .serve import Reply
from .token_streamer import AnswerText, TokenStreamer


@dataclass(frozen=True)
class Loaded:
    """What a chat needs, loaded only once."""

    models: dict[str, Any]
    """"base", "tuned" or both; with an adapter both are the same model."""
    has_adapter: bool
    tokenizer: Any
    template: PromptTemplate
    encoder: Encoder
    stop_ids: list[int]
    context_length: int
    """The longest conversation that the model can read, in tokens."""

    def using(self, which: str) -> contextlib.AbstractContextManager[Any]:
        """Switch the adapter off while the base answers."""
        if self.has_adapter and which == "base":
            off: contextlib.AbstractContextManager[Any] = self.models["base"].disable_adapter()
            return off
        return contextlib.nullcontext()

    def new_answer(self) -> AnswerText:
        """Return an empty answer to stream tokens into."""

        def decode(ids: Any) -> str:
            text: str = self.tokenizer.decode(
                ids, skip_special_tokens=False, clean_up_tokenization_spaces=False
            )
            return text

        return AnswerText(decode, stop_texts(self.tokenizer, self.template))


_loaded: Loaded | None = None


def load(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Load the models of a chat in place of those loaded before.

    Args:
        request: `base`: model folder, None if only a complete tuned model is wanted; `adapter`:
            adapter folder for the base, or None; `tuned`: folder of a complete fine-tuned model, or
            None; `template`: name of the prompt template; `trust_remote_code`; `is_quantised`:
            trained on a 4-bit base.
        reply: Receives the phases.

    Returns:
        `models` (names), `device`, `dtype`, `bits`, `context_length`.
    """
    global _loaded
    _loaded = None
    reply.enter("importing")
    folders = {
        name: check_base(Path(request[name])) for name in ("base", "tuned") if request.get(name)
    }
    trust = bool(request.get("trust_remote_code"))
    import_transformers(trust_remote_code=trust)
    adapter = request.get("adapter")
    device = choose_device()
    loading = choose_loading(
        device,
        list(folders.values()),
        may_quantise=bool(request.get("is_quantised")),
    )
    peft = import_peft(needs_bitsandbytes=loading.bits == 4) if adapter else None
    load_older_code()
    reply.enter("model")
    models = {
        name: _load_model(folder, loading.options(), device, trust_remote_code=trust)
        for name, folder in folders.items()
    }
    own_eos = _take_own_eos(models)
    if peft is not None:
        both = peft.PeftModel.from_pretrained(models["base"], adapter).eval()
        models = {"base": both, "tuned": both}
    _loaded = _complete(models, request, own_eos)
    return {
        "models": sorted(models),
        "device": device.type,
        "dtype": loading.dtype,
        "bits": loading.bits,
        "context_length": _loaded.context_length,
    }


def encode(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Return the prompt's `ids` of a `conversation` with a `system`, as `generate` uses them."""
    return {"ids": _prompt(require_loaded(), request)}


def generate(request: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """Answer the last turn of a conversation, event by event.

    Args:
        request: `conversation`: {"input", "output"} each; `which`: "base" or "tuned"; `system`;
            `settings`: fields of `GenerationOptions`.
        reply: Receives "text" events, each with a piece of the answer.

    Returns:
        `text`, `tokens` (generated, the stop token included), `seconds`, `stop` ("stop", "length",
        "loop" or "cancelled"), `prompt_tokens`.

    Raises:
        XtguiError: "chat.too_long" if the conversation exceeds what the model reads.
    """
    import torch
    from transformers import StoppingCriteriaList

    loaded = require_loaded()
    options = GenerationOptions(**request.get("settings", {}))
    ids = _prompt(loaded, request)
    room = loaded.context_length - len(ids)
    if room <= 0:
        raise XtguiError(
            "chat.too_long", Exit.ANSWERS, tokens=len(ids), limit=loaded.context_length
        )
    model = loaded.models[request["which"]]
    streamer = TokenStreamer(
        loaded.new_answer(), loaded.stop_ids, len(ids), reply, is_streaming=options.num_beams == 1
    )
    torch.manual_seed(options.seed)
    begin = time.monotonic()
    with torch.inference_mode(), loaded.using(request["which"]):
        prompt = torch.tensor([ids], device=model.device)
        output = model.generate(
            input_ids=prompt,
            attention_mask=torch.ones_like(prompt),
            generation_config=_generation_config(loaded, options, room),
            stopping_criteria=StoppingCriteriaList([streamer]),
        )
    answer = output[0, len(ids) :].tolist()
    text = streamer.finish(answer)
    return {
        "text": text,
        "tokens": len(answer),
        "seconds": round(time.monotonic() - begin, 3),
        "stop": _why(answer, streamer, loaded, reply),
        "prompt_tokens": len(ids),
    }


def _why(answer: list[int], streamer: TokenStreamer, loaded: Loaded, reply: Reply) -> str:
    if streamer.words.is_stopped or (answer and answer[-1] in loaded.stop_ids):
        return "stop"
    if reply.is_cancelled():
        return "cancelled"
    return "loop" if streamer.is_looping else "length"


def require_loaded() -> Loaded:
    """Return what was loaded last.

    Raises:
        XtguiError: "chat.nothing_loaded".
    """
    if _loaded is None:
        raise XtguiError("chat.nothing_loaded", Exit.FAILED)
    return _loaded


def _prompt(loaded: Loaded, request: Mapping[str, Any]) -> list[int]:
    return prompt_ids(
        request["conversation"], request.get("system") or "", loaded.template, loaded.encoder
    )


def _tokenizer(request: Mapping[str, Any]) -> Any:
    from transformers import AutoTokenizer

    folder = str(request.get("base") or request.get("tuned"))
    trust = bool(request.get("trust_remote_code"))
    tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=trust)
    return keep_to_file(tokenizer, Path(folder))


def _load_model(
    folder: Path, options: dict[str, Any], device: Any, *, trust_remote_code: bool
) -> Any:
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(
        folder, trust_remote_code=trust_remote_code, device_map={"": device}, **options
    ).eval()


def _take_own_eos(models: Mapping[str, Any]) -> list[int]:
    """Return the tokens that end an answer by the models' own generation configs, and empty those.

    Otherwise transformers would fill the gaps in ours with their sampling defaults.
    """
    from transformers import GenerationConfig

    found: set[int] = set()
    for model in models.values():
        own = model.generation_config.eos_token_id
        found |= {own} if isinstance(own, int) else set(own or ())
        model.generation_config = GenerationConfig()
    return sorted(found)


def _complete(models: dict[str, Any], request: Mapping[str, Any], own_eos: list[int]) -> Loaded:
    template = as_template(request["template"])
    if template is None:
        raise KeyError(request["template"])
    tokenizer = _tokenizer(request)
    config = next(iter(models.values())).config
    return Loaded(
        models=models,
        has_adapter=bool(request.get("adapter")),
        tokenizer=tokenizer,
        template=template,
        encoder=encoder_of(tokenizer, template),
        stop_ids=stop_ids(tokenizer, template, own_eos),
        context_length=getattr(config, "max_position_embeddings", None) or 2048,
    )


def _generation_config(loaded: Loaded, options: GenerationOptions, room: int) -> Any:
    """Return transformers' settings, all of them ours: the model's own defaults are ignored."""
    from transformers import GenerationConfig

    pad = loaded.tokenizer.pad_token_id
    return GenerationConfig(
        **options.for_transformers() | {"max_new_tokens": min(options.max_new_tokens, room)},
        eos_token_id=loaded.stop_ids,
        pad_token_id=loaded.stop_ids[0] if pad is None else pad,
        use_cache=True,
    )
