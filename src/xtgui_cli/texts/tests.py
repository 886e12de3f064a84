"""Texts about reworded test questions: the wizard's page, and errors in their file."""

_LINE_EN = 'Example line: {{"question": "When are you closed?", "keywords": ["Tuesday"]}}'
_LINE_ZH = '每行示例：{{"question": "哪天不营业？", "keywords": ["星期二"]}}'

TEXTS: dict[str, tuple[str, str]] = {
    # --- the wizard
    "question": ("Add reworded test questions?", "要用换种问法的题来测试吗？"),
    "none": ("skip", "跳过"),
    "write": ("reword a few of your questions", "把几个问题换种说法"),
    "write_new": ("write new ones", "重新写"),
    "keep": ("keep your test questions ({count})", "保留已有的测试题（{count} 题）"),
    "row_of": ("  {number} of {count} · row {row}", "  {number}/{count} · 第 {row} 行"),
    "asks": ("question", "问题"),
    "answers": ("answer", "回答"),
    "other_words": ("Reworded question (empty: skip)", "换种说法（留空则跳过）"),
    "other_words_explained": (
        "Ask the same thing the way someone would who has never seen this row. The question is "
        "not trained.",
        "像没看过这一行的人那样，问同一件事。这道题不参与训练。",
    ),
    "same_words": ("This is the original question. Reword it.", "这就是原来的问题，请换一种说法。"),
    "keywords": ("Keywords of a correct answer", "正确回答的关键词"),
    "keywords_explained": (
        "An answer is correct if it contains all keywords. Separate keywords with commas and "
        "alternatives with |: Tuesday|Tuesdays, beach. Case does not matter.",
        "回答包含全部关键词才算对。关键词之间用逗号分隔，可以互相替代的写法用 | 分隔："
        "星期二|周二，海边。不区分大小写。",
    ),
    "keywords_needed": (
        "Enter at least one keyword. Without keywords, xtgui cannot check the answer.",
        "请至少写一个关键词，否则无法判断对错。",
    ),
    "written": ("  test questions: {path}", "  测试题：{path}"),
    "nothing_typed": ("  No test questions added.", "  没有添加测试题。"),
    "row": ("reworded questions", "换种问法"),
    "review": (
        "{count} test {count|question|questions}, asked at the end and at the recommended "
        "checkpoint",
        "{count} 道测试题，在训练结束时和推荐的检查点上提问",
    ),
    # --- the file
    "missing": ("The file of test questions {path} does not exist.", "测试题文件 {path} 不存在。"),
    "missing.hint": (
        "Choose another file with --set data.tests=FILE, or use none with --set data.tests=",
        "请用 --set data.tests=文件 另外指定，或用 --set data.tests= 取消。",
    ),
    "not_readable": ("Cannot read {path}: {reason}.", "无法读取 {path}：{reason}。"),
    "not_writable": ("Cannot write {path}: {reason}.", "无法写入 {path}：{reason}。"),
    "too_large": (
        "{path} is too large for a file of test questions.",
        "{path} 太大，不像是测试题文件。",
    ),
    "too_large.hint": (
        "Use at most {most} questions; the model has to answer each of them.",
        "最多 {most} 题：每一题都要由模型作答。",
    ),
    "too_many": (
        "{path} has {count} test {count|question|questions}, but the maximum is {most}.",
        "{path} 有 {count} 道测试题，最多 {most} 道。",
    ),
    "too_many.hint": (
        "The model has to answer each of them, which takes time. Keep only the best ones.",
        "每一题都要由模型作答，很费时间。请只保留最好的。",
    ),
    "empty": ("{path} contains no test questions.", "{path} 中没有测试题。"),
    "empty.hint": (_LINE_EN, _LINE_ZH),
    "not_json": ("{path}, line {line}: not valid JSON.", "{path} 第 {line} 行：不是有效的 JSON。"),
    "not_json.hint": (_LINE_EN, _LINE_ZH),
    "not_an_object": (
        "{path}, line {line}: expected a question with keywords.",
        "{path} 第 {line} 行：应为带关键词的问题。",
    ),
    "not_an_object.hint": (_LINE_EN, _LINE_ZH),
    "no_question": (
        '{path}, line {line}: "question" is missing or empty.',
        '{path} 第 {line} 行：缺少 "question"，或内容为空。',
    ),
    "no_question.hint": (_LINE_EN, _LINE_ZH),
    "no_keywords": (
        '{path}, line {line}: no keywords. "keywords" must be a list with at least one word.',
        '{path} 第 {line} 行：没有关键词。"keywords" 应为至少含一个词的列表。',
    ),
    "no_keywords.hint": (_LINE_EN, _LINE_ZH),
}
