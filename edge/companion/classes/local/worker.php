<?php
// This file is part of Moodle - https://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <https://www.gnu.org/licenses/>.

namespace block_courseferry\local;

use Firebase\JWT\JWT;

/**
 * The Worker as this Moodle sees it: its configured address, the keys shared with it, and calls to it.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class worker {
    /** @var int seconds that a token for a call of ours is good for */
    private const SERVICE_LIFETIME = 60;
    /** @var int characters below which HS256 keys are too weak */
    private const MIN_KEY = 32;

    /**
     * Use configured().
     *
     * @param worker_url $url
     * @param string $launchkey
     * @param string $servicekey
     */
    private function __construct(
        /** @var worker_url its addresses */
        public readonly worker_url $url,
        /** @var string signs launch tokens */
        #[\SensitiveParameter] private readonly string $launchkey,
        /** @var string signs calls of ours */
        #[\SensitiveParameter] private readonly string $servicekey,
    ) {
    }

    /**
     * The Worker of the settings.
     *
     * @return self|null null if the settings are not complete
     */
    public static function configured(): ?self {
        $config = get_config('block_courseferry');
        $url = worker_url::parse($config->workerorigin ?? '');
        $launchkey = $config->launchkey ?? '';
        $servicekey = $config->servicekey ?? '';
        if ($url === null || strlen($launchkey) < self::MIN_KEY || strlen($servicekey) < self::MIN_KEY) {
            return null;
        }
        return new self($url, $launchkey, $servicekey);
    }

    /**
     * Signs a launch token. The key's characters are the key, as they are.
     */
    public function launch_token(array $claims): string {
        return JWT::encode($claims, $this->launchkey, 'HS256', null, ['typ' => 'courseferry-launch+jwt']);
    }

    /**
     * Signs a token for a call of ours.
     */
    public function service_token(): string {
        global $CFG;
        $now = time();
        return JWT::encode([
            'iss' => $CFG->wwwroot,
            'aud' => $this->url->origin(),
            'sub' => 'companion',
            'iat' => $now,
            'exp' => $now + self::SERVICE_LIFETIME,
            'jti' => random_string(24),
        ], $this->servicekey, 'HS256', null, ['typ' => 'courseferry-service+jwt']);
    }

    /**
     * Has the Worker ask soon how restores fare: one of them ended, or has its backup. A call that gets lost costs nothing but
     * the time until the Worker asks by itself, so nothing depends on it, and it is not repeated.
     */
    public static function hurry(): void {
        global $DB;
        $worker = self::configured();
        if (!$worker || $DB->is_transaction_started()) {
            return;
        }
        try {
            $answer = $worker->call('companion/hurry', [], connect: 1, timeout: 2);
            $problem = $answer->ok() ? '' : $answer->problem();
        } catch (\Throwable $e) {
            $problem = failure::of($e)->getMessage();
        }
        if ($problem !== '') {
            mtrace("The Worker was not told to hurry: $problem");
        }
    }

    /**
     * Calls the Worker.
     *
     * @param string $name such as privacy/export
     * @param array $body sent as JSON
     * @param int $connect seconds to wait for a connection
     * @param int $timeout seconds to wait for the answer
     */
    public function call(string $name, array $body, int $connect = 10, int $timeout = 30): worker_answer {
        $curl = self::http();
        $curl->setHeader(['Authorization: Bearer ' . $this->service_token(), 'Content-Type: application/json']);
        $text = $curl->post($this->url->api($name), json_encode((object)$body, JSON_THROW_ON_ERROR), [
            'CURLOPT_CONNECTTIMEOUT' => $connect,
            'CURLOPT_TIMEOUT' => $timeout,
        ]);
        return new worker_answer(
            status: (int)($curl->info['http_code'] ?? 0),
            body: (string)$text,
            date: self::header($curl, 'date'),
            blocked: empty($curl->info) && $curl->error !== '',
            error: (string)$curl->error,
        );
    }

    /**
     * Core's HTTP client, with the two things that core leaves open: certificates are checked, redirects not followed.
     */
    public static function http(): \curl {
        global $CFG;
        require_once($CFG->libdir . '/filelib.php');
        $curl = new \curl();
        $curl->setopt([
            'CURLOPT_SSL_VERIFYPEER' => true,
            'CURLOPT_FOLLOWLOCATION' => 0,
            'CURLOPT_MAXREDIRS' => 0,
        ]);
        return $curl;
    }

    /**
     * A header of the answer, whatever its case.
     */
    public static function header(\curl $curl, string $name): string {
        foreach ((array)$curl->getResponse() as $key => $value) {
            if (strcasecmp($key, $name) === 0) {
                return (string)(is_array($value) ? end($value) : $value);
            }
        }
        return '';
    }
}
