"""The words of click, which parses the command line. The names are click's own sentences."""

TEXTS: dict[str, tuple[str, str]] = {
    "Show this message and exit.": ("Show this help and exit", "显示本帮助后退出"),
    "[OPTIONS]": ("[OPTIONS]", "[选项]"),
    "[COMMAND] [ARGS]...": ("[COMMAND]", "[命令]"),
    "Missing argument": ("Missing argument", "缺少参数"),
    "Missing option": ("Missing option", "缺少选项"),
    "Missing parameter": ("Missing parameter", "缺少参数"),
    "Missing command.": ("Which command?", "缺少命令。"),
    "Missing parameter: {param_name}": (
        "Missing parameter: {param_name}",
        "缺少参数：{param_name}",
    ),
    "Invalid value: {message}": ("Invalid value: {message}", "取值无效：{message}"),
    "Invalid value for {param_hint}: {message}": (
        "{param_hint}: {message}",
        "{param_hint}：{message}",
    ),
    "No such option {name!r}.": ("There is no option {name}.", "没有选项 {name}。"),
    "No such command {name!r}.": ("There is no command {name}.", "没有命令 {name}。"),
    "Did you mean {possibility}?": ("Did you mean {possibility}?", "你是否想用 {possibility}？"),
    "(Did you mean one of: {possibilities}?)": (
        "Did you mean one of these: {possibilities}?",
        "你是否想用其中之一：{possibilities}？",
    ),
    "Got unexpected extra argument ({args})": (
        "One argument too many: {args}",
        "多余的参数：{args}",
    ),
    "Got unexpected extra arguments ({args})": (
        "Some arguments too many: {args}",
        "多余的参数：{args}",
    ),
    "Option {name!r} requires an argument.": (
        "The option {name} needs a value.",
        "选项 {name} 需要一个值。",
    ),
    "Option {name!r} requires {nargs} arguments.": (
        "The option {name} needs {nargs} values.",
        "选项 {name} 需要 {nargs} 个值。",
    ),
    "Option {name!r} does not take a value.": (
        "The option {name} takes no value.",
        "选项 {name} 不带值。",
    ),
    "{value!r} is not {choice}.": ("{value!r} is not {choice}.", "{value!r} 不是 {choice}。"),
    "{value!r} is not one of {choices}.": (
        "{value!r} is none of {choices}.",
        "{value!r} 不在可选值之中：{choices}。",
    ),
    "{value!r} is not a valid {number_type}.": (
        "{value!r} is not a number of the kind wanted ({number_type}).",
        "{value!r} 不是所需的数值（{number_type}）。",
    ),
    "{value} is not in the range {range}.": (
        "{value} is outside the range {range}.",
        "{value} 超出范围 {range}。",
    ),
    "{name} {filename!r} does not exist.": (
        "{filename!r} does not exist.",
        "{filename!r} 不存在。",
    ),
    "Value must be an iterable.": ("Several values are needed.", "需要多个值。"),
}
