"""Starting and resuming: existing runs, changes since then, and obstacles."""

_FRESH_EN = "To start over (the old run is archived in runs/):\nxtgui train --fresh"
_FRESH_ZH = "重新开始（旧的训练归档到 runs/）：\nxtgui train --fresh"

TEXTS: dict[str, tuple[str, str]] = {
    # --- the machine
    "fitted_cpu": (
        "xtuner cannot use a GPU on this machine; the config now has {values}",
        "本机没有 xtuner 可用的 GPU，已将配置改为 {values}",
    ),
    "fitted_cuda": (
        "The config was written for another machine; for this GPU it now has {values}",
        "配置是为另一台机器写的，已按本机 GPU 改为 {values}",
    ),
    # --- an old run in the folder
    "old_run": (
        "This folder has a run (latest checkpoint: {name}). What next?",
        "此处已有一次训练，最新检查点 {name}。要做什么？",
    ),
    "old_run_done": (
        "This folder has a finished run ({name}). What next?",
        "此处已有一次完成的训练（{name}）。要做什么？",
    ),
    "choice.resume": ("Resume from {name}", "从 {name} 续训"),
    "choice.put_away": (
        "Start over; the old run is archived in runs/",
        "重新开始，旧的训练归档到 runs/",
    ),
    "choice.cancel": ("Do nothing", "什么都不做"),
    "nothing_left": (
        "{name} is the end of the run: no iterations are left to train.",
        "{name} 已是训练的终点，没有剩余的迭代。",
    ),
    "nothing_left.hint": (
        "To train one more epoch: xtgui train --more 1. To start over with other settings: xtgui "
        "train --fresh --set ...",
        "再训练一轮：xtgui train --more 1；换设置重新开始：xtgui train --fresh --set ...",
    ),
    # --- further epochs
    "more": (
        "Continuing from {name} to the end of epoch {epoch} (iteration {end}).",
        "从 {name} 继续训练，到第 {epoch} 轮结束（第 {end} 次迭代）。",
    ),
    "more_rate": (
        "The learning rate starts over at {lr} and falls to 0.",
        "学习率重新从 {lr} 开始，逐渐降到 0。",
    ),
    "more_rate_warm": (
        "The learning rate warms up to {lr} over {iterations} {iterations|iteration|iterations}, "
        "then falls to 0.",
        "学习率先用 {iterations} 次迭代预热到 {lr}，再逐渐降到 0。",
    ),
    "more_unknown": (
        "No run in this folder recorded how many iterations an epoch has.",
        "这里的训练没有记录每轮有多少次迭代。",
    ),
    "more_unknown.hint": (
        "To use --more, resume once with xtgui, or start over: xtgui train --fresh",
        "要使用 --more，请先用 xtgui 续训一次，或重新开始：xtgui train --fresh",
    ),
    "more_not_plain": (
        "--more cannot read these values in the config {file}: {names}",
        "--more 无法读取配置文件 {file} 中的这些值：{names}",
    ),
    "more_not_plain.hint": (
        "Write each as a plain number at the top level.",
        "请在文件顶层直接写成数字。",
    ),
    "more_other_schedule": (
        "--more supports only warm-up with cosine decay, but the config {file} has another "
        "schedule.",
        "--more 只支持“预热 + 余弦”的学习率调度，而配置文件 {file} 使用其他调度。",
    ),
    "more_other_schedule.hint": (
        "Start over with more epochs: xtgui train --fresh --set train.max_epochs=N",
        "请增加轮数，重新开始：xtgui train --fresh --set train.max_epochs=N",
    ),
    "more_elsewhere": (
        "--more changes the project's config, and {path} is a different file.",
        "--more 只修改本项目的配置，而 {path} 不是。",
    ),
    "more_elsewhere.hint": (
        "To continue the project's run, leave the file out of the command.",
        "要继续本项目的训练，请在命令中去掉该文件。",
    ),
    "restarts_unreadable": (
        "Cannot read {path}, which records where the learning rate starts over and where the run "
        "ends early: {reason}",
        "无法读取 {path}（其中记录了学习率重新开始和训练提前结束的位置）：{reason}",
    ),
    "restarts_unreadable.hint": (
        "Delete it and run `xtgui train --more N` again, or start over: xtgui train --fresh",
        "请删除该文件后再运行 `xtgui train --more N`，或重新开始：xtgui train --fresh",
    ),
    # --- what is there, and what has changed since
    "checkpoints_there": (
        "This folder already has a run; its latest checkpoint is {latest}.",
        "此处已有一次训练，最新检查点 {latest}。",
    ),
    "checkpoints_there.resume": (
        "To resume it:\nxtgui train --resume\n" + _FRESH_EN,
        "续训：\nxtgui train --resume\n" + _FRESH_ZH,
    ),
    "checkpoints_there.at_the_end": (
        "It is finished. To train two more epochs:\nxtgui train --more 2\n" + _FRESH_EN,
        "这次训练已经完成。再训练 2 轮：\nxtgui train --more 2\n" + _FRESH_ZH,
    ),
    "checkpoints_there.memory": (
        "It ran out of memory and will again if resumed unchanged. Instead:\n"
        "{command}\n" + _FRESH_EN,
        "它因内存或显存不足而中断，原样续训还会如此。请改用：\n{command}\n" + _FRESH_ZH,
    ),
    "checkpoints_there.fails_again": (
        "Its loss was never finite, and resuming does not change that. To see why:\nxtgui status",
        "它的 loss 从未是有效数值，续训也不会改变。查看原因：\nxtgui status",
    ),
    "changed": (
        "These things have changed since {name} was trained:",
        "与 {name} 训练时相比，以下内容有变化：",
    ),
    "changed.hint": (
        "Undo them to resume exactly. To resume anyway:\n"
        "xtgui train --resume --accept-changes\n" + _FRESH_EN,
        "改回原样即可精确续训。仍要续训：\nxtgui train --resume --accept-changes\n" + _FRESH_ZH,
    ),
    "misfit": (
        "{name} cannot be loaded because of these changes:",
        "由于以下变化，{name} 已无法加载：",
    ),
    "misfit.hint": (
        "Undo them to resume. " + _FRESH_EN,
        "改回原样即可续训。" + _FRESH_ZH,
    ),
    "accept_changes": ("Resume from {name} anyway?", "仍要从 {name} 续训吗？"),
    "changed_data": ("training data: {path}", "训练数据：{path}"),
    "changed_model_config": (
        "config of the base model: {path}",
        "基座模型的配置（config.json）：{path}",
    ),
    "changed_tokenizer": (
        "tokenizer or chat template of the base model: {path}",
        "基座模型的分词器或对话模板：{path}",
    ),
    "changed_weights": ("weights of the base model: {path}", "基座模型的权重：{path}"),
    "changed_template": ("prompt template", "提示词模板"),
    "changed_setting_obeyed": (
        "{key}: {before} → {now}, which applies from here on",
        "{key}：{before} → {now}，从此处起生效",
    ),
    "changed_setting_kept": (
        "{key}: {before} → {now}, which has no effect: the checkpoint keeps its value",
        "{key}：{before} → {now}，不会生效：沿用检查点中的值",
    ),
    "changed_setting_misfit": ("{key}: {before} → {now}", "{key}：{before} → {now}"),
    "changed_setting_epochs": (
        "{key}: {before} → {now}; to train further, use xtgui train --more N instead: by then the "
        "learning rate has fallen to 0",
        "{key}：{before} → {now}；要继续训练，请改用 xtgui train --more N：届时学习率已降到 0",
    ),
    "checking_data": ("Checking the training data ...", "正在检查训练数据……"),
    "no_checkpoint": ("No checkpoint in {path} to resume from.", "{path} 中没有可以续训的检查点。"),
    "no_checkpoint.hint": ("Train from scratch: xtgui train", "从头训练：xtgui train"),
    "resume_from": (
        "Examples: 300, iter_300, or a path to iter_300.pth. --resume without a name takes the "
        "latest one. A config goes before it: xtgui train CONFIG --resume",
        "例如 300、iter_300 或 iter_300.pth 的路径。--resume 后不写名称则用最新的。"
        "配置文件写在前面：xtgui train CONFIG --resume",
    ),
    "checkpoint_gone": ("Checkpoint not found: {name}", "找不到检查点：{name}"),
    "checkpoint_gone.hint": ("Available: {left}", "现有：{left}"),
    # --- the config and what it names
    "no_config": ("No config yet: {path}", "还没有配置文件：{path}"),
    "no_config.hint": ("Create one: xtgui init", "请先生成：xtgui init"),
    "no_config_given": ("Config not found: {path}", "找不到配置文件：{path}"),
    "no_config_given.hint": (
        "Check the path. Without one, xtgui trains with the project's config.",
        "请检查路径；不指定则使用本项目的配置。",
    ),
    "sources_gone": (
        "The config refers to files that no longer exist:",
        "配置文件引用的以下路径已不存在：",
    ),
    "sources_gone.hint": (
        "Put them back, or choose again: xtgui init --step 2",
        "请移回原处，或重新选择：xtgui init --step 2",
    ),
    "gone_model": ("the model: {path}", "模型：{path}"),
    "gone_data": ("the data: {path}", "数据：{path}"),
    "elsewhere_needs_gpu": (
        "The config {path} trains in mixed precision, which needs a GPU; this machine has none.",
        "配置文件 {path} 使用混合精度训练，需要 GPU，而本机没有。",
    ),
    "elsewhere_needs_gpu.hint": (
        "xtgui can adapt the config in a project to the CPU: xtgui train --resume --yes",
        "xtgui 可以把项目中的配置改为在 CPU 上训练：xtgui train --resume --yes",
    ),
    "adapt_question": (
        "Adapt it to the CPU (float32, no mixed precision)? Training is slow; a copy of the "
        "config is kept.",
        "改为在 CPU 上训练（float32，不用混合精度）？速度较慢，会保留原配置的副本。",
    ),
    "adapted": (
        "The config was adapted to the CPU; the original is kept as {name}.",
        "配置已改为在 CPU 上训练；原配置保存为 {name}。",
    ),
    "needs_gpu": (
        "The config {path} needs a GPU (amp_dtype, dist_backend); this machine has none.",
        "配置文件 {path} 需要 GPU（amp_dtype、dist_backend），而本机没有。",
    ),
    "needs_gpu.hint": (
        'For a CPU: torch_dtype = "float32", amp_dtype = None, dist_backend = "gloo".',
        '在 CPU 上请使用：torch_dtype = "float32"、amp_dtype = None、dist_backend = "gloo"。',
    ),
    "set_elsewhere": (
        "--set changes the project's config, and {path} is a different file.",
        "--set 只修改本项目的配置，而 {path} 不是。",
    ),
    "set_elsewhere.hint": (
        "Edit the value in that file, or leave the file out of the command.",
        "请直接修改该文件，或在命令中去掉它。",
    ),
    "set_on_resume": (
        "A resumed run keeps its settings; these changes have no effect: {keys}",
        "续训沿用原来的设置，以下修改不会生效：{keys}",
    ),
    "set_on_resume.hint": (
        "To start over with them (the old run is archived in runs/): xtgui train --fresh --set ...",
        "用新设置重新开始（旧的训练归档到 runs/）：xtgui train --fresh --set ...",
    ),
    # --- the disk
    "not_writable": ("Cannot write {path}: {reason}", "无法写入 {path}：{reason}"),
    "not_writable.hint": (
        "Check the folder's permissions, or use another folder: --root DIR",
        "请检查文件夹权限，或换一个文件夹：--root DIR",
    ),
    "no_space": (
        "Not enough disk space in {path}: at least {needed} needed, {free} free.",
        "{path} 所在磁盘空间不足：至少需要 {needed}，剩余 {free}。",
    ),
    "no_space.hint": (
        "Free some space: old runs are in runs/, converted models in work_dir/.",
        "请清理磁盘：旧的训练在 runs/ 中，转换后的模型在 work_dir/ 中。",
    ),
}
