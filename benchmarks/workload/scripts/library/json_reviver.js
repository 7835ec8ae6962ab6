const text = JSON.stringify({ when: new Date(0), list: [1, undefined, () => 1], skip: undefined, nested: { a: 1n === 1n } });
const back = JSON.parse(text, (key, value) => (key === 'when' ? new Date(value).getTime() : value));
({ text, back })
