"""Training with several processes."""

TEXTS: dict[str, tuple[str, str]] = {
    "one_gpu_only": (
        "The settings ask for {wanted}, but xtgui trains on one GPU without DeepSpeed.",
        "设置中要求 {wanted}，但 xtgui 只支持单卡训练，不使用 DeepSpeed。",
    ),
    "one_gpu_only.hint": (
        "Start it with XTuner:\n"
        "{command}\n"
        "Or plan for one GPU:\n"
        "xtgui init --set launch.num_gpus=1",
        "请用 XTuner 启动：\n{command}\n或按单卡重新规划：\nxtgui init --set launch.num_gpus=1",
    ),
    "gpus": ("{count} GPUs", "{count} 张显卡"),
}
"""`launch.` and their names."""
