<?php
/**
 * The download of a course's backup began.
 *
 * @package    block_courseferry
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

namespace block_courseferry\event;

class restore_started extends restore_event {
    #[\Override]
    protected function init() {
        parent::init();
        $this->data['crud'] = 'r';
    }

    #[\Override]
    public static function get_name() {
        return get_string('eventrestore_started', 'block_courseferry');
    }

    #[\Override]
    public function get_description() {
        return "The user with id '$this->relateduserid' began to restore {$this->remote_course()}.";
    }
}
