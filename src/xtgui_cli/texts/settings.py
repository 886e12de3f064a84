"""Settings: the label of each key and its explanation (`.help`), then the errors of values."""

from . import template_settings

TEXTS: dict[str, tuple[str, str]] = {
    "paths.root": ("Project folder", "项目文件夹"),
    "paths.root.help": (
        "Everything a run produces goes here: config, checkpoints and the finished model. Choose a "
        "disk with enough space: a checkpoint takes tens of MB (lora) or up to several times the "
        "size of the model (full).",
        "训练产生的所有文件都放在这里：配置文件、检查点和最终的模型。请选择空间充足的磁盘："
        "一个检查点小则几十 MB（lora），大则是模型大小的数倍（full）。",
    ),
    "paths.cache": ("Download folder", "下载文件夹"),
    "paths.cache.help": (
        "Downloaded models and data go here. If several projects use the same model, choose a "
        "shared folder.",
        "下载的模型和数据放在这里。多个项目使用同一个模型时，可以指定一个共用的文件夹。",
    ),
    "train.method": ("Fine-tuning method", "微调方法"),
    "train.method.help": (
        "lora trains a small adapter on top of the model: a good start for nearly everyone. qlora "
        "does the same with the model quantized to 4 bits: for GPUs with too little memory for "
        "lora. full trains all weights: it needs several times the memory, and more data.",
        "lora 只训练附加在模型上的小适配器，适合绝大多数情况。qlora 与之相同，"
        "但把模型量化到 4 比特，适合显存放不下 lora 的情况。full 训练全部权重，"
        "需要数倍的显存和更多的数据。",
    ),
    "model.path": ("Base model", "基座模型"),
    "model.path.help": (
        "The folder of the model to start from, in Hugging Face format: config.json, the "
        "tokenizer and *.safetensors. A chat model (Instruct, Chat) needs far less data than a "
        "pretrained-only one.",
        "作为起点的模型文件夹，采用 Hugging Face 格式：config.json、分词器和 *.safetensors。"
        "对话模型（Instruct、Chat）所需的数据比未经对话训练的基座模型少得多。",
    ),
    "model.prompt_template": ("Prompt template", "提示词模板"),
    "model.prompt_template.help": (
        "How questions and answers are marked for the model. It must be the template that the "
        "model was trained with. xtgui finds it by comparing token by token; change it only if "
        "you know that the match is wrong.",
        "向模型标记提问与回答的方式，必须与模型训练时所用的一致。"
        "xtgui 会逐个 token 比对并自动选出，只有确定匹配有误时才需要修改。",
    ),
    "model.trust_remote_code": ("Run the model's own code", "运行模型自带的代码"),
    "model.trust_remote_code.help": (
        "Some models ship their own Python files, which run on your machine with your "
        "permissions. Say yes only if you trust the authors of the model.",
        "有些模型带有自己的 Python 文件，它们会以你的权限在本机运行。"
        "只有信任模型的作者时才选择“是”。",
    ),
    "data.path": ("Training data", "训练数据"),
    "data.path.help": (
        "A file or folder: CSV, JSON, JSON Lines, Parquet or plain text. xtgui converts questions "
        "and answers in columns, Alpaca, ShareGPT and other formats to a new file and keeps the "
        'original. The training format has one conversation per line: {"messages": [{"role": '
        '"user", "content": "..."}, {"role": "assistant", "content": "..."}]}. A few dozen good '
        "conversations teach a style or an identity; knowledge takes many more.",
        "文件或文件夹：CSV、JSON、JSON Lines、Parquet 或纯文本。问答两列的表格、Alpaca、"
        "ShareGPT 等格式会自动转换成新文件，原文件保留。训练所用的格式为每行一个对话："
        '{"messages": [{"role": "user", "content": "..."}, {"role": "assistant", "content": '
        '"..."}]}。几十行高质量的对话足以教会风格或身份；要教知识则需要多得多。',
    ),
    "data.dataset_map_fn": ("Data format", "数据格式"),
    "data.dataset_map_fn.help": (
        "How a row becomes a conversation. Only OpenAI messages are supported.",
        "如何把一行数据转换成对话。目前只支持 OpenAI messages 格式。",
    ),
    "data.max_dataset_length": ("Maximum number of rows", "最多使用的行数"),
    "data.max_dataset_length.help": (
        "Trains on a random part of a large dataset, for a quick try. Not set: all rows.",
        "从大数据集中随机取一部分，用于快速试验。不设置则使用全部数据。",
    ),
    "data.mix_general": ("General questions mixed in", "混入的通用问题"),
    "data.mix_general.help": (
        "Questions on all sorts of topics, which the base model answers before training. Its "
        "answers are trained together with your rows, so that the model keeps what it knows. "
        "Below 300 rows: as many as your rows, including repeats, but 16 to 60. 0: none.",
        "涉及各种话题的问题，训练前先由基座模型回答，再把这些回答与你的数据一起训练，"
        "以免模型忘记原有知识。不足 300 行时与数据行数（含重复）相同，但不少于 16 个、"
        "不多于 60 个。0 表示不混入。",
    ),
    "data.repeat_rows": ("Repeats of each row per epoch", "每轮中每行数据的训练次数"),
    "data.repeat_rows.help": (
        "When rows are few, the model must see them more often than the general questions mixed "
        "in: the less often the general questions repeat, the more of its knowledge the model "
        "keeps. 1: equally often.",
        "数据很少时，每行需要比混入的通用问题学习更多次：通用问题重复得越少，"
        "模型原有的知识就保留得越多。1 表示次数相同。",
    ),
    "data.tests": ("Reworded test questions", "换种问法的测试题"),
    "data.tests.help": (
        "Reciting is not knowing: a model that answers your rows word for word may fail when the "
        "question is reworded. Reword two to five questions and list the keywords of a correct "
        "answer. They are not trained. The model answers them at the end of training and at the "
        "recommended checkpoint. You can also pass a file with one question per line, at most 50: "
        '{"question": "...", "keywords": ["...", "..."]}.',
        "背诵不等于掌握：能逐字答对数据的模型，换种问法可能就答不上来。请把两到五个问题换种说法，"
        "并写出正确回答应包含的关键词。这些题不参与训练，只在训练结束时和推荐的检查点上提问。"
        '也可以写成文件，每行一题，最多 50 题：{"question": "……", "keywords": ["……", "……"]}。',
    ),
    "train.val_ratio": ("Share of held-out rows", "验证集比例"),
    "train.val_ratio.help": (
        "These rows are never trained. Their loss falls when the model learns what the rows have "
        "in common, and rises when it memorizes the other rows. Rows with the same question stay "
        "together. From 200 rows: 0.05, but at most 100 rows. 0: none.",
        "这部分数据留作验证集，不参与训练。模型学到数据的共同规律时，它们的 loss 会下降；"
        "只是死记硬背其余数据时，loss 会上升。问题相同的行不会分开。200 行以上默认为 0.05，"
        "最多 100 行。0 表示不留出。",
    ),
    "train.recipe": ("Default values", "未设置的参数"),
    "train.recipe.help": (
        "planned: learning rate, alpha, epochs and batches follow from model and data. xtuner: the "
        "defaults of XTuner, for 7 B models and thousands of rows; they hardly teach a few rows.",
        "planned：学习率、alpha、训练轮数和批次按模型与数据推算。xtuner：XTuner 自带的默认值，"
        "适合 7B 模型和上千行数据，数据少时几乎学不到东西。",
    ),
    "train.max_length": ("Maximum length (tokens)", "最大长度（token）"),
    "train.max_length.help": (
        "Longer conversations are cut off here and lose the end of the answer. Lower it if memory "
        "runs out; raise it if your conversations are long.",
        "超过此长度的对话会被截断，丢失回答的末尾。显存不足时调小，对话较长时调大。",
    ),
    "train.pack_to_max_length": ("Packing of short samples", "短样本拼接（packing）"),
    "train.pack_to_max_length.help": (
        "Joins several short conversations into one sample, which trains faster. Tokens that do "
        "not fill a sample are lost, so turn it off when you have little data.",
        "把多个短对话拼成一个样本，训练更快。凑不满一个样本的部分会丢失，因此数据很少时最好关闭。",
    ),
    "train.batch_size": ("Batch size", "批次大小（batch size）"),
    "train.batch_size.help": (
        "How many samples the model processes at once. A larger batch is faster on a large GPU "
        "but needs more memory. 1 works everywhere.",
        "一次处理的样本数。显存大时调大可以加快训练，但占用更多显存。1 在任何机器上都可用。",
    ),
    "train.accumulative_counts": ("Gradient accumulation", "梯度累积"),
    "train.accumulative_counts.help": (
        "The number of batches per update of the weights. More batches make steadier but fewer "
        "updates. With fewer than about 100 updates the model learns next to nothing, so keep "
        "this low when you have little data.",
        "每累积这么多个批次才更新一次权重。越大越平稳，但更新次数越少。"
        "更新不足约 100 次几乎学不到东西，因此数据较少时应取较小的值。",
    ),
    "train.loss_per": ("Loss averaging", "损失的平均方式"),
    "train.loss_per.help": (
        '"token": every trained token counts the same. "sample": the mean over the means of the '
        "samples, which is xtuner's default and gives short answers more weight. The two differ "
        "only with gradient accumulation.",
        "token：每个参与训练的 token 权重相同。sample：先对每个样本内部求平均，"
        "再对样本求平均（xtuner 的默认做法），短回答的权重更大。只有使用梯度累积时两者才有区别。",
    ),
    "train.dataloader_num_workers": ("Data loading processes", "数据加载进程数"),
    "train.dataloader_num_workers.help": (
        "0 loads data in the training process itself, which is fast enough for text.",
        "0 表示在训练进程内加载，对文本数据已经足够。",
    ),
    "train.max_epochs": ("Epochs", "训练轮数"),
    "train.max_epochs.help": (
        "How many times the model sees all the data. With too few it learns nothing; with too "
        "many it recites the answers and forgets the rest. xtgui plans at least 100 updates and "
        "repeats rows within an epoch when there are few: 13 epochs for 8 rows, 4 for 50, 3 for "
        "1,000 or more. If the learning rate is too low, more epochs alone do not help.",
        "模型学习全部数据的遍数。太少学不会，太多会死记硬背并忘掉原有知识。至少要更新约 100 次，"
        "数据很少时每轮会重复几次：8 行数据约 13 轮，50 行约 4 轮，1000 行以上 3 轮。"
        "学习率过低时，只加轮数没有用。",
    ),
    "train.until_learned": ("Stop early once learned", "学会后提前结束"),
    "train.until_learned.help": (
        "Checks your rows every 10 updates, or every 5% of the plan. Once the model knows 95% "
        "of them at two checks in a row, training continues for half as many updates again and "
        "then stops. It stops at once if the model forgets what the base model knows. It never "
        "exceeds the number of epochs.",
        "每 10 次更新（或计划的 5%）检查一次你的数据。连续两次检查都能逐字答对 95% 的行后，"
        "再训练已完成更新数的一半就结束。如果模型忘记了基座原有的知识，则立即结束。"
        "不会超过设定的轮数。",
    ),
    "train.stop_on_nan": ("Stop if the loss becomes NaN", "loss 变成 NaN 时停止"),
    "train.stop_on_nan.help": (
        "Stops training within 10 iterations after the loss is no longer a number. In any case, "
        "such weights never replace a good checkpoint.",
        "loss 不再是数字时，在 10 次迭代内停止训练。无论是否停止，"
        "此后的权重都不会覆盖正常的检查点。",
    ),
    "train.optim_type": ("Optimizer", "优化器"),
    "train.optim_type.help": (
        "AdamW suits nearly every run. The paged and 8-bit variants save GPU memory and need "
        "bitsandbytes.",
        "AdamW 几乎适合所有情况。Paged 和 8bit 版本节省显存，需要 bitsandbytes。",
    ),
    "train.lr": ("Learning rate", "学习率"),
    "train.lr.help": (
        "The size of each update. For LoRA, the learning rate times alpha counts. Halve it if the "
        "loss jumps or the model forgets what it knew; double it if the loss hardly falls. Above "
        "twice the planned rate, training often diverges.",
        "每次更新的步长。对 LoRA 来说，起作用的是学习率与 alpha 的乘积。"
        "loss 跳动或模型忘记已有知识时减半；loss 几乎不降时加倍。超过推算值的两倍容易发散。",
    ),
    "train.betas": ("Adam betas", "Adam 的 betas"),
    "train.betas.help": (
        "How long the optimizer remembers earlier gradients. Leave it as it is unless a recipe "
        "says otherwise.",
        "优化器对以往梯度的记忆程度。除非某个训练方案另有要求，否则不要改动。",
    ),
    "train.weight_decay": ("Weight decay", "权重衰减"),
    "train.weight_decay.help": (
        "Pulls the weights slightly towards zero. 0.01 to 0.1 can help full fine-tuning.",
        "让权重略微趋向零。全量微调时取 0.01 至 0.1 可能有帮助。",
    ),
    "train.max_norm": ("Gradient clipping", "梯度裁剪"),
    "train.max_norm.help": (
        "Limits how far a single bad sample can push the weights. 1 is usual.",
        "限制单个异常样本对权重的影响，通常为 1。",
    ),
    "train.warmup_ratio": ("Warm-up ratio", "预热比例"),
    "train.warmup_ratio.help": (
        "The learning rate rises during this part of the run. Short runs skip the warm-up.",
        "学习率在训练开头的这一段内逐渐上升。训练很短时自动省去。",
    ),
    "train.save_steps": ("Save every N iterations", "保存间隔（迭代次数）"),
    "train.save_steps.help": (
        "You can go back to a checkpoint or resume from it. The end of each epoch is saved as "
        "well.",
        "检查点可供回退或续训。每轮结束时也会保存。",
    ),
    "train.save_total_limit": ("Checkpoints to keep", "保留的检查点数"),
    "train.save_total_limit.help": (
        "Older ones are deleted. -1 keeps all of them and takes more disk space.",
        "更早的会被删除。-1 表示全部保留，占用更多磁盘空间。",
    ),
    "train.evaluation_freq": ("Evaluate every N iterations", "评估间隔（迭代次数）"),
    "train.evaluation_freq.help": (
        "How often the model answers the evaluation questions, so that you can watch it learn. "
        "Answering takes time. The model also answers them at every save.",
        "模型每隔多少次迭代回答一次评估问题，便于观察学习进展。回答需要时间；每次保存时也会回答。",
    ),
    "train.SYSTEM": ("System text", "系统提示（SYSTEM）"),
    "train.SYSTEM.help": (
        "The text that the model reads before the evaluation questions and in chat, such as who "
        "it is. In training it reads the system texts of your data, so use the same text here, or "
        "none if your data have none.",
        "在评估问题和对话之前给模型的话，例如它的身份。训练时模型看到的是数据中的系统提示，"
        "因此这里应与数据一致；数据中没有就不用填。",
    ),
    "train.evaluation_inputs": ("Evaluation questions", "评估问题"),
    "train.evaluation_inputs.help": (
        "The model answers these during training, so that you see its answers change. Choose some "
        "that your data answers, and one that it does not, to see what the model forgets. At most "
        "10.",
        "训练过程中模型会回答这些问题，让你看到回答的变化。建议选几个数据中有答案的，"
        "再选一个数据之外的，以观察是否遗忘。最多 10 个。",
    ),
    "train.max_new_tokens": ("Maximum answer length (tokens)", "评估回答的最大长度（token）"),
    "train.max_new_tokens.help": (
        "Shorter answers leave more time for training.",
        "回答越短，留给训练的时间越多。",
    ),
    "train.seed": ("Seed", "随机种子"),
    "train.seed.help": (
        "The same seed with the same settings gives the same run.",
        "相同的种子和设置会得到相同的训练过程。",
    ),
    "train.use_activation_checkpointing": ("Gradient checkpointing", "梯度检查点"),
    "train.use_activation_checkpointing.help": (
        "Saves a lot of memory by computing activations twice, which takes about a third more "
        "time. Off if memory is plentiful.",
        "重新计算激活值，大幅节省显存，但耗时增加约三分之一。显存（内存）充足时关闭。",
    ),
    "lora.lora_r": ("LoRA rank (r)", "LoRA 秩（rank）"),
    "lora.lora_r.help": (
        "How much the adapter can learn. Use 8 to 32 for a style, and 64 or more for a lot of new "
        "content.",
        "适配器的容量。学风格取 8 至 32，学大量新内容取 64 以上。",
    ),
    "lora.lora_alpha": ("LoRA alpha", "LoRA 缩放系数（alpha）"),
    "lora.lora_alpha.help": (
        "The adapter is scaled by alpha divided by r. The learning rate times alpha determines "
        "how fast it learns: if you double one, halve the other.",
        "适配器按 alpha 除以 r 缩放。对学习起作用的是学习率与 alpha 的乘积：一个加倍，"
        "另一个就减半。",
    ),
    "lora.lora_dropout": ("LoRA dropout", "LoRA dropout"),
    "lora.lora_dropout.help": (
        "Randomly drops part of the adapter during training, which reduces memorizing.",
        "训练时随机丢弃适配器的一部分，防止死记硬背。",
    ),
    "launch.num_gpus": ("GPUs", "GPU 数量"),
    "launch.num_gpus.help": ("How many GPUs train together.", "同时用于训练的 GPU 数量。"),
    "launch.deepspeed": ("DeepSpeed", "DeepSpeed"),
    "launch.deepspeed.help": (
        "Splits a model that is too large across several GPUs, or moves part of it to main memory "
        "(offload).",
        "把放不下的模型分散到多块 GPU，或把一部分放入内存（offload）。",
    ),
    "unknown": ("There is no setting {key}.", "没有名为 {key} 的设置。"),
    "unknown_near": (
        "There is no setting {key}. Did you mean {near}?",
        "没有名为 {key} 的设置。是不是想用 {near}？",
    ),
    "not_a_text": ("Expected text for {key}, got {value}.", "{key} 应为文本，当前输入：{value}。"),
    "not_a_integer": (
        'Expected a whole number for {key}, got "{value}".',
        "{key} 须为整数，当前输入：{value}。",
    ),
    "not_a_number": (
        'Expected a number for {key}, got "{value}".',
        "{key} 须为数值，当前输入：{value}。",
    ),
    "not_a_number.hint": ("Example: 0.0002 or 2e-4", "例如：0.0002 或 2e-4"),
    "not_a_flag": (
        'Expected true or false for {key}, got "{value}".',
        "{key} 须为 true 或 false，当前输入：{value}。",
    ),
    "not_a_texts": (
        'Expected a list of texts for {key}, got "{value}".',
        "{key} 须为文本列表，当前输入：{value}。",
    ),
    "not_a_texts.hint": (
        'Example: ["Who are you?", "你是谁？"]',
        '例如：["Who are you?", "你是谁？"]',
    ),
    "not_a_pair": (
        'Expected two numbers for {key}, got "{value}".',
        "{key} 须为两个数值，当前输入：{value}。",
    ),
    "not_a_pair.hint": ("Example: [0.9, 0.999]", "例如：[0.9, 0.999]"),
    "not_a_choice": (
        'Expected one of {choices} for {key}, got "{value}". Did you mean {near}?',
        "{key} 须为 {choices} 之一，当前输入：{value}。是不是想用 {near}？",
    ),
    "below": (
        "{key} must be at least {low}, got {value}.",
        "{key} 至少为 {low}，当前输入：{value}。",
    ),
    "not_above": (
        "{key} must be greater than {low}, got {value}.",
        "{key} 必须大于 {low}，当前输入：{value}。",
    ),
    "above": (
        "{key} must be at most {high}, got {value}.",
        "{key} 最大为 {high}，当前输入：{value}。",
    ),
    "count": (
        "{key} needs 1 to {high} texts, got {value}.",
        "{key} 须有 1 至 {high} 条文本，当前为 {value} 条。",
    ),
    "keep_none": ("{key} must keep at least one checkpoint.", "{key} 至少要保留一个检查点。"),
    "keep_none.hint": ("-1 keeps all.", "-1 表示全部保留。"),
    "no_equals": (
        'Expected key=value, got "{entry}".',
        "应为 key=value 的形式，当前输入：{entry}。",
    ),
    "no_equals.hint": ("Example: --set train.lr=1e-4", "例如：--set train.lr=1e-4"),
    "wrong": ("{count} {count|setting is|settings are} invalid:", "有 {count} 项设置无效："),
    "wrong.hint": (
        "Nothing was changed. To see all settings and what they mean: xtgui init --step 3",
        "没有任何改动。查看全部设置及其含义：xtgui init --step 3",
    ),
    "file_wrong": (
        "{count} {count|value|values} in {path} {count|is|are} invalid:",
        "{path} 中有 {count} 项无效：",
    ),
    "file_wrong.hint": (
        "Fix the file in an editor. xtgui has not changed it.",
        "请用编辑器修改该文件，xtgui 没有改动它。",
    ),
    "broken_toml": (
        "Cannot read {path}: line {line} is not valid TOML: {text}",
        "无法读取 {path}：第 {line} 行不是有效的 TOML：{text}",
    ),
    "broken_toml.hint": (
        'Put text in quotes (name = "text") and section names in brackets ([train]). xtgui has '
        "not changed the file.",
        '文本要加引号（name = "text"），节名要加方括号（[train]）。xtgui 没有改动该文件。',
    ),
    "not_utf8": ("{path} is not UTF-8 text.", "{path} 不是 UTF-8 编码的文本。"),
    "not_utf8.hint": ("Save it as UTF-8 in your editor.", "请在编辑器中另存为 UTF-8 编码。"),
    "unreadable": ("Cannot read {path}: {reason}.", "无法读取 {path}：{reason}。"),
    "unreadable.hint": (
        "Check that it is a file and that you have permission to read it.",
        "请检查它是否为文件，以及你是否有读取权限。",
    ),
    "not_utf8_value": (
        "{key}: {value} contains bytes that are not UTF-8, but xtgui.toml must be UTF-8.",
        "{key}：{value} 含有非 UTF-8 字节，而 xtgui.toml 必须使用 UTF-8。",
    ),
    "not_utf8_value.hint": (
        "Rename the file or folder, or create a link to it under another name: ln -s",
        "请重命名该文件或文件夹，或用 ln -s 建立一个别名链接。",
    ),
    "no_table": (
        "Ignoring {name} in {path}: expected a section, [{name}] with settings below it.",
        "已忽略 {path} 中的 {name}：它应为一个节，即 [{name}] 和其下的各项设置。",
    ),
    "cannot_write": ("Cannot write {path}: {reason}.", "无法写入 {path}：{reason}。"),
    "cannot_write.hint": (
        "Check the permissions of the folder and the free disk space. The file is unchanged.",
        "请检查文件夹权限和磁盘空间。原文件没有改动。",
    ),
    **template_settings.TEXTS,
}
