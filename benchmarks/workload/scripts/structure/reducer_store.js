const initial = { todos: [], filter: 'all' };

function reducer(state = initial, action) {
  switch (action.type) {
    case 'add':
      return { ...state, todos: [...state.todos, { id: state.todos.length + 1, text: action.text, done: false }] };
    case 'toggle':
      return { ...state, todos: state.todos.map(t => (t.id === action.id ? { ...t, done: !t.done } : t)) };
    case 'filter':
      return { ...state, filter: action.filter };
    default:
      return state;
  }
}

function createStore(reducer) {
  let state = reducer(undefined, { type: '@@init' });
  const listeners = [];
  return {
    dispatch(action) { state = reducer(state, action); listeners.forEach(l => l(state)); },
    subscribe(l) { listeners.push(l); },
    getState: () => state,
  };
}

const store = createStore(reducer);
let notifications = 0;
store.subscribe(() => notifications++);
store.dispatch({ type: 'add', text: 'write tests' });
store.dispatch({ type: 'add', text: 'ship' });
store.dispatch({ type: 'toggle', id: 1 });
store.dispatch({ type: 'filter', filter: 'done' });
const { todos, filter } = store.getState();
({ visible: todos.filter(t => filter === 'all' || t.done), notifications });
