"""What a run needs: memory, disk and time, and what helps."""

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Does it fit?", "显存够不够？"),
    "length": ("samples of {count} tokens", "样本长 {count} token"),
    "checkpointing": ("checkpointing on", "打开激活检查点"),
    "no_checkpointing": ("checkpointing off", "关闭激活检查点"),
    # terms
    "base_nf4": ("base model, linear layers in 4 bits", "基座模型，线性层为 4 比特"),
    "base_16": ("base model, linear layers in 16 bits", "基座模型，线性层为 16 位"),
    "base_32": ("base model, linear layers in 32 bits", "基座模型，线性层为 32 位"),
    "other_16": ("embedding, head, norms in 16 bits", "词嵌入、输出层、归一化，16 位"),
    "other_32": ("embedding, head, norms in 32 bits", "词嵌入、输出层、归一化，32 位"),
    "adapter": ("adapters", "适配器（LoRA）"),
    "gradients": ("gradients", "梯度"),
    "optimizer": ("optimizer state ({name})", "优化器状态（{name}）"),
    "kept_inputs": ("activations: each layer's input", "激活值：每层的输入"),
    "kept_all": ("activations of all layers", "全部层的激活值"),
    "work_loss": ("logits and loss", "logits 与损失"),
    "work_layer": ("one layer computed again", "重算一层"),
    "work_step": ("the optimizer's step", "优化器更新"),
    "overhead_cuda": ("CUDA, and PyTorch's reserve", "CUDA 与 PyTorch 预留"),
    "overhead_cpu": ("Python, torch and xtuner", "Python、torch 与 xtuner"),
    "together": ("at the peak, together", "峰值合计"),
    # against what there is
    "device_cpu": ("this computer's memory", "本机内存"),
    "device_cuda": ("a card of that size", "该容量的显卡"),
    "fit_fits": ("fits, {needed}", "放得下，{needed}"),
    "fit_tight": ("tight, {needed}", "很紧，{needed}"),
    "fit_crowded": ("tight, {needed}", "很紧，{needed}"),
    "fit_too_big": ("too big, {needed}", "放不下，{needed}"),
    "verdict_fits": (
        "Fits: about {needed} of {free} free ({place}).",
        "够用：约需 {needed}，可用 {free}（{place}）。",
    ),
    "verdict_tight": (
        "Tight: about {needed} of {free} free ({place}); it may just fail.",
        "勉强：约需 {needed}，可用 {free}（{place}），可能会不够。",
    ),
    "verdict_crowded": (
        "Only if other programs make room: about {needed}; {free} of {total} free ({place}).",
        "需要其他程序让出空间：约需 {needed}，{total} 中可用 {free}（{place}）。",
    ),
    "verdict_too_big": (
        "Too big: about {needed}, and {place} has {total}, {free} free.",
        "放不下：约需 {needed}，而 {place} 共 {total}，可用 {free}。",
    ),
    # what helps
    "helps": ("What helps", "可以这样改"),
    "saves": ("saves", "节省"),
    "with_it": ("needs then", "之后需要"),
    "enough": ("enough", "足够"),
    "together_fits": (
        "No single change is enough; these together are, with about {needed}:",
        "单改一项不够，一起改则约需 {needed}，可以放下：",
    ),
    "together_not": (
        "Even all of these together still need about {needed}:",
        "即使全部改掉，仍约需 {needed}：",
    ),
    "never": (
        "Nothing makes this model fit. The largest model of `xtgui models` that fits, with qlora "
        "and short samples: {largest}",
        "这个模型无论如何都放不下。`xtgui models` 中用 qlora 和短样本能放下的最大模型：{largest}",
    ),
    "never_at_all": (
        "Nothing makes this model fit, nor any smaller one.",
        "这个模型无论如何都放不下，更小的也不行。",
    ),
    # disk and time
    "row_disk": ("disk", "磁盘"),
    "row_time": ("time", "时间"),
    "checkpoints": (
        "up to {training} of {free} free: {count} {count|checkpoint|checkpoints} of {each} and a "
        "new one, with what a resume needs",
        "最多 {training}，剩余 {free}：保留 {count} 个检查点（每个 {each}）外加新写的一个，"
        "含续训所需状态",
    ),
    "checkpoints_all": (
        "{each} for each checkpoint, all of which are kept; {free} free",
        "每个检查点 {each}，全部保留；剩余 {free}",
    ),
    "disk_short": (
        "Not enough: keep fewer (--set train.save_total_limit=1), or choose another disk.",
        "空间不足：请减少保留数量（--set train.save_total_limit=1），或换一个磁盘。",
    ),
    "converted": (
        "later {converted} for the converted model",
        "之后转换出的模型占 {converted}",
    ),
    "merged": (
        "later {converted} for the converted adapter, {merged} for the merged model",
        "之后转换出的适配器占 {converted}，合并后的模型占 {merged}",
    ),
    "time_unknown": (
        "unknown: measured in this folder's first run",
        "未知：本文件夹第一次训练时才能测得",
    ),
    "time_rough": (
        "roughly {time}; exact once it trains",
        "大约 {time}，开始训练后会显示准确时间",
    ),
    "seconds": ("{count} s", "{count} 秒"),
    "minutes": ("{count} min", "{count} 分钟"),
    "hours": ("{count} h", "{count} 小时"),
    "days": ("{count} d", "{count} 天"),
    "time_each": (
        "{each} s an iteration in this folder's last run",
        "本文件夹上次训练每次迭代 {each} 秒",
    ),
    "time_total": (
        "about {whole}: {iterations} {iterations|iteration|iterations} of {each} s, as in this "
        "folder's last run; the start, evaluations and saving come on top",
        "约 {whole}：{iterations} 次迭代，每次 {each} 秒（按本文件夹上次训练），"
        "启动、评测和保存另计",
    ),
    # notes
    "note_not_counted": (
        "Your data are not counted: max_length is taken as the length of every sample.",
        "没有统计数据：按每个样本都长 max_length 计算。",
    ),
    "note_paged": (
        "The optimizer's state, {size}, may move to the computer's own memory and is not counted.",
        "优化器状态 {size} 可以换出到主机内存，未计入显存。",
    ),
    "note_square": (
        "Before Ampere this model's attention keeps its whole square matrix (float16 has no fused "
        "kernel for grouped queries): a shorter max_length helps most.",
        "Ampere 之前的显卡没有支持分组查询的融合注意力核，会保留整个注意力矩阵：缩短 max_length "
        "最有效。",
    ),
    "note_one_gpu": (
        "Counted for one GPU: each one holds all of this unless DeepSpeed splits it, which is not "
        "counted.",
        "按单卡计算：多卡时每张卡都要这么多；DeepSpeed 的切分没有计入。",
    ),
    "note_cuda": (
        "Counted from the model's shape, not measured on a GPU: see docs/memory.md.",
        "由模型结构推算，未在 GPU 上实测，见 docs/memory.zh.md。",
    ),
    "note_cpu": (
        "Counted from the model's shape: see docs/memory.md.",
        "由模型结构推算，见 docs/memory.zh.md。",
    ),
    # before training
    "memory_warning": (
        "The memory will probably not do: about {needed} needed, {free} of {total} free ({place}).",
        "内存/显存可能不够：约需 {needed}，{total} 中可用 {free}（{place}）。",
    ),
    "memory_warning.hint": (
        "`xtgui estimate` says what helps.",
        "用 `xtgui estimate` 查看怎样改小。",
    ),
    "no_disk": (
        "The checkpoints of this run need up to {needed}; {path} has {free} left.",
        "本次训练的检查点最多需要 {needed}，而 {path} 只剩 {free}。",
    ),
    "no_disk.hint": (
        "Keep fewer (--set train.save_total_limit=1), free some space, or go on all the same with "
        "--no-disk-check.",
        "请减少保留数量（--set train.save_total_limit=1）、清理磁盘，"
        "或用 --no-disk-check 照样继续。",
    ),
    "no_disk_question": ("Train all the same?", "仍要开始训练吗？"),
    # what is wrong
    "no_model": (
        "Which model? This folder's project names none.",
        "哪个模型？本文件夹的项目没有指定模型。",
    ),
    "no_model.hint": (
        "xtgui estimate --model FOLDER (its config.json is enough), or a name of `xtgui models`.",
        "xtgui estimate --model 文件夹（有 config.json 即可），或 `xtgui models` 中的名称。",
    ),
    "unknown_model": (
        "{model} is no folder here, and not in the catalogue.",
        "{model} 既不是本机的文件夹，也不在模型目录中。",
    ),
    "unknown_model.hint": (
        "Name a folder with a config.json, or a model of `xtgui models`.",
        "请给出含有 config.json 的文件夹，或 `xtgui models` 中的模型。",
    ),
    "unknown_model_near": (
        "{model} is no folder here, and not in the catalogue.",
        "{model} 既不是本机的文件夹，也不在模型目录中。",
    ),
    "unknown_model_near.hint": (
        "Did you mean {near}? `xtgui models` lists all; a folder with a config.json will do too.",
        "是不是 {near}？`xtgui models` 列出全部；也可以给出含有 config.json 的文件夹。",
    ),
    "no_config": ("{path} has no config.json.", "{path} 里没有 config.json。"),
    "no_config.hint": (
        "A model folder as on Hugging Face has one; the weights need not be there.",
        "Hugging Face 格式的模型文件夹都有它；权重可以不在。",
    ),
    "broken_config": ("{path} cannot be read: {reason}", "无法读取 {path}：{reason}"),
    "no_shape": (
        "The config.json of {model} does not say: {keys}",
        "{model} 的 config.json 没有写明：{keys}",
    ),
    "no_shape.hint": (
        "Without them its memory cannot be counted.",
        "缺少它们就无法推算显存。",
    ),
    "experts": (
        "{model} is a mixture of experts; its memory is not counted yet.",
        "{model} 是混合专家（MoE）模型，暂不支持估算。",
    ),
    "unknown_gpu": ("{name}: no such card is known.", "不认识这张显卡：{name}"),
    "unknown_gpu.hint": (
        "Did you mean {near}? A size alone will do too: --gpu 24GB",
        "是不是 {near}？也可以只写容量：--gpu 24GB",
    ),
}
