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
 * Restores of the block that this one replaces, as rows of the Worker's database.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \block_courseferry\local\migrated_row
 */
final class migrated_row_test extends \basic_testcase {
    /**
     * A row of the original's.
     *
     * @param array $change what is otherwise
     */
    private static function row(array $change = []): \stdClass {
        return (object)($change + [
            'id' => 5, 'userid' => 3, 'username' => 'tteacher', 'fullname' => "Tina O'Teacher", 'locale' => 'fr',
            'externalcourseid' => 7, 'externalcoursename' => 'Été; "Optics"',
            'externalmoodleurl' => 'https://Sciences.example/moodle/', 'internalcategory' => 0,
            'wantedcategory' => null, 'status' => 2,
            'courseid' => 42, 'category' => 4, 'categoryname' => 'Physics', 'timecreated' => 100, 'timemodified' => 200,
        ]);
    }

    /**
     * The statement that adds a row.
     *
     * @param array $change what is otherwise
     * @param bool $exclusive whether it takes the remote course
     */
    private static function sql(array $change = [], bool $exclusive = true): string {
        return (string)migrated_row::sql(self::row($change), 'https://moodle.example.org', $exclusive);
    }

    /**
     * A statement has a part.
     *
     * @param string $part
     * @param string $statement
     */
    private function has(string $part, string $statement): void {
        $this->assertSame($part, str_contains($statement, $part) ? $part : $statement);
    }

    public function test_a_jobs_id_is_32_hexadecimal_digits_and_the_same_each_time(): void {
        $id = migrated_row::job('https://moodle.example.org', 5);
        $this->assertSame(1, preg_match('/^[0-9a-f]{32}$/D', $id));
        $this->assertSame($id, migrated_row::job('https://moodle.example.org', 5));
        $this->assertSame(false, $id === migrated_row::job('https://moodle.example.org', 6));
    }

    public function test_one_remote_has_one_id_however_its_address_is_written(): void {
        $id = migrated_row::remote('https://sciences.example/moodle');
        $this->assertSame(substr(hash('sha256', 'https://sciences.example/moodle'), 0, 12), $id);
        $this->assertSame($id, migrated_row::remote(' HTTPS://Sciences.example:443/moodle/ '));
        $this->assertSame(false, $id === migrated_row::remote('https://sciences.example/Moodle'));
        $this->assertSame(null, migrated_row::remote('sciences.example'));
    }

    public function test_a_restored_course_comes_along_as_restored_and_stays_taken(): void {
        $statement = self::sql();
        $this->has("'restored', 200, 100, 100, 200, 1, 100, 42, 0, NULL, ''", $statement);
        $this->has(':7\'', $statement);
    }

    public function test_what_is_scheduled_waits_at_the_worker(): void {
        $this->has("'scheduled', 200, 100, 100, NULL, 0, 0, NULL, 0, NULL, ''", self::sql(['status' => 0]));
    }

    public function test_what_failed_or_was_in_progress_is_failed_with_what_is_known(): void {
        $this->has("'client.restore_failed'", self::sql(['status' => -1], false));
        $this->has("'client.crashed'", self::sql(['status' => 1], false));
    }

    public function test_a_restored_course_that_was_deleted_since_is_gone(): void {
        $this->has(', NULL, 1, NULL,', self::sql(['category' => null], false));
    }

    public function test_a_wish_for_students_data_and_its_enrolment_mode_come_along(): void {
        $statement = self::sql(['status' => 0, 'withuserdatas' => 1, 'enrolmentmode' => 1], false);
        $this->has('\'{"students":true,"enrolments":"with_users"}\'', $statement);
        $this->has("'scheduled'", $statement);
        $this->has('{"students":true,"enrolments":"always"}', self::sql(['withuserdatas' => 1, 'enrolmentmode' => 2]));
        // The original stores a mode for those without data too, where it means nothing.
        $this->has("'{}'", self::sql(['status' => 0, 'withuserdatas' => 0, 'enrolmentmode' => 2], false));
    }

    public function test_a_category_that_is_gone_becomes_the_default_one(): void {
        $this->has("'default'", self::sql(['status' => 0, 'internalcategory' => 9], false));
        $this->has("'9'", self::sql(['status' => 0, 'internalcategory' => 9, 'wantedcategory' => 9], false));
    }

    public function test_names_cannot_break_out_of_their_place(): void {
        $this->has("'Tina O''Teacher'", self::sql(['externalcoursename' => "'); DROP TABLE restores; --"]));
    }

    public function test_an_unknown_remote_is_left_out(): void {
        $this->assertSame(null, migrated_row::sql(self::row(['externalmoodleurl' => '']), 'https://m.example', true));
    }
}
