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

use core_external\util;

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

    /** @var string[] what was changed, in sentences */
    private array $done = [];

    /**
     * What was changed, in sentences.
     *
     * @return string[]
     */
    public function done(): array {
        return $this->done;
    }

    /**
     * Sets the Worker's address.
     */
    public function set_worker(worker_url $url): void {
        if (get_config('block_courseferry', 'workerorigin') !== $url->origin()) {
            set_config('workerorigin', $url->origin(), 'block_courseferry');
            set_config('lastcheck', 0, 'block_courseferry');
            $this->done[] = "The Worker is {$url->origin()}.";
        }
    }

    /**
     * Makes what is missing for the Worker's calls.
     *
     * @return string its token
     */
    public function token(bool $rotate): string {
        global $CFG, $DB;
        require_once($CFG->dirroot . '/webservice/lib.php');
        $this->enable_web_services();
        $service = $DB->get_record('external_services', ['shortname' => connection::SERVICE], '*', MUST_EXIST);
        $this->update_functions((int)$service->id);
        $userid = $this->service_user();
        role_assign($this->role(self::SERVICE_NAME, 'Courseferry service',
            'For the Worker of Courseferry only: may call its web services.', self::SERVICE_CAPABILITIES, [CONTEXT_SYSTEM]),
            $userid, \context_system::instance()->id);
        if (!$DB->record_exists('external_services_users', ['externalserviceid' => $service->id, 'userid' => $userid])) {
            (new \webservice())->add_ws_authorised_user((object)['externalserviceid' => $service->id, 'userid' => $userid]);
            $this->done[] = 'The service user is authorised.';
        }
        $mine = ['userid' => $userid, 'externalserviceid' => $service->id, 'tokentype' => EXTERNAL_TOKEN_PERMANENT];
        if ($rotate) {
            $DB->delete_records('external_tokens', $mine);
        }
        $tokens = $DB->get_records('external_tokens', $mine, 'id DESC', 'id, token', 0, 1);
        if ($tokens) {
            return reset($tokens)->token;
        }
        $this->done[] = 'A new token is made.';
        return util::generate_token(EXTERNAL_TOKEN_PERMANENT, $service, $userid, \context_system::instance());
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
        $this->done[] = "A new $name is made.";
        return [$new, $old];
    }

    /**
     * Makes a role with just what a teacher needs, to be assigned in categories.
     */
    public function teacher_role(): void {
        $this->role(self::TEACHER_ROLE, 'Course restorer', 'May restore courses with Courseferry where it is assigned.',
            self::TEACHER_CAPABILITIES, [CONTEXT_SYSTEM, CONTEXT_COURSECAT]);
    }

    private function enable_web_services(): void {
        global $CFG;
        if (empty($CFG->enablewebservices)) {
            set_config('enablewebservices', 1);
            $this->done[] = 'Web services are switched on.';
        }
        $protocols = array_filter(explode(',', $CFG->webserviceprotocols ?? ''));
        if (!in_array('rest', $protocols, true)) {
            set_config('webserviceprotocols', implode(',', [...$protocols, 'rest']));
            $this->done[] = 'The REST protocol is switched on.';
        }
    }

    /**
     * Gives the service the functions of this version. Upgrading does so too, but not where somebody has taken one out since.
     */
    private function update_functions(int $service): void {
        global $CFG, $DB;
        require_once($CFG->libdir . '/upgradelib.php');
        $count = fn(): int => $DB->count_records('external_services_functions', ['externalserviceid' => $service]);
        $before = $count();
        external_update_descriptions('block_courseferry');
        if ($count() !== $before) {
            $this->done[] = 'The service has all its functions again.';
        }
    }

    private function service_user(): int {
        global $CFG, $DB;
        require_once($CFG->dirroot . '/user/lib.php');
        $userid = $DB->get_field('user', 'id', ['username' => self::SERVICE_NAME, 'mnethostid' => $CFG->mnet_localhost_id]);
        if (!$userid) {
            // An account of kind "webservice" cannot log in by the login page, and it has no password.
            $userid = user_create_user((object)[
                'username' => self::SERVICE_NAME,
                'auth' => 'webservice',
                'password' => AUTH_PASSWORD_NOT_CACHED,
                'firstname' => 'Courseferry',
                'lastname' => 'service',
                'email' => self::SERVICE_NAME . '@' . (parse_url($CFG->wwwroot, PHP_URL_HOST) ?: 'localhost') . '.invalid',
                'confirmed' => 1,
                'policyagreed' => 1,
                'mnethostid' => $CFG->mnet_localhost_id,
            ], false, false);
            $this->done[] = 'The service user is made.';
        }
        return (int)$userid;
    }

    private function role(string $shortname, string $name, string $description, array $capabilities, array $levels): int {
        global $DB;
        $id = (int)$DB->get_field('role', 'id', ['shortname' => $shortname]);
        if (!$id) {
            $id = create_role($name, $shortname, $description);
            set_role_contextlevels($id, $levels);
            $this->done[] = "The role \"$name\" is made.";
        }
        $system = \context_system::instance();
        foreach ($capabilities as $capability) {
            if (!$DB->record_exists('role_capabilities', ['roleid' => $id, 'contextid' => $system->id, 'capability' => $capability])) {
                assign_capability($capability, CAP_ALLOW, $id, $system->id);
            }
        }
        return $id;
    }
}
