"""Warnings during training, which continues. `engine/hook_*.py` fill them."""

TEXTS: dict[str, tuple[str, str]] = {
    "disk_full_waiting": (
        "The disk is full and training is paused. It retries every {seconds} s and stops after "
        "{minutes} {minutes|minute|minutes}. Free some space: old runs are in runs/.",
        "磁盘已满，训练暂停：每 {seconds} 秒重试一次，{minutes} 分钟后停止。请清理磁盘，"
        "旧的训练在 runs/ 中。",
    ),
    "plan_differs": (
        "{name} is {real}, but {planned} was planned.",
        "{name} 实际为 {real}，计划为 {planned}。",
    ),
    "not_saved": (
        "Not saved: the weights contain nan. The last good checkpoint is kept.",
        "未保存：权重中出现了 nan。保留上一个正常的检查点。",
    ),
    "check_failed": (
        "Could not check what the model has learned ({reason}); training continues. See the log "
        "for the cause.",
        "无法检查学习效果（{reason}），训练继续进行。原因见日志。",
    ),
    "until_learned_off": (
        "train.until_learned has no effect: this run cannot check your rows (several GPUs, "
        "check_learning = False or max_dataset_length). Training follows the plan.",
        "train.until_learned 不起作用：本次训练无法检查你的数据（多张 GPU、"
        "check_learning = False，或设置了 max_dataset_length）。训练按计划进行。",
    ),
    "packs_mixed": (
        "With this model, samples in the same pack can see each other. To prevent this, train "
        "without packing: train.pack_to_max_length=false",
        "该模型使用短样本拼接（packing）时，同一序列中的样本会互相可见。如需避免，请关闭拼接："
        "train.pack_to_max_length=false",
    ),
    "resume_not_exact": (
        "This checkpoint has no random state: the result will be close to, but not exactly, that "
        "of an uninterrupted run.",
        "这个检查点没有保存随机状态：结果会与不中断的训练接近，但不完全相同。",
    ),
    "resume_state_damaged": (
        "The random state saved with {name} is damaged: the result will be close to, but not "
        "exactly, that of an uninterrupted run.",
        "随 {name} 保存的随机状态已损坏：结果会与不中断的训练接近，但不完全相同。",
    ),
    "resume_other_data": (
        "The data has changed since the checkpoint: {before} {before|sample|samples} then, {now} "
        "now.",
        "保存检查点之后数据有变化：当时 {before} 个样本，现在 {now} 个。",
    ),
}
