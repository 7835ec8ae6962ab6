const secrets = new WeakMap();
class Vault {
  constructor(secret) { secrets.set(this, secret); }
  check(guess) { return secrets.get(this) === guess; }
  get [Symbol.toStringTag]() { return 'Vault'; }
}
const v = new Vault('s3same');
[v.check('nope'), v.check('s3same'), Object.prototype.toString.call(v), Object.keys(v).length]
