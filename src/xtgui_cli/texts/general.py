"""Texts about general questions, which the base model answers before training."""

TEXTS: dict[str, tuple[str, str]] = {
    "asking": (
        "Asking the base model up to {count} general {count|question|questions}. Press Ctrl-C to "
        "continue without {count|it|them}.",
        "正在让基座模型回答通用问题（最多 {count} 个），按 Ctrl-C 可跳过。",
    ),
    "interrupted": (
        "Interrupted. This run mixes in no general questions.",
        "已中断，本次训练不混入通用问题。",
    ),
    "failed": (
        "The base model could not answer the general questions, so this run mixes in none: "
        "{reason}",
        "基座模型未能回答通用问题，本次训练不混入：{reason}",
    ),
    "no_engine": (
        "The training engine is not installed yet. The base model will answer the general "
        "questions when training starts.",
        "尚未安装训练引擎。开始训练时，基座模型再回答通用问题。",
    ),
    "few": (
        "Mixed in {count} general {count|question|questions} instead of {wanted}: the base model "
        "gave no short answer to the others.",
        "混入 {count} 个通用问题（原计划 {wanted} 个）：对其余问题，"
        "基座模型没有给出完整的简短回答。",
    ),
    "few_in_time": (
        "Mixed in {count} general {count|question|questions} instead of {wanted}: answering more "
        "would take over a tenth of the training time.",
        "混入 {count} 个通用问题（原计划 {wanted} 个）：回答更多会超过训练时间的十分之一。",
    ),
    "replanned": (
        "Final plan: {samples} {samples|sample|samples} × {epochs} {epochs|epoch|epochs} → "
        "{iterations} {iterations|iteration|iterations}, {updates} {updates|update|updates}",
        "最终计划：{samples} 个样本 × {epochs} 轮 → {iterations} 次迭代，{updates} 次参数更新",
    ),
}
