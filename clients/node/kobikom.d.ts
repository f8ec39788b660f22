export type Status =
  | 'scheduled' | 'sent' | 'NOT_SENT' | 'SENT' | 'NOT_DELIVERED' | 'DELIVERED' | 'NOT_ALLOWED' | 'REJECTED'
  | 'INVALID_DESTINATION_ADDRESS' | 'INVALID_SOURCE_ADDRESS' | 'ROUTE_NOT_AVAILABLE' | 'NOT_ENOUGH_CREDITS'
  | 'INVALID_MESSAGE_FORMAT';
export type Operation = 'send' | 'pull' | 'titles' | 'balance' | 'push';

/** All of them have to hold. `to`, `title` and `text` are patterns: `*` is any text, `?` any character. */
export interface Conditions { to?: string; title?: string; text?: string; status?: Status; user?: string }

export interface Message {
  id: string; message_id: string; user: string; title: string; to: string; submitted_as: string; text: string;
  flash: boolean; status: Status; gsm_error: number | null; submitted_at: string; sent_at: string; done_at: string;
  parts: number; cost: string; report: 'waiting' | 'ready' | 'given';
}

export interface Entry {
  id: number; kind: 'request' | 'push' | 'http'; at: string; operation: string; user: string; outcome: string;
  code: number | null; request: object; answer: object | null; intended: object | null; error: string;
  explanation: object[]; faults: string[]; curl: string;
}

export interface Options {
  /** Default: $KOBIKOM_URL, then http://127.0.0.1:8080. */
  server?: string;
  /** The server's `control.token`. Default: $KOBIKOM_CONTROL__TOKEN. */
  token?: string;
  name?: string;
  seed?: number;
  /** An instant with its zone, at which the clock stands still, or "running". Default: 2026-01-31T09:00:00+03:00. */
  clock?: string | { set?: string; advance?: number; freeze?: boolean; rate?: number };
  accounts?: object[];
  readings?: Record<string, string>;
  magicNumbers?: boolean;
  /** These and others as for POST /spaces. */
  delivery?: object; limits?: object; faults?: object[]; messages?: object[]; webhooks?: object[];
}

/** `timeout` is in real seconds. */
export interface Timeout { timeout?: number }

/** Which requests, and how many: the next send unless said. */
export interface Next extends Omit<Conditions, 'status'> { times?: number; operation?: Operation }

export interface Fault {
  readonly id: number;
  /** How often it did something. */
  fired(): Promise<number>;
  disarm(): Promise<void>;
}

export interface Clock {
  now(): Promise<Date>;
  advance(seconds: number): Promise<Date>;
  set(instant: Date | string): Promise<Date>;
  freeze(): Promise<Date>;
  /** `rate` seconds of the space for each real second. */
  run(rate?: number): Promise<Date>;
}

export interface Faults {
  arm(effect: { kind: string; [field: string]: unknown }, rule?: { match?: object; when?: object }): Promise<Fault>;
  /** The next send is refused with a status code; with `to`, only for the recipients that match. */
  failNext(code: number, match?: Next): Promise<Fault>;
  /** It is carried out and charged, and the connection is closed without an answer. */
  loseNextAnswer(match?: Next): Promise<Fault>;
  /** The connection is closed before it is carried out. */
  dropNext(match?: Next): Promise<Fault>;
  /** It is answered late, by real seconds. */
  delayNext(seconds: number, match?: Next): Promise<Fault>;
  httpErrorNext(status: number, match?: Next): Promise<Fault>;
  /** It is carried out; its answer is held until the client gives up or `release` is called. */
  stallNext(match?: Next): Promise<Fault>;
  clear(): Promise<void>;
}

/** The control API refused a request; `field` is the dotted name of what was wrong. */
export class ControlRefused extends Error {
  readonly status: number;
  readonly field: string;
  readonly problem: Record<string, unknown>;
}

/** A private Kobikom. The code under test gets `baseUrl`, `user` and `password`; these lead here at `url` too. */
export class Kobikom {
  private constructor();
  static open(options?: Options): Promise<Kobikom>;
  readonly name: string;
  readonly seed: number;
  readonly url: string;
  readonly baseUrl: string;
  readonly user: string;
  readonly password: string;
  readonly clock: Clock;
  readonly faults: Faults;
  /** The newest message that matches, as soon as there is one; an AssertionError with the nearest misses otherwise. */
  waitFor(conditions?: Conditions, options?: Timeout): Promise<Message>;
  /** The newest `count` messages that match, oldest first. */
  waitForAll(count: number, conditions?: Conditions, options?: Timeout): Promise<Message[]>;
  /** The first group of `pattern`, or all of it, in the text of the message; 4 to 8 digits unless said. */
  waitForCode(conditions?: Conditions, options?: Timeout & { pattern?: RegExp }): Promise<string>;
  /** The messages that match, oldest first. */
  find(conditions?: Conditions): Promise<Message[]>;
  /** No message that matches was sent, once nothing is in flight. */
  assertNone(conditions?: Conditions, options?: Timeout): Promise<void>;
  drain(options?: Timeout): Promise<unknown>;
  /** Decide how a message ends, `after` seconds of the space's clock from now. */
  deliver(message: Message, outcome?: { status?: Status; gsmError?: number; after?: number }): Promise<Message>;
  /** Let `count` answers go that `stallNext` holds, once they are held. */
  release(count?: number, options?: Timeout): Promise<number>;
  /** The first account, after changing the terms that are given: `{ credit: '0' }`. */
  account(terms?: object): Promise<Record<string, unknown>>;
  /** Requests and pushes with answers and explanations, oldest first. */
  journal(): Promise<Entry[]>;
  journalText(): Promise<string>;
  reset(): Promise<unknown>;
  close(): Promise<void>;
}

/** A test with a space of its own, closed at its end: `test('…', withKobikom(async (kobikom) => { … }))`. */
export function withKobikom<T>(test: (kobikom: Kobikom) => Promise<T>): () => Promise<T>;
export function withKobikom<T>(options: Options, test: (kobikom: Kobikom) => Promise<T>): () => Promise<T>;
