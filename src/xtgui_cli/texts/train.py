"""Training: starting it, following it, stopping it."""

TEXTS: dict[str, tuple[str, str]] = {
    # --- words of the live screen and of the plain lines
    "phase.starting": ("starting", "启动中"),
    "phase.importing": ("loading libraries", "加载程序库"),
    "phase.data": ("preparing data", "处理数据"),
    "phase.model": ("loading the model", "加载模型"),
    "phase.training": ("running", "训练中"),
    "phase.saving": ("saving", "保存中"),
    "phase.evaluating": ("answering", "评测中"),
    "phase.waiting": ("paused", "已暂停"),
    "state.stopping": ("stopping", "正在停止"),
    "state.finished": ("finished", "已完成"),
    "state.stopped": ("stopped", "已停止"),
    "state.failed": ("failed", "失败"),
    "state.died": ("ended unexpectedly", "意外终止"),
    "epoch": ("epoch {epoch}/{epochs}", "第 {epoch}/{epochs} 轮"),
    "loss": ("loss {loss}", "loss {loss}"),
    "token_accuracy": ("{percent} % right", "正确 {percent}%"),
    "left": ("left {time}", "剩余 {time}"),
    "preparing": (
        "Loading libraries, data and the model. This takes a while.",
        "正在加载程序库、数据和模型，请稍候。",
    ),
    "plan": (
        "{samples} {samples|sample|samples} → {iterations} {iterations|iteration|iterations}, "
        "{steps} {steps|update|updates}",
        "{samples} 个样本 → {iterations} 次迭代，{steps} 次参数更新",
    ),
    "no_curve_yet": (
        "The curve begins with the first iteration.",
        "完成第一次迭代后开始绘制曲线。",
    ),
    "loss_title": ("loss (mean of 10)", "loss（10 次平均）"),
    "held_out_title": ("held-out loss", "验证 loss"),
    "lr_title": ("learning rate", "学习率"),
    "at_iteration": ("at iter {iteration}", "第 {iteration} 次迭代"),
    "saved": (
        "saved {name} ({size}) · keeping {kept}",
        "已保存 {name}（{size}）· 共保留 {kept} 个",
    ),
    "key.d": ("leave it running", "留在后台运行"),
    "key.s": ("stop and save", "保存并停止"),
    "key.l": ("log", "日志"),
    "key.back": ("curve", "曲线"),
    "key.q": ("quit the screen", "退出界面"),
    "waited": ("The disk has room again: training continues.", "磁盘已有空间，训练继续。"),
    # --- notes of the live screen, and what it asks
    "stopping": ("stopping: a checkpoint is saved first", "正在停止：先保存检查点"),
    "stopping_note": (
        "stopping: saving a checkpoint after this iteration ({seconds} s) · d leave it to it",
        "正在停止：本次迭代结束后保存检查点（{seconds} 秒）· d 不再等待",
    ),
    "closing": ("done; the training process is leaving ...", "已结束，训练进程正在退出……"),
    "stop_unheard": (
        "no answer for {seconds} s · k end it at once, without saving · d leave it",
        "已 {seconds} 秒没有响应 · k 立即终止（不保存）· d 不再等待",
    ),
    "interrupted": ("The training goes on meanwhile. What now?", "训练仍在进行。要做什么？"),
    "choice.stop": ("Stop, and save a checkpoint", "保存检查点并停止"),
    "choice.leave": ("Leave it running in the background", "留在后台继续运行"),
    "choice.go_on": ("Go on watching", "继续查看"),
    "kill_question": (
        "End it at once? What was learned since the last checkpoint is lost.",
        "立即终止吗？最近一个检查点之后的训练将丢失。",
    ),
    # --- plain lines
    "told_start": ("started: {about} · pid {pid}", "已启动：{about} · pid {pid}"),
    "told_resume": (
        "resumed from {name}: {about} · pid {pid}",
        "从 {name} 继续：{about} · pid {pid}",
    ),
    "on_disk": ("checkpoints: {names}", "检查点：{names}"),
    "end.finished": (
        "Finished: {iteration} {iteration|iteration|iterations} in {time}, loss {loss}. Saved: "
        "{name}",
        "训练完成：{iteration} 次迭代，用时 {time}，loss {loss}。已保存：{name}",
    ),
    "end.finished_unsaved": (
        "Finished: {iteration} {iteration|iteration|iterations} in {time}, loss {loss}.",
        "训练完成：{iteration} 次迭代，用时 {time}，loss {loss}。",
    ),
    "end.stopped": (
        "Stopped at iteration {iteration} of {total}, loss {loss}. Saved: {name}",
        "已停在第 {iteration}/{total} 次迭代，loss {loss}。已保存：{name}",
    ),
    "end.stopped_unsaved": (
        "Stopped at iteration {iteration} of {total}.",
        "已停在第 {iteration}/{total} 次迭代。",
    ),
    "end.stopped_before": (
        "Stopped before the training had begun; there was nothing to save.",
        "训练尚未开始就已停止，没有需要保存的内容。",
    ),
    "end.failed": (
        "At iteration {iteration} of {total}. Saved before: {name}",
        "发生在第 {iteration}/{total} 次迭代。此前已保存：{name}",
    ),
    "end.failed_unsaved": (
        "At iteration {iteration} of {total}; nothing was saved yet.",
        "发生在第 {iteration}/{total} 次迭代，尚未保存任何检查点。",
    ),
    "end.died": (
        "At iteration {iteration} of {total}. Saved before: {name}",
        "发生在第 {iteration}/{total} 次迭代。此前已保存：{name}",
    ),
    "end.died_unsaved": (
        "At iteration {iteration} of {total}; nothing was saved yet.",
        "发生在第 {iteration}/{total} 次迭代，尚未保存任何检查点。",
    ),
    "ends_learned": (
        "Ends at iteration {total} of {planned}: the rows are known.",
        "将在第 {total}/{planned} 次迭代结束：数据已经学会。",
    ),
    "ends_forgot": (
        "Ends at iteration {total} of {planned}: it forgets what the base knows.",
        "在第 {total}/{planned} 次迭代结束：模型正在忘记基座原有的知识。",
    ),
    "ended_learned": (
        "Ended early at iteration {total} of {planned}: the rows were known at two checks.",
        "在第 {total}/{planned} 次迭代提前结束：连续两次检查，数据都已学会。",
    ),
    "ended_forgot": (
        "Ended early at iteration {total} of {planned}: it was forgetting what the base knows.",
        "在第 {total}/{planned} 次迭代提前结束：模型开始忘记基座原有的知识。",
    ),
    "log_at": ("Log: {path} (more of it: xtgui logs)", "日志：{path}（查看更多：xtgui logs）"),
    # --- what to do next
    "next_start": ("Start with: xtgui train", "开始训练：xtgui train"),
    "next_failed": ("Log: xtgui logs", "查看日志：xtgui logs"),
    "next_died": ("Log: xtgui logs", "查看日志：xtgui logs"),
    "next_starting": (
        "Follow it: xtgui attach. Stop it: xtgui stop",
        "查看：xtgui attach；停止：xtgui stop",
    ),
    "next_running": (
        "Follow it: xtgui attach. Stop it: xtgui stop",
        "查看：xtgui attach；停止：xtgui stop",
    ),
    "next_stopping": ("Follow it: xtgui attach", "查看：xtgui attach"),
    "started": ("Training in the background, pid {pid}.", "已在后台开始训练，pid {pid}。"),
    "left_running": (
        "The training goes on in the background, pid {pid}.",
        "训练在后台继续进行，pid {pid}。",
    ),
    "left_running.hint": (
        "See it again, or stop it:\n{attach}\n{stop}",
        "再次查看，或停止：\n{attach}\n{stop}",
    ),
    "stop_asked": (
        "Stopping after this iteration; a checkpoint is saved first ...",
        "本次迭代结束后停止，先保存检查点……",
    ),
    "stop_late": (
        "Not stopped after {seconds} s: {doing}. If a scheduler kills it now, what was trained "
        "since the last checkpoint is lost; give it more time, or set a smaller train.save_steps.",
        "{seconds} 秒后仍未停止：{doing}。如果此时被调度器强制终止，最近一个检查点之后的训练"
        "将丢失；请延长调度器的等待时间，或减小 train.save_steps。",
    ),
    "stalled": (
        "No progress for {seconds} s. The log may say why: xtgui logs. To end it and resume from "
        "the last checkpoint: xtgui stop --now, then xtgui train --resume",
        "已 {seconds} 秒没有进展。原因可能在日志中：xtgui logs。如要终止并从最近的检查点续训："
        "先运行 xtgui stop --now，再运行 xtgui train --resume",
    ),
    "suspended": (
        "No progress for {seconds} s: somebody has suspended the process. To let it run on: "
        "kill -CONT {pid}",
        "已 {seconds} 秒没有进展：进程已被挂起。恢复运行：kill -CONT {pid}",
    ),
    "killed": (
        "Ended at once; nothing was saved since the last checkpoint.",
        "已立即终止；最近一个检查点之后的训练没有保存。",
    ),
    "put_away": ("The old run lies in {path} now.", "旧的训练已移到 {path}。"),
    "put_away.hint": (
        "Look at it:\nxtgui results --root {path}",
        "查看旧的训练：\nxtgui results --root {path}",
    ),
    "is_put_away": (
        "{path} is an old run: it can be looked at, converted and talked to, but not trained.",
        "{path} 是已移走的旧训练：可以查看结果、转换和对话，但不能继续训练。",
    ),
    "is_put_away.hint": ("Train in its project: {project}", "请在所属项目中训练：{project}"),
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
    # --- errors
    "already_running": (
        "A training is running in this folder already (pid {pid}).",
        "该文件夹中已有训练在运行（pid {pid}）。",
    ),
    "already_running.hint": (
        "Watch it: xtgui attach. Stop it: xtgui stop",
        "查看：xtgui attach；停止：xtgui stop",
    ),
    "other_host": (
        "The training runs on another machine: {host}, pid {pid}.",
        "训练运行在另一台机器上：{host}，pid {pid}。",
    ),
    "other_host.hint": ("Stop it there: xtgui stop", "请在那台机器上运行：xtgui stop"),
    "not_ours": (
        "The lock names process {pid}, which is not the training that holds it. It was left alone.",
        "锁文件中的进程 {pid} 并不是持有该锁的训练进程，因此没有向它发送任何信号。",
    ),
    "not_ours.hint": (
        "Find the one that holds it, and end it yourself:\n    fuser {lock}",
        "请找到真正持有锁的进程并自行结束它：\n    fuser {lock}",
    ),
    "unnamed_holder": (
        "Some process holds the lock, but the file does not say which one. Nothing was stopped.",
        "有进程持有锁，但锁文件没有写明是哪一个，因此没有停止任何进程。",
    ),
    "unnamed_holder.hint": (
        "Right after a start, run the command again. Otherwise find that process, and end it "
        "yourself:\n    fuser {lock}",
        "如果训练刚刚启动，请再运行一次该命令；否则请找到该进程并自行结束它：\n    fuser {lock}",
    ),
    "not_running": ("No training is running in {path}.", "{path} 中没有正在运行的训练。"),
    "not_running.hint": ("Where it stands: xtgui status", "查看状态：xtgui status"),
    "nothing_here": ("Nothing has been trained in {path} yet.", "{path} 中还没有训练过。"),
    "nothing_here.hint": ("Start with: xtgui train", "开始训练：xtgui train"),
    "elsewhere": (
        "The training in {path} was not started by xtgui, so there is nothing to follow.",
        "{path} 中的训练不是由 xtgui 启动的，无法跟踪。",
    ),
    "elsewhere.hint": (
        "See what came of it: xtgui status, xtgui results. Resume it: xtgui train --resume",
        "查看情况：xtgui status、xtgui results；续训：xtgui train --resume",
    ),
    "elsewhere_line": (
        "trained elsewhere · {done} {done|iteration|iterations}",
        "在别处训练 · 已完成 {done} 次迭代",
    ),
    "no_log": ("There is no log yet: {path}", "还没有日志：{path}"),
    "no_log.hint": ("Start with: xtgui train", "开始训练：xtgui train"),
    "stop_unanswered": (
        "The training (pid {pid}) has not left within {seconds} s.",
        "训练（pid {pid}）在 {seconds} 秒内没有退出。",
    ),
    "stop_unanswered.hint": (
        "A long iteration or a big checkpoint takes its time: xtgui status. "
        "To end it without saving: xtgui stop --now",
        "迭代较慢或检查点较大时需要更久，可用 xtgui status 查看。不保存直接终止：xtgui stop --now",
    ),
    "checkpoints_there": (
        "There is a run in this folder already, saved up to {latest}.",
        "该文件夹中已有训练，保存到 {latest}。",
    ),
    "checkpoints_there.hint": (
        "Go on with it: xtgui train --resume. Start anew and keep it in runs/: xtgui train --fresh",
        "继续：xtgui train --resume；重新开始（旧的训练移到 runs/）：xtgui train --fresh",
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
