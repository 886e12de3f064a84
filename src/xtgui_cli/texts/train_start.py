"""Starting and resuming: what is there already, what has changed, what is in the way."""

_FRESH_EN = "To start over (the old run is kept in runs/):\nxtgui train --fresh"
_FRESH_ZH = "重新开始（旧的训练移到 runs/）：\nxtgui train --fresh"

TEXTS: dict[str, tuple[str, str]] = {
    # --- the machine
    "fitted_cpu": (
        "This machine has no GPU that xtuner can use; the config now says {values}",
        "本机没有可用的 GPU，已将配置改为 {values}",
    ),
    "fitted_cuda": (
        "The config was written for another machine; for this GPU it now says {values}",
        "配置是为另一台机器写的，已按本机 GPU 改为 {values}",
    ),
    # --- an old run in the folder
    "old_run": (
        "There is a run here, saved up to {name}. What now?",
        "这里已有训练，保存到 {name}。要做什么？",
    ),
    "old_run_done": (
        "There is a finished run here ({name}). What now?",
        "这里已有完成的训练（{name}）。要做什么？",
    ),
    "choice.resume": ("Go on from {name}", "从 {name} 继续"),
    "choice.put_away": (
        "Start anew; the old run moves to runs/",
        "重新开始，旧的训练移到 runs/ 下",
    ),
    "choice.cancel": ("Do nothing", "什么都不做"),
    "nothing_left": (
        "{name} is the end of the run: there is nothing left to train.",
        "{name} 已是训练的终点，没有剩余的迭代。",
    ),
    "nothing_left.hint": (
        "Train one more epoch: xtgui train --more 1. "
        "Start over with other settings: xtgui train --fresh --set ...",
        "再训练一轮：xtgui train --more 1；换设置重新训练：xtgui train --fresh --set ...",
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
        "The learning rate warms up to {lr} in {iterations} {iterations|iteration|iterations} and "
        "falls to 0.",
        "学习率先用 {iterations} 次迭代预热到 {lr}，再逐渐降到 0。",
    ),
    "more_unknown": (
        "No run recorded here how many iterations an epoch has.",
        "这里的训练没有记录每轮有多少次迭代。",
    ),
    "more_unknown.hint": (
        "To use --more, resume with xtgui once, or start over: xtgui train --fresh",
        "要使用 --more，请先用 xtgui 续训一次，或重新开始：xtgui train --fresh",
    ),
    "more_not_plain": (
        "--more has to read these values in the config {file}: {names}",
        "--more 需要读取配置文件 {file} 中的这些值：{names}",
    ),
    "more_not_plain.hint": (
        "Write each as a plain number at the top level.",
        "请在文件顶层把它们直接写成数字。",
    ),
    "more_other_schedule": (
        "--more starts over a warm-up and a cosine, and the config {file} has another schedule.",
        "--more 只能重新开始“预热 + 余弦”的学习率调度，而配置文件 {file} 用的是别的调度。",
    ),
    "more_other_schedule.hint": (
        "Start over with more epochs: xtgui train --fresh --set train.max_epochs=N",
        "请增加轮数后重新开始：xtgui train --fresh --set train.max_epochs=N",
    ),
    "more_elsewhere": (
        "--more changes the project's own config, and {path} is another one.",
        "--more 只修改本项目自己的配置，而 {path} 不是。",
    ),
    "more_elsewhere.hint": (
        "Leave the file out of the command to continue the project's own run.",
        "要继续本项目的训练，请在命令中去掉该文件。",
    ),
    "restarts_unreadable": (
        "{path} says where the learning rate started over or the run ends early, and cannot be "
        "read: {reason}",
        "{path} 记录了学习率从哪里重新开始、训练在哪里提前结束，但无法读取：{reason}",
    ),
    "restarts_unreadable.hint": (
        "Delete it and run `xtgui train --more N` again, or start over: xtgui train --fresh",
        "请删除该文件后再运行 `xtgui train --more N`，或重新开始：xtgui train --fresh",
    ),
    # --- what is there, and what has changed since
    "checkpoints_there": (
        "There is a run in this folder already, saved up to {latest}.",
        "该文件夹中已有训练，保存到 {latest}。",
    ),
    "checkpoints_there.resume": (
        "To resume it:\nxtgui train --resume\n" + _FRESH_EN,
        "续训：\nxtgui train --resume\n" + _FRESH_ZH,
    ),
    "checkpoints_there.at_the_end": (
        "It has come to its end. To train for two more epochs:\nxtgui train --more 2\n" + _FRESH_EN,
        "这次训练已经完成。再训练 2 轮：\nxtgui train --more 2\n" + _FRESH_ZH,
    ),
    "checkpoints_there.memory": (
        "It ran out of memory, and would again if it were resumed as it is. Instead:\n"
        "{command}\n" + _FRESH_EN,
        "它因内存不足而中断，原样续训还会不足。请改用：\n{command}\n" + _FRESH_ZH,
    ),
    "checkpoints_there.fails_again": (
        "Its loss never was a number, and resuming would not change that. To see why:\n"
        "xtgui status",
        "它的损失从未是有效数值，续训也不会改变。查看原因：\nxtgui status",
    ),
    "changed": (
        "{name} was trained before these changes:",
        "与 {name} 训练时相比，以下内容有变化：",
    ),
    "changed.hint": (
        "Undo them to resume exactly. To resume all the same: xtgui train --resume "
        "--accept-changes. To start over (the old run is kept in runs/): xtgui train --fresh",
        "恢复原样即可精确续训。仍要续训：xtgui train --resume --accept-changes；"
        "重新开始（旧的训练移到 runs/）：xtgui train --fresh",
    ),
    "misfit": (
        "{name} cannot be loaded after these changes:",
        "由于以下变化，{name} 已无法加载：",
    ),
    "misfit.hint": (
        "Undo them to resume. To start over (the old run is kept in runs/): xtgui train --fresh",
        "恢复原样即可续训；或重新开始（旧的训练移到 runs/）：xtgui train --fresh",
    ),
    "accept_changes": ("Resume from {name} all the same?", "仍要从 {name} 续训吗？"),
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
        "{key}: {before} → {now}, which has no effect: the checkpoint keeps its own",
        "{key}：{before} → {now}，不会生效：沿用检查点中的值",
    ),
    "changed_setting_misfit": ("{key}: {before} → {now}", "{key}：{before} → {now}"),
    "changed_setting_epochs": (
        "{key}: {before} → {now}; to train further, use xtgui train --more N instead: the learning "
        "rate has fallen to 0 by then",
        "{key}：{before} → {now}；要继续训练更多轮，请改用 xtgui train --more N："
        "届时学习率已降到 0",
    ),
    "checking_data": ("Checking what is trained ...", "正在检查训练数据……"),
    "no_checkpoint": (
        "There is no checkpoint to go on from in {path}.",
        "{path} 中没有可以继续的检查点。",
    ),
    "no_checkpoint.hint": ("Start from the beginning: xtgui train", "从头开始：xtgui train"),
    "checkpoint_gone": ("There is no checkpoint {name}.", "没有检查点 {name}。"),
    "checkpoint_gone.hint": ("There are: {left}", "现有：{left}"),
    # --- the config and what it names
    "no_config": ("There is no config yet: {path}", "还没有配置文件：{path}"),
    "no_config.hint": ("Write one with: xtgui init", "请先运行：xtgui init"),
    "no_config_given": ("There is no config {path}.", "找不到配置文件 {path}。"),
    "no_config_given.hint": (
        "Check its path; without one, the project's own config is trained.",
        "请检查路径；不写则训练本项目自己的配置。",
    ),
    "sources_gone": (
        "What the config names is no longer there:",
        "配置文件中的路径已不存在：",
    ),
    "sources_gone.hint": (
        "Move it back, or choose again: xtgui init --step 2",
        "请移回原处，或重新选择：xtgui init --step 2",
    ),
    "gone_model": ("the model: {path}", "模型：{path}"),
    "gone_data": ("the data: {path}", "数据：{path}"),
    "elsewhere_needs_gpu": (
        "The config {path} trains in mixed precision, which takes a GPU; this machine has none.",
        "配置文件 {path} 使用混合精度训练，需要 GPU，而本机没有。",
    ),
    "elsewhere_needs_gpu.hint": (
        "In a project of its own xtgui adapts it to the CPU: xtgui train --resume --yes",
        "对项目自己的配置，xtgui 可以改为在 CPU 上训练：xtgui train --resume --yes",
    ),
    "adapt_question": (
        "Adapt it to the CPU (float32, no mixed precision)? It is slow, and a copy is kept.",
        "改为在 CPU 上训练（float32，不用混合精度）？速度较慢，会保留原配置的副本。",
    ),
    "adapted": (
        "The config is adapted to the CPU; what it was is kept as {name}.",
        "配置已改为在 CPU 上训练；原配置保存为 {name}。",
    ),
    "needs_gpu": (
        "The config {path} is for a GPU (amp_dtype, dist_backend), and this machine has none.",
        "配置文件 {path} 需要 GPU（amp_dtype、dist_backend），而本机没有。",
    ),
    "needs_gpu.hint": (
        'For a CPU: torch_dtype = "float32", amp_dtype = None, dist_backend = "gloo".',
        '在 CPU 上请使用：torch_dtype = "float32"、amp_dtype = None、dist_backend = "gloo"。',
    ),
    "set_elsewhere": (
        "--set changes the project's own config, and {path} is another one.",
        "--set 只修改本项目自己的配置，而 {path} 不是。",
    ),
    "set_elsewhere.hint": (
        "Change the value in that file, or leave the file out of the command.",
        "请直接修改该文件，或在命令中去掉它。",
    ),
    "set_on_resume": (
        "A resumed run keeps what it began with; it would not obey: {keys}",
        "继续训练时沿用原来的设置，以下修改不会生效：{keys}",
    ),
    "set_on_resume.hint": (
        "Start anew with it (the old run is kept in runs/): xtgui train --fresh --set ...",
        "请用新设置重新开始（旧的训练移到 runs/）：xtgui train --fresh --set ...",
    ),
    # --- the disk
    "not_writable": ("{path} cannot be written: {reason}", "无法写入 {path}：{reason}"),
    "not_writable.hint": (
        "Check the rights of the folder, or work in another one: --root DIR",
        "请检查文件夹权限，或换一个文件夹：--root DIR",
    ),
    "no_space": (
        "The disk of {path} has {free} left; a run needs {needed} at the least.",
        "{path} 所在磁盘只剩 {free}，训练至少需要 {needed}。",
    ),
    "no_space.hint": (
        "Free some space: old runs are under runs/, converted models under work_dir/.",
        "请清理磁盘：旧的训练在 runs/ 下，转换后的模型在 work_dir/ 下。",
    ),
}
