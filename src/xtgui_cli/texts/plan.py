"""Reasons for the planned values, and warnings about a plan."""

TEXTS: dict[str, tuple[str, str]] = {
    "packed": (
        "packing to {length} tokens: {samples} {samples|sample|samples}, {percent}% of the "
        "tokens lost",
        "拼接成每个样本 {length} 个 token：共 {samples} 个样本，丢失 {percent}% 的 token",
    ),
    "packed_shorter": (
        "packing to {length} tokens instead of {limit}, for enough samples and little loss: "
        "{samples} {samples|sample|samples}, {percent}% of the tokens lost",
        "按 {length} 而不是 {limit} 个 token 拼接，这样样本够多、丢失也少：共 {samples} 个样本，"
        "丢失 {percent}% 的 token",
    ),
    "apart": (
        "no packing: {samples} {samples|sample|samples}, one per row, nothing lost",
        "不拼接短样本：每行一个样本，共 {samples} 个，没有数据丢失",
    ),
    "loses": (
        "packing to {length} tokens loses {percent}% of the tokens for good; "
        "train.pack_to_max_length=false loses none",
        "按 {length} 个 token 拼接会永久丢失 {percent}% 的 token；"
        "设 train.pack_to_max_length=false 就不会丢失",
    ),
    "cuts": (
        "{count} of {rows} {rows|row|rows} ({percent}%) {count|is|are} longer than {length} "
        "tokens and {count|loses|lose} the end of the answer",
        "{rows} 行中有 {count} 行（{percent}%）超过 {length} 个 token，回答的结尾会被截断",
    ),
    "vanished": (
        "{count} of {rows} {rows|row|rows} {count|is|are} left out: no answer within {length} "
        "tokens",
        "{rows} 行中有 {count} 行不参与训练：前 {length} 个 token 里没有回答",
    ),
    "nothing_left": (
        "no row has an answer within {length} tokens",
        "没有一行在前 {length} 个 token 里有回答",
    ),
    "too_long": (
        "max_length exceeds the {limit} tokens that this model supports",
        "max_length 超过了这个模型支持的 {limit} 个 token",
    ),
    "no_samples": (
        "No samples left to train on: {rows|the only row of {path} has no answer|none of the "
        "{rows} rows of {path} has an answer} within {length} tokens.",
        "没有可训练的样本：{path} 的 {rows} 行都没有在前 {length} 个 token 里出现回答。",
    ),
    "no_samples.hint": (
        "Increase train.max_length, or shorten the questions.",
        "请增大 train.max_length，或缩短问题。",
    ),
    "packs_mixed": (
        "with this kind of model, samples packed together see each other; "
        "train.pack_to_max_length=false keeps them apart",
        "这类模型拼接（packing）后，同一个样本里的各段对话会互相看到；"
        "设 train.pack_to_max_length=false 可避免",
    ),
    "lr_by_width": (
        "learning rate {lr}: usually best for LoRA on a model with hidden size {width}",
        "学习率 {lr}：隐藏维度为 {width} 的模型做 LoRA 时通常效果最好",
    ),
    "lr_full": (
        "learning rate {lr}: a tenth of the rate for LoRA, as usual for full fine-tuning",
        "学习率 {lr}：全量微调取 LoRA 的十分之一",
    ),
    "alpha": (
        "LoRA alpha {alpha}: the learning rate is chosen for this value, whatever the rank",
        "LoRA alpha {alpha}：学习率按这个取值设定，与秩无关",
    ),
    "one_row": (
        "only one row: the model will repeat this answer, even where it does not belong",
        "只有 1 行数据：模型会记住这个回答，也可能在不相关的问题上照搬",
    ),
    "very_few_rows": (
        "only {rows} {rows|row|rows}: the model learns these answers to these questions, but "
        "little beyond. Write each fact in several wordings so that it also answers reworded "
        "questions",
        "只有 {rows} 行数据：模型能学会对这些问题的回答，但换种问法往往答不上来。"
        "建议同一件事用几种问法各写一行",
    ),
    "few_rows": (
        "{rows} {rows|row|rows} with one wording per answer: the model may fail on reworded "
        "questions. Several wordings per question help",
        "共 {rows} 行，每个回答只有一种问法：换种问法可能答不上来。同一问题多写几种问法会有帮助",
    ),
    "rows_per_update": (
        "{count} {count|row|rows} per update: the fewer rows you have, the smaller and more "
        "frequent the updates",
        "每次参数更新使用 {count} 行数据：数据越少，每次用得越少，更新次数就越多",
    ),
    "epochs_by_answers": (
        "{epochs} {epochs|epoch|epochs}: the model sees {answers|the answer|each of the {answers} "
        "answers} about {seen} {seen|time|times}, in {updates} {updates|update|updates}",
        "训练 {epochs} 轮：{answers} 种回答每种约学习 {seen} 次，共更新 {updates} 次",
    ),
    "epochs_by_updates": (
        "{epochs} {epochs|epoch|epochs}, {updates} {updates|update|updates} in total: with fewer "
        "than {few} on your own rows, the model hardly learns",
        "训练 {epochs} 轮，共更新 {updates} 次：你的数据至少要更新 {few} 次，再少就几乎学不到东西",
    ),
    "repeat_rows": (
        "each of your rows {times} {times|time|times} per epoch, each general question once",
        "每轮中你的每行数据训练 {times} 次，通用问题各训练 1 次",
    ),
    "one_epoch": (
        "one epoch instead of {usual}: it already takes {iters} {iters|iteration|iterations}",
        "只训练 1 轮而不是 {usual} 轮：一轮就有 {iters} 次迭代",
    ),
    "few_updates": (
        "only {updates} {updates|update|updates} of the weights: with fewer than {few}, the model "
        "hardly learns. Train more epochs or use fewer rows per update",
        "权重只更新 {updates} 次：少于 {few} 次几乎学不到东西。请增加轮数，"
        "或减少每次更新所用的行数",
    ),
    "no_warmup": (
        "no warm-up: {ratio} of {total} {total|iteration|iterations} is too short",
        "不做预热：{total} 次迭代的 {ratio} 太短",
    ),
    "no_warmup_in_time": (
        "no warm-up: with it, no update would reach the full learning rate ({total} "
        "{total|iteration|iterations})",
        "不做预热：总共 {total} 次迭代，预热后没有一次更新能达到设定的学习率",
    ),
    "never_full_rate": (
        "no update gets more than {percent}% of the learning rate; reduce gradient accumulation "
        "or warm-up, or train more epochs",
        "学习率最高只能达到设定值的 {percent}%：请减少梯度累积或预热，或增加轮数",
    ),
    "checkpointing_given": (
        "gradient checkpointing as you set it (without it: about {needed_gib} GiB)",
        "梯度检查点按你的设置（不用时约需 {needed_gib} GiB）",
    ),
    "checkpointing_unknown": (
        "gradient checkpointing on: xtgui cannot estimate the memory of this kind of model",
        "开启梯度检查点：无法估算这类模型的内存需求",
    ),
    "checkpointing_gpu": (
        "gradient checkpointing on: saves GPU memory (about {needed_gib} GiB)",
        "开启梯度检查点：节省显存（约 {needed_gib} GiB）",
    ),
    "checkpointing_tight": (
        "gradient checkpointing on: without it, activations need about {needed_gib} GiB of memory, "
        "with {free_gib} GiB free",
        "开启梯度检查点：不用它，激活值约需 {needed_gib} GiB，而空闲内存只有 {free_gib} GiB",
    ),
    "checkpointing_plenty": (
        "gradient checkpointing off, for speed: activations need about {needed_gib} of {free_gib} "
        "GiB free memory",
        "内存充足，已关闭梯度检查点以提速：激活值约需 {needed_gib} GiB，空闲 {free_gib} GiB",
    ),
}
