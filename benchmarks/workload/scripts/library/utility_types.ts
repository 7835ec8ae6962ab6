interface User { id: number; name: string; email: string; admin: boolean }
type Public = Omit<User, 'email'>;
type Patch = Partial<Pick<User, 'name' | 'admin'>>;

const user: User = { id: 1, name: 'Ann', email: 'a@x.org', admin: false };
const apply = (u: User, patch: Patch): User => ({ ...u, ...patch });
const hide = ({ email: _email, ...rest }: User): Public => rest;
hide(apply(user, { admin: true } satisfies Patch))
