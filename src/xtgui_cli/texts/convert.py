"""Conversion and merging."""

TEXTS: dict[str, tuple[str, str]] = {
    "begin": ("Converting {name}{why}", "正在转换 {name}{why}"),
    "why_recommended": (" (recommended)", "（推荐）"),
    "why_latest": (" (the latest)", "（最新）"),
    "none_recommended": (
        "No checkpoint is recommended: none that is left was checked for what it has learned.",
        "没有推荐的检查点：现存的检查点都没有做过学习效果检查。",
    ),
    "none_recommended.hint": (
        "Take the latest, {latest}: --checkpoint latest",
        "可使用最新的 {latest}：--checkpoint latest",
    ),
    "phase.importing": ("loading the libraries", "正在加载程序库"),
    "phase.reading": ("reading the checkpoint", "正在读取检查点"),
    "phase.checking_checkpoint": ("checking the checkpoint", "正在检查检查点"),
    "phase.reading_tokenizer": ("loading the tokenizer", "正在加载分词器"),
    "phase.model": ("loading the model", "正在加载模型"),
    "phase.answering": ("answering general questions", "正在回答通用问题"),
    "phase.quantising": ("quantising a tiny model", "正在量化一个极小的模型"),
    "phase.training": ("training it for two steps", "正在训练两步"),
    "phase.merging": ("merging the adapter into the base model", "正在把适配器合并进基座模型"),
    "phase.checking": (
        "checking that the merged model answers as before",
        "正在核对合并前后的输出是否一致",
    ),
    "phase.saving": ("saving", "正在保存"),
    "progress": ("{phase}: {done} of {total}", "{phase}：{done}/{total}"),
    "adapter_done": ("✓ Converted: a Hugging Face adapter", "✓ 已转换为 Hugging Face 适配器"),
    "adapter_reused": (
        "✓ The adapter was converted before and is complete",
        "✓ 适配器此前已转换，内容完整",
    ),
    "model_done": ("✓ Converted: a Hugging Face model", "✓ 已转换为 Hugging Face 模型"),
    "model_reused": (
        "✓ The model was converted before and is complete",
        "✓ 模型此前已转换，内容完整",
    ),
    "base_changed": (
        "! The base model in {base} is not what it was when the training began: {parts}."
        " The result may answer otherwise than it did then. If that model lies elsewhere:"
        " xtgui convert --base-model FOLDER",
        "! {base} 中的基座模型与训练开始时不同：{parts}。转换结果的回答可能与当时不一致。"
        "如果训练所用的模型在别处：xtgui convert --base-model 文件夹",
    ),
    "and": (", ", "、"),
    "part_model_config": ("another config.json", "config.json 已改变"),
    "part_tokenizer": ("another tokenizer", "分词器已改变"),
    "part_weights": ("other weights", "权重已改变"),
    "merge_question": (
        "Merge the adapter into the base model, as one model that works by itself?",
        "是否把适配器合并进基座模型，得到可独立使用的完整模型？",
    ),
    "merge_done": (
        "✓ Merged: a model that works by itself ({dtype})",
        "✓ 已合并为可独立使用的模型（{dtype}）",
    ),
    "merge_reused": (
        "✓ The model was merged before and is complete ({dtype})",
        "✓ 此前已合并，内容完整（{dtype}）",
    ),
    "check_answers": (
        "  Checked on answers from your data: it picks the same next token as base and adapter"
        " at {same} of {tokens}.",
        "  已用训练数据中的回答核对：{tokens} 个 token 中，"
        "有 {same} 个与“基座 + 适配器”的预测相同。",
    ),
    "check_both": (
        "  Checked on answers from your data and on a test text: it picks the same next token as"
        " base and adapter at {same} of {tokens}.",
        "  已用训练数据中的回答和一段测试文本核对：{tokens} 个 token 中，"
        "有 {same} 个与“基座 + 适配器”的预测相同。",
    ),
    "check_text": (
        "  Checked on a test text, as the training data cannot be read: it picks the same next"
        " token as base and adapter at {same} of {tokens}.",
        "  读不到训练数据，已改用一段测试文本核对：{tokens} 个 token 中，"
        "有 {same} 个与“基座 + 适配器”的预测相同。",
    ),
    "check_layers": (
        "  Checked on {layers} of its layers: comparing the whole model would take too long here,"
        " or is not possible for its kind.",
        "  已抽查 {layers} 层：在这台机器上核对整个模型耗时过长，或该类模型不支持整体核对。",
    ),
    "base_dequantized": (
        "  Training saw the base model in 4 bits, so these rounded weights were merged. With the"
        " original ones it would be {other} of {tokens}.",
        "  训练时基座模型为 4 位量化，因此合并的是量化后的权重；若用原始权重，则为"
        " {tokens} 个中有 {other} 个相同。",
    ),
    "base_original": (
        "  Merged into the original weights, although training saw them in 4 bits: with those it"
        " would be {other} of {tokens}.",
        "  训练时基座模型为 4 位量化，但合并用的是原始权重；若用量化后的权重，则为"
        " {tokens} 个中有 {other} 个相同。",
    ),
    "base_assumed": (
        "  Training saw the base model in 4 bits; merged were its original weights. How close that"
        " comes to training was not compared: it would take too long here, or the 4-bit form is"
        " not known.",
        "  训练时基座模型为 4 位量化，合并用的是原始权重。两者与训练结果的差别未作比较："
        "在这台机器上耗时过长，或无法得知量化方式。",
    ),
    "check_low": (
        "! Rounding to {dtype} has changed a few predictions. For a closer match:"
        " xtgui convert --merge --dtype float32",
        "! 舍入为 {dtype} 后，少数预测有所变化。想更接近训练结果："
        "xtgui convert --merge --dtype float32",
    ),
    "next": (
        "Next: xtgui chat --compare   the base model and {label} side by side",
        "下一步：xtgui chat --compare   并排对比基座模型与 {label}",
    ),
    "no_checkpoint": (
        "There is no checkpoint in {folder} yet.",
        "{folder} 中还没有检查点。",
    ),
    "no_checkpoint.hint": ("Train first: xtgui train", "请先训练：xtgui train"),
    "gone": (
        "There is no {name} (any more). What is left: {left}",
        "没有 {name}（可能已被轮换删除）。现有：{left}",
    ),
    "gone.hint": (
        "Choose one of them with --iter, or keep more: xtgui train --set train.save_total_limit=10",
        "请用 --iter 选择其一；想多保留几个：xtgui train --set train.save_total_limit=10",
    ),
    "epoch_unknown": (
        "How many iterations an epoch had is not known of this run.",
        "无法得知这次训练每个 epoch 有多少次迭代。",
    ),
    "epoch_unknown.hint": (
        "Name the iteration instead: xtgui convert --iter 300",
        "请改用迭代数：xtgui convert --iter 300",
    ),
    "checkpoint_missing": ("There is no checkpoint {file}.", "找不到检查点 {file}。"),
    "deepspeed_folder": (
        "{file} is a folder, but not a checkpoint of DeepSpeed:"
        " it has no file mp_rank_00_model_states.pt.",
        "{file} 是文件夹，但不是 DeepSpeed 检查点：其中没有 mp_rank_00_model_states.pt。",
    ),
    "deepspeed_parts": (
        "{file} is a DeepSpeed checkpoint of {wanted} {wanted|part|parts}; found: {found}.",
        "{file} 是由 {wanted} 个部分组成的 DeepSpeed 检查点，这里只有 {found} 个。",
    ),
    "deepspeed_parts.hint": (
        "Copy the files *_optim_states.pt of all machines that trained into this folder.",
        "请把所有参与训练的机器上的 *_optim_states.pt 文件复制到该文件夹。",
    ),
    "deepspeed_split": (
        "{file} is a DeepSpeed checkpoint whose layers are split over several GPUs"
        " (tensor parallel); it cannot be converted here.",
        "{file} 是按层切分到多张 GPU（张量并行）的 DeepSpeed 检查点，无法在此转换。",
    ),
    "adapter_strange": (
        "This adapter is more than plain LoRA and cannot be converted here: {name}",
        "这个适配器不是普通的 LoRA，无法在此转换：{name}",
    ),
    "alpha_unknown": (
        "Neither the checkpoint nor work_dir/xtuner_config.py says lora_alpha,"
        " so the adapter's strength is not known.",
        "检查点和 work_dir/xtuner_config.py 中都没有 lora_alpha，无法确定适配器的缩放系数。",
    ),
    "base_unknown": (
        "Neither the config nor the checkpoint says which model was trained.",
        "配置文件和检查点中都没有写明训练的是哪个模型。",
    ),
    "base_missing": (
        "The base model is not in {folder} (there is no config.json).",
        "{folder} 中没有基座模型（缺少 config.json）。",
    ),
    "base_missing.hint": (
        "If it has moved, say where it is: xtgui convert --base-model FOLDER",
        "如果模型换了位置，请指明：xtgui convert --base-model 文件夹",
    ),
    "other_base": (
        "The checkpoint was trained from another model than the one in {base}:"
        " {name} is {found} there, but {needed} in the checkpoint.",
        "检查点不是由 {base} 中的模型训练而来：{name} 在该模型中为 {found}，"
        "在检查点中为 {needed}。",
    ),
    "other_base_lacks": (
        "The checkpoint was trained from another model than the one in {base},"
        " which has no {name}.",
        "检查点不是由 {base} 中的模型训练而来：该模型没有 {name}。",
    ),
    "other_base.hint": (
        "Say where the right one is: xtgui convert --base-model FOLDER",
        "请指明正确的模型在哪里：xtgui convert --base-model 文件夹",
    ),
    "other_base_lacks.hint": (
        "Say where the right one is: xtgui convert --base-model FOLDER",
        "请指明正确的模型在哪里：xtgui convert --base-model 文件夹",
    ),
    "does_not_fit": (
        "The checkpoint does not fit the base model: {reason}",
        "检查点与基座模型不匹配：{reason}",
    ),
    "does_not_fit.hint": (
        "Is the base model the one that was trained? If that one lies elsewhere:"
        " xtgui convert --base-model FOLDER",
        "基座模型还是训练时的那个吗？如果在别处：xtgui convert --base-model 文件夹",
    ),
    "not_finite": (
        "The merged model holds values that are no numbers (nan or inf). Nothing was kept.",
        "合并后的权重中出现了 nan 或 inf，结果没有保留。",
    ),
    "not_finite.hint": (
        "The training has diverged: take an earlier checkpoint, or try --dtype float32.",
        "训练可能已发散：请换更早的检查点，或加上 --dtype float32 再试。",
    ),
    "merge_differs": (
        "The merged model does not answer as it was trained to: it picks the same next token as"
        " base and adapter at only {same} of {tokens}. Nothing was kept.",
        "合并后的模型与训练结果不一致：{tokens} 个 token 中，"
        "仅 {same} 个与“基座 + 适配器”的预测相同。"
        "结果没有保留。",
    ),
    "merge_differs.hint": (
        "Keep more digits: xtgui convert --merge --dtype float32. The adapter by itself is not"
        " affected: xtgui chat uses it as it is.",
        "请保留更高精度：xtgui convert --merge --dtype float32。适配器本身不受影响，"
        "可直接用 xtgui chat 对话。",
    ),
    "layers_differ": (
        "The merged weights of {name} are not what base and adapter give together. Nothing was"
        " kept.",
        "{name} 合并后的权重与“基座 + 适配器”不符。结果没有保留。",
    ),
    "layers_differ.hint": (
        "Try again; if it stays so, keep more digits: --dtype float32",
        "请重试；如果仍然如此，请保留更高精度：--dtype float32",
    ),
    "adapter_missing": (
        "There is no adapter in {folder} (no adapter_config.json that can be read).",
        "{folder} 中没有适配器（没有可读取的 adapter_config.json）。",
    ),
    "adapter_setting": (
        "This adapter cannot be merged here: adapter_config.json says {setting}.",
        "这个适配器无法在此合并：adapter_config.json 中有 {setting}。",
    ),
    "adapter_setting.hint": (
        "It works beside its base model, without merging: xtgui convert --no-merge",
        "不合并也能与基座模型一起使用：xtgui convert --no-merge",
    ),
    "base_quantized": (
        "The base model's weights are quantized ({how}), so nothing can be added to them.",
        "基座模型的权重是量化的（{how}），无法把适配器合并进去。",
    ),
    "base_quantized.hint": (
        "Use the adapter beside it (xtgui convert --no-merge), or merge it into the unquantized"
        " model it was made from.",
        "可不合并，与适配器一起使用（xtgui convert --no-merge）；或合并进量化之前的原模型。",
    ),
    "tied_unclear": (
        "The adapter changes {names}, which the base model shares between input and output in a"
        " way that is not known here.",
        "适配器修改了 {names}，而基座模型的输入与输出共用这份权重，此处无法确定其结构。",
    ),
    "tied_unclear.hint": (
        "It works beside its base model, without merging: xtgui convert --no-merge",
        "不合并也能与基座模型一起使用：xtgui convert --no-merge",
    ),
    "weights_missing": (
        "There are no weights to read: {file} {reason}",
        "没有可读取的权重：{file} {reason}",
    ),
    "weights_missing.hint": (
        "Fetch the base model again: xtgui download, or choose another one: xtgui init --step 2",
        "请重新下载基座模型：xtgui download；或另选一个：xtgui init --step 2",
    ),
    "weights_damaged": (
        "The weights in {file} cannot be used: {reason}.",
        "{file} 中的权重无法使用：{reason}。",
    ),
    "weights_damaged.hint": (
        "Fetch the model again (xtgui download), or convert the checkpoint again.",
        "请重新下载模型（xtgui download），或重新转换检查点。",
    ),
    "no_space": (
        "Not enough disk space in {folder}: {needed_gb} GB needed, {free_gb} GB free.",
        "{folder} 所在磁盘空间不足：需要 {needed_gb} GB，剩余 {free_gb} GB。",
    ),
    "disk_filled_up": (
        "The disk of {folder} filled up; what had been written was removed again.",
        "{folder} 所在磁盘已写满；已写入的部分已清除。",
    ),
    "no_rights": ("{folder} cannot be written to.", "没有写入 {folder} 的权限。"),
    "base_question": ("Which folder holds the base model?", "基座模型在哪个文件夹？"),
    "base_explain": (
        "The model that was trained, in Hugging Face form. A folder that is suggested holds exactly"
        " that model, unless nothing else was found.",
        "训练时所用的模型（Hugging Face 格式）。默认填入的文件夹与训练时的模型完全一致；"
        "找不到时填入原来的文件夹。",
    ),
    "base_question_changed": (
        "! The base model in {base} has changed since the training began.",
        "! {base} 中的基座模型在训练开始后发生了变化。",
    ),
    "base_other_model": (
        "{folder} holds another model: its config.json differs.",
        "{folder} 中是另一个模型：config.json 不同。",
    ),
}
