"""The README.md of a converted model. Cards are written in English, as hubs expect them."""

TEXTS: dict[str, tuple[str, str]] = {
    "adapter": (
        "A {method} adapter for {base}, trained with XTuner (checkpoint {checkpoint}).",
        "{base} 的 {method} 适配器，用 XTuner 训练（检查点 {checkpoint}）。",
    ),
    "merged": (
        "{base} with a {method} adapter merged into it, trained with XTuner (checkpoint "
        "{checkpoint}).",
        "合并了 {method} 适配器的 {base}，用 XTuner 训练（检查点 {checkpoint}）。",
    ),
    "full": (
        "{base} with all weights fine-tuned by XTuner (checkpoint {checkpoint}).",
        "用 XTuner 全量微调的 {base}（检查点 {checkpoint}）。",
    ),
    "learned": ("What it has learned", "学习效果"),
    "known": (
        "It answers {known} of {asked} training {asked|row|rows} word for word.",
        "{asked} 行训练数据中有 {known} 行能原样答对。",
    ),
    "known_before": (
        "It answers {known} of {asked} training {asked|row|rows} word for word (before training: "
        "{before} of {before_asked}).",
        "{asked} 行训练数据中有 {known} 行能原样答对（训练前 {before}/{before_asked}）。",
    ),
    "sample": (
        "These rows are a random sample of {total}.",
        "这些行是从 {total} 行中随机抽取的。",
    ),
    "interval": (
        "Of all rows it knows {low} to {high} % (95 % interval).",
        "估计学会了全部数据的 {low}% 至 {high}%（95% 置信区间）。",
    ),
    "wording": (
        "The log-probability of the base model's own answers changed by {nats} nats a token.",
        "基座模型原有回答的对数概率平均变化为每 token {nats} nats。",
    ),
    "loops": ("Some answers repeat themselves without end.", "有的回答不断重复。"),
    "empty": ("Some answers are empty.", "有的回答是空的。"),
    "does_not_stop": ("Some answers do not come to an end.", "有的回答停不下来。"),
    "repeats_taught": (
        "Some questions of general knowledge get an answer that was taught for another question.",
        "有的常识题会得到为其他问题教过的回答。",
    ),
    "tests": (
        "Asked in other words, it is right {right} of {asked} {asked|time|times}.",
        "换种问法，{asked} 题答对 {right} 题。",
    ),
    "kept": (
        "Of {of} general {of|question|questions} that the base model gets right, {kept} "
        "{kept|is|are} still right.",
        "基座模型答对的 {of} 道常识题中，仍答对 {kept} 题。",
    ),
    "held_out": (
        "On rows it was not trained on, the loss is {loss} nats a token.",
        "在未参与训练的行上，每个 token 的 loss 为 {loss} nats。",
    ),
    "held_out_before": (
        "On rows it was not trained on, the loss is {loss} nats a token (before training: "
        "{before}).",
        "在未参与训练的行上，每个 token 的 loss 为 {loss} nats（训练前 {before}）。",
    ),
    "measured": (
        "xtgui measured this at iteration {iteration}: a row counts as known when greedy decoding "
        "gives its answer (98 % of the tokens of a long one), a question in other words is right "
        "when the greedy answer has its keywords, and a general question when the right one of its "
        "four answers is the likeliest.",
        "以上由 xtgui 在第 {iteration} 次迭代时测得：贪心解码能写出原回答（长回答为 98% 的 token）"
        "即算学会；换种问法时，贪心解码的回答包含关键词即算答对；常识题以四个选项中正确的一项"
        "概率最高为答对。",
    ),
}
