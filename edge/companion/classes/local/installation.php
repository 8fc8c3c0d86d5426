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

/**
 * What cli/install.php sets up in this Moodle: the Worker's service user with its role and token, the keys, a role for
 * teachers. Done twice it changes nothing.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class installation {
    /** @var string username of the service user, and short name of its role */
    public const SERVICE_NAME = 'courseferryservice';
    /** @var string short name of the teachers' role */
    public const TEACHER_ROLE = 'courseferryteacher';
    /** @var string[] all that the Worker needs here */
    private const SERVICE_CAPABILITIES = ['webservice/rest:use', 'block/courseferry:callservice'];
    /** @var string[] all that a teacher needs in a category to restore into it, without warnings */
    private const TEACHER_CAPABILITIES = [
        'block/courseferry:view', 'block/courseferry:myaddinstance', 'moodle/category:viewcourselist', 'moodle/course:create',
        'moodle/restore:restorecourse', 'moodle/restore:restoreactivity', 'moodle/restore:restoresection',
        'moodle/question:add', 'moodle/question:managecategory',
    ];

    /** @var service_setup account, token and roles; it notes what was changed */
    private readonly service_setup $setup;

    /**
     * Begins with nothing changed.
     */
    public function __construct() {
        $this->setup = new service_setup(connection::SERVICE, self::SERVICE_NAME);
    }

    /**
     * What was changed, in sentences.
     *
     * @return string[]
     */
    public function done(): array {
        return $this->setup->done();
    }

    /**
     * Sets the Worker's address.
     */
    public function set_worker(worker_url $url): void {
        if (get_config('block_courseferry', 'workerorigin') !== $url->origin()) {
            set_config('workerorigin', $url->origin(), 'block_courseferry');
            set_config('lastcheck', 0, 'block_courseferry');
            $this->setup->note("The Worker is {$url->origin()}.");
        }
    }

    /**
     * Makes what is missing for the Worker's calls.
     *
     * @return string its token
     */
    public function token(bool $rotate): string {
        $role = $this->setup->role(
            self::SERVICE_NAME,
            'Courseferry service',
            'For the Worker of Courseferry only: may call its web services.',
            self::SERVICE_CAPABILITIES,
            [CONTEXT_SYSTEM]
        );
        return $this->setup->token($role, $rotate);
    }

    /**
     * The key of that name.
     *
     * @param string $name launchkey or servicekey
     * @return array{0: string, 1: string} the key, and the one before it if it was replaced just now
     */
    public function key(string $name, bool $rotate): array {
        $old = (string)get_config('block_courseferry', $name);
        if ($old !== '' && !$rotate) {
            return [$old, ''];
        }
        $new = rtrim(strtr(base64_encode(random_bytes(32)), '+/', '-_'), '=');
        set_config($name, $new, 'block_courseferry');
        $this->setup->note("A new $name is made.");
        return [$new, $old];
    }

    /**
     * Makes a role with just what a teacher needs, to be assigned in categories.
     */
    public function teacher_role(): void {
        $this->setup->role(
            self::TEACHER_ROLE,
            'Course restorer',
            'May restore courses with Courseferry where it is assigned.',
            self::TEACHER_CAPABILITIES,
            [CONTEXT_SYSTEM, CONTEXT_COURSECAT]
        );
    }
}
