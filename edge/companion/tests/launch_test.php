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

namespace block_courseferry;

defined('MOODLE_INTERNAL') || die();

require_once(__DIR__ . '/fixtures/companion_testcase.php');

use block_courseferry\external\get_launch_token;
use block_courseferry\local\launch;
use block_courseferry\local\people;
use block_courseferry\local\worker;
use Firebase\JWT\JWT;
use Firebase\JWT\Key;

/**
 * Launch tokens, and who gets to see the widget.
 *
 * @package    block_courseferry
 * @copyright  2026 Courseferry contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers \block_courseferry\local\launch
 * @covers \block_courseferry\local\people
 * @covers \block_courseferry\output\widget
 */
final class launch_test extends companion_testcase {
    public function test_a_token_is_signed_with_the_launch_key_and_names_the_user(): void {
        global $CFG;
        $this->setUser($this->teacher);
        ['token' => $token, 'expires' => $expires] = $this->call('get_launch_token', ['abc']);
        $header = new \stdClass();
        $claims = JWT::decode($token, new Key(str_repeat('l', 43), 'HS256'), $header);
        $this->assertSame('courseferry-launch+jwt', $header->typ);
        $this->assertSame(
            [(string)$this->teacher->id, 'tteacher', $CFG->wwwroot, 'https://ferry.example.org', 'abc'],
            [$claims->sub, $claims->preferred_username, $claims->iss, $claims->aud, $claims->state]
        );
        $this->assertSame([$claims->exp, 300], [$expires, $claims->exp - $claims->iat]);
        $this->assertEquals($this->category->get_context()->id, $claims->access->assignments[0]->contextid);
    }

    public function test_two_tokens_are_never_the_same(): void {
        $this->setUser($this->teacher);
        $worker = worker::configured();
        $this->assertNotSame(launch::mint($worker)['token'], launch::mint($worker)['token']);
    }

    public function test_whoever_is_logged_in_as_somebody_else_is_named(): void {
        $this->setAdminUser();
        \core\session\manager::loginas($this->teacher->id, \context_system::instance());
        $claims = JWT::decode(launch::mint(worker::configured())['token'], new Key(str_repeat('l', 43), 'HS256'));
        $this->assertSame('tteacher', $claims->preferred_username);
        $this->assertSame('admin', $claims->act->preferred_username);
    }

    public function test_a_log_in_as_that_began_in_a_course_gets_no_token_and_no_widget(): void {
        $course = $this->getDataGenerator()->create_course(['category' => $this->category->id]);
        $manager = $this->getDataGenerator()->create_and_enrol($course, 'manager');
        $this->getDataGenerator()->enrol_user($this->teacher->id, $course->id, 'editingteacher');
        foreach ([\context_course::instance($course->id), $this->category->get_context()] as $context) {
            $this->setUser($manager);
            \core\session\manager::loginas($this->teacher->id, $context);
            $this->assertSame('limitedloginas', launch::refusal());
            foreach ([fn() => get_launch_token::execute(''), fn() => launch::mint(worker::configured())] as $mint) {
                try {
                    $mint();
                    $this->fail("a token below $context->contextlevel");
                } catch (\moodle_exception $e) {
                    $this->assertContains($e->errorcode, ['limitedloginas', 'nopermissions', 'requireloginerror']);
                }
            }
            $html = $this->widget();
            $this->assertStringContainsString('logged in as somebody else', $html);
            $this->assertStringNotContainsString('data-launch', $html);
        }
    }

    public function test_a_kind_of_account_that_we_do_not_know_is_not_trusted_until_somebody_chooses_it(): void {
        unset_config('trustedauth', 'block_courseferry');
        // Moodle 5.1 has no CAS any more.
        $installed = array_keys(\core_component::get_plugin_list('auth'));
        $known = array_intersect(['cas', 'db', 'ldap', 'manual', 'shibboleth'], $installed);
        $this->assertEqualsCanonicalizing($known, people::default_trusted_auth());
        foreach (['saml2' => false, 'oauth2' => false, 'manual' => true] as $auth => $trusted) {
            $this->assertSame($trusted, people::is_vouched_for((object)(['auth' => $auth] + (array)$this->teacher)), $auth);
        }
    }

    public function test_a_token_says_nothing_that_nobody_reads(): void {
        $this->setUser($this->teacher);
        $claims = (array)JWT::decode(launch::mint(worker::configured())['token'], new Key(str_repeat('l', 43), 'HS256'));
        $this->assertSame(
            ['iss', 'aud', 'sub', 'preferred_username', 'name', 'locale', 'zoneinfo', 'iat', 'exp', 'jti', 'access'],
            array_keys($claims)
        );
        $this->assertStringNotContainsString($this->teacher->email, json_encode($claims));
    }

    public function test_accounts_whose_username_proves_nothing_get_no_token(): void {
        global $CFG;
        foreach ([['auth' => 'email'], ['auth' => 'none'], ['mnethostid' => $CFG->mnet_localhost_id + 1]] as $kind) {
            $this->setUser($this->getDataGenerator()->create_user($kind));
            try {
                $this->call('get_launch_token', ['']);
                $this->fail('vouched for ' . json_encode($kind));
            } catch (\moodle_exception $e) {
                $this->assertSame('untrustedaccount', $e->errorcode);
            }
        }
        $this->setGuestUser();
        $this->expectException(\moodle_exception::class);
        $this->call('get_launch_token', ['']);
    }

