const ids = [2, 50, 6, -1];
const settled = await Promise.allSettled(ids.map(id => fetch_user(id)));
settled.map((s, i) => s.status === 'fulfilled' ? s.value.name : `missing ${ids[i]}`)
