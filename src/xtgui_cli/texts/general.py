"""General questions: asked of the base model before training, and trained with the user's rows."""

TEXTS: dict[str, tuple[str, str]] = {
    "asking": (
        "Letting the base model answer {count} general {count|question|questions}; Ctrl-C goes on "
        "without {count|it|them}.",
        "正在让基座模型回答通用问题（需要 {count} 个回答），按 Ctrl-C 可跳过。",
    ),
    "interrupted": (
        "Interrupted: no general questions are mixed in this time.",
        "已中断：这次不混入通用问题。",
    ),
    "failed": (
        "The base model could not answer the general questions, so none are mixed in: {reason}",
        "基座模型未能回答通用问题，这次不混入：{reason}",
    ),
    "no_engine": (
        "The training engine is not installed yet. The base model answers the general questions "
        "when you train.",
        "还没有安装训练引擎。开始训练时，再让基座模型回答通用问题。",
    ),
    "few": (
        "{count} general {count|question is|questions are} mixed in, not {wanted}: to the others "
        "the base model gave no short answer.",
        "混入 {count} 个通用问题（原计划 {wanted} 个）：对其余问题，"
        "基座模型没有给出完整的简短回答。",
    ),
    "few_in_time": (
        "{count} general {count|question is|questions are} mixed in, not {wanted}: the base model "
        "gave no more short answers in a tenth of the run's time.",
        "混入 {count} 个通用问题（原计划 {wanted} 个）：在训练时间的十分之一内，"
        "基座模型没有给出更多完整的简短回答。",
    ),
    "replanned": (
        "Final plan: {samples} {samples|sample|samples} × {epochs} {epochs|epoch|epochs} → "
        "{iterations} {iterations|iteration|iterations}, {updates} {updates|update|updates}",
        "最终计划：{samples} 个样本 × {epochs} 轮 → {iterations} 次迭代，{updates} 次更新",
    ),
}
