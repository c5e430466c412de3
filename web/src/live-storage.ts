// What one tab remembers from page to page. A browser may forbid it; then
// nothing is remembered, and all else works.

const prefix = "lectern:";

export function remember(key: string, value: string): void {
  try {
    sessionStorage.setItem(prefix + key, value);
  } catch {
    // Forbidden or full.
  }
}

export function recall(key: string): string | undefined {
  try {
    return sessionStorage.getItem(prefix + key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Returns what was remembered, and forgets it. */
export function take(key: string): string | undefined {
  const value = recall(key);
  try {
    sessionStorage.removeItem(prefix + key);
  } catch {
    // Then there was nothing.
  }
  return value;
}
