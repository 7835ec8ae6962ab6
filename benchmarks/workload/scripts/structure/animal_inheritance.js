class Animal {
  constructor(name, sound) {
    this.name = name;
    this.sound = sound;
  }
  speak() {
    return `${this.name} says ${this.sound}`;
  }
}

class Dog extends Animal {
  constructor(name) {
    super(name, 'woof');
  }
  fetch(thing) {
    return `${this.speak()} and fetches the ${thing}`;
  }
}

class Puppy extends Dog {
  speak() {
    return super.speak().toUpperCase();
  }
}

const pets = [new Animal('Cow', 'moo'), new Dog('Rex'), new Puppy('Bit')];
pets.map(p => (p instanceof Dog ? p.fetch('ball') : p.speak()));
