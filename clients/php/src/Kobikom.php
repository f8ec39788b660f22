<?php

declare(strict_types=1);

namespace KobikomEmulator\Testing;

/**
 * A private Kobikom. The code under test gets $baseUrl, $user and $password; these lead here at $url too. Conditions on
 * messages are to, title, text (patterns with * and ?), status, user; a message is an array as in GET …/messages.
 */
final class Kobikom
{
    public readonly string $name, $baseUrl, $user, $password;
    public readonly int $seed;
    public readonly Clock $clock;
    public readonly Faults $faults;
    private string $path = '/_emulator/spaces';
    private bool $closed = false;

    private function __construct(public readonly string $url, private readonly string $token, array $options)
    {
        $space = $this->ask('POST', '', $options);
        ['name' => $this->name, 'seed' => $this->seed, 'accounts' => [$account]] = $space;
        ['user' => $this->user, 'password' => $this->password] = $account;
        $this->baseUrl = "$url/s/$this->name";
        $this->path .= "/$this->name";
        $this->clock = new Clock($this);
        $this->faults = new Faults($this);
    }

    /**
     * Opens a space of the emulator at $server (default: $KOBIKOM_URL). $options: name, seed, clock, accounts, … as for
     * POST /spaces, but `clock` is an instant with its zone, at which it stands still (default: 2026-01-31 09:00 in
     * Istanbul), or "running". $token is the server's `control.token` (default: $KOBIKOM_CONTROL__TOKEN).
     */
    public static function open(array $options = [], ?string $server = null, ?string $token = null): self
    {
        $clock = $options['clock'] ?? '2026-01-31T09:00:00+03:00';
        $options['clock'] = is_string($clock) ? ['set' => $clock, 'freeze' => true] : $clock;
        if ($clock === 'running') {
            unset($options['clock']);
        }
        $server ??= getenv('KOBIKOM_URL') ?: 'http://127.0.0.1:8080';
        return new self(rtrim($server, '/'), $token ?? (getenv('KOBIKOM_CONTROL__TOKEN') ?: ''), $options);
    }

    /** The newest message that matches, as soon as there is one. */
    public function waitFor(array $conditions = [], float $timeout = 5.0): array
    {
        return $this->waitForAll(1, $conditions, $timeout)[0];
    }

    /** The newest $count messages that match, oldest first; fails with the nearest misses after $timeout seconds. */
    public function waitForAll(int $count, array $conditions = [], float $timeout = 5.0): array
    {
        $wanted = ['match' => (object) $conditions, 'count' => $count, 'timeout' => $timeout];
        try {
            return array_reverse($this->ask('POST', '/messages/wait', $wanted, $timeout)['messages']);
        } catch (ControlRefused $refused) {
            if ($refused->status !== 408) {
                throw $refused;
            }
            $lines = ['waited for ' . self::json($wanted), $refused->getMessage()];
            foreach ($refused->problem['nearest_misses'] ?? [] as $miss) {
                array_push($lines, self::line($miss['message']), ...$miss['differences']);
            }
            throw self::failure([...$lines, $this->journalText()]);
        }
    }

    /** The first group of $pattern, or all of it, in the text of the message that matches. */
    public function waitForCode(array $conditions = [], string $pattern = '/\d{4,8}/', float $timeout = 5.0): string
    {
        $text = $this->waitFor($conditions, $timeout)['text'];
        return preg_match($pattern, $text, $groups) ? $groups[1] ?? $groups[0]
            : throw self::failure(["no code $pattern in " . self::json($text)]);
    }

    /** The messages that match, oldest first. */
    public function find(array $conditions = []): array
    {
        $messages = [];
        $query = $conditions + ['limit' => 1000];
        do {
            $page = $this->ask('GET', '/messages?' . http_build_query($query));
            array_push($messages, ...$page['messages']);
            $query['before'] = $page['next'];
        } while ($page['next'] !== null);
        return array_reverse($messages);
    }

    /** Fails if a message that matches was sent, once nothing is in flight. */
    public function assertNone(array $conditions = [], float $timeout = 5.0): void
    {
        $this->drain($timeout);
        if ($messages = $this->find($conditions)) {
            $what = 'expected no message with ' . self::json((object) $conditions);
            throw self::failure([$what, ...array_map(self::line(...), $messages)]);
        }
    }

    public function drain(float $timeout = 5.0): void { $this->ask('POST', '/drain', compact('timeout'), $timeout); }

    /** Decides how a message ends, $after seconds of the space's clock from now; the message as it is then. */
    public function deliver(array $message, string $status, ?int $gsmError = null, float $after = 0): array
    {
        $outcome = ['status' => $status, 'gsm_error' => $gsmError, 'after' => $after];
        return $this->ask('POST', "/messages/$message[id]/outcome", $outcome);
    }

    /** Lets $count answers go that `stallNext` holds, once they are held. */
    public function release(int $count = 1, float $timeout = 5.0): int
    {
        return $this->ask('POST', '/faults/release', compact('count', 'timeout'), $timeout)['released'];
    }

    /** The first account, after changing the terms that are given: `account(['credit' => '0'])`. */
    public function account(array $terms = []): array
    {
        return $this->ask($terms ? 'PATCH' : 'GET', '/accounts/' . rawurlencode($this->user), $terms ?: null);
    }

    /** Requests and pushes with their answers and explanations, oldest first. */
    public function journal(): array { return array_reverse($this->ask('GET', '/journal?limit=1000')['entries']); }

