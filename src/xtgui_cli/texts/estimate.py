"""What a run needs in memory, disk space and time, and how to reduce it."""

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Does it fit?", "够不够用？"),
    "length": ("{count}-token samples", "样本长 {count} 个 token"),
    "checkpointing": ("gradient checkpointing on", "开启梯度检查点"),
    "no_checkpointing": ("gradient checkpointing off", "关闭梯度检查点"),
    # terms
    "base_nf4": ("base model, linear layers in 4 bits", "基座模型，线性层为 4 位"),
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
    "work_layer": ("recomputing one layer", "重算一层"),
    "work_step": ("the optimizer step", "优化器更新"),
    "overhead_cuda": ("CUDA and PyTorch's reserve", "CUDA 与 PyTorch 预留"),
    "overhead_cpu": ("Python, torch and xtuner", "Python、torch 和 xtuner"),
    "together": ("total at the peak", "峰值合计"),
    # against what there is
    "device_cpu": ("this computer's memory", "本机内存"),
    "device_cuda": ("a GPU of that size", "该容量的显卡"),
    "fit_fits": ("fits, {needed}", "放得下，{needed}"),
    "fit_tight": ("tight, {needed}", "很紧，{needed}"),
    "fit_crowded": ("tight, {needed}", "很紧，{needed}"),
    "fit_too_big": ("too big, {needed}", "放不下，{needed}"),
    "verdict_fits": (
        "Fits: needs about {needed} of {free} free ({place}).",
        "够用：约需 {needed}，可用 {free}（{place}）。",
    ),
    "verdict_tight": (
        "Tight: needs about {needed} of {free} free ({place}) and may run out.",
        "勉强：约需 {needed}，可用 {free}（{place}），可能会不够。",
    ),
    "verdict_crowded": (
        "Fits only if other programs free memory: needs about {needed}; {free} of {total} free "
        "({place}).",
        "需要其他程序让出空间：约需 {needed}，总共 {total}，可用 {free}（{place}）。",
    ),
    "verdict_too_big": (
        "Too big: needs about {needed}; {place} has {total}, {free} free.",
        "放不下：约需 {needed}，而 {place} 共 {total}，可用 {free}。",
    ),
    # what helps
    "helps": ("What to try", "可以尝试"),
    "saves": ("saves", "节省"),
    "with_it": ("then needs", "改后约需"),
    "enough": ("enough", "足够"),
    "together_fits": (
        "No single change is enough. With all of these together, it fits, with about {needed}:",
        "只改一项不够，一起改则放得下，约需 {needed}：",
    ),
    "together_not": (
        "Even with all of these together, it still needs about {needed}:",
        "即使全部改掉，仍约需 {needed}：",
    ),
    "never": (
        "No change makes this model fit. The largest model of `xtgui models` that fits, with "
        "qlora and short samples: {largest}",
        "这个模型怎样调整都放不下。`xtgui models` 中用 qlora 和短样本能放下的最大模型：{largest}",
    ),
    "never_at_all": (
        "Neither this model nor any smaller one fits.",
        "这个模型怎样调整都放不下，更小的模型也一样。",
    ),
    # disk and time
    "row_disk": ("disk", "磁盘"),
    "row_time": ("time", "时间"),
    "checkpoints": (
        "up to {training}, {free} free: {count} {count|checkpoint|checkpoints} of {each} and a "
        "new one, with everything needed to resume",
        "最多 {training}，剩余 {free}：保留 {count} 个检查点（每个 {each}）外加新写的一个，"
        "含续训所需的状态",
    ),
    "checkpoints_all": (
        "{each} per checkpoint, all of them kept; {free} free",
        "每个检查点 {each}，全部保留；剩余 {free}",
    ),
    "disk_short": (
        "Not enough disk space: keep fewer checkpoints (--set train.save_total_limit=1), or use "
        "another disk.",
        "磁盘空间不足：请减少保留的检查点（--set train.save_total_limit=1），或换一个磁盘。",
    ),
    "converted": (
        "then {converted} for the converted model",
        "之后转换出的模型占 {converted}",
    ),
    "merged": (
        "then {converted} for the converted adapter and {merged} for the merged model",
        "之后转换出的适配器占 {converted}，合并后的模型占 {merged}",
    ),
    "time_unknown": (
        "unknown until the first run in this folder",
        "未知：在本文件夹训练一次后才能估算",
    ),
    "time_rough": (
        "roughly {time}; the screen shows it exactly during training",
        "大约 {time}，开始训练后会显示准确时间",
    ),
    "seconds": ("{count} s", "{count} 秒"),
    "minutes": ("{count} min", "{count} 分钟"),
    "hours": ("{count} h", "{count} 小时"),
    "days": ("{count} d", "{count} 天"),
    "time_each": (
        "{each} s per iteration in this folder's last run",
        "本文件夹上次训练每次迭代 {each} 秒",
    ),
    "time_total": (
        "about {whole}: {iterations} {iterations|iteration|iterations} of {each} s, as in this "
        "folder's last run; startup, evaluation and saving not included",
        "约 {whole}：{iterations} 次迭代，每次 {each} 秒（按本文件夹上次训练），不含启动、"
        "评估和保存",
    ),
    # notes
    "note_not_counted": (
        "Your data was not read: every sample is assumed to have max_length tokens.",
        "没有读取数据：假定每个样本都长 max_length。",
    ),
    "note_paged": (
        "The optimizer state, {size}, can move to main memory and is not included.",
        "优化器状态 {size} 可以换出到主机内存，未计入显存。",
    ),
    "note_square": (
        "On GPUs before Ampere, this model's attention keeps the full attention matrix (float16 "
        "has no fused kernel for grouped queries): a shorter max_length saves the most.",
        "Ampere 之前的显卡没有支持分组查询的 float16 融合注意力内核，会保留整个注意力矩阵："
        "缩短 max_length 最有效。",
    ),
    "note_one_gpu": (
        "Estimated for one GPU: each GPU needs all of this unless DeepSpeed splits it, which is "
        "not included.",
        "按单卡估算：多卡时每张卡都需要这么多；没有计入 DeepSpeed 的切分。",
    ),
    "note_cuda": (
        "Calculated from the model's shape, not measured on a GPU: see docs/memory.md.",
        "由模型结构推算，未在 GPU 上实测，见 docs/memory.zh.md。",
    ),
    "note_cpu": (
        "Calculated from the model's shape: see docs/memory.md.",
        "由模型结构推算，见 docs/memory.zh.md。",
    ),
    # before training
    "memory_warning": (
        "Probably not enough memory: about {needed} needed, {free} of {total} free ({place}).",
        "内存/显存可能不够：约需 {needed}，总共 {total}，可用 {free}（{place}）。",
    ),
    "memory_warning.hint": (
        "`xtgui estimate` shows how to reduce it.",
        "用 `xtgui estimate` 查看怎样节省。",
    ),
    "no_disk": (
        "Not enough disk space in {path}: up to {needed} needed for the checkpoints, {free} free.",
        "{path} 所在磁盘空间不足：检查点最多需要 {needed}，剩余 {free}。",
    ),
    "no_disk.hint": (
        "Keep fewer checkpoints (--set train.save_total_limit=1), free some space, or continue "
        "anyway with --no-disk-check.",
        "请减少保留的检查点（--set train.save_total_limit=1）、清理磁盘，"
        "或用 --no-disk-check 照样继续。",
    ),
    "no_disk_question": ("Train anyway?", "仍要开始训练吗？"),
    # what is wrong
    "no_model": (
        "No model given, and this folder's project names none.",
        "没有指定模型，本文件夹的项目中也没有。",
    ),
    "no_model.hint": (
        "Give a folder (config.json is enough) or a name from `xtgui models`: xtgui estimate "
        "--model FOLDER",
        "请指定文件夹（有 config.json 即可）或 `xtgui models` 中的名称："
        "xtgui estimate --model 文件夹",
    ),
    "unknown_model": (
        "{model} is neither a folder on this machine nor in the catalog.",
        "{model} 既不是本机的文件夹，也不在模型目录中。",
    ),
    "unknown_model.hint": (
        "Give a folder with a config.json, or a model from `xtgui models`.",
        "请指定含有 config.json 的文件夹，或 `xtgui models` 中的模型。",
    ),
    "unknown_model_near": (
        "{model} is neither a folder on this machine nor in the catalog.",
        "{model} 既不是本机的文件夹，也不在模型目录中。",
    ),
    "unknown_model_near.hint": (
        "Did you mean {near}? `xtgui models` lists all models; a folder with a config.json works "
        "too.",
        "是不是 {near}？用 `xtgui models` 查看全部；也可以指定含有 config.json 的文件夹。",
    ),
    "no_config": ("{path} has no config.json.", "{path} 里没有 config.json。"),
    "no_config.hint": (
        "Use a model folder in Hugging Face format; the weights are not needed.",
        "请使用 Hugging Face 格式的模型文件夹；不需要权重。",
    ),
    "broken_config": ("{path} cannot be read: {reason}", "无法读取 {path}：{reason}"),
    "no_shape": (
        "The config.json of {model} does not set: {keys}",
        "{model} 的 config.json 没有写明：{keys}",
    ),
    "no_shape.hint": (
        "Without these values its memory cannot be estimated.",
        "缺少这些值就无法估算显存。",
    ),
    "experts": (
        "{model} is a mixture of experts, for which memory cannot be estimated yet.",
        "{model} 是混合专家（MoE）模型，暂不支持估算。",
    ),
    "unknown_gpu": ("Unknown GPU: {name}", "不认识这张显卡：{name}"),
    "unknown_gpu.hint": (
        "Did you mean {near}? A size alone works too: --gpu 24GB",
        "是不是 {near}？也可以只写容量：--gpu 24GB",
    ),
}
