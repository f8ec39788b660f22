<?php
// The adapter protocol around kobikom.php: one JSON object a line in, one a line out.
require __DIR__ . '/kobikom.php';

function answer(array $call): array {
    if ($call['op'] === 'capabilities')
        return ['capabilities' => ['send', 'message_ids', 'reports', 'report_ids', 'titles', 'balance', 'timeout']];
    try {
        return $call['op']($call);
    } catch (Exception $e) {
        $kind = $e->getMessage(); // what is lost or can't be read leaves the fate of what has effects unknown
        $query = in_array($call['op'], ['titles', 'balance']);
        $kind = in_array($kind, ['refused', 'transport']) ? $kind : ($query ? 'malformed' : 'unknown_fate');
        return ['error' => ['kind' => $kind, 'code' => $e->getCode() ?: null]];
    }
}
while (($line = fgets(STDIN)) !== false) echo json_encode(answer(json_decode($line, true))), "\n";
