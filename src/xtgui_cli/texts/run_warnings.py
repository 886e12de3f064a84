"""Warnings of the engine: the training goes on. `engine/hook_*.py` fill them."""

TEXTS: dict[str, tuple[str, str]] = {
    "disk_full_waiting": (
        "The disk is full: training is paused, tries again every {seconds} s, and stops after "
        "{minutes} {minutes|minute|minutes}. Free some space: old runs are under runs/.",
        "磁盘已满，训练暂停：每 {seconds} 秒重试一次，{minutes} 分钟后停止。"
        "请清理磁盘，旧的训练在 runs/ 下。",
    ),
    "plan_differs": (
        "{name} is {real}, not {planned} as planned.",
        "{name} 实际为 {real}，与计划的 {planned} 不同。",
    ),
    "not_saved": (
        "Not saved: the weights are no longer numbers (nan). The last good checkpoint is kept.",
        "未保存：权重已变成 nan。保留上一个检查点。",
    ),
    "check_failed": (
        "What the model has learned could not be checked ({reason}); training continues. The log "
        "says why.",
        "无法检查学习效果（{reason}），训练继续进行。原因见日志。",
    ),
    "until_learned_off": (
        "train.until_learned has no effect: this run cannot check your rows (several GPUs, "
        "check_learning = False or max_dataset_length). It trains as planned.",
        "train.until_learned 不起作用：本次训练无法检查你的数据（使用多块 GPU、"
        "check_learning = False，或设置了 max_dataset_length）。训练按计划进行。",
    ),
    "packs_mixed": (
        "Samples that are packed together see each other with this model. To keep them apart, "
        "train without packing: train.pack_to_max_length=false",
        "该模型在样本拼接（packing）时，同一包内的样本会互相看到。如需避免，请关闭拼接："
        "train.pack_to_max_length=false",
    ),
    "resume_not_exact": (
        "No random state was saved with this checkpoint: the run will be close to, but not "
        "exactly, one without a stop.",
        "这个检查点没有保存随机状态：结果会与不中断的训练接近，但不完全相同。",
    ),
    "resume_state_damaged": (
        "The random state saved with {name} is damaged: the run will be close to, but not "
        "exactly, one without a stop.",
        "随 {name} 保存的随机状态已损坏：结果会与不中断的训练接近，但不完全相同。",
    ),
    "resume_other_data": (
        "The data changed since the checkpoint: {before} {before|sample|samples} then, {now} now.",
        "保存检查点之后数据有变化：当时 {before} 个样本，现在 {now} 个。",
    ),
}
