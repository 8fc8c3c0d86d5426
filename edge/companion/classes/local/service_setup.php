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
 * Sets up a web service of this plugin for whoever calls it from outside: web services and REST on, an account with a role that
 * has exactly the rights needed, a token. Done twice it changes nothing.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class service_setup {
    /** @var string[] what was changed, in sentences */
    private array $done = [];

    /**
     * Makes the set-up of a service.
     *
     * @param string $service
     * @param string $username
     * @param string $lastname
     */
    public function __construct(
        /** @var string the service's short name */
        private readonly string $service,
        /** @var string username of the account */
        private readonly string $username,
        /** @var string its last name; the first is Courseferry */
        private readonly string $lastname = 'service',
    ) {
    }

    /**
     * What was changed, in sentences.
     *
     * @return string[]
     */
    public function done(): array {
        return $this->done;
    }

    /**
     * Notes a change.
     *
     * @param string $sentence
     */
    public function note(string $sentence): void {
        $this->done[] = $sentence;
    }

    /**
     * Makes what is missing.
     *
     * @param int $roleid what the account is given
     * @param bool $fresh whether the token is replaced
     * @param int $grace seconds for which a replaced token is still good
     * @return string the token
     */
    public function token(int $roleid, bool $fresh, int $grace = 0): string {
        global $CFG, $DB;
        require_once($CFG->dirroot . '/webservice/lib.php');
        $this->enable_web_services();
        $service = $DB->get_record('external_services', ['shortname' => $this->service], '*', MUST_EXIST);
        $this->update_functions((int)$service->id);
        $userid = $this->account();
        role_assign($roleid, $userid, \context_system::instance()->id);
        if (!$DB->record_exists('external_services_users', ['externalserviceid' => $service->id, 'userid' => $userid])) {
            (new \webservice())->add_ws_authorised_user((object)['externalserviceid' => $service->id, 'userid' => $userid]);
            $this->note('The service account is authorised.');
        }
        $mine = ['userid' => $userid, 'externalserviceid' => $service->id, 'tokentype' => EXTERNAL_TOKEN_PERMANENT];
        $valid = array_filter($DB->get_records('external_tokens', $mine, 'id DESC'), fn(\stdClass $token) => !$token->validuntil);
        if ($valid && !$fresh) {
            return reset($valid)->token;
        }
        if ($grace > 0) {
            foreach ($valid as $token) {
                $DB->set_field('external_tokens', 'validuntil', time() + $grace, ['id' => $token->id]);
            }
        } else {
            $DB->delete_records('external_tokens', $mine);
        }
        $this->note('A new token is made.');
        return util::generate_token(EXTERNAL_TOKEN_PERMANENT, $service, $userid, \context_system::instance());
    }

    /**
     * The account's id, or 0 if it is not made yet.
     *
     * @return int
     */
    public function account_id(): int {
        global $CFG, $DB;
        return (int)$DB->get_field('user', 'id', [
            'username' => $this->username, 'mnethostid' => $CFG->mnet_localhost_id, 'deleted' => 0,
        ]);
    }

    /**
     * Makes a role, or sees to it that it has its capabilities.
     *
     * @param string $shortname
     * @param string $name
     * @param string $description
     * @param string[] $capabilities
     * @param int[] $levels where it may be assigned
     * @return int its id
     */
    public function role(string $shortname, string $name, string $description, array $capabilities, array $levels): int {
        global $DB;
        $id = (int)$DB->get_field('role', 'id', ['shortname' => $shortname]);
        if (!$id) {
            $id = create_role($name, $shortname, $description);
            set_role_contextlevels($id, $levels);
            $this->note("The role \"$name\" is made.");
        }
        $system = \context_system::instance();
        foreach ($capabilities as $capability) {
            $given = ['roleid' => $id, 'contextid' => $system->id, 'capability' => $capability];
            if (!$DB->record_exists('role_capabilities', $given)) {
                assign_capability($capability, CAP_ALLOW, $id, $system->id);
            }
        }
        return $id;
    }

    /**
     * Switches web services and REST on.
     */
    private function enable_web_services(): void {
        global $CFG;
        if (empty($CFG->enablewebservices)) {
            set_config('enablewebservices', 1);
            $this->note('Web services are switched on.');
        }
        $protocols = array_filter(explode(',', $CFG->webserviceprotocols ?? ''));
        if (!in_array('rest', $protocols, true)) {
            set_config('webserviceprotocols', implode(',', [...$protocols, 'rest']));
            $this->note('The REST protocol is switched on.');
        }
    }

    /**
     * Gives the service the functions of this version. Upgrading does so too, but not where somebody has taken one out since.
     *
     * @param int $service
     */
    private function update_functions(int $service): void {
        global $CFG, $DB;
        require_once($CFG->libdir . '/upgradelib.php');
        $count = fn(): int => $DB->count_records('external_services_functions', ['externalserviceid' => $service]);
        $before = $count();
        external_update_descriptions('block_courseferry');
        if ($count() !== $before) {
            $this->note('The service has all its functions again.');
        }
    }

    /**
     * The account, made if it is missing.
     *
     * @return int its id
     */
    private function account(): int {
        global $CFG;
        require_once($CFG->dirroot . '/user/lib.php');
        $userid = $this->account_id();
        if (!$userid) {
            // An account of kind "webservice" cannot log in by the login page, and it has no password.
            $userid = (int)user_create_user((object)[
                'username' => $this->username,
                'auth' => 'webservice',
                'password' => AUTH_PASSWORD_NOT_CACHED,
                'firstname' => 'Courseferry',
                'lastname' => $this->lastname,
                'email' => $this->username . '@' . (parse_url($CFG->wwwroot, PHP_URL_HOST) ?: 'localhost') . '.invalid',
                'confirmed' => 1,
                'policyagreed' => 1,
                'mnethostid' => $CFG->mnet_localhost_id,
            ], false, false);
            $this->note('The service account is made.');
        }
        return $userid;
    }
}
