"""Training processes that ended unexpectedly, or whose folder has disappeared."""

TEXTS: dict[str, tuple[str, str]] = {
    "died_disk_full": (
        "The training process ended unexpectedly, and its disk is full ({free} left).",
        "训练进程意外终止，其所在磁盘已满（剩余 {free}）。",
    ),
    "died_disk_full.why": (
        "On a full disk it could not even record why it ended.",
        "磁盘已满，连终止的原因都无法写入。",
    ),
    "died_disk_full.hint": (
        "Free some space (old runs are in runs/, converted models in work_dir/). Saved "
        "checkpoints are still there: xtgui train --resume",
        "请清理磁盘（旧的训练在 runs/ 中，转换后的模型在 work_dir/ 中）。已保存的检查点仍在："
        "xtgui train --resume",
    ),
    "died": (
        "The training process ended unexpectedly: the system or a user killed it.",
        "训练进程意外终止：被系统或用户强制结束。",
    ),
    "died.why": (
        "When memory runs out, Linux kills the process that uses the most; schedulers and users "
        "send the same signal.",
        "内存耗尽时，Linux 会强制结束占用最多的进程；调度器和用户也会发送同样的信号。",
    ),
    "died.hint": (
        "Most often the machine ran out of memory (RAM): see `dmesg | tail`. Saved checkpoints "
        "are still there: xtgui train --resume",
        "最常见的原因是内存耗尽，可用 `dmesg | tail` 查看。已保存的检查点仍在："
        "xtgui train --resume",
    ),
    "died_stopping": (
        "The training process was killed while stopping, before it had saved.",
        "训练进程在停止过程中、保存完成之前被强制结束。",
    ),
    "died_stopping.why": (
        "A scheduler first asks a job to stop, then kills it if that takes too long.",
        "调度器会先要求任务停止，超时后强制结束。",
    ),
    "died_stopping.hint": (
        "Schedulers wait only for a limited time (Slurm: 30 s). Ask for an earlier signal, for "
        "example `#SBATCH --signal=USR1@120`, or save more often. To resume: xtgui train --resume",
        "调度器的等待时间有限（Slurm 为 30 秒）。请让它更早发送信号，"
        "例如 `#SBATCH --signal=USR1@120`，或更频繁地保存。续训：xtgui train --resume",
    ),
    "oom_killed": (
        "The machine ran out of memory (RAM), and the kernel killed the training process.",
        "内存耗尽，系统内核强制结束了训练进程（OOM）。",
    ),
    "oom_killed.why": (
        "When memory runs out, Linux kills the process that uses the most.",
        "内存耗尽时，Linux 会强制结束占用最多的进程。",
    ),
    "oom_killed.hint": (
        "Close other programs or use less memory: a smaller model, or fewer workers "
        "(dataloader_num_workers). `xtgui estimate` shows what a run needs. Saved checkpoints are "
        "still there.",
        "请关闭其他程序，或减少内存用量：换更小的模型，或减小 dataloader_num_workers。"
        "用 `xtgui estimate` 查看所需内存。已保存的检查点仍在。",
    ),
    "crashed": (
        "The training process crashed ({signal}): an error in a library, not in your data.",
        "训练进程崩溃（{signal}）：程序库内部出错，与数据无关。",
    ),
    "crashed.why": (
        "The libraries do not match, the driver has a problem, or the memory is faulty.",
        "程序库互不兼容、驱动有问题，或内存有故障。",
    ),
    "crashed.hint": (
        "Resume once: xtgui train --resume. If it happens again, repair the installation: "
        "xtgui setup",
        "请先续训一次：xtgui train --resume。如果再次发生，请修复安装：xtgui setup",
    ),
    "folder_gone": (
        "{path} no longer exists: it was renamed or deleted, or its disk was disconnected.",
        "{path} 已不存在：已改名或删除，或所在磁盘已断开。",
    ),
    "folder_gone.why": (
        "In a renamed folder, training continues, but xtgui cannot find it.",
        "文件夹改名后训练仍在继续，但 xtgui 找不到它。",
    ),
    "folder_gone.hint": (
        "Give it back its old name, then: xtgui status",
        "请改回原来的名称，然后运行：xtgui status",
    ),
    "died_early": (
        "The training process ended before training started.",
        "训练进程尚未开始就结束了。",
    ),
    "died_early.why": (
        "The interpreter could not start the engine, or it ended while loading libraries.",
        "解释器无法启动训练引擎，或在加载程序库时结束。",
    ),
    "died_early.hint": (
        "See the log for the cause. If a library is missing or broken: xtgui setup",
        "原因见日志。如果缺少程序库或程序库损坏：xtgui setup",
    ),
}
