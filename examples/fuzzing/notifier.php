<?php
// The notification service of notifier.py in PHP, with the same three bugs. Needs no extension.
declare(strict_types=1);

class ServiceDown extends RuntimeException
{
}

/** Notifies customers of their orders. `$sent` and `$reports` stand for two tables of a database. */
class Notifier
{
    /** @var list<string> */
    public array $sent = [];
    /** @var array<string, string> */
    public array $reports = [];
    public string $balance = '';

    public function __construct(private string $url, private string $user, private string $password)
    {
    }

    /** Sends one text to some numbers, and records the numbers it was sent to. */
    public function notify(array $numbers, string $text): void
    {
        $recipients = implode('', array_map(fn ($number) => "<gsm>$number</gsm>", $numbers));
        $answer = $this->post("<SMS>{$this->login()}<mesajiniz><metin>{$this->xml($text)}</metin>"
            . "<alicilar>$recipients</alicilar></mesajiniz></SMS>");
        if (!preg_match('~<status>(-?\d+)</status>~', $answer, $status) || $status[1] !== '0') {
            throw new ServiceDown("refused: $answer");
        }
        $this->sent = [...$this->sent, ...$numbers];
    }

    /** The nightly job: fetches the delivery reports and the balance. */
    public function collect(): void
    {
        $login = http_build_query(['kullanici' => $this->user, 'parola' => $this->password]);
        $answer = $this->open("{$this->url}/api/sendsms/xml/pull?$login");
        if (!preg_match('~<miktar>(.*?)</miktar>~', $this->post("<bakiye>{$this->login()}</bakiye>"), $balance)) {
            throw new ServiceDown('no balance');
        }
        $this->balance = $balance[1];
        preg_match_all('~<message id="(.*?)".*? status="(.*?)"~', $answer, $reports, PREG_SET_ORDER);
        foreach ($reports as [, $id, $status]) {
            $this->reports[$id] = $status;
        }
    }

    private function login(): string
    {
        return "<dogrulama><kullanici>{$this->xml($this->user)}</kullanici>"
            . "<parola>{$this->xml($this->password)}</parola></dogrulama>";
    }

    private function xml(string $text): string
    {
        return htmlspecialchars($text, ENT_XML1 | ENT_QUOTES, 'UTF-8');
    }

    private function post(string $body): string
    {
        try {
            return $this->open("{$this->url}/api/sendsms/xml/", $body);
        } catch (ServiceDown) {
            return $this->open("{$this->url}/api/sendsms/xml/", $body);
        }
    }

    private function open(string $address, ?string $body = null): string
    {
        $http = ['timeout' => 5] + ($body === null ? [] : ['method' => 'POST', 'content' => $body,
            'header' => 'Content-Type: application/xml; charset=UTF-8']);
        $answer = @file_get_contents($address, false, stream_context_create(['http' => $http]));
        if ($answer === false) {
            throw new ServiceDown("no answer from $address");
        }
        return $answer;
    }
}
