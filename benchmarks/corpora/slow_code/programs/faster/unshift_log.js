function newestFirst(lines) {
  const log = [];
  for (let i = 0; i < lines.length; i++) {
    log.unshift(`${i}: ${lines[i]}`);
  }
  return log;
}

module.exports = { newestFirst };
