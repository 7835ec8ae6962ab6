enum Permission {
  None = 0,
  Read = 1 << 0,
  Write = 1 << 1,
  Execute = 1 << 2,
}

const grants: Permission[] = [Permission.Read, Permission.Read | Permission.Write, 7, Permission.None];
const describe = (p: Permission): string[] => {
  const out: string[] = [];
  if (p & Permission.Read) out.push('read');
  if (p & Permission.Write) out.push('write');
  if (p & Permission.Execute) out.push('execute');
  return out;
};
grants.map(describe)
