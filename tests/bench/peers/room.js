// The rooms of the relay on `ws`: who is in, and how many messages there were.

const rooms = new Map();

export class Room {
  members = new Set();
  #seq = 0;

  /** Gives the room of this name and makes it when it is new. */
  static of(name) {
    let room = rooms.get(name);
    if (!room) rooms.set(name, room = new Room());
    return room;
  }

  static join(name, member) {
    const room = Room.of(name);
    room.members.add(member);
    return room;
  }

  leave(member) {
    this.members.delete(member);
  }

  /** Counts a message and gives its place. */
  next() {
    this.#seq += 1;
    return this.#seq;
  }
}
