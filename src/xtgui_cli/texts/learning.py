"""Whether a model has learned what it was taught: the live line, the table and the verdict."""

TEXTS: dict[str, tuple[str, str]] = {
    # --- one line under the curve
    "line": ("at iter {iteration}: {found}", "第 {iteration} 次迭代：{found}"),
    "cell_known": ("knows {known} of {asked} {asked|row|rows}", "答对 {known}/{asked} 行"),
    "cell_known_of": (
        "knows {known} of {asked} asked of {total} {total|row|rows}",
        "抽问 {total} 行中的 {asked} 行，答对 {known}",
    ),
    "cell_known_interval": (
        "knows {known} of {asked} asked of {total} {total|row|rows}; {low} to {high} %",
        "抽问 {total} 行中的 {asked} 行，答对 {known}（{low}% 至 {high}%）",
    ),
    "cell_before": (" (before: {before})", "（训练前 {before}）"),
    "cell_tests": ("other words {right} of {asked}", "换种问法 {right}/{asked}"),
    "cell_kept": ("general knowledge {kept} of {of}", "原有知识 {kept}/{of}"),
    "cell_kept_unknown": ("general knowledge: not measurable", "原有知识：无法衡量"),
    "cell_wording": ("wording {nats}", "措辞变化 {nats}"),
    "cell_held_out": ("held-out loss {loss}", "验证 loss {loss}"),
    # --- the table of results
    "title": ("What it has learned", "学习效果"),
    "column_checkpoint": ("checkpoint", "检查点"),
    "column_known": ("rows known", "答对的行"),
    "column_tests": ("other words", "换种问法"),
    "column_kept": ("general", "原有知识"),
    "column_wording": ("wording", "措辞变化"),
    "column_held_out": ("held-out", "验证 loss"),
    "column_faults": ("faults", "异常"),
    "known_of": ("{known}/{asked} of {total}", "{known}/{asked}（共 {total}）"),
    "fault_loops": ("loops", "重复"),
    "fault_empty": ("empty", "空回答"),
    "fault_does_not_stop": ("no end", "停不下来"),
    "fault_repeats_taught": ("off-topic", "答非所问"),
    "base": ("before", "训练前"),
    "recommended": ("recommended: {name}", "推荐使用：{name}"),
    "not_known": ("Rows that it does not know: {count}", "没有学会的行：{count}"),
    "row": ("row {number}", "第 {number} 行"),
    "more_rows": ("and {count} more", "另有 {count} 行"),
    # --- while it trains: where the loss goes
    "live_rising": (
        "The loss is rising ({first} at first, {now} now): too high a learning rate. Stop the "
        "training; then a lower one is proposed.",
        "loss 在上升（开始 {first}，现在 {now}）：学习率过高。请停止训练，之后会建议更低的学习率。",
    ),
    "live_flat": (
        "The loss hardly falls ({first} at first, {now} now): the learning rate is probably too "
        "low, or far too high.",
        "loss 几乎不下降（开始 {first}，现在 {now}）：学习率可能过低，或高出太多。",
    ),
    "live_diverged": (
        "The loss is no longer a number: the training has diverged. Stop it; then a lower learning "
        "rate is proposed.",
        "loss 已不是数字：训练已经发散。请停止训练，之后会建议更低的学习率。",
    ),
    # --- the verdict
    "rising": (
        "The loss rose from {first} to {now}: the training has done harm.",
        "loss 从 {first} 升到 {now}：训练起了反作用。",
    ),
    "flat": (
        "The loss hardly fell: {first} at first, {now} at the end.",
        "loss 几乎没有下降：开始 {first}，最后 {now}。",
    ),
    "diverged": (
        "The training has diverged: the loss is no longer a number.",
        "训练已经发散：loss 已不是数字。",
    ),
    "learned": (
        "Learned: it answers {known} of {asked} taught {asked|row|rows} word for word (before: "
        "{before}).",
        "学会了：{asked} 行中有 {known} 行能原样答对（训练前 {before} 行）。",
    ),
    "partly": (
        "Partly learned: it answers {known} of {asked} taught {asked|row|rows} word for word "
        "(before: {before}).",
        "学会了一部分：{asked} 行中有 {known} 行能原样答对（训练前 {before} 行）。",
    ),
    "hardly": (
        "Hardly learned: it answers {known} of {asked} taught {asked|row|rows} word for word "
        "(before: {before}).",
        "几乎没有学会：{asked} 行中只有 {known} 行能原样答对（训练前 {before} 行）。",
    ),
    "sample": (
        "Of all {total} rows, {asked} {asked|was|were} asked, chosen at random.",
        "共 {total} 行，随机抽问了 {asked} 行。",
    ),
    "sample_interval": (
        "Of all {total} rows, {asked} {asked|was|were} asked, chosen at random: it knows {low} to "
        "{high} % of them (95 % interval).",
        "共 {total} 行，随机抽问了 {asked} 行：估计学会其中的 {low}% 至 {high}%（95% 置信区间）。",
    ),
    "loss_fell": (
        "The answers are long, so the loss says more than how many come back word for word: on "
        "the taught rows it fell from {before} to {now}.",
        "回答较长，是否逐字答对意义不大，应看 loss：在训练数据上从 {before} 降到 {now}。",
    ),
    "loss_hardly_fell": (
        "Hardly learned: on the taught rows the loss went from {before} to {now}.",
        "几乎没有学会：训练数据上的 loss 从 {before} 变为 {now}。",
    ),
    "held_out_better": (
        "On rows it was not trained on, the loss fell from {before} to {now}.",
        "在未参与训练的行上，loss 从 {before} 降到 {now}。",
    ),
    "held_out_worse": (
        "On rows it was not trained on, the loss rose from {before} to {now}: it learns by heart.",
        "在未参与训练的行上，loss 从 {before} 升到 {now}：模型在死记硬背。",
    ),
    "other_words": (
        "Asked in other words, it is right {right} of {asked} {asked|time|times}.",
        "换种问法，{asked} 题答对 {right} 题。",
    ),
    "recites": (
        "It recites: asked in other words, it is right only {right} of {asked} {asked|time|times}.",
        "只是在背诵：换种问法，{asked} 题只答对 {right} 题。",
    ),
    "kept": (
        "Of {of} general {of|question|questions} that the base gets right, {kept} {kept|is|are} "
        "still right.",
        "基座答对的 {of} 道常识题中，现在仍答对 {kept} 题。",
    ),
    "forgot": (
        "It has forgotten: of {of} general {of|question|questions} that the base gets right, only "
        "{kept} {kept|is|are} still right.",
        "出现遗忘：基座答对的 {of} 道常识题中，现在只答对 {kept} 题。",
    ),
    "not_measurable": (
        "Whether general knowledge is kept cannot be told: the base knows too little of it.",
        "无法判断原有知识是否保留：基座模型本身答对的太少。",
    ),
    "style_changed": (
        "Its way of speaking has changed ({nats} nats a token).",
        "说话方式有明显变化（每 token {nats} nats）。",
    ),
    "loops": ("Some answers repeat themselves without end.", "有的回答不断重复。"),
    "empty": ("Some answers are empty.", "有的回答是空的。"),
    "does_not_stop": ("Some answers do not come to an end.", "有的回答停不下来。"),
    "repeats_taught": (
        "It gives a taught answer to questions that have nothing to do with it.",
        "对不相关的问题也用教过的回答来答。",
    ),
}
