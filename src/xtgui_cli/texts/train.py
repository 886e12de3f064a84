"""Watching and stopping a training; starting one is in `train_start`."""

from . import train_start

TEXTS: dict[str, tuple[str, str]] = {
    **train_start.TEXTS,
    # --- words of the live screen and of the plain lines
    "phase.starting": ("starting", "启动中"),
    "phase.importing": ("loading libraries", "加载程序库"),
    "phase.data": ("preparing data", "处理数据"),
    "phase.model": ("loading the model", "加载模型"),
    "phase.training": ("running", "训练中"),
    "phase.saving": ("saving", "保存中"),
    "phase.evaluating": ("answering", "评估中"),
    "phase.waiting": ("paused", "已暂停"),
    "state.stopping": ("stopping", "正在停止"),
    "state.finished": ("finished", "已完成"),
    "state.stopped": ("stopped", "已停止"),
    "state.failed": ("failed", "失败"),
    "state.died": ("ended unexpectedly", "意外终止"),
    "epoch": ("epoch {epoch}/{epochs}", "第 {epoch}/{epochs} 轮"),
    "loss": ("loss {loss}", "loss {loss}"),
    "token_accuracy": ("{percent}% correct", "正确 {percent}%"),
    "left": ("{time} left", "剩余 {time}"),
    "preparing": (
        "Loading the libraries, the data and the model. This takes a while.",
        "正在加载程序库、数据和模型，请稍候。",
    ),
    "plan": (
        "{samples} {samples|sample|samples} → {iterations} {iterations|iteration|iterations}, "
        "{steps} {steps|update|updates}",
        "{samples} 个样本 → {iterations} 次迭代，{steps} 次参数更新",
    ),
    "no_curve_yet": (
        "The curve starts with the first iteration.",
        "完成第一次迭代后开始绘制曲线。",
    ),
    "reading_history": ("Reading the run's history ...", "正在读取运行记录……"),
    "loss_title": ("loss (mean of 10)", "loss（10 次均值）"),
    "held_out_title": ("held-out loss", "验证 loss"),
    "lr_title": ("learning rate", "学习率"),
    "at_iteration": ("at iter {iteration}", "第 {iteration} 次迭代"),
    "saved": (
        "saved {name} ({size}) · keeping {kept}",
        "已保存 {name}（{size}）· 共保留 {kept} 个",
    ),
    "checkpoint_mark": ("checkpoint", "检查点"),
    "key.leave": ("leave it running", "留在后台运行"),
    "key.stop": ("stop and save", "保存并停止"),
    "key.log": ("log", "日志"),
    "key.back": ("curve", "曲线"),
    "key.help": ("help", "帮助"),
    "screen_help": (
        "The curve shows the loss: how far the model is from the answers in your rows. It falls "
        "while the model learns. The horizontal axis counts iterations; {mark} below it marks a "
        "saved checkpoint.\n"
        "\n"
        "% correct: how often the model predicts the next token of an answer correctly.\n"
        "lr: the learning rate, the size of each step. It rises at first, then falls.\n"
        "Q and A: the model's current answers to your evaluation questions.\n"
        "\n"
        "d or q leaves the screen; training continues, and `xtgui attach` shows it again.\n"
        "s saves a checkpoint and stops. l shows the log. Ctrl-C in `xtgui train` asks first.",
        "曲线是 loss，即模型的输出与你数据中的回答相差多少，学习过程中会下降。横轴是迭代次数，"
        "下方的 {mark} 表示在此保存了检查点。\n"
        "\n"
        "正确率：回答的下一个 token 预测正确的比例。\n"
        "lr：学习率，即每一步的大小；先升高，再降低。\n"
        "Q 和 A：模型目前对评估问题的回答。\n"
        "\n"
        "按 d 或 q 离开界面，训练继续进行；用 `xtgui attach` 可再次查看。\n"
        "按 s 保存检查点并停止；按 l 查看日志；在 `xtgui train` 中按 Ctrl-C 会先询问。",
    ),
    "waited": ("The disk has free space again: training continues.", "磁盘已有空间，训练继续。"),
    # --- notes of the live screen, and what it asks
    "stopping": ("stopping: saving a checkpoint first", "正在停止：先保存检查点"),
    "stopping_note": (
        "stopping: saving a checkpoint after this iteration ({seconds} s) · d stop waiting",
        "正在停止：本次迭代结束后保存检查点（{seconds} 秒）· d 不再等待",
    ),
    "closing": (
        "done; waiting for the training process to exit ...",
        "已结束，正在等待训练进程退出……",
    ),
    "stop_unheard": (
        "no response for {seconds} s · k kill it now, without saving · d stop waiting",
        "已 {seconds} 秒没有响应 · k 立即终止（不保存）· d 不再等待",
    ),
    "stop_late_note": (
        "not stopped after {seconds} s: {doing} · k kill it now, without saving · d stop waiting",
        "{seconds} 秒后仍未停止：{doing} · k 立即终止（不保存）· d 不再等待",
    ),
    "interrupted": ("Training is still running. What next?", "训练仍在进行。要做什么？"),
    "choice.stop": ("Stop, and save a checkpoint", "保存检查点并停止"),
    "choice.leave": ("Leave it running in the background", "留在后台继续运行"),
    "choice.go_on": ("Keep watching", "继续查看"),
    "kill_question": (
        "Kill it now? Everything since the last checkpoint is lost.",
        "立即终止吗？最近一个检查点之后的训练会丢失。",
    ),
    # --- plain lines
    "told_start": ("started: {about} · pid {pid}", "已启动：{about} · pid {pid}"),
    "told_resume": (
        "resumed from {name}: {about} · pid {pid}",
        "从 {name} 续训：{about} · pid {pid}",
    ),
    "on_disk": ("checkpoints: {names}", "检查点：{names}"),
    "end.finished": (
        "Finished: {iteration} {iteration|iteration|iterations} in {time}, loss {loss}. "
        "Saved: {name}",
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
        "Stopped before training started; there is nothing to save.",
        "训练开始前已停止，没有需要保存的内容。",
    ),
    "end.failed": (
        "At iteration {iteration} of {total}. Last saved: {name}",
        "发生在第 {iteration}/{total} 次迭代。最近保存：{name}",
    ),
    "end.failed_unsaved": (
        "At iteration {iteration} of {total}; no checkpoint was saved.",
        "发生在第 {iteration}/{total} 次迭代，尚未保存任何检查点。",
    ),
    "end.died": (
        "At iteration {iteration} of {total}. Last saved: {name}",
        "发生在第 {iteration}/{total} 次迭代。最近保存：{name}",
    ),
    "end.died_unsaved": (
        "At iteration {iteration} of {total}; no checkpoint was saved.",
        "发生在第 {iteration}/{total} 次迭代，尚未保存任何检查点。",
    ),
    "ends_learned": (
        "Will end at iteration {total} of {planned}: the model knows the rows.",
        "将在第 {total}/{planned} 次迭代结束：数据已经学会。",
    ),
    "ends_forgot": (
        "Will end at iteration {total} of {planned}: the model is forgetting what the base knows.",
        "将在第 {total}/{planned} 次迭代结束：模型正在遗忘基座模型的知识。",
    ),
    "ended_learned": (
        "Ended early, at iteration {total} of {planned}: the model knew the rows at two checks.",
        "提前在第 {total}/{planned} 次迭代结束：连续两次检查，数据都已学会。",
    ),
    "ended_forgot": (
        "Ended early, at iteration {total} of {planned}: the model was forgetting what the base "
        "knows.",
        "提前在第 {total}/{planned} 次迭代结束：模型开始遗忘基座模型的知识。",
    ),
    "log_at": (
        "Log: {path}\nRead it: xtgui logs",
        "日志：{path}\n查看：xtgui logs",
    ),
    # --- what to do next
    "next_start": ("Start training: xtgui train", "开始训练：xtgui train"),
    "next_failed": ("See the log: xtgui logs", "查看日志：xtgui logs"),
    "next_died": ("See the log: xtgui logs", "查看日志：xtgui logs"),
    "next_starting": (
        "Watch it: xtgui attach. Stop it: xtgui stop",
        "查看：xtgui attach；停止：xtgui stop",
    ),
    "next_running": (
        "Watch it: xtgui attach. Stop it: xtgui stop",
        "查看：xtgui attach；停止：xtgui stop",
    ),
    "next_stopping": ("Watch it: xtgui attach", "查看：xtgui attach"),
    "started": ("Training started in the background, pid {pid}.", "已在后台开始训练，pid {pid}。"),
    "left_running": (
        "Training continues in the background, pid {pid}.",
        "训练在后台继续进行，pid {pid}。",
    ),
    "left_running.hint": (
        "To watch it again, or to stop it:\n{attach}\n{stop}",
        "再次查看，或停止训练：\n{attach}\n{stop}",
    ),
    "stop_asked": (
        "Stopping after this iteration; saving a checkpoint first ...",
        "本次迭代结束后停止，会先保存检查点……",
    ),
    "stop_late": (
        "Not stopped after {seconds} s: {doing}. If a scheduler kills it now, everything since "
        "the last checkpoint is lost. Give it more time, or set a smaller train.save_steps.",
        "{seconds} 秒后仍未停止：{doing}。如果此时被调度器强制结束，"
        "最近一个检查点之后的训练会丢失；请延长调度器的等待时间，或减小 train.save_steps。",
    ),
    "stalled": (
        "No progress for {seconds} s. The log may show why: xtgui logs. To kill it and resume "
        "from the last checkpoint: xtgui stop --now, then xtgui train --resume",
        "已 {seconds} 秒没有进展。原因可能在日志中：xtgui logs。终止并从最近的检查点续训："
        "先运行 xtgui stop --now，再运行 xtgui train --resume",
    ),
    "suspended": (
        "No progress for {seconds} s: the process is suspended. To let it continue: kill -CONT "
        "{pid}",
        "已 {seconds} 秒没有进展：进程已被挂起。恢复运行：kill -CONT {pid}",
    ),
    "killed": (
        "Killed; everything since the last checkpoint is lost.",
        "已立即终止；最近一个检查点之后的训练没有保存。",
    ),
    "put_away": ("The old run is archived in {path}.", "旧的训练已归档到 {path}。"),
    "put_away.hint": (
        "View it:\nxtgui results --root {path}",
        "查看旧的训练：\nxtgui results --root {path}",
    ),
    "is_put_away": (
        "{path} is an archived run: you can view, convert and chat with it, but not train it.",
        "{path} 是已归档的训练：可以查看结果、转换和对话，但不能继续训练。",
    ),
    "is_put_away.hint": ("Train in its project: {project}", "请在所属项目中训练：{project}"),
    # --- there is no run to follow or stop, or not ours
    "already_running": (
        "A training is already running in this folder (pid {pid}).",
        "该文件夹中已有训练在运行（pid {pid}）。",
    ),
    "already_running.hint": (
        "Watch it: xtgui attach. Stop it: xtgui stop",
        "查看：xtgui attach；停止：xtgui stop",
    ),
    "other_host": (
        "The training is running on another machine: {host}, pid {pid}.",
        "训练正在另一台机器上运行：{host}，pid {pid}。",
    ),
    "other_host.hint": ("Stop it there: xtgui stop", "请在那台机器上运行：xtgui stop"),
    "not_ours": (
        "The lock names process {pid}, which is not the training that holds it. It was not "
        "stopped.",
        "锁文件中的进程 {pid} 不是持有该锁的训练进程，因此没有停止它。",
    ),
    "not_ours.hint": (
        "Find the process that holds the lock, and stop it yourself:\n    fuser {lock}",
        "请找到真正持有锁的进程并自行停止：\n    fuser {lock}",
    ),
    "unnamed_holder": (
        "A process holds the lock, but the lock file does not say which one. Nothing was stopped.",
        "有进程持有锁，但锁文件没有写明是哪一个，因此没有停止任何进程。",
    ),
    "unnamed_holder.hint": (
        "If training has only just started, run the command again. Otherwise find that process, "
        "and stop it yourself:\n    fuser {lock}",
        "如果训练刚刚启动，请再运行一次该命令；否则请找到该进程并自行停止：\n    fuser {lock}",
    ),
    "not_running": ("No training is running in {path}.", "{path} 中没有正在运行的训练。"),
    "not_running.hint": ("See its status: xtgui status", "查看状态：xtgui status"),
    "nothing_here": ("Nothing has been trained in {path} yet.", "{path} 中还没有训练过。"),
    "nothing_here.hint": ("Start training: xtgui train", "开始训练：xtgui train"),
    "elsewhere": (
        "The training in {path} was not started by xtgui, so xtgui cannot follow it.",
        "{path} 中的训练不是由 xtgui 启动的，无法跟踪。",
    ),
    "elsewhere.hint": (
        "See the results: xtgui status, xtgui results. Resume it: xtgui train --resume",
        "查看结果：xtgui status、xtgui results；续训：xtgui train --resume",
    ),
    "elsewhere_line": (
        "trained elsewhere · {done} {done|iteration|iterations}",
        "由其他程序训练 · 已完成 {done} 次迭代",
    ),
    "no_log": ("No log yet: {path}", "还没有日志：{path}"),
    "no_log.hint": ("Start training: xtgui train", "开始训练：xtgui train"),
    "stop_unanswered": (
        "The training process (pid {pid}) has not exited after {seconds} s.",
        "训练进程（pid {pid}）在 {seconds} 秒后仍未退出。",
    ),
    "stop_unanswered.hint": (
        "A long iteration or a large checkpoint takes time: xtgui status. To kill it without "
        "saving: xtgui stop --now",
        "迭代较慢或检查点较大时需要更久，可用 xtgui status 查看。不保存、立即终止："
        "xtgui stop --now",
    ),
}
