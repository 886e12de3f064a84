"""Texts about the plan: each sentence says what is done and why."""

TEXTS: dict[str, tuple[str, str]] = {
    "packed": (
        "packed to {length} tokens: {samples} samples, {percent} % of the tokens lost",
        "打包成每条 {length} 个 token：共 {samples} 个样本，丢失 {percent} % 的 token",
    ),
    "packed_shorter": (
        "packed to {length} tokens instead of {limit}, for enough samples with little loss: "
        "{samples} samples, {percent} % of the tokens lost",
        "按 {length} 而不是 {limit} 个 token 打包，这样样本够多、丢失也少：共 {samples} 个样本，"
        "丢失 {percent} % 的 token",
    ),
    "apart": (
        "not packed: {samples} samples, one a row, and nothing is lost",
        "不打包：每行一个样本，共 {samples} 个，数据没有丢失",
    ),
    "loses": (
        "packing to {length} loses {percent} % of the tokens for good; "
        "train.pack_to_max_length=false loses none",
        "按 {length} 打包会永久丢失 {percent} % 的 token；"
        "设 train.pack_to_max_length=false 就不会丢失",
    ),
    "cuts": (
        "{count} of {rows} rows ({percent} %) are longer than {length} tokens: "
        "the end of their answers is cut off",
        "{rows} 行里有 {count} 行（{percent} %）超过 {length} 个 token，回答的结尾会被截断",
    ),
    "vanished": (
        "{count} of {rows} rows are left out: no answer within {length} tokens",
        "{rows} 行里有 {count} 行不参与训练：前 {length} 个 token 里没有回答",
    ),
    "nothing_left": (
        "no row has an answer within {length} tokens",
        "没有一行在前 {length} 个 token 里有回答",
    ),
    "too_long": (
        "max_length is more than the {limit} tokens this model was built for",
        "max_length 超过了这个模型支持的 {limit} 个 token",
    ),
    "no_samples": (
        "Nothing is left to train on: none of the {rows} rows of {path} has an answer within "
        "{length} tokens.",
        "没有可训练的样本：{path} 的 {rows} 行都没有在前 {length} 个 token 里出现回答。",
    ),
    "no_samples.hint": (
        "Raise train.max_length, or shorten the questions.",
        "请增大 train.max_length，或者缩短问题。",
    ),
    "accumulates": (
        "gradients of {count} iterations make one update",
        "每 {count} 次迭代累积梯度后更新一次",
    ),
    "accumulates_less": (
        "accumulation {count}: the usual {most} would leave {fewer} updates",
        "梯度累积 {count} 次：按常用的 {most} 次只能更新 {fewer} 次",
    ),
    "more_epochs": (
        "{epochs} epochs instead of {usual}: those would make only {few} updates, now {updates}",
        "训练 {epochs} 轮而不是 {usual} 轮：{usual} 轮只有 {few} 次更新，现在有 {updates} 次",
    ),
    "one_epoch": (
        "one epoch instead of {usual}: it takes {iters} iterations already",
        "只训练 1 轮而不是 {usual} 轮：一轮就有 {iters} 次迭代",
    ),
    "few_updates": (
        "only {updates} updates of the weights: below {few} hardly anything is learned. "
        "More epochs or less accumulation help",
        "权重只更新 {updates} 次：少于 {few} 次几乎学不到东西。请增加轮数，或减少梯度累积",
    ),
    "no_warmup": (
        "no warm-up: {ratio} of {total} iterations is too short for one",
        "不做预热：{total} 次迭代的 {ratio} 太短",
    ),
    "no_warmup_in_time": (
        "no warm-up: with it no update would reach the learning rate ({total} iterations)",
        "不做预热：总共 {total} 次迭代，预热后没有一次更新能达到设定的学习率",
    ),
    "never_full_rate": (
        "no update reaches more than {percent} % of the learning rate: "
        "less accumulation or warm-up, or more epochs help",
        "学习率最高只能达到设定值的 {percent} %：请减少梯度累积或预热，或增加轮数",
    ),
    "checkpointing_given": (
        "activation checkpointing as you set it (without: about {needed_gib} GiB)",
        "激活检查点按你的设置（不用时约需 {needed_gib} GiB）",
    ),
    "checkpointing_unknown": (
        "activation checkpointing: the memory of this kind of model is not estimated",
        "激活检查点：无法估算这类模型的内存需求",
    ),
    "checkpointing_gpu": (
        "activation checkpointing on: saves GPU memory (about {needed_gib} GiB)",
        "打开激活检查点：节省显存（约 {needed_gib} GiB）",
    ),
    "checkpointing_tight": (
        "activation checkpointing on: without it about {needed_gib} of {free_gib} GiB free memory",
        "打开激活检查点：不用它约需 {needed_gib} GiB，而空闲内存只有 {free_gib} GiB",
    ),
    "checkpointing_plenty": (
        "activation checkpointing off, for speed: needs about {needed_gib} of {free_gib} GiB "
        "free memory",
        "关闭激活检查点以加快速度：约需 {needed_gib} GiB，空闲内存 {free_gib} GiB",
    ),
}
