"""Conversion and merging."""

TEXTS: dict[str, tuple[str, str]] = {
    "begin": ("Converting {name}{why}", "正在转换 {name}{why}"),
    "why_recommended": (" (recommended)", "（推荐）"),
    "why_latest": (" (the latest)", "（最新）"),
    "none_recommended": (
        "No checkpoint can be recommended: none of those kept was checked for what it learned.",
        "没有推荐的检查点：现有的检查点都没有做过学习效果检查。",
    ),
    "none_recommended.hint": (
        "To use the latest, {latest}: --checkpoint latest",
        "使用最新的 {latest}：--checkpoint latest",
    ),
    "phase.importing": ("loading the libraries", "正在加载程序库"),
    "phase.reading": ("reading the checkpoint", "正在读取检查点"),
    "phase.checking_checkpoint": ("checking the checkpoint", "正在检查检查点"),
    "phase.reading_tokenizer": ("loading the tokenizer", "正在加载分词器"),
    "phase.model": ("loading the model", "正在加载模型"),
    "phase.answering": ("answering general questions", "正在回答通用问题"),
    "phase.quantising": ("quantizing a tiny model", "正在量化一个极小的模型"),
    "phase.training": ("training it for two steps", "正在训练两步"),
    "phase.merging": ("merging the adapter into the base model", "正在把适配器合并进基座模型"),
    "phase.checking": (
        "comparing the merged model with base + adapter",
        "正在对比合并后的模型与“基座 + 适配器”",
    ),
    "phase.saving": ("saving", "正在保存"),
    "progress": ("{phase}: {done} of {total}", "{phase}：{done}/{total}"),
    "adapter_done": ("✓ Converted to a Hugging Face adapter", "✓ 已转换为 Hugging Face 适配器"),
    "adapter_reused": (
        "✓ The adapter is already converted and complete",
        "✓ 适配器此前已转换，文件完整",
    ),
    "model_done": ("✓ Converted to a Hugging Face model", "✓ 已转换为 Hugging Face 模型"),
    "model_reused": ("✓ The model is already converted and complete", "✓ 模型此前已转换，文件完整"),
    "base_changed": (
        "! The base model in {base} has changed since training began: {parts}. The converted "
        "model may answer differently. If the original base model is elsewhere: xtgui convert "
        "--base-model FOLDER",
        "! {base} 中的基座模型在训练开始后有变化：{parts}。转换后的模型，回答可能与训练时不同。"
        "如果原来的基座模型在别处：xtgui convert --base-model 文件夹",
    ),
    "and": (", ", "、"),
    "part_model_config": ("a different config.json", "config.json 不同"),
    "part_tokenizer": ("a different tokenizer", "分词器不同"),
    "part_weights": ("different weights", "权重不同"),
    "merge_question": (
        "Merge the adapter into the base model to get a standalone model?",
        "是否把适配器合并进基座模型，得到可独立使用的完整模型？",
    ),
    "merge_done": (
        "✓ Merged into a standalone model ({dtype})",
        "✓ 已合并为可独立使用的模型（{dtype}）",
    ),
    "merge_reused": (
        "✓ The model is already merged and complete ({dtype})",
        "✓ 模型此前已合并，文件完整（{dtype}）",
    ),
    "check_answers": (
        "  Compared with base + adapter on answers from your data: same next token at {same} of "
        "{tokens} {tokens|position|positions}.",
        "  已用训练数据中的回答与“基座 + 适配器”对比：{tokens} 个 token 中，{same} 个预测相同。",
    ),
    "check_both": (
        "  Compared with base + adapter on answers from your data and a test text: same next "
        "token at {same} of {tokens} {tokens|position|positions}.",
        "  已用训练数据中的回答和一段测试文本与“基座 + 适配器”对比：{tokens} 个 token 中，"
        "{same} 个预测相同。",
    ),
    "check_text": (
        "  The training data cannot be read. Compared with base + adapter on a test text instead: "
        "same next token at {same} of {tokens} {tokens|position|positions}.",
        "  无法读取训练数据，改用一段测试文本与“基座 + 适配器”对比：{tokens} 个 token 中，"
        "{same} 个预测相同。",
    ),
    "check_layers": (
        "  Compared {layers} {layers|layer|layers} only: the whole model takes too long on this "
        "machine, or its architecture does not allow it.",
        "  只抽查了 {layers} 层：在本机对比整个模型耗时过长，或该架构不支持整体对比。",
    ),
    "base_dequantized": (
        "  Training used the base model in 4 bits, so the adapter was merged into the dequantized "
        "4-bit weights. With the original weights, {other} of {tokens} match.",
        "  训练时基座模型为 4 位量化，因此适配器合并进了反量化后的权重；若用原始权重，"
        "{tokens} 个中有 {other} 个相同。",
    ),
    "base_original": (
        "  Training used the base model in 4 bits, but the adapter was merged into the original "
        "weights. With the 4-bit weights, {other} of {tokens} match.",
        "  训练时基座模型为 4 位量化，但适配器合并进了原始权重；若用 4 位量化的权重，"
        "{tokens} 个中有 {other} 个相同。",
    ),
    "base_assumed": (
        "  Training used the base model in 4 bits; the adapter was merged into the original "
        "weights. The difference was not measured: it takes too long here, or the 4-bit format is "
        "unknown.",
        "  训练时基座模型为 4 位量化，而适配器合并进了原始权重。未比较两者的差别：在本机耗时过长，"
        "或量化格式未知。",
    ),
    "check_low": (
        "! Rounding to {dtype} changed a few predictions. For a closer match: xtgui convert "
        "--merge --dtype float32",
        "! 舍入为 {dtype} 后，少数预测有变化。想更精确：xtgui convert --merge --dtype float32",
    ),
    "next": (
        "Next: xtgui chat --compare   the base model and {label} side by side",
        "下一步：xtgui chat --compare   并排对比基座模型与 {label}",
    ),
    "no_checkpoint": ("No checkpoint in {folder} yet.", "{folder} 中还没有检查点。"),
    "no_checkpoint.hint": ("Train first: xtgui train", "请先训练：xtgui train"),
    "gone": (
        "Checkpoint {name} does not exist or has been deleted. Available: {left}",
        "检查点 {name} 不存在，或已被轮换删除。现有：{left}",
    ),
    "gone.hint": (
        "Choose one of these with --checkpoint. To keep more: xtgui train --set "
        "train.save_total_limit=10",
        "请用 --checkpoint 选择其中一个。想多保留几个：xtgui train --set train.save_total_limit=10",
    ),
    "epoch_unknown": (
        "This run did not record how many iterations an epoch has.",
        "这次训练没有记录每轮有多少次迭代。",
    ),
    "epoch_unknown.hint": (
        "Give the iteration instead: xtgui convert --iter 300",
        "请改为指定迭代次数：xtgui convert --iter 300",
    ),
    "checkpoint_missing": ("Checkpoint not found: {file}", "找不到检查点：{file}"),
    "deepspeed_folder": (
        "{file} is a folder but not a DeepSpeed checkpoint: it has no mp_rank_00_model_states.pt.",
        "{file} 是文件夹，但不是 DeepSpeed 检查点：其中没有 mp_rank_00_model_states.pt。",
    ),
    "deepspeed_parts": (
        "{file} is a DeepSpeed checkpoint in {wanted} {wanted|part|parts}, of which {found} "
        "{found|was|were} found.",
        "{file} 是由 {wanted} 个部分组成的 DeepSpeed 检查点，只找到 {found} 个。",
    ),
    "deepspeed_parts.hint": (
        "Copy the *_optim_states.pt files of every machine that took part in training into this "
        "folder.",
        "请把所有参与训练的机器上的 *_optim_states.pt 文件复制到该文件夹。",
    ),
    "deepspeed_split": (
        "{file} is a DeepSpeed checkpoint with tensor parallelism: its layers are split across "
        "GPUs. xtgui cannot convert it.",
        "{file} 是张量并行的 DeepSpeed 检查点，各层切分到了多张 GPU，xtgui 无法转换。",
    ),
    "adapter_strange": (
        "This adapter is not plain LoRA and cannot be converted: {name}",
        "这个适配器不是普通的 LoRA，无法转换：{name}",
    ),
    "alpha_unknown": (
        "Neither the checkpoint nor work_dir/xtuner_config.py sets lora_alpha, so the scale of "
        "the adapter is unknown.",
        "检查点和 work_dir/xtuner_config.py 中都没有 lora_alpha，无法确定适配器的缩放系数。",
    ),
    "base_unknown": (
        "Neither the config nor the checkpoint names the base model.",
        "配置文件和检查点中都没有写明基座模型。",
    ),
    "base_missing": (
        "No base model in {folder}: config.json is missing.",
        "{folder} 中没有基座模型：缺少 config.json。",
    ),
    "base_missing.hint": (
        "If it has moved, give its new location: xtgui convert --base-model FOLDER",
        "如果模型换了位置，请指定：xtgui convert --base-model 文件夹",
    ),
    "other_base": (
        "The checkpoint was not trained from the model in {base}: {name} is {found} in that model "
        "but {needed} in the checkpoint.",
        "检查点不是由 {base} 中的模型训练而来：{name} 在该模型中为 {found}，"
        "在检查点中为 {needed}。",
    ),
    "other_base_lacks": (
        "The checkpoint was not trained from the model in {base}, which has no {name}.",
        "检查点不是由 {base} 中的模型训练而来：该模型没有 {name}。",
    ),
    "other_base.hint": (
        "Give the right base model: xtgui convert --base-model FOLDER",
        "请指定正确的基座模型：xtgui convert --base-model 文件夹",
    ),
    "other_base_lacks.hint": (
        "Give the right base model: xtgui convert --base-model FOLDER",
        "请指定正确的基座模型：xtgui convert --base-model 文件夹",
    ),
    "does_not_fit": (
        "The checkpoint does not match the base model: {reason}",
        "检查点与基座模型不匹配：{reason}",
    ),
    "does_not_fit.hint": (
        "If the model it was trained from is elsewhere: xtgui convert --base-model FOLDER",
        "如果训练时的基座模型在别处：xtgui convert --base-model 文件夹",
    ),
    "not_finite": (
        "The merged weights contain nan or inf. The result was discarded.",
        "合并后的权重中出现了 nan 或 inf，结果已丢弃。",
    ),
    "not_finite.hint": (
        "Training may have diverged: use an earlier checkpoint, or try --dtype float32.",
        "训练可能已经发散：请改用更早的检查点，或加上 --dtype float32 再试。",
    ),
    "merge_differs": (
        "The merged model does not match what was trained: same next token as base + adapter at "
        "only {same} of {tokens} {tokens|position|positions}. The result was discarded.",
        "合并后的模型与训练结果不一致：{tokens} 个 token 中，只有 {same} 个与“基座 + 适配器”的预测"
        "相同。结果已丢弃。",
    ),
    "merge_differs.hint": (
        "Merge with higher precision: xtgui convert --merge --dtype float32. The adapter itself "
        "is fine: xtgui chat uses it without merging.",
        "请提高合并精度：xtgui convert --merge --dtype float32。适配器本身没有问题，"
        "xtgui chat 无需合并即可使用。",
    ),
    "layers_differ": (
        "The merged weights of {name} do not match base + adapter. The result was discarded.",
        "{name} 合并后的权重与“基座 + 适配器”不符，结果已丢弃。",
    ),
    "layers_differ.hint": (
        "Try again. If it happens again, merge with higher precision: --dtype float32",
        "请重试；如果仍然如此，请提高合并精度：--dtype float32",
    ),
    "adapter_missing": (
        "No adapter in {folder}: adapter_config.json is missing or cannot be read.",
        "{folder} 中没有适配器：adapter_config.json 缺失或无法读取。",
    ),
    "adapter_setting": (
        "This adapter cannot be merged: adapter_config.json has {setting}.",
        "这个适配器无法合并：adapter_config.json 中有 {setting}。",
    ),
    "adapter_setting.hint": (
        "Use it with its base model, without merging: xtgui convert --no-merge",
        "不合并也能与基座模型一起使用：xtgui convert --no-merge",
    ),
    "base_quantized": (
        "The base model's weights are quantized ({how}): an adapter cannot be merged into them.",
        "基座模型的权重是量化的（{how}），无法合并适配器。",
    ),
    "base_quantized.hint": (
        "Use the adapter without merging (xtgui convert --no-merge), or merge it into the "
        "original, unquantized model.",
        "可以不合并，直接使用适配器（xtgui convert --no-merge）；或合并进量化之前的原模型。",
    ),
    "tied_unclear": (
        "The adapter changes {names}, which the base model shares between input and output in a "
        "way that xtgui does not support.",
        "适配器修改了 {names}，而基座模型的输入层与输出层共用这份权重，xtgui 不支持这种共用方式。",
    ),
    "tied_unclear.hint": (
        "Use it with its base model, without merging: xtgui convert --no-merge",
        "不合并也能与基座模型一起使用：xtgui convert --no-merge",
    ),
    "weights_missing": (
        "No readable weights: {file} {reason}",
        "没有可读取的权重：{file} {reason}",
    ),
    "weights_missing.hint": (
        "Download the base model again: xtgui download, or choose another one: xtgui init --step 2",
        "请重新下载基座模型：xtgui download；或另选一个：xtgui init --step 2",
    ),
    "weights_cut_off": (
        "{file} is incomplete: its end is missing.",
        "{file} 不完整：缺少文件末尾。",
    ),
    "weights_not_safetensors": (
        "{file} is not a safetensors file: it has no valid header.",
        "{file} 不是 safetensors 文件：没有有效的文件头。",
    ),
    "weights_header": (
        "The header of {file} is damaged: what it says about {name} cannot be right.",
        "{file} 的文件头已损坏：其中对 {name} 的描述有误。",
    ),
    "weights_layout": (
        "{file} is damaged: its weights overlap, or there is something between or behind them.",
        "{file} 已损坏：权重数据相互重叠，或其间、其后有多余内容。",
    ),
    "weights_dtype": (
        "{file} stores {name} as {dtype}, a type that xtgui does not know.",
        "{file} 中 {name} 的类型是 {dtype}，xtgui 不支持。",
    ),
    "weights_lacking": (
        "{file} lacks {name}, which it should hold according to the index.",
        "{file} 中缺少 {name}，而索引文件表明它应在其中。",
    ),
    "weights_index": (
        "{file} does not say which file holds which weights.",
        "{file} 没有说明各权重在哪个文件中。",
    ),
    "weights_none": ("{file} holds no weights.", "{file} 中没有权重。"),
    "weights_scattered": (
        "{file} does not store {name} in one piece, so xtgui cannot read it.",
        "{file} 中的 {name} 不是连续存储的，xtgui 无法读取。",
    ),
    **dict.fromkeys(
        (
            "weights_cut_off.hint",
            "weights_not_safetensors.hint",
            "weights_header.hint",
            "weights_layout.hint",
            "weights_dtype.hint",
            "weights_lacking.hint",
            "weights_index.hint",
            "weights_none.hint",
            "weights_scattered.hint",
        ),
        (
            "Download the model again (xtgui download), or convert the checkpoint again.",
            "请重新下载模型（xtgui download），或重新转换检查点。",
        ),
    ),
    "no_space": (
        "Not enough disk space in {folder}: {needed_gb} GB needed, {free_gb} GB free.",
        "{folder} 所在磁盘空间不足：需要 {needed_gb} GB，剩余 {free_gb} GB。",
    ),
    "disk_filled_up": (
        "The disk of {folder} is full. What had been written was deleted.",
        "{folder} 所在磁盘已满，已写入的部分已删除。",
    ),
    "no_rights": ("No permission to write to {folder}.", "没有写入 {folder} 的权限。"),
    "base_question": ("Which folder holds the base model?", "基座模型在哪个文件夹？"),
    "base_explain": (
        "The model you fine-tuned, in Hugging Face format. xtgui suggests a folder nearby if it"
        " holds exactly this model.",
        "微调所用的模型（Hugging Face 格式）。如果在附近找到完全相同的模型，会自动填入其文件夹。",
    ),
    "base_question_changed": (
        "! The base model in {base} has changed since training began.",
        "! {base} 中的基座模型在训练开始后有变化。",
    ),
    "base_other_model": (
        "{folder} holds a different model: its config.json differs.",
        "{folder} 中是另一个模型：config.json 不同。",
    ),
}
