"""A training process that ended without saying why, or whose folder is gone."""

TEXTS: dict[str, tuple[str, str]] = {
    "died_disk_full": (
        "The training process ended without saying why, and its disk is full ({free} left).",
        "训练进程没有留下任何信息就结束了，其所在磁盘已满（剩余 {free}）。",
    ),
    "died_disk_full.why": (
        "On a full disk it could not even write why it ended.",
        "磁盘已满，连结束的原因都无法写入。",
    ),
    "died_disk_full.hint": (
        "Free some space (old runs are under runs/, converted models under work_dir/). What was "
        "saved is there: xtgui train --resume",
        "请清理磁盘（旧的训练在 runs/ 下，转换后的模型在 work_dir/ 下）。"
        "已保存的检查点仍在：xtgui train --resume",
    ),
    "died": (
        "The training process ended without a word: the system or somebody killed it.",
        "训练进程没有留下任何信息就结束了：被系统或他人终止。",
    ),
    "died.why": (
        "Linux ends the largest process when the memory runs out; schedulers and people use "
        "the same signal.",
        "内存耗尽时，Linux 会终止占用最多的进程；调度系统和用户也会发出同样的信号。",
    ),
    "died.hint": (
        "Most often the memory (RAM) had run out: see `dmesg | tail`. What was saved is there: "
        "xtgui train --resume",
        "最常见的原因是内存耗尽，可用 `dmesg | tail` 查看。"
        "已保存的检查点仍在：xtgui train --resume",
    ),
    "died_stopping": (
        "The training process was killed while it was stopping, before it had saved.",
        "训练进程在停止过程中、保存完成之前被强制终止。",
    ),
    "died_stopping.why": (
        "A scheduler asks a job to stop, and kills it if that takes too long.",
        "调度器先要求任务停止，超时后会强制终止。",
    ),
    "died_stopping.hint": (
        "Schedulers wait only so long (Slurm: 30 s). Ask for an earlier signal, for example "
        "`#SBATCH --signal=USR1@120`, or save more often. To resume: xtgui train --resume",
        "调度器的等待时间有限（Slurm 为 30 秒）。请让它更早发出信号，例如 "
        "`#SBATCH --signal=USR1@120`，或更频繁地保存。继续训练：xtgui train --resume",
    ),
    "oom_killed": (
        "The machine ran out of memory (RAM), and the kernel killed the training.",
        "内存耗尽，训练被系统内核终止（OOM）。",
    ),
    "oom_killed.why": (
        "When the memory runs out, Linux ends the process that takes most of it.",
        "内存耗尽时，Linux 会终止占用最多的进程。",
    ),
    "oom_killed.hint": (
        "Close other programs, or take less: a smaller model or fewer workers "
        "(dataloader_num_workers); `xtgui estimate` says what a run needs. What was saved is "
        "still there.",
        "请关闭其他程序，或减少用量：换更小的模型、减少 dataloader_num_workers；"
        "`xtgui estimate` 会给出所需内存。已保存的检查点仍在。",
    ),
    "crashed": (
        "The training process crashed ({signal}): an error within a library, not in your data.",
        "训练进程崩溃（{signal}）：程序库内部出错，与数据无关。",
    ),
    "crashed.why": (
        "Libraries that do not fit each other, a driver, or defective memory.",
        "程序库互不匹配、驱动有问题，或内存有故障。",
    ),
    "crashed.hint": (
        "Resume once: xtgui train --resume. If it happens again, repair the installation: "
        "xtgui setup",
        "请先续训一次：xtgui train --resume。如果再次发生，请修复安装：xtgui setup",
    ),
    "folder_gone": (
        "{path} is gone: it was renamed or deleted, or its disk was disconnected.",
        "{path} 已不存在：被重命名、删除，或所在磁盘已断开。",
    ),
    "folder_gone.why": (
        "A training goes on in a folder that was renamed, but nothing finds it there.",
        "文件夹被改名后训练仍会继续，但找不到它的进度。",
    ),
    "folder_gone.hint": (
        "Put it back under this name, then: xtgui status",
        "请恢复原来的名称，然后运行：xtgui status",
    ),
    "died_early": (
        "The training process ended before it could begin.",
        "训练进程尚未开始就结束了。",
    ),
    "died_early.why": (
        "The interpreter could not start the engine, or it ended while loading libraries.",
        "解释器无法启动训练引擎，或在加载程序库时结束。",
    ),
    "died_early.hint": (
        "The log says why. If a library is missing or broken: xtgui setup",
        "原因见日志。如果缺少程序库或程序库损坏：xtgui setup",
    ),
}
