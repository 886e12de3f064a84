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
        "✓ Merged ({dtype}) and checked: logits as with the adapter, {difference} apart"
        " (the training changed them by {effect})",
        "✓ 已合并（{dtype}）并核对：logits 与加载适配器时仅差 {difference}"
        "（训练带来的变化为 {effect}）",
    ),
    "merge_reused": (
        "✓ Merged before ({dtype}), complete and checked: logits {difference} apart"
        " (the training changed them by {effect})",
        "✓ 此前已合并（{dtype}）并核对，内容完整：logits 仅差 {difference}"
        "（训练带来的变化为 {effect}）",
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
        "The merged weights hold values that are no numbers (nan or inf); nothing was kept.",
        "合并后的权重中出现了 nan 或 inf，结果没有保留。",
    ),
    "not_finite.hint": (
        "The training has diverged: take an earlier checkpoint, or try --dtype float32.",
        "训练可能已发散：请换更早的检查点，或加上 --dtype float32 再试。",
    ),
    "merge_differs": (
        "The merged model does not answer as base and adapter do: logits differ by"
        " {difference}, at most {tolerance} is allowed. Nothing was kept.",
        "合并后的模型与“基座 + 适配器”不一致：logits 相差 {difference}，"
        "允许 {tolerance}。结果没有保留。",
    ),
    "merge_differs.hint": (
        "Keep more digits: xtgui convert --merge --dtype float32",
        "请保留更高精度：xtgui convert --merge --dtype float32",
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
}
