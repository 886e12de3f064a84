"""The runs of a project: the list, and two of them side by side."""

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Runs", "训练记录"),
    "current": ("current", "current（当前）"),
    "column_name": ("run", "训练"),
    "column_began": ("started", "开始时间"),
    "column_state": ("state", "状态"),
    "column_iterations": ("iterations", "迭代次数"),
    "column_loss": ("loss", "损失（loss）"),
    "column_trained": ("trained", "训练内容"),
    "time": ("training time", "训练用时"),
    "loss_first": ("loss, first", "loss（开始）"),
    "loss_last": ("loss, last", "loss（最后）"),
    "loss_lowest": ("loss, lowest", "loss（最低）"),
    "running": ("training", "训练中"),
    "other": ("trained elsewhere", "由其他程序训练"),
    "look": (
        "  Look at one: xtgui results --run {name}; also status, logs, chat, convert",
        "  查看其中一次：xtgui results --run {name}；status、logs、chat、convert 也可以用 --run",
    ),
    "compare": (
        "  Compare it with the current one: xtgui runs {name}; any two: xtgui runs NAME NAME",
        "  与当前训练比较：xtgui runs {name}；比较任意两次：xtgui runs 名称 名称",
    ),
    "changed_data": (
        "The training data are not the same.",
        "两次训练的数据内容不同。",
    ),
    "changed_model_config": (
        "The config.json of the base model is not the same.",
        "基座模型的 config.json 不同。",
    ),
    "changed_tokenizer": (
        "The tokenizer of the base model is not the same.",
        "基座模型的分词器不同。",
    ),
    "changed_weights": (
        "The weights of the base model are not the same.",
        "基座模型的权重不同。",
    ),
    "changed_template": (
        "The prompt template is not the same.",
        "提示词模板不同。",
    ),
    "settings_alike": (
        "Both were trained with the same settings on the same data.",
        "两次训练的设置和数据相同。",
    ),
    "settings_unknown": (
        "The config of one of them cannot be read, so settings are not compared.",
        "其中一次训练的配置文件无法读取，未比较设置。",
    ),
    "none_here": ("Nothing has been trained in {path} yet.", "{path} 中还没有训练过。"),
    "none_here.hint": ("Train first: xtgui train", "请先训练：xtgui train"),
    "no_such_run": ("There is no run {name}.", "没有名为 {name} 的训练。"),
    "no_such_run.hint": (
        "There are: {there}. xtgui runs lists them.",
        "现有：{there}。用 xtgui runs 查看列表。",
    ),
    "same_run": ("{name} cannot be compared with itself.", "{name} 不能与自身比较。"),
    "same_run.hint": (
        "Name another one; xtgui runs lists them.",
        "请指定另一次训练；用 xtgui runs 查看列表。",
    ),
    "not_trained": ("{name} has not been trained yet.", "{name} 还没有训练过。"),
    "not_trained.hint": (
        "Name two others: xtgui runs NAME NAME",
        "请指定另外两次：xtgui runs 名称 名称",
    ),
    "too_many": ("Two runs can be compared, not more.", "一次只能比较两次训练。"),
}
