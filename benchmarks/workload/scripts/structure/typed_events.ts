interface Events { login: { user: string }; logout: { user: string; after: number } }

class Emitter<E> {
  private handlers: { [K in keyof E]?: Array<(payload: E[K]) => void> } = {};

  on<K extends keyof E>(type: K, handler: (payload: E[K]) => void): void {
    (this.handlers[type] ??= []).push(handler);
  }

  emit<K extends keyof E>(type: K, payload: E[K]): number {
    const list = this.handlers[type] ?? [];
    list.forEach((h) => h(payload));
    return list.length;
  }
}

const log: string[] = [];
const emitter = new Emitter<Events>();
emitter.on('login', ({ user }) => log.push(`+${user}`));
emitter.on('logout', ({ user, after }) => log.push(`-${user}:${after}`));
const heard = [emitter.emit('login', { user: 'ann' }), emitter.emit('logout', { user: 'ann', after: 12 })];
({ log, heard })
