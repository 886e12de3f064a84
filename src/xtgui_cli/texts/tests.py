"""Test questions in other words: asked for in the wizard, and what can be wrong with their file."""

_LINE_EN = 'A line looks like this: {{"question": "When are you closed?", "keywords": ["Tuesday"]}}'
_LINE_ZH = '每行的写法：{{"question": "哪天不营业？", "keywords": ["星期二"]}}'

TEXTS: dict[str, tuple[str, str]] = {
    # --- the wizard
    "question": ("Test it with questions in other words?", "换种问法考考它？"),
    "none": ("skip", "跳过"),
    "write": ("reword a few of your questions", "把几个问题换种说法"),
    "write_new": ("write new ones", "重新写"),
    "keep": ("keep the test questions you have ({count})", "保留已有的测试题（{count} 题）"),
    "row_of": ("  {number} of {count} · row {row}", "  {number}/{count} · 第 {row} 行"),
    "asks": ("question", "问题"),
    "answers": ("answer", "回答"),
    "other_words": ("In other words (empty: skip)", "换种说法（留空则跳过）"),
    "other_words_explained": (
        "Ask for the same thing as somebody would who has never seen this row. It is not trained.",
        "像没看过这一行的人那样，问同一件事。这道题不参与训练。",
    ),
    "same_words": (
        "That is the question itself. Please use other words.",
        "这就是原来的问题，请换一种说法。",
    ),
    "keywords": ("Key words of a right answer", "正确回答的关键词"),
    "keywords_explained": (
        "An answer is right if it contains all of them. Separate them by commas, and alternatives "
        "by |: Tuesday|Tuesdays, beach. Case makes no difference.",
        "回答包含全部关键词才算对。关键词之间用逗号分隔，可以互相替代的写法用 | 分隔："
        "星期二|周二，海边。不区分大小写。",
    ),
    "keywords_needed": (
        "Please type at least one key word, or nothing could be checked.",
        "请至少写一个关键词，否则无法判断对错。",
    ),
    "written": ("  test questions: {path}", "  测试题：{path}"),
    "nothing_typed": ("  No test questions were typed.", "  没有写测试题。"),
    "row": ("other words", "换种问法"),
    "review": (
        "{count} to be asked at the end and at the recommended checkpoint",
        "{count} 道测试题，在训练结束时和推荐的检查点上提问",
    ),
    # --- the file
    "missing": (
        "There is no file of test questions at {path}.",
        "测试题文件 {path} 不存在。",
    ),
    "missing.hint": (
        "Name another with --set data.tests=FILE, or none with --set data.tests=",
        "请用 --set data.tests=文件 另外指定，或用 --set data.tests= 取消。",
    ),
    "not_readable": ("{path} cannot be read: {reason}.", "无法读取 {path}：{reason}。"),
    "not_writable": ("{path} cannot be written: {reason}.", "无法写入 {path}：{reason}。"),
    "too_large": (
        "{path} is too large for a file of test questions.",
        "{path} 太大，不像是测试题文件。",
    ),
    "too_large.hint": (
        "{most} questions are enough: each is answered by the model.",
        "最多 {most} 题：每一题都要由模型作答。",
    ),
    "too_many": (
        "{path} has {count} test {count|question|questions}; {most} are possible at most.",
        "{path} 有 {count} 道测试题，最多 {most} 道。",
    ),
    "too_many.hint": (
        "Each is answered by the model, which takes time. Keep the best ones.",
        "每一题都要由模型作答，很费时间。请只保留最好的。",
    ),
    "empty": ("{path} holds no test question.", "{path} 中没有测试题。"),
    "empty.hint": (_LINE_EN, _LINE_ZH),
    "not_json": ("{path}, line {line}: not JSON.", "{path} 第 {line} 行：不是 JSON。"),
    "not_json.hint": (_LINE_EN, _LINE_ZH),
    "not_an_object": (
        "{path}, line {line}: not a question with its key words.",
        "{path} 第 {line} 行：不是带关键词的问题。",
    ),
    "not_an_object.hint": (_LINE_EN, _LINE_ZH),
    "no_question": (
        '{path}, line {line}: "question" is missing, or has no text.',
        '{path} 第 {line} 行：缺少 "question"，或内容为空。',
    ),
    "no_question.hint": (_LINE_EN, _LINE_ZH),
    "no_keywords": (
        '{path}, line {line}: no key words. "keywords" must be a list of at least one word.',
        '{path} 第 {line} 行：没有关键词。"keywords" 应是至少含一个词的列表。',
    ),
    "no_keywords.hint": (_LINE_EN, _LINE_ZH),
}
