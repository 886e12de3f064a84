"""The runs of a project: the list, and the comparison of two."""

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Runs", "训练记录"),
    "current": ("current", "current（当前）"),
    "column_name": ("run", "训练"),
    "column_began": ("started", "开始时间"),
    "column_state": ("state", "状态"),
    "column_iterations": ("iterations", "迭代次数"),
    "column_loss": ("loss", "最新 loss"),
    "column_trained": ("trained", "训练内容"),
    "time": ("training time", "训练用时"),
    "loss_first": ("loss, first", "loss（开始）"),
    "loss_last": ("loss, last", "loss（最后）"),
    "loss_lowest": ("loss, lowest", "loss（最低）"),
    "running": ("training", "训练中"),
    "other": ("trained elsewhere", "由其他程序训练"),
    "look": (
        "  View one: xtgui results --run {name}; also status, logs, chat, convert",
        "  查看其中一次：xtgui results --run {name}；status、logs、chat、convert 也支持 --run",
    ),
    "compare": (
        "  Compare it with the current run: xtgui runs {name}; any two: xtgui runs NAME NAME",
        "  与当前训练比较：xtgui runs {name}；比较任意两次：xtgui runs 名称 名称",
    ),
    "changed_data": ("The training data is different.", "两次训练的数据不同。"),
    "changed_model_config": (
        "The config.json of the base model is different.",
        "基座模型的 config.json 不同。",
    ),
    "changed_tokenizer": (
        "The tokenizer of the base model is different.",
        "基座模型的分词器不同。",
    ),
    "changed_weights": ("The weights of the base model are different.", "基座模型的权重不同。"),
    "changed_template": ("The prompt template is different.", "提示词模板不同。"),
    "settings_alike": (
        "Both runs have the same settings and the same data.",
        "两次训练的设置和数据相同。",
    ),
    "settings_unknown": (
        "The config of one run cannot be read, so the settings are not compared.",
        "其中一次训练的配置文件无法读取，未比较设置。",
    ),
    "none_here": ("Nothing has been trained in {path} yet.", "{path} 中还没有训练过。"),
    "none_here.hint": ("Train first: xtgui train", "请先训练：xtgui train"),
    "no_such_run": ("Unknown run: {name}", "没有名为 {name} 的训练。"),
    "no_such_run.hint": (
        "Available: {there}. List them: xtgui runs",
        "现有：{there}。查看列表：xtgui runs",
    ),
    "same_run": ("Cannot compare {name} with itself.", "{name} 不能与自身比较。"),
    "same_run.hint": (
        "Choose another run. List them: xtgui runs",
        "请指定另一次训练。查看列表：xtgui runs",
    ),
    "not_trained": ("{name} has not been trained yet.", "{name} 还没有训练过。"),
    "not_trained.hint": (
        "Compare two others: xtgui runs NAME NAME",
        "请指定另外两次训练：xtgui runs 名称 名称",
    ),
    "too_many": ("Expected at most two runs to compare.", "一次只能比较两次训练。"),
}
