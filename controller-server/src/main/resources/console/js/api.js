const TIMEOUT_MS = 20_000;

/** What a path answers: whether it was done, the status, and the answer. Throws if there is none. */
async function answerTo(path, options) {
  const answer = await fetch(path, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) });
  return { ok: answer.ok, status: answer.status, told: await answer.json() };
}

export const get = (path) => answerTo(path, {});

export const post = (path, body) => answerTo(path, {
  method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
});

export const remove = (path) => answerTo(path, { method: 'DELETE' });
