<?php
// A private Kobikom for one test, over the emulator's control API. Copy it into your tests; it needs no extension.
declare(strict_types=1);

final class Kobikom
{
    public readonly string $name;
    public readonly string $baseUrl;
    public readonly string $user;
    public readonly string $password;

    /** Opens a space with its own accounts, messages, clock and faults. $options: seed, clock, accounts, readings. */
    public function __construct(private readonly string $server, array $options = [])
    {
        $options += ['clock' => ['set' => '2026-01-31T09:00:00+03:00', 'freeze' => true]];
        $space = $this->ask('POST', '/_emulator/spaces', $options);
        $this->name = $space['name'];
        $this->baseUrl = "$server/s/$this->name";
        $this->user = $space['accounts'][0]['user'];
        $this->password = $space['accounts'][0]['password'];
    }

    /** Waits for a message that matches (patterns: to, from, text); the exception lists the nearest misses. */
    public function waitFor(array $match, float $timeout = 5.0): array
    {
        return $this->askSpace('POST', '/messages/wait', ['match' => $match, 'timeout' => $timeout])['messages'][0];
    }

    /** Whether no message matches, after all current requests have ended. */
    public function sentNothing(array $match = []): bool
    {
        $this->askSpace('POST', '/drain');
        return $this->askSpace('GET', '/messages?' . http_build_query($match))['messages'] === [];
    }

    public function advance(float $seconds): void
    {
        $this->askSpace('POST', '/clock', ['advance' => $seconds]);
    }

    /** The next send is refused with this status code. */
    public function failNext(int $code): void
    {
        $this->arm(['kind' => 'status', 'code' => $code]);
    }

    /** The next send is accepted and charged, but its answer is not sent. */
    public function loseNextAnswer(): void
    {
        $this->arm(['kind' => 'drop', 'moment' => 'after']);
    }

    public function arm(array $effect, array $match = ['operation' => 'send'], array $when = ['times' => 1]): void
    {
        $this->askSpace('POST', '/faults', ['effect' => $effect, 'match' => $match, 'when' => $when]);
    }

    /** The requests, answers and explanations, newest first: print it when a test fails. */
    public function journal(): array
    {
        return $this->askSpace('GET', '/journal')['entries'];
    }

    public function close(): void
    {
        $this->askSpace('DELETE', '');
    }

    private function askSpace(string $method, string $path, array $body = []): array
    {
        return $this->ask($method, "/_emulator/spaces/$this->name$path", $body);
    }

    private function ask(string $method, string $path, array $body): array
    {
        $text = file_get_contents($this->server . $path, false, stream_context_create(['http' => [
            'method' => $method,
            'header' => 'Content-Type: application/json',
            'content' => $method === 'GET' || $body === [] ? '' : json_encode($body, JSON_THROW_ON_ERROR),
            'ignore_errors' => true,
            'timeout' => 30,
        ]]));
        $answer = $text === '' || $text === false ? [] : json_decode($text, true, flags: JSON_THROW_ON_ERROR);
        if ($text === false || isset($answer['detail'])) {
            throw new RuntimeException('kobikom: ' . ($text === false ? 'no answer' : $text));
        }
        return $answer;
    }
}
