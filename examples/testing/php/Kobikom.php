<?php
// A private Kobikom for one test, over the emulator's control API. Copy it beside your tests; it needs no extension.
declare(strict_types=1);

final class Kobikom
{
    public readonly string $name;
    public readonly string $baseUrl;
    public readonly string $user;
    public readonly string $password;

    /** Opens a space: its own accounts, messages, clock and faults. $wanted: seed, clock, accounts, readings. */
    public function __construct(private readonly string $server, array $wanted = [])
    {
        $wanted += ['clock' => ['set' => '2026-01-31T09:00:00+03:00', 'freeze' => true]];
        $space = $this->ask('POST', '/_emulator/spaces', $wanted);
        $this->name = $space['name'];
        $this->baseUrl = "$server/s/$this->name";
        $this->user = $space['accounts'][0]['user'];
        $this->password = $space['accounts'][0]['password'];
    }

    /** The message that matches (globs: to, from, text), as soon as it is there; an exception tells what came near. */
    public function waitFor(array $match, float $timeout = 5.0): array
    {
        return $this->in('POST', '/messages/wait', ['match' => $match, 'timeout' => $timeout])['messages'][0];
    }

    /** Nothing that matches was sent, now that nothing is in flight. */
    public function sentNothing(array $match = []): bool
    {
        $this->in('POST', '/drain');
        return $this->in('GET', '/messages?' . http_build_query($match))['messages'] === [];
    }

    public function advance(float $seconds): void
    {
        $this->in('POST', '/clock', ['advance' => $seconds]);
    }

    /** The next send fails with this status code. */
    public function failNext(int $code): void
    {
        $this->arm(['kind' => 'status', 'code' => $code]);
    }

    /** The next send is carried out and charged, but its answer never arrives. */
    public function loseNextAnswer(): void
    {
        $this->arm(['kind' => 'drop', 'moment' => 'after']);
    }

    public function arm(array $effect, array $match = ['operation' => 'send'], array $when = ['times' => 1]): void
    {
        $this->in('POST', '/faults', ['effect' => $effect, 'match' => $match, 'when' => $when]);
    }

    /** What was asked, answered and why, newest first: print it when a test fails. */
    public function journal(): array
    {
        return $this->in('GET', '/journal')['entries'];
    }

    public function close(): void
    {
        $this->in('DELETE', '');
    }

    private function in(string $method, string $path, array $body = []): array
    {
        return $this->ask($method, "/_emulator/spaces/$this->name$path", $body);
    }

    private function ask(string $method, string $path, array $body): array
    {
        $said = file_get_contents($this->server . $path, false, stream_context_create(['http' => [
            'method' => $method,
            'header' => 'Content-Type: application/json',
            'content' => $method === 'GET' || $body === [] ? '' : json_encode($body, JSON_THROW_ON_ERROR),
            'ignore_errors' => true,
            'timeout' => 30,
        ]]));
        $answer = $said === '' || $said === false ? [] : json_decode($said, true, flags: JSON_THROW_ON_ERROR);
        if ($said === false || isset($answer['detail'])) {
            throw new RuntimeException('kobikom: ' . ($said === false ? 'no answer' : $said));
        }
        return $answer;
    }
}
