class Meter {
  #count = 0;

  get value() {
    this.#count += 1;
    return this.#count * 10;
  }
}

function readings(times) {
  const meter = new Meter();
  const result = [];
  for (let i = 0; i < times; i++) {
    result.push([meter.value, meter.value]);
  }
  return result;
}

module.exports = { readings };
