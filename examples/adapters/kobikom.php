<?php
// A client of the Kobikom SMS XML API in PHP, without libraries. Calls and results are arrays; the message of an
// exception is `refused` (with the code), `transport` (nothing was sent), `lost` or `malformed`.
function ask(array $call, string $method, string $path, string $body = ''): string {
    $timeout = $call['options']['timeout'] ?? 30;
    $deadline = microtime(true) + $timeout;
    $server = str_replace('http://', 'tcp://', $call['url']);
    $socket = @stream_socket_client($server, $errno, $error, $timeout) ?: throw new Exception('transport');
    $host = parse_url($call['url'], PHP_URL_HOST) . ':' . parse_url($call['url'], PHP_URL_PORT);
    // With HTTP/1.0 the answer ends with the connection and is not chunked.
    @fwrite($socket, "$method $path HTTP/1.0\r\nHost: $host\r\nContent-Type: application/xml; charset=UTF-8\r\n"
        . 'Content-Length: ' . strlen($body) . "\r\n\r\n$body");
    for ($answer = ''; !feof($socket); $answer .= @fread($socket, 65536)) {
        if (($left = $deadline - microtime(true)) <= 0) throw new Exception('lost');
        stream_set_timeout($socket, (int) $left, (int) (fmod($left, 1) * 1e6));
    }
    [$head, $content] = explode("\r\n\r\n", $answer, 2) + [1 => ''];
    $complete = !preg_match('/^Content-Length: *(\d+)/mi', $head, $m) || strlen($content) >= $m[1];
    if (!$complete || !preg_match('~^HTTP/1\.. 200~', $head)) throw new Exception('lost');
    return $content;
}
function post(array $call, string $root, string $inside = ''): string {
    $login = '<kullanici>' . esc($call['user']) . '</kullanici><parola>' . esc($call['password']) . '</parola>';
    $body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><$root><dogrulama>$login</dogrulama>$inside</$root>";
    $xml = trim(ask($call, 'POST', '/api/sendsms/xml/', $body));
    if (str_ends_with($xml, '</results>') && count(all($xml, 'status')) === 1 && all($xml, 'destination') === [''])
        throw new Exception('refused', code(all($xml, 'status')[0]));
    return str_ends_with($xml, $root === 'SMS' ? '</results>' : "</$root>") ? $xml : throw new Exception('malformed');
}
function all(string $xml, string $tag): array { // without an XML library, so that malformed examples of the page are read as well
    preg_match_all("~<$tag>(.*?)</$tag>~s", $xml, $matches);
    return array_map(fn($text) => trim(html_entity_decode($text, ENT_XML1 | ENT_QUOTES, 'UTF-8')), $matches[1]);
}
function esc(?string $text): string { // a bare carriage return would be read as a line feed
    $text = preg_replace('/[^\t\n\r\x20-\x{D7FF}\x{E000}-\x{FFFD}\x{10000}-\x{10FFFF}]/u', '?', $text ?? '');
    return str_replace("\r", '&#13;', htmlspecialchars($text, ENT_XML1 | ENT_QUOTES));
}
function code(string $status): int { // the page prints a stray < before some
    return preg_match('/^<?\s*(-?\d+)$/', $status, $m) ? (int) $m[1] : throw new Exception('malformed');
}
function send(array $call): array {
    $to = '';
    foreach ($call['recipients'] as $recipient) {
        $id = isset($recipient['message_id']) ? ' messageId="' . esc($recipient['message_id']) . '"' : '';
        $to .= "<gsm$id>" . esc($recipient['gsm']) . '</gsm>';
    }
    $wide = preg_match('/[^\x00-\x7f`]/', $call['text']) ? '8' : '';
    $long = strlen($call['text']) > ($wide ? 70 : 80) ? 'longSMS' : ''; // half of 160, because {} and € count twice
    $xml = post($call, 'SMS', '<mesajiniz><baslik>' . esc($call['title']) . '</baslik><metin>' . esc($call['text'])
        . "</metin><type>$long</type><datacoding>$wide</datacoding><alicilar>$to</alicilar></mesajiniz>");
    [$codes, $ids, $by] = [all($xml, 'status'), all($xml, 'messageid'), []];
    if (count($codes) !== count($call['recipients']) || count($ids) !== count($codes)) throw new Exception('malformed');
    foreach (all($xml, 'destination') as $n => $gsm) $by[$gsm][] = [$codes[$n], $ids[$n]];
    return ['results' => array_map(function (array $to) use (&$by) { // a number that was sent to twice has two results
        if (!isset($by[$to['gsm']])) throw new Exception('malformed');
        [$status, $id] = array_shift($by[$to['gsm']]) ?? throw new Exception('malformed');
        return ['status' => code($status), 'message_id' => $id, 'destination' => $to['gsm']];
    }, $call['recipients'])];
}
function reports(array $call): array {
    if ($call['ids'] === []) return ['reports' => []]; // a pull without ids would consume every report
    $query = ['kullanici' => $call['user'], 'parola' => $call['password']];
    if ($call['ids']) $query['messageid'] = implode(',', $call['ids']);
    $text = trim(ask($call, 'GET', '/api/sendsms/xml/pull?' . http_build_query($query)));
    if ($text === 'NO_DATA') return ['reports' => []];
    if (preg_match('/^-?(5|10|11)$/', $text, $m)) throw new Exception('refused', -$m[1]);
    if (!preg_match('~^<DeliveryReport>.*(/>|</DeliveryReport>)$~s', $text)) throw new Exception('lost');
    preg_match_all('~<message\s[^<]*?/>~', $text, $messages); // one example has no </DeliveryReport>
    return ['reports' => array_map(function (string $tag) {
        preg_match_all('~(\w+)="([^"]*)"~', $tag, $m);
        $of = array_combine($m[1], array_map(fn($v) => html_entity_decode($v, ENT_XML1 | ENT_QUOTES, 'UTF-8'), $m[2]));
        return ['id' => $of['id'], 'sent_at' => $of['sentdate'], 'done_at' => $of['donedate'],
            'status' => $of['status'], 'gsmerror' => (int) $of['gsmerror']];
    }, $messages[0])];
}
function titles(array $call): array {
    $xml = post($call, 'basliklar');
    $group = fn($name) => preg_match("~<$name>(.*?)</$name>~s", $xml, $m) ? all($m[1], 'baslik') : [];
    return ['alphanumeric' => $group('normal'), 'numeric' => $group('sayisal')];
}
function balance(array $call): array {
    $xml = post($call, 'bakiye');
    [$amount, $currency] = [all($xml, 'miktar')[0] ?? '', all($xml, 'kur')[0] ?? ''];
    return is_numeric($amount) ? compact('amount', 'currency') : throw new Exception('malformed');
}
