"""Whether a model has learned what it was taught: the live line, the table and the verdict."""

TEXTS: dict[str, tuple[str, str]] = {
    # --- one line under the curve
    "line": ("at iter {iteration}: {found}", "第 {iteration} 次迭代：{found}"),
    "cell_known": ("knows {known} of {asked} rows", "答对 {known}/{asked} 行"),
    "cell_before": (" (before: {before})", "（训练前 {before}）"),
    "cell_tests": ("other words {right} of {asked}", "换种问法 {right}/{asked}"),
    "cell_kept": ("general knowledge {kept} of {of}", "原有知识 {kept}/{of}"),
    "cell_kept_unknown": ("general knowledge: not measurable", "原有知识：无法衡量"),
    "cell_held_out": ("held-out loss {loss}", "验证 loss {loss}"),
    # --- the table of results
    "title": ("What it has learned", "学习效果"),
    "column_checkpoint": ("checkpoint", "检查点"),
    "column_known": ("rows known", "答对的行"),
    "column_tests": ("other words", "换种问法"),
    "column_kept": ("general", "原有知识"),
    "column_wording": ("wording", "措辞变化"),
    "column_held_out": ("held-out loss", "验证 loss"),
    "base": ("before", "训练前"),
    "recommended": ("recommended: {name}", "推荐使用：{name}"),
    "not_known": ("does not know: rows {rows}", "没有学会的行：{rows}"),
    # --- the verdict
    "learned": (
        "Learned: it answers {known} of {asked} taught rows word for word (before: {before}).",
        "学会了：{asked} 行中有 {known} 行能原样答对（训练前 {before} 行）。",
    ),
    "partly": (
        "Partly learned: it answers {known} of {asked} taught rows word for word (before: "
        "{before}). More epochs help: --set train.max_epochs=...",
        "学会了一部分：{asked} 行中有 {known} 行能原样答对（训练前 {before} 行）。"
        "可增加训练轮数：--set train.max_epochs=...",
    ),
    "hardly": (
        "Hardly learned: it answers {known} of {asked} taught rows word for word (before: "
        "{before}). Double the learning rate: xtgui train --fresh --set train.lr=...",
        "几乎没有学会：{asked} 行中只有 {known} 行能原样答对（训练前 {before} 行）。"
        "请把学习率加倍：xtgui train --fresh --set train.lr=...",
    ),
    "held_out_better": (
        "On rows it was not trained on, the loss fell from {before} to {now}.",
        "在未参与训练的行上，loss 从 {before} 降到 {now}。",
    ),
    "held_out_worse": (
        "On rows it was not trained on, the loss rose from {before} to {now}: it learns by heart. "
        "Fewer epochs or an earlier checkpoint help.",
        "在未参与训练的行上，loss 从 {before} 升到 {now}：模型在死记硬背。"
        "请减少轮数，或使用更早的检查点。",
    ),
    "other_words": (
        "Asked in other words, it is right {right} of {asked} times.",
        "换种问法，{asked} 题答对 {right} 题。",
    ),
    "recites": (
        "It recites: asked in other words, it is right only {right} of {asked} times. Write each "
        "fact in several wordings, a row each.",
        "只是在背诵：换种问法，{asked} 题只答对 {right} 题。建议同一件事用几种问法各写一行。",
    ),
    "kept": (
        "Of {of} general questions that the base gets right, {kept} are still right.",
        "基座答对的 {of} 道常识题中，现在仍答对 {kept} 题。",
    ),
    "forgot": (
        "It has forgotten: of {of} general questions that the base gets right, only {kept} are "
        "still right. A lower learning rate, fewer epochs or an earlier checkpoint help.",
        "出现遗忘：基座答对的 {of} 道常识题中，现在只答对 {kept} 题。请降低学习率、减少轮数，"
        "或使用更早的检查点。",
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
