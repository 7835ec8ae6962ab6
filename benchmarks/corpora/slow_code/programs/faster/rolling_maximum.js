function peaks(values, width) {
  const result = [];
  for (let end = width; end <= values.length; end++) {
    result.push(Math.max(...values.slice(end - width, end)));
  }
  return result;
}

module.exports = { peaks };
