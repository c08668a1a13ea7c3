export async function handler() {
  return { exported: 0 };
}
