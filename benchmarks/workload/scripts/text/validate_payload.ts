interface Signup {
  email: string;
  age: number;
  plan?: 'free' | 'pro';
}

type Result<T> = { ok: true; value: T } | { ok: false; errors: string[] };

function validate(json: string): Result<Signup> {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    return { ok: false, errors: ['not JSON'] };
  }
  const errors: string[] = [];
  const record = data as Partial<Signup>;
  if (typeof record.email !== 'string' || !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(record.email)) errors.push('email');
  if (typeof record.age !== 'number' || record.age < 18) errors.push('age');
  if (record.plan !== undefined && !['free', 'pro'].includes(record.plan)) errors.push('plan');
  return errors.length ? { ok: false, errors } : { ok: true, value: record as Signup };
}

['{"email":"a@b.co","age":20}', '{"email":"nope","age":3,"plan":"gold"}', '{oops', '{"email":"x@y.z","age":18,"plan":"pro"}'].map(validate)
