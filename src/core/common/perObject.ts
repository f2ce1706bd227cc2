/** A function of objects that never change, which works each one out once, for as long as somebody has it. */
export function perObject<K extends object, V extends object>(workOut: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return (key) => {
    const value = known.get(key) ?? workOut(key);
    known.set(key, value);
    return value;
  };
}
