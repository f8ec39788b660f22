<?php
// One test of the service, for: kobikom-contracts fuzz -- php examples/fuzzing/test_notifier.php
declare(strict_types=1);

require __DIR__ . '/notifier.php';

const NUMBERS = ['905322542525', '905352220087'];

/** Asks the control API of the test's space. */
function control(string $method, string $path, ?string $body = null): array
{
    $http = ['method' => $method, 'content' => (string) $body, 'header' => 'Content-Type: application/json'];
    $answer = file_get_contents(getenv('KOBIKOM_CONTROL') . $path, false, stream_context_create(['http' => $http]));
    return json_decode($answer, true);
}

/** Runs a step of the service, which may be down: what is checked below has to hold then, too. */
function attempt(callable $step): void
{
    try {
        $step();
    } catch (ServiceDown $down) {
        echo 'down: ', $down->getMessage(), "\n";
    }
}

$notifier = new Notifier(getenv('KOBIKOM_URL'), getenv('KOBIKOM_USER'), getenv('KOBIKOM_PASSWORD'));
attempt(fn () => $notifier->notify(NUMBERS, 'Siparişiniz yola çıktı'));
control('POST', '/clock', '{"advance": 259200}');
attempt(fn () => $notifier->collect());
attempt(fn () => $notifier->collect());

$wrong = [];
$messages = control('GET', '/messages')['messages'];
foreach (array_diff($notifier->sent, array_column($messages, 'to')) as $number) {
    $wrong[] = "$number is recorded as sent, but the provider never accepted it";
}
// What was lost or damaged on the way can't be stored by any program.
$damaged = array_filter(control('GET', '/journal')['entries'], fn ($entry) => $entry['operation'] === 'pull' && $entry['faults']);
foreach ($damaged ? [] : $messages as $message) {
    if ($message['report'] === 'given' && !isset($notifier->reports[$message['message_id']])) {
        $wrong[] = "the report of {$message['message_id']} was given, but it is not stored";
    }
}
echo implode("\n", $wrong), "\n";
exit($wrong ? 1 : 0);
