"""The next step after a run: the reason, followed on screen by the command."""

TEXTS: dict[str, tuple[str, str]] = {
    "next": ("Next: {reason}", "下一步：{reason}"),
    "entry": ("→  {effect}", "→  {effect}"),
    # --- reasons
    "lower_diverged": (
        "the loss is no longer a number because the learning rate ({lr}) is too high. Start over "
        "with a lower one:",
        "loss 已不是数字：学习率（{lr}）过高。请降低学习率，重新开始：",
    ),
    "lower_rising": (
        "the loss rose from {first} to {now} because the learning rate ({lr}) is too high. Start "
        "over with a lower one:",
        "loss 从 {first} 升到 {now}：学习率（{lr}）过高。请降低学习率，重新开始：",
    ),
    "lower_stuck": (
        "the loss falls too slowly ({first} to {now}) because the learning rate ({lr}) is far too "
        "high. Start over with a lower one:",
        "loss 下降太慢（从 {first} 到 {now}）：学习率（{lr}）过高很多。请降低学习率，重新开始：",
    ),
    "lower_forgot": (
        "a learning rate lower than {lr} forgets less. Start over with it:",
        "比 {lr} 更低的学习率可以减少遗忘。请重新开始：",
    ),
    "lower_held_out": (
        "with a learning rate of {lr}, the model memorizes the data. Start over with a lower one:",
        "学习率 {lr} 下模型在死记硬背。请降低学习率，重新开始：",
    ),
    "less_memory": (
        "memory ran out, and would run out again. Start over with settings that need less:",
        "内存或显存不足，原样再来还会不足。请改用更省的设置，重新开始：",
    ),
    "less_memory_resume": (
        "memory ran out, and would run out again. Resume from {checkpoint} with less memory; this "
        "takes longer and learns the same:",
        "内存或显存不足，原样再来还会不足。请改用更省的方式从 {checkpoint} 续训（慢一些，"
        "效果不变）：",
    ),
    "find_memory": (
        "memory ran out, and would run out again. See which settings need less:",
        "内存或显存不足，原样再来还会不足。查看哪些设置更省：",
    ),
    "resume": ("resume from {checkpoint}:", "从 {checkpoint} 续训："),
    "mix_forgot": (
        "mix in {count} general {count|question|questions}, so that the model keeps what it knew. "
        "Start over with {count|it|them}:",
        "混入 {count} 个通用问题，以免忘记原有知识。请重新开始：",
    ),
    "mix_repeats": (
        "mix in {count} general {count|question|questions}, so that the model can tell "
        "{count|it|them} from yours. Start over with {count|it|them}:",
        "混入 {count} 个通用问题，让模型把它们与你的问题区分开。请重新开始：",
    ),
    "kept_more": (
        "{name} has learned about as much and forgotten less. Use it instead:",
        "{name} 学到的差不多，遗忘更少。请改用它：",
    ),
    "held_out_better": (
        "the loss on the held-out rows was lower at {name} ({best}, now {now}). Use that "
        "checkpoint:",
        "验证集的 loss 在 {name} 时更低（{best}，现在 {now}）。请改用这个检查点：",
    ),
    "fewer": (
        "train fewer epochs ({count}), so that the model does not memorize the data:",
        "减少训练轮数（{count} 轮），在死记硬背之前结束：",
    ),
    "planned": (
        "XTuner's defaults suit larger models and more rows. Start over with values planned for "
        "your model and data:",
        "XTuner 的默认值适合更大的模型和更多的数据。请改用按模型与数据推算的参数，重新开始：",
    ),
    "higher": (
        "the loss falls too slowly ({first} to {now}) with a learning rate of {lr}. Start over "
        "with a higher one:",
        "学习率 {lr} 下 loss 下降太慢（从 {first} 到 {now}）。请提高学习率，重新开始：",
    ),
    "more": (
        "the loss is still falling ({first} to {now}); train about {count|one more epoch|{count} "
        "more epochs}:",
        "loss 还在下降（从 {first} 到 {now}），大约还需训练 {count} 轮：",
    ),
    "more_at_least": (
        "the loss is falling slowly ({first} to {now}). Train {count} more {count|epoch|epochs}, "
        "then check again:",
        "loss 下降得慢（从 {first} 到 {now}）。请再训练 {count} 轮，然后再看：",
    ),
    "wordings": (
        "write each fact in several wordings, one row each, then start over.",
        "同一件事用几种问法各写一行，然后重新开始。",
    ),
    "chat": (
        "chat with your model, side by side with the base model:",
        "与微调后的模型对话，并与基座模型比较：",
    ),
    "see": (
        "xtgui has not checked the answers. See for yourself, side by side with the base model:",
        "没有做学习效果检查。可以自己看看它的回答，并与基座模型比较：",
    ),
    "edit": ("First set {name} = {value} in {file}.", "先在 {file} 中设置 {name} = {value}。"),
    # --- several wordings, shown for one of the user's rows
    "wordings_like": (
        "One of your rows in three wordings, as an example (your own words teach more):",
        "以你的一行数据为例，三种问法如下（用自己的话来写效果更好）：",
    ),
    "wordings_into": ("Add such rows to {file}.", "请把这样的数据加入 {file}。"),
    "wordings_then": ("Then:", "然后运行："),
    "wordings_added": (
        "Start over now, with the new rows in {file}?",
        "新数据已加入 {file}，现在重新开始？",
    ),
    "wordings_unchanged": (
        "{file} has not changed, so xtgui did not start training.",
        "{file} 没有变化，未开始训练。",
    ),
    "wordings_ask": ("Could you tell me: {question}", "请告诉我：{question}"),
    "wordings_wonder": ("I have a question. {question}", "我想问一下，{question}"),
    "wordings_know": ("{question} I would like to know.", "{question}请回答我。"),
    # --- the wizard's entry
    "do_lower_diverged": ("Start over with a lower learning rate", "降低学习率，重新开始"),
    "do_lower_rising": ("Start over with a lower learning rate", "降低学习率，重新开始"),
    "do_lower_stuck": ("Start over with a lower learning rate", "降低学习率，重新开始"),
    "do_lower_forgot": ("Start over with a lower learning rate", "降低学习率，重新开始"),
    "do_lower_held_out": ("Start over with a lower learning rate", "降低学习率，重新开始"),
    "do_less_memory": (
        "Start over with settings that need less memory",
        "改用更省的设置，重新开始",
    ),
    "do_less_memory_resume": (
        "Resume from {checkpoint} with less memory",
        "改用更省的方式，从 {checkpoint} 续训",
    ),
    "do_find_memory": ("See which settings need less memory", "查看哪些设置更省"),
    "do_resume": ("Resume from {checkpoint}", "从 {checkpoint} 续训"),
    "do_mix_forgot": ("Start over with general questions mixed in", "混入通用问题，重新开始"),
    "do_mix_repeats": ("Start over with general questions mixed in", "混入通用问题，重新开始"),
    "do_kept_more": ("Convert {name}", "转换 {name}"),
    "do_held_out_better": ("Convert {name}", "转换 {name}"),
    "do_fewer": ("Start over with {count} {count|epoch|epochs}", "改为 {count} 轮，重新开始"),
    "do_planned": ("Start over with planned values", "改用推算的参数，重新开始"),
    "do_higher": ("Start over with a higher learning rate", "提高学习率，重新开始"),
    "do_more": ("Train {count|one more epoch|{count} more epochs}", "再训练 {count} 轮"),
    "do_more_at_least": ("Train {count|one more epoch|{count} more epochs}", "再训练 {count} 轮"),
    "do_wordings": ("Write several wordings, then start over", "补写几种问法，然后重新开始"),
    "do_chat": (
        "Chat with your model and the base model side by side",
        "对话：微调后的模型与基座并排比较",
    ),
    "do_see": (
        "Chat with your model and the base model side by side",
        "对话：微调后的模型与基座并排比较",
    ),
}
