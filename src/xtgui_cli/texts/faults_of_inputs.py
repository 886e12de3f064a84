"""Failures of config, libraries, data and model; `faults` includes these texts."""

TEXTS: dict[str, tuple[str, str]] = {
    # --- config and libraries
    "config_unknown_name": (
        "The config names something that does not exist: {name}",
        "配置中的名称不存在：{name}",
    ),
    "config_unknown_name.why": (
        "It is misspelled, or comes from another version of XTuner or MMEngine.",
        "可能是拼写错误，或来自其他版本的 XTuner 或 MMEngine。",
    ),
    "config_unknown_name.hint": (
        "Correct it in the config, or write a new config: xtgui init --step 3",
        "请在配置中改正，或重新生成：xtgui init --step 3",
    ),
    "config_unknown_argument": (
        "The config sets {argument}, which its class does not accept.",
        "配置中的参数 {argument} 不被相应的类接受。",
    ),
    "config_unknown_argument.why": (
        "It is misspelled, in the wrong place, or from another version of XTuner.",
        "可能是拼写错误、位置不对，或来自其他版本的 XTuner。",
    ),
    "config_unknown_argument.hint": (
        "Correct it in the config (the log names the class), or write a new config: xtgui init "
        "--step 3",
        "请在配置中改正（日志中有类名），或重新生成：xtgui init --step 3",
    ),
    "warmup_too_long": (
        "The warm-up has no iterations, or more than the whole training.",
        "预热为零次迭代，或比整个训练还长。",
    ),
    "warmup_too_long.why": (
        "XTuner sets it as a fraction of the epochs; in a very short run it rounds to zero.",
        "XTuner 按轮数的比例计算预热，训练很短时会变成零。",
    ),
    "warmup_too_long.hint": (
        "Train without warm-up: xtgui train --fresh --set train.warmup_ratio=0",
        "请关闭预热：xtgui train --fresh --set train.warmup_ratio=0",
    ),
    "lora_finds_no_layer": (
        "The adapter does not find its layers in this model.",
        "适配器在模型中找不到对应的层。",
    ),
    "lora_finds_no_layer.why": (
        "target_modules names layers of another model.",
        "target_modules 写的是其他模型的层名。",
    ),
    "lora_finds_no_layer.hint": (
        "Remove target_modules from the config to adapt all linear layers, or write a new config: "
        "xtgui init --step 3",
        "请从配置中删去 target_modules，为所有线性层加适配器；或重新生成：xtgui init --step 3",
    ),
    "triton_too_new": (
        "bitsandbytes is too old for the installed triton.",
        "bitsandbytes 太旧，与已安装的 triton 不兼容。",
    ),
    "triton_too_new.why": (
        "triton 3.2, which comes with PyTorch 2.6, dropped triton.ops; older versions of "
        "bitsandbytes still import it.",
        "PyTorch 2.6 自带的 triton 3.2 去掉了 triton.ops，而旧版 bitsandbytes 仍要导入它。",
    ),
    "triton_too_new.hint": (
        "Install matching packages: xtgui setup. In your own environment: pip install -U "
        "'bitsandbytes>=0.45.5'",
        "请安装相互匹配的包：xtgui setup；在自己的环境中：pip install -U 'bitsandbytes>=0.45.5'",
    ),
    "mpi4py_missing": (
        "DeepSpeed was started without a launcher.",
        "DeepSpeed 没有通过启动器启动。",
    ),
    "mpi4py_missing.why": (
        "It then asks MPI for the number of processes, but mpi4py is not installed.",
        "这时它会向 MPI 询问进程数，而 mpi4py 没有安装。",
    ),
    "mpi4py_missing.hint": (
        "Train on one GPU without DeepSpeed: xtgui init --step 3. Or start it on several GPUs "
        "with XTuner: NPROC_PER_NODE=2 xtuner train CONFIG --deepspeed deepspeed_zero2",
        "单卡训练请不用 DeepSpeed：xtgui init --step 3；或用 XTuner 在多张显卡上启动："
        "NPROC_PER_NODE=2 xtuner train CONFIG --deepspeed deepspeed_zero2",
    ),
    "bitsandbytes_broken": (
        "bitsandbytes, which qlora and 8-bit optimizers need, does not work with this CUDA "
        "version.",
        "qlora 和 8 位优化器所需的 bitsandbytes 与当前的 CUDA 不兼容。",
    ),
    "bitsandbytes_broken.why": (
        "It has no binary for the CUDA version of this PyTorch, or cannot find the CUDA libraries.",
        "它没有对应这个 PyTorch 的 CUDA 版本的二进制文件，或找不到 CUDA 库。",
    ),
    "bitsandbytes_broken.hint": (
        "Install matching packages: xtgui setup. Or train without 4 bits: xtgui train --fresh "
        "--set train.method=lora",
        "请安装相互匹配的包：xtgui setup；或不用 4 位量化训练：xtgui train --fresh --set "
        "train.method=lora",
    ),
    "flash_attention_missing": (
        "The model needs flash-attn, which is not installed.",
        "模型需要 flash-attn，但没有安装。",
    ),
    "flash_attention_missing.why": (
        "The config or the model's config.json sets attn_implementation to flash_attention_2.",
        "配置或模型的 config.json 把 attn_implementation 设为 flash_attention_2。",
    ),
    "flash_attention_missing.hint": (
        "Set it to sdpa, which needs no package and computes the same.",
        "请改为 sdpa：不需要额外的包，计算结果相同。",
    ),
    "versions_do_not_fit": ("Two libraries do not match: {reason}", "程序库版本不匹配：{reason}"),
    "versions_do_not_fit.why": (
        "One was updated without the other, often by pip install -U.",
        "只升级了其中一个，常见于 pip install -U 之后。",
    ),
    "versions_do_not_fit.hint": (
        "Install versions that were tested together: xtgui setup",
        "请安装一起测试过的版本：xtgui setup",
    ),
    # --- data
    "data_role": (
        "A message in the data has a role that XTuner does not support.",
        "数据中有 XTuner 不支持的消息角色。",
    ),
    "data_role.why": (
        "It supports system, user and assistant, but not tool or function.",
        "只支持 system、user 和 assistant，不支持 tool 或 function。",
    ),
    "data_role.hint": (
        "`xtgui check data` finds these rows and offers to write a file without them.",
        "用 `xtgui check data` 找出这些行，它还可以写出一个不含这些行的文件。",
    ),
    "data_column": ("The data has no field named {column}.", "数据中没有名为 {column} 的字段。"),
    "data_column.why": (
        "dataset_map_fn in the config expects a different format.",
        "配置中的 dataset_map_fn 与文件的格式不符。",
    ),
    "data_column.hint": (
        "Let xtgui detect and convert the format: xtgui init --step 2",
        "请自动识别并转换格式：xtgui init --step 2",
    ),
    "data_not_json": (
        "A line of the training data is not JSON.",
        "训练数据中有一行不是 JSON。",
    ),
    "data_not_json.why": (
        "Writing or copying the file was interrupted, or it was edited by hand.",
        "写入或复制文件时中断，或文件被手动修改过。",
    ),
    "data_not_json.hint": (
        "`xtgui check data` names the line and offers to write a file without it.",
        "`xtgui check data` 会指出是哪一行，并可写出一个不含该行的文件。",
    ),
    "data_missing": ("Training data not found: {file}", "找不到训练数据：{file}"),
    "data_missing.why": (
        "The file was moved, renamed or deleted after the config was written.",
        "生成配置之后，文件被移动、改名或删除。",
    ),
    "data_missing.hint": (
        "Put it back, or choose the data again: xtgui init --step 2",
        "请放回原处，或重新选择数据：xtgui init --step 2",
    ),
    # --- models
    "model_missing": (
        "The base model is not where the config says it is.",
        "基座模型不在配置所写的位置。",
    ),
    "model_missing.why": (
        "Its folder was moved or deleted, or the config contains a name from a hub: training "
        "downloads nothing.",
        "文件夹被移动或删除，或配置中写的是模型社区上的名称：训练本身不会下载文件。",
    ),
    "model_missing.hint": (
        "Put the folder back, or choose the model again to download it: xtgui init --step 2",
        "请把文件夹放回原处，或重新选择模型并下载：xtgui init --step 2",
    ),
    "model_no_config": (
        "The model's folder has no usable config.json.",
        "模型文件夹中没有可用的 config.json。",
    ),
    "model_no_config.why": (
        "It is the folder above or below the model, an adapter instead of a model, or an "
        "incomplete download.",
        "可能选了上级或下级文件夹、选了适配器而不是模型，或下载没有完成。",
    ),
    "model_no_config.hint": (
        "Choose a folder with config.json and weights: xtgui init --step 2. Merge an adapter with "
        "its base model first: xtgui convert --merge",
        "请选择含有 config.json 和权重的文件夹：xtgui init --step 2。适配器请先与基座模型合并："
        "xtgui convert --merge",
    ),
    "model_incomplete": (
        "A weight file is missing from the model's folder: {file}",
        "模型文件夹缺少权重文件：{file}",
    ),
    "model_incomplete.why": (
        "A download or copy was not finished, or the files come from Git without LFS.",
        "下载或复制没有完成，或从 Git 获取文件时没有使用 LFS。",
    ),
    "model_incomplete.hint": (
        "Resume the download, which fetches only missing files: xtgui download MODEL",
        "请继续下载，只会补上缺少的文件：xtgui download 模型名",
    ),
    "model_damaged": (
        "A weight file of the model is damaged: {reason}",
        "模型的权重文件已损坏：{reason}",
    ),
    "model_damaged.why": (
        "Downloading or copying it was interrupted, or it is a Git LFS pointer instead of the "
        'file ("header too large").',
        "下载或复制时中断，或它只是 Git LFS 的指针文件（此时会提示 header too large）。",
    ),
    "model_damaged.hint": (
        "Delete the file and download it again: xtgui download MODEL. `xtgui check model` shows "
        "which one it is.",
        "请删除该文件并重新下载：xtgui download 模型名。可用 `xtgui check model` 查看是哪一个。",
    ),
    "model_too_new": (
        "The installed transformers does not support models of type {model_type}.",
        "已安装的 transformers 不支持 {model_type} 类型的模型。",
    ),
    "model_too_new.why": (
        "The model is newer than the library, or it comes with its own code, which is not allowed "
        "to run.",
        "模型比程序库新，或模型自带代码而未获准运行。",
    ),
    "model_too_new.hint": (
        "Install the newest libraries: xtgui setup. Or choose another model, for example one of "
        "`xtgui models`: xtgui init --step 2",
        "请安装最新的程序库：xtgui setup；或换一个模型（可用 `xtgui models` 查看）："
        "xtgui init --step 2",
    ),
    "model_not_for_text": (
        "This model does not generate text, so it cannot be fine-tuned on conversations.",
        "这个模型不能生成文本，无法用对话微调。",
    ),
    "model_not_for_text.why": (
        "It is an embedding model, a classifier, or a model for images or speech.",
        "它是嵌入模型、分类模型，或图像、语音模型。",
    ),
    "model_not_for_text.hint": (
        "Choose a causal language model, for example one of `xtgui models`: xtgui init --step 2",
        "请选择因果语言模型（可用 `xtgui models` 查看）：xtgui init --step 2",
    ),
    "model_needs_code": (
        "This model comes with its own code, which is not allowed to run.",
        "模型自带代码，尚未获准运行。",
    ),
    "model_needs_code.why": (
        "Such code can do anything on your machine; it does not run without your consent.",
        "这样的代码可以在你的机器上做任何事，未经你同意不会运行。",
    ),
    "model_needs_code.hint": (
        "Read the .py files in its folder. If you trust them: "
        "xtgui train --fresh --set model.trust_remote_code=true",
        "请查看模型文件夹中的 .py 文件。如果信任它们："
        "xtgui train --fresh --set model.trust_remote_code=true",
    ),
    "model_needs_packages": (
        "The model's own code needs packages that are not installed: {reason}",
        "模型自带的代码需要尚未安装的包：{reason}",
    ),
    "model_needs_packages.why": (
        "xtgui installs what XTuner needs, not what individual models need.",
        "xtgui 只安装 XTuner 所需的包，不包括个别模型额外需要的包。",
    ),
    "model_needs_packages.hint": (
        "Install them with pip in the engine's environment, or choose a model without its own "
        "code: xtgui init --step 2",
        "请用 pip 把它们装到训练引擎的环境中；或换一个不带代码的模型：xtgui init --step 2",
    ),
    "model_other_sizes": (
        "The weights do not have the shapes that the model's config.json specifies.",
        "权重的形状与模型的 config.json 不符。",
    ),
    "model_other_sizes.why": (
        "config.json and the weights come from different models, or one of them was edited.",
        "config.json 与权重来自不同的模型，或其中之一被修改过。",
    ),
    "model_other_sizes.hint": (
        "Download the model again: xtgui download MODEL. The log lists the weights.",
        "请重新下载模型：xtgui download 模型名。日志列出了相关权重。",
    ),
    "tokenizer_unreadable": (
        "The model's tokenizer could not be loaded.",
        "无法加载模型的分词器。",
    ),
    "tokenizer_unreadable.why": (
        "tokenizer.json is missing or damaged, or this version of the library does not support "
        "its type.",
        "缺少 tokenizer.json 或文件已损坏，或当前版本的程序库不支持其类型。",
    ),
    "tokenizer_unreadable.hint": (
        "Download the missing files: xtgui download MODEL. A model that you trained yourself "
        "needs the tokenizer files of its base model in its folder.",
        "请补上缺少的文件：xtgui download 模型名。自己训练的模型，"
        "文件夹中需要有基座模型的分词器文件。",
    ),
}
