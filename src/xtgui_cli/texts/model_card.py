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
        "Checked after merging, on taught answers: it picks the same next token as base and adapter"
        " at {same} of {tokens}.",
        "合并后已核对：在已学回答的 {tokens} 个 token 中，"
        "有 {same} 个的预测与“基座 + 适配器”相同。",
    ),
    "check_both": (
        "Checked after merging, on taught answers and a test text: it picks the same next token as"
        " base and adapter at {same} of {tokens}.",
        "合并后已核对：在已学回答和一段测试文本的 {tokens} 个 token 中，"
        "有 {same} 个的预测与“基座 + 适配器”相同。",
    ),
    "check_text": (
        "Checked after merging, on a test text: it picks the same next token as base and adapter at"
        " {same} of {tokens}.",
        "合并后已核对：在一段测试文本的 {tokens} 个 token 中，"
        "有 {same} 个的预测与“基座 + 适配器”相同。",
    ),
    "check_layers": (
        "Checked after merging, on {layers} of its {layers|layer|layers}: they give what base and"
        " adapter give.",
        "合并后已核对：抽查的 {layers} 层与“基座 + 适配器”的输出一致。",
    ),
    "base_dequantized": (
        "The adapter was trained beside the base in 4 bits, so it was merged into those weights.",
        "适配器在 4 位量化的基座模型上训练，因此合并进了量化后的权重。",
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
    # --- training
    "training": ("Training", "训练"),
    "licence": ("Base model: {base}, licence: {licence}", "基座模型：{base}，许可证：{licence}"),
    "licence_unknown": (
        "Base model: {base}. Its licence is not known here: see where you got it.",
        "基座模型：{base}。此处不清楚其许可证，请查看模型来源。",
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
    "setting": ("setting of XTuner", "XTuner 设置项"),
    "value": ("value", "取值"),
    "curve": ("Loss over the training", "训练过程中的 loss"),
    "curve_iterations": ("iterations", "迭代次数"),
    "curve_training": (
        "training loss, nats a token (bold: mean of {window} {window|iteration|iterations})",
        "训练 loss，每 token 的 nats（粗线为 {window} 次迭代的均值）",
    ),
    "curve_held_out": ("on held-out rows", "留出数据"),
    # --- how to use it
    "template": ("Prompt template", "提示词模板"),
    "template_named": (
        "It was trained with XTuner's template {name}. A question, as the model sees it:",
        "训练时使用 XTuner 的模板 {name}。模型实际看到的问题如下：",
    ),
    "template_own": (
        "It was trained with a template of its own. A question, as the model sees it:",
        "训练时使用自定义模板。模型实际看到的问题如下：",
    ),
    "use": ("How to use it", "如何使用"),
    "use_here": (
        "Run the commands in this folder.",
        "请在本文件夹中运行以下命令。",
    ),
    "use_chat_template": (
        "They use the chat template that came with the base model. Where that writes a question in "
        "another way than above, send the text above instead.",
        "这些命令使用基座模型自带的对话模板。如果它写出的提问与上面不同，请直接发送上面的文本。",
    ),
    "base_elsewhere": (
        "On another machine: the base model's name on its hub, or where it lies there.",
        "在其他机器上：改为基座模型在 hub 上的名称，或它所在的路径。",
    ),
    "ollama_adapter": (
        "Ollama takes whole models: run `xtgui convert --merge` in the project. The card of the "
        "merged model has the commands.",
        "Ollama 需要完整模型：请在项目中运行 `xtgui convert --merge`，合并后的模型卡里有相应命令。",
    ),
    "ollama": (
        "Save this as a file called `Modelfile` in this folder, then run the two commands below:",
        "把以下内容保存为本文件夹中的 `Modelfile`，然后运行下面两条命令：",
    ),
    "ollama_gguf": (
        "If Ollama does not know this kind of model, make a GGUF file of it with llama.cpp's "
        "`convert_hf_to_gguf.py`, and name that file after `FROM`.",
        "如果 Ollama 不认识这种模型，请先用 llama.cpp 的 `convert_hf_to_gguf.py` 转成 GGUF 文件，"
        "再把文件名写在 `FROM` 之后。",
    ),
}