    public function journalText(): string
    {
        $lines = ["space $this->name, $this->baseUrl, user $this->user"];
        foreach ($this->journal() as $entry) {
            $faults = implode(', ', $entry['faults']);
            $lines[] = rtrim("#$entry[id] $entry[operation] as $entry[user]: $entry[outcome] $entry[code] $faults");
            foreach ($entry['explanation'] as $finding) {
                $lines[] = rtrim("    $finding[clause]: $finding[path] $finding[sentence] $finding[hint]");
            }
        }
        return implode("\n", $lines);
    }

    public function reset(): void { $this->ask('POST', '/reset'); }

    public function close(): void
    {
        if (!$this->closed) {
            $this->closed = true;
            $this->ask('DELETE', '');
        }
    }

    /** The JSON of an answer of the control API, [] for an empty one. $wait: real seconds to wait for. @internal */
    public function ask(string $method, string $path, ?array $body = null, float $wait = 0): array
    {
        $text = @file_get_contents($this->url . $this->path . $path, false, stream_context_create(['http' => [
            'method' => $method,
            'header' => ['Content-Type: application/json', "Authorization: Bearer $this->token"],
            'content' => $body === null ? '' : self::json((object) $body),
            'ignore_errors' => true,
            'timeout' => $wait + 30,
        ]]));
        if ($text === false) {
            throw new \RuntimeException("no answer from the emulator at $this->url: " . error_get_last()['message']);
        }
        $status = (int) substr($http_response_header[0], 9, 3);
        $answer = json_decode($text, true) ?? [];
        return $status < 300 ? $answer : throw new ControlRefused($status, $answer);
    }

    private static function line(array $message): string
    {
        return "to $message[to] title $message[title]: " . self::json($message['text']) . " ($message[status])";
    }

    private static function json(mixed $value): string
    {
        return json_encode($value, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
    }

    /** PHPUnit's failure of an assertion, or an exception where PHPUnit is not loaded. */
    private static function failure(array $lines): \Exception
    {
        $class = 'PHPUnit\Framework\AssertionFailedError';
        return new (class_exists($class) ? $class : \RuntimeException::class)(implode("\n", $lines));
    }
}

/** The control API refused a request: HTTP status, and the problem document with `field` and `detail`. */
final class ControlRefused extends \RuntimeException
{
    public function __construct(public readonly int $status, public readonly array $problem)
    {
        parent::__construct($problem['detail'] ?? "HTTP $status");
    }
}

/** The time of a space: reports, schedules and pushes follow it. Each method returns the new time. */
final class Clock
{
    public function __construct(private readonly Kobikom $space) {}

    public function now(): \DateTimeImmutable { return $this->change(null, 'GET'); }
    public function advance(float $seconds): \DateTimeImmutable { return $this->change(['advance' => $seconds]); }
    /** $instant with its zone, such as 2026-01-31T09:00:00+03:00. */
    public function set(string $instant): \DateTimeImmutable { return $this->change(['set' => $instant]); }
    public function freeze(): \DateTimeImmutable { return $this->change(['freeze' => true]); }
    /** $rate: seconds of the space for each real second. */
    public function run(float $rate = 1): \DateTimeImmutable { return $this->change(['freeze' => false] + compact('rate')); }

    private function change(?array $change, string $method = 'POST'): \DateTimeImmutable
    {
        return new \DateTimeImmutable($this->space->ask($method, '/clock', $change)['now']);
    }
}

/**
 * Rules that make requests fail. Each method arms one and returns its number. $match narrows it down: to, text, title,
 * user, operation ("send" unless said); `times` says how many requests.
 */
final class Faults
{
    public function __construct(private readonly Kobikom $space) {}

    /** Any rule, as for POST …/faults. */
    public function arm(array $effect, array $match = [], array $when = []): int
    {
        $conditions = ['match' => (object) $match, 'when' => (object) $when];
        return $this->space->ask('POST', '/faults', compact('effect') + $conditions)['id'];
    }

    /** The next send is refused with a status code; with `to`, only for the recipients that match. */
    public function failNext(int $code, array $match = []): int
    {
        $scope = isset($match['to']) ? 'recipient' : 'request';
        return $this->next('status', compact('code', 'scope'), $match);
    }

    /** It is carried out and charged, and the connection is closed without an answer. */
    public function loseNextAnswer(array $match = []): int { return $this->next('drop', ['moment' => 'after'], $match); }
    /** The connection is closed before it is carried out. */
    public function dropNext(array $match = []): int { return $this->next('drop', ['moment' => 'before'], $match); }
    /** It is answered late, by real seconds. */
    public function delayNext(float $seconds, array $match = []): int
    {
        return $this->next('delay', compact('seconds'), $match);
    }
    public function httpErrorNext(int $status, array $match = []): int
    {
        return $this->next('http', compact('status'), $match);
    }
    /** It is carried out; its answer is held until the client gives up or `release` is called. */
    public function stallNext(array $match = []): int { return $this->next('stall', ['moment' => 'after'], $match); }

    /** How often the fault of this number did something. */
    public function fired(int $id): int
    {
        return array_column($this->space->ask('GET', '/faults')['faults'], 'fired', 'id')[$id];
    }

    public function disarm(int $id): void { $this->space->ask('DELETE', "/faults/$id"); }
    public function clear(): void { $this->space->ask('DELETE', '/faults'); }

    private function next(string $kind, array $fields, array $match): int
    {
        ['times' => $times] = $match += ['operation' => 'send', 'times' => 1];
        unset($match['times']);
        return $this->arm(['kind' => $kind] + $fields, $match, compact('times'));
    }
}
