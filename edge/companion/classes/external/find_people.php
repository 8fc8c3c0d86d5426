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

namespace block_courseferry\external;

use block_courseferry\local\people;
use core_external\external_function_parameters;
use core_external\external_multiple_structure;
use core_external\external_single_structure;
use core_external\external_value;

/**
 * Finds people for an administrator: by words of their names and of what else Moodle's own lists of people would show them, or by
 * exact user names.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class find_people extends service {
    /** @var int the most that a search gives */
    private const MAX = 20;
    /** @var int characters that are looked for */
    private const MAX_SEARCH = 100;
    /** @var int words of them */
    private const MAX_WORDS = 5;
    /** @var int user names that may be asked for at once */
    private const MAX_NAMES = 100;

    #[\Override]
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'askedby' => self::number('The administrator who asks'),
            'search' => new external_value(PARAM_RAW, 'Words of a name; empty to ask by user names', VALUE_DEFAULT, ''),
            'usernames' => new external_multiple_structure(self::text('User name'), 'Exactly these', VALUE_DEFAULT, []),
        ]);
    }

    /**
     * Finds them, by name.
     *
     * @param int $askedby
     * @param string $search
     * @param string[] $usernames
     */
    public static function execute(int $askedby, string $search = '', array $usernames = []): array {
        global $CFG, $DB;
        ['askedby' => $askedby, 'search' => $search, 'usernames' => $usernames] = self::begin([
            'askedby' => $askedby, 'search' => $search, 'usernames' => $usernames,
        ]);
        if (count($usernames) > self::MAX_NAMES) {
            throw new \invalid_parameter_exception('too many user names');
        }
        $context = \context_system::instance();
        if (!people::is_active($askedby) || !has_capability('block/courseferry:manage', $context, $askedby)) {
            throw new \moodle_exception('client.no_capability', 'block_courseferry', '', null, 'block/courseferry:manage');
        }
        $identity = self::identity_fields($askedby);
        [$where, $params] = $usernames
            ? self::called_exactly($usernames)
            : self::called(\core_text::substr(trim($search), 0, self::MAX_SEARCH), $identity);
        if ($where === '') {
            return ['people' => [], 'more' => false];
        }
        $limit = $usernames ? self::MAX_NAMES : self::MAX;
        $fields = \core_user\fields::for_name()->including('username', ...$identity)->get_sql('u')->selects;
        $found = $DB->get_records_sql(
            "SELECT u.id $fields FROM {user} u
              WHERE u.deleted = 0 AND u.confirmed = 1 AND u.id <> :guest AND u.mnethostid = :host AND $where
           ORDER BY u.lastname, u.firstname, u.id",
            $params + ['guest' => guest_user()->id, 'host' => $CFG->mnet_localhost_id],
            0,
            $limit + 1,
        );
        $overrides = has_capability('moodle/site:viewfullnames', $context, $askedby);
        return [
            'people' => array_values(array_map(fn($user) => [
                'id' => (int)$user->id,
                'fullname' => fullname($user, $overrides),
                // Told only to whoever typed the user name, and so knows it.
                'username' => $usernames ? $user->username : '',
                'identity' => implode(', ', array_filter(array_map(fn($field) => (string)$user->$field, $identity), strlen(...))),
            ], array_slice($found, 0, $limit, true))),
            'more' => count($found) > $limit,
        ];
    }

    /**
     * What Moodle's own lists of people show besides the name, so that two of one name can be told apart: the fields that the site
     * chose (`showuseridentity`), for those who may see them. Profile fields that the site made are left out: core decides on each
     * for the current user only.
     *
     * @param int $askedby the administrator who asks
     * @return string[] columns of the user table
     */
    private static function identity_fields(int $askedby): array {
        global $CFG;
        $context = \context_system::instance();
        if (!has_capability('moodle/site:viewuseridentity', $context, $askedby)) {
            return [];
        }
        // With a context core would ask for the rights of the current user, which is the Worker's account.
        $fields = \core_user\fields::get_identity_fields(null, false);
        return has_capability('moodle/user:viewhiddendetails', $context, $askedby)
            ? $fields : array_values(array_diff($fields, explode(',', (string)$CFG->hiddenuserfields)));
    }

    /**
     * The condition for those in whose name and identity every word is found.
     *
     * @param string $search
     * @param string[] $identity columns of the user table
     * @return array SQL and parameters; no SQL if nothing is looked for
     */
    private static function called(string $search, array $identity): array {
        global $DB;
        $words = preg_split('/\s+/u', $search, self::MAX_WORDS, PREG_SPLIT_NO_EMPTY) ?: [];
        $conditions = [];
        $params = [];
        foreach ($words as $i => $word) {
            $either = [];
            foreach ([$DB->sql_fullname('u.firstname', 'u.lastname'), ...array_map(fn($f) => "u.$f", $identity)] as $j => $field) {
                $either[] = $DB->sql_like($field, ":word{$i}_$j", false, false);
                $params["word{$i}_$j"] = '%' . $DB->sql_like_escape($word) . '%';
            }
            $conditions[] = '(' . implode(' OR ', $either) . ')';
        }
        return [implode(' AND ', $conditions), $params];
    }

    /**
     * The condition for those with one of these user names. Moodle keeps them in lower case.
     *
     * @param string[] $usernames
     * @return array SQL and parameters
     */
    private static function called_exactly(array $usernames): array {
        global $DB;
        $cut = fn(string $name): string => \core_text::strtolower(\core_text::substr($name, 0, self::MAX_SEARCH));
        [$in, $params] = $DB->get_in_or_equal(array_map($cut, $usernames), SQL_PARAMS_NAMED);
        return ["u.username $in", $params];
    }

    #[\Override]
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'people' => self::records([
                'id' => self::number('User'),
                'fullname' => self::text('Full name'),
                'username' => self::text('User name, if people were asked for by user names'),
                'identity' => self::text('What tells people of one name apart; empty where the administrator may not see it'),
            ], 'By name'),
            'more' => self::flag('Whether there are others'),
        ]);
    }
}
