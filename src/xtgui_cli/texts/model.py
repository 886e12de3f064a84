"""Model folders."""

TEXTS: dict[str, tuple[str, str]] = {
    "missing": ("Model folder not found: {path}", "找不到模型文件夹：{path}"),
    "missing.hint": (
        "Check the spelling; a relative path starts at the current folder. If it is a model on a "
        "hub, download it first: xtgui download model NAME",
        "请检查路径；相对路径从当前文件夹开始。如果是模型社区上的模型，请先下载："
        "xtgui download model 名称",
    ),
    "is_file": ("{path} is a file, not a model folder.", "{path} 是文件，不是模型文件夹。"),
    "is_file.hint": (
        "Give the folder that contains config.json and the weights.",
        "请指定含有 config.json 和权重的文件夹。",
    ),
    "is_gguf": (
        "{path} is a GGUF file, which is for inference and cannot be trained.",
        "{path} 是 GGUF 文件，用于推理，不能训练。",
    ),
    "is_gguf.hint": (
        "Use the same model in Hugging Face format (config.json and safetensors).",
        "请使用同一模型的 Hugging Face 格式（config.json 和 safetensors）。",
    ),
    "is_adapter": (
        "{path} is an adapter, not a model; its base model is {base}.",
        "{path} 是适配器（adapter），不是完整模型；它的基座模型是 {base}。",
    ),
    "is_adapter.hint": (
        "Give the base model, or merge the adapter into it first.",
        "请指定基座模型，或先把适配器合并进去。",
    ),
    "is_one_deeper": (
        "{path} has no config.json, but its subfolder {inside} does.",
        "{path} 里没有 config.json，但它的子文件夹 {inside} 里有。",
    ),
    "is_one_deeper.hint": ("Did you mean {path}/{inside}?", "是不是 {path}/{inside}？"),
    "not_a_model": ("{path} has no config.json.", "{path} 里没有 config.json。"),
    "not_a_model.hint": (
        "A model folder contains config.json, tokenizer files and weights, as on Hugging Face.",
        "模型文件夹应含有 config.json、分词器文件和权重，与 Hugging Face 上一致。",
    ),
    "broken": ("The model in {path} is incomplete:", "{path} 里的模型不完整："),
    "broken.hint": (
        "Download the missing files again, with a tool that resumes and verifies: xtgui download "
        "model NAME",
        "请重新下载缺少的文件，最好用支持断点续传和校验的工具：xtgui download model 名称",
    ),
    "no_file": ("{file} is missing", "缺少 {file}"),
    "unreadable_file": ("{file} cannot be read: {reason}", "无法读取 {file}：{reason}"),
    "broken_file": ("{file} is damaged: {reason}", "{file} 已损坏：{reason}"),
    "no_tokenizer": ("no tokenizer (tokenizer.json)", "没有分词器（tokenizer.json）"),
    "no_weights": ("no weights (model.safetensors)", "没有权重（model.safetensors）"),
    "missing_weights": ("{file} is missing", "缺少 {file}"),
    "empty_weights": ("{file} is empty", "{file} 是空文件"),
    "broken_weights": ("{file} is not a safetensors file", "{file} 不是 safetensors 文件"),
    "short_weights": (
        "{file} is incomplete: the download did not finish",
        "{file} 不完整：下载没有完成",
    ),
    "lfs_pointer": (
        "{file} is only a Git LFS pointer, not the weights: run `git lfs pull`",
        "{file} 只是 Git LFS 指针，不是权重：请运行 `git lfs pull`",
    ),
    "remote_code": (
        "The model in {path} comes with Python files, which run when it is loaded.",
        "{path} 中的模型自带 Python 代码，加载时会执行。",
    ),
    "remote_code.hint": (
        "If you trust them: --set model.trust_remote_code=true",
        "如果信任这些代码：--set model.trust_remote_code=true",
    ),
    "unknown_template": (
        "The model in {path} has no chat template that xtgui can compare.",
        "{path} 中的模型没有可供比对的对话模板。",
    ),
    "unknown_template.hint": (
        "Choose a prompt template. {name} is usual for such a model: --set "
        "model.prompt_template={name}",
        "请指定提示词模板。这类模型常用 {name}：--set model.prompt_template={name}",
    ),
    "endless_template": (
        "The chat template in {path} never finishes.",
        "{path} 中的对话模板陷入死循环。",
    ),
    "endless_template.hint": (
        "Download the model from another source, or choose a prompt template. {name} is usual for "
        "such a model: --set model.prompt_template={name}",
        "请从别处下载该模型，或自行指定提示词模板。这类模型常用 {name}："
        "--set model.prompt_template={name}",
    ),
    "no_such_template": ("Unknown prompt template: {name}", "没有名为 {name} 的提示词模板。"),
    "no_such_template.hint": ("`xtgui templates` lists them.", "用 `xtgui templates` 查看全部。"),
    "no_custom_template": (
        "The prompt template is set to custom, but its contents are missing.",
        "提示词模板设为 custom（自定义），但没有写出内容。",
    ),
    "no_custom_template.hint": (
        "Set model.template_instruction (containing {{input}}) and model.template_suffix.",
        "请设置 model.template_instruction（其中须含 {{input}}）和 model.template_suffix。",
    ),
    "no_fast_tokenizer": (
        "{path} has no tokenizer.json, which xtgui needs to count tokens.",
        "{path} 里没有 tokenizer.json，xtgui 用它来计算 token 数。",
    ),
    "no_fast_tokenizer.hint": (
        "Use a newer release of the model that includes it.",
        "请使用带有 tokenizer.json 的较新版本。",
    ),
    "broken_tokenizer": ("{path} cannot be read: {reason}", "无法读取 {path}：{reason}"),
    "broken_tokenizer.hint": ("Download it again.", "请重新下载。"),
    "no_such_template_near": ("Unknown prompt template: {name}", "没有名为 {name} 的提示词模板。"),
    "no_such_template_near.hint": (
        "Did you mean {near}? `xtgui templates` lists them all.",
        "是不是 {near}？用 `xtgui templates` 查看全部。",
    ),
    "untrainable_multimodal": (
        "{name} takes images or audio as well as text. XTuner also adapts its vision or audio "
        "layers, which text alone cannot train.",
        "{name} 除文本外还能处理图像或音频。XTuner 会连视觉或音频部分一起微调，"
        "而纯文本数据无法训练它们。",
    ),
    "untrainable_multimodal.hint": (
        "Use a text-only model of the same family: `xtgui models` lists some.",
        "请选用同系列的纯文本模型，可用 `xtgui models` 查看。",
    ),
    "untrainable_experts": (
        "{name} is a mixture of experts: LoRA does not reach the experts, which hold most of its "
        "weights, and qlora cannot quantize them.",
        "{name} 是混合专家（MoE）模型：LoRA 无法作用于占大部分权重的专家层，qlora 也无法量化它们。",
    ),
    "untrainable_experts.hint": (
        "Use a dense model: `xtgui models` lists some.",
        "请选用稠密模型，可用 `xtgui models` 查看。",
    ),
    "untrainable_quantised": (
        "The weights of {name} are stored quantized (FP8, AWQ, GPTQ or similar): they are for "
        "inference and cannot be trained.",
        "{name} 的权重以量化格式保存（FP8、AWQ、GPTQ 等）：只能推理，不能训练。",
    ),
    "untrainable_quantised.hint": (
        "Use the repository with the original weights, usually the same name without the suffix; "
        "qlora quantizes them itself.",
        "请使用原始权重的仓库，名称通常只是少了后缀；qlora 会自行量化。",
    ),
    "row_layers": ("Layers", "层"),
    "layers_hybrid": ("partly recurrent: slow in plain PyTorch", "含循环层：用纯 PyTorch 运行较慢"),
    "note_hybrid": (
        "Some of its layers are recurrent instead of attention. Without special kernels they run "
        "in plain PyTorch, several times more slowly. Samples are not packed, so that they do not "
        "leak into each other.",
        "它有一部分层是循环层，不是注意力层。没有专用内核时用纯 PyTorch 运行，要慢几倍；"
        "样本也不做拼接，以免互相泄漏。",
    ),
    "note_thinking": (
        "It thinks before it answers unless told not to. xtgui trains your answers after an empty "
        "thinking block, which belongs to the template, and asks questions in the same way; "
        "elsewhere, use enable_thinking=False. If your answers contain their own thoughts: --set "
        "model.prompt_template=qwen_chat",
        "它默认先思考再回答。训练时，你的回答位于一个空的思考块之后，该思考块属于模板；"
        "xtgui 提问时也一样，在别处请用 enable_thinking=False。如果你的回答自带思考内容："
        "--set model.prompt_template=qwen_chat",
    ),
    "whole": ("complete", "完整"),
    "row_architecture": ("Architecture", "架构"),
    "row_weights": ("Weights", "权重"),
    "row_context": ("Context", "上下文"),
    "row_engine": ("Engine", "训练引擎"),
    "row_code": ("Model code", "自带代码"),
    "row_template": ("Template", "提示词模板"),
    "row_system": ("System text", "默认系统提示"),
    "row_bos": ("Starts with", "开头 token"),
    "bos_none": ("no special token", "没有特殊 token"),
    "tokens": ("{count} {count|token|tokens}", "{count} 个 token"),
    "parameters": ("{count} parameters", "{count} 参数"),
    "stack_modern": ("modern", "新版（modern）"),
    "stack_classic": ("classic", "旧版（classic）"),
    "code_none": ("none", "无"),
    "code_asked": ("yes; runs only with your consent", "有，经你同意才会执行"),
    "template_exact": (
        "{name}, matches the model's own token by token",
        "{name}，与模型自带的逐 token 一致",
    ),
    "template_custom": (
        "custom, taken from the model's own, matches it token by token",
        "自定义（custom），取自模型自带的模板，逐 token 一致",
    ),
    "template_nearest": ("{name} is the closest, but does not match", "{name} 最接近，但不一致"),
    "template_nearest_own": (
        "custom, taken from the model's own; the closest, but does not match everywhere",
        "自定义（custom），取自模型自带的模板；最接近，但不完全一致",
    ),
    "template_suggested": (
        "not specified by the model; suggested: {name}",
        "模型没有说明；建议使用 {name}",
    ),
    "template_none": ("not specified by the model", "模型没有说明"),
    "note_differs": (
        "In a conversation of {turns} {turns|turn|turns}, the model's own chat template writes "
        "{chat} where {name} writes {xtuner}.",
        "在 {turns} 轮对话中，模型自带的对话模板写 {chat} 的地方，{name} 写的是 {xtuner}。",
    ),
    "note_history": (
        "The model's own chat template writes earlier turns differently from the last one "
        "(without thinking blocks, for example). xtuner writes all turns the same way, so no "
        "template can match it.",
        "模型自带的对话模板对之前各轮和最后一轮的写法不同（例如思考内容）。"
        "xtuner 对每一轮的写法都相同，因此不可能完全一致。",
    ),
    "note_by_hand": (
        "You can also write the template yourself: --set model.prompt_template=custom, with "
        "model.template_instruction and so on.",
        "也可以自己写模板：--set model.prompt_template=custom，并设置 model.template_instruction "
        "等。",
    ),
    "note_suggested": (
        "{name} is usual for {like}. Check the model card; the wizard asks before using it.",
        "{like} 常用 {name}。请查看模型卡；向导会先询问再采用。",
    ),
    "note_endless": (
        "Its own chat template never finishes and was stopped. It could not be compared, and "
        "other programs may hang on it.",
        "模型自带的对话模板陷入死循环，已终止：无法比对，其他程序也可能因此卡住。",
    ),
    "note_none": (
        "For a base model, use default; for a chat model, the model card describes the format.",
        "基座模型用 default；对话模型的格式请查看模型卡。",
    ),
    "note_no_system": (
        "{name} has no place for a system text: data with system messages cannot be trained.",
        "{name} 没有系统提示的位置：无法训练含 system 消息的数据。",
    ),
    "note_classic": (
        "Its code was written for transformers 4.48 and earlier, so it needs the classic engine: "
        "xtgui setup --stack classic",
        "其代码是为 transformers 4.48 及更早版本写的，需要旧版训练引擎（classic）："
        "xtgui setup --stack classic",
    ),
}
