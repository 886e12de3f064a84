"""Settings: each key's name, under `.help` what it does; then what can be wrong with a value."""

from . import template_settings

TEXTS: dict[str, tuple[str, str]] = {
    "paths.root": ("Project folder", "项目文件夹"),
    "paths.root.help": (
        "Everything that a run makes goes here: the config, the checkpoints, the finished model. "
        "Choose a disk with room: a checkpoint takes from some MB (lora) to several times the "
        "model (full).",
        "训练产生的一切都放在这里：配置文件、检查点和最终的模型。请选择空间充足的磁盘："
        "一个检查点小则几十 MB（lora），大则是模型大小的数倍（full）。",
    ),
    "paths.cache": ("Folder for downloads", "下载文件夹"),
    "paths.cache.help": (
        "Models and data that are downloaded go here. Name a shared folder if several projects "
        "use the same model.",
        "下载的模型和数据放在这里。多个项目使用同一个模型时，可以指定一个共用的文件夹。",
    ),
    "train.method": ("Fine-tuning method", "微调方法"),
    "train.method.help": (
        "lora trains a small adapter on top of the model: a good start for nearly everybody. "
        "qlora does the same with the model squeezed to 4 bits: for when the GPU's memory is too "
        "small for lora. full trains every weight: needs several times the memory, and more data.",
        "lora 只训练附加在模型上的小适配器，适合绝大多数情况。qlora 相同，但把模型压缩到 4 比特，"
        "适合显存放不下 lora 的情况。full 训练全部权重，需要数倍的显存和更多的数据。",
    ),
    "model.path": ("Base model", "基座模型"),
    "model.path.help": (
        "The folder of the model to start from, as Hugging Face keeps it: config.json, the "
        "tokenizer and *.safetensors. A chat model (Instruct, Chat) needs far less data than a "
        "bare one.",
        "作为起点的模型文件夹，采用 Hugging Face 格式：config.json、分词器和 *.safetensors。"
        "对话模型（Instruct、Chat）所需的数据比纯基座模型少得多。",
    ),
    "model.prompt_template": ("Prompt template", "对话模板"),
    "model.prompt_template.help": (
        "How questions and answers are marked for the model. It must be the one that the model "
        "was taught with; xtgui compares token by token and finds it. Change it only if you know "
        "that the match is wrong.",
        "向模型标记提问与回答的方式，必须与模型训练时所用的一致。"
        "xtgui 会逐个 token 比对并自动选出，只有确定匹配有误时才需要修改。",
    ),
    "model.trust_remote_code": ("Run the code that the model brings", "运行模型自带的代码"),
    "model.trust_remote_code.help": (
        "Some models come with Python files of their own, which then run on your machine with "
        "your rights. Say yes only to models from people you trust.",
        "有些模型带有自己的 Python 文件，它们会以你的权限在本机运行。只对信任的来源选择“是”。",
    ),
    "data.path": ("Training data", "训练数据"),
    "data.path.help": (
        "A file or folder: CSV, JSON, JSON lines, Parquet or plain text. Questions and answers in "
        "columns, Alpaca, ShareGPT and others are converted, and the original stays. Trained are "
        'conversations, one a line: {"messages": [{"role": "user", "content": "..."}, '
        '{"role": "assistant", "content": "..."}]}. '
        "Some dozens of good ones teach a style or an identity; knowledge takes many more.",
        "文件或文件夹：CSV、JSON、JSON Lines、Parquet 或纯文本。问答两列的表格、Alpaca、ShareGPT 等"
        "格式会自动转换，原文件保留。用于训练的是对话，每行一个："
        '{"messages": [{"role": "user", "content": "..."}, '
        '{"role": "assistant", "content": "..."}]}。'
        "几十条高质量的对话足以教会风格或身份；要教知识则需要多得多。",
    ),
    "data.dataset_map_fn": ("Form of the data", "数据格式"),
    "data.dataset_map_fn.help": (
        "How a row is turned into a conversation. Only OpenAI messages so far.",
        "如何把一行数据转换成对话。目前只支持 OpenAI messages 格式。",
    ),
    "data.max_dataset_length": ("Use at most so many rows", "最多使用的行数"),
    "data.max_dataset_length.help": (
        "A random part of a large data set, for a quick try. Not set: all rows.",
        "从大数据集中随机取一部分，用于快速试验。不设置则使用全部。",
    ),
    "data.mix_general": ("General questions mixed in", "混入的通用问题"),
    "data.mix_general.help": (
        "Questions about all sorts of things that the base model answers before training. Its "
        "answers are trained with your rows, so that it keeps what it knows. Below 300 rows: as "
        "many as your rows, repeated ones included, but 16 to 60. 0: none.",
        "涉及各种话题的问题，训练前先由基座模型回答，再把回答与你的数据一起训练，以免模型忘记原有的"
        "知识。不足 300 行时与数据行数（含重复）相同，16 至 60 个。0 表示不混入。",
    ),
    "data.repeat_rows": ("Times a row is in an epoch", "每轮中每行数据的训练次数"),
    "data.repeat_rows.help": (
        "A few rows have to be seen more often than the general questions that are mixed in: "
        "these keep more of what the model knows the less often they repeat. 1: as often.",
        "数据很少时，每行需要比混入的通用问题学习更多次：通用问题重复得越少，模型原有的知识就保留得越多。"
        "1 表示次数相同。",
    ),
    "data.tests": ("Test questions in other words", "换种问法的测试题"),
    "data.tests.help": (
        "Reciting is not knowing: a model that answers your rows word for word may fail when it is "
        "asked in other words. Reword two to five questions and name the key words of a right "
        "answer. They are not trained; they are asked at the end, and at the recommended "
        'checkpoint. As a file, one a line: {"question": "...", "keywords": ["...", "..."]}, 50 '
        "at most.",
        "背诵不等于掌握：能原样答对数据的模型，换种问法可能就答不上来。请把两到五个问题换种说法，并写出"
        "正确回答应包含的关键词。这些题不参与训练，只在训练结束时和推荐的检查点上提问。也可以写成文件，"
        '每行一题：{"question": "……", "keywords": ["……", "……"]}，最多 50 题。',
    ),
    "train.val_ratio": ("Rows held out, as a part of all", "留出比例"),
    "train.val_ratio.help": (
        "These rows are not trained. Their loss falls when the model learns what the rows have in "
        "common, and rises when it learns the others by heart. Rows that ask the same question "
        "stay together. From 200 rows on: 0.05, but 100 rows at most. 0: none.",
        "这部分数据不参与训练。模型学到数据的共同规律时，它们的 loss 会下降；只是背下其余数据时，"
        "loss 会上升。问题相同的行不会分开。200 行以上默认 0.05，最多 100 行。0 表示不留出。",
    ),
    "train.recipe": ("Values you do not set", "未设置的参数"),
    "train.recipe.help": (
        '"planned": learning rate, alpha, epochs and batches follow from the model and the data. '
        '"xtuner": the defaults of XTuner itself, made for models of 7 B parameters and thousands '
        "of rows; with few rows they teach next to nothing.",
        "planned：学习率、alpha、训练轮数和批次按模型与数据推算。xtuner：XTuner 自带的默认值，"
        "适合 7B 模型和上千行数据；数据少时几乎学不到东西。",
    ),
    "train.max_length": ("Longest sample, in tokens", "最大长度（token）"),
    "train.max_length.help": (
        "Longer conversations are cut here, and the end of the answer is lost. Lower it if memory "
        "runs out; raise it if your conversations are long.",
        "超过此长度的对话会被截断，回答的末尾会丢失。显存不足时调小，对话较长时调大。",
    ),
    "train.pack_to_max_length": ("Pack short samples together", "打包短样本"),
    "train.pack_to_max_length.help": (
        "Joins several short conversations into one sample, which trains faster. What does not "
        "fill a pack is lost, so with little data it is better off.",
        "把多个短对话拼成一个样本，训练更快。凑不满一包的部分会丢失，因此数据很少时最好关闭。",
    ),
    "train.batch_size": ("Samples at a time", "批大小"),
    "train.batch_size.help": (
        "More is faster on a large GPU and takes more memory. 1 is safe everywhere.",
        "越大在大显存上越快，但占用更多显存。1 在任何机器上都可用。",
    ),
    "train.accumulative_counts": ("Samples per update (accumulation)", "梯度累积"),
    "train.accumulative_counts.help": (
        "The weights change once in so many batches. More gives calmer steps but fewer of them. "
        "Below about a hundred updates hardly anything is learned: with little data few samples "
        "per update are better.",
        "每累积这么多批才更新一次权重。越大越平稳，但更新次数越少。更新不足约 100 次几乎学不到"
        "东西，因此数据较少时应取较小的值。",
    ),
    "train.loss_per": ("What the loss is averaged over", "损失的平均方式"),
    "train.loss_per.help": (
        '"token": every trained token counts the same. "sample": the mean of the means of all '
        "samples, as xtuner does it by itself, which gives short answers more weight. They differ "
        "only where samples are accumulated.",
        "token：每个参与训练的 token 权重相同。sample：先对每个样本求平均，再对样本求平均（xtuner "
        "的默认做法），短回答的权重更大。只有使用梯度累积时两者才有区别。",
    ),
    "train.dataloader_num_workers": ("Processes that load data", "数据加载进程数"),
    "train.dataloader_num_workers.help": (
        "0 loads in the training process itself, which is enough for text.",
        "0 表示在训练进程内加载，对文本数据已经足够。",
    ),
    "train.max_epochs": ("Epochs", "训练轮数"),
    "train.max_epochs.help": (
        "How many times the whole data is seen. Too few: nothing is learned; too many: answers "
        "are recited and the rest is forgotten. A hundred updates at the least, and few rows are "
        "trained several times in an epoch: 13 epochs for 8 rows, 4 for 50, 3 for 1,000 and more. "
        "More epochs alone do not help where the learning rate is too low.",
        "全部数据被学习的次数。太少学不会，太多会死记硬背并忘掉原有知识。至少要更新约 100 次，"
        "数据很少时每轮会重复几次：8 行数据约 13 轮，50 行约 4 轮，1000 行以上 3 轮。"
        "学习率过低时，只加轮数没有用。",
    ),
    "train.until_learned": ("End early once the rows are known", "学会后提前结束"),
    "train.until_learned.help": (
        "Checks your rows every 10 updates, or every 5 % of the plan. When 95 % of them are known "
        "at two checks in a row, half as many updates again are trained, and that is the end. The "
        "run ends at once if it forgets what the base knows. Never longer than the epochs above.",
        "每 10 次更新（或计划的 5%）检查一次你的数据。连续两次检查都有 95% 的行能原样答对时，再训练"
        "已完成更新数的一半就结束。如果模型忘记了基座原有的知识，则立即结束。不会超过设定的轮数。",
    ),
    "train.stop_on_nan": ("Stop when the loss is nan", "loss 变成 nan 时停止"),
    "train.stop_on_nan.help": (
        "Ends a run whose loss is no number any more, within 10 iterations. What is trained then "
        "is never saved over a good checkpoint, whether the run is ended or not.",
        "loss 不再是数字时，在 10 次迭代内结束训练。无论是否结束，此后的权重都不会覆盖"
        "正常的检查点。",
    ),
    "train.optim_type": ("Optimizer", "优化器"),
    "train.optim_type.help": (
        "AdamW suits nearly always. The Paged and 8-bit ones save GPU memory and need "
        "bitsandbytes.",
        "AdamW 几乎总是合适的。Paged 和 8bit 版本节省显存，需要 bitsandbytes。",
    ),
    "train.lr": ("Learning rate", "学习率"),
    "train.lr.help": (
        "How big a step each update takes. What counts for LoRA is the rate times alpha. Halve it "
        "if the loss jumps or the model forgets what it knew; double it if the loss hardly falls. "
        "Above twice the planned rate training often diverges.",
        "每次更新的步长。对 LoRA 来说起作用的是学习率与 alpha 的乘积。loss 跳动或模型忘记已有知识时"
        "减半；loss 几乎不降时加倍。超过推算值的两倍容易发散。",
    ),
    "train.betas": ("Adam's betas", "Adam 的 betas"),
    "train.betas.help": (
        "How long the optimizer remembers earlier steps. Leave it unless a recipe says otherwise.",
        "优化器对过往步骤的记忆程度。除非某个配方另有要求，否则不要改动。",
    ),
    "train.weight_decay": ("Weight decay", "权重衰减"),
    "train.weight_decay.help": (
        "Pulls the weights a little towards zero; 0.01 to 0.1 can help full fine-tuning.",
        "让权重略微趋向零；全量微调时 0.01 至 0.1 可能有帮助。",
    ),
    "train.max_norm": ("Gradient clipping", "梯度裁剪"),
    "train.max_norm.help": (
        "Limits how far one bad sample can push the weights. 1 is usual.",
        "限制单个异常样本对权重的影响。通常为 1。",
    ),
    "train.warmup_ratio": ("Warm-up, as a part of the run", "预热比例"),
    "train.warmup_ratio.help": (
        "The learning rate grows during this part of the run. In short runs it is left out by "
        "itself.",
        "学习率在训练开头的这一段内逐渐上升。训练很短时会自动省去。",
    ),
    "train.save_steps": ("Save every N iterations", "保存间隔（迭代）"),
    "train.save_steps.help": (
        "A checkpoint is what you can go back to or go on from. Epoch ends are saved as well.",
        "检查点可供回退或继续训练。每轮结束时也会保存。",
    ),
    "train.save_total_limit": ("Checkpoints to keep", "保留的检查点数"),
    "train.save_total_limit.help": (
        "Older ones are deleted. -1 keeps all: mind the disk.",
        "更早的会被删除。-1 表示全部保留，请注意磁盘空间。",
    ),
    "train.evaluation_freq": ("Questions every N iterations", "评测间隔（迭代）"),
    "train.evaluation_freq.help": (
        "The model answers the evaluation questions so that you can watch it learn. Answering "
        "takes time; they are answered at every save anyway.",
        "模型会定期回答评测问题，便于观察学习进展。回答需要时间；每次保存时也会回答。",
    ),
    "train.SYSTEM": ("System text", "系统提示（SYSTEM）"),
    "train.SYSTEM.help": (
        "What the model is told before the evaluation questions and in chat, such as who it is. "
        "In training it sees the system texts of your data, so take the same one here; none "
        "where your data have none.",
        "在评测问题和对话之前告诉模型的话，例如它的身份。训练时模型看到的是数据中的系统提示，"
        "因此这里应当与数据一致；数据中没有就不用。",
    ),
    "train.evaluation_inputs": ("Evaluation questions", "评测问题"),
    "train.evaluation_inputs.help": (
        "Asked during training, so that you see the answers change. Take some that your data "
        "answers and one that it does not, to see what is forgotten. At most 10.",
        "训练过程中会提问这些问题，让你看到回答的变化。建议选几个数据中有答案的，"
        "再选一个数据之外的，以观察是否遗忘。最多 10 个。",
    ),
    "train.max_new_tokens": ("Longest answer, in tokens", "评测回答的最大长度（token）"),
    "train.max_new_tokens.help": (
        "Shorter answers leave more time for training.",
        "回答越短，留给训练的时间越多。",
    ),
    "train.seed": ("Seed", "随机种子"),
    "train.seed.help": (
        "The same seed with the same settings gives the same run.",
        "相同的种子和设置会得到相同的训练过程。",
    ),
    "train.use_activation_checkpointing": ("Save memory by computing twice", "激活检查点"),
    "train.use_activation_checkpointing.help": (
        "Needs much less memory and about a third more time. Off where memory is plenty.",
        "大幅节省显存，但耗时增加约三分之一。内存充足时关闭。",
    ),
    "lora.lora_r": ("Adapter rank (r)", "LoRA 秩（r）"),
    "lora.lora_r.help": (
        "How much the adapter can learn. 8 to 32 for a style, 64 and more for much new matter.",
        "适配器的容量。学风格取 8 至 32，学大量新内容取 64 以上。",
    ),
    "lora.lora_alpha": ("Adapter strength (alpha)", "LoRA 强度（alpha）"),
    "lora.lora_alpha.help": (
        "How strongly the adapter acts: alpha divided by r. What counts for learning is the "
        "learning rate times alpha: halve one where you double the other.",
        "适配器的作用强度为 alpha 除以 r。对学习起作用的是学习率与 alpha 的乘积："
        "一个加倍，另一个就减半。",
    ),
    "lora.lora_dropout": ("Adapter dropout", "LoRA dropout"),
    "lora.lora_dropout.help": (
        "Drops a part of the adapter at random in training, against learning by heart.",
        "训练时随机丢弃适配器的一部分，防止死记硬背。",
    ),
    "launch.num_gpus": ("GPUs", "GPU 数量"),
    "launch.num_gpus.help": ("How many GPUs train together.", "同时用于训练的 GPU 数量。"),
    "launch.deepspeed": ("DeepSpeed", "DeepSpeed"),
    "launch.deepspeed.help": (
        "Spreads a model that is too big over several GPUs, or into main memory (offload).",
        "把放不下的模型分散到多块 GPU，或部分放入内存（offload）。",
    ),
    "unknown": ("There is no setting {key}.", "没有名为 {key} 的设置。"),
    "unknown_near": (
        "There is no setting {key}. Did you mean {near}?",
        "没有名为 {key} 的设置。你是否想用 {near}？",
    ),
    "not_a_text": ("{key} is a text, and {value} is none.", "{key} 应为文本，而 {value} 不是。"),
    "not_a_integer": (
        "{key} is a whole number, and {value} is none.",
        "{key} 应为整数，而 {value} 不是。",
    ),
    "not_a_number": (
        "{key} is a number, and {value} is none.",
        "{key} 应为数值，而 {value} 不是。",
    ),
    "not_a_number.hint": ("Like this: 0.0002 or 2e-4", "例如：0.0002 或 2e-4"),
    "not_a_flag": (
        "{key} is true or false, and {value} is neither.",
        "{key} 只能是 true 或 false，而不是 {value}。",
    ),
    "not_a_texts": (
        "{key} is a list of texts, and {value} is none.",
        "{key} 应为文本列表，而 {value} 不是。",
    ),
    "not_a_texts.hint": (
        'Like this: ["Who are you?", "你是谁？"]',
        '例如：["Who are you?", "你是谁？"]',
    ),
    "not_a_pair": (
        "{key} is two numbers, and {value} is none.",
        "{key} 应为两个数值，而不是 {value}。",
    ),
    "not_a_pair.hint": ("Like this: [0.9, 0.999]", "例如：[0.9, 0.999]"),
    "not_a_choice": (
        "{key} is one of {choices}, and {value} is none of them. Did you mean {near}?",
        "{key} 的可选值为 {choices}，不包括 {value}。你是否想用 {near}？",
    ),
    "below": (
        "{key} is at least {low}, and {value} is less.",
        "{key} 不能小于 {low}，而 {value} 更小。",
    ),
    "not_above": (
        "{key} is more than {low}, and {value} is not.",
        "{key} 必须大于 {low}，而 {value} 不是。",
    ),
    "above": (
        "{key} can be {high} at most: not {value}.",
        "{key} 的上限是 {high}，不能取 {value}。",
    ),
    "count": (
        "{key} has from 1 to {high} texts, not {value}.",
        "{key} 应有 1 至 {high} 条文本，而不是 {value} 条。",
    ),
    "keep_none": (
        "{key} must keep at least one checkpoint.",
        "{key} 至少要保留一个检查点。",
    ),
    "keep_none.hint": ("-1 keeps all.", "-1 表示全部保留。"),
    "no_equals": ("{entry} is no key=value.", "{entry} 不是 key=value 的形式。"),
    "no_equals.hint": ("Like this: --set train.lr=1e-4", "例如：--set train.lr=1e-4"),
    "wrong": ("{count} of the settings cannot be used:", "有 {count} 项设置无法使用："),
    "wrong.hint": (
        "Nothing was changed. All settings with their meaning: xtgui init --step 3",
        "没有任何改动。查看全部设置及其含义：xtgui init --step 3",
    ),
    "file_wrong": (
        "{count} of the answers in {path} cannot be used:",
        "{path} 中有 {count} 项无法使用：",
    ),
    "file_wrong.hint": (
        "Correct the file in an editor; it was not changed.",
        "请用编辑器修改该文件；它没有被改动。",
    ),
    "broken_toml": (
        "{path} cannot be read: line {line} is not TOML: {text}",
        "无法读取 {path}：第 {line} 行不符合 TOML 语法：{text}",
    ),
    "broken_toml.hint": (
        'Texts stand in quotes (name = "text"), sections in brackets ([train]). The file was not '
        "changed.",
        '文本要加引号（name = "text"），分节要加方括号（[train]）。该文件没有被改动。',
    ),
    "not_utf8": ("{path} is not UTF-8 text.", "{path} 不是 UTF-8 编码的文本。"),
    "not_utf8.hint": ("Save it as UTF-8 in your editor.", "请在编辑器中另存为 UTF-8 编码。"),
    "unreadable": ("{path} cannot be read: {reason}.", "无法读取 {path}：{reason}。"),
    "unreadable.hint": (
        "Check that it is a file, and that you may read it.",
        "请检查它是否为文件，以及你是否有读取权限。",
    ),
    "not_utf8_value": (
        "{key}: {value} contains bytes that are not UTF-8, and xtgui.toml is a UTF-8 file.",
        "{key}：{value} 含有非 UTF-8 字节，而 xtgui.toml 是 UTF-8 文件。",
    ),
    "not_utf8_value.hint": (
        "Rename the file or folder, or make a link to it with another name: ln -s",
        "请重命名该文件或文件夹，或用 ln -s 建立一个别名链接。",
    ),
    "no_table": (
        "In {path}, {name} is not a section ([{name}] with lines below it); it is ignored.",
        "{path} 中的 {name} 不是一个分节（应为 [{name}]，下面写各项），已忽略。",
    ),
    "cannot_write": ("{path} cannot be written: {reason}.", "无法写入 {path}：{reason}。"),
    "cannot_write.hint": (
        "Check the rights of the folder and the room on the disk. The file is as it was.",
        "请检查文件夹权限和磁盘空间。原文件没有被改动。",
    ),
    **template_settings.TEXTS,
}
