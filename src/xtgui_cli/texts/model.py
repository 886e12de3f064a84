"""Texts about model folders."""

TEXTS: dict[str, tuple[str, str]] = {
    "missing": ("There is no model folder {path}.", "模型文件夹不存在：{path}"),
    "missing.hint": (
        "Check the spelling; a relative path starts at the folder you are in. The name of a model "
        "on a hub? Get it first: xtgui download model NAME",
        "请检查路径；相对路径从当前文件夹开始。如果是站点上的模型名称，请先下载："
        "xtgui download model 名称",
    ),
    "is_file": ("{path} is a file, not a model folder.", "{path} 是文件，不是模型文件夹。"),
    "is_file.hint": (
        "Name the folder that holds config.json and the weights.",
        "请写出含有 config.json 和权重的文件夹。",
    ),
    "is_gguf": (
        "{path} is a GGUF file: made for running a model, not for training it.",
        "{path} 是 GGUF 文件：用于推理，不能直接训练。",
    ),
    "is_gguf.hint": (
        "Take the same model in Hugging Face format (config.json and safetensors).",
        "请使用同一模型的 Hugging Face 格式（config.json 和 safetensors）。",
    ),
    "is_adapter": (
        "{path} is an adapter, not a model; it belongs to {base}.",
        "{path} 是适配器（adapter），不是完整模型；它属于 {base}。",
    ),
    "is_adapter.hint": (
        "Name the base model, or merge the adapter into it first.",
        "请写基座模型的路径，或先把适配器合并进去。",
    ),
    "is_one_deeper": (
        "{path} has no config.json, but its folder {inside} has.",
        "{path} 里没有 config.json，但其中的 {inside} 文件夹里有。",
    ),
    "is_one_deeper.hint": ("Did you mean {path}/{inside} ?", "是不是 {path}/{inside} ？"),
    "not_a_model": ("{path} has no config.json.", "{path} 里没有 config.json。"),
    "not_a_model.hint": (
        "A model folder holds config.json, tokenizer files and weights, as on Hugging Face.",
        "模型文件夹应含有 config.json、分词器文件和权重，与 Hugging Face 上一致。",
    ),
    "broken": ("The model in {path} is not whole:", "{path} 里的模型不完整："),
    "broken.hint": (
        "Download what is missing again, best with a tool that resumes and checks.",
        "请重新下载缺少的文件，最好用支持断点续传和校验的工具。",
    ),
    "no_file": ("{file} is missing", "缺少 {file}"),
    "unreadable_file": ("{file} cannot be read: {reason}", "无法读取 {file}：{reason}"),
    "broken_file": ("{file} is broken: {reason}", "{file} 已损坏：{reason}"),
    "no_tokenizer": (
        "there is no tokenizer (tokenizer.json)",
        "没有分词器（tokenizer.json）",
    ),
    "no_weights": (
        "there are no weights (model.safetensors)",
        "没有权重文件（model.safetensors）",
    ),
    "missing_weights": ("{file} is missing", "缺少 {file}"),
    "empty_weights": ("{file} is empty", "{file} 是空文件"),
    "broken_weights": ("{file} is no safetensors file", "{file} 不是 safetensors 文件"),
    "short_weights": (
        "{file} is cut short: the download did not finish",
        "{file} 不完整：下载没有完成",
    ),
    "lfs_pointer": (
        "{file} is only a Git LFS pointer, not the weights: run `git lfs pull`",
        "{file} 只是 Git LFS 指针，不是权重：请运行 `git lfs pull`",
    ),
    "remote_code": (
        "The model in {path} brings Python files of its own, which would be run.",
        "{path} 的模型自带 Python 代码，使用时会执行这些代码。",
    ),
    "remote_code.hint": (
        "If you trust them: --set model.trust_remote_code=true",
        "如果你信任这些代码：--set model.trust_remote_code=true",
    ),
    "unknown_template": (
        "The model in {path} has no chat template that xtgui can compare.",
        "{path} 的模型没有可以比对的对话模板。",
    ),
    "unknown_template.hint": (
        "Say which it is. {name} is usual for such a model: --set model.prompt_template={name}",
        "请指定模板。这类模型常用 {name}：--set model.prompt_template={name}",
    ),
    "endless_template": (
        "The chat template in {path} never finishes.",
        "{path} 中的对话模板一直执行不完。",
    ),
    "endless_template.hint": (
        "Get the model from somewhere else, or name a template yourself. {name} is usual for such "
        "a model: --set model.prompt_template={name}",
        "请从别处下载该模型，或自行指定模板。这类模型常用 {name}："
        "--set model.prompt_template={name}",
    ),
    "no_such_template": (
        "There is no prompt template {name}.",
        "没有名为 {name} 的对话模板。",
    ),
    "no_such_template.hint": ("`xtgui templates` lists them.", "用 `xtgui templates` 查看全部。"),
    "no_custom_template": (
        "The prompt template is to be a custom one, but nothing says how it reads.",
        "对话模板选了 custom（自定义），但没有写出它的内容。",
    ),
    "no_custom_template.hint": (
        "Set model.template_instruction (with {{input}} in it) and model.template_suffix.",
        "请设置 model.template_instruction（其中要有 {{input}}）和 model.template_suffix。",
    ),
    "no_fast_tokenizer": (
        "{path} has no tokenizer.json, which xtgui counts tokens with.",
        "{path} 里没有 tokenizer.json，xtgui 需要用它来计算 token 数。",
    ),
    "no_fast_tokenizer.hint": (
        "Take a newer release of the model that has one.",
        "请使用带有 tokenizer.json 的新版本模型。",
    ),
    "broken_tokenizer": ("{path} cannot be read: {reason}", "无法读取 {path}：{reason}"),
    "broken_tokenizer.hint": ("Download it again.", "请重新下载。"),
    "no_such_template_near": (
        "There is no prompt template {name}.",
        "没有名为 {name} 的对话模板。",
    ),
    "no_such_template_near.hint": (
        "Did you mean {near}? `xtgui templates` lists all.",
        "是不是 {near}？用 `xtgui templates` 查看全部。",
    ),
    "untrainable_multimodal": (
        "{name} reads pictures or sound as well as text. XTuner would also adapt the part that "
        "sees or hears, which text alone cannot teach anything.",
        "{name} 除了文本还能读取图像或声音。"
        "XTuner 会连视觉或听觉部分一起微调，而纯文本数据教不了它们。",
    ),
    "untrainable_multimodal.hint": (
        "Take a model of its family that only reads text: `xtgui models` lists some.",
        "请选用同系列的纯文本模型：`xtgui models` 列出了一些。",
    ),
    "untrainable_experts": (
        "{name} is a mixture of experts: LoRA cannot reach the experts, which hold most of its "
        "weights, and qlora cannot shrink them.",
        "{name} 是混合专家（MoE）模型：LoRA 触及不到占大部分权重的专家层，qlora 也无法压缩它们。",
    ),
    "untrainable_experts.hint": (
        "Take a dense model: `xtgui models` lists some.",
        "请选用稠密模型：`xtgui models` 列出了一些。",
    ),
    "untrainable_quantised": (
        "The weights of {name} are stored quantised (FP8, AWQ, GPTQ or the like): they can be run, "
        "but not trained.",
        "{name} 的权重是量化后保存的（FP8、AWQ、GPTQ 等）：可以运行，但不能训练。",
    ),
    "untrainable_quantised.hint": (
        "Take the repository with the original weights; qlora quantises those by itself. Its name "
        "is usually the same without the ending.",
        "请下载原始权重的仓库，qlora 会自行量化；其名称通常只是少了后缀。",
    ),
    "row_layers": ("Layers", "层"),
    "layers_hybrid": (
        "partly recurrent: in plain PyTorch, slowly",
        "部分为循环层：以纯 PyTorch 运行，较慢",
    ),
    "note_hybrid": (
        "Some of its layers carry a state along instead of attending. Without kernels made for "
        "them they run in plain PyTorch, several times slower, and samples are not packed: they "
        "would leak into each other.",
        "它的部分层不是注意力，而是逐 token 传递状态。没有专用内核时以纯 PyTorch 运行，要慢几倍；"
        "样本也不会打包，否则会互相泄漏。",
    ),
    "note_thinking": (
        "It thinks before it answers unless told not to. Your answers are trained behind an empty "
        "thinking block, which is part of the template and not trained, and xtgui asks it that "
        "way; elsewhere ask it with enable_thinking=False. If your answers hold thoughts of their "
        "own: --set model.prompt_template=qwen_chat",
        "它默认先思考再回答。你的回答会放在一个空的思考块之后训练，该思考块属于模板、不参与训练，"
        "xtgui 也以同样方式提问；在别处请用 enable_thinking=False。如果你的回答自带思考内容："
        "--set model.prompt_template=qwen_chat",
    ),
    "whole": ("complete", "完整"),
    "row_architecture": ("Architecture", "架构"),
    "row_weights": ("Weights", "权重"),
    "row_context": ("Context", "上下文"),
    "row_engine": ("Engine", "训练环境"),
    "row_code": ("Own code", "自带代码"),
    "row_template": ("Template", "对话模板"),
    "row_system": ("System line", "默认系统提示"),
    "row_bos": ("Begins with", "开头标记"),
    "bos_none": ("no token of its own", "没有单独的标记"),
    "tokens": ("{count} {count|token|tokens}", "{count} 个 token"),
    "parameters": ("{count} parameters", "{count} 参数"),
    "stack_modern": ("modern", "新版（modern）"),
    "stack_classic": ("classic", "旧版（classic）"),
    "code_none": ("none", "无"),
    "code_asked": ("yes, run only if you allow it", "有，经你同意才会运行"),
    "template_exact": ("{name}, exactly the model's own", "{name}，与模型自己的完全一致"),
    "template_custom": (
        "custom, read off the model's own and equal to it token by token",
        "自定义（custom），取自模型自己的模板，逐个 token 一致",
    ),
    "template_nearest": ("{name} is the nearest, not equal", "{name} 最接近，但不一致"),
    "template_nearest_own": (
        "custom, read off the model's own; the nearest, not equal everywhere",
        "自定义（custom），取自模型自己的模板；最接近，但不完全一致",
    ),
    "template_suggested": (
        "the model says none; suggested: {name}",
        "模型没有说明；建议用 {name}",
    ),
    "template_none": ("the model says none", "模型没有说明"),
    "note_differs": (
        "In a conversation of {turns} {turns|turn|turns}, where the model's own chat template "
        "writes {chat}, {name} writes {xtuner}.",
        "在 {turns} 轮对话中，模型自己的模板写 {chat} 之处，{name} 写作 {xtuner}。",
    ),
    "note_history": (
        "The model's own template writes earlier turns otherwise than the last one (thinking "
        "blocks, for example). xtuner writes all turns alike, so none can be equal.",
        "模型自己的模板对先前轮次和最后一轮的写法不同（例如思考内容）。"
        "xtuner 对每一轮写法相同，因此不可能完全一致。",
    ),
    "note_by_hand": (
        "You can write a template by hand: --set model.prompt_template=custom and "
        "model.template_instruction and so on.",
        "也可以手写模板：--set model.prompt_template=custom，"
        "并设置 model.template_instruction 等。",
    ),
    "note_suggested": (
        "{name} is usual for {like}. Check the model card; the wizard asks before it takes it.",
        "{name} 是 {like} 常用的模板。请查看模型说明；向导会先询问再采用。",
    ),
    "note_endless": (
        "Its own chat template never finishes and was stopped: nothing could be compared, and "
        "other programs may hang on it.",
        "模型自带的对话模板一直执行不完，已被终止：无法比对，其他程序也可能因此卡住。",
    ),
    "note_none": (
        "A base model takes default; for a chat model its model card names the format.",
        "基座模型用 default；对话模型请查看模型说明中的格式。",
    ),
    "note_no_system": (
        "{name} has no place for a system text: data with system messages cannot be trained.",
        "{name} 没有系统提示的位置：含 system 消息的数据无法训练。",
    ),
    "note_code": (
        "Its Python files have not been run. If you trust them: --set model.trust_remote_code=true",
        "尚未运行其 Python 文件。如果你信任它们：--set model.trust_remote_code=true",
    ),
    "note_classic": (
        "Its code was written for transformers up to 4.48, so it needs the classic engine.",
        "其代码是为 transformers 4.48 及更早版本写的，因此需要旧版（classic）训练环境。",
    ),
}
