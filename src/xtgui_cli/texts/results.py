"""Texts of the results: curves, numbers, answers."""

TEXTS: dict[str, tuple[str, str]] = {
    "loss": (
        "loss: first {first}, last {last}, lowest {lowest} at iter {iteration}",
        "loss：开始 {first}，最后 {last}，最低 {lowest}（第 {iteration} 次迭代）",
    ),
    "no_finite_loss": (
        "The loss was never a number: training has diverged.",
        "loss 始终不是数字：训练已经发散。",
    ),
    "time": (
        "{iteration} of {total} {total|iteration|iterations} in {time}",
        "已完成 {iteration}/{total} 次迭代，用时 {time}",
    ),
    "time_starts": (
        "{iteration} of {total} {total|iteration|iterations} in {time}, in {starts} "
        "{starts|session|sessions}",
        "已完成 {iteration}/{total} 次迭代，用时 {time}，共启动 {starts} 次",
    ),
    "before": ("before", "训练前"),
    "all_alike": (
        "At {name}, all questions get the same answer: the model is overfitted. Try an earlier "
        "checkpoint.",
        "在 {name}，所有问题的回答都相同：模型过拟合了。请试试更早的检查点。",
    ),
    "one_checkpoint": (
        "Full answers: xtgui results --checkpoint {name}",
        "查看完整回答：xtgui results --checkpoint {name}",
    ),
    "nothing_here": ("No results in {path} yet.", "{path} 中还没有结果。"),
    "nothing_here.hint": ("Train first: xtgui train", "请先训练：xtgui train"),
    "png_drawing": ("Drawing...", "正在绘图……"),
    "png_loss": ("loss", "损失（loss）"),
    "png_smoothed": ("mean over {count}", "{count} 次平均"),
    "png_lr": ("learning rate", "学习率"),
    "png_iteration": ("iteration", "迭代次数"),
    "png_name": ("{path} does not end in .png.", "{path} 的扩展名不是 .png。"),
    "png_name.hint": ("For example: --png curves.png", "例如：--png curves.png"),
    "png_no_folder": ("The folder {folder} does not exist.", "文件夹 {folder} 不存在。"),
    "png_taken": (
        "{path} already exists and is not a PNG picture, so xtgui does not replace it.",
        "{path} 已存在，而且不是 PNG 图片，xtgui 不会覆盖它。",
    ),
    "png_taken.hint": ("Choose another name.", "请换一个文件名。"),
    "png_failed": ("Cannot draw {path}: {reason}", "无法绘制 {path}：{reason}"),
    "no_answers_at": ("No answers at {name}.", "{name} 处没有评估回答。"),
    "no_answers_at.hint": ("Checkpoints with answers: {there}", "有回答的检查点：{there}"),
}
