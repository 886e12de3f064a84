"""Texts of the learning check: the live line, the table and the verdict."""

TEXTS: dict[str, tuple[str, str]] = {
    # --- one line under the curve
    "line": ("at iter {iteration}: {found}", "第 {iteration} 次迭代：{found}"),
    "cell_known": ("knows {known} of {asked} {asked|row|rows}", "逐字答对 {known}/{asked} 行"),
    "cell_known_of": (
        "knows {known} of {asked} sampled from {total} {total|row|rows}",
        "抽问 {asked}/{total} 行，逐字答对 {known} 行",
    ),
    "cell_known_interval": (
        "knows {known} of {asked} sampled from {total} {total|row|rows}; {low} to {high}%",
        "抽问 {asked}/{total} 行，逐字答对 {known} 行（{low}% 至 {high}%）",
    ),
    "cell_before": (" (before: {before})", "（训练前 {before}）"),
    "cell_tests": ("reworded {right} of {asked}", "换种问法 {right}/{asked}"),
    "cell_kept": ("general knowledge {kept} of {of}", "通用知识 {kept}/{of}"),
    "cell_kept_unknown": ("general knowledge: cannot be measured", "通用知识：无法衡量"),
    "cell_wording": ("wording {nats}", "措辞变化 {nats}"),
    "cell_held_out": ("held-out loss {loss}", "验证 loss {loss}"),
    # --- the table of results
    "title": ("What the model has learned", "学习效果"),
    "column_checkpoint": ("checkpoint", "检查点"),
    "column_known": ("rows known", "逐字答对"),
    "column_tests": ("reworded", "换种问法"),
    "column_kept": ("general", "通用知识"),
    "column_wording": ("wording", "措辞变化"),
    "column_held_out": ("held-out", "验证 loss"),
    "column_faults": ("problems", "异常"),
    "known_of": ("{known}/{asked} of {total}", "{known}/{asked}（共 {total}）"),
    "fault_loops": ("loops", "重复"),
    "fault_empty": ("empty", "空回答"),
    "fault_does_not_stop": ("endless", "停不下来"),
    "fault_repeats_taught": ("off-topic", "答非所问"),
    "base": ("before", "训练前"),
    "recommended": ("recommended: {name}", "推荐使用：{name}"),
    "not_known": ("Rows the model does not know: {count}", "没有学会的行：{count}"),
    "row": ("row {number}", "第 {number} 行"),
    "more_rows": ("and {count} more", "另有 {count} 行"),
    # --- warnings about the loss during training
    "live_rising": (
        "The loss is rising (from {first} to {now}): the learning rate is too high. Stop "
        "training; xtgui then suggests a lower one.",
        "loss 在上升（从 {first} 到 {now}）：学习率过高。请停止训练，之后会建议更低的学习率。",
    ),
    "live_flat": (
        "The loss hardly falls (from {first} to {now}): the learning rate is probably too low, or "
        "far too high.",
        "loss 几乎不下降（从 {first} 到 {now}）：学习率可能过低，也可能过高很多。",
    ),
    "live_diverged": (
        "The loss is no longer a number: training has diverged. Stop it; xtgui then suggests a "
        "lower learning rate.",
        "loss 已不是数字：训练已经发散。请停止训练，之后会建议更低的学习率。",
    ),
    # --- the verdict
    "rising": (
        "The loss rose from {first} to {now}: training made the model worse.",
        "loss 从 {first} 升到 {now}：训练起了反作用。",
    ),
    "flat": (
        "The loss hardly fell: from {first} to {now}.",
        "loss 几乎没有下降：从 {first} 到 {now}。",
    ),
    "diverged": (
        "Training has diverged: the loss is no longer a number.",
        "训练已经发散：loss 已不是数字。",
    ),
    "learned": (
        "Learned: {known} of {asked} taught {asked|row|rows} answered word for word (before: "
        "{before}).",
        "学会了：{asked} 行训练数据中有 {known} 行能逐字答对（训练前 {before} 行）。",
    ),
    "partly": (
        "Partly learned: {known} of {asked} taught {asked|row|rows} answered word for word "
        "(before: {before}).",
        "学会了一部分：{asked} 行训练数据中有 {known} 行能逐字答对（训练前 {before} 行）。",
    ),
    "hardly": (
        "Hardly learned: {known} of {asked} taught {asked|row|rows} answered word for word "
        "(before: {before}).",
        "几乎没有学会：{asked} 行训练数据中只有 {known} 行能逐字答对（训练前 {before} 行）。",
    ),
    "sample": (
        "xtgui asked {asked} {asked|row|rows}, chosen at random from all {total}.",
        "从全部 {total} 行中随机抽问了 {asked} 行。",
    ),
    "sample_interval": (
        "xtgui asked {asked} {asked|row|rows}, chosen at random from all {total}: the model knows "
        "{low} to {high}% of them (95% interval).",
        "从全部 {total} 行中随机抽问了 {asked} 行：估计学会其中的 {low}% 至 {high}%（95% "
        "置信区间）。",
    ),
    "loss_fell": (
        "The answers are long, so the loss says more than the number of word-for-word matches. On "
        "the taught rows it fell from {before} to {now}.",
        "回答较长，是否逐字答对意义不大，应看 loss：在训练数据上从 {before} 降到 {now}。",
    ),
    "loss_hardly_fell": (
        "Hardly learned: on the taught rows, the loss went from {before} to {now}.",
        "几乎没有学会：训练数据上的 loss 从 {before} 变为 {now}。",
    ),
    "held_out_better": (
        "On the held-out rows, the loss fell from {before} to {now}.",
        "在验证集上，loss 从 {before} 降到 {now}。",
    ),
    "held_out_worse": (
        "On the held-out rows, the loss rose from {before} to {now}: the model memorizes the data.",
        "在验证集上，loss 从 {before} 升到 {now}：模型在死记硬背。",
    ),
    "other_words": (
        "The model answers {right} of {asked} reworded {asked|question|questions} correctly.",
        "换种问法的 {asked} 个问题中，答对 {right} 个。",
    ),
    "recites": (
        "The model recites: it answers only {right} of {asked} reworded "
        "{asked|question|questions} correctly.",
        "模型只是在背诵：换种问法的 {asked} 个问题中，只答对 {right} 个。",
    ),
    "kept": (
        "The model still answers {kept} of the {of} general {of|question|questions} that the base "
        "model answers correctly.",
        "基座模型答对的 {of} 个通用问题中，现在仍答对 {kept} 个。",
    ),
    "forgot": (
        "The model has forgotten: it still answers only {kept} of the {of} general "
        "{of|question|questions} that the base model answers correctly.",
        "出现遗忘：基座模型答对的 {of} 个通用问题中，现在只答对 {kept} 个。",
    ),
    "not_measurable": (
        "xtgui cannot tell whether the model keeps its general knowledge: the base model answers "
        "too few of the questions correctly.",
        "无法判断原有知识是否保留：基座模型本身答对的太少。",
    ),
    "style_changed": (
        "The model's wording has changed a lot ({nats} nats per token).",
        "措辞有明显变化（每 token {nats} nats）。",
    ),
    "loops": ("Some answers repeat themselves endlessly.", "有的回答不断重复。"),
    "empty": ("Some answers are empty.", "有的回答是空的。"),
    "does_not_stop": ("Some answers never end.", "有的回答停不下来。"),
    "repeats_taught": (
        "The model gives taught answers to unrelated questions.",
        "对不相关的问题，模型也照搬教过的回答。",
    ),
}
