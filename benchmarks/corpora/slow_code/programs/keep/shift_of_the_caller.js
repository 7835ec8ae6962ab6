function take(queue, count) {
  const jobs = [];
  while (queue.length > 0 && jobs.length < count) {
    jobs.push(queue.shift());
  }
  return jobs;
}

module.exports = { take };