    public function test_the_administrator_chooses_which_accounts_are_trusted(): void {
        set_config('trustedauth', 'ldap', 'block_courseferry');
        $this->assertFalse(people::is_vouched_for($this->teacher));
        $this->assertTrue(people::is_vouched_for($this->getDataGenerator()->create_user(['auth' => 'ldap'])));
    }

    public function test_without_a_complete_configuration_there_is_no_worker(): void {
        foreach (['workerorigin' => 'http://ferry.example.org', 'launchkey' => 'short', 'servicekey' => ''] as $name => $value) {
            $before = get_config('block_courseferry', $name);
            set_config($name, $value, 'block_courseferry');
            $this->assertNull(worker::configured());
            set_config($name, $before, 'block_courseferry');
        }
        $this->assertNotNull(worker::configured());
    }

    public function test_the_widget_is_for_those_who_may_use_it_somewhere(): void {
        $this->setUser($this->teacher);
        $this->assertTrue(people::may_see_widget());
        $this->setUser($this->getDataGenerator()->create_user());
        $this->assertFalse(people::may_see_widget());
        $this->setGuestUser();
        $this->assertFalse(people::may_see_widget());
        $this->setUser(null);
        $this->assertFalse(people::may_see_widget());
    }

    /**
     * The full page's widget, as HTML.
     */
    private function widget(): string {
        global $PAGE;
        $PAGE->set_url('/');
        return $PAGE->get_renderer('core')->render(new output\widget(output\widget::PAGE));
    }

    public function test_the_mounting_place_is_empty_and_carries_what_the_module_needs(): void {
        global $PAGE;
        $this->setUser($this->teacher);
        $html = $this->widget();
        $this->assertMatchesRegularExpression(
            '~<div class="courseferry" data-courseferry [^>]*data-surface="page"[^>]*></div>~',
            $html,
        );
        $this->assertStringContainsString('data-module="https://ferry.example.org/widget/courseferry.js"', $html);
        $this->assertStringContainsString('block_courseferry/loader', $PAGE->requires->get_end_code());
        $this->assertStringContainsString('data-worker="https://ferry.example.org"', $html);
        $this->assertStringNotContainsString(str_repeat('l', 43), $html);
    }

    public function test_a_pinned_build_is_known_by_its_hash_alone(): void {
        global $CFG;
        require_once("$CFG->libdir/adminlib.php");
        $this->setUser($this->teacher);
        $integrity = 'sha256-' . base64_encode(hash('sha256', 'a script', true));
        set_config('integrity', $integrity, 'block_courseferry');
        $html = $this->widget();
        $name = 'files/courseferry-' . substr(hash('sha256', 'a script'), 0, 16) . '.js';
        $this->assertStringContainsString('data-module="https://ferry.example.org/widget/' . $name . '"', $html);
        $this->assertStringContainsString('data-integrity="' . $integrity . '"', $html);
        $this->assertStringContainsString('integrity="' . $integrity . '">', $html);

        // A value that is no hash pins nothing, and the settings refuse it.
        set_config('integrity', 'sha256-"><script>', 'block_courseferry');
        $this->assertStringContainsString('/widget/courseferry.js"', $this->widget());
        $setting = new local\setting_integrity('block_courseferry/integrity', '', '', '');
        $this->assertTrue($setting->validate(" $integrity "));
        $this->assertTrue($setting->validate(''));
        $this->assertIsString($setting->validate('sha256-short='));

        // Pasted with a space at its end it pins all the same.
        $this->assertSame('', $setting->write_setting("$integrity "));
        $this->assertStringContainsString('data-integrity="' . $integrity . '"', $this->widget());
    }

    public function test_the_test_of_the_connection_says_what_is_wrong(): void {
        $this->start_worker('', ['answers' => ['/api/companion/check' => [200, ['ok' => true]]]]);
        $this->assertTrue(local\connection::test()['ok']);
        [$request] = $this->requests('/api/');
        $header = new \stdClass();
        $token = substr($request['headers']['authorization'], strlen('Bearer '));
        $claims = JWT::decode($token, new Key(str_repeat('s', 43), 'HS256'), $header);
        $this->assertSame(['courseferry-service+jwt', 'companion'], [$header->typ, $claims->sub]);
        $this->assertLessThanOrEqual(60, $claims->exp - $claims->iat);
        $told = json_decode($request['body'], true);
        $this->assertSame(get_config('block_courseferry', 'version'), $told['version']);

        $this->behave(['answers' => ['/api/companion/check' => [
            502,
            ['error' => ['code' => 'client.plugin_too_old', 'message' => 'The block is too old.']],
        ]]]);
        $this->assertStringContainsString('client.plugin_too_old The block is too old.', local\connection::test()['text']);

        $this->behave(['answers' => ['/api/companion/check' => [
            401,
            ['error' => ['code' => 'service.refused', 'message' => 'no']],
        ]]]);
        $this->assertStringContainsString('does not accept our key', local\connection::test()['text']);
        set_config('curlsecurityblockedhosts', '127.0.0.0/8');
        $this->assertStringContainsString('Moodle itself refuses', local\connection::test()['text']);
        $this->assertDebuggingCalled();
    }
}
