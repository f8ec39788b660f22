<?php
// kobikom.php as an adapter: reads one JSON object a line and answers each with one.
require __DIR__ . '/kobikom.php';

function answer(array $call): array {
    if ($call['op'] === 'capabilities')
        return ['capabilities' => ['send', 'message_ids', 'reports', 'report_ids', 'titles', 'balance', 'timeout']];
    try {
        return $call['op']($call);
    } catch (Exception $e) {
        $kind = $e->getMessage(); // a send or a pull without a readable answer may have been processed
        $query = in_array($call['op'], ['titles', 'balance']);
        $kind = in_array($kind, ['refused', 'transport']) ? $kind : ($query ? 'malformed' : 'unknown_fate');
        return ['error' => ['kind' => $kind, 'code' => $e->getCode() ?: null]];
    }
}
while (($line = fgets(STDIN)) !== false) echo json_encode(answer(json_decode($line, true))), "\n";
