function uniqueTags(tags) {
  const result = [];
  tags.forEach(function (tag) {
    if (result.indexOf(tag) === -1) {
      result.push(tag);
    }
  });
  return result;
}

module.exports = { uniqueTags };
