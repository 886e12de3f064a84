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
    "check_answers": (
        "Checked after merging, on answers from the training data: same next token as base + "
        "adapter at {same} of {tokens} {tokens|position|positions}.",
        "合并后已核对：训练数据回答中的 {tokens} 个 token，有 {same} 个与“基座 + 适配器”的预测相"
        "同。",
    ),
    "check_both": (
        "Checked after merging, on answers from the training data and a test text: same next "
        "token as base + adapter at {same} of {tokens} {tokens|position|positions}.",
        "合并后已核对：训练数据回答和一段测试文本中的 {tokens} 个 token，"
        "有 {same} 个与“基座 + 适配器”的预测相同。",
    ),
    "check_text": (
        "Checked after merging, on a test text: same next token as base + adapter at {same} of "
        "{tokens} {tokens|position|positions}.",
        "合并后已核对：一段测试文本中的 {tokens} 个 token，有 {same} 个与“基座 + 适配器”的预测相"
        "同。",
    ),
    "check_layers": (
        "Checked after merging: {layers} sampled {layers|layer gives|layers give} the same output "
        "as base + adapter.",
        "合并后已核对：抽查的 {layers} 层与“基座 + 适配器”的输出一致。",
    ),
    "base_dequantized": (
        "Training used the base model in 4 bits, so the adapter was merged into the dequantized "
        "weights.",
        "训练时基座模型为 4 位量化，因此适配器合并进了反量化后的权重。",
    ),
    "full": (
        "{base} with all weights fine-tuned by XTuner (checkpoint {checkpoint}).",
        "用 XTuner 全量微调的 {base}（检查点 {checkpoint}）。",
    ),
    "learned": ("What it learned", "学习效果"),
    "known": (
        "It answers {known} of {asked} training {asked|row|rows} word for word.",
        "{asked} 行训练数据中，{known} 行逐字答对。",
    ),
    "known_before": (
        "It answers {known} of {asked} training {asked|row|rows} word for word (before training: "
        "{before} of {before_asked}).",
        "{asked} 行训练数据中，{known} 行逐字答对（训练前 {before}/{before_asked}）。",
    ),
    "sample": (
        "These rows are a random sample of {total}.",
        "这些行是从 {total} 行中随机抽取的。",
    ),
    "interval": (
        "Estimated for all rows: {low} to {high}% (95% confidence interval).",
        "估计全部数据的逐字答对率为 {low}% 至 {high}%（95% 置信区间）。",
    ),
    "wording": (
        "The log-probability of the base model's own answers changed by {nats} nats per token.",
        "基座模型原有回答的对数概率平均变化为每 token {nats} nats。",
    ),
    "loops": ("Some answers repeat themselves endlessly.", "有的回答不断重复。"),
    "empty": ("Some answers are empty.", "有的回答是空的。"),
    "does_not_stop": ("Some answers never end.", "有的回答停不下来。"),
    "repeats_taught": (
        "Some general questions get an answer that was taught for another question.",
        "有的通用问题会得到其他问题的训练回答。",
    ),
    "tests": (
        "Reworded questions: {right} of {asked} correct.",
        "换种问法的问题：{asked} 题答对 {right} 题。",
    ),
    "kept": (
        "General questions that the base model answers correctly: {kept} of {of} still correct.",
        "基座模型答对的 {of} 道通用问题中，仍答对 {kept} 道。",
    ),
    "held_out": (
        "Loss on held-out rows: {loss} nats per token.",
        "验证集（留出的行）的 loss：每 token {loss} nats。",
    ),
    "held_out_before": (
        "Loss on held-out rows: {loss} nats per token (before training: {before}).",
        "验证集（留出的行）的 loss：每 token {loss} nats（训练前 {before}）。",
    ),
    "measured": (
        "Measured by xtgui at iteration {iteration}. A row is known when greedy decoding "
        "reproduces its answer (for a long answer, 98% of its tokens). A reworded question is "
        "correct when the greedy answer contains its keywords, a general question when the right "
        "one of its four options is the most likely.",
        "以上由 xtgui 在第 {iteration} 次迭代时测得。贪心解码能复现原回答（长回答为 98% 的 "
        "token），算逐字答对；换种问法时，贪心解码的回答包含关键词，算答对；"
        "通用问题以四个选项中正确的一项概率最高，算答对。",
    ),
    # --- training
    "training": ("Training", "训练"),
    "licence": ("Base model: {base}, license: {licence}", "基座模型：{base}，许可证：{licence}"),
    "licence_unknown": (
        "Base model: {base}. License unknown: see where you downloaded it.",
        "基座模型：{base}。许可证未知，请查看模型来源。",
    ),
    "data": ("Data: {data}", "数据：{data}"),
    "data_rows": ("Data: {data}, {rows} {rows|row|rows}", "数据：{data}，{rows} 行"),
    "mixed": (
        "Mixed in: up to {count} general {count|question|questions}, answered by the base model",
        "混入：至多 {count} 道通用问题，由基座模型作答",
    ),
    "iterations": (
        "Trained for {iteration} of {total} {total|iteration|iterations}",
        "训练了 {iteration}/{total} 次迭代",
    ),
    "setting": ("XTuner setting", "XTuner 设置项"),
    "value": ("value", "取值"),
    "curve": ("Loss during training", "训练过程中的 loss"),
    "curve_iterations": ("iterations", "迭代次数"),
    "curve_training": (
        "training loss, nats per token (bold: mean of {window} {window|iteration|iterations})",
        "训练 loss，每 token 的 nats（粗线为 {window} 次迭代的均值）",
    ),
    "curve_held_out": ("held-out rows", "验证集（留出的行）"),
    # --- how to use it
    "template": ("Prompt template", "提示词模板"),
    "template_named": (
        "Trained with XTuner's {name} template. A question as the model sees it:",
        "训练时使用 XTuner 的提示词模板 {name}。模型实际看到的问题如下：",
    ),
    "template_own": (
        "Trained with a custom template. A question as the model sees it:",
        "训练时使用自定义提示词模板。模型实际看到的问题如下：",
    ),
    "use": ("How to use it", "如何使用"),
    "use_here": (
        "Run the commands in this folder.",
        "请在本文件夹中运行以下命令。",
    ),
    "use_chat_template": (
        "They use the chat template that came with the base model. If it writes a question "
        "differently from the one above, send the text above instead.",
        "这些命令使用基座模型自带的对话模板。如果它生成的文本与上面不同，请直接发送上面的文本。",
    ),
    "base_elsewhere": (
        "On another machine: the base model's name on its hub, or its path there.",
        "在其他机器上：改为基座模型在模型社区上的名称，或它在那台机器上的路径。",
    ),
    "ollama_adapter": (
        "Ollama needs a complete model: run `xtgui convert --merge` in the project. The merged "
        "model's card has the commands.",
        "Ollama 需要完整模型：请在项目中运行 `xtgui convert --merge`，合并后的模型卡中有相应命令。",
    ),
    "ollama": (
        "Save this as `Modelfile` in this folder, then run the two commands below:",
        "把以下内容保存为本文件夹中的 `Modelfile`，然后运行下面两条命令：",
    ),
    "ollama_gguf": (
        "If Ollama does not support this architecture, convert the model to GGUF with llama.cpp's "
        "`convert_hf_to_gguf.py` and write that file's name after `FROM`.",
        "如果 Ollama 不支持这种架构，请先用 llama.cpp 的 `convert_hf_to_gguf.py` 转成 GGUF 文件，"
        "再把文件名写在 `FROM` 之后。",
    ),
}
