function highlight(lines, words) {
  return lines.map((line) => {
    let text = line;
    for (let i = 0; i < words.length; i++) {
      text = text.replace(new RegExp("\\b" + words[i] + "\\b", "g"), "<b>$&</b>");
    }
    return text;
  });
}

module.exports = { highlight };
