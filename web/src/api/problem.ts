/** What went wrong with a request, as a stable code that the texts translate. */

export class Problem extends Error {
  readonly errorId: string;
  readonly status: number;
  readonly params: Record<string, unknown>;

  constructor(errorId: string, status: number, params: Record<string, unknown> = {}) {
    super(errorId);
    this.name = 'Problem';
    this.errorId = errorId;
    this.status = status;
    this.params = params;
  }
}

/** `body` is the parsed application/problem+json, or whatever a proxy sent in its place. */
export function problemFrom(status: number, body: unknown): Problem {
  if (typeof body === 'object' && body !== null && 'error_id' in body && typeof body.error_id === 'string') {
    const params = 'params' in body && typeof body.params === 'object' && body.params !== null ? body.params : {};
    return new Problem(body.error_id, status, { ...params });
  }
  return new Problem(status >= 500 ? 'server_error' : 'request_failed', status);
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('unreachable', 0);
}
