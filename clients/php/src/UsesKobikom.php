<?php

declare(strict_types=1);

namespace KobikomEmulator\Testing;

use PHPUnit\Framework\Attributes\{After, Before};

/** For a TestCase of PHPUnit 9.6 or later: $this->kobikom is a space of its own for each test. */
trait UsesKobikom
{
    protected Kobikom $kobikom;

    /** Options of `Kobikom::open`. Override it for others. */
    protected function kobikomOptions(): array { return []; }

    /** @before */
    #[Before]
    protected function openKobikom(): void { $this->kobikom = Kobikom::open($this->kobikomOptions()); }

    /** @after */
    #[After]
    protected function closeKobikom(): void
    {
        $failed = method_exists($this, 'hasFailed') ? $this->hasFailed()
            : $this->status()->isFailure() || $this->status()->isError();
        if ($failed) {
            fwrite(STDERR, "\nkobikom journal\n{$this->kobikom->journalText()}\n");
        }
        $this->kobikom->close();
    }
}
